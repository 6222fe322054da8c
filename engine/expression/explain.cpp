// Why an expression is what it is: the part that decides, with the values that it saw.
#include "expression/evaluator.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

constexpr std::size_t parts_max = 10;  // Of one chain, in one explanation.

class Explainer {
 public:
  Explainer(std::string_view text, Evaluator& evaluator) : text_(text), evaluator_(evaluator) {}

  std::string explain(const Node& node) {
    const Result<Value> value = evaluator_.evaluate(node);
    if (!value) return source(node) + " fails: " + value.error().message;
    const bool* truth = value->get_if<bool>();
    if (truth == nullptr) return source(node) + " is " + show(*value);
    switch (node.kind) {
      case NodeKind::logical_and:
      case NodeKind::logical_or:
        return chain(node, *truth);
      case NodeKind::logical_not:
        return explain(*node.children[0]);
      case NodeKind::conditional:
        return choice(node);
      case NodeKind::binary:
        return statement(node, *truth, operands(node, " " + std::string(to_string(node.op)) + " "));
      case NodeKind::call:
        return statement(node, *truth, call(node));
      case NodeKind::macro:
        return macro(node, *truth);
      default:
        return statement(node, *truth, "");
    }
  }

 private:
  [[nodiscard]] std::string source(const Node& node) const {
    return std::string(text_.substr(node.begin, node.end - node.begin));
  }

  [[nodiscard]] std::string statement(const Node& node, bool truth, const std::string& seen) const {
    const std::string shown = seen.empty() || seen == source(node) ? "" : " (" + seen + ")";
    return source(node) + (truth ? " is true" : " is false") + shown;
  }

  std::string seen(const Node& node) {
    const Result<Value> value = evaluator_.evaluate(node);
    return value ? show(*value) : "?";
  }

  std::string operands(const Node& node, const std::string& between) {
    return seen(*node.children[0]) + between + seen(*node.children[1]);
  }

  std::string call(const Node& node) {
    std::string shown = node.method ? seen(*node.children[0]) + "." : "";
    shown += node.name + "(";
    for (std::size_t i = node.method ? 1 : 0; i < node.children.size(); ++i) {
      shown += (shown.ends_with('(') ? "" : ", ") + seen(*node.children[i]);
    }
    return shown + ")";
  }

  // The first operand that decides; where none did, all of them.
  std::string chain(const Node& node, bool truth) {
    const bool decides = node.kind == NodeKind::logical_or;
    if (truth == decides) {
      for (const auto& child : node.children) {
        const Result<Value> value = evaluator_.evaluate(*child);
        const bool* held = value ? value->get_if<bool>() : nullptr;
        if (held && *held == decides) return explain(*child);
      }
    }
    std::string all;
    for (std::size_t i = 0; i < node.children.size() && i < parts_max; ++i) {
      all += (i > 0 ? ", and " : "") + explain(*node.children[i]);
    }
    return all + (node.children.size() > parts_max ? ", ..." : "");
  }

  std::string choice(const Node& node) {
    const Result<Value> condition = evaluator_.evaluate(*node.children[0]);
    const bool* held = condition ? condition->get_if<bool>() : nullptr;
    return explain(*node.children[0]) + ", so " + explain(*node.children[held && *held ? 1 : 2]);
  }

  std::string macro(const Node& node, bool truth) {
    const bool decided = (node.macro == Macro::all && !truth) || (node.macro == Macro::exists && truth);
    const Result<List> items = evaluator_.range(node);
    if (!items) return statement(node, truth, "");
    if (!decided) return statement(node, truth, node.name + " goes over " + show(Value(*items)));
    for (const Value& item : *items) {
      const Result<Value> value = evaluator_.evaluate_with(node.name, item, *node.children[1]);
      const bool* held = value ? value->get_if<bool>() : nullptr;
      if (held && *held == truth) return statement(node, truth, node.name + " = " + show(item));
    }
    return statement(node, truth, "");
  }

  std::string_view text_;
  Evaluator& evaluator_;
};

}  // namespace

std::string Expression::explain(const Lookup& lookup, const EvaluationOptions& options) const {
  // Parts are evaluated again for each level of the tree; the bound is on all of it together.
  Evaluator evaluator(lookup, options, 4 * limits::expression_cost_max);
  return Explainer(text_, evaluator).explain(*root_);
}

}  // namespace redress::expression
