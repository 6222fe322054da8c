// Reads the states: their transitions, actions, timers and the acts that they offer to people.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

const std::vector<std::string> verbs = {"commit", "cancel", "undo", "reply", "set", "escalate", "raise"};

Action::Kind kind_of(std::string_view verb) {
  const auto found = std::find(verbs.begin(), verbs.end(), verb);
  return static_cast<Action::Kind>(found - verbs.begin());
}
static_assert(static_cast<int>(Action::Kind::commit) == 0 && static_cast<int>(Action::Kind::raise) == 6);

}  // namespace

void Reading::read_states() {
  const statechart::Chart& chart = workflow_.chart;
  for (int state = statechart::root; state < chart.size(); ++state)
    workflow_.states.push_back(read_state(state, places_[static_cast<std::size_t>(state)]));
  const auto section = member(root_, "states");
  if (!section || !section->json->is_object()) return;
  if (section->json->empty()) refuse("empty", section->pointer, "there is no state", "Write at least one, and a final one.");
  const auto& outer = chart.at(statechart::root).children;
  const bool ends = std::any_of(outer.begin(), outer.end(), [&](int s) { return chart.at(s).kind == statechart::Kind::final; });
  if (!ends && !outer.empty() && !bare_) {
    refuse("no_final", section->pointer, "no state is final, so that no case can be resolved",
           "Add one: \"resolved\": { \"type\": \"final\" }.", Part::key);
  }
}

State Reading::read_state(int index, const Place& place) {
  const Keys keys{.required = {},
                  .optional = {"type", "states", "initial", "entry", "exit", "on", "after", "always", "onDone", "manual",
                               "history", "target", "actions", "title", "description"},
                  .not_yet = {}};
  State state;
  state.path = workflow_.chart.at(index).path;
  state.pointer = place.pointer;
  const Site site{.kind = Site::Kind::reacting, .descriptors = {}, .events = {}, .state = index};
  if (index == statechart::root) {
    if (const auto initial = member(place, "initial"); initial && initial->json->is_object()) read_begin(*initial, state, site);
    if (const auto on = member(place, "on")) state.on = read_handlers(*on, index);
  } else if (check_object(place, "a state", keys, findings_)) {
    read_content(place, state, site);
    if (workflow_.chart.at(index).kind == statechart::Kind::final) check_final(index, place);
  }
  return state;
}

void Reading::read_content(const Place& place, State& state, const Site& site) {
  if (const auto entry = member(place, "entry")) state.entry = read_actions(*entry, site);
  if (const auto exit = member(place, "exit")) state.exit = read_actions(*exit, site);
  if (const auto initial = member(place, "initial"); initial && initial->json->is_object()) read_begin(*initial, state, site);
  if (const auto actions = member(place, "actions")) state.begin = read_actions(*actions, site);
  if (const auto manual = member(place, "manual")) read_manual(*manual, state);
  if (const auto on = member(place, "on")) state.on = read_handlers(*on, site.state);
  if (const auto after = member(place, "after")) read_after(*after, state, site);
  if (const auto always = member(place, "always")) state.always = read_transitions(*always, site);
  if (const auto done = member(place, "onDone"))
    state.on.push_back({{"done.state." + state.path}, read_transitions(*done, site)});
}

// An initial transition written out: its target was read with the chart.
void Reading::read_begin(const Place& place, State& state, const Site& site) {
  const Keys keys{.required = {"target"}, .optional = {"actions", "description"}, .not_yet = {}};
  if (!check_object(place, "an initial transition", keys, findings_)) return;
  if (const auto actions = member(place, "actions")) state.begin = read_actions(*actions, site);
}

void Reading::check_final(int index, const Place& place) {
  const bool outer = workflow_.chart.at(index).parent == statechart::root;
  for (const char* key : {"on", "after", "always", "manual", "exit"}) {
    if (!place.json->contains(key) || (!outer && std::string_view(key) == "exit")) continue;
    refuse("final_state", place.pointer + "/" + key,
           outer ? "a final state is never left, so that " + in_quotes(key) + " has no meaning"
                 : "a final state does nothing more, so that " + in_quotes(key) + " has no meaning",
           outer ? "Remove it; what must still be taken stands in the workflow's own \"on\"."
                 : "Remove it; what comes next stands in the \"onDone\" of the state that it lies in.",
           Part::key);
  }
}

