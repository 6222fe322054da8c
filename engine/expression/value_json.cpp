// Values and types from JSON, and back: the one place of this room that knows nlohmann/json.
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "base/time.hpp"
#include "expression/alphabet.hpp"
#include "expression/instants.hpp"
#include "expression/type.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

struct ToJson {
  Json operator()(std::nullptr_t) const { return nullptr; }
  Json operator()(bool v) const { return v; }
  Json operator()(std::int64_t v) const { return v; }
  Json operator()(std::uint64_t v) const { return v; }
  Json operator()(double v) const { return std::isfinite(v) ? Json(v) : Json(number_text(v)); }
  Json operator()(const std::string& v) const { return v; }
  Json operator()(Timestamp v) const { return timestamp_text(v); }
  // ISO 8601 durations have no sign of their own here; ours before the P is what ISO 8601-2 writes.
  Json operator()(Duration v) const { return duration_iso_text(v); }
  Json operator()(TypeValue v) const { return v.name; }
  Json operator()(const std::shared_ptr<const List>& v) const {
    Json list = Json::array();
    for (const Value& item : *v) list.push_back(to_json(item));
    return list;
  }
  Json operator()(const std::shared_ptr<const Map>& v) const {
    Json object = Json::object();
    for (const auto& [key, item] : *v) {
      const auto* name = key.get_if<std::string>();
      object[name ? *name : to_json(key).dump()] = to_json(item);
    }
    return object;
  }
};

Value integer_from(const Json& json) {
  const auto magnitude = json.get<std::uint64_t>();
  if (json.is_number_unsigned() && magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return Value(magnitude);  // Too large for int; a double would round it.
  }
  return Value(json.get<std::int64_t>());
}

Value list_from(const Json& json, const Type& element) {
  List list;
  list.reserve(json.size());
  for (const Json& item : json) list.push_back(from_json(item, element));
  return list;
}

Value object_from(const Json& json, const Type& type) {
  static const Type any;
  Map map;
  map.reserve(json.size());
  for (const auto& [key, item] : json.items()) {
    const Type* of_item = type.element ? type.element.get() : &any;
    if (type.fields) {
      const auto field = type.fields->find(key);
      if (field != type.fields->end()) of_item = &field->second.type;
    }
    map.emplace_back(Value(key), from_json(item, *of_item));
  }
  return map;
}

Value number_from(const Json& json, Kind kind) {
  if (kind == Kind::number) return Value(json.get<double>());
  if (json.is_number_integer()) {
    if (kind == Kind::uinteger && json.is_number_unsigned()) return Value(json.get<std::uint64_t>());
    return integer_from(json);
  }
  const auto number = json.get<double>();
  // JSON Schema takes 5.0 for an integer.
  if (kind == Kind::integer && std::trunc(number) == number && std::fabs(number) < 9007199254740992.0) {
    return Value(static_cast<std::int64_t>(number));
  }
  return Value(number);
}

Value string_from(const Json& json, Kind kind) {
  const auto& text = json.get_ref<const std::string&>();
  if (kind == Kind::timestamp) {
    if (const auto at = timestamp_from_text(text)) return *at;
    if (const auto ms = base::parse_instant(text)) return Timestamp::of_ms(*ms);  // Finer than we keep: cut.
  }
  if (kind == Kind::duration) {
    const auto span = text.find('P') == text.npos ? std::nullopt : std::optional(duration_from_text(text));
    if (span && span->ok()) return **span;
  }
  return Value(text);
}

const Json* keyword(const Json& schema, const char* name) {
  const auto found = schema.find(name);
  return found == schema.end() ? nullptr : &*found;
}

bool is_true(const Json& schema, const char* name) {
  const Json* value = keyword(schema, name);
  return value && value->is_boolean() && value->get<bool>();
}

std::optional<std::size_t> count(const Json& schema, const char* name) {
  const Json* value = keyword(schema, name);
  if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
  return value->get<std::size_t>();
}

// "type", or what enum and const let see; empty where it may be several.
std::string type_keyword(const Json& schema) {
  if (const Json* type = keyword(schema, "type")) {
    if (type->is_string()) return type->get<std::string>();
    if (type->is_array() && type->size() == 1 && type->front().is_string()) return type->front().get<std::string>();
    return {};
  }
  const Json* values = keyword(schema, "enum");
  if (values && values->is_array() && !values->empty()) {
    for (const Json& value : *values) {
      if (!value.is_string()) return {};
    }
    return "string";
  }
  const Json* value = keyword(schema, "const");
  return value && value->is_string() ? "string" : "";
}

std::optional<std::size_t> length_max_of(const Json& schema) {
  std::optional<std::size_t> longest = count(schema, "maxLength");
  const auto widen = [&longest](const Json& value) {
    if (value.is_string()) longest = std::max(longest.value_or(0), base::utf8_length(value.get_ref<const std::string&>()));
  };
  if (longest) return longest;
  if (const Json* value = keyword(schema, "const")) widen(*value);
  if (const Json* values = keyword(schema, "enum"); values && values->is_array()) {
    for (const Json& value : *values) widen(value);
  }
  return longest;
}

