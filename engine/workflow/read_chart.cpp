// Reads the skeleton of the states: which lies in which, of what kind, and where each begins. Names are resolved when all are known.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "redress/limits.hpp"
#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

using statechart::Chart;
using statechart::Kind;
using statechart::Node;
using statechart::nothing;
using statechart::root;

Kind kind_of(const Json& state) {
  const auto type = state.is_object() ? state.find("type") : state.end();
  const std::string text = state.is_object() && type != state.end() && type->is_string() ? type->get<std::string>() : "";
  if (text == "final") return Kind::final;
  if (text == "parallel") return Kind::parallel;
  if (text == "history") return Kind::history;
  return state.is_object() && state.contains("states") ? Kind::compound : Kind::atomic;
}

// The child of a state by its name, or `nothing`.
int child_of(const Chart& chart, int state, std::string_view name) {
  for (const int child : chart.at(state).children)
    if (chart.at(child).name == name) return child;
  return nothing;
}

// "a.b" down from a state.
int walk(const Chart& chart, int state, std::string_view path) {
  while (state != nothing && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    state = child_of(chart, state, path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return state;
}

}  // namespace

// Every state of the file, in document order. False: there are so many that reading on would take too long.
bool Reading::read_chart() {
  workflow_.chart.nodes.push_back({.kind = Kind::compound});
  places_.push_back(root_);
  if (!add_states(root)) return false;
  for (int state = root; state < workflow_.chart.size(); ++state) read_initial(state);
  return true;
}

bool Reading::add_states(int parent) {
  constexpr int states_max = 1000;
  const auto section = member(places_[static_cast<std::size_t>(parent)], "states");
  Chart& chart = workflow_.chart;
  if (section && check_named(*section, "states by name", findings_)) {
    for (const auto& [name, place] : members(*section)) {
      if (chart.size() > states_max) {
        refuse("size", section->pointer, "more than " + std::to_string(states_max) + " states", "Write at most 1000.");
        return false;
      }
      check_name(name, place, "a state", findings_);
      const int state = chart.size();
      const std::string& above = chart.at(parent).path;
      Node node{.name = name, .path = above.empty() ? name : above + "." + name, .kind = kind_of(*place.json), .parent = parent};
      states_.insert(node.path);
      chart.nodes.push_back(std::move(node));
      chart.nodes[static_cast<std::size_t>(parent)].children.push_back(state);
      places_.push_back(place);
      if (!add_states(state)) return false;
    }
  }
  chart.nodes[static_cast<std::size_t>(parent)].end = chart.size();
  return true;
}

// Where a compound or history state begins; also the shape that each kind of state must have.
void Reading::read_initial(int state) {
  const Place& place = places_[static_cast<std::size_t>(state)];
  if (!place.json->is_object()) return;  // Found where it is read.
  const Node& node = workflow_.chart.at(state);
  if (state != root) check_kind(state);
  std::vector<int> initial;
  if (node.kind == Kind::history) {
    initial = read_history(state);
  } else if (const auto at = member(place, "initial"); at && node.kind == Kind::compound) {
    initial = read_targets(at->json->is_object() ? member(*at, "target").value_or(*at) : *at, state, state);
  } else if (node.kind == Kind::compound) {
    const auto first = std::find_if(node.children.begin(), node.children.end(),
                                    [&](int child) { return workflow_.chart.at(child).kind != Kind::history; });
    if (first != node.children.end()) initial = {*first};
  }
  workflow_.chart.nodes[static_cast<std::size_t>(state)].initial = std::move(initial);
}

void Reading::check_kind(int state) {
  const Place& place = places_[static_cast<std::size_t>(state)];
  const Node& node = workflow_.chart.at(state);
  if (const auto type = read_string(place, "type", findings_);
      type && *type != "final" && *type != "parallel" && *type != "history") {
    refuse("unknown_type", place.pointer + "/type", "there is no type " + in_quotes(*type),
           "Write \"final\", \"parallel\" or \"history\", or leave it away.");
  }
  const auto unfit = [&](const char* key, const std::string& message, const std::string& mend) {
    if (place.json->contains(key)) refuse("state_kind", place.pointer + "/" + key, message, mend, Part::key);
  };
  const bool has_regions = std::any_of(node.children.begin(), node.children.end(),
                                       [&](int child) { return workflow_.chart.at(child).kind != Kind::history; });
  if ((node.kind == Kind::compound || node.kind == Kind::parallel) && !has_regions) {
    refuse("empty", place.pointer, "a state that has no state within", "Write at least one under \"states\".", Part::key);
  }
  if (node.kind != Kind::compound) {
    unfit("initial", node.kind == Kind::parallel ? "a parallel state enters all its regions" : "there is no state within",
          "Remove \"initial\".");
  }
  if (node.kind != Kind::compound && node.kind != Kind::parallel)
    unfit("onDone", "there is no state within that could be done", "Remove it.");
  if (node.kind != Kind::history) {
    unfit("history", "only a history state remembers", "Add \"type\": \"history\", or remove it.");
    unfit("target", "only a history state and a transition have a target", "Write \"always\": { \"target\": ... }.");
    unfit("actions", "only a transition has actions", "Write \"entry\" or \"exit\".");
  }
  if (node.kind == Kind::history && node.parent == root) {
    refuse("history", place.pointer, "the workflow itself is never left, so that nothing is remembered of it",
           "Put the history state into the state whose inner ones it goes back to.", Part::key);
  }
  if (node.kind == Kind::final || node.kind == Kind::history) {
    if (place.json->contains("states"))
      refuse("state_kind", place.pointer + "/states",
             "a " + std::string(node.kind == Kind::final ? "final" : "history") + " state has none within", "Remove them.", Part::key);
  }
}

std::vector<int> Reading::read_history(int state) {
  const Place& place = places_[static_cast<std::size_t>(state)];
  Node& node = workflow_.chart.nodes[static_cast<std::size_t>(state)];
  const auto depth = read_string(place, "history", findings_);
  if (depth && *depth != "deep" && *depth != "shallow") {
    refuse("history", place.pointer + "/history", "there is no history " + in_quotes(*depth), "Write \"deep\" or \"shallow\".");
  }
  node.deep = depth == "deep";
  if (const auto target = member(place, "target")) return read_targets(*target, node.parent, node.parent);
  refuse("history", place.pointer, "a history state says where it leads as long as nothing is remembered",
         "Add \"target\": the name of a state beside it.", Part::key);
  return {};
}

// One name or a list of names. `from`: whose relatives are meant; `within`: where the states must lie, or `nothing`.
std::vector<int> Reading::read_targets(const Place& place, int from, int within) {
  std::vector<int> targets;
  const std::vector<Place> listed = place.json->is_array() ? items(place) : std::vector<Place>{place};
  if (place.json->is_array() && listed.empty()) refuse("empty", place.pointer, "no target", "Name a state.");
  for (const Place& item : listed) {
    const auto name = read_text(item, findings_);
    if (!name) continue;
    const int state = find_target(*name, from, within != nothing, item.pointer);
    if (state == nothing) continue;
    const auto& chart = workflow_.chart;
    if (within != nothing && !chart.is_descendant(state, within)) {
      const std::string where = within == root ? "the workflow" : in_quotes(chart.at(within).path);
      refuse("target", item.pointer, in_quotes(chart.at(state).path) + " does not lie in " + where,
             "Name a state that lies in it.");
      continue;
    }
    for (const int other : targets) {
      const bool nested = state == other || chart.is_descendant(state, other) || chart.is_descendant(other, state);
      if (!nested && chart.can_be_together(state, other)) continue;
      refuse("target", item.pointer,
             in_quotes(chart.at(other).path) + " and " + in_quotes(chart.at(state).path) + " cannot be entered together",
             "Name states in different regions of one parallel state, or one alone.");
    }
    targets.push_back(state);
  }
  return targets;
}

// By its name: beside `from` first, then beside each state that `from` lies in, then within `from`, then anywhere if it is the only one.
// ".a": within `from`. "a.b" goes down from there. `inside`: within `from` first.
int Reading::find_target(std::string_view name, int from, bool inside, const std::string& pointer) {
  const Chart& chart = workflow_.chart;
  if (name.starts_with('.')) {
    const int found = walk(chart, from, name.substr(1));
    if (found != nothing) return found;
    refuse("unknown_state", pointer, "there is no state " + in_quotes(name.substr(1)) + " in " + in_quotes(chart.at(from).path),
           suggest(name.substr(1), states_));
    return nothing;
  }
  if (inside)
    if (const int found = walk(chart, from, name); found != nothing) return found;
  for (int scope = chart.at(from).parent; scope != nothing; scope = chart.at(scope).parent)
    if (const int found = walk(chart, scope, name); found != nothing) return found;
  if (const int found = walk(chart, from, name); found != nothing) return found;
  std::vector<std::string> alike;
  int found = nothing;
  for (int state = root + 1; state < chart.size(); ++state) {
    const std::string& path = chart.at(state).path;
    if (chart.at(state).name != name && !path.ends_with("." + std::string(name))) continue;
    alike.push_back(path);
    found = state;
  }
  if (alike.size() == 1) return found;
  if (alike.empty()) {
    refuse("unknown_state", pointer, "there is no state " + in_quotes(name), suggest(name, states_));
  } else {
    refuse("unknown_state", pointer, "several states are called " + in_quotes(name),
           "Write its whole path: " + listed(alike) + ".");
  }
  return nothing;
}

}  // namespace redress::workflow
