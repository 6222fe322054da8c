// The bare statechart, run: SCXML's main loop with the expressions of the language, and time that is told.
#include "redress/stepper.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/time.hpp"
#include "redress/limits.hpp"
#include "statechart/steps.hpp"
#include "workflow/findings.hpp"
#include "workflow/names.hpp"
#include "workflow/workflow.hpp"

namespace redress {
namespace {

using expression::Map;
using expression::Timestamp;
using expression::Value;
using workflow::Action;
using workflow::State;
using workflow::Transition;
using Moves = std::vector<const statechart::Move*>;

struct Event {
  std::string name;
  Json data;  // null: none.
};

// What lasts between steps.
struct Rest {
  statechart::Memory memory;
  Json data = Json::object();
  std::map<std::pair<int, std::size_t>, std::int64_t> timers;  // By state and index of its `after`: when it is due.
  std::int64_t now_ms = 0;
  bool ended = false;  // In a top-level final state: SCXML's interpreter exits.
};

constexpr std::string_view verb_names[] = {"commit", "cancel", "undo", "reply", "set", "escalate", "raise"};

struct Run : statechart::Host {
  explicit Run(workflow::Workflow read) : workflow(std::move(read)) {}

  workflow::Workflow workflow;
  Rest rest;

  // Of the step that is being taken.
  std::deque<Event> internal;
  const Event* event = nullptr;
  Json raised = Json::array(), actions = Json::array();
  statechart::Steps* steps = nullptr;

  // ---- expressions ----
  [[nodiscard]] Value event_value() const {
    Map map{{"name", event->name}, {"at", Timestamp::of_ms(rest.now_ms)}};
    if (event->data.is_null()) return map;
    map.emplace_back("data", expression::from_json(event->data));
    if (!event->data.is_object()) return map;
    for (const auto& [name, value] : event->data.items())
      if (name != "name" && name != "at" && name != "data") map.emplace_back(name, expression::from_json(value));
    if (!event->data.contains("form")) map.emplace_back("form", expression::from_json(event->data));
    return map;
  }

  [[nodiscard]] Value case_value() const {
    Map map;
    expression::List configuration;
    for (const int state : rest.memory.active) configuration.push_back(workflow.state(state).path);
    map.emplace_back("configuration", std::move(configuration));
    for (const auto& [name, value] : rest.data.items()) map.emplace_back(name, expression::from_json(value));
    return map;
  }

  [[nodiscard]] expression::Lookup scope() const {
    return [this](std::string_view name) -> std::optional<Value> {
      if (name == "now") return Timestamp::of_ms(rest.now_ms);
      if (name == "event") return event_value();
      if (name == "case") return case_value();
      return std::nullopt;
    };
  }

  void raise(std::string name, Json data = nullptr) {
    raised.push_back(name);
    internal.push_back({std::move(name), std::move(data)});
  }

  bool holds(const Transition& transition) {
    if (!transition.guard) return true;
    const auto value = transition.guard->evaluate(scope());
    if (!value) raise("error.expression", {{"reason", transition.pointer + ": " + value.error().message}});
    return value && value->get_if<bool>() != nullptr && *value->get_if<bool>();
  }

  // ---- what happens on the way ----
  bool run(const Action& action) {
    if (action.kind == Action::Kind::raise) {
      raise(action.name);
    } else if (action.kind == Action::Kind::set) {
      for (const auto& [field, value_of] : action.values) {
        const auto value = value_of.evaluate(scope());
        if (!value) {
          raise("error.expression", {{"reason", action.pointer + ": " + value.error().message}});
          return false;
        }
        rest.data[field] = expression::to_json(*value);
      }
    } else {
      actions.push_back({{std::string(verb_names[static_cast<std::size_t>(action.kind)]), action.name}});
    }
    return true;
  }

  // An action whose expression fails ends its block.
  void run_block(const std::vector<Action>& block) {
    for (const Action& action : block)
      if (!run(action)) return;
  }

  void leave(int state) override {
    run_block(workflow.state(state).exit);
    std::erase_if(rest.timers, [&](const auto& timer) { return timer.first.first == state; });
  }
  void pass(const statechart::Move& move) override { run_block(static_cast<const Transition&>(move).actions); }
  void enter(int state) override {
    run_block(workflow.state(state).entry);
    const auto& after = workflow.state(state).after;
    for (std::size_t i = 0; i < after.size(); ++i) rest.timers[{state, i}] = rest.now_ms + after[i].delay_ms;
  }
  void begin(int state) override { run_block(workflow.state(state).begin); }
  void done(int state) override {
    if (state == statechart::root)
      rest.ended = true;
    else
      raise("done.state." + workflow.state(state).path);
  }

