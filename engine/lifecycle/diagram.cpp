// Draws the transition tables: one diagram for each region, in the order of its rows.
#include "lifecycle/diagram.hpp"

#include <algorithm>
#include <vector>

#include "lifecycle/lifecycle.hpp"

namespace redress::lifecycle {
namespace {

using Transitions = std::vector<Transition>;

std::string arrow(std::string_view from, std::string_view to) { return "    " + std::string(from) + " --> " + std::string(to); }

std::string label(const Transition& row) {
  const std::string guard(row.guard);
  return " : " + std::string(row.event) + (guard.empty() ? "" : " [" + guard + "]") + "\n";
}

std::string diagram(const Transitions& rows) {
  std::string out = "```mermaid\nstateDiagram-v2\n" + arrow("[*]", rows.front().from) + "\n";
  for (const Transition& row : rows) out += arrow(row.from, row.to) + label(row);
  std::vector<std::string_view> ends;
  for (const Transition& row : rows) {
    const bool left = std::any_of(rows.begin(), rows.end(), [&](const Transition& other) { return other.from == row.to; });
    if (left || std::find(ends.begin(), ends.end(), row.to) != ends.end()) continue;
    ends.push_back(row.to);
    out += arrow(row.to, "[*]") + "\n";
  }
  return out + "```\n";
}

std::string regions(const Transitions& rows) {
  std::vector<std::string_view> names;
  for (const Transition& row : rows) {
    if (std::find(names.begin(), names.end(), row.region) == names.end()) names.push_back(row.region);
  }
  std::string out;
  for (const std::string_view name : names) {
    Transitions own;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(own), [&](const Transition& row) { return row.region == name; });
    if (names.size() > 1) out += "\n### Region `" + std::string(name) + "`\n";
    out += "\n" + diagram(own);
  }
  return out;
}

}  // namespace

std::string lifecycles_page() {
  return "# Lifecycles\n"
         "\n"
         "What a case, a commitment and a reply may become. No workflow can change these machines. Each arrow names its\n"
         "event, and in brackets what must hold for it. The regions of one machine run side by side; an event concerns one\n"
         "of them. This page is drawn from the compiled machines in `engine/lifecycle`; a test fails when it is stale, and\n"
         "`REDRESS_UPDATE=1` in that test's environment writes it anew.\n"
         "\n## Case\n" +
         regions(case_transitions()) + "\n## Commitment\n" + regions(commitment_transitions()) + "\n## Reply\n" +
         regions(reply_transitions());
}

}  // namespace redress::lifecycle
