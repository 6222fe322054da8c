// Timestamps and durations from text and back: to the nanosecond, nothing rounded in silence.
#include "expression/instants.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/time.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

Error bad_duration(std::string_view text, std::string_view why) {
  return {Code::invalid, "duration(" + show(Value(std::string(text))) + "): " + std::string(why)};
}

Error bad_timestamp(std::string_view text, std::string_view why) {
  return {Code::invalid, "timestamp(" + show(Value(std::string(text))) + "): " + std::string(why)};
}

constexpr std::string_view no_duration = "not a duration; write it as '90m', '1h30m' or 'PT90M'";
constexpr std::string_view too_fine = "finer than a nanosecond; write whole nanoseconds";

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
                                     {"s", second_ns},
                                     {"m", 60 * second_ns},
                                     {"h", 3600 * second_ns}}};

struct Part {
  Nanoseconds ns = 0;
  bool exact = true;  // False: its text is finer than a nanosecond.
};

// Takes one "1.5h" from the front; nothing where there is none.
std::optional<Part> take_part(std::string_view& text) {
  constexpr Nanoseconds enough = Nanoseconds(second_ns) * second_ns * 100;  // Out of every range, also as nanoseconds.
  constexpr std::int64_t scale_max = 1'000'000'000'000'000;                 // A third of a nanosecond, of hours.
  Nanoseconds whole = 0, fraction = 0, scale = 1;
  std::size_t digits = 0;
  bool exact = true;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
    if (whole < enough) whole = whole * 10 + (text.front() - '0');
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
      if (scale >= scale_max) {
        exact = exact && text.front() == '0';
        continue;
      }
      fraction = fraction * 10 + (text.front() - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  for (const Unit& unit : units) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return Part{whole * unit.ns + fraction * unit.ns / scale, exact && fraction * unit.ns % scale == 0};
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
    if (!part) return bad_duration(text, no_duration);
    if (!part->exact) return bad_duration(text, too_fine);
    total += part->ns;
  } while (!rest.empty());
  const auto span = duration_of(negative ? -total : total);
  if (!span) return bad_duration(text, duration_range);
  return *span;
}

// The digits after a second's point, as nanoseconds; nothing where they are finer.
std::optional<std::int32_t> fraction_ns(std::string_view digits) {
  std::int32_t ns = 0;
  for (std::size_t i = 0; i < 9; ++i) ns = ns * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  if (digits.size() > 9 && digits.find_first_not_of('0', 9) != digits.npos) return std::nullopt;
  return ns;
}

// What stands after the first point: "5" of "PT1.5S".
std::string_view digits_after_point(std::string_view text) {
  text.remove_prefix(std::min(text.find('.'), text.size() - 1) + 1);
  return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
}

// ISO 8601 by the base's parser, which knows milliseconds: it gets the text without its fraction of a second.
Result<Duration> iso_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string whole(text.substr(negative ? 1 : 0));
  std::int64_t rest_ns = 0;
  if (const std::size_t point = whole.find('.'); point != whole.npos) {
    const std::string_view digits = digits_after_point(whole);
    const auto ns = fraction_ns(digits);
    if (!ns) return bad_duration(text, too_fine);
    if (digits.empty() || whole.substr(point + 1 + digits.size()) != "S") return bad_duration(text, no_duration);
    rest_ns = *ns;
    whole.erase(point, digits.size() + 1);
  }
  const auto ms = base::parse_duration(whole);
  if (!ms) return bad_duration(text, no_duration);
  const Nanoseconds total = Nanoseconds(*ms) * 1'000'000 + rest_ns;
  const auto span = duration_of(negative ? -total : total);
  if (!span) return bad_duration(text, duration_range);
  return *span;
}

// ".5", ".123456789"; "" where it is none. `groups_of`: zeros at the end are cut in groups of so many digits.
std::string fraction_text(std::uint64_t ns, std::size_t groups_of) {
  if (ns == 0) return "";
  std::string digits = std::to_string(second_ns + static_cast<std::int64_t>(ns)).substr(1);
  while (digits.ends_with(std::string(groups_of, '0'))) digits.resize(digits.size() - groups_of);
  return "." + digits;
}

std::uint64_t magnitude(Duration span) {
  return span.ns < 0 ? 0 - static_cast<std::uint64_t>(span.ns) : static_cast<std::uint64_t>(span.ns);
}

}  // namespace

std::optional<Timestamp> timestamp_at(Nanoseconds ns) {
  Nanoseconds rest = ns % second_ns;
  if (rest < 0) rest += second_ns;
  const Nanoseconds s = (ns - rest) / second_ns;
  if (s < timestamp_s_min || s > timestamp_s_max) return std::nullopt;
  return Timestamp{static_cast<std::int64_t>(s), static_cast<std::int32_t>(rest)};
}

std::optional<Duration> duration_of(Nanoseconds ns) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (ns < Limits::min() || ns > Limits::max()) return std::nullopt;
  return Duration{static_cast<std::int64_t>(ns)};
}

Result<Duration> duration_from_text(std::string_view text) {
  if (text.size() > 64) return bad_duration(text, no_duration);
  return text.starts_with('P') || text.starts_with("-P") ? iso_duration(text) : cel_duration(text);
}

Result<Timestamp> timestamp_from_text(std::string_view text) {
  const auto ms = base::parse_instant(text);
  if (!ms) return bad_timestamp(text, "not an RFC 3339 time; write it as '2026-05-04T10:00:00Z'");
  const auto ns = fraction_ns(digits_after_point(text));
  if (!ns) return bad_timestamp(text, too_fine);
  const Timestamp at{Timestamp::of_ms(*ms).s, *ns};
  if (at.s < timestamp_s_min || at.s > timestamp_s_max) return bad_timestamp(text, timestamp_range);
  return at;
}

std::string duration_seconds_text(Duration duration) {
  const std::uint64_t ns = magnitude(duration);
  return (duration.ns < 0 ? "-" : "") + std::to_string(ns / second_ns) + fraction_text(ns % second_ns, 1) + "s";
}

std::string duration_iso_text(Duration duration) {
  const std::uint64_t ns = magnitude(duration);
  std::string text = base::format_duration(static_cast<std::int64_t>(ns / second_ns) * 1000);
  if (const std::string fraction = fraction_text(ns % second_ns, 1); !fraction.empty()) {
    if (!text.ends_with('S')) text += text.find('T') == text.npos ? "T0S" : "0S";
    text.insert(text.size() - 1, fraction);
  }
  return (duration.ns < 0 ? "-" : "") + text;
}

std::string timestamp_text(Timestamp at) {
  std::string text = base::format_instant(at.s * 1000);
  text.insert(text.size() - 1, fraction_text(static_cast<std::uint64_t>(at.ns), 3));
  return text;
}

}  // namespace redress::expression
