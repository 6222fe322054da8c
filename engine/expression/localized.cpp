// Money, dates, times and durations as people read them. The one place that uses the time zone library.
#include "expression/localized.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "redress/inspection.hpp"

namespace redress::expression {
namespace {

// ISO 4217's active codes, by digits after the point.
constexpr std::string_view without_minor = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr std::string_view with_two =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY "
    "COP "
    "COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD "
    "KES "
    "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR "
    "NZD "
    "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY "
    "TTD "
    "TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
constexpr std::string_view with_three = "BHD IQD JOD KWD LYD OMR TND";
constexpr std::string_view with_four = "CLF UYW";

bool lists(std::string_view codes, std::string_view currency) {
  for (std::size_t at = 0; at < codes.size(); at += 4) {
    if (codes.substr(at, 3) == currency) return true;
  }
  return false;
}

bool is_language(std::string_view language, std::string_view primary) {
  return language.starts_with(primary) && (language.size() == primary.size() || language[primary.size()] == '-');
}

std::string grouped(std::string digits, char separator, std::size_t digits_min) {
  if (digits.size() < digits_min) return digits;
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, separator);
  }
  return digits;
}

std::string padded(unsigned number, std::size_t width) {
  std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

// "+05:30", "-03:00", and "05:30" as CEL's own tests write it. Minutes east of UTC.
std::optional<int> fixed_offset(std::string_view zone) {
  const bool has_sign = zone.starts_with('+') || zone.starts_with('-');
  const std::string_view digits = zone.substr(has_sign ? 1 : 0);
  if (digits.size() != 5 || digits[2] != ':') return std::nullopt;
  const auto two = [&digits](std::size_t at) -> int {
    const char a = digits[at], b = digits[at + 1];
    return a >= '0' && a <= '9' && b >= '0' && b <= '9' ? (a - '0') * 10 + (b - '0') : 99;
  };
  const int hours = two(0), minutes = two(3);
  if (hours > 23 || minutes > 59) return std::nullopt;
  return (zone.starts_with('-') ? -1 : 1) * (hours * 60 + minutes);
}

// The zone database's seam: it throws for unknown names, and where the system has no database.
const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

std::optional<std::chrono::seconds> offset_at(std::int64_t at_s, std::string_view zone) {
  if (zone == "UTC") return std::chrono::seconds(0);
  if (const auto minutes = fixed_offset(zone)) return std::chrono::minutes(*minutes);
  const date::time_zone* named = find_zone(zone);
  if (named == nullptr) return std::nullopt;
  return named->get_info(date::sys_seconds(std::chrono::seconds(at_s))).offset;
}

LocalTime parts(std::int64_t local_s) {
  const date::sys_seconds at{std::chrono::seconds(local_s)};
  const auto day = date::floor<date::days>(at);
  const date::year_month_day ymd(day);
  const date::hh_mm_ss<std::chrono::seconds> clock(at - day);
  LocalTime local;
  local.year = int{ymd.year()};
  local.month = unsigned{ymd.month()};
  local.day = unsigned{ymd.day()};
  local.weekday = date::weekday(day).c_encoding();
  local.day_of_year = static_cast<unsigned>((day - date::sys_days(ymd.year() / 1 / 1)).count());
  local.hour = static_cast<unsigned>(clock.hours().count());
  local.minute = static_cast<unsigned>(clock.minutes().count());
  local.second = static_cast<unsigned>(clock.seconds().count());
  return local;
}

}  // namespace

std::optional<int> minor_digits(std::string_view currency) {
  if (currency.size() != 3) return std::nullopt;
  if (lists(with_two, currency)) return 2;
  if (lists(without_minor, currency)) return 0;
  if (lists(with_three, currency)) return 3;
  if (lists(with_four, currency)) return 4;
  return std::nullopt;
}

