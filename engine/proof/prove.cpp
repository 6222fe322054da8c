// Two precisions of one exploration, and what becomes of their findings.
#include "proof/prove.hpp"

#include <algorithm>

#include "proof/analyses.hpp"
#include "workflow/findings.hpp"
#include "workflow/names.hpp"

namespace redress::proof {
namespace {

using workflow::Severity;

bool is_in(const std::vector<Found>& all, const Breach& breach) {
  return std::any_of(all.begin(), all.end(), [&](const Found& each) {
    return each.breach.rule == breach.rule && each.breach.pointer == breach.pointer && each.breach.subject == breach.subject;
  });
}

bool is_error(const Found& found) { return found.severity == Severity::error; }

void look_at_the_whole(const workflow::Workflow& workflow, Exploration& exploration) {
  look_for_loops(workflow, exploration);
  look_for_late_replies(workflow, exploration);
  if (!exploration.complete) return;
  look_for_missing_corrections(workflow, exploration);
  // After an error they are most often what that leads to.
  if (std::none_of(exploration.found.begin(), exploration.found.end(), is_error)) look_for_dead_ends(workflow, exploration);
}

// Every standing for itself; where those are too many, what is joined shows what cannot go wrong. What it finds may not be so.
std::vector<Found> prove(const workflow::Workflow& workflow, const Bounds& bounds) {
  const Reactions reactions(workflow);
  Exploration each(workflow, reactions, Precision::each, bounds.each);
  look_for_hearsay(workflow, each);
  look_at_the_whole(workflow, each);
  if (each.complete) return std::move(each.found);
  Exploration joined(workflow, reactions, Precision::joined, bounds.joined);
  look_at_the_whole(workflow, joined);
  std::vector<Found> all = std::move(each.found);
  bool is_proved = joined.complete;
  for (Found& doubt : joined.found) {
    if (is_in(all, doubt.breach)) continue;
    if (is_error(doubt)) doubt.severity = Severity::unproved;
    is_proved = is_proved && doubt.severity == Severity::warning;
    all.push_back(std::move(doubt));
  }
  if (!is_proved)
    all.push_back(
        {{"unproved", "", "",
          "there are too many ways through this workflow to follow each of them, so what is unproved here may be so or not",
          "Make less of it parallel, or split it into two workflows."},
         Severity::unproved,
         {}});
  return all;
}

// Of one commitment in one state, several outcomes that nothing takes are one thing to mend.
std::vector<Found> merged(std::vector<Found> all) {
  std::vector<Found> kept;
  for (Found& found : all) {
    const auto commitment = [](const Found& each) { return each.breach.subject.substr(0, each.breach.subject.rfind('.')); };
    const auto same = std::find_if(kept.begin(), kept.end(), [&](const Found& each) {
      return found.breach.rule == "unhandled" && each.breach.rule == "unhandled" && each.severity == found.severity &&
             each.breach.pointer == found.breach.pointer && commitment(each) == commitment(found) &&
             !found.breach.subject.starts_with("*.");
    });
    if (same == kept.end()) {
      kept.push_back(std::move(found));
    } else {
      same->breach.message.insert(same->breach.message.find(" can come"), ", " + workflow::in_quotes(found.breach.subject));
    }
  }
  return kept;
}

// States are named by their key, where a finding is about the state as such.
workflow::Part part_of(const Breach& breach) {
  for (const std::string_view rule :
       {"unhandled", "no_way_out", "unreachable", "no_correction", "unhandled_revocation", "endless_wait"})
    if (breach.rule == rule) return workflow::Part::key;
  return workflow::Part::value;
}

}  // namespace

workflow::Checked check(std::string_view text, std::string_view file, const workflow::Surroundings& surroundings,
                        const Bounds& bounds) {
  workflow::Checked checked = workflow::read_workflow(text, file, surroundings);
  if (!checked.workflow) return checked;
  workflow::Findings findings(text, file);
  for (Found& each : merged(prove(*checked.workflow, bounds))) {
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
