// The shape of the file: members that must, may or must not be there, and values of the JSON type that they must have.
//
// Each function says what is wrong to Findings and answers what can still be used.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "workflow/findings.hpp"

namespace redress::workflow {

// A value in the file, and its pointer. The JSON outlives it.
struct Place {
  const Json* json = nullptr;
  std::string pointer;
};

// What the language has, but this version does not run: found as "not_yet" with its own mend.
struct NotYet {
  std::string_view key;
  std::string_view mend;
};

struct Keys {
  std::vector<std::string_view> required;
  std::vector<std::string_view> optional;
  std::vector<NotYet> not_yet;
};

// "a commitment", an object with these keys; true where it is an object at all.
bool check_object(const Place& place, std::string_view what, const Keys& keys, Findings& findings);
// An object whose keys are names of its own ("the states"); false, and a finding, where it is none.
bool check_named(const Place& place, std::string_view what, Findings& findings);
bool check_list(const Place& place, std::string_view what, Findings& findings);

[[nodiscard]] std::optional<Place> member(const Place& object, std::string_view key);  // Nothing where it is not there.
[[nodiscard]] std::vector<std::pair<std::string, Place>> members(const Place& object);
[[nodiscard]] std::vector<Place> items(const Place& list);

// Nothing where the member is not there, or (with a finding) is not what it should be. Strings are not empty.
[[nodiscard]] std::optional<std::string> read_string(const Place& object, std::string_view key, Findings& findings);
[[nodiscard]] std::optional<std::string> read_text(const Place& place, Findings& findings);
[[nodiscard]] std::optional<std::string> read_id(const Place& object, std::string_view key, Findings& findings);
[[nodiscard]] std::optional<std::int64_t> read_integer(const Place& object, std::string_view key, Findings& findings);
[[nodiscard]] std::optional<double> read_number(const Place& object, std::string_view key, Findings& findings);
[[nodiscard]] std::optional<std::int64_t> read_duration(const Place& object, std::string_view key, Findings& findings);
// Milliseconds of an ISO 8601 duration, above 0.
[[nodiscard]] std::optional<std::int64_t> duration_of(const std::string& text, const std::string& pointer, Part part,
                                                      Findings& findings);

// A key that must be a name; says so where it is not.
bool check_name(const std::string& name, const Place& place, std::string_view what, Findings& findings);

[[nodiscard]] std::string_view json_kind(const Json& json);  // "a string", "an object", ...

}  // namespace redress::workflow