void Reading::read_manual(const Place& place, State& state) {
  if (!check_named(place, "acts by name", findings_)) return;
  for (const auto& [name, act] : members(place)) {
    check_name(name, act, "an act", findings_);
    const Keys keys{.required = {"role"}, .optional = {"form", "title", "description"}, .not_yet = {}};
    Manual manual;
    manual.name = name;
    if (check_object(act, "an act", keys, findings_)) {
      manual.role = read_id(act, "role", findings_).value_or("");
      const auto form = member(act, "form");
      if (form && form->json->is_object()) {
        for (const auto& [field, declared] : members(*form)) check_name(field, declared, "a field", findings_);
      }
      if (form) manual.form = read_fields(*form, "a field", findings_);
    }
    state.manual.push_back(std::move(manual));
  }
}

void Reading::read_after(const Place& place, State& state, const Site& site) {
  if (!check_named(place, "transitions by duration", findings_)) return;
  for (const auto& [duration, value] : members(place)) {
    const auto delay = duration_of(duration, value.pointer, Part::key, findings_);
    auto transitions = read_transitions(value, site);
    if (delay) state.after.push_back({*delay, std::move(transitions)});
  }
}

std::vector<Handler> Reading::read_handlers(const Place& place, int state) {
  std::vector<Handler> handlers;
  if (!check_named(place, "transitions by event", findings_)) return handlers;
  for (const auto& [events, value] : members(place)) {
    std::vector<std::string> descriptors = read_descriptors(events, value, state);
    const Site site{.kind = Site::Kind::reacting, .descriptors = descriptors, .events = {}, .state = state};
    handlers.push_back({std::move(descriptors), read_transitions(value, site)});
  }
  return handlers;
}

// One event or several, as in "refund.declined refund.failed". A state that is done is named as a target is.
std::vector<std::string> Reading::read_descriptors(const std::string& events, const Place& place, int state) {
  constexpr std::string_view done = "done.state.";
  std::vector<std::string> descriptors;
  std::istringstream words(events);
  for (std::string word; words >> word;) {
    if (word.starts_with(done)) {
      const int which = find_target(word.substr(done.size()), state, false, place.pointer);
      if (which == statechart::nothing) continue;
      word = std::string(done) + workflow_.chart.at(which).path;
    }
    awaited_.push_back({word, place.pointer, state});
    descriptors.push_back(std::move(word));
  }
  if (events.find_first_not_of(" \t\r\n") == std::string::npos)
    refuse("empty", place.pointer, "a transition for no event", "Name the event; or write \"always\".", Part::key);
  return descriptors;
}

std::vector<Transition> Reading::read_transitions(const Place& place, const Site& site) {
  std::vector<Transition> transitions;
  if (!place.json->is_array()) {
    if (auto transition = read_transition(place, site)) transitions.push_back(std::move(*transition));
    return transitions;
  }
  if (place.json->empty()) refuse("empty", place.pointer, "no transition", "Write one: { \"target\": \"...\" }.");
  bool always_taken = false;
  for (const Place& item : items(place)) {
    if (always_taken && !bare_) {  // A bare chart is run as it stands: SCXML takes the first, and allows the other.
      refuse("never_taken", item.pointer, "the transition before it has no guard, so that this one is never taken",
             "Give the one before a guard, or remove this one.");
    }
    always_taken = always_taken || (item.json->is_object() && !item.json->contains("guard"));
    if (auto transition = read_transition(item, site)) transitions.push_back(std::move(*transition));
  }
  return transitions;
}

std::optional<Transition> Reading::read_transition(const Place& place, const Site& site) {
  const Keys keys{.required = {}, .optional = {"guard", "target", "actions", "type", "description"}, .not_yet = {}};
  if (place.json->is_string()) {
    refuse("json_type", place.pointer, "this is a string", "Write { \"target\": \"...\" }.");
    return std::nullopt;
  }
  if (!check_object(place, "a transition", keys, findings_)) return std::nullopt;
  Transition transition;
  transition.pointer = place.pointer;
  transition.guard = read_condition(place, "guard", site);
  transition.source = site.state;
  if (const auto target = member(place, "target")) transition.targets = read_targets(*target, site.state, statechart::nothing);
  if (const auto type = read_string(place, "type", findings_)) {
    transition.internal = type == "internal";
    if (*type != "internal" && *type != "external") {
      refuse("unknown_type", place.pointer + "/type", "there is no transition of the type " + in_quotes(*type),
             "Write \"internal\", where the state itself is not left; or leave it away.");
    }
  }
  if (const auto actions = member(place, "actions")) transition.actions = read_actions(*actions, site);
  if (!place.json->contains("target") && !place.json->contains("actions")) {
    refuse("empty", place.pointer, "a transition that leads nowhere and does nothing", "Give it a \"target\" or \"actions\".");
  }
  return transition;
}

