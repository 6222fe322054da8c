// Situations are where a commitment can stand on a path: a set, since a proof follows all that may be so at once.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "redress/lifecycle.hpp"

namespace redress::proof {

// One bit each. Beside the lifecycle's state it says what claims ask for: whether the department was asked, and took it on.
using Situations = std::uint32_t;
inline constexpr Situations absent = 1U << 0;    // Not committed in this episode.
inline constexpr Situations awaiting = 1U << 1;  // An approval.
inline constexpr Situations requested = 1U << 2;
inline constexpr Situations in_progress = 1U << 3;
inline constexpr Situations unknown = 1U << 4;
inline constexpr Situations unknown_accepted = 1U << 5;
inline constexpr Situations fulfilled = 1U << 6;
inline constexpr Situations declined_unasked = 1U << 7;  // Its approval was refused.
inline constexpr Situations declined = 1U << 8;
inline constexpr Situations declined_accepted = 1U << 9;
inline constexpr Situations failed = 1U << 10;
inline constexpr Situations failed_accepted = 1U << 11;
inline constexpr Situations cancelled_unasked = 1U << 12;  // It is, or will be: its event is still to come.
inline constexpr Situations cancelled = 1U << 13;          // Likewise.
inline constexpr Situations revoked = 1U << 14;
inline constexpr Situations undoing = 1U << 15;  // Or nobody knows whether it was undone.
inline constexpr Situations undone = 1U << 16;
inline constexpr Situations revoked_before = 1U << 17;  // In an earlier episode; absent in this one.

inline constexpr Situations called_off_unasked = 1U << 18;  // Cancelled, and its event has come.
inline constexpr Situations called_off = 1U << 19;

inline constexpr Situations open = awaiting | requested | in_progress | unknown | unknown_accepted | undoing;
inline constexpr Situations not_here = absent | revoked_before;
inline constexpr Situations with_evidence = fulfilled | revoked | undoing | undone;

// Those in which a claim of this level holds.
[[nodiscard]] Situations holding(ClaimLevel level);

// What an event of the commitment makes of them: of those in which it can come at all; 0: of none.
[[nodiscard]] Situations after_event(Situations from, std::string_view kind, bool revocable);

// With those that come of it without an event, and that lead on as it does: an approval that is given.
[[nodiscard]] Situations with_silent(Situations from);

// Those of them, and of what comes of them in time, in which it is still open.
[[nodiscard]] Situations lasting(Situations from);

// One of those that are in one phase, for each phase that any is in: not here, open and not yet accepted, accepted, over.
[[nodiscard]] Situations phases_of(Situations situations);

// The lifecycle's states that one situation may be, as expressions read them; none where it is not committed.
[[nodiscard]] std::vector<std::string> state_texts(Situations one);

// "declined", "declined or failed": for messages.
[[nodiscard]] std::string describe(Situations situations);

}  // namespace redress::proof
