// Reads the seed member by member, and finds free time in shifts.
#include "maintenance/field.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace redress::maintenance {
namespace {

using Json = nlohmann::json;
using std::chrono::minutes;

constexpr std::int64_t minute_ms = 60'000;
constexpr int days_ahead_max = 60;
constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

int day_of(const std::string& name) {
  const auto* const found = std::find(day_names.begin(), day_names.end(), name);
  if (found == day_names.end()) fail("\"" + name + "\" is no day; write sun, mon, tue, wed, thu, fri or sat");
  return static_cast<int>(found - day_names.begin());
}

// "08:30".
int minutes_of(const std::string& text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  const bool shaped = text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4);
  const int at = shaped ? (std::stoi(text.substr(0, 2)) * 60) + std::stoi(text.substr(3)) : -1;
  if (at < 0 || at >= 1440 || text[3] > '5') fail("\"" + text + "\" is no time of day; write it as 08:30");
  return at;
}

std::int64_t duration_ms(const Json& row, const char* name) {
  const auto value = row.at(name).get<std::int64_t>();
  if (value < 0 || value > 60 * 24 * 30) fail(std::string(name) + " must be from 0 to 43200 minutes");
  return value * minute_ms;
}

Zone read_zone(const Json& row) {
  Zone zone{{row.at("zone"), row.at("names")}, row.at("time_zone")};
  if (zone.place.names.empty()) fail("a zone needs a name");
  try {
    (void)date::locate_zone(zone.time_zone);
  } catch (const std::runtime_error&) {
    fail("the time zone \"" + zone.time_zone + "\" does not exist; write an IANA name, as Europe/Madrid");
  }
  return zone;
}

Crew read_crew(const Json& row) {
  Crew crew{row.at("crew"), row.at("skills"), row.at("zones"), {}};
  for (const Json& each : row.at("shifts")) {
    Shift shift;
    for (const std::string day : each.at("days")) shift.days.push_back(day_of(day));
    shift.from_minutes = minutes_of(each.at("from"));
    shift.to_minutes = minutes_of(each.at("to"));
    if (shift.days.empty() || shift.from_minutes == shift.to_minutes) fail("a shift of crew " + crew.id + " never comes");
    crew.shifts.push_back(shift);
  }
  if (crew.shifts.empty()) fail("crew " + crew.id + " has no shifts");
  return crew;
}

Fault read_fault(const Json& row) {
  Fault fault{
      row.at("fault"), row.at("problem"), row.at("zones"), duration_ms(row, "repair_minutes"), row.value("crew", ""), {}};
  for (const Json& each : row.value("setbacks", Json::array()))
    fault.setbacks.push_back({duration_ms(each, "after_minutes"), duration_ms(each, "extra_minutes")});
  std::int64_t end_ms = fault.repair_ms;
  for (const Setback& each : fault.setbacks) {
    if (each.after_ms >= end_ms)
      fail("a setback of fault " + fault.id + " comes when the work is done already; list them in order");
    end_ms += each.extra_ms;
  }
  return fault;
}

template <class Row>
std::vector<Row> read_rows(const Json& file, const char* name, Row (*read)(const Json&)) {
  std::vector<Row> rows;
  for (const Json& row : file.at(name)) {
    try {
      rows.push_back(read(row));
    } catch (const std::exception& error) {
      fail("/" + std::string(name) + "/" + std::to_string(rows.size()) + ": " + error.what());
    }
  }
  return rows;
}

void check_names(const Field& field) {
  const auto zone_there = [&](const std::string& owner, const std::vector<std::string>& zones) {
    for (const std::string& zone : zones)
      if (field.find_zone(zone) == nullptr) fail(owner + " names the zone \"" + zone + "\", which is not among the zones");
  };
  for (const Crew& crew : field.crews) zone_there("crew " + crew.id, crew.zones);
  for (const Fault& fault : field.faults) {
    zone_there("fault " + fault.id, fault.zones);
    if (!fault.crew.empty() && field.find_crew(fault.crew) == nullptr)
      fail("fault " + fault.id + " names the crew \"" + fault.crew + "\", which is not among the crews");
  }
}

using LocalDays = date::local_days;

std::int64_t instant_ms(const date::time_zone* zone, LocalDays day, int after_minutes) {
  // A time that the clocks leap over is the instant of the leap; one that they pass twice is the first.
  const auto at = zone->to_sys(day + minutes(after_minutes), date::choose::earliest);
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

// The crew's shifts that end after `from_ms`, in order.
std::vector<Interval> shifts_from(const Crew& crew, const Zone& zone, std::int64_t from_ms) {
  const date::time_zone* tz = date::locate_zone(zone.time_zone);
  const auto local = tz->to_local(date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(from_ms)));
  const auto today = date::floor<date::days>(local);
  std::vector<Interval> out;
  for (int ahead = -1; ahead <= days_ahead_max; ++ahead) {
    const LocalDays day = today + date::days(ahead);
    const auto weekday = static_cast<int>(date::weekday(day).c_encoding());
    for (const Shift& shift : crew.shifts) {
      if (std::find(shift.days.begin(), shift.days.end(), weekday) == shift.days.end()) continue;
      const int to = shift.to_minutes > shift.from_minutes ? shift.to_minutes : shift.to_minutes + 1440;
      const Interval one{instant_ms(tz, day, shift.from_minutes), instant_ms(tz, day, to)};
      if (one.to_ms > from_ms && one.to_ms > one.from_ms) out.push_back(one);
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.from_ms < b.from_ms; });
  return out;
}

}  // namespace

const Zone* Field::find_zone(std::string_view id) const {
  const auto found = std::find_if(zones.begin(), zones.end(), [&](const Zone& z) { return z.place.id == id; });
  return found == zones.end() ? nullptr : &*found;
}

const Crew* Field::find_crew(std::string_view id) const {
  const auto found = std::find_if(crews.begin(), crews.end(), [&](const Crew& c) { return c.id == id; });
  return found == crews.end() ? nullptr : &*found;
}

const Fault* Field::find_fault(std::string_view zone, std::string_view problem) const {
  const auto found = std::find_if(faults.begin(), faults.end(), [&](const Fault& f) {
    return f.problem == problem && std::find(f.zones.begin(), f.zones.end(), zone) != f.zones.end();
  });
  return found == faults.end() ? nullptr : &*found;
}

Result<Field> read_field(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Field field{read_rows(json, "zones", read_zone), read_rows(json, "crews", read_crew),
                read_rows(json, "faults", read_fault)};
    check_names(field);
    return field;
  } catch (const std::exception& error) {
    return {Code::invalid, error.what()};
  }
}

std::optional<std::int64_t> free_start(const Crew& crew, const Zone& zone, std::int64_t not_before_ms, std::int64_t length_ms,
                                       const std::vector<Interval>& busy) {
  for (const Interval& shift : shifts_from(crew, zone, not_before_ms)) {
    std::int64_t start = std::max(shift.from_ms, not_before_ms);
    for (bool moved = true; moved;) {
      moved = false;
      for (const Interval& other : busy) {
        if (start >= other.to_ms || start + length_ms <= other.from_ms) continue;
        start = other.to_ms;
        moved = true;
      }
    }
    if (start < shift.to_ms) return start;
  }
  return std::nullopt;
}

}  // namespace redress::maintenance
