// Which transitions are taken: SCXML's selectTransitions and removeConflictingTransitions.
#include <algorithm>
#include <map>

#include "statechart/microstep.hpp"

namespace redress::statechart {

std::vector<const Move*> select(const Chart& chart, const Memory& memory, const Enabled& enabled) {
  std::map<int, const Move*> asked;
  std::vector<const Move*> found;
  for (const int atomic : atomic_states(chart, memory)) {
    for (int state = atomic; state > root; state = chart.at(state).parent) {
      const auto [entry, is_new] = asked.try_emplace(state, nullptr);
      if (is_new) entry->second = enabled(state);
      if (entry->second == nullptr) continue;
      if (std::find(found.begin(), found.end(), entry->second) == found.end()) found.push_back(entry->second);
      break;
    }
  }
  return without_conflicts(chart, memory, found);
}

std::vector<const Move*> without_conflicts(const Chart& chart, const Memory& memory, std::span<const Move* const> moves) {
  std::vector<const Move*> kept;
  std::map<const Move*, std::set<int>> exits;
  for (const Move* move : moves) exits[move] = exit_set(chart, memory, *move);
  const auto conflict = [&](const Move* a, const Move* b) {
    return std::any_of(exits[a].begin(), exits[a].end(), [&](int state) { return exits[b].contains(state); });
  };
  for (const Move* move : moves) {
    const bool preempted = std::any_of(kept.begin(), kept.end(), [&](const Move* other) {
      return conflict(move, other) && !chart.is_descendant(move->source, other->source);
    });
    if (preempted) continue;
    std::erase_if(kept, [&](const Move* other) { return conflict(move, other); });
    kept.push_back(move);
  }
  return kept;
}

}  // namespace redress::statechart
