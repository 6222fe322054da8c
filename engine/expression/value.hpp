// A Value is what an expression computes with: the types of CEL that Redress uses, plus durations and instants.
//
// int, uint, double and string never convert by themselves (https://github.com/google/cel-spec, "Numeric values").
#pragma once
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"

namespace redress::expression {

// To the nanosecond, as CEL has it: about ±292 years.
struct Duration {
  std::int64_t ns = 0;
  auto operator<=>(const Duration&) const = default;
};

// Unix time, UTC.
struct Timestamp {
  std::int64_t s = 0;
  std::int32_t ns = 0;  // After that second: 0 to 999'999'999, also before 1970.
  [[nodiscard]] static constexpr Timestamp of_ms(std::int64_t ms) {
    const std::int64_t rest_ms = (ms % 1000 + 1000) % 1000;
    return {(ms - rest_ms) / 1000, static_cast<std::int32_t>(rest_ms * 1'000'000)};
  }
  auto operator<=>(const Timestamp&) const = default;
};

// A type as a value: what type(x) gives, and what the names int, string, ... denote.
struct TypeValue {
  std::string_view name;  // One of type_denoted()'s: it lives as long as the program.
  bool operator==(const TypeValue&) const = default;
};

class Value;
using List = std::vector<Value>;
using Map = std::vector<std::pair<Value, Value>>;  // In insertion order; keys are int, uint, bool or string; no duplicates.

// Cheap to copy: lists and maps are shared and immutable.
class Value {
 public:
  using Held = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Duration, Timestamp,
                            std::shared_ptr<const List>, std::shared_ptr<const Map>, TypeValue>;
  Value() : held_(nullptr) {}
  Value(std::nullptr_t) : held_(nullptr) {}
  Value(bool v) : held_(v) {}
  Value(int v) : held_(std::int64_t{v}) {}
  Value(std::int64_t v) : held_(v) {}
  Value(std::uint64_t v) : held_(v) {}
  Value(double v) : held_(v) {}
  Value(std::string v) : held_(std::move(v)) {}
  Value(const char* v) : held_(std::string(v)) {}
  Value(Duration v) : held_(v) {}
  Value(Timestamp v) : held_(v) {}
  Value(TypeValue v) : held_(v) {}
  Value(List v) : held_(std::make_shared<const List>(std::move(v))) {}
  Value(Map v) : held_(std::make_shared<const Map>(std::move(v))) {}

  [[nodiscard]] const Held& held() const { return held_; }
  template <class T>
  [[nodiscard]] const T* get_if() const {
    return std::get_if<T>(&held_);
  }
  [[nodiscard]] const List* list() const;  // Nothing where it is not a list.
  [[nodiscard]] const Map* map() const;
  [[nodiscard]] const Value* find(std::string_view key) const;  // A map's entry with this string key.

 private:
  Held held_;
};

// CEL's own equality: across types false, save that int, uint and double compare by number.
[[nodiscard]] bool equal(const Value& a, const Value& b);

// "int", "string", "list", "timestamp", ...: as messages and `redress eval` have it.
[[nodiscard]] std::string_view type_name(const Value& value);
// CEL's own: the same, but "google.protobuf.Timestamp" and "google.protobuf.Duration".
[[nodiscard]] TypeValue type_value_of(const Value& value);
// The type that a name denotes, as in type(x) == int; nothing for any other name.
[[nodiscard]] std::optional<TypeValue> type_denoted(std::string_view name);

// JSON without a schema: integers become int, other numbers double, objects maps with string keys.
[[nodiscard]] Value from_json(const Json& json);
// Durations and instants become ISO 8601 and RFC 3339 text, types their names. int and uint become JSON integers.
[[nodiscard]] Json to_json(const Value& value);

}  // namespace redress::expression