// Of the texts by language: under additionalProperties, or the longest of the properties.
std::optional<std::size_t> localized_length_max(const Json& schema) {
  if (auto own = length_max_of(schema)) return own;
  std::optional<std::size_t> longest;
  if (const Json* each = keyword(schema, "additionalProperties"); each && each->is_object()) longest = length_max_of(*each);
  if (const Json* properties = keyword(schema, "properties"); properties && properties->is_object()) {
    for (const Json& property : *properties) {
      const auto length = property.is_object() ? length_max_of(property) : std::nullopt;
      if (!length) return std::nullopt;
      longest = std::max(longest.value_or(0), *length);
    }
  }
  return longest;
}

// Likewise, of all of them.
std::optional<Alphabet> localized_alphabet(const Json& schema) {
  if (const Json* each = keyword(schema, "additionalProperties"); each && each->is_object()) return alphabet_of_schema(*each);
  const Json* properties = keyword(schema, "properties");
  if (!properties || !properties->is_object() || !keyword(schema, "additionalProperties")) return std::nullopt;
  Alphabet found;
  for (const Json& property : *properties) {
    const auto alphabet = alphabet_of_schema(property);
    if (!alphabet) return std::nullopt;
    found = both(found, *alphabet);
  }
  return found;
}

Type localized_type(const Json& schema) {
  Type text = simple(Kind::string);
  text.length_max = localized_length_max(schema);
  const auto alphabet = localized_alphabet(schema);
  text.light = alphabet && alphabet->light;
  text.has_dots = !alphabet || alphabet->has_dots;
  Type type = map_of(text);
  type.localized = true;
  type.length_max = text.length_max;
  type.light = text.light;
  type.has_dots = text.has_dots;
  return type;
}

Type string_type(const Json& schema) {
  const Json* format = keyword(schema, "format");
  const std::string name = format && format->is_string() ? format->get<std::string>() : "";
  if (name == "date-time") return simple(Kind::timestamp);
  if (name == "duration") return simple(Kind::duration);
  Type type = simple(Kind::string);
  type.length_max = length_max_of(schema);
  if (const auto alphabet = alphabet_of_schema(schema)) {
    type.light = alphabet->light;
    type.has_dots = alphabet->has_dots;
  }
  return type;
}

Type object_type(const Json& schema, const std::string& name) {
  const Json* properties = keyword(schema, "properties");
  if (properties == nullptr || !properties->is_object() || properties->empty()) {
    const Json* each = keyword(schema, "additionalProperties");
    return map_of(each && each->is_object() ? type_of_schema(*each, name + "[]") : simple(Kind::dyn));
  }
  std::set<std::string> required;
  if (const Json* names = keyword(schema, "required"); names && names->is_array()) {
    for (const Json& field : *names) {
      if (field.is_string()) required.insert(field.get<std::string>());
    }
  }
  std::map<std::string, Field> fields;
  for (const auto& [field, of_field] : properties->items()) {
    fields[field] = {type_of_schema(of_field, name + "." + field), !required.contains(field)};
  }
  return object_of(name, std::move(fields));
}

Type plain_type(const Json& schema, const std::string& name) {
  const std::string type = type_keyword(schema);
  if (type == "string") return string_type(schema);
  if (type == "integer") return simple(Kind::integer);
  if (type == "number") return simple(Kind::number);
  if (type == "boolean") return simple(Kind::boolean);
  if (type == "null") return simple(Kind::null_type);
  if (type == "object") return object_type(schema, name);
  if (type != "array") return simple(Kind::dyn);
  const Json* items = keyword(schema, "items");
  return list_of(items && items->is_object() ? type_of_schema(*items, name + "[]") : simple(Kind::dyn));
}

}  // namespace

Json to_json(const Value& value) { return std::visit(ToJson{}, value.held()); }

Value from_json(const Json& json) { return from_json(json, Type{}); }

Value from_json(const Json& json, const Type& type) {
  static const Type any;
  if (json.is_null()) return nullptr;
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number()) return number_from(json, type.kind);
  if (json.is_string()) return string_from(json, type.kind);
  if (json.is_array()) return list_from(json, type.kind == Kind::list && type.element ? *type.element : any);
  return object_from(json, type.kind == Kind::map || type.kind == Kind::object ? type : any);
}

Type type_of_schema(const Json& schema, const std::string& name) {
  if (!schema.is_object()) return simple(Kind::dyn);
  Type type = is_true(schema, "localized") ? localized_type(schema) : plain_type(schema, name);
  type.private_ = is_true(schema, "private");
  type.public_text = is_true(schema, "public_text");
  return type;
}

}  // namespace redress::expression
