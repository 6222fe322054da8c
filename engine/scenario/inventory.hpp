// An Inventory is what a workflow's file has that scenarios can name or come to: states, transitions, replies, commitments.
//
// Taken from the JSON itself, at any depth of nested states, so that coverage needs no more of the engine than its journal.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "redress/scenario.hpp"
#include "scenario/script.hpp"

namespace redress::scenario {

struct Transition {
  std::string pointer;
  std::string source;               // The state's path; empty: the workflow's own.
  std::vector<std::string> enters;  // States that it leads to, where it has a target.
};

struct Inventory {
  std::string file;
  std::string id;
  std::vector<CoverageItem> items;  // By kind, then in the file's order.
  std::vector<Transition> transitions;
  std::set<std::string, std::less<>> states, commitments, replies, events;  // Full paths; names; manual acts with "manual.".
  std::vector<std::string> first_states;                                    // Entered when a case opens.
};

// `workflow` has passed the check. `manifests` say which actions can be revoked.
[[nodiscard]] Inventory take_inventory(const NamedText& workflow, std::span<const std::string> manifests);

// What is wrong with the names that a scenario uses: each that the workflow does not have.
[[nodiscard]] std::vector<ScenarioFinding> check_names(const std::string& file, const Scenario& scenario,
                                                       const Inventory& inventory);

// Whether `name` is the state at this path, the end of its path, or one around it: "a.b.c" is "a", "a.b", "b.c" and "c".
[[nodiscard]] bool is_state(std::string_view path, std::string_view name);

}  // namespace redress::scenario
