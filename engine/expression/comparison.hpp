// Equality and order of values, with a bound on the work. Private to this room.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>

#include "expression/value.hpp"

namespace redress::expression {

// As equal(), taking one step from `steps` for each element and 64 bytes compared; false once `steps` is below 0.
[[nodiscard]] bool equal_within(const Value& a, const Value& b, std::int64_t& steps);
// Of values that have an order: numbers across types, and else two of one type. Nothing for any others.
[[nodiscard]] std::optional<std::partial_ordering> order(const Value& a, const Value& b);

}  // namespace redress::expression
