// Instants by Howard Hinnant's civil calendar; durations by hand, so that nothing overflows and no month sneaks in.
#include "base/time.hpp"

#include <date/date.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

namespace redress::base {
namespace {

constexpr std::int64_t second_ms = 1000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads from the front of a text; once something did not fit, `failed` stays true and everything reads as 0.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return !failed_ && rest_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool starts_with(char c) const { return !rest_.empty() && rest_.front() == c; }

  char one_of(std::string_view allowed) {
    if (failed_ || rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
      failed_ = true;
      return '\0';
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  // Exactly `digits` digits, from `least` to `most`.
  int number(int digits, int least, int most) {
    int value = 0;
    for (int i = 0; i < digits; ++i) value = value * 10 + (one_of("0123456789") - '0');
    if (value < least || value > most) failed_ = true;
    return failed_ ? 0 : value;
  }

  // One digit or more.
  std::string_view digits() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const std::string_view found = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    if (found.empty()) failed_ = true;
    rest_.remove_prefix(found.size());
    return found;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// "5" is 500 ms; what is finer than a millisecond is cut off.
int fraction_ms(std::string_view digits) {
  int ms = 0;
  for (std::size_t i = 0; i < 3; ++i) ms = ms * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return ms;
}

std::int64_t offset_ms(Reader& text) {
  const char sign = text.one_of("Zz+-");
  if (text.failed() || sign == 'Z' || sign == 'z') return 0;
  const int hours = text.number(2, 0, 23);
  text.one_of(":");
  const int minutes = text.number(2, 0, 59);
  return (sign == '-' ? -1 : 1) * (hours * hour_ms + minutes * minute_ms);
}

// Second 60 exists only at the end of a UTC day that ends June or December.
bool may_be_leap_second(std::int64_t after_it_ms) {
  if (after_it_ms % day_ms != 0) return false;
  const date::year_month_day next{date::sys_days{date::days{after_it_ms / day_ms}}};
  return next.day() == date::day{1} && (next.month() == date::July || next.month() == date::January);
}

}  // namespace

std::optional<std::int64_t> parse_instant(std::string_view text) {
  Reader in(text);
  const int year = in.number(4, 0, 9999);
  in.one_of("-");
  const int month = in.number(2, 1, 12);
  in.one_of("-");
  const int day = in.number(2, 1, 31);
  in.one_of("Tt");
  const int hour = in.number(2, 0, 23);
  in.one_of(":");
  const int minute = in.number(2, 0, 59);
  in.one_of(":");
  const int second = in.number(2, 0, 60);
  int ms = 0;
  if (in.starts_with('.')) {
    in.one_of(".");
    ms = fraction_ms(in.digits());
  }
  const std::int64_t offset = offset_ms(in);
  const auto ymd = date::year{year} / date::month{static_cast<unsigned>(month)} / date::day{static_cast<unsigned>(day)};
  if (!in.done() || !ymd.ok()) return std::nullopt;

  const std::int64_t days = date::sys_days{ymd}.time_since_epoch().count();
  const std::int64_t at_ms = days * day_ms + hour * hour_ms + minute * minute_ms + second * second_ms - offset;
  if (second == 60 && !may_be_leap_second(at_ms)) return std::nullopt;
  return at_ms + ms;
}

std::string format_instant(std::int64_t at_ms) {
  constexpr std::int64_t first_ms = -62'167'219'200'000;  // 0000-01-01T00:00:00Z: four digits show no year before it,
  constexpr std::int64_t last_ms = 253'402'300'799'999;   // nor after 9999-12-31T23:59:59.999Z.
  const std::chrono::milliseconds at{std::clamp(at_ms, first_ms, last_ms)};
  const auto days = date::floor<date::days>(at);
  const date::year_month_day ymd{date::sys_days{days}};
  const date::hh_mm_ss<std::chrono::milliseconds> time{at - days};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  std::string out = text;
  if (const auto ms = static_cast<int>(time.subseconds().count()); ms != 0) {
    std::snprintf(text, sizeof text, ".%03d", ms);
    out += text;
  }
  return out + "Z";
}

namespace {

struct Unit {
  char letter;
  std::int64_t ms;
};

// digits * unit added to `total`; false where it does not fit.
bool add(std::int64_t& total, std::string_view digits, std::int64_t unit_ms) {
  std::int64_t count = 0;
  for (const char digit : digits) {
    if (__builtin_mul_overflow(count, std::int64_t{10}, &count)) return false;
    if (__builtin_add_overflow(count, std::int64_t{digit - '0'}, &count)) return false;
  }
  std::int64_t ms = 0;
  return !__builtin_mul_overflow(count, unit_ms, &ms) && !__builtin_add_overflow(total, ms, &total);
}

// One or more of `units`, each at most once and in their order; false where none or something else is there.
bool read_parts(Reader& in, std::string_view units, std::int64_t& total, bool& ends_in_time) {
  constexpr Unit known[] = {{'W', 7 * day_ms}, {'D', day_ms}, {'H', hour_ms}, {'M', minute_ms}, {'S', second_ms}};
  do {
    const std::string_view whole = in.digits();
    std::string_view fraction;
    if (in.starts_with('.')) {
      in.one_of(".");
      fraction = in.digits();
    }
    const char letter = in.one_of(units);
    if (in.failed() || fraction.size() > 3 || (!fraction.empty() && letter != 'S')) return false;
    const auto unit = std::find_if(std::begin(known), std::end(known), [&](const Unit& u) { return u.letter == letter; });
    if (!add(total, whole, unit->ms)) return false;
    if (__builtin_add_overflow(total, std::int64_t{fraction_ms(fraction)}, &total)) return false;
    units.remove_prefix(units.find(letter) + 1);
    ends_in_time = in.starts_with('T');
  } while (!in.done() && !ends_in_time);
  return true;
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  Reader in(text);
  in.one_of("P");
  std::int64_t total = 0;
  bool time_follows = in.starts_with('T');
  const bool in_weeks = text.ends_with('W');  // ISO 8601: weeks stand alone.
  if (!time_follows && !read_parts(in, in_weeks ? "W" : "D", total, time_follows)) return std::nullopt;
  if (time_follows) {
    in.one_of("T");
    bool again = false;
    if (!read_parts(in, "HMS", total, again) || again) return std::nullopt;
  }
  return in.done() ? std::optional(total) : std::nullopt;
}

std::string format_duration(std::int64_t duration_ms) {
  if (duration_ms == 0) return "PT0S";
  const bool negative = duration_ms < 0;
  std::uint64_t ms = static_cast<std::uint64_t>(duration_ms);
  if (negative) ms = 0 - ms;
  const auto part = [](std::uint64_t count, char unit) { return count == 0 ? std::string{} : std::to_string(count) + unit; };

  std::string time = part(ms / hour_ms % 24, 'H') + part(ms / minute_ms % 60, 'M');
  if (const std::uint64_t fraction = ms % second_ms; fraction != 0) {
    std::string digits = std::to_string(second_ms + static_cast<std::int64_t>(fraction)).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    time += std::to_string(ms / second_ms % 60) + "." + digits + "S";
  } else {
    time += part(ms / second_ms % 60, 'S');
  }
  return (negative ? "-P" : "P") + part(ms / day_ms, 'D') + (time.empty() ? "" : "T" + time);
}

}  // namespace redress::base
