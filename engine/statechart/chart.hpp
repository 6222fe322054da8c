// A Chart is the skeleton of a workflow's states: which lies in which, and where each begins.
//
// Semantics: W3C SCXML 1.0 (2015), Appendix D; what differs stands in docs/statecharts.md. This room moves between states and
// nothing else: guards, actions and events are its caller's. Plain data, immutable once made: [any thread].
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace redress::statechart {

enum class Kind { atomic, compound, parallel, final, history };

inline constexpr int root = 0;     // The workflow itself, which is never left: SCXML's <scxml> element.
inline constexpr int nothing = -1;

// States are known by their index: document order, so that a state's descendants are the indices [its own + 1, end).
struct Node {
  std::string name{};  // Its key in the file; of the root: empty.
  std::string path{};  // "a.b.c", unique; of the root: empty.
  Kind kind = Kind::atomic;
  int parent = nothing;  // Of the root alone: nothing.
  int end = 0;
  std::vector<int> children{};  // In document order; history states are among them.
  std::vector<int> initial{};   // Of a compound state: where it begins. Of a history state: where it leads as long as nothing is
                              // remembered. Descendants of the compound state, or of the history state's parent.
  bool deep = false;          // Of a history state.
};

struct Chart {
  std::vector<Node> nodes;

  [[nodiscard]] const Node& at(int state) const { return nodes[static_cast<std::size_t>(state)]; }
  [[nodiscard]] int size() const { return static_cast<int>(nodes.size()); }
  [[nodiscard]] bool is_descendant(int state, int of) const { return of < state && state < at(of).end; }  // A proper one.
  [[nodiscard]] bool is_atomic(int state) const;  // Has no states within: atomic or final.
  [[nodiscard]] int find(std::string_view path) const;  // `nothing`: there is none. "" is none either.
  // Whether a configuration can hold both: one lies in the other, or they lie in two regions of one parallel state.
  [[nodiscard]] bool can_be_together(int a, int b) const;
};

// What lasts from one macrostep to the next, and is all that must be stored.
struct Memory {
  std::set<int> active;                     // The states that are entered, without the root.
  std::map<int, std::vector<int>> history;  // By history state: the states that it leads back to.

  friend bool operator==(const Memory&, const Memory&) = default;
};

// The active states that have none within: a configuration's short form, in document order.
[[nodiscard]] std::vector<int> atomic_states(const Chart& chart, const Memory& memory);
// The configuration of these states and all that they lie in.
[[nodiscard]] std::set<int> with_ancestors(const Chart& chart, const std::vector<int>& states);
// Of a compound state: a final child is active. Of a parallel one: that holds for each of its children.
[[nodiscard]] bool is_in_final_state(const Chart& chart, const Memory& memory, int state);

}  // namespace redress::statechart
