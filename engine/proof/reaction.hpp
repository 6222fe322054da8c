// A Reaction is everything that one event can do to a Standing: each way in which guards, approvals and cancellations can turn
// out.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proof/guards.hpp"
#include "proof/needs.hpp"
#include "proof/standing.hpp"

namespace redress::proof {

// One way in which it can go.
struct Turn {
  Standing after;
  std::vector<std::string> rules;  // Pointers of the transitions taken.
  std::vector<Breach> breaches;
  std::set<std::size_t> commits;      // The commitments that were made anew.
  std::vector<std::size_t> drafts;    // The replies that were drafted, in order.
  std::size_t first = Terms::npos;    // Of those the first that surely was.
  std::size_t closing = Terms::npos;  // The reply that ends an episode.
  std::set<int> entered;              // Also those that it leaves again at once.
  bool taken = false;                 // Something takes the event.
  bool guarded = false;               // A guard was asked on the way to whether it is taken.
  bool asks_event = false;            // One that could go either way read the event.
  bool wide = false;                  // By a workflow-wide transition with a target.
  bool new_episode = false;
  bool undone = false;  // It was not: an expression failed, and nothing took that.
};

inline constexpr const char* error_event = "error.expression";
inline constexpr const char* any_event = "any event";  // One that nothing names: transitions without an event may be taken.

// What comes from outside.
struct Happening {
  std::string event;                     // "refund.fulfilled"; "case.opened" begins; "reopen".
  std::size_t commitment = Terms::npos;  // Whose event it is.
  std::size_t reply = Terms::npos;       // Likewise.
  Situations becomes = 0;                // What the commitment is then; 0: as before.
  bool silent = false;                   // No event comes of it: the commitment is so, and nobody is told.
  bool late = false;                     // Of an instance of an earlier episode: reaches workflow-wide transitions alone.
  int state = statechart::nothing;       // Of an `after`: the state and which.
  std::size_t after = 0;
};

// [one thread at a time]: answers are kept.
class Reactions {
 public:
  explicit Reactions(const workflow::Workflow& workflow);

  static constexpr std::size_t turns_max = 2048;
  static constexpr std::size_t spent_bytes_max = 1'000'000'000;  // Some seconds of evaluation.
  // Every turn, in an order of its own that is always the same. Nothing: more than turns_max.
  [[nodiscard]] std::optional<std::vector<Turn>> to(const Standing& standing, const Happening& happening) const;

  [[nodiscard]] bool is_spent() const { return guards_.spent_bytes() > spent_bytes_max; }
  [[nodiscard]] const Terms& terms() const { return terms_; }
  [[nodiscard]] const Guards& guards() const { return guards_; }
  [[nodiscard]] Standing before_all() const;  // Of a case that is about to open.
  [[nodiscard]] bool is_ended(const Standing& standing) const;
  [[nodiscard]] const Needs& needs_of(const void* expression) const;
  // Whether a transition of the active states, or a workflow-wide one, names the event.
  [[nodiscard]] bool is_named(const Standing& standing, const std::string& event) const;
  // Whether any event at all may be followed by a transition without one.
  [[nodiscard]] bool has_always(const Standing& standing) const;
  // Whether all that the event can do there is to call a person.
  [[nodiscard]] bool is_harmless(const Standing& standing, const std::string& event) const;

 private:
  friend class Attempt;
  void learn(const expression::Expression& guard);
  void learn(const std::vector<workflow::Action>& actions);
  void learn(const std::vector<workflow::Transition>& transitions);
  [[nodiscard]] bool tells(std::size_t reply, std::size_t commitment) const;  // That it is fulfilled.
  [[nodiscard]] bool is_watched(const std::string& event) const;

  const workflow::Workflow& workflow_;
  Terms terms_;
  std::map<const void*, Needs> needs_;  // By the address of an Expression or Template of the workflow.
  Guards guards_;
  mutable std::set<std::string> loops_;  // The transitions by which they were found.
  bool takes_errors_ = false;
  std::vector<char> watched_;    // Of the replies: an event of theirs is handled somewhere.
  std::vector<char> blockable_;  // Likewise: that they are blocked.
  std::vector<char> corrected_;  // Of the replies: another one corrects them.
};

}  // namespace redress::proof
