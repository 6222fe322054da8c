// Reads the states: their transitions, actions, timers and the acts that they offer to people.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

constexpr std::string_view flat_mend = "Write the inner states beside the outer ones, as states of their own.";

const std::vector<std::string> verbs = {"commit", "cancel", "undo", "reply", "set", "escalate", "raise"};

Action::Kind kind_of(std::string_view verb) {
  const auto found = std::find(verbs.begin(), verbs.end(), verb);
  return static_cast<Action::Kind>(found - verbs.begin());
}
static_assert(static_cast<int>(Action::Kind::commit) == 0 && static_cast<int>(Action::Kind::raise) == 6);

}  // namespace

void Reading::read_states() {
  const auto section = member(root_, "states");
  if (!section || !section->json->is_object()) return;
  if (section->json->empty()) refuse("empty", section->pointer, "there is no state", "Write at least one, and a final one.");
  for (const auto& [name, place] : members(*section)) read_state(name, place);
  const bool ends = std::any_of(workflow_.states.begin(), workflow_.states.end(), [](const State& s) { return s.final; });
  if (!ends && !section->json->empty()) {
    refuse("no_final", section->pointer, "no state is final, so that no case can be resolved",
           "Add one: \"resolved\": { \"type\": \"final\" }.", Part::key);
  }
}

void Reading::read_state(const std::string& name, const Place& place) {
  const Keys keys{.required = {},
                  .optional = {"type", "entry", "exit", "on", "after", "manual", "title", "description"},
                  .not_yet = {{"states", flat_mend},
                              {"initial", flat_mend},
                              {"history", "Name the state to go back to as the target."},
                              {"always", "Put the guards on the transitions that lead here."},
                              {"onDone", "Give the inner final state's transition this target."}}};
  State state;
  state.name = name;
  if (check_object(place, "a state", keys, findings_)) {
    const auto type = read_string(place, "type", findings_);
    state.final = type == "final";
    if (type == "parallel" || type == "history") {
      refuse("not_yet", place.pointer + "/type", "this version does not run " + *type + " states", std::string(flat_mend));
    } else if (type && !state.final) {
      refuse("unknown_type", place.pointer + "/type", "there is no type " + in_quotes(*type),
             "Write \"final\", or leave it away.");
    }
    const Site site{.kind = Site::Kind::reacting, .event = {}, .state = name};
    if (const auto entry = member(place, "entry")) state.entry = read_actions(*entry, site);
    if (const auto exit = member(place, "exit")) state.exit = read_actions(*exit, site);
    if (const auto manual = member(place, "manual")) read_manual(*manual, state);
    if (const auto on = member(place, "on")) state.on = read_handlers(*on, name);
    if (const auto after = member(place, "after")) read_after(*after, state);
    if (state.final) check_final(place);
  }
  workflow_.states.push_back(std::move(state));
}

void Reading::check_final(const Place& place) {
  for (const char* key : {"on", "after", "manual", "exit"}) {
    if (!place.json->contains(key)) continue;
    refuse("final_state", place.pointer + "/" + key,
           "a final state is never left, so that " + in_quotes(key) + " has no meaning",
           "Remove it; what must still be taken stands in the workflow's own \"on\".", Part::key);
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

void Reading::read_after(const Place& place, State& state) {
  if (!check_named(place, "transitions by duration", findings_)) return;
  for (const auto& [duration, value] : members(place)) {
    const auto delay = duration_of(duration, value.pointer, Part::key, findings_);
    auto transitions = read_transitions(value, {.kind = Site::Kind::reacting, .event = {}, .state = state.name});
    if (delay) state.after.push_back({*delay, std::move(transitions)});
  }
}

std::vector<Handler> Reading::read_handlers(const Place& place, const std::optional<std::string>& state) {
  std::vector<Handler> handlers;
  if (!check_named(place, "transitions by event", findings_)) return handlers;
  for (const auto& [event, value] : members(place)) {
    awaited_.push_back({event, value.pointer, state});
    handlers.push_back({event, read_transitions(value, {.kind = Site::Kind::reacting, .event = event, .state = state})});
  }
  return handlers;
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
    if (always_taken) {
      refuse("never_taken", item.pointer, "the transition before it has no guard, so that this one is never taken",
             "Give the one before a guard, or remove this one.");
    }
    always_taken = always_taken || (item.json->is_object() && !item.json->contains("guard"));
    if (auto transition = read_transition(item, site)) transitions.push_back(std::move(*transition));
  }
  return transitions;
}

std::optional<Transition> Reading::read_transition(const Place& place, const Site& site) {
  const Keys keys{.required = {}, .optional = {"guard", "target", "actions", "description"}, .not_yet = {}};
  if (place.json->is_string()) {
    refuse("json_type", place.pointer, "this is a string", "Write { \"target\": \"...\" }.");
    return std::nullopt;
  }
  if (!check_object(place, "a transition", keys, findings_)) return std::nullopt;
  Transition transition;
  transition.pointer = place.pointer;
  transition.guard = read_condition(place, "guard", site);
  transition.target = read_target(place);
  if (const auto actions = member(place, "actions")) transition.actions = read_actions(*actions, site);
  if (!place.json->contains("target") && !place.json->contains("actions")) {
    refuse("empty", place.pointer, "a transition that leads nowhere and does nothing", "Give it a \"target\" or \"actions\".");
  }
  return transition;
}

std::string Reading::read_target(const Place& object) {
  const auto target = read_string(object, "target", findings_);
  if (!target || states_.contains(*target)) return target.value_or("");
  refuse("unknown_state", object.pointer + "/target", "there is no state " + in_quotes(*target), suggest(*target, states_));
  return {};
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
