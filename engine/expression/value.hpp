// A Value is what an expression computes with: the types of CEL that Redress uses, plus durations and instants.
//
// int, uint, double and string never convert by themselves (https://github.com/google/cel-spec, "Numeric values").
#pragma once
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"

namespace redress::expression {

struct Duration {
  std::int64_t ms = 0;
  auto operator<=>(const Duration&) const = default;
};
struct Timestamp {
  std::int64_t ms = 0;
  auto operator<=>(const Timestamp&) const = default;
};  // Unix ms, UTC.

class Value;
using List = std::vector<Value>;
using Map = std::vector<std::pair<Value, Value>>;  // In insertion order; keys are int, uint, bool or string; no duplicates.

// Cheap to copy: lists and maps are shared and immutable.
class Value {
 public:
  using Held = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Duration, Timestamp,
                            std::shared_ptr<const List>, std::shared_ptr<const Map>>;
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

// "int", "string", "list", ...: as `redress eval` prints it.
[[nodiscard]] std::string_view type_name(const Value& value);

// JSON without a schema: integers become int, other numbers double, objects maps with string keys.
[[nodiscard]] Value from_json(const Json& json);
// Durations and instants become ISO 8601 and RFC 3339 text. int and uint become JSON integers.
[[nodiscard]] Json to_json(const Value& value);

}  // namespace redress::expression
