// Questions that a chart answers about itself and a configuration.
#include "statechart/chart.hpp"

#include <algorithm>

namespace redress::statechart {

bool Chart::is_atomic(int state) const {
  const Kind kind = at(state).kind;
  return kind == Kind::atomic || kind == Kind::final;
}

int Chart::find(std::string_view path) const {
  for (int state = root + 1; state < size(); ++state)
    if (at(state).path == path) return state;
  return nothing;
}

bool Chart::can_be_together(int a, int b) const {
  if (a == b || is_descendant(a, b) || is_descendant(b, a)) return true;
  int common = at(a).parent;
  while (!is_descendant(b, common)) common = at(common).parent;
  return at(common).kind == Kind::parallel;
}

std::vector<int> atomic_states(const Chart& chart, const Memory& memory) {
  std::vector<int> out;
  std::copy_if(memory.active.begin(), memory.active.end(), std::back_inserter(out),
               [&](int state) { return chart.is_atomic(state); });
  return out;
}

std::set<int> with_ancestors(const Chart& chart, const std::vector<int>& states) {
  std::set<int> out;
  for (int state : states)
    for (; state > root; state = chart.at(state).parent) out.insert(state);
  return out;
}

bool is_in_final_state(const Chart& chart, const Memory& memory, int state) {
  const Node& node = chart.at(state);
  if (node.kind == Kind::compound) {
    return std::any_of(node.children.begin(), node.children.end(), [&](int child) {
      return chart.at(child).kind == Kind::final && memory.active.contains(child);
    });
  }
  return node.kind == Kind::parallel && std::all_of(node.children.begin(), node.children.end(), [&](int child) {
           return chart.at(child).kind == Kind::history || is_in_final_state(chart, memory, child);
         });
}

}  // namespace redress::statechart
