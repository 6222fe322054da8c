// An Expression is one parsed text of the workflow language: a strict, statically typed subset of CEL.
//
// Parse once, check against a Scope, evaluate many times. Pure: no clock, no I/O; `now` is a name like any other.
// Immutable after parsing: [any thread]. The subset, function by function: engine/expression/README.md.
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/type.hpp"
#include "expression/value.hpp"
#include "redress/result.hpp"

namespace redress::expression {

// What is wrong with an expression, and where in its text.
struct Finding {
  std::size_t offset = 0;  // In bytes, from the text's start.
  std::string message;     // What is wrong, and how to mend it.
  std::string unset{};     // The path of what may be unset, "case.account", where that is what is wrong.
};

// The names that an expression may use, with their types.
struct Scope {
  std::map<std::string, Type, std::less<>> names;
};

// Answers a name's value at run time; nothing where it is unset, which is an error for the expression (never null).
using Lookup = std::function<std::optional<Value>(std::string_view name)>;

// The language, for money(), date() and time() in texts: "en", "es".
struct EvaluationOptions {
  std::string language = "en";
  // Whether the lookup knows names with dots: then a.b.c is the longest of "a.b.c", "a.b" and "a" that it has.
  bool qualified_names = false;
};

class Expression {
 public:
  // At most limits::expression_bytes_max bytes and limits::expression_depth_max deep. The error's message begins with
  // the offset's column: "column 5: ...".
  [[nodiscard]] static Result<Expression> parse(std::string_view text);
  // The same, telling the offset apart, for callers that map it to a file.
  [[nodiscard]] static std::optional<Expression> parse(std::string_view text, Finding& finding);

  // The result's type; every finding at once, in text order. An optional field read without has() (in the same && chain or
  // ?: condition before it) is a finding whose message begins with "may be unset": the only kind that a caller may tolerate.
  [[nodiscard]] Type check(const Scope& scope, std::vector<Finding>& findings) const;

  // At most limits::expression_cost_max steps. Errors (unset, overflow, division by 0, no such key, a type clash that
  // could not be seen before) are `invalid`; the message names the operator and its operands.
  [[nodiscard]] Result<Value> evaluate(const Lookup& lookup, const EvaluationOptions& options = {}) const;

  // Why a bool expression is what it is: its deciding part with operands, as
  // "charge_check.evidence.overcharged_minor > 0 is false (0 > 0)". For `redress why`; evaluates again.
  [[nodiscard]] std::string explain(const Lookup& lookup, const EvaluationOptions& options = {}) const;

  [[nodiscard]] const std::string& text() const;
  // Every name with the fields read from it, as "charge_check.evidence.currency" (longest paths; no duplicates; sorted).
  [[nodiscard]] std::vector<std::string> reads() const;

  // A text within the expression, as 'yes', and where it begins.
  struct Literal {
    std::size_t offset = 0;  // Of its first sign, in bytes.
    std::string text;
  };
  [[nodiscard]] std::vector<Literal> literals() const;  // In text order.

  // What an expression is made of by &&, || and !, each part an expression of its own; `none`: of nothing, without parts.
  struct Logic;
  [[nodiscard]] Logic logic() const;

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
  std::string text_;
};

struct Expression::Logic {
  enum class Kind { none, all, any, no } kind = Kind::none;
  std::vector<Expression> parts;  // In text order, those of a && b && c beside each other; one of `no`.
};

// A text with {{ expression }} in it, or a single {{ expression }} that keeps its type.
class Template {
 public:
  [[nodiscard]] static std::optional<Template> parse(std::string_view text, Finding& finding);

  [[nodiscard]] bool is_single_expression() const;  // "{{ x }}" alone: evaluate() gives the expression's own value.
  [[nodiscard]] bool is_constant() const;           // No {{ }} in it.
  // Offsets in findings count from the template's start. In a text of several parts, each {{ }} must be a bool, number, string,
  // duration or timestamp, or a localized text.
  [[nodiscard]] Type check(const Scope& scope, std::vector<Finding>& findings) const;
  [[nodiscard]] Result<Value> evaluate(const Lookup& lookup, const EvaluationOptions& options = {}) const;
  // As text: an unset, null or empty part is an error (a hole is never published); a localized part gives options.language's
  // text, or the error "no text in LANGUAGE".
  [[nodiscard]] Result<std::string> render(const Lookup& lookup, const EvaluationOptions& options = {}) const;

  // The same in the order of pieces(): each expression's text, each written text as it is.
  [[nodiscard]] Result<std::vector<std::string>> render_pieces(const Lookup& lookup,
                                                               const EvaluationOptions& options = {}) const;

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::vector<std::string> reads() const;
  // The upper bound of the rendered text's length in code points, where each part has one (length_max, numbers, bool).
  [[nodiscard]] std::optional<std::size_t> length_max(const Scope& scope) const;

  struct Piece {
    std::string_view written;                // Where it is no expression.
    const Expression* expression = nullptr;  // Lives as long as the template.
    std::size_t offset = 0;                  // Of the written text, or of the expression's own.
  };
  [[nodiscard]] std::vector<Piece> pieces() const;  // In text order.

 private:
  struct Part {
    std::string literal;
    std::optional<Expression> expression;
    std::size_t offset = 0;
  };
  std::vector<Part> parts_;
  std::string text_;
};

// The longest text that a value of this type makes, in code points; nothing where none can be told.
[[nodiscard]] std::optional<std::size_t> text_length_max(const Type& type);

}  // namespace redress::expression
