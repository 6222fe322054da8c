// Scenarios rehearse workflows: plain text says what comes and what must be there then. docs/scenarios.md is their language.
//
// Each runs alone, on the engine that production runs, with a memory store, a clock that moves when it is told to, and
// departments made of their manifests that answer as the scenario says. The same texts give the same report, byte for byte.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "redress/api.hpp"
#include "redress/result.hpp"
#include "redress/workflow.hpp"

namespace redress {

// A file's text, and what messages call it.
struct NamedText {
  std::string name{};
  std::string text{};
};

struct ScenarioOptions {
  // Of the departments, as in check_workflow: each is played by the scenario.
  std::vector<std::string> manifests{};
  // The text of a workflow that a scenario names, relative to the scenario's own file; asked once for each of both.
  std::function<Result<NamedText>(const std::string& scenario_file, const std::string& workflow)> load_workflow{};
  // What the public texts of a workflow keep, by the name that load_workflow gave it. None: what Redress comes with.
  std::function<Result<Wording>(const std::string& workflow_file)> load_wording{};
};

// What keeps a file from being run at all: its own text, or its workflow.
struct ScenarioFinding {
  std::string file{};
  int line = 0, column = 0;  // From 1; columns in bytes.
  std::string message{};     // What is wrong.
  std::string mend{};        // How to mend it.
};

// The first thing of a scenario that is not as it says. What comes after it in that scenario is not run.
struct ScenarioFailure {
  int line = 0;
  std::string statement{};            // As the file has it.
  std::vector<std::string> expected;  // One of these...
  std::vector<std::string> found;     // ...for each of those.
  std::string case_reference{};       // Whose journal tells how it came to that; empty: there is no case.
  std::string explanation{};          // As explain_case gives it: JSON.
};

struct ScenarioResult {
  std::string file{};
  int line = 0;
  std::string name{};
  std::string workflow{};  // Its id.
  int expected = 0;        // How many things were found as the scenario says.
  std::optional<ScenarioFailure> failure{};
};

// A part of a workflow, and how often all scenarios together came there.
struct CoverageItem {
  enum class Kind { state, transition, reply, outcome } kind = Kind::state;
  std::string name{};     // "asking"; "asking on customer.replied -> answered"; "refunded"; "refund declined".
  std::string pointer{};  // RFC 6901, into the workflow's file.
  int line = 0;
  std::int64_t times = 0;  // Entered; taken; published; come to.
};
[[nodiscard]] REDRESS_API std::string_view to_string(CoverageItem::Kind kind);

struct WorkflowCoverage {
  std::string file{};
  std::string workflow{};             // Its id.
  std::vector<CoverageItem> items{};  // By kind, then in the file's order.
};

struct ScenarioReport {
  std::vector<ScenarioFinding> findings{};
  std::vector<ScenarioResult> results{};  // In the files' order.
  std::vector<WorkflowCoverage> coverage{};
};

// A file with findings is left out; the others are run.
[[nodiscard]] REDRESS_API ScenarioReport run_scenarios(std::span<const NamedText> files, const ScenarioOptions& options);

}  // namespace redress
