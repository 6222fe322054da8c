// States first, then, when all names are known, what they do.
#include "statechart/random_chart.hpp"

#include <functional>
#include <vector>

namespace redress::statechart {
namespace {

class Maker {
 public:
  Maker(unsigned seed, bool after) : random_(seed), after_(after) {}

  Json make() {
    Json chart;
    chart["states"] = states(0, 2 + below(3), false);
    fill(chart);
    return chart;
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  bool one_in(int n) { return below(n) == 0; }

  Json states(int depth, int count, bool of_parallel) {
    Json made = Json::object();
    for (int i = 0; i < count; ++i) {
      const std::string name = "s" + std::to_string(next_++);
      Json state = Json::object();
      const int kind = below(10);
      if (depth < 3 && kind < 3) {
        state["states"] = states(depth + 1, 1 + below(3), false);
      } else if (depth < 3 && kind < 5) {
        state["type"] = "parallel";
        state["states"] = states(depth + 1, 2 + below(2), true);
      } else if (i > 0 && kind == 5 && !of_parallel) {
        state["type"] = "final";
      }
      made[name] = state;
    }
    if (depth > 0 && one_in(3)) {
      const std::string target = made.begin().key();
      made["s" + std::to_string(next_++)] = {
          {"type", "history"}, {"history", one_in(2) ? "deep" : "shallow"}, {"target", target}};
    }
    return made;
  }

  // Which states there are, with what each lies in.
  void collect(const Json& holder) {
    for (const auto& [name, state] : holder.at("states").items()) {
      names_.push_back(name);
      if (state.contains("states")) collect(state);
    }
  }

  void fill(Json& chart) {
    collect(chart);
    visit(chart, true);
  }

  void visit(Json& holder, bool top) {
    for (auto& [name, state] : holder.at("states").items()) {
      const std::string type = state.value("type", "");
      if (type == "history") continue;
      if (state.contains("states")) visit(state, false);
      if (one_in(2)) state["entry"] = block(name + "_in");
      if (one_in(2) && !(top && type == "final")) state["exit"] = block(name + "_out");  // Such a final state is never left.
      if (type == "final") continue;
      if (state.contains("states") && type.empty() && one_in(3)) begin_somewhere(state, name);
      Json on = Json::object();
      for (int i = 1 + below(4); i > 0; --i) on[event()] = transitions(name, state);
      if (!on.empty()) state["on"] = on;
      if (state.contains("states") && one_in(3)) state["onDone"] = transition(name, state);
      if (one_in(8)) state["always"] = guarded(transition(name, state));
      if (after_ && one_in(4)) state["after"] = {{"PT" + std::to_string(1 + below(5)) + "M", transition(name, state)}};
    }
  }

  void begin_somewhere(Json& state, const std::string& name) {
    std::vector<std::string> inner;
    const std::function<void(const Json&)> gather = [&](const Json& holder) {
      for (const auto& [child, value] : holder.at("states").items()) {
        if (value.value("type", "") == "history") continue;
        inner.push_back(child);
        if (value.contains("states")) gather(value);
      }
    };
    gather(state);
    const std::string target = inner[static_cast<std::size_t>(below(static_cast<int>(inner.size())))];
    if (one_in(2))
      state["initial"] = target;
    else
      state["initial"] = {{"target", target}, {"actions", block(name + "_begin")}};
  }

  std::string event() { return "e" + std::to_string(below(4)); }

  Json block(const std::string& name) {
    Json actions = Json::array({{{"escalate", name}}});
    if (one_in(6)) actions.push_back({{"raise", "r" + std::to_string(below(2))}});
    if (one_in(8)) actions.push_back({{"set", {{"n", "has(case.n) ? case.n + 1 : 1"}}}});
    return actions;
  }

  Json transitions(const std::string& name, const Json& state) {
    if (one_in(2)) return transition(name, state);
    return Json::array({guarded(transition(name, state)), transition(name, state)});
  }

  Json guarded(Json transition) {
    const std::string in = names_[static_cast<std::size_t>(below(static_cast<int>(names_.size())))];
    transition["x-in"] = in;
    transition["guard"] = "case.configuration.exists(s, s == '" + in + "' || s.endsWith('." + in + "'))";
    return transition;
  }

  Json transition(const std::string& name, const Json& state) {
    Json made = Json::object();
    if (!one_in(5)) made["target"] = targets(state);
    if (one_in(3)) made["type"] = "internal";
    made["actions"] = block(name + "_t" + std::to_string(next_action_++));
    return made;
  }

  // Mostly one state; where the source is parallel, sometimes one in each of two regions.
  Json targets(const Json& state) {
    if (state.value("type", "") == "parallel" && one_in(2)) {
      Json both = Json::array();
      for (const auto& [region, value] : state.at("states").items()) {
        if (value.value("type", "") == "history") continue;
        both.push_back(value.contains("states") ? value.at("states").begin().key() : region);
        if (both.size() == 2) break;
      }
      return both;
    }
    return names_[static_cast<std::size_t>(below(static_cast<int>(names_.size())))];
  }

  std::mt19937 random_;
  bool after_;
  int next_ = 0, next_action_ = 0;
  std::vector<std::string> names_;
};

void strip(Json& json) {
  if (json.is_object()) json.erase("x-in");
  if (json.is_structured())
    for (auto& each : json) strip(each);
}

}  // namespace

Json random_chart(unsigned seed, bool after) { return Maker(seed, after).make(); }

std::string random_event(std::mt19937& random) {
  const auto which = random() % 9;
  return which < 8 ? "e" + std::to_string(which / 2) : "r0";
}

std::string as_workflow(Json chart) {
  strip(chart);
  return chart.dump(1);
}

}  // namespace redress::statechart
