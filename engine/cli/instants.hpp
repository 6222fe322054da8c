// Instants and durations as people write them on the command line and in scripts.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redress::cli {

// RFC 3339: "2026-03-02T09:00:00Z", also with an offset or a fraction. Unix ms, UTC.
[[nodiscard]] std::optional<std::int64_t> parse_instant(std::string_view text);
[[nodiscard]] std::string format_instant(std::int64_t at_ms);
// ISO 8601: "P1DT2H30M", "PT0S"; weeks, days of 24 h, hours, minutes, seconds. Milliseconds.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text);

}  // namespace redress::cli
