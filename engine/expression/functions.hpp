// The functions of the language: one table, read by the checker and by the evaluator. Private to this room.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "expression/expression.hpp"

namespace redress::expression {

// Operands are of the overload's kinds.
using Run = Result<Value> (*)(std::span<const Value> arguments, const EvaluationOptions& options);

// One overload. A method's first parameter is its receiver. `dyn` as a parameter takes anything.
struct Overload {
  std::string_view name;
  bool method = false;
  std::array<Kind, 2> parameters{};
  std::size_t count = 0;
  Kind result = Kind::dyn;
  Run run = nullptr;
};

[[nodiscard]] std::span<const Overload> overloads();
[[nodiscard]] bool is_function(std::string_view name);
[[nodiscard]] Kind kind_of(const Value& value);
// Whether a value of `kind` may go where `parameter` stands; at check time a dyn may go anywhere.
[[nodiscard]] bool fits(Kind kind, Kind parameter);
[[nodiscard]] bool matches_call(const Overload& overload, std::string_view name, bool method, std::span<const Kind> arguments);
[[nodiscard]] std::string_view kind_name(Kind kind);

// The operators, on values; the error names both operands. Joining strings and lists is the evaluator's: it counts their size.
enum class Operator;
[[nodiscard]] Result<Value> arithmetic(Operator op, const Value& a, const Value& b);
[[nodiscard]] Result<Value> negate(const Value& a);
[[nodiscard]] Error no_operator(std::string_view op, const Value& a, const Value& b);

}  // namespace redress::expression
