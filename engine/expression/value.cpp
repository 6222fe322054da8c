// Values: access, equality, order.
#include "expression/value.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "expression/comparison.hpp"

namespace redress::expression {
namespace {

std::partial_ordering reversed(std::partial_ordering order) { return 0 <=> order; }

std::partial_ordering order_integers(std::int64_t a, std::uint64_t b) {
  if (a < 0) return std::partial_ordering::less;
  return static_cast<std::uint64_t>(a) <=> b;
}

struct Order {
  using Answer = std::optional<std::partial_ordering>;
  Answer operator()(std::int64_t a, std::int64_t b) const { return a <=> b; }
  Answer operator()(std::uint64_t a, std::uint64_t b) const { return a <=> b; }
  Answer operator()(double a, double b) const { return a <=> b; }
  Answer operator()(std::int64_t a, std::uint64_t b) const { return order_integers(a, b); }
  Answer operator()(std::uint64_t a, std::int64_t b) const { return reversed(order_integers(b, a)); }
  // CEL's conformance suite has the integer rounded to a double here: 2^63 - 1 == 2.0^63.
  Answer operator()(std::int64_t a, double b) const { return static_cast<double>(a) <=> b; }
  Answer operator()(double a, std::int64_t b) const { return a <=> static_cast<double>(b); }
  Answer operator()(std::uint64_t a, double b) const { return static_cast<double>(a) <=> b; }
  Answer operator()(double a, std::uint64_t b) const { return a <=> static_cast<double>(b); }
  Answer operator()(bool a, bool b) const { return a <=> b; }
  Answer operator()(const std::string& a, const std::string& b) const { return a <=> b; }  // UTF-8's order is code point order.
  Answer operator()(Duration a, Duration b) const { return a <=> b; }
  Answer operator()(Timestamp a, Timestamp b) const { return a <=> b; }
  template <class A, class B>
  Answer operator()(const A&, const B&) const {
    return std::nullopt;
  }
};

bool lists_equal(const List& a, const List& b, std::int64_t& steps) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!equal_within(a[i], b[i], steps)) return false;
  }
  return true;
}

// Maps that were built alike have their keys at the same places: look there first.
const Value* find_entry(const Map& map, const Value& key, std::size_t likely, std::int64_t& steps) {
  if (likely < map.size() && equal_within(map[likely].first, key, steps)) return &map[likely].second;
  for (const auto& [other, value] : map) {
    if (steps < 0) return nullptr;
    if (equal_within(other, key, steps)) return &value;
  }
  return nullptr;
}

bool maps_equal(const Map& a, const Map& b, std::int64_t& steps) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Value* other = find_entry(b, a[i].first, i, steps);
    if (other == nullptr || !equal_within(a[i].second, *other, steps)) return false;
  }
  return true;
}

}  // namespace

const List* Value::list() const {
  const auto* held = get_if<std::shared_ptr<const List>>();
  return held ? held->get() : nullptr;
}

const Map* Value::map() const {
  const auto* held = get_if<std::shared_ptr<const Map>>();
  return held ? held->get() : nullptr;
}

const Value* Value::find(std::string_view key) const {
  const Map* entries = map();
  if (entries == nullptr) return nullptr;
  for (const auto& [name, value] : *entries) {
    const auto* text = name.get_if<std::string>();
    if (text != nullptr && *text == key) return &value;
  }
  return nullptr;
}

std::optional<std::partial_ordering> order(const Value& a, const Value& b) { return std::visit(Order{}, a.held(), b.held()); }

bool equal_within(const Value& a, const Value& b, std::int64_t& steps) {
  if (--steps < 0) return false;
  if (a.list() && b.list()) return lists_equal(*a.list(), *b.list(), steps);
  if (a.map() && b.map()) return maps_equal(*a.map(), *b.map(), steps);
  if (a.get_if<std::nullptr_t>() && b.get_if<std::nullptr_t>()) return true;
  if (const auto* type = a.get_if<TypeValue>()) return b.get_if<TypeValue>() && *type == *b.get_if<TypeValue>();
  if (const auto* text = a.get_if<std::string>()) {
    const auto* other = b.get_if<std::string>();
    if (other == nullptr || other->size() != text->size()) return false;
    steps -= static_cast<std::int64_t>(text->size() / 64);
  }
  const auto answer = order(a, b);
  return answer && std::is_eq(*answer);
}

bool equal(const Value& a, const Value& b) {
  auto steps = std::numeric_limits<std::int64_t>::max();
  return equal_within(a, b, steps);
}

std::string_view type_name(const Value& value) {
  static constexpr std::array<std::string_view, 11> names{"null_type", "bool",      "int",  "uint", "double", "string",
                                                          "duration",  "timestamp", "list", "map",  "type"};
  return names[value.held().index()];
}

std::optional<TypeValue> type_denoted(std::string_view name) {
  constexpr std::string_view timestamp = "google.protobuf.Timestamp", duration = "google.protobuf.Duration";
  static constexpr std::array<std::string_view, 12> names{"bool",      "bytes", "double", "int",  "list",    "map",
                                                          "null_type", "type",  "string", "uint", timestamp, duration};
  if (name == "timestamp") name = timestamp;
  if (name == "duration") name = duration;
  const auto* found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional(TypeValue{*found});
}

TypeValue type_value_of(const Value& value) { return *type_denoted(type_name(value)); }

}  // namespace redress::expression
