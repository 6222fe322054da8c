// What the tests of the language share: an expression's outcome as one line of text.
#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "expression/expression.hpp"

namespace redress::expression {

// Names from a JSON object; timestamps and durations where `types` says so.
inline Lookup names_of(const std::string& json, const Type& types = {}) {
  const Value all = from_json(Json::parse(json), types);
  return [all](std::string_view name) -> std::optional<Value> {
    const Value* value = all.find(name);
    return value ? std::optional(*value) : std::nullopt;
  };
}

// "int 5", "string \"a\"", "error 1 / 0: division by zero", "column 3: ...".
inline std::string outcome(std::string_view text, const std::string& names = "{}", const std::string& language = "en") {
  const Result<Expression> parsed = Expression::parse(text);
  if (!parsed) return parsed.error().message;
  const Result<Value> value = parsed->evaluate(names_of(names), {.language = language});
  if (!value) return "error " + value.error().message;
  return std::string(type_name(*value)) + " " + base::dump_json(to_json(*value));
}

// The findings of a check, "offset: message" each.
inline std::vector<std::string> findings_of(std::string_view text, const Scope& scope) {
  const Result<Expression> parsed = Expression::parse(text);
  if (!parsed) return {parsed.error().message};
  std::vector<Finding> findings;
  (void)parsed->check(scope, findings);
  std::vector<std::string> lines;
  for (const Finding& finding : findings) lines.push_back(std::to_string(finding.offset) + ": " + finding.message);
  return lines;
}

inline Type type_of(std::string_view text, const Scope& scope = {}) {
  std::vector<Finding> findings;
  return Expression::parse(text).value().check(scope, findings);
}

struct Row {
  std::string_view expression;
  std::string_view outcome;
};

inline void expect_rows(const std::vector<Row>& rows, const std::string& names = "{}") {
  for (const Row& row : rows) EXPECT_EQ(outcome(row.expression, names), row.outcome) << row.expression;
}

}  // namespace redress::expression
