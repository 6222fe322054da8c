// Reading members of JSON objects with findings instead of exceptions.
#include "workflow/shape.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/time.hpp"
#include "workflow/names.hpp"

namespace redress::workflow {
namespace {

void add_kind(const Place& place, std::string_view wanted, Findings& findings) {
  findings.add({.rule = "json_type",
                .pointer = place.pointer,
                .message = "this is " + std::string(json_kind(*place.json)),
                .mend = "It must be " + std::string(wanted) + "."});
}

bool contains(const std::vector<std::string_view>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void check_key(const std::string& key, const Place& value, std::string_view what, const Keys& keys, Findings& findings) {
  if (contains(keys.required, key) || contains(keys.optional, key)) return;
  const auto later = std::find_if(keys.not_yet.begin(), keys.not_yet.end(), [&](const NotYet& n) { return n.key == key; });
  if (later != keys.not_yet.end()) {
    findings.add({.rule = "not_yet",
                  .pointer = value.pointer,
                  .message = "this version does not run " + in_quotes(key),
                  .mend = std::string(later->mend),
                  .part = Part::key});
    return;
  }
  std::vector<std::string> known(keys.required.begin(), keys.required.end());
  known.insert(known.end(), keys.optional.begin(), keys.optional.end());
  findings.add({.rule = "unknown_key",
                .pointer = value.pointer,
                .message = std::string(what) + " has no " + in_quotes(key),
                .mend = suggest(key, known),
                .part = Part::key});
}

}  // namespace

std::string_view json_kind(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    default:
      return "a number";
  }
}

bool check_object(const Place& place, std::string_view what, const Keys& keys, Findings& findings) {
  if (!place.json->is_object()) {
    add_kind(place, "an object: " + std::string(what), findings);
    return false;
  }
  for (const auto& [key, value] : members(place)) check_key(key, value, what, keys, findings);
  for (const std::string_view key : keys.required) {
    if (place.json->contains(key)) continue;
    findings.add({.rule = "missing_key",
                  .pointer = place.pointer,
                  .message = std::string(what) + " needs " + in_quotes(key),
                  .mend = "Add \"" + std::string(key) + "\"."});
  }
  return true;
}

bool check_named(const Place& place, std::string_view what, Findings& findings) {
  if (!place.json->is_object()) add_kind(place, "an object: " + std::string(what), findings);
  return place.json->is_object();
}

bool check_list(const Place& place, std::string_view what, Findings& findings) {
  if (!place.json->is_array()) add_kind(place, "a list: " + std::string(what), findings);
  return place.json->is_array();
}

std::optional<Place> member(const Place& object, std::string_view key) {
  if (!object.json->is_object()) return std::nullopt;
  const auto found = object.json->find(key);
  if (found == object.json->end()) return std::nullopt;
  return Place{&*found, object.pointer + pointer_part(key)};
}

std::vector<std::pair<std::string, Place>> members(const Place& object) {
  std::vector<std::pair<std::string, Place>> out;
  if (!object.json->is_object()) return out;
  for (const auto& [key, value] : object.json->items()) out.push_back({key, {&value, object.pointer + pointer_part(key)}});
  return out;
}

std::vector<Place> items(const Place& list) {
  std::vector<Place> out;
  if (!list.json->is_array()) return out;
  for (std::size_t i = 0; i < list.json->size(); ++i) out.push_back({&(*list.json)[i], list.pointer + "/" + std::to_string(i)});
  return out;
}

std::optional<std::string> read_text(const Place& place, Findings& findings) {
  if (!place.json->is_string()) {
    add_kind(place, "a string", findings);
    return std::nullopt;
  }
  std::string text = place.json->get<std::string>();
  if (text.empty()) {
    findings.add(
        {.rule = "empty", .pointer = place.pointer, .message = "an empty string", .mend = "Write what it should say."});
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_string(const Place& object, std::string_view key, Findings& findings) {
  const auto place = member(object, key);
  return place ? read_text(*place, findings) : std::nullopt;
}

std::optional<std::string> read_id(const Place& object, std::string_view key, Findings& findings) {
  auto text = read_string(object, key, findings);
  if (text && !is_id(*text)) {
    findings.add({.rule = "name",
                  .pointer = object.pointer + pointer_part(key),
                  .message = in_quotes(*text) + " is no name here",
                  .mend = "Begin with a-z; then a-z, 0-9, - and _."});
    return std::nullopt;
  }
  return text;
}

std::optional<std::int64_t> read_integer(const Place& object, std::string_view key, Findings& findings) {
  const auto place = member(object, key);
  if (!place) return std::nullopt;
  const bool fits = place->json->is_number_integer() &&
                    (!place->json->is_number_unsigned() || place->json->get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
  if (!fits) {
    add_kind(*place, "a whole number", findings);
    return std::nullopt;
  }
  return place->json->get<std::int64_t>();
}

std::optional<double> read_number(const Place& object, std::string_view key, Findings& findings) {
  const auto place = member(object, key);
  if (!place) return std::nullopt;
  if (!place->json->is_number()) {
    add_kind(*place, "a number", findings);
    return std::nullopt;
  }
  return place->json->get<double>();
}

std::optional<std::int64_t> duration_of(const std::string& text, const std::string& pointer, Part part, Findings& findings) {
  constexpr std::int64_t longest_ms = 3'650 * 86'400'000LL;  // Ten years: no sum of a few of them overflows.
  const auto ms = base::parse_duration(text);
  if (ms && *ms > 0 && *ms <= longest_ms) return ms;
  const std::string what = !ms ? " is no duration" : *ms <= 0 ? " is no time at all" : " is longer than ten years";
  findings.add({.rule = "duration",
                .pointer = pointer,
                .message = in_quotes(text) + what,
                .mend = "Write it as PT15M, PT4H or P1DT12H: days, hours, minutes, seconds; no months or years.",
                .part = part});
  return std::nullopt;
}

std::optional<std::int64_t> read_duration(const Place& object, std::string_view key, Findings& findings) {
  const auto text = read_string(object, key, findings);
  return text ? duration_of(*text, object.pointer + pointer_part(key), Part::value, findings) : std::nullopt;
}

bool check_name(const std::string& name, const Place& place, std::string_view what, Findings& findings) {
  if (is_name(name)) return true;
  findings.add({.rule = "name",
                .pointer = place.pointer,
                .message = in_quotes(name) + " is no name for " + std::string(what),
                .mend = "Begin with a-z; then a-z, 0-9 and _.",
                .part = Part::key});
  return false;
}

}  // namespace redress::workflow
