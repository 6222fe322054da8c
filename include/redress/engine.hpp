// START HERE. An Engine turns public posts into cases, has departments carry out their commitments, and publishes replies that
// say only what the state and evidence of those commitments show.
//
//   auto engine = redress::Engine::open({.store = ..., .departments = ..., .channel = ..., .workflows = ...});
//   engine->receive(post);      // durable when it returns
//   engine->run_until_idle();   // or poll() from your own loop, or start() for threads of its own
//
// The embedder drives it and hands in everything: clock, random source, store, departments, channel, listeners. No globals; two
// engines in one process are two engines. JSON crosses as UTF-8 text. [any thread] unless a function says otherwise.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redress/api.hpp"
#include "redress/channel.hpp"
#include "redress/clock.hpp"
#include "redress/department.hpp"
#include "redress/event.hpp"
#include "redress/post.hpp"
#include "redress/result.hpp"
#include "redress/store.hpp"
#include "redress/workflow.hpp"

namespace redress {

struct EngineOptions {
  std::shared_ptr<Store> store{};                          // Required; no other engine uses it.
  std::vector<std::shared_ptr<Department>> departments{};  // At most one of a name.
  std::shared_ptr<Channel> channel{};                      // Publishes for every channel name. None: replies stay approved.
  // Texts of workflow files. Each is checked; a version that is new to the store is published and made the active one of its
  // id. One that is there already changes nothing: where another version was activated, that one stays active, with a warning
  // in the log. Empty: those that the store has active. One with findings: `invalid`, with all findings in the message; but
  // where no department is handed in, an active one of the store that fits its manifests no more is left out, and the log says
  // so.
  std::vector<std::string> workflows{};
  std::vector<std::string> workflow_names{};  // What findings call each of them, as its file. None: "workflow".
  // Manifests of departments that are not handed in, so that workflows can be checked against them.
  std::vector<std::string> manifests{};
  // What every public text must keep; `invalid` where it is not in order. A text that breaks it is blocked, with a task for a
  // person. Versions that the store has stay live under rules that changed: what is no longer proved is caught when it is told.
  Wording wording{};
  std::shared_ptr<Clock> clock{};          // None: the system's.
  std::shared_ptr<RandomSource> random{};  // None: the operating system's.
  bool virtual_time = false;               // The clock is handed in and jumps: see docs/formats.md, "Time".
  Listeners listeners{};
  std::int64_t call_ms_max = 30'000;  // Each call's deadline_ms lies this far ahead.
  // Each call to a department gets a thread of its own, and is unknown once call_ms_max of real time are over: its thread is
  // written off. Until that call ends, nothing is asked under its key, and a department that takes one call at a time is left
  // alone. Its answer, late as it is, then settles what nobody knew. A department that lost limits::written_off_max calls is
  // stopped until the engine is opened anew, and its cases say so. Under a clock that jumps, leave it off: time
  // would go on beside the call.
  bool watch_calls = false;
};

// A person's act. `by` must be a known person with the role that the thing asks for, else `refused`. `request_id`, where given,
// is unique: the same act twice is one; another act under it is a `conflict`.
struct Act {
  std::string by{};
  std::string request_id{};
  // What tells this request from another under its id. Empty: made from the act's own content.
  std::string request_digest{};
  // The act was decided on this state of the case (`seq` of show_case): `conflict` where it went on since. 0: any.
  std::int64_t case_seq = 0;
  // Only these of the person's roles count, as a token may grant fewer than the person has. None: all.
  std::optional<std::vector<std::string>> roles{};
};

// A request id as in Act, for a post or for administration.
struct RequestKey {
  std::string id{};
  std::string digest{};  // Empty: made from what is asked.
};

// Who asks for what no case's workflow grants: administration, and reports. Whether they may is for the caller to see to, as
// the service does by their roles. The same request id again: nothing is done, and the answer is ok; with another digest:
// `conflict`.
struct Asker {
  std::string by{};      // A known person, else `refused`; journaled with the change. Empty: nobody says who.
  RequestKey request{};  // Empty id: done each time.
};

// What a bearer of a token may do: what the person may, in these roles.
struct TokenGrant {
  std::string person{};
  std::vector<std::string> roles{};  // A part of the person's. Empty: all that the person has at each use.
  std::int64_t expires_at_ms = 0;    // Good until before this instant, one to come. 0: until it is revoked.
  std::string note{};                // What it is for; not personal.
};

// A token as its bearer shows it.
struct IssuedToken {
  std::int64_t id = 0;  // In list_tokens.
  std::string text{};   // Kept nowhere: the store has its SHA-256.
};

// What an admin shut of a workflow. Cases that are open go on.
struct Switches {
  bool new_cases = false;          // Shut: a post that this workflow would take opens no case; its fate says why.
  bool automatic_replies = false;  // Shut: every reply waits for a review, by the workflow's owner where it names no role.
  bool operator==(const Switches&) const = default;
};

// A person's own words as a reply.
struct Statement {
  std::string text{};
  std::vector<std::pair<std::string, ClaimLevel>> claims{};  // What it says of this episode's commitments, by name.
  std::string language{};                                    // BCP 47; empty: the case's.
};

enum class Decision { done, declined, failed, revoked };

struct Progress {
  std::size_t worked = 0;                      // Effects and timers that were handled.
  std::optional<std::int64_t> next_due_at_ms;  // When there is something to do by itself; nothing: only posts and people.
};

class REDRESS_API Engine {
 public:
  // Takes over the store, puts back effects that a crash left in flight, and is ready. Calls nothing outside yet.
  [[nodiscard]] static Result<std::unique_ptr<Engine>> open(EngineOptions options);
  virtual ~Engine() = default;  // Stops its threads; waits for the calls in flight, but for those written off.

