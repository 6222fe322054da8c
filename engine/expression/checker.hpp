// A Checker types one expression against a Scope and collects what is wrong. Private to this room.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression/node.hpp"

namespace redress::expression {

class Checker {
 public:
  Checker(const Scope& scope, std::vector<Finding>& findings) : scope_(scope), findings_(findings) {}
  Type check(const Node& node);

 private:
  using Guards = std::set<std::string, std::less<>>;  // Paths that are known to be set here.

  Type fail(std::size_t at, std::string message);  // Gives dyn, so that one mistake is one finding.
  Type name(const Node& node);
  Type field(const Node& node);
  [[nodiscard]] bool in_scope(std::string_view name) const;
  Type read(const Type& base, const Node& node, const std::string& field);
  Type read_object(const Type& base, const Node& node, const std::string& field);
  void need_guard(const Node& node);
  Type has(const Node& node);
  Type index(const Node& node);
  Type call(const Node& node);
  Type call_result(const Node& node, const std::vector<Type>& arguments, const std::vector<Kind>& kinds);
  Type no_overload(const Node& node, const std::vector<Type>& arguments);
  void check_literals(const Node& node);
  Type logical(const Node& node);
  Type conditional(const Node& node);
  Type binary(const Node& node);
  Type equality(const Node& node, const Type& a, const Type& b);
  Type ordering(const Node& node, const Type& a, const Type& b);
  Type membership(const Node& node, const Type& item, const Type& container);
  Type arithmetic(const Node& node, const Type& a, const Type& b);
  Type clash(const Node& node, const Type& a, const Type& b);
  Type negation(const Node& node);
  Type list(const Node& node);
  Type map(const Node& node);
  Type macro(const Node& node);
  void need_bool(const Node& node, const Type& type, std::string_view of);
  Type under(const Guards& more, const Node& node);  // Checks with these guards added.

  // The paths that are set wherever `node` is `truth`.
  [[nodiscard]] Guards facts(const Node& node, bool truth) const;

  const Scope& scope_;
  std::vector<Finding>& findings_;
  Guards guards_;
  std::vector<std::pair<std::string, Type>> locals_;  // Macros' variables, innermost last.
};

// One type for both, as for the branches of ?: and the items of a list; nothing where they clash.
[[nodiscard]] std::optional<Type> unify(const Type& a, const Type& b);

}  // namespace redress::expression
