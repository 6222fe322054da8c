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

Goal an_end(const Exploration& exploration) {
  return {.place = [](const Place& place) { return place.ended; },
          .edge = [](const Edge&) { return false; },
          .counts = [&](const Edge& edge) { return !may_never_come(exploration, edge); }};
}

bool has_an_end(const workflow::Workflow& workflow) {
  const auto& tops = workflow.chart.at(statechart::root).children;
  return std::any_of(tops.begin(), tops.end(),
                     [&](int state) { return workflow.chart.at(state).kind == statechart::Kind::final; });
}

// Where nobody and no time moves a case on but the customer, who may never write.
void look_for_waits_without_end(Exploration& exploration, const Leading& end) {
  std::vector<char> wakes(exploration.places.size(), 0);
  for (const Edge& edge : exploration.edges) {
    const std::string& event = edge.happening.event;
    const bool by_chance = event == "customer.replied" || event.starts_with("post.") || event.ends_with(".revoked") ||
                           may_never_come(exploration, edge);
    if (!by_chance && edge.to != edge.from) wakes[edge.from] = 1;
  }
  for (std::size_t place = 1; place < exploration.places.size(); ++place) {
    const Place& here = exploration.places[place];
    if (here.ended || !end.leads(place) || wakes[place] != 0 || is_open(here.standing)) continue;
    const workflow::State& state = exploration.innermost(place);
    exploration.add({"endless_wait", state.pointer, "",
                     "in the state " + in_quotes(state.path) +
                         " nothing is sure to move the case on: where the customer does not write, it waits for ever",
                     "Add \"after\" with a target, or an act of a person (\"manual\")."},
                    exploration.path_to(place), workflow::Severity::warning);
  }
}

// Of those that lead to no end the first that leads to no other one: there it is decided.
std::size_t first_stuck(const Exploration& exploration, const Leading& end) {
  std::vector<char> leads_on(exploration.places.size(), 0);
  for (const Edge& edge : exploration.edges)
    if (edge.from != edge.to && !end.leads(edge.to)) leads_on[edge.from] = 1;
  std::size_t first = Terms::npos;
  for (std::size_t place = 1; place < exploration.places.size(); ++place) {
    if (end.leads(place)) continue;
    if (leads_on[place] == 0) return place;
    first = std::min(first, place);
  }
  return first;
}

void look_for_traps(const workflow::Workflow& workflow, Exploration& exploration, const Leading& end) {
  const std::size_t place = first_stuck(exploration, end);
  if (place == Terms::npos) return;
  const workflow::State& state = exploration.innermost(place);
  const auto [which, where] = end.obstacle(place);
  const std::string when =
      which == Terms::npos ? "" : ", where " + in_quotes(workflow.commitments[which].name) + " is " + describe(where) + ",";
  exploration.add(
      {"no_way_out", state.pointer, "",
       "from here, in the state " + in_quotes(state.path) + "," + (when.empty() ? "" : when.substr(1)) +
           " nothing that can come is sure to lead to a final state any more",
       "Give it a transition that leads on: for a person (\"manual\"), time (\"after\") or an event that can still come."},
      exploration.path_to(place));
}

}  // namespace

void look_for_dead_ends(const workflow::Workflow& workflow, Exploration& exploration) {
  if (has_an_end(workflow)) {
    const Leading end(exploration, an_end(exploration));
    look_for_waits_without_end(exploration, end);
    look_for_traps(workflow, exploration, end);
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
