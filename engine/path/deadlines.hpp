// Deadlines: the clocks of first reply and resolution, a commitment's due time, and what their timers mean.
#pragma once
#include <string_view>

#include "path/draft.hpp"

namespace redress::path {

inline constexpr std::int64_t second_ms = 1'000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

// The case closes, and cannot be reopened by its customer any more; while work is still open, it only cannot be reopened.
inline constexpr std::string_view close_timer = "close", close_late_timer = "close_late";

// Starts both clocks of a new episode at `row.episode_at_ms`; one that is late already is breached at once, once.
void start_clocks(Draft& draft);
void meet_first_reply(Draft& draft);
void meet_resolution(Draft& draft);
// The configuration changed: the resolution clock pauses, and the customer is waited for, exactly in the `pause_in` states.
void follow_pauses(Draft& draft);

void start_due(Draft& draft, const CommitmentRow& row);
void stop_due(Draft& draft, const CommitmentRow& row);

// What a fired timer means: raises its events. The timer is gone already.
void on_timer(Draft& draft, std::string_view name);

}  // namespace redress::path
