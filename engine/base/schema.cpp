// The validator: one table of keywords, each with what it demands of the schema and what it demands of the instance.
#include "base/schema.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/text.hpp"
#include "base/time.hpp"

namespace redress::base {
namespace {

constexpr std::size_t findings_max = 100;     // Of one call: a hostile instance must not fill the memory with complaints.
constexpr std::size_t quoted_bytes_max = 80;  // Of a value in a message.
constexpr std::int64_t pattern_memory_max = 1 << 20;

using Findings = std::vector<SchemaFinding>;

std::string child(const std::string& pointer, std::string_view name) {
  std::string out = pointer + "/";
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

std::string child(const std::string& pointer, std::size_t index) { return pointer + "/" + std::to_string(index); }

std::string excerpt(const Json& json) {
  const std::string text = dump_json(json);
  const std::string_view shown = utf8_prefix(text, quoted_bytes_max);
  return std::string(shown) + (shown.size() < text.size() ? "..." : "");
}

void report(Findings& findings, const std::string& pointer, std::string message) {
  if (findings.size() < findings_max) findings.push_back({pointer, std::move(message)});
}

RE2::Options pattern_options() {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(pattern_memory_max);
  return options;
}

// Exact for every integer of 64 bits, which a double is not.
long double number_of(const Json& json) {
  if (json.is_number_unsigned()) return static_cast<long double>(json.get<std::uint64_t>());
  if (json.is_number_integer()) return static_cast<long double>(json.get<std::int64_t>());
  return json.get<double>();
}

// Whole, and within what the engine counts with: 64 bits, signed.
bool is_integer(const Json& json) {
  if (!json.is_number()) return false;
  const long double value = number_of(json);
  return std::trunc(value) == value && value >= static_cast<long double>(std::numeric_limits<std::int64_t>::min()) &&
         value <= static_cast<long double>(std::numeric_limits<std::int64_t>::max());
}

bool is_count(const Json& json) { return is_integer(json) && number_of(json) >= 0; }

bool is_of_type(const Json& instance, std::string_view type) {
  if (type == "null") return instance.is_null();
  if (type == "boolean") return instance.is_boolean();
  if (type == "integer") return is_integer(instance);
  if (type == "number") return instance.is_number();
  if (type == "string") return instance.is_string();
  if (type == "array") return instance.is_array();
  return type == "object" && instance.is_object();
}

bool is_type_name(const Json& json) {
  static constexpr std::string_view known[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
  return json.is_string() && std::ranges::find(known, json.get_ref<const std::string&>()) != std::end(known);
}

bool are_unique(const Json& array) {
  std::vector<std::string> values;
  for (const Json& item : array) values.push_back(canonical_json(item));
  std::ranges::sort(values);
  return std::ranges::adjacent_find(values) == values.end();
}

bool are_strings(const Json& array) {
  return std::ranges::all_of(array, [](const Json& item) { return item.is_string(); });
}

// What each keyword demands of the schema.

void check(const Json& schema, const std::string& pointer, Findings& findings);

using Check = void (*)(const Json& value, const std::string& pointer, Findings& findings);

void check_type(const Json& value, const std::string& pointer, Findings& findings) {
  const bool one = is_type_name(value);
  const bool many = value.is_array() && !value.empty() && std::ranges::all_of(value, is_type_name) && are_unique(value);
  if (!one && !many) {
    report(findings, pointer,
           excerpt(value) + " is not null, boolean, integer, number, string, array or object, nor a list of them");
  }
}

void check_enum(const Json& value, const std::string& pointer, Findings& findings) {
  if (!value.is_array() || value.empty()) report(findings, pointer, "must be a list of at least one value");
}

void check_anything(const Json&, const std::string&, Findings&) {}

void check_flag(const Json& value, const std::string& pointer, Findings& findings) {
  if (!value.is_boolean()) report(findings, pointer, "must be true or false");
}

void check_count(const Json& value, const std::string& pointer, Findings& findings) {
  if (!is_count(value)) report(findings, pointer, "must be a whole number, 0 or more");
}

void check_number(const Json& value, const std::string& pointer, Findings& findings) {
  if (!value.is_number()) report(findings, pointer, "must be a number");
}

void check_pattern(const Json& value, const std::string& pointer, Findings& findings) {
  if (!value.is_string()) return report(findings, pointer, "must be a regular expression in a string");
  const RE2 pattern(value.get_ref<const std::string&>(), pattern_options());
  if (!pattern.ok()) report(findings, pointer, "not a regular expression that RE2 takes: " + pattern.error());
}

void check_format(const Json& value, const std::string& pointer, Findings& findings) {
  if (value != "date-time" && value != "duration") {
    report(findings, pointer, "the format " + excerpt(value) + " is not known; use date-time or duration");
  }
}

void check_required(const Json& value, const std::string& pointer, Findings& findings) {
  if (!value.is_array() || !are_strings(value) || !are_unique(value)) {
    report(findings, pointer, "must be a list of names, each once");
  }
}

void check_properties(const Json& value, const std::string& pointer, Findings& findings) {
  if (!value.is_object()) return report(findings, pointer, "must be an object of schemas");
  for (const auto& [name, schema] : value.items()) check(schema, child(pointer, name), findings);
}

void check_schemas(const Json& value, const std::string& pointer, Findings& findings) {
  if (!value.is_array() || value.empty()) return report(findings, pointer, "must be a list of at least one schema");
  for (std::size_t i = 0; i < value.size(); ++i) check(value[i], child(pointer, i), findings);
}

// A text, or one for each language.
void check_text(const Json& value, const std::string& pointer, Findings& findings) {
  if (!value.is_string() && !(value.is_object() && are_strings(value))) {
    report(findings, pointer, "must be a text, or an object with a text for each language");
  }
}

// What each keyword demands of the instance.

struct Place {
  const Json& value;   // Of the keyword.
  const Json& schema;  // In which the keyword stands.
  const Json& instance;
  const std::string& pointer;
  Findings& findings;

  void say(std::string message) const { report(findings, pointer, std::move(message)); }
};

void apply(const Json& schema, const Json& instance, const std::string& pointer, Findings& findings);

bool fits(const Json& schema, const Place& at) {
  Findings inner;
  apply(schema, at.instance, at.pointer, inner);
  return inner.empty();
}

using Apply = void (*)(const Place&);

void apply_nothing(const Place&) {}

void apply_type(const Place& at) {
  const auto is_it = [&](const Json& type) { return is_of_type(at.instance, type.get_ref<const std::string&>()); };
  const bool fit = at.value.is_string() ? is_it(at.value) : std::ranges::any_of(at.value, is_it);
  if (!fit) at.say(excerpt(at.instance) + " must be of type " + dump_json(at.value));
}

void apply_enum(const Place& at) {
  const std::string instance = canonical_json(at.instance);
  const bool found = std::ranges::any_of(at.value, [&](const Json& allowed) { return canonical_json(allowed) == instance; });
  if (!found) at.say(excerpt(at.instance) + " must be one of " + excerpt(at.value));
}

void apply_const(const Place& at) {
  if (canonical_json(at.instance) != canonical_json(at.value)) at.say(excerpt(at.instance) + " must be " + excerpt(at.value));
}

void apply_properties(const Place& at) {
  if (!at.instance.is_object()) return;
  for (const auto& [name, schema] : at.value.items()) {
    const auto member = at.instance.find(name);
    if (member != at.instance.end()) apply(schema, *member, child(at.pointer, name), at.findings);
  }
}

void apply_required(const Place& at) {
  if (!at.instance.is_object()) return;
  for (const Json& name : at.value) {
    if (!at.instance.contains(name.get_ref<const std::string&>())) at.say("the field " + excerpt(name) + " is missing; add it");
  }
}

void apply_additional_properties(const Place& at) {
  if (!at.instance.is_object()) return;
  const auto known = at.schema.find("properties");
  for (const auto& [name, member] : at.instance.items()) {
    if (known != at.schema.end() && known->contains(name)) continue;
    if (at.value == false) {
      report(at.findings, child(at.pointer, name), "a field that is not known here; remove it");
    } else {
      apply(at.value, member, child(at.pointer, name), at.findings);
    }
  }
}

void apply_items(const Place& at) {
  if (!at.instance.is_array()) return;
  for (std::size_t i = 0; i < at.instance.size(); ++i) {
    apply(at.value, at.instance[i], child(at.pointer, i), at.findings);
  }
}

void demand_least(const Place& at, std::size_t count, std::string_view of_what) {
  if (static_cast<long double>(count) < number_of(at.value)) {
    at.say("has " + std::to_string(count) + " " + std::string(of_what) + "; at least " + dump_json(at.value));
  }
}

void demand_most(const Place& at, std::size_t count, std::string_view of_what) {
  if (static_cast<long double>(count) > number_of(at.value)) {
    at.say("has " + std::to_string(count) + " " + std::string(of_what) + "; at most " + dump_json(at.value));
  }
}

void apply_min_items(const Place& at) {
  if (at.instance.is_array()) demand_least(at, at.instance.size(), "items");
}
void apply_max_items(const Place& at) {
  if (at.instance.is_array()) demand_most(at, at.instance.size(), "items");
}
void apply_min_length(const Place& at) {
  if (at.instance.is_string()) demand_least(at, utf8_length(at.instance.get_ref<const std::string&>()), "characters");
}
void apply_max_length(const Place& at) {
  if (at.instance.is_string()) demand_most(at, utf8_length(at.instance.get_ref<const std::string&>()), "characters");
}
void apply_min_properties(const Place& at) {
  if (at.instance.is_object()) demand_least(at, at.instance.size(), "fields");
}
void apply_max_properties(const Place& at) {
  if (at.instance.is_object()) demand_most(at, at.instance.size(), "fields");
}

void apply_pattern(const Place& at) {
  if (!at.instance.is_string()) return;
  const RE2 pattern(at.value.get_ref<const std::string&>(), pattern_options());
  if (!RE2::PartialMatch(at.instance.get_ref<const std::string&>(), pattern)) {
    at.say(excerpt(at.instance) + " must match " + excerpt(at.value));
  }
}

void apply_format(const Place& at) {
  if (!at.instance.is_string()) return;
  const auto& text = at.instance.get_ref<const std::string&>();
  if (at.value == "date-time" && !parse_instant(text)) {
    at.say(excerpt(at.instance) + " must be an instant, such as 2017-10-08T23:04:15Z");
  }
  if (at.value == "duration" && !parse_duration(text)) {
    at.say(excerpt(at.instance) + " must be a duration, such as PT15M or P2D");
  }
}

void apply_minimum(const Place& at) {
  if (at.instance.is_number() && number_of(at.instance) < number_of(at.value)) {
    at.say(excerpt(at.instance) + " must be " + dump_json(at.value) + " or more");
  }
}
void apply_maximum(const Place& at) {
  if (at.instance.is_number() && number_of(at.instance) > number_of(at.value)) {
    at.say(excerpt(at.instance) + " must be " + dump_json(at.value) + " or less");
  }
}
void apply_exclusive_minimum(const Place& at) {
  if (at.instance.is_number() && number_of(at.instance) <= number_of(at.value)) {
    at.say(excerpt(at.instance) + " must be more than " + dump_json(at.value));
  }
}
void apply_exclusive_maximum(const Place& at) {
  if (at.instance.is_number() && number_of(at.instance) >= number_of(at.value)) {
    at.say(excerpt(at.instance) + " must be less than " + dump_json(at.value));
  }
}

void apply_unique_items(const Place& at) {
  if (at.value == true && at.instance.is_array() && !are_unique(at.instance)) at.say("has an item twice");
}

void apply_any_of(const Place& at) {
  if (std::ranges::none_of(at.value, [&](const Json& schema) { return fits(schema, at); })) {
    at.say(excerpt(at.instance) + " fits none of the " + std::to_string(at.value.size()) + " schemas of anyOf");
  }
}
void apply_all_of(const Place& at) {
  for (const Json& schema : at.value) apply(schema, at.instance, at.pointer, at.findings);
}
void apply_one_of(const Place& at) {
  const auto count = std::ranges::count_if(at.value, [&](const Json& schema) { return fits(schema, at); });
  if (count != 1) {
    at.say(excerpt(at.instance) + " fits " + std::to_string(count) + " of the " + std::to_string(at.value.size()) +
           " schemas of oneOf; it must fit one");
  }
}
void apply_not(const Place& at) {
  if (fits(at.value, at)) at.say(excerpt(at.instance) + " fits the schema of not");
}

struct Keyword {
  std::string_view name;
  Check check;
  Apply apply;
};

constexpr std::array keywords = {
    Keyword{"type", check_type, apply_type},
    Keyword{"enum", check_enum, apply_enum},
    Keyword{"const", check_anything, apply_const},
    Keyword{"properties", check_properties, apply_properties},
    Keyword{"required", check_required, apply_required},
    Keyword{"additionalProperties", check, apply_additional_properties},
    Keyword{"items", check, apply_items},
    Keyword{"minItems", check_count, apply_min_items},
    Keyword{"maxItems", check_count, apply_max_items},
    Keyword{"minLength", check_count, apply_min_length},
    Keyword{"maxLength", check_count, apply_max_length},
    Keyword{"minProperties", check_count, apply_min_properties},
    Keyword{"maxProperties", check_count, apply_max_properties},
    Keyword{"pattern", check_pattern, apply_pattern},
    Keyword{"format", check_format, apply_format},
    Keyword{"minimum", check_number, apply_minimum},
    Keyword{"maximum", check_number, apply_maximum},
    Keyword{"exclusiveMinimum", check_number, apply_exclusive_minimum},
    Keyword{"exclusiveMaximum", check_number, apply_exclusive_maximum},
    Keyword{"uniqueItems", check_flag, apply_unique_items},
    Keyword{"anyOf", check_schemas, apply_any_of},
    Keyword{"allOf", check_schemas, apply_all_of},
    Keyword{"oneOf", check_schemas, apply_one_of},
    Keyword{"not", check, apply_not},
    Keyword{"title", check_text, apply_nothing},
    Keyword{"description", check_text, apply_nothing},
    Keyword{"private", check_flag, apply_nothing},
    Keyword{"localized", check_flag, apply_nothing},
    Keyword{"public_text", check_flag, apply_nothing},
    Keyword{"same_as_input", check_flag, apply_nothing},
    Keyword{"optional", check_flag, apply_nothing},
};

const Keyword* find_keyword(std::string_view name) {
  const auto found = std::ranges::find(keywords, name, &Keyword::name);
  return found == keywords.end() ? nullptr : &*found;
}

void check(const Json& schema, const std::string& pointer, Findings& findings) {
  if (schema.is_boolean()) return;
  if (!schema.is_object()) return report(findings, pointer, "a schema must be an object, true or false");
  for (const auto& [name, value] : schema.items()) {
    const Keyword* keyword = find_keyword(name);
    if (keyword) {
      keyword->check(value, child(pointer, name), findings);
    } else {
      report(findings, child(pointer, name),
             "the keyword " + std::string(name) + " is not known, so it would not be applied; remove it");
    }
  }
}

void apply(const Json& schema, const Json& instance, const std::string& pointer, Findings& findings) {
  if (schema == false) return report(findings, pointer, "no value is allowed here");
  if (!schema.is_object()) return;
  for (const auto& [name, value] : schema.items()) {
    if (findings.size() >= findings_max) return;
    if (const Keyword* keyword = find_keyword(name)) keyword->apply({value, schema, instance, pointer, findings});
  }
}

bool may_be_empty_string(const Json& field) {
  return !field.is_object() || !field.contains("type") || field["type"] != "string";
}

}  // namespace

std::vector<SchemaFinding> check_schema(const Json& schema) {
  Findings findings;
  check(schema, "", findings);
  return findings;
}

std::vector<SchemaFinding> validate(const Json& schema, const Json& instance) {
  Findings findings;
  apply(schema, instance, "", findings);
  return findings;
}

Json schema_of_fields(const Json& fields) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& [name, field] : fields.items()) {
    properties[name] = field;
    const bool optional = field.is_object() && field.contains("optional") && field["optional"] == true;
    if (optional) continue;
    required.push_back(name);
    if (!may_be_empty_string(field) && !field.contains("minLength")) properties[name]["minLength"] = 1;
  }
  return {{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
}

}  // namespace redress::base
