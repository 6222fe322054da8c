// Decides: lets a case's workflow react to one event, run to completion (W3C SCXML; docs/statecharts.md).
//
// Pure: a Draft in, the same Draft changed. A guard that fails at run time counts as false and raises error.expression; where
// nothing takes that, the whole reaction is undone, the case is set aside, and the event waits in its row.
#pragma once
#include <string>
#include <string_view>

#include "path/draft.hpp"

namespace redress::path {

// The event that enters the initial state: raised when the case's row and opening post are there.
inline constexpr std::string_view case_opened = "case.opened";

// Reacts to what `draft.raised` holds (the fact itself is recorded already), then to what that raises, until nothing is left.
// Ends with the checks that each transaction needs: replies whose claims broke are blocked, an ended case resolves.
void react(Draft& draft);

// The case is closed, or its time to be reopened is over and only the timer that says so has not been handled yet.
[[nodiscard]] bool is_past_reopening(const CaseRecord& record, std::int64_t now_ms);

// For a case that is set aside: reacts to its pending events in order (`skip`: without the first), until one fails again.
void resume_set_aside(Draft& draft, bool skip);

}  // namespace redress::path
