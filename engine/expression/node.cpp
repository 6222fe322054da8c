// Names of operators, and the paths that nodes read.
#include "expression/node.hpp"

namespace redress::expression {

std::string_view to_string(Operator op) {
  switch (op) {
    case Operator::add:
      return "+";
    case Operator::subtract:
      return "-";
    case Operator::multiply:
      return "*";
    case Operator::divide:
      return "/";
    case Operator::remainder:
      return "%";
    case Operator::equal:
      return "==";
    case Operator::not_equal:
      return "!=";
    case Operator::less:
      return "<";
    case Operator::less_equal:
      return "<=";
    case Operator::greater:
      return ">";
    case Operator::greater_equal:
      return ">=";
    case Operator::in:
      return "in";
  }
  return "?";
}

std::string_view to_string(Macro macro) {
  switch (macro) {
    case Macro::all:
      return "all";
    case Macro::exists:
      return "exists";
    case Macro::exists_one:
      return "exists_one";
    case Macro::map:
      return "map";
    case Macro::filter:
      return "filter";
  }
  return "?";
}

const std::string* field_of(const Node& node) {
  if (node.kind == NodeKind::select || node.kind == NodeKind::has) return &node.name;
  if (node.kind != NodeKind::index) return nullptr;
  const Node& key = *node.children[1];
  return key.kind == NodeKind::literal ? key.literal.get_if<std::string>() : nullptr;
}

std::string path_of(const Node& node) {
  if (node.kind == NodeKind::name) return node.name;
  const std::string* field = field_of(node);
  if (field == nullptr) return {};
  std::string base = path_of(*node.children[0]);
  return base.empty() ? base : base + '.' + path_part(*field);
}

std::string path_part(const std::string& field) { return field.find('.') == field.npos ? field : '`' + field + '`'; }

std::string qualified_name(const Node& node) {
  if (node.kind == NodeKind::name) return node.name;
  if (node.kind != NodeKind::select) return {};
  std::string base = qualified_name(*node.children[0]);
  return base.empty() ? base : base + '.' + path_part(node.name);
}

std::optional<TypeValue> type_denoted(const Node& node) {
  if (node.kind == NodeKind::name) return type_denoted(std::string_view(node.name));
  const bool may_be = node.kind == NodeKind::select && (node.name == "Timestamp" || node.name == "Duration");
  return may_be ? type_denoted(std::string_view(qualified_name(node))) : std::nullopt;
}

}  // namespace redress::expression
