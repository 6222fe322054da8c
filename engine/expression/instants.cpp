// Timestamps and durations from text: whole milliseconds, nothing rounded in silence.
#include "expression/instants.hpp"

#include <array>

#include "base/time.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

__extension__ typedef __int128 Nanoseconds;  // 10000 years of them pass 64 bits.

constexpr Nanoseconds duration_ns_max = Nanoseconds(duration_ms_max) * 1'000'000;

Error bad_duration(std::string_view text, std::string_view why) {
  return {Code::invalid, "duration(" + show(Value(std::string(text))) + "): " + std::string(why)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

// Longest names first: "ms" is not minutes.
constexpr std::array<Unit, 7> units{{{"ns", 1},
                                     {"us", 1000},
                                     {"µs", 1000},
                                     {"ms", 1'000'000},
                                     {"s", 1'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"h", 3'600'000'000'000}}};

// Takes one "1.5h" from the front. Nothing where there is none, or where its digits alone pass every range.
std::optional<Nanoseconds> take_part(std::string_view& text) {
  std::int64_t whole = 0, fraction = 0, scale = 1;
  std::size_t digits = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
    if (whole > duration_ms_max * 1000) return std::nullopt;
    whole = whole * 10 + (text.front() - '0');
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
      if (scale >= 1'000'000'000'000) continue;  // Finer than any unit's nanosecond.
      fraction = fraction * 10 + (text.front() - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  for (const Unit& unit : units) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return Nanoseconds(whole) * unit.ns + Nanoseconds(fraction) * unit.ns / scale;
  }
  return std::nullopt;
}

Result<Duration> cel_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return Duration{0};
  Nanoseconds total = 0;
  do {
    const auto part = take_part(rest);
    if (!part) return bad_duration(text, "not a duration; write it as '90m', '1h30m' or 'PT90M'");
    total += *part;
    if (total > duration_ns_max) return bad_duration(text, "outside the range of durations, 10000 years");
  } while (!rest.empty());
  if (total % 1'000'000 != 0) return bad_duration(text, "finer than a millisecond; write whole milliseconds");
  const auto ms = static_cast<std::int64_t>(total / 1'000'000);
  return Duration{negative ? -ms : ms};
}

}  // namespace

Result<Duration> duration_from_text(std::string_view text) {
  if (text.size() > 64) return bad_duration(text, "not a duration; write it as '90m', '1h30m' or 'PT90M'");
  if (!text.starts_with('P') && !text.starts_with("-P")) return cel_duration(text);
  const bool negative = text.starts_with('-');
  const auto ms = base::parse_duration(text.substr(negative ? 1 : 0));
  if (!ms) return bad_duration(text, "not a duration; write it as '90m', '1h30m' or 'PT90M'");
  if (!in_range(Duration{*ms})) return bad_duration(text, "outside the range of durations, 10000 years");
  return Duration{negative ? -*ms : *ms};
}

Result<Timestamp> timestamp_from_text(std::string_view text) {
  const auto ms = base::parse_instant(text);
  if (ms && in_range(Timestamp{*ms})) return Timestamp{*ms};
  const std::string call = "timestamp(" + show(Value(std::string(text))) + "): ";
  if (ms) return {Code::invalid, call + "outside the range of timestamps, years 1 to 9999"};
  return {Code::invalid, call + "not an RFC 3339 time; write it as '2026-05-04T10:00:00Z'"};
}

}  // namespace redress::expression
