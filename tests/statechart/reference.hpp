// A Reference interprets the random charts of these tests as W3C SCXML's Appendix D is written, procedure by procedure, and
// shares nothing with the engine. It is slow and knows only what the charts have.
#pragma once
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace redress::statechart {

using Json = nlohmann::ordered_json;

class Reference {
 public:
  // A chart as random_chart() makes them: state names are unique, targets are names, guards are "in" a state or absent.
  explicit Reference(const Json& chart);

  void begin();
  void send(const std::string& event);

  [[nodiscard]] bool is_running() const { return running_; }
  [[nodiscard]] bool is_endless() const { return endless_; }  // It went on without waiting, and was stopped.
  // As Stepper's answer says them, of what begin() or send() did last.
  [[nodiscard]] Json configuration() const;
  std::vector<std::string> raised, actions;
  int count = 0;  // What `set` counts.

 private:
  struct Transition {
    int source = 0;
    std::string event;  // Empty: without one.
    std::string in;     // The state that must be active; empty: no guard.
    std::vector<int> targets;
    bool internal = false;
    Json actions = Json::array();
  };
  struct State {
    std::string name, path, type;
    int parent = -1;
    bool deep = false;
    std::vector<int> children;
    std::vector<Transition> transitions;
    Transition initial;  // Of a compound state, or of a history state.
    Json entry = Json::array(), exit = Json::array();
  };

  int add(const std::string& name, const Json& json, int parent);
  void add_transitions(int state, const Json& json);
  Transition transition(int source, const std::string& event, const Json& json) const;
  std::vector<int> named(const Json& target) const;

  [[nodiscard]] const State& at(int state) const { return states_[static_cast<std::size_t>(state)]; }
  [[nodiscard]] bool is_compound(int state) const { return at(state).type == "compound"; }
  [[nodiscard]] bool is_descendant(int state, int of) const;
  [[nodiscard]] std::vector<int> proper_ancestors(int state, int until) const;
  [[nodiscard]] std::vector<int> child_states(int state) const;  // Without history.

  void macrostep();
  [[nodiscard]] std::vector<const Transition*> select_eventless() const;
  [[nodiscard]] std::vector<const Transition*> select(const std::string& event) const;
  template <class Matches>
  std::vector<const Transition*> select_by(Matches matches) const;
  [[nodiscard]] std::vector<const Transition*> remove_conflicting(const std::vector<const Transition*>& enabled) const;
  void microstep(const std::vector<const Transition*>& enabled);
  [[nodiscard]] std::set<int> exit_set(const std::vector<const Transition*>& transitions) const;
  void exit_states(const std::vector<const Transition*>& enabled);
  void enter_states(const std::vector<const Transition*>& enabled);
  void add_descendants(int state, std::set<int>& entry, std::set<int>& default_entry,
                       std::map<int, const Transition*>& history_content);
  void add_ancestors(int state, int ancestor, std::set<int>& entry, std::set<int>& default_entry,
                     std::map<int, const Transition*>& history_content);
  [[nodiscard]] std::vector<int> effective_targets(const Transition& transition) const;
  [[nodiscard]] int domain(const Transition& transition) const;
  [[nodiscard]] bool is_in_final_state(int state) const;
  void execute(const Json& actions);
  void raise(const std::string& event);

  std::vector<State> states_;
  std::set<int> configuration_;
  std::map<int, std::set<int>> history_;
  std::deque<std::string> internal_;
  bool running_ = true, endless_ = false;
  int steps_ = 0;
};

}  // namespace redress::statechart
