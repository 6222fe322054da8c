// A microstep takes one set of transitions at once: states are left, inner ones first; contents run; states are entered,
// outer ones first. A macrostep is as many of them as it takes until nothing is left to do; its loop is the caller's.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "statechart/chart.hpp"

namespace redress::statechart {

// Where a transition leads. Without a target its content runs, and nothing is left or entered.
struct Move {
  int source = root;
  std::vector<int> targets{};
  bool internal = false;  // Where all targets lie within a compound source: the source itself is not left.
};

// What happens in a microstep, in its order. Of `enter` and `leave`, the memory shows the state as active in both.
class Host {
 public:
  virtual ~Host() = default;
  virtual void leave(int state) = 0;
  virtual void pass(const Move& move) = 0;
  virtual void enter(int state) = 0;
  virtual void begin(int state) = 0;  // Content of a compound state's initial transition, or of a history state's default one.
  virtual void done(int state) = 0;   // Raises done.state.<path>. The root: the whole chart has ended.
};

// The transitions that an event enables: `enabled` is asked for a state's own first one (in file order) whose guard holds, at
// most once for each state. It answers null where there is none. In the order in which they are to be taken, without conflicts.
// The root is not asked. Whatever moves it answers must outlive the answer.
using Enabled = std::function<const Move*(int state)>;
[[nodiscard]] std::vector<const Move*> select(const Chart& chart, const Memory& memory, const Enabled& enabled);

// Of these, in order, those that are taken: where two would leave the same state, the inner source's, else the earlier.
[[nodiscard]] std::vector<const Move*> without_conflicts(const Chart& chart, const Memory& memory,
                                                         std::span<const Move* const> moves);

// `moves` do not conflict. One from the root with the root's `initial` as its targets begins the chart.
void microstep(const Chart& chart, Memory& memory, std::span<const Move* const> moves, Host& host);

// The innermost state that stays where the move leads to these: its active descendants are left, and entering goes on from
// there. `targets` are the move's own, or with each history state replaced by what it leads to.
[[nodiscard]] int domain_of(const Chart& chart, const Move& move, const std::vector<int>& targets);

// The active states that the move leaves, in document order.
[[nodiscard]] std::set<int> exit_set(const Chart& chart, const Memory& memory, const Move& move);

}  // namespace redress::statechart
