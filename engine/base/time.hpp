// Instants and durations as text: RFC 3339 and ISO 8601. Unix milliseconds, UTC, everywhere else.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redress::base {

// "2017-10-08T23:04:15Z", also with a fraction or a numeric offset. Nothing where it breaks RFC 3339, section 5.6.
[[nodiscard]] std::optional<std::int64_t> parse_instant(std::string_view text);
[[nodiscard]] std::string format_instant(std::int64_t at_ms);  // "2017-10-08T23:04:15Z"; ".120" only where not 0.

// "P1DT2H", "PT15M", "P2W", "PT0.5S": weeks, days of 24 h, hours, minutes, seconds. No months or years, no sign.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text);
[[nodiscard]] std::string format_duration(std::int64_t duration_ms);  // Shortest ISO 8601 form: "P1DT2H", "PT0S".

}  // namespace redress::base
