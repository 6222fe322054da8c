// Timestamps and durations from text, and their ranges. Private to this room.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expression/value.hpp"
#include "redress/result.hpp"

namespace redress::expression {

inline constexpr std::int64_t timestamp_ms_min = -62'135'596'800'000;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t timestamp_ms_max = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z
inline constexpr std::int64_t duration_ms_max = 315'576'000'000'000;   // 10000 years, and as far below 0.

[[nodiscard]] inline bool in_range(Timestamp at) { return at.ms >= timestamp_ms_min && at.ms <= timestamp_ms_max; }
[[nodiscard]] inline bool in_range(Duration span) { return span.ms >= -duration_ms_max && span.ms <= duration_ms_max; }

// CEL's "90m", "1h30m", "-1.5s", "250ms", and ISO 8601's "PT90M". The error says why not.
[[nodiscard]] Result<Duration> duration_from_text(std::string_view text);
[[nodiscard]] Result<Timestamp> timestamp_from_text(std::string_view text);

}  // namespace redress::expression
