// The Field is what maintenance knows of its area: zones, crews with their skills and shifts, and the faults that are there.
//
// Plain values, read from a seed (plugins/maintenance/README.md). Times are Unix ms, UTC; shifts are local times of a zone.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "books/places.hpp"
#include "redress/result.hpp"

namespace redress::maintenance {

struct Zone {
  books::Place place;
  std::string time_zone;  // IANA: "Europe/Madrid".
};

struct Shift {
  std::vector<int> days;  // 0: Sunday.
  int from_minutes = 0;   // After local midnight, [0, 1440).
  int to_minutes = 0;     // Below from_minutes: it ends on the next day.
};

struct Crew {
  std::string id;
  std::vector<std::string> skills, zones;
  std::vector<Shift> shifts;
};

// While work goes on, something is found: it takes longer.
struct Setback {
  std::int64_t after_ms = 0;  // From the beginning of the work.
  std::int64_t extra_ms = 0;
};

struct Fault {
  std::string id, problem;
  std::vector<std::string> zones;
  std::int64_t repair_ms = 0;
  std::string crew;  // Empty: any that can.
  std::vector<Setback> setbacks;
};

struct Field {
  std::vector<Zone> zones;
  std::vector<Crew> crews;
  std::vector<Fault> faults;

  [[nodiscard]] const Zone* find_zone(std::string_view id) const;
  [[nodiscard]] const Crew* find_crew(std::string_view id) const;
  // Of this problem in this zone, if one is known.
  [[nodiscard]] const Fault* find_fault(std::string_view zone, std::string_view problem) const;
};

// `invalid` names the place and the rule: a name that is not there, a shift that is none, a time zone that does not exist.
[[nodiscard]] Result<Field> read_field(std::string_view json);

struct Interval {
  std::int64_t from_ms = 0, to_ms = 0;  // [from, to).
};
// The earliest instant from `not_before_ms` on at which the crew is in a shift (local to the zone) and has `length_ms` free of
// `busy`. Nothing within 60 days.
[[nodiscard]] std::optional<std::int64_t> free_start(const Crew& crew, const Zone& zone, std::int64_t not_before_ms,
                                                     std::int64_t length_ms, const std::vector<Interval>& busy);

}  // namespace redress::maintenance