  // ---- which transitions ----
  const Transition* first(const std::vector<Transition>& transitions) {
    for (const Transition& transition : transitions)
      if (holds(transition)) return &transition;
    return nullptr;
  }

  const Transition* handled(const std::vector<workflow::Handler>& handlers) {
    for (const workflow::Handler& handler : handlers) {
      if (!handler.takes(event->name)) continue;
      if (const Transition* transition = first(handler.transitions)) return transition;
    }
    return nullptr;
  }

  void take(const Moves& moves) { statechart::microstep(workflow.chart, rest.memory, moves, *this); }

  void count(const std::string& step) {
    if (const auto loop = steps->count(step)) throw Error{Code::invalid, *loop};
  }

  void take_always() {
    while (!rest.ended) {
      const Moves moves = statechart::select(workflow.chart, rest.memory,
                                             [&](int state) { return first(workflow.state(state).always); });
      if (moves.empty()) return;
      for (const statechart::Move* move : moves) count(static_cast<const Transition*>(move)->pointer);
      take(moves);
    }
  }

  void react() {
    Moves moves = statechart::select(workflow.chart, rest.memory, [&](int state) { return handled(workflow.state(state).on); });
    if (moves.empty()) {
      if (const Transition* wide = handled(workflow.root().on)) moves = {wide};
    }
    if (!moves.empty()) take(moves);
  }

  // Until nothing is left to do.
  void come_to_rest() {
    take_always();
    while (!rest.ended && !internal.empty()) {
      const Event current = std::move(internal.front());
      internal.pop_front();
      event = &current;
      count(current.name);
      react();
      take_always();
    }
    internal.clear();
  }

  void enter_initial() {
    Transition initial;
    initial.targets = workflow.chart.at(statechart::root).initial;
    initial.actions = workflow.root().begin;
    take({&initial});
    come_to_rest();
  }

  void fire(int state, std::size_t index) {
    rest.timers.erase({state, index});
    const std::vector<Transition>& transitions = workflow.state(state).after[index].transitions;
    const Moves moves = statechart::select(workflow.chart, rest.memory,
                                           [&](int asked) { return asked == state ? first(transitions) : nullptr; });
    if (!moves.empty()) take(moves);
    come_to_rest();
  }

  // Earliest first; at one instant in document order.
  void advance(std::int64_t by_ms) {
    const std::int64_t until_ms = rest.now_ms + by_ms;
    while (!rest.ended) {
      const auto next = std::min_element(rest.timers.begin(), rest.timers.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
      if (next == rest.timers.end() || next->second > until_ms) break;
      rest.now_ms = next->second;
      const auto [state, index] = next->first;
      const Event due{"after:" + workflow.state(state).path + ":" + std::to_string(index), nullptr};
      event = &due;
      count(due.name);
      fire(state, index);
    }
    rest.now_ms = until_ms;
  }

  // Runs `body` as one step: what fails has changed nothing.
  template <class Body>
  Result<void> attempt(Body body) {
    statechart::Steps counted;
    const Event nobody{"", nullptr};
    const Rest before = rest;
    raised = Json::array();
    actions = Json::array();
    steps = &counted;
    event = &nobody;
    try {
      body();
      return {};
    } catch (const Error& error) {
      rest = before;
      internal.clear();
      return error;
    }
  }

  [[nodiscard]] Json paths(const std::vector<int>& states) const {
    Json out = Json::array();
    for (const int state : states) out.push_back(workflow.state(state).path);
    return out;
  }

  [[nodiscard]] std::string told() const {
    Json out = {{"configuration", paths(statechart::atomic_states(workflow.chart, rest.memory))}, {"raised", raised}};
    if (!actions.empty()) out["actions"] = actions;
    if (!rest.data.empty()) out["data"] = rest.data;
    return base::dump_json(out);
  }
};

struct Line {
  std::string event;
  Json data;
  std::int64_t advance_ms = 0;
};

Result<Line> read_line(std::string_view text) {
  const auto json = base::parse_json(text, limits::document_bytes_max);
  if (!json) return json.error();
  if (!json->is_object()) return {Code::invalid, "a step is an object, as {\"event\": \"paid\"}"};
  Line line;
  for (const auto& [key, value] : json->items()) {
    if (key == "event" && value.is_string()) {
      line.event = value.get<std::string>();
    } else if (key == "data") {
      line.data = value;
    } else if (key == "advance" && value.is_string() && base::parse_duration(value.get<std::string>())) {
      line.advance_ms = *base::parse_duration(value.get<std::string>());
    } else {
      return {Code::invalid, "a step has \"event\", a name, \"data\", and \"advance\", a duration as PT5M; not " +
                                 workflow::in_quotes(key) + ": " + workflow::in_quotes(base::dump_json(value))};
    }
  }
  return line;
}

class BareStepper : public Stepper {
 public:
  explicit BareStepper(workflow::Workflow workflow) : run_(std::move(workflow)) {}

