// A script is a scenario file, read: what is said line by line, before anything is run.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "redress/department.hpp"
#include "redress/engine.hpp"
#include "redress/scenario.hpp"

namespace redress::scenario {

inline constexpr std::size_t script_bytes_max = 1024 * 1024;  // One file.
inline constexpr std::size_t statement_bytes_max = 64 * 1024;
inline constexpr std::size_t statements_max = 20'000;  // Of one file.
inline constexpr std::size_t scenarios_max = 1'000;    // Of one file.
inline constexpr std::size_t findings_max = 20;        // Of one file that are told one by one.
inline constexpr std::int64_t span_ms_max = 10 * 366 * 86'400'000LL;
inline constexpr std::int64_t start_ms_default = 1'767'603'600'000;  // 2026-01-05T09:00:00Z, a Monday.
inline constexpr const char* customer_default = "ana";
inline constexpr const char* channel_default = "x";

// What a department or a channel says.
struct Answer {
  enum class Kind { done, waiting, declined, retry, unknown, failed, revoked } kind = Kind::done;
  std::string evidence{};                        // done: a JSON object.
  std::string reason{};                          // Of all but done and waiting.
  std::optional<std::int64_t> promised_in_ms{};  // waiting: from the line on.
  std::int64_t promised_at_ms = 0;               // waiting: the instant; 0: no promise.
  std::int64_t times = 1;                        // retry: so often; 0: always.
};

struct PostStep {
  Post post;
  std::string in;       // The post whose thread it is written in; empty: none.
  bool edited = false;  // The same post with another text.
};

struct TickStep {
  std::int64_t ms = 0;
  std::optional<std::int64_t> until_ms;  // Instead.
  std::string until_due_of;              // Instead: a commitment.
};

struct DepartmentStep {
  std::string commitment;
  Verb verb = Verb::perform;  // perform, undo, cancel or record.
  Answer answer;
};

struct ChannelStep {
  bool lookup = false;
  Answer answer;
};

struct ActStep {
  enum class Kind {
    event,
    approve,
    review,
    decide,
    again,
    published,
    waive,
    say,
    retry_case,
    skip_case,
    finish
  } kind = Kind::event;
  std::string by;
  std::string name;  // Of the event, commitment, reply, or role of the task.
  std::string json;  // Form or evidence.
  std::string text;  // Reason, or words.
  bool yes = true;   // approve, review.
  Decision decision = Decision::done;
  std::vector<std::pair<std::string, ClaimLevel>> claims;  // say.
  bool refused = false;                                    // It must not be possible.
};

// One thing that is expected of a subject: `word` is what is looked at, the others what it must be.
struct Check {
  std::string word;  // "state", "fact", "due", "attempts", ...
  std::string text;
  std::int64_t number = 0;
  std::string json;
};
struct Expectation {
  enum class Of { the_case, commitment, reply, task, ignored, event, sla, post, nothing_published, nothing_else_published };
  Of of = Of::the_case;
  bool absent = false;  // There must be none.
  std::string name;     // Of the commitment, reply, role, event, target or post.
  std::vector<Check> checks;
  std::string text;  // As the file has it, on one line.
};
struct ExpectStep {
  std::vector<Expectation> expectations;
};

struct Step {
  int line = 0;
  std::string text;     // The statement as the file has it, on one line.
  std::string of_post;  // The post whose case it speaks of; empty: that of the line before.
  std::variant<PostStep, TickStep, DepartmentStep, ChannelStep, ActStep, ExpectStep> step;
};

// A name that the workflow must have.
struct NameUse {
  enum class Kind { commitment, reply, state, event } kind = Kind::commitment;
  std::string name;
  int line = 0, column = 0;
};

struct Scenario {
  int line = 0;
  std::string name;
  std::string workflow;  // As the file names it; empty: the one beside it.
  std::int64_t start_ms = start_ms_default;
  std::vector<std::pair<std::string, std::vector<std::string>>> people;  // With their roles.
  std::vector<Step> steps;
  std::vector<NameUse> uses;
};

struct Script {
  std::string file;
  std::vector<Scenario> scenarios;
  std::vector<ScenarioFinding> findings;  // With any, nothing is run.
};

[[nodiscard]] Script read_script(const NamedText& file);

}  // namespace redress::scenario
