// The names that an expression may use, by the place where it stands, with their types.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "expression/expression.hpp"
#include "workflow/workflow.hpp"

namespace redress::workflow {

// Where an expression stands.
struct Site {
  enum class Kind {
    intake,    // Before there is a case: post, now.
    standing,  // Inputs, texts, approvals, reviews: the case, no event.
    reacting,  // Guards and assignments: the event, too.
  } kind = Kind::standing;
  std::vector<std::string> descriptors{};  // Of reacting: the handler's; empty: entry, exit, always, after.
  std::vector<std::string> events{};       // Those that the descriptors mean, once all events are known.
  int state = statechart::root;            // Of reacting: where the handler stands; the root: workflow-wide.
};

// The pieces of event names.
inline constexpr std::string_view commitment_events[] = {"accepted", "progress", "fulfilled", "declined", "failed",   "overdue",
                                                         "at_risk",  "unknown",  "revoked",   "undone",   "cancelled"};
inline constexpr std::string_view reply_events[] = {"published", "blocked", "refused", "failed", "unknown"};
inline constexpr std::string_view post_events[] = {"post.joined", "post.edited", "post.deleted"};

// `event` where it stands: what all the events have that may have come.
[[nodiscard]] expression::Type event_type(const Workflow& workflow, const Site& site);

// The names of every place; made once for a workflow whose commitments and data are read.
class Scopes {
 public:
  explicit Scopes(const Workflow& workflow);
  [[nodiscard]] const expression::Scope& at(const Site& site);  // Valid until the next call.

 private:
  const Workflow& workflow_;
  expression::Scope intake_, standing_, reacting_;
};

}  // namespace redress::workflow
