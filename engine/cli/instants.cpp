// By std::chrono's civil calendar; a fraction finer than a millisecond is cut off.
#include "cli/instants.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace redress::cli {
namespace {

constexpr std::int64_t second_ms = 1000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes `digits` digits off the front; nothing where they are not there.
std::optional<int> take_number(std::string_view& rest, std::size_t digits) {
  if (rest.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : rest.substr(0, digits)) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  rest.remove_prefix(digits);
  return value;
}

bool take(std::string_view& rest, char upper) {
  if (rest.empty() || (rest.front() != upper && rest.front() != upper - 'A' + 'a')) return false;
  rest.remove_prefix(1);
  return true;
}

bool take_sign(std::string_view& rest, char sign) {
  if (rest.empty() || rest.front() != sign) return false;
  rest.remove_prefix(1);
  return true;
}

// ".120": milliseconds; nothing where a point has no digit behind it.
std::optional<std::int64_t> take_fraction(std::string_view& rest) {
  if (!take_sign(rest, '.')) return 0;
  std::int64_t ms = 0;
  std::int64_t weight = 100;
  if (rest.empty() || !is_digit(rest.front())) return std::nullopt;
  for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1), weight /= 10) ms += weight * (rest.front() - '0');
  return ms;
}

std::optional<std::int64_t> take_date(std::string_view& rest) {
  const auto year = take_number(rest, 4);
  if (!year || !take_sign(rest, '-')) return std::nullopt;
  const auto month = take_number(rest, 2);
  if (!month || !take_sign(rest, '-')) return std::nullopt;
  const auto day = take_number(rest, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count() * day_ms;
}

// "hh:mm" as milliseconds.
std::optional<std::int64_t> take_hours_minutes(std::string_view& rest) {
  const auto hour = take_number(rest, 2);
  if (!hour || *hour > 23 || !take_sign(rest, ':')) return std::nullopt;
  const auto minute = take_number(rest, 2);
  if (!minute || *minute > 59) return std::nullopt;
  return *hour * hour_ms + *minute * minute_ms;
}

std::optional<std::int64_t> take_offset(std::string_view& rest) {
  if (take(rest, 'Z')) return 0;
  const bool east = take_sign(rest, '+');
  if (!east && !take_sign(rest, '-')) return std::nullopt;
  const auto offset = take_hours_minutes(rest);
  if (!offset) return std::nullopt;
  return east ? *offset : -*offset;
}

}  // namespace

std::optional<std::int64_t> parse_instant(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !take(text, 'T')) return std::nullopt;
  const auto time = take_hours_minutes(text);
  if (!time || !take_sign(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > 59) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return *date + *time + *second * second_ms + *fraction - *offset;
}

std::string format_instant(std::int64_t at_ms) {
  std::int64_t days = at_ms / day_ms;
  std::int64_t rest = at_ms % day_ms;
  if (rest < 0) {
    rest += day_ms;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(rest / hour_ms),
                static_cast<int>(rest % hour_ms / minute_ms), static_cast<int>(rest % minute_ms / second_ms));
  std::string text = buffer.data();
  if (rest % second_ms != 0) {
    std::snprintf(buffer.data(), buffer.size(), ".%03d", static_cast<int>(rest % second_ms));
    text += buffer.data();
  }
  return text + "Z";
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  if (!take_sign(text, 'P') || text.empty()) return std::nullopt;
  struct Unit {
    char name;
    bool of_time;
    std::int64_t ms;
  };
  constexpr std::array<Unit, 5> units{
      {{'W', false, 7 * day_ms}, {'D', false, day_ms}, {'H', true, hour_ms}, {'M', true, minute_ms}, {'S', true, second_ms}}};
  std::int64_t total = 0;
  bool in_time = false;
  bool any = false;
  std::size_t next = 0;
  while (!text.empty()) {
    if (!in_time && take_sign(text, 'T')) {
      in_time = true;
      any = false;
      continue;
    }
    std::int64_t number = 0;
    std::size_t digits = 0;
    for (; !text.empty() && is_digit(text.front()) && digits < 9; text.remove_prefix(1), ++digits)
      number = number * 10 + (text.front() - '0');
    if (digits == 0 || text.empty()) return std::nullopt;
    while (next < units.size() && (units[next].name != text.front() || units[next].of_time != in_time)) ++next;
    if (next == units.size()) return std::nullopt;
    total += number * units[next++].ms;
    text.remove_prefix(1);
    any = true;
  }
  if (!any) return std::nullopt;
  return total;
}

}  // namespace redress::cli