std::string money_text(std::int64_t minor, std::string_view currency, std::string_view language) {
  const auto digits = static_cast<std::size_t>(minor_digits(currency).value_or(2));
  const bool spanish = is_language(language, "es");
  const bool english = is_language(language, "en");
  std::string amount = std::to_string(minor < 0 ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor));
  if (amount.size() <= digits) amount.insert(0, digits + 1 - amount.size(), '0');
  const std::string fraction = amount.substr(amount.size() - digits);
  amount.resize(amount.size() - digits);
  // Spanish groups from five digits on; where the language is neither, nothing that could be misread as a decimal point.
  if (english) amount = grouped(amount, ',', 4);
  if (spanish) amount = grouped(amount, '.', 5);
  if (digits > 0) amount += (spanish ? ',' : '.') + fraction;
  const std::string sign = minor < 0 ? "-" : "";
  if (spanish) return sign + amount + ' ' + (currency == "EUR" ? "€" : std::string(currency));
  if (english && currency == "EUR") return sign + "€" + amount;
  if (english && currency == "USD") return sign + "$" + amount;
  if (english && currency == "GBP") return sign + "£" + amount;
  return std::string(currency) + ' ' + sign + amount;
}

std::optional<LocalTime> local_time(Timestamp at, std::string_view zone) {
  const auto offset = offset_at(at.s, zone);
  if (!offset) return std::nullopt;
  LocalTime local = parts(at.s + offset->count());
  local.millisecond = static_cast<unsigned>(at.ns) / 1'000'000;
  return local;
}

bool is_zone(std::string_view zone) { return offset_at(0, zone).has_value(); }

std::string date_text(const LocalTime& at, std::string_view language) {
  static constexpr std::array<std::string_view, 12> english{
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
  static constexpr std::array<std::string_view, 12> spanish{"enero",      "febrero", "marzo",     "abril",
                                                            "mayo",       "junio",   "julio",     "agosto",
                                                            "septiembre", "octubre", "noviembre", "diciembre"};
  const std::size_t month = at.month - 1;
  if (is_language(language, "en"))
    return std::to_string(at.day) + ' ' + std::string(english[month]) + ' ' + std::to_string(at.year);
  if (is_language(language, "es")) {
    return std::to_string(at.day) + " de " + std::string(spanish[month]) + " de " + std::to_string(at.year);
  }
  const std::string year = std::to_string(at.year);
  return std::string(year.size() < 4 ? 4 - year.size() : 0, '0') + year + '-' + padded(at.month, 2) + '-' + padded(at.day, 2);
}

std::string time_text(const LocalTime& at) { return padded(at.hour, 2) + ':' + padded(at.minute, 2); }

std::string duration_text(Duration duration) {
  struct Unit {
    std::uint64_t ns;
    std::string_view name;
  };
  static constexpr std::uint64_t second_ns = 1'000'000'000;
  static constexpr std::array<Unit, 7> units{{{86'400 * second_ns, "d"},
                                              {3'600 * second_ns, "h"},
                                              {60 * second_ns, "min"},
                                              {second_ns, "s"},
                                              {1'000'000, "ms"},
                                              {1'000, "µs"},
                                              {1, "ns"}}};
  std::uint64_t rest = duration.ns < 0 ? 0 - static_cast<std::uint64_t>(duration.ns) : static_cast<std::uint64_t>(duration.ns);
  std::string text;
  for (const Unit& unit : units) {
    const std::uint64_t count = rest / unit.ns;
    rest %= unit.ns;
    if (count > 0) text += (text.empty() ? "" : " ") + std::to_string(count) + ' ' + std::string(unit.name);
  }
  if (text.empty()) return "0 s";
  return (duration.ns < 0 ? "-" : "") + text;
}

}  // namespace redress::expression

namespace redress {

Result<void> check_time_zones() {
  for (const char* zone : {"Europe/Madrid", "America/Bogota"})
    if (expression::find_zone(zone) == nullptr)
      return {Code::unavailable,
              "the system has no time zone " + std::string(zone) + "; install the time zone database (Debian: tzdata)"};
  return {};
}

}  // namespace redress
