// The names of the procedures are those of Appendix D, "Algorithm for SCXML Interpretation", in this language's spelling.
#include "statechart/reference.hpp"

#include <algorithm>

namespace redress::statechart {
namespace {
constexpr int steps_max = 1'000;
const Json no_actions = Json::array();

const Json& member(const Json& json, const char* key) {
  static const Json nothing;
  return json.contains(key) ? json.at(key) : nothing;
}
}  // namespace

Reference::Reference(const Json& chart) {
  (void)add("", chart, -1);
  // Names are known only now.
  const std::function<void(int, const Json&)> fill = [&](int state, const Json& json) {
    add_transitions(state, json);
    std::size_t i = 0;
    for (const auto& [name, inner] : member(json, "states").items()) fill(at(state).children[i++], inner);
  };
  fill(0, chart);
}

int Reference::add(const std::string& name, const Json& json, int parent) {
  const int index = static_cast<int>(states_.size());
  State state;
  state.name = name;
  state.path = parent <= 0 ? name : at(parent).path + "." + name;
  state.parent = parent;
  state.type = json.contains("type") ? json.at("type").get<std::string>() : json.contains("states") ? "compound" : "atomic";
  state.deep = member(json, "history") == "deep";
  if (json.contains("entry")) state.entry = json.at("entry");
  if (json.contains("exit")) state.exit = json.at("exit");
  states_.push_back(state);
  for (const auto& [inner, value] : member(json, "states").items()) {
    const int child = add(inner, value, index);
    states_[static_cast<std::size_t>(index)].children.push_back(child);
  }
  return index;
}

std::vector<int> Reference::named(const Json& target) const {
  std::vector<int> found;
  for (const Json& name : target.is_array() ? target : Json::array({target}))
    for (std::size_t i = 0; i < states_.size(); ++i)
      if (states_[i].name == name) found.push_back(static_cast<int>(i));
  return found;
}

Reference::Transition Reference::transition(int source, const std::string& event, const Json& json) const {
  Transition made;
  made.source = source;
  made.event = event;
  made.in = json.value("x-in", "");
  if (json.contains("target")) made.targets = named(json.at("target"));
  made.internal = member(json, "type") == "internal";
  if (json.contains("actions")) made.actions = json.at("actions");
  return made;
}

void Reference::add_transitions(int index, const Json& json) {
  State& state = states_[static_cast<std::size_t>(index)];
  const auto all = [&](const std::string& event, const Json& value) {
    for (const Json& each : value.is_array() ? value : Json::array({value}))
      state.transitions.push_back(transition(index, event, each));
  };
  for (const auto& [event, value] : member(json, "on").items()) all(event, value);
  if (json.contains("onDone")) all("done.state." + state.path, json.at("onDone"));
  if (json.contains("always")) all("", json.at("always"));
  if (state.type == "compound") {
    const Json& initial = member(json, "initial");
    state.initial = initial.is_object() ? transition(index, "", initial) : Transition{};
    state.initial.source = index;
    if (initial.is_string() || initial.is_array()) state.initial.targets = named(initial);
    if (initial.is_null()) state.initial.targets = {child_states(index).front()};
  }
  if (state.type == "history") state.initial = transition(index, "", {{"target", json.at("target")}});
}

bool Reference::is_descendant(int state, int of) const {
  for (int outer = at(state).parent; outer >= 0; outer = at(outer).parent)
    if (outer == of) return true;
  return false;
}

std::vector<int> Reference::proper_ancestors(int state, int until) const {
  std::vector<int> found;
  for (int outer = at(state).parent; outer >= 0 && outer != until; outer = at(outer).parent) found.push_back(outer);
  return found;
}

std::vector<int> Reference::child_states(int state) const {
  std::vector<int> found;
  for (const int child : at(state).children)
    if (at(child).type != "history") found.push_back(child);
  return found;
}

void Reference::begin() {
  raised.clear();
  actions.clear();
  enter_states({&states_[0].initial});
  macrostep();
}

void Reference::send(const std::string& event) {
  raised.clear();
  actions.clear();
  steps_ = 0;
  const auto enabled = select(event);
  if (!enabled.empty()) microstep(enabled);
  macrostep();
}

// mainEventLoop, without what waits for external events.
void Reference::macrostep() {
  while (running_ && !endless_) {
    auto enabled = select_eventless();
    if (enabled.empty()) {
      if (internal_.empty()) return;
      const std::string event = internal_.front();
      internal_.pop_front();
      ++steps_;
      enabled = select(event);
    }
    steps_ += static_cast<int>(enabled.size());
    endless_ = steps_ > steps_max;
    if (!enabled.empty() && !endless_) microstep(enabled);
  }
}

template <class Matches>
std::vector<const Reference::Transition*> Reference::select_by(Matches matches) const {
  std::vector<const Transition*> enabled;
  for (const int state : configuration_) {
    if (at(state).type != "atomic" && at(state).type != "final") continue;
    std::vector<int> chain = proper_ancestors(state, -1);
    chain.insert(chain.begin(), state);
    bool found = false;
    for (const int each : chain) {
      for (const Transition& transition : at(each).transitions) {
        const bool in = transition.in.empty() || configuration_.contains(named(transition.in).front());
        if (found || !matches(transition) || !in) continue;
        if (std::find(enabled.begin(), enabled.end(), &transition) == enabled.end()) enabled.push_back(&transition);
        found = true;
      }
      if (found) break;
    }
  }
  return remove_conflicting(enabled);
}

std::vector<const Reference::Transition*> Reference::select_eventless() const {
  return select_by([](const Transition& transition) { return transition.event.empty(); });
}

std::vector<const Reference::Transition*> Reference::select(const std::string& event) const {
  return select_by([&](const Transition& transition) { return transition.event == event; });
}

std::vector<const Reference::Transition*> Reference::remove_conflicting(const std::vector<const Transition*>& enabled) const {
  std::vector<const Transition*> filtered;
  for (const Transition* t1 : enabled) {
    bool preempted = false;
    std::vector<const Transition*> to_remove;
    for (const Transition* t2 : filtered) {
      const std::set<int> one = exit_set({t1}), two = exit_set({t2});
      const bool intersect = std::any_of(one.begin(), one.end(), [&](int state) { return two.contains(state); });
      if (!intersect) continue;
      if (is_descendant(t1->source, t2->source)) {
        to_remove.push_back(t2);
      } else {
        preempted = true;
        break;
      }
    }
    if (preempted) continue;
    for (const Transition* t3 : to_remove) std::erase(filtered, t3);
    filtered.push_back(t1);
  }
  return filtered;
}

void Reference::microstep(const std::vector<const Transition*>& enabled) {
  exit_states(enabled);
  for (const Transition* transition : enabled) execute(transition->actions);
  enter_states(enabled);
}

std::set<int> Reference::exit_set(const std::vector<const Transition*>& transitions) const {
  std::set<int> exit;
  for (const Transition* transition : transitions) {
    if (transition->targets.empty()) continue;
    const int around = domain(*transition);
    for (const int state : configuration_)
      if (is_descendant(state, around)) exit.insert(state);
  }
  return exit;
}

void Reference::exit_states(const std::vector<const Transition*>& enabled) {
  const std::set<int> exit = exit_set(enabled);
  for (auto state = exit.rbegin(); state != exit.rend(); ++state) {
    for (const int history : at(*state).children) {
      if (at(history).type != "history") continue;
      std::set<int> remembered;
      for (const int active : configuration_) {
        const bool atomic = at(active).type == "atomic" || at(active).type == "final";
        if (at(history).deep ? atomic && is_descendant(active, *state) : at(active).parent == *state) remembered.insert(active);
      }
      history_[history] = remembered;
    }
  }
  for (auto state = exit.rbegin(); state != exit.rend(); ++state) {
    execute(at(*state).exit);
    configuration_.erase(*state);
  }
}

void Reference::enter_states(const std::vector<const Transition*>& enabled) {
  std::set<int> entry, default_entry;
  std::map<int, const Transition*> history_content;
  for (const Transition* transition : enabled) {
    for (const int target : transition->targets) add_descendants(target, entry, default_entry, history_content);
    const int ancestor = domain(*transition);
    for (const int state : effective_targets(*transition))
      add_ancestors(state, ancestor, entry, default_entry, history_content);
  }
  for (const int state : entry) {
    configuration_.insert(state);
    execute(at(state).entry);
    if (default_entry.contains(state)) execute(at(state).initial.actions);
    if (history_content.contains(state)) execute(history_content.at(state)->actions);
    if (at(state).type != "final") continue;
    const int parent = at(state).parent;
    if (parent == 0) {
      running_ = false;
    } else {
      raise("done.state." + at(parent).path);
      const int grandparent = at(parent).parent;
      const auto children = child_states(grandparent);
      const bool all = std::all_of(children.begin(), children.end(), [&](int child) { return is_in_final_state(child); });
      if (at(grandparent).type == "parallel" && all) raise("done.state." + at(grandparent).path);
    }
  }
}

void Reference::add_descendants(int state, std::set<int>& entry, std::set<int>& default_entry,
                                std::map<int, const Transition*>& history_content) {
  if (at(state).type == "history") {
    const int parent = at(state).parent;
    if (history_.contains(state)) {
      for (const int each : history_.at(state)) add_descendants(each, entry, default_entry, history_content);
      for (const int each : history_.at(state)) add_ancestors(each, parent, entry, default_entry, history_content);
    } else {
      history_content[parent] = &at(state).initial;
      for (const int each : at(state).initial.targets) add_descendants(each, entry, default_entry, history_content);
      for (const int each : at(state).initial.targets) add_ancestors(each, parent, entry, default_entry, history_content);
    }
    return;
  }
  entry.insert(state);
  if (is_compound(state)) {
    default_entry.insert(state);
    for (const int each : at(state).initial.targets) add_descendants(each, entry, default_entry, history_content);
    for (const int each : at(state).initial.targets) add_ancestors(each, state, entry, default_entry, history_content);
  } else if (at(state).type == "parallel") {
    for (const int child : child_states(state)) {
      const bool some = std::any_of(entry.begin(), entry.end(), [&](int each) { return is_descendant(each, child); });
      if (!some) add_descendants(child, entry, default_entry, history_content);
    }
  }
}

void Reference::add_ancestors(int state, int ancestor, std::set<int>& entry, std::set<int>& default_entry,
                              std::map<int, const Transition*>& history_content) {
  for (const int outer : proper_ancestors(state, ancestor)) {
    if (outer == 0) continue;  // The chart itself is no state.
    entry.insert(outer);
    if (at(outer).type != "parallel") continue;
    for (const int child : child_states(outer)) {
      const bool some = std::any_of(entry.begin(), entry.end(), [&](int each) { return is_descendant(each, child); });
      if (!some) add_descendants(child, entry, default_entry, history_content);
    }
  }
}

std::vector<int> Reference::effective_targets(const Transition& transition) const {
  std::set<int> targets;
  for (const int target : transition.targets) {
    if (at(target).type != "history") {
      targets.insert(target);
    } else if (history_.contains(target)) {
      targets.insert(history_.at(target).begin(), history_.at(target).end());
    } else {
      const auto behind = effective_targets(at(target).initial);
      targets.insert(behind.begin(), behind.end());
    }
  }
  return {targets.begin(), targets.end()};
}

// getTransitionDomain, and findLCCA within.
int Reference::domain(const Transition& transition) const {
  const std::vector<int> targets = effective_targets(transition);
  const auto all_in = [&](int outer) {
    return std::all_of(targets.begin(), targets.end(), [&](int target) { return is_descendant(target, outer); });
  };
  if (transition.internal && is_compound(transition.source) && all_in(transition.source)) return transition.source;
  for (const int outer : proper_ancestors(transition.source, -1))
    if ((is_compound(outer) || outer == 0) && all_in(outer)) return outer;
  return 0;
}

bool Reference::is_in_final_state(int state) const {
  const auto children = child_states(state);
  if (is_compound(state))
    return std::any_of(children.begin(), children.end(),
                       [&](int child) { return at(child).type == "final" && configuration_.contains(child); });
  if (at(state).type == "parallel")
    return std::all_of(children.begin(), children.end(), [&](int child) { return is_in_final_state(child); });
  return false;
}

void Reference::execute(const Json& block) {
  for (const Json& action : block) {
    if (action.contains("raise")) raise(action.at("raise"));
    if (action.contains("escalate")) actions.push_back(action.at("escalate"));
    if (action.contains("set")) ++count;
  }
}

void Reference::raise(const std::string& event) {
  raised.push_back(event);
  internal_.push_back(event);
}

Json Reference::configuration() const {
  Json paths = Json::array();
  for (const int state : configuration_)
    if (at(state).type == "atomic" || at(state).type == "final") paths.push_back(at(state).path);
  return paths;
}

}  // namespace redress::statechart