std::vector<Action> Reading::read_actions(const Place& place, const Site& site) {
  std::vector<Action> actions;
  if (!check_list(place, "actions, as in [ { \"reply\": \"...\" } ]", findings_)) return actions;
  for (const Place& item : items(place)) {
    if (auto action = read_action(item, site)) actions.push_back(std::move(*action));
  }
  return actions;
}

std::optional<Action> Reading::read_action(const Place& place, const Site& site) {
  const Keys keys{.required = {},
                  .optional = {verbs.begin(), verbs.end()},
                  .not_yet = {{"handoff", "Use \"reply\", and ask for a private message in its text."}}};
  if (!check_object(place, "an action", keys, findings_)) return std::nullopt;
  if (place.json->size() != 1) {
    refuse("action", place.pointer, "an action does one thing, and this has " + std::to_string(place.json->size()) + " keys",
           "Write one object for each: [ { \"commit\": ... }, { \"reply\": ... } ].");
    return std::nullopt;
  }
  const auto [verb, value] = members(place).front();
  if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) return std::nullopt;  // Found above.
  auto action = verb == "set" ? read_set(value, site) : read_named_action(verb, value);
  if (action) action->pointer = place.pointer;
  return action;
}

std::optional<Action> Reading::read_named_action(const std::string& verb, const Place& value) {
  const auto name = read_text(value, findings_);
  if (!name) return std::nullopt;
  Action action;
  action.kind = kind_of(verb);
  action.name = *name;
  if (bare_) return action;
  const bool of_commitment = verb == "commit" || verb == "cancel" || verb == "undo";
  if (of_commitment && !commitments_.contains(*name)) {
    refuse("unknown_commitment", value.pointer, "there is no commitment " + in_quotes(*name), suggest(*name, commitments_));
  } else if (verb == "reply" && !replies_.contains(*name)) {
    refuse("unknown_reply", value.pointer, "there is no reply " + in_quotes(*name), suggest(*name, replies_));
  } else if (verb == "escalate" && !is_id(*name)) {
    refuse("name", value.pointer, in_quotes(*name) + " is no name for a role", "Begin with a-z; then a-z, 0-9, - and _.");
  } else if (verb == "raise" && !is_name(*name)) {
    refuse("name", value.pointer, in_quotes(*name) + " is no name for an event of your own",
           "Begin with a-z; then a-z, 0-9 and _; no dots.");
  } else if (verb == "undo" && workflow_.find_commitment(*name)->undo.empty()) {
    refuse("undo", value.pointer, "the commitment " + in_quotes(*name) + " does not say how it is taken back",
           "Add \"undo\" to it, where its department has an action for that.");
  }
  if (verb == "commit") committed_.insert(*name);
  if (verb == "reply") replied_.insert(*name);
  if (verb == "raise") raised_.insert(*name);
  return action;
}

std::optional<Action> Reading::read_set(const Place& value, const Site& site) {
  if (!check_named(value, "fields of the data, as in { \"account\": \"event.form.account\" }", findings_)) return std::nullopt;
  Action action;
  action.kind = Action::Kind::set;
  for (const auto& [field, expression] : members(value)) read_assignment(field, expression, site, action);
  return action;
}

void Reading::read_assignment(const std::string& field, const Place& value, const Site& site, Action& action) {
  if (bare_) {
    if (auto expression = read_expression(value, site, nullptr)) action.values.emplace_back(field, std::move(*expression));
    return;
  }
  const auto declared = workflow_.data.fields->find(field);
  if (declared == workflow_.data.fields->end()) {
    if (!data_.contains(field)) {
      refuse("unknown_field", value.pointer, "the data has no field " + in_quotes(field), suggest(field, data_), Part::key);
    }
    return;
  }
  if (!value.json->is_string()) {
    return refuse("json_type", value.pointer, "this is " + std::string(json_kind(*value.json)),
                  "Write it as an expression in quotes: \"5\", \"true\", \"'text'\".");
  }
  auto expression = read_expression(
      value, site, [this, field, pointer = value.pointer, type = declared->second.type](const expression::Type& got) {
        want_type(type, got, pointer, in_quotes(field));
        if (got.private_ && !type.private_ && data_schema_) {
          refuse("privacy", pointer, "this is private, and " + in_quotes(field) + " is not",
                 "Mark the field \"private\": true in the data.");
        }
        if (got.length_max && type.length_max && *got.length_max > *type.length_max) {
          refuse("type", pointer,
                 "this can have " + std::to_string(*got.length_max) + " characters, and " + in_quotes(field) + " takes " +
                     std::to_string(*type.length_max),
                 "Give the field a larger maxLength.");
        }
      });
  if (expression) action.values.emplace_back(field, std::move(*expression));
}

}  // namespace redress::workflow
