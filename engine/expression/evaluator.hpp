// An Evaluator computes one expression's value, counting its steps. Private to this room; lives for one evaluation.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression/node.hpp"
#include "redress/limits.hpp"

namespace redress::expression {

class Evaluator {
 public:
  Evaluator(const Lookup& lookup, const EvaluationOptions& options, std::int64_t steps = limits::expression_cost_max)
      : lookup_(lookup), options_(options), steps_(steps) {}

  [[nodiscard]] Result<Value> evaluate(const Node& node);
  // For explain(): evaluates `node` with a macro's variable bound.
  [[nodiscard]] Result<Value> evaluate_with(std::string_view variable, const Value& value, const Node& node);
  // A macro's range: a list's items, a map's keys.
  [[nodiscard]] Result<List> range(const Node& macro);

 private:
  bool spend(std::int64_t steps);
  [[nodiscard]] Error used_up() const;
  bool spend_size(const Value& value);  // A step for each part of a value that is about to be held once more.

  [[nodiscard]] const Value* local(const Node& name) const;  // A macro's variable of that name; nothing where there is none.
  const std::optional<Value>& looked_up(const std::string& name);
  Result<Value> name(const Node& node);
  std::optional<Value> qualified(const Node& node);
  Result<Value> field(const Node& node);
  Result<Value> has(const Node& node);
  Result<Value> index(const Node& node);
  Result<Value> call(const Node& node);
  Result<Value> matches(const Node& node, std::span<const Value> arguments);
  Result<Value> logical(const Node& node);
  Result<Value> conditional(const Node& node);
  Result<Value> logical_not(const Node& node);
  Result<Value> negation(const Node& node);
  Result<Value> binary(const Node& node);
  Result<Value> compare(Operator op, const Value& a, const Value& b);
  Result<Value> join(const Value& a, const Value& b);
  Result<Value> in(const Value& item, const Value& container);
  Result<Value> list(const Node& node);
  Result<Value> map(const Node& node);
  Result<Value> macro(const Node& node);
  // all (sought: false) and exists (true): the sought answer of any item decides; else the first error, else the other answer.
  Result<Value> quantifier(const Node& node, const List& items, bool sought);
  Result<Value> exists_one(const Node& node, const List& items);
  Result<Value> collect(const Node& node, const List& items);
  Result<bool> truth(const Node& node, std::string_view of);

  const Lookup& lookup_;
  const EvaluationOptions& options_;
  std::int64_t steps_;
  std::vector<std::pair<std::string_view, Value>> locals_;              // Macros' variables, innermost last.
  std::deque<std::pair<std::string, std::optional<Value>>> looked_up_;  // Each name is asked for once.
};

}  // namespace redress::expression