  // ---- what comes in: durable when it returns ok ----
  [[nodiscard]] virtual Result<Fate> receive(const Post& post) = 0;
  // The same request id again: the first one's fate, and nothing is stored. With another digest: `conflict`.
  [[nodiscard]] virtual Result<Fate> receive(const Post& post, const RequestKey& request) = 0;
  // A line of docs/formats.md. One that cannot be a post gets the fate rejected, keyed by the SHA-256 of its bytes.
  [[nodiscard]] virtual Result<Fate> receive_line(std::string_view json_line, std::int64_t line_number) = 0;
  // A department's later word (also through Department::connect, where nobody asks). not_found: no such key.
  [[nodiscard]] virtual Result<void> report(const Report& report, const Asker& asker = {}) = 0;

  // ---- people and tokens: durable when they return ok ----
  [[nodiscard]] virtual Result<void> add_person(const std::string& name, const std::vector<std::string>& roles,
                                                const Asker& asker = {}) = 0;
  // A new token; answers its text. `not_found`: no such person; `refused`: a role that the person lacks; `invalid`: it would
  // have expired.
  [[nodiscard]] virtual Result<std::string> add_token(const TokenGrant& grant) = 0;
  // The same. A request id again is a `conflict` that names the token it made, since nobody can tell that one's text any more.
  [[nodiscard]] virtual Result<IssuedToken> add_token(const TokenGrant& grant, const Asker& asker) = 0;
  [[nodiscard]] virtual Result<void> revoke_token(std::int64_t token_id, const Asker& asker = {}) = 0;

  // ---- people's acts: durable when they return ok ----
  [[nodiscard]] virtual Result<void> approve(std::int64_t commitment_id, bool approve, const Act& act) = 0;
  // Settles what is open at a department, unknown, or blocked since the department cannot be called; revokes what is fulfilled.
  // done needs evidence that fits the schema.
  [[nodiscard]] virtual Result<void> decide(std::int64_t commitment_id, Decision decision, std::string_view evidence_json,
                                            std::string_view reason, const Act& act) = 0;
  [[nodiscard]] virtual Result<void> review(std::int64_t reply_id, bool approve, const Act& act) = 0;
  // A reply that ended badly: drafted anew from today's state, or waived with a reason (done but not told).
  [[nodiscard]] virtual Result<void> settle_again(std::int64_t reply_id, const Act& act) = 0;
  [[nodiscard]] virtual Result<void> settle_waive(std::int64_t reply_id, std::string_view reason, const Act& act) = 0;
  // One whose fate is unknown: a person saw that it is public.
  [[nodiscard]] virtual Result<void> settle_published(std::int64_t reply_id, const Act& act) = 0;
  // A task that no other act settles is done; `note` says what was found and may be empty. `conflict` names the act otherwise.
  [[nodiscard]] virtual Result<void> finish_task(std::int64_t task_id, std::string_view note, const Act& act) = 0;
  // A reply that no template foresaw: through the same gate, length, privacy and journal as any other, after the review of
  // somebody else. Answers its id. `invalid`: the text cannot be public; `conflict`: a claim does not hold. Nothing is kept
  // then.
  [[nodiscard]] virtual Result<std::int64_t> say(std::string_view case_reference, const Statement& statement,
                                                 const Act& act) = 0;
  // "manual.identified" with its form (a JSON object; empty: none).
  [[nodiscard]] virtual Result<void> send_event(std::string_view case_reference, std::string_view event,
                                                std::string_view form_json, const Act& act) = 0;
  // For a case that is set aside: let its workflow react again to the pending event, or pass over it.
  [[nodiscard]] virtual Result<void> retry_case(std::string_view case_reference, const Act& act) = 0;
  [[nodiscard]] virtual Result<void> skip_case(std::string_view case_reference, const Act& act) = 0;

  // ---- workflows: immutable versions, known by their hash; cases stay on the one that they began with ----
  // Checks and keeps a version without giving it new cases; answers "id version". `invalid`: all findings; `conflict`: this
  // version is there with another content.
  [[nodiscard]] virtual Result<std::string> publish_workflow(const std::string& text, const Asker& asker = {}) = 0;
  [[nodiscard]] virtual Result<void> activate_workflow(const std::string& id, const std::string& version,
                                                       const Asker& asker = {}) = 0;
  [[nodiscard]] virtual Result<void> set_switches(const std::string& workflow_id, const Switches& switches,
                                                  const Asker& asker = {}) = 0;

  // ---- driving it: one of these ways ----
  // Does what is due now on the calling thread: effects, then timers, in id order, at most `steps_max` of them.
  [[nodiscard]] virtual Result<Progress> poll(std::size_t steps_max = 64) = 0;
  // Polls until nothing is due at the clock's present time.
  [[nodiscard]] virtual Result<Progress> run_until_idle() = 0;
  // Threads of its own: `workers` that call departments and the channel, and one for timers. Not with virtual_time.
  [[nodiscard]] virtual Result<void> start(int workers) = 0;
  // Waits for the calls in flight; nothing is lost. Calls that were written off run on: a thread of theirs may be in a plugin's
  // code until it ends, also after the engine is gone; it keeps its department alive, and its answer is then dropped.
  virtual void stop() = 0;

  // Remembers, durably, how far a reader of the journal (list_facts) has come; StoreMeta::marks tells. `name`: the reader's.
  [[nodiscard]] virtual Result<void> keep_mark(const std::string& name, std::int64_t position) = 0;
  // Remembers, durably and in the journal, a request that the caller did by itself, as a rehearsal's moving of time.
  [[nodiscard]] virtual Result<void> keep_request(const Asker& asker) = 0;

  [[nodiscard]] virtual Store& store() = 0;  // For the reading functions of reading.hpp.
};

}  // namespace redress
