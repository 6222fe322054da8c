// Timestamps and durations: their ranges, and their texts. Private to this room.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expression/value.hpp"
#include "redress/result.hpp"

namespace redress::expression {

__extension__ typedef __int128 Nanoseconds;  // The years 1 to 9999 pass 64 bits.

inline constexpr std::int64_t timestamp_s_min = -62'135'596'800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t timestamp_s_max = 253'402'300'799;  // 9999-12-31T23:59:59Z
inline constexpr std::string_view timestamp_range = "outside the range of timestamps, years 1 to 9999";
inline constexpr std::string_view duration_range = "outside the range of durations, 292 years";

[[nodiscard]] constexpr Nanoseconds nanoseconds(Timestamp at) { return Nanoseconds(at.s) * 1'000'000'000 + at.ns; }
// Nothing outside of the range.
[[nodiscard]] std::optional<Timestamp> timestamp_at(Nanoseconds ns);
[[nodiscard]] std::optional<Duration> duration_of(Nanoseconds ns);

// CEL's "90m", "1h30m", "-1.5s", "250ms", and ISO 8601's "PT90M". The error says why not.
[[nodiscard]] Result<Duration> duration_from_text(std::string_view text);
[[nodiscard]] Result<Timestamp> timestamp_from_text(std::string_view text);

[[nodiscard]] std::string duration_seconds_text(Duration duration);  // CEL's own form: "5400s", "0.5s", "-2s".
[[nodiscard]] std::string duration_iso_text(Duration duration);      // ISO 8601: "PT1H30M", "-PT0.5S".
[[nodiscard]] std::string timestamp_text(Timestamp at);  // RFC 3339, with 0, 3, 6 or 9 digits of a second as it needs.

}  // namespace redress::expression
