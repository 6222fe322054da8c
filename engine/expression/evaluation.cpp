// redress/expression.hpp: an expression and its variables as text, its value as JSON that tells each type.
#include "redress/expression.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "expression/expression.hpp"
#include "expression/instants.hpp"
#include "expression/value_text.hpp"
#include "redress/limits.hpp"

namespace redress::expression {
namespace {

struct TypedJson {
  Json operator()(std::nullptr_t) const { return nullptr; }
  Json operator()(bool v) const { return v; }
  Json operator()(std::int64_t v) const { return std::to_string(v); }
  Json operator()(std::uint64_t v) const { return std::to_string(v); }
  Json operator()(double v) const { return std::isfinite(v) ? Json(v) : Json(number_text(v)); }
  Json operator()(const std::string& v) const { return v; }
  Json operator()(Timestamp v) const { return timestamp_text(v); }
  Json operator()(Duration v) const { return duration_seconds_text(v); }
  Json operator()(TypeValue v) const { return v.name; }
  Json operator()(const std::shared_ptr<const List>& v) const {
    Json list = Json::array();
    for (const Value& item : *v) list.push_back(std::visit(*this, item.held()));
    return list;
  }
  Json operator()(const std::shared_ptr<const Map>& v) const {
    Json object = Json::object();
    for (const auto& [key, item] : *v) object[key_text(key)] = std::visit(*this, item.held());
    return object;
  }
  static std::string key_text(const Value& key) {
    const Json text = std::visit(TypedJson{}, key.held());
    return text.is_string() ? text.get<std::string>() : text.dump();
  }
};

Error wrong(const std::string& name, const std::string& what) { return {Code::invalid, "variable '" + name + "': " + what}; }

template <class Integer>
std::optional<Value> integer(const Json& json) {
  const std::string digits = json.is_number_integer() ? json.dump() : json.is_string() ? json.get<std::string>() : "";
  Integer number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return Value(number);
}

std::optional<Value> number(const Json& json) {
  if (json.is_number()) return Value(json.get<double>());
  if (json == "NaN") return Value(std::nan(""));
  if (json == "Infinity" || json == "-Infinity") return Value(json == "Infinity" ? HUGE_VAL : -HUGE_VAL);
  return std::nullopt;
}

Result<Value> read_value(const std::string& name, const Json& json);

// {"type": T, "value": V} of a type that is no list, no map; nothing where V does not fit T.
std::optional<Value> read_scalar(const std::string& type, const Json& json) {
  if (type == "int") return integer<std::int64_t>(json);
  if (type == "uint") return integer<std::uint64_t>(json);
  if (type == "double") return number(json);
  if (type == "bool" && json.is_boolean()) return Value(json.get<bool>());
  if (type == "null_type" && json.is_null()) return Value(nullptr);
  if (!json.is_string()) return std::nullopt;
  const auto& text = json.get_ref<const std::string&>();
  if (type == "string") return Value(text);
  if (type == "type") {
    const auto denoted = type_denoted(text);
    return denoted ? std::optional(Value(*denoted)) : std::nullopt;
  }
  if (type == "timestamp") {
    const auto at = timestamp_from_text(text);
    return at ? std::optional(Value(*at)) : std::nullopt;
  }
  const auto span = duration_from_text(text);
  return type == "duration" && span ? std::optional(Value(*span)) : std::nullopt;
}

Result<Value> read_entries(const std::string& name, const Json& json) {
  Map map;
  for (const auto& [key, item] : json.items()) {
    auto value = read_value(name, item);
    if (!value) return value;
    map.emplace_back(Value(key), std::move(*value));
  }
  return Value(std::move(map));
}

Result<Value> read_typed(const std::string& name, const std::string& type, const Json& json) {
  if (!type_denoted(type))
    return wrong(name, "there is no type '" + type +
                           R"('; a map with the members "type" and "value" is written {"type": "map", "value": {...}})");
  if (type == "list" && json.is_array()) return read_value(name, json);
  if (type == "map" && json.is_object()) return read_entries(name, json);
  if (const auto value = read_scalar(type, json)) return *value;
  return wrong(name, "the value " + json.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 80) + " is no '" +
                         type + "'; write it as redress eval prints one");
}

Result<Value> read_map(const std::string& name, const Json& json) {
  if (json.size() == 2 && json.contains("type") && json.contains("value") && json["type"].is_string())
    return read_typed(name, json["type"].get<std::string>(), json["value"]);
  return read_entries(name, json);
}

// Recurses no deeper than limits::json_depth_max.
Result<Value> read_value(const std::string& name, const Json& json) {
  if (json.is_object()) return read_map(name, json);
  if (json.is_array()) {
    List list;
    for (const Json& item : json) {
      auto value = read_value(name, item);
      if (!value) return value;
      list.push_back(std::move(*value));
    }
    return Value(std::move(list));
  }
  if (!json.is_number_integer()) return from_json(json);
  if (const auto whole = integer<std::int64_t>(json)) return *whole;
  return wrong(name, json.dump() + R"( is too large for int; write {"type": "uint", "value": ")" + json.dump() + R"("})");
}

using Variables = std::map<std::string, Value, std::less<>>;

Result<Variables> read_variables(std::string_view text) {
  Variables variables;
  if (text.empty()) return variables;
  const auto json = base::parse_json(text, limits::document_bytes_max);
  if (!json) return Error{json.error().code, "the variables: " + json.error().message};
  if (!json->is_object()) return Error{Code::invalid, R"(the variables are a JSON object of names to values, as in {"x": 5})"};
  for (const auto& [name, item] : json->items()) {
    auto value = read_value(name, item);
    if (!value) return value.error();
    variables.emplace(name, std::move(*value));
  }
  return variables;
}

Result<Value> value_of(std::string_view text, const Variables& variables, std::string_view language) {
  const auto parsed = Expression::parse(text);
  if (!parsed) return parsed.error();
  const Lookup lookup = [&variables](std::string_view name) -> std::optional<Value> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  return parsed->evaluate(lookup, {.language = std::string(language), .qualified_names = true});
}

}  // namespace
}  // namespace redress::expression

namespace redress {

Result<Evaluation> evaluate_expression(std::string_view text, std::string_view variables_json, std::string_view language) {
  const auto variables = expression::read_variables(variables_json);
  if (!variables) return variables.error();
  const auto value = expression::value_of(text, *variables, language);
  if (!value) return Evaluation{true, base::dump_json(Json{{"error", value.error().message}})};
  const Json json = std::visit(expression::TypedJson{}, value->held());
  return Evaluation{false, base::dump_json(Json{{"type", expression::type_name(*value)}, {"value", json}})};
}

}  // namespace redress
