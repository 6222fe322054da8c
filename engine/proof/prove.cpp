// Two precisions of one exploration, and what becomes of their findings.
#include "proof/prove.hpp"

#include <algorithm>

#include "proof/analyses.hpp"
#include "workflow/findings.hpp"

namespace redress::proof {
namespace {

using workflow::Severity;

Exploration explored(const workflow::Workflow& workflow, const Reactions& reactions, Precision precision) {
  Exploration exploration(workflow, reactions, precision);
  look_for_loops(workflow, exploration);
  look_for_late_replies(workflow, exploration);
  if (!exploration.complete) return exploration;
  look_for_missing_corrections(workflow, exploration);
  const bool sound = std::none_of(exploration.found.begin(), exploration.found.end(),
                                  [](const Found& each) { return each.severity == Severity::error; });
  if (sound) look_for_dead_ends(workflow, exploration);  // Else they are most often what that leads to.
  return exploration;
}

bool is_in(const std::vector<Found>& all, const Breach& breach) {
  return std::any_of(all.begin(), all.end(), [&](const Found& each) {
    return each.breach.rule == breach.rule && each.breach.pointer == breach.pointer && each.breach.subject == breach.subject;
  });
}

std::vector<Found> prove(const workflow::Workflow& workflow) {
  const Reactions reactions(workflow);
  Exploration joined = explored(workflow, reactions, Precision::joined);
  if (joined.complete && joined.found.empty()) return {};
  Exploration each = explored(workflow, reactions, Precision::each);
  if (each.complete) return std::move(each.found);
  std::vector<Found> all = std::move(each.found);
  for (Found& doubt : joined.found) {
    if (is_in(all, doubt.breach)) continue;
    doubt.severity = Severity::unproved;
    all.push_back(std::move(doubt));
  }
  if (!joined.complete)
    all.push_back({{"too_large", "", "", "this workflow can stand in too many ways to follow each of them",
                    "Make less of it parallel, or split it in two workflows."},
                   Severity::unproved,
                   {}});
  return all;
}

// States are named by their key, where a finding is about the state as such.
workflow::Part part_of(const Breach& breach) {
  for (const std::string_view rule : {"unhandled", "no_way_out", "unreachable", "no_correction", "unhandled_revocation"})
    if (breach.rule == rule) return workflow::Part::key;
  return workflow::Part::value;
}

}  // namespace

workflow::Checked check(std::string_view text, std::string_view file, const workflow::Surroundings& surroundings) {
  workflow::Checked checked = workflow::read_workflow(text, file, surroundings);
  if (!checked.workflow) return checked;
  workflow::Findings findings(text, file);
  for (Found& each : prove(*checked.workflow)) {
    const workflow::Part part = part_of(each.breach);
    findings.add({.rule = std::move(each.breach.rule),
                  .pointer = std::move(each.breach.pointer),
                  .message = std::move(each.breach.message),
                  .mend = std::move(each.breach.mend),
                  .part = part,
                  .severity = each.severity,
                  .path = std::move(each.path)});
  }
  if (findings.has_errors()) checked.workflow.reset();
  for (workflow::Finding& finding : findings.take()) checked.findings.push_back(std::move(finding));
  return checked;
}

}  // namespace redress::proof
