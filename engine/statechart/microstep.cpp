// SCXML's microstep: exitStates, executeTransitionContent, enterStates, and the sets that they compute.
#include "statechart/microstep.hpp"

#include <algorithm>

namespace redress::statechart {
namespace {

// Targets with each history state replaced by what it leads to now.
std::vector<int> effective(const Chart& chart, const Memory& memory, const std::vector<int>& targets) {
  std::vector<int> out;
  for (const int target : targets) {
    if (chart.at(target).kind != Kind::history) {
      out.push_back(target);
      continue;
    }
    const auto remembered = memory.history.find(target);
    const std::vector<int> behind =
        remembered != memory.history.end() ? remembered->second : effective(chart, memory, chart.at(target).initial);
    out.insert(out.end(), behind.begin(), behind.end());
  }
  return out;
}

bool all_within(const Chart& chart, const std::vector<int>& states, int outer) {
  return std::all_of(states.begin(), states.end(), [&](int state) { return chart.is_descendant(state, outer); });
}

// The set of states to enter, and whose default content runs.
class Entry {
 public:
  Entry(const Chart& chart, const Memory& memory) : chart_(chart), memory_(memory) {}

  std::set<int> states;
  std::set<int> begun;                // Compound states that are entered by their `initial`.
  std::map<int, int> default_of;      // By parent: the history state whose default content runs.

  void add(const Move& move) {
    for (const int target : move.targets) add_with_descendants(target);
    const std::vector<int> targets = effective(chart_, memory_, move.targets);
    const int domain = domain_of(chart_, move, targets);
    for (const int target : targets) add_ancestors(target, domain);
  }

 private:
  void add_all(const std::vector<int>& targets, int ancestor) {
    for (const int target : targets) add_with_descendants(target);
    for (const int target : targets) add_ancestors(target, ancestor);
  }

  void add_history(int state) {
    const int parent = chart_.at(state).parent;
    const auto remembered = memory_.history.find(state);
    if (remembered != memory_.history.end()) return add_all(remembered->second, parent);
    default_of[parent] = state;
    add_all(chart_.at(state).initial, parent);
  }

  void add_with_descendants(int state) {
    const Node& node = chart_.at(state);
    if (node.kind == Kind::history) return add_history(state);
    states.insert(state);
    if (node.kind == Kind::compound) {
      begun.insert(state);
      add_all(node.initial, state);
    } else if (node.kind == Kind::parallel) {
      add_regions(node);
    }
  }

  // Those of its regions that nothing has been chosen in.
  void add_regions(const Node& parallel) {
    for (const int child : parallel.children) {
      if (chart_.at(child).kind == Kind::history) continue;
      const bool chosen = std::any_of(states.begin(), states.end(), [&](int s) { return chart_.is_descendant(s, child); });
      if (!chosen) add_with_descendants(child);
    }
  }

  void add_ancestors(int state, int until) {
    for (int outer = chart_.at(state).parent; outer > root && outer != until; outer = chart_.at(outer).parent) {
      states.insert(outer);
      if (chart_.at(outer).kind == Kind::parallel) add_regions(chart_.at(outer));
    }
  }

  const Chart& chart_;
  const Memory& memory_;
};

void remember(const Chart& chart, Memory& memory, const std::set<int>& left) {
  for (const int state : left) {
    for (const int child : chart.at(state).children) {
      if (chart.at(child).kind != Kind::history) continue;
      std::vector<int>& behind = memory.history[child];
      behind.clear();
      for (const int active : memory.active) {
        const bool is_it = chart.at(child).deep ? chart.is_atomic(active) && chart.is_descendant(active, state)
                                                : chart.at(active).parent == state;
        if (is_it) behind.push_back(active);
      }
    }
  }
}

void leave_all(const Chart& chart, Memory& memory, std::span<const Move* const> moves, Host& host) {
  std::set<int> left;
  for (const Move* move : moves) left.merge(exit_set(chart, memory, *move));
  remember(chart, memory, left);
  for (auto state = left.rbegin(); state != left.rend(); ++state) {
    host.leave(*state);
    memory.active.erase(*state);
  }
}

void tell_done(const Chart& chart, const Memory& memory, int final_state, Host& host) {
  const int parent = chart.at(final_state).parent;
  host.done(parent);
  if (parent == root) return;
  const int outer = chart.at(parent).parent;
  if (chart.at(outer).kind == Kind::parallel && is_in_final_state(chart, memory, outer)) host.done(outer);
}

}  // namespace

int domain_of(const Chart& chart, const Move& move, const std::vector<int>& targets) {
  if (move.source == root) return root;
  const bool compound = chart.at(move.source).kind == Kind::compound;
  if (move.internal && compound && all_within(chart, targets, move.source)) return move.source;
  int ancestor = chart.at(move.source).parent;
  while (ancestor != root && (chart.at(ancestor).kind != Kind::compound || !all_within(chart, targets, ancestor)))
    ancestor = chart.at(ancestor).parent;
  return ancestor;
}

std::set<int> exit_set(const Chart& chart, const Memory& memory, const Move& move) {
  if (move.targets.empty()) return {};
  const int domain = domain_of(chart, move, effective(chart, memory, move.targets));
  return {memory.active.upper_bound(domain), memory.active.lower_bound(chart.at(domain).end)};
}

void microstep(const Chart& chart, Memory& memory, std::span<const Move* const> moves, Host& host) {
  leave_all(chart, memory, moves, host);
  for (const Move* move : moves) host.pass(*move);
  Entry entry(chart, memory);
  for (const Move* move : moves) entry.add(*move);
  for (const int state : entry.states) {
    memory.active.insert(state);
    host.enter(state);
    if (entry.begun.contains(state)) host.begin(state);
    if (const auto found = entry.default_of.find(state); found != entry.default_of.end()) host.begin(found->second);
    if (chart.at(state).kind == Kind::final) tell_done(chart, memory, state, host);
  }
}

}  // namespace redress::statechart
