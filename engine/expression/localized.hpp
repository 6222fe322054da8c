// Money, dates, times and durations as people read them, by language. Private to this room.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expression/value.hpp"

namespace redress::expression {

// Digits after the decimal point, ISO 4217; nothing for a code that is not on its list.
[[nodiscard]] std::optional<int> minor_digits(std::string_view currency);
// en "€45.00", "JPY 45"; es "45,00 €"; else "EUR 45.00". The currency must be on the list.
[[nodiscard]] std::string money_text(std::int64_t minor, std::string_view currency, std::string_view language);

// A timestamp's local parts in a zone.
struct LocalTime {
  std::int64_t year = 1970;
  unsigned month = 1;        // From 1.
  unsigned day = 1;          // Of the month, from 1.
  unsigned weekday = 0;      // From 0, Sunday.
  unsigned day_of_year = 0;  // From 0.
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  unsigned millisecond = 0;
};

// Zones: "UTC", "+05:30", "-03:00", "Europe/Madrid". Nothing for an unknown one.
[[nodiscard]] std::optional<LocalTime> local_time(Timestamp at, std::string_view zone);
[[nodiscard]] bool is_zone(std::string_view zone);

[[nodiscard]] std::string date_text(const LocalTime& at,
                                    std::string_view language);  // "13 February 2009", "13 de febrero de 2009".
[[nodiscard]] std::string time_text(const LocalTime& at);        // "23:31"
[[nodiscard]] std::string duration_text(Duration duration);      // "1 d 2 h 30 min": the same in every language.

}  // namespace redress::expression