  Result<void> begin() {
    return run_.attempt([this] { run_.enter_initial(); });
  }

  Result<std::string> step(std::string_view text) override {
    const auto line = read_line(text);
    if (!line) return line.error();
    const auto done = run_.attempt([&] {
      run_.advance(line->advance_ms);
      if (line->event.empty() || run_.rest.ended) return;
      const Event event{line->event, line->data};
      run_.event = &event;
      run_.count(event.name);
      run_.react();
      run_.come_to_rest();
    });
    if (!done) return done.error();
    return run_.told();
  }

  std::string save() const override {
    const Rest& rest = run_.rest;
    Json history = Json::object(), timers = Json::array();
    for (const auto& [state, behind] : rest.memory.history) history[path_of(state)] = run_.paths(behind);
    for (const auto& [timer, due_ms] : rest.timers)
      timers.push_back({{"state", path_of(timer.first)}, {"after", timer.second}, {"due_at_ms", due_ms}});
    return base::dump_json({{"workflow", run_.workflow.hash},
                            {"configuration", run_.paths(statechart::atomic_states(run_.workflow.chart, rest.memory))},
                            {"history", history},
                            {"data", rest.data},
                            {"timers", timers},
                            {"now_ms", rest.now_ms},
                            {"ended", rest.ended}});
  }

  Result<void> restore(std::string_view saved) override {
    const auto json = base::parse_json(saved, limits::document_bytes_max);
    if (!json) return json.error();
    if (!json->is_object() || json->value("workflow", Json()) != Json(run_.workflow.hash))
      return {Code::invalid, "what is restored was not saved of this workflow"};
    try {
      run_.rest = read_rest(*json);
    } catch (const nlohmann::json::exception& error) {
      return {Code::invalid, std::string("what is restored was changed since it was saved: ") + error.what()};
    }
    return {};
  }

 private:
  const std::string& path_of(int state) const { return run_.workflow.state(state).path; }

  // Throws what nlohmann/json throws, also for a state that is not there.
  Rest read_rest(const Json& json) const {
    const statechart::Chart& chart = run_.workflow.chart;
    const auto state_of = [&](const Json& path) {
      const int state = chart.find(path.get<std::string>());
      if (state == statechart::nothing) throw nlohmann::json::out_of_range::create(403, "no state " + path.dump(), &json);
      return state;
    };
    const auto states_of = [&](const Json& paths) {
      std::vector<int> states;
      for (const Json& path : paths) states.push_back(state_of(path));
      return states;
    };
    Rest rest;
    rest.memory.active = statechart::with_ancestors(chart, states_of(json.at("configuration")));
    for (const auto& [path, behind] : json.at("history").items()) rest.memory.history[state_of(path)] = states_of(behind);
    for (const Json& timer : json.at("timers")) {
      const int state = state_of(timer.at("state"));
      const auto index = timer.at("after").get<std::size_t>();
      if (index >= run_.workflow.state(state).after.size())
        throw nlohmann::json::out_of_range::create(401, "no timer " + std::to_string(index), &json);
      rest.timers[{state, index}] = timer.at("due_at_ms").get<std::int64_t>();
    }
    rest.data = json.at("data");
    rest.now_ms = json.at("now_ms").get<std::int64_t>();
    rest.ended = json.at("ended").get<bool>();
    return rest;
  }

  Run run_;
};

}  // namespace

Result<std::unique_ptr<Stepper>> Stepper::open(std::string_view text) {
  workflow::Checked checked = workflow::read_bare_workflow(text, "workflow");
  if (!checked.workflow) return {Code::invalid, workflow::in_lines(checked.findings)};
  auto stepper = std::make_unique<BareStepper>(std::move(*checked.workflow));
  if (const auto begun = stepper->begin(); !begun) return begun.error();
  return std::unique_ptr<Stepper>(std::move(stepper));
}

}  // namespace redress
