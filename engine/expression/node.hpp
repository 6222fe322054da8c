// An Expression's tree, as the parser builds it. Private to this room.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/expression.hpp"
#include "expression/pattern.hpp"

namespace redress::expression {

enum class NodeKind {
  literal,
  name,
  select,
  has,
  index,
  call,
  logical_and,
  logical_or,
  conditional,
  logical_not,
  negate,
  binary,
  list,
  map,
  macro
};

enum class Operator {
  add,
  subtract,
  multiply,
  divide,
  remainder,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in
};

enum class Macro { all, exists, exists_one, map, filter };

[[nodiscard]] std::string_view to_string(Operator op);
[[nodiscard]] std::string_view to_string(Macro macro);

// Immutable once parsed; at most limits::expression_depth_max deep, so that walks over it may recurse.
struct Expression::Node {
  NodeKind kind = NodeKind::literal;
  std::size_t begin = 0;  // Its text is [begin, end), enclosing parentheses included.
  std::size_t end = 0;
  std::size_t at = 0;  // Where a finding about it points: the operator, the field, the function's name.
  int depth = 1;
  Value literal;
  std::string name;  // Of a name, field or function; a macro's variable.
  Operator op = Operator::add;
  Macro macro = Macro::all;
  bool method = false;  // Of a call: its first child is the receiver.
  bool rooted = false;  // Of a name written ".name": no macro's variable hides it.
  // Operands in text order; a map's keys and values in turn; a macro's range, then its one or two bodies.
  std::vector<std::shared_ptr<const Node>> children;
  std::shared_ptr<const Pattern> pattern;  // Of matches() with a literal pattern.
};

using Node = Expression::Node;

// The last string literal's field of x['field'], which reads like x.field; nothing for any other node.
[[nodiscard]] const std::string* field_of(const Node& node);
// "a.b.c" for reads of fields from a name; empty for anything else.
[[nodiscard]] std::string path_of(const Node& node);
// "a.b.c" where the node is a name and selections alone, as package names are; empty for anything else.
[[nodiscard]] std::string qualified_name(const Node& node);
// The type that a name or a qualified name denotes, where nothing in scope has it: int, google.protobuf.Timestamp.
[[nodiscard]] std::optional<TypeValue> type_denoted(const Node& node);
// A field as a part of a path: one with a dot in it is written `a.b`, so that no two paths look alike.
[[nodiscard]] std::string path_part(const std::string& field);

}  // namespace redress::expression
