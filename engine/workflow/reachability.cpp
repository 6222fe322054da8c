// Which states can be reached, and from which of them a final one can be: guards are taken to hold at one time or another.
#include <algorithm>
#include <set>

#include "workflow/names.hpp"
#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

using States = std::set<int>;
using Edges = std::vector<States>;  // By state.

void add_targets(const std::vector<Transition>& transitions, States& targets) {
  for (const Transition& transition : transitions) targets.insert(transition.targets.begin(), transition.targets.end());
}

States targets_of(const State& state) {
  States targets;
  for (const Handler& handler : state.on) add_targets(handler.transitions, targets);
  for (const After& after : state.after) add_targets(after.transitions, targets);
  add_targets(state.always, targets);
  return targets;
}

// A state leads to its own targets, to where it begins, and (being in it is being in them) to all that it lies in.
Edges edges_of(const Workflow& workflow) {
  const statechart::Chart& chart = workflow.chart;
  Edges edges(static_cast<std::size_t>(chart.size()));
  const States from_everywhere = targets_of(workflow.root());
  for (int state = statechart::root; state < chart.size(); ++state) {
    States& targets = edges[static_cast<std::size_t>(state)];
    const statechart::Node& node = chart.at(state);
    targets = targets_of(workflow.state(state));
    targets.insert(node.initial.begin(), node.initial.end());
    if (node.kind == statechart::Kind::parallel) targets.insert(node.children.begin(), node.children.end());
    const bool ended = node.kind == statechart::Kind::final && node.parent == statechart::root;
    if (!ended) targets.insert(from_everywhere.begin(), from_everywhere.end());
    if (node.parent > statechart::root) targets.insert(node.parent);
  }
  return edges;
}

States reach(const Edges& edges, States found) {
  std::vector<int> open(found.begin(), found.end());
  while (!open.empty()) {
    const int from = open.back();
    open.pop_back();
    for (const int to : edges[static_cast<std::size_t>(from)]) {
      if (found.insert(to).second) open.push_back(to);
    }
  }
  return found;
}

Edges reversed(const Edges& edges) {
  Edges back(edges.size());
  for (std::size_t from = 0; from < edges.size(); ++from)
    for (const int to : edges[from]) back[static_cast<std::size_t>(to)].insert(static_cast<int>(from));
  return back;
}

}  // namespace

void check_reachability(const Workflow& workflow, Findings& findings) {
  const Edges edges = edges_of(workflow);
  const statechart::Chart& chart = workflow.chart;
  States begins = {statechart::root}, ends;
  if (workflow.reopen) add_targets({workflow.reopen->transition}, begins);
  for (const int state : chart.at(statechart::root).children)
    if (chart.at(state).kind == statechart::Kind::final) ends.insert(state);
  const States reached = reach(edges, std::move(begins));
  const States ending = reach(reversed(edges), ends);
  for (int state = statechart::root + 1; state < chart.size(); ++state) {
    const State& content = workflow.state(state);
    if (!reached.contains(state)) {
      findings.add({.rule = "unreachable",
                    .pointer = content.pointer,
                    .message = "no transition leads to the state " + in_quotes(content.path),
                    .mend = "Make it a target, or remove it.",
                    .part = Part::key});
    } else if (!ends.empty() && !ending.contains(state) && chart.at(state).kind != statechart::Kind::history) {
      findings.add({.rule = "no_way_out",
                    .pointer = content.pointer,
                    .message = "no final state can be reached from the state " + in_quotes(content.path),
                    .mend = "Give it a transition that leads on.",
                    .part = Part::key});
    }
  }
}

}  // namespace redress::workflow
