// Which states can be reached, and from which of them a final one can be: guards are taken to hold at one time or another.
#include <algorithm>
#include <map>
#include <set>

#include "workflow/names.hpp"
#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

using Edges = std::map<std::string, Names>;

void add_targets(const std::vector<Transition>& transitions, Names& targets) {
  for (const Transition& transition : transitions) {
    if (!transition.target.empty()) targets.insert(transition.target);
  }
}

Edges edges_of(const Workflow& workflow) {
  Names from_everywhere;
  for (const Handler& handler : workflow.on) add_targets(handler.transitions, from_everywhere);
  Edges edges;
  for (const State& state : workflow.states) {
    Names& targets = edges[state.name];
    if (!state.final) targets = from_everywhere;
    for (const Handler& handler : state.on) add_targets(handler.transitions, targets);
    for (const After& after : state.after) add_targets(after.transitions, targets);
  }
  return edges;
}

Names reach(const Edges& edges, Names found) {
  std::vector<std::string> open(found.begin(), found.end());
  while (!open.empty()) {
    const std::string from = std::move(open.back());
    open.pop_back();
    const auto targets = edges.find(from);
    if (targets == edges.end()) continue;
    for (const std::string& to : targets->second) {
      if (found.insert(to).second) open.push_back(to);
    }
  }
  return found;
}

Edges reversed(const Edges& edges) {
  Edges back;
  for (const auto& [from, targets] : edges) {
    for (const std::string& to : targets) back[to].insert(from);
  }
  return back;
}

}  // namespace

void check_reachability(const Workflow& workflow, Findings& findings) {
  const Edges edges = edges_of(workflow);
  Names begins = {workflow.initial}, ends;
  if (workflow.reopen && !workflow.reopen->target.empty()) begins.insert(workflow.reopen->target);
  for (const Handler& handler : workflow.on) {
    for (const Transition& transition : handler.transitions) {
      if (!transition.target.empty()) begins.insert(transition.target);
    }
  }
  for (const State& state : workflow.states) {
    if (state.final) ends.insert(state.name);
  }
  const Names reached = reach(edges, std::move(begins));
  const Names ending = reach(reversed(edges), ends);
  for (const State& state : workflow.states) {
    const std::string pointer = "/states" + pointer_part(state.name);
    if (!reached.contains(state.name)) {
      findings.add({.rule = "unreachable",
                    .pointer = pointer,
                    .message = "no transition leads to the state " + in_quotes(state.name),
                    .mend = "Make it a target, or remove it.",
                    .part = Part::key});
    } else if (!ends.empty() && !ending.contains(state.name)) {
      findings.add({.rule = "no_way_out",
                    .pointer = pointer,
                    .message = "no final state can be reached from the state " + in_quotes(state.name),
                    .mend = "Give it a transition that leads on.",
                    .part = Part::key});
    }
  }
}

}  // namespace redress::workflow
