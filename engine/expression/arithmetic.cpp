// + - * / % on values: no conversions, and an error wherever the exact result does not fit.
#include <limits>

#include "expression/functions.hpp"
#include "expression/instants.hpp"
#include "expression/node.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

Error failure(std::string_view op, const Value& a, const Value& b, std::string_view why) {
  return {Code::invalid, show(a) + ' ' + std::string(op) + ' ' + show(b) + ": " + std::string(why)};
}

// Nothing on overflow.
template <class Integer>
std::optional<Integer> checked(Operator op, Integer a, Integer b) {
  Integer out = 0;
  bool over = false;
  if (op == Operator::add) over = __builtin_add_overflow(a, b, &out);
  if (op == Operator::subtract) over = __builtin_sub_overflow(a, b, &out);
  if (op == Operator::multiply) over = __builtin_mul_overflow(a, b, &out);
  return over ? std::nullopt : std::optional(out);
}

template <class Integer>
Result<Value> integers(Operator op, const Value& va, const Value& vb) {
  const Integer a = *va.get_if<Integer>(), b = *vb.get_if<Integer>();
  const std::string_view name = to_string(op);
  const std::string_view type = type_name(va);
  if (op == Operator::divide || op == Operator::remainder) {
    if (b == 0) return failure(name, va, vb, "division by zero");
    const bool lowest_by_minus_one =
        std::numeric_limits<Integer>::is_signed && a == std::numeric_limits<Integer>::min() && b + 1 == 0;
    if (lowest_by_minus_one) return failure(name, va, vb, "overflows int");
    return Value(static_cast<Integer>(op == Operator::divide ? a / b : a % b));
  }
  if (const auto out = checked(op, a, b)) return Value(*out);
  return failure(name, va, vb, "overflows " + std::string(type));
}

Result<Value> doubles(Operator op, const Value& va, const Value& vb) {
  const double a = *va.get_if<double>(), b = *vb.get_if<double>();
  if (op == Operator::add) return Value(a + b);
  if (op == Operator::subtract) return Value(a - b);
  if (op == Operator::multiply) return Value(a * b);
  if (op == Operator::divide) return Value(a / b);
  return no_operator(to_string(op), va, vb);
}

Nanoseconds sum(Operator op, Nanoseconds a, Nanoseconds b) { return op == Operator::add ? a + b : a - b; }

Result<Value> as_timestamp(Operator op, const Value& a, const Value& b, Nanoseconds x, Nanoseconds y) {
  const auto at = timestamp_at(sum(op, x, y));
  if (!at) return failure(to_string(op), a, b, timestamp_range);
  return Value(*at);
}

Result<Value> as_duration(Operator op, const Value& a, const Value& b, Nanoseconds x, Nanoseconds y) {
  const auto span = duration_of(sum(op, x, y));
  if (!span) return failure(to_string(op), a, b, duration_range);
  return Value(*span);
}

Result<Value> times(Operator op, const Value& a, const Value& b) {
  const auto* at = a.get_if<Timestamp>();
  const auto* other_at = b.get_if<Timestamp>();
  const auto* span = a.get_if<Duration>();
  const auto* other_span = b.get_if<Duration>();
  const bool adds = op == Operator::add;
  if (!adds && op != Operator::subtract) return no_operator(to_string(op), a, b);
  if (at && other_span) return as_timestamp(op, a, b, nanoseconds(*at), other_span->ns);
  if (span && other_at && adds) return as_timestamp(op, a, b, span->ns, nanoseconds(*other_at));
  if (span && other_span) return as_duration(op, a, b, span->ns, other_span->ns);
  if (at && other_at && !adds) return as_duration(op, a, b, nanoseconds(*at), nanoseconds(*other_at));
  return no_operator(to_string(op), a, b);
}

}  // namespace

Error no_operator(std::string_view op, const Value& a, const Value& b) {
  return failure(
      op, a, b,
      "'" + std::string(op) + "' does not work on " + std::string(type_name(a)) + " and " + std::string(type_name(b)));
}

Result<Value> arithmetic(Operator op, const Value& a, const Value& b) {
  if (a.get_if<std::int64_t>() && b.get_if<std::int64_t>()) return integers<std::int64_t>(op, a, b);
  if (a.get_if<std::uint64_t>() && b.get_if<std::uint64_t>()) return integers<std::uint64_t>(op, a, b);
  if (a.get_if<double>() && b.get_if<double>()) return doubles(op, a, b);
  return times(op, a, b);
}

Result<Value> negate(const Value& a) {
  if (const auto* number = a.get_if<double>()) return Value(-*number);
  const auto* integer = a.get_if<std::int64_t>();
  if (integer == nullptr) return {Code::invalid, "-" + show(a) + ": '-' does not work on " + std::string(type_name(a))};
  if (*integer == std::numeric_limits<std::int64_t>::min()) return {Code::invalid, "-(" + show(a) + "): overflows int"};
  return Value(-*integer);
}

}  // namespace redress::expression
