// States that no case comes to, and standings from which no episode ends.
#include <algorithm>

#include "proof/analyses.hpp"
#include "proof/leading.hpp"
#include "workflow/names.hpp"

namespace redress::proof {
namespace {

using workflow::in_quotes;

bool is_open(const Standing& standing) {
  return std::any_of(standing.commitments.begin(), standing.commitments.end(),
                     [](Situations each) { return (each & open) != 0; });
}

// Where nothing is open, nobody may ever say anything more.
bool may_never_come(const Exploration& exploration, const Edge& edge) {
  return edge.happening.event == any_event && !is_open(exploration.places[edge.from].standing);
}

std::vector<char> can_end(const Exploration& exploration) {
  return leading_to(exploration, {.place = [](const Place& place) { return place.ended; },
                                  .edge = [](const Edge&) { return false; },
                                  .counts = [&](const Edge& edge) { return !may_never_come(exploration, edge); }});
}

bool has_an_end(const workflow::Workflow& workflow) {
  const auto& tops = workflow.chart.at(statechart::root).children;
  return std::any_of(tops.begin(), tops.end(),
                     [&](int state) { return workflow.chart.at(state).kind == statechart::Kind::final; });
}

// Where nobody and no time moves a case on but the customer, who may never write.
void look_for_waits_without_end(Exploration& exploration, const std::vector<char>& can) {
  std::vector<char> wakes(exploration.places.size(), 0);
  for (const Edge& edge : exploration.edges) {
    const std::string& event = edge.happening.event;
    const bool by_chance = event == "customer.replied" || event.starts_with("post.") || event.ends_with(".revoked") ||
                           may_never_come(exploration, edge);
    if (!by_chance && edge.to != edge.from) wakes[edge.from] = 1;
  }
  for (std::size_t place = 1; place < exploration.places.size(); ++place) {
    const Place& here = exploration.places[place];
    if (here.ended || can[place] == 0 || wakes[place] != 0 || is_open(here.standing)) continue;
    const workflow::State& state = exploration.innermost(place);
    exploration.add({"endless_wait", state.pointer, "",
                     "in the state " + in_quotes(state.path) +
                         " nothing is sure to move the case on: where the customer does not write, it waits for ever",
                     "Add \"after\" with a target, or an act of a person (\"manual\")."},
                    exploration.path_to(place), workflow::Severity::warning);
  }
}

}  // namespace

void look_for_dead_ends(const workflow::Workflow& workflow, Exploration& exploration) {
  if (has_an_end(workflow)) {
    const std::vector<char> can = can_end(exploration);
    look_for_waits_without_end(exploration, can);
    const auto stuck = std::find(can.begin() + 1, can.end(), char{0});
    if (stuck != can.end()) {
      const auto place = static_cast<std::size_t>(stuck - can.begin());
      const workflow::State& state = exploration.innermost(place);
      exploration.add(
          {"no_way_out", state.pointer, "",
           "from here, in the state " + in_quotes(state.path) + ", nothing that can come leads to a final state any more",
           "Give it a transition that leads on: for a person (\"manual\"), time (\"after\") or an event that can still come."},
          exploration.path_to(place));
    }
  }
  const std::set<int>& entered = exploration.entered;
  for (int state = statechart::root + 1; state < workflow.chart.size(); ++state) {
    const statechart::Node& node = workflow.chart.at(state);
    const bool within = node.parent == statechart::root || entered.contains(node.parent);
    if (node.kind == statechart::Kind::history || entered.contains(state) || !within) continue;
    exploration.add({"unreachable", workflow.state(state).pointer, "",
                     "no case comes to the state " + in_quotes(workflow.state(state).path) +
                         ": what leads to it cannot happen where it stands",
                     "Lead to it from where its event can come, or remove it."},
                    {});
  }
}

}  // namespace redress::proof
