// What became of scenarios: for people, as JSON, and as JUnit's XML.
#pragma once
#include <iosfwd>

#include "redress/scenario.hpp"

namespace redress::cli {

// Findings and failures, a line for each file whose scenarios all hold, and what is not covered.
void print_scenarios(std::ostream& out, const ScenarioReport& report);
void print_scenarios_json(std::ostream& out, const ScenarioReport& report);
void print_scenarios_junit(std::ostream& out, const ScenarioReport& report);

// Nothing is wrong with any file, and every scenario is as it says.
[[nodiscard]] bool all_hold(const ScenarioReport& report);
// The smallest part, in per cent rounded down, that is covered of the states, transitions, replies or outcomes of a workflow.
[[nodiscard]] int least_coverage(const ScenarioReport& report);

}  // namespace redress::cli
