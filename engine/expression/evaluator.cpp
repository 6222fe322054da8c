// Evaluation. Every error is `invalid`; && and ||, all() and exists() take an error for "not known" and may absorb it.
#include "expression/evaluator.hpp"

#include <algorithm>
#include <cmath>

#include "expression/comparison.hpp"
#include "expression/functions.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

// What compiling a pattern at run time costs, beside its size.
constexpr std::int64_t compile_cost = 2000;

std::int64_t bytes_cost(std::size_t bytes) { return static_cast<std::int64_t>(bytes / 64); }

Error invalid(std::string message) { return {Code::invalid, std::move(message)}; }

Error not_bool(std::string_view of, const Value& value) {
  return invalid("'" + std::string(of) + "' needs bool, not " + std::string(type_name(value)) + " " + show(value));
}

}  // namespace

bool Evaluator::spend(std::int64_t steps) {
  steps_ -= std::min(steps, steps_ + 1);
  return steps_ >= 0;
}

Error Evaluator::used_up() const {
  return invalid("the expression takes more than " + std::to_string(limits::expression_cost_max) +
                 " steps; make its lists smaller");
}

bool Evaluator::spend_size(const Value& value) {
  if (!spend(1)) return false;
  if (const auto* text = value.get_if<std::string>()) return spend(bytes_cost(text->size()));
  if (const List* items = value.list())
    return std::ranges::all_of(*items, [this](const Value& item) { return spend_size(item); });
  if (const Map* entries = value.map()) {
    return std::ranges::all_of(*entries,
                               [this](const auto& entry) { return spend_size(entry.first) && spend_size(entry.second); });
  }
  return true;
}

Result<Value> Evaluator::evaluate(const Node& node) {
  if (!spend(1)) return used_up();
  switch (node.kind) {
    case NodeKind::literal:
      return node.literal;
    case NodeKind::name:
      return name(node);
    case NodeKind::select:
      return field(node);
    case NodeKind::has:
      return has(node);
    case NodeKind::index:
      return index(node);
    case NodeKind::call:
      return call(node);
    case NodeKind::logical_and:
    case NodeKind::logical_or:
      return logical(node);
    case NodeKind::conditional:
      return conditional(node);
    case NodeKind::logical_not:
      return logical_not(node);
    case NodeKind::negate:
      return negation(node);
    case NodeKind::binary:
      return binary(node);
    case NodeKind::list:
      return list(node);
    case NodeKind::map:
      return map(node);
    case NodeKind::macro:
      return macro(node);
  }
  return Error{Code::internal, "an expression's node of no kind"};
}

Result<Value> Evaluator::evaluate_with(std::string_view variable, const Value& value, const Node& node) {
  locals_.emplace_back(variable, value);
  Result<Value> result = evaluate(node);
  locals_.pop_back();
  return result;
}

const Value* Evaluator::local(const Node& name) const {
  if (name.rooted) return nullptr;
  const auto found = std::find_if(locals_.rbegin(), locals_.rend(), [&name](const auto& l) { return l.first == name.name; });
  return found == locals_.rend() ? nullptr : &found->second;
}

const std::optional<Value>& Evaluator::looked_up(const std::string& name) {
  auto known = std::ranges::find(looked_up_, name, [](const auto& entry) -> const std::string& { return entry.first; });
  if (known == looked_up_.end()) {
    looked_up_.emplace_back(name, lookup_ ? lookup_(name) : std::nullopt);
    known = std::prev(looked_up_.end());
  }
  return known->second;
}

Result<Value> Evaluator::name(const Node& node) {
  if (const Value* value = local(node)) return *value;
  if (const auto& value = looked_up(node.name)) return *value;
  if (const auto type = type_denoted(node)) return Value(*type);
  return invalid(node.name + " is unset");
}

// What a.b.c is as one name; nothing where it is a field.
std::optional<Value> Evaluator::qualified(const Node& node) {
  const auto type = type_denoted(node);
  if (!type && !options_.qualified_names) return std::nullopt;
  const Node* root = &node;
  while (root->kind == NodeKind::select) root = root->children[0].get();
  if (root->kind != NodeKind::name || local(*root) != nullptr) return std::nullopt;
  if (options_.qualified_names) {
    if (const auto& value = looked_up(qualified_name(node))) return value;
  }
  return type && !looked_up(root->name) ? std::optional(Value(*type)) : std::nullopt;
}

Result<Value> Evaluator::field(const Node& node) {
  if (auto whole = qualified(node)) return std::move(*whole);
  Result<Value> base = evaluate(*node.children[0]);
  if (!base) return base;
  const Map* entries = base->map();
  if (entries == nullptr) {
    return invalid("." + node.name + ": " + std::string(type_name(*base)) + " " + show(*base) + " has no fields");
  }
  if (!spend(bytes_cost(entries->size() * sizeof(Value)))) return used_up();
  if (const Value* value = base->find(node.name)) return *value;
  const std::string path = path_of(node);
  if (path.empty()) return invalid("." + node.name + ": no such field in " + show(*base));
  return invalid(path + " is unset; guard it with has(" + path + ")");
}

Result<Value> Evaluator::has(const Node& node) {
  Result<Value> base = evaluate(*node.children[0]);
  if (!base) return base;
  const Map* entries = base->map();
  if (entries == nullptr) {
    return invalid("has(): " + std::string(type_name(*base)) + " " + show(*base) + " has no fields");
  }
  if (!spend(bytes_cost(entries->size() * sizeof(Value)))) return used_up();
  return Value(base->find(node.name) != nullptr);
}

namespace {

// CEL indexes lists with any number that is whole. Nothing for others.
std::optional<std::int64_t> whole_index(const Value& key) {
  if (const auto* integer = key.get_if<std::int64_t>()) return *integer;
  if (const auto* integer = key.get_if<std::uint64_t>()) {
    return *integer > static_cast<std::uint64_t>(INT64_MAX) ? -1 : static_cast<std::int64_t>(*integer);
  }
  const auto* number = key.get_if<double>();
  if (number == nullptr || std::trunc(*number) != *number || std::fabs(*number) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

}  // namespace

Result<Value> Evaluator::index(const Node& node) {
  Result<Value> base = evaluate(*node.children[0]);
  if (!base) return base;
  Result<Value> key = evaluate(*node.children[1]);
  if (!key) return key;
  if (const List* items = base->list()) {
    const auto at = whole_index(*key);
    if (!at) return invalid("[" + show(*key) + "]: a list's index is an int, not " + std::string(type_name(*key)));
    if (*at < 0 || *at >= static_cast<std::int64_t>(items->size())) {
      return invalid("[" + show(*key) + "]: no such index in a list of " + std::to_string(items->size()));
    }
    return (*items)[static_cast<std::size_t>(*at)];
  }
  const Map* entries = base->map();
  if (entries == nullptr) return invalid("[" + show(*key) + "]: " + std::string(type_name(*base)) + " has no index");
  for (const auto& [name, value] : *entries) {
    if (equal_within(name, *key, steps_)) return value;
    if (steps_ < 0) return used_up();
  }
  return invalid("[" + show(*key) + "]: no such key in " + show(*base));
}

Result<Value> Evaluator::call(const Node& node) {
  std::vector<Value> arguments;
  std::vector<Kind> kinds;
  for (const auto& child : node.children) {
    Result<Value> value = evaluate(*child);
    if (!value) return value;
    if (const auto* text = value->get_if<std::string>(); text && !spend(bytes_cost(text->size()))) return used_up();
    kinds.push_back(kind_of(*value));
    arguments.push_back(std::move(*value));
  }
  const auto all = overloads();
  const auto found = std::ranges::find_if(
      all, [&](const Overload& overload) { return matches_call(overload, node.name, node.method, kinds); });
  if (found == all.end()) {
    if (!is_function(node.name)) return invalid("unknown function '" + node.name + "'");
    std::string given;
    for (const Value& value : arguments)
      given += (given.empty() ? "" : ", ") + std::string(type_name(value)) + " " + show(value, 40);
    return invalid(node.name + "() does not take (" + given + ")");
  }
  return found->run ? found->run(arguments, options_) : matches(node, arguments);
}

Result<Value> Evaluator::matches(const Node& node, std::span<const Value> arguments) {
  const std::string& subject = *arguments[0].get_if<std::string>();
  std::optional<Pattern> compiled;
  const Pattern* pattern = node.pattern.get();
  if (pattern == nullptr) {
    if (!spend(compile_cost)) return used_up();
    pattern = &compiled.emplace(*arguments[1].get_if<std::string>());
    if (!spend(pattern->size())) return used_up();
  }
  if (!pattern->error().empty()) return invalid("matches(" + show(arguments[1]) + "): " + pattern->error());
  if (!spend(pattern->cost(subject))) return used_up();
  return Value(pattern->matches(subject));
}

Result<bool> Evaluator::truth(const Node& node, std::string_view of) {
  Result<Value> value = evaluate(node);
  if (!value) return value.error();
  const bool* held = value->get_if<bool>();
  if (held == nullptr) return not_bool(of, *value);
  return *held;
}

// The deciding value wins over errors on either side; a used-up budget is no such error.
Result<Value> Evaluator::logical(const Node& node) {
  const bool decides = node.kind == NodeKind::logical_or;
  std::optional<Error> error;
  for (const auto& child : node.children) {
    Result<bool> value = truth(*child, decides ? "||" : "&&");
    if (steps_ < 0) return used_up();
    if (value.ok() && *value == decides) return Value(decides);
    if (!value && !error) error = value.error();
  }
  if (error) return *error;
  return Value(!decides);
}

Result<Value> Evaluator::conditional(const Node& node) {
  Result<bool> condition = truth(*node.children[0], "?:");
  if (!condition) return condition.error();
  return evaluate(*node.children[*condition ? 1 : 2]);
}

Result<Value> Evaluator::logical_not(const Node& node) {
  Result<bool> value = truth(*node.children[0], "!");
  if (!value) return value.error();
  return Value(!*value);
}

Result<Value> Evaluator::negation(const Node& node) {
  Result<Value> value = evaluate(*node.children[0]);
  return value ? negate(*value) : value;
}

Result<Value> Evaluator::binary(const Node& node) {
  Result<Value> left = evaluate(*node.children[0]);
  if (!left) return left;
  Result<Value> right = evaluate(*node.children[1]);
  if (!right) return right;
  switch (node.op) {
    case Operator::equal:
    case Operator::not_equal:
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
      return compare(node.op, *left, *right);
    case Operator::in:
      return in(*left, *right);
    case Operator::add:
      return join(*left, *right);
    default:
      return arithmetic(node.op, *left, *right);
  }
}

Result<Value> Evaluator::compare(Operator op, const Value& a, const Value& b) {
  if (op == Operator::equal || op == Operator::not_equal) {
    const bool same = equal_within(a, b, steps_);
    if (steps_ < 0) return used_up();
    return Value(same == (op == Operator::equal));
  }
  if (const auto* text = a.get_if<std::string>(); text && !spend(bytes_cost(text->size()))) return used_up();
  const auto answer = order(a, b);
  if (!answer) return no_operator(to_string(op), a, b);
  if (op == Operator::less) return Value(std::is_lt(*answer));
  if (op == Operator::less_equal) return Value(std::is_lteq(*answer));
  if (op == Operator::greater) return Value(std::is_gt(*answer));
  return Value(std::is_gteq(*answer));
}

Result<Value> Evaluator::join(const Value& a, const Value& b) {
  const auto *text = a.get_if<std::string>(), *more = b.get_if<std::string>();
  if (text && more) {
    if (!spend(static_cast<std::int64_t>((text->size() + more->size()) / 16))) return used_up();
    return Value(*text + *more);
  }
  if (a.list() && b.list()) {
    // Shared items are counted again: a value that looks small must not unfold to one that is endless.
    if (!spend_size(a) || !spend_size(b)) return used_up();
    List joined = *a.list();
    joined.insert(joined.end(), b.list()->begin(), b.list()->end());
    return Value(std::move(joined));
  }
  return arithmetic(Operator::add, a, b);
}

Result<Value> Evaluator::in(const Value& item, const Value& container) {
  if (const List* items = container.list()) {
    const bool found = std::ranges::any_of(*items, [&](const Value& other) { return equal_within(item, other, steps_); });
    if (steps_ < 0) return used_up();
    return Value(found);
  }
  const Map* entries = container.map();
  if (entries == nullptr) return no_operator("in", item, container);
  const bool found = std::ranges::any_of(*entries, [&](const auto& entry) { return equal_within(item, entry.first, steps_); });
  if (steps_ < 0) return used_up();
  return Value(found);
}

Result<Value> Evaluator::list(const Node& node) {
  List items;
  items.reserve(node.children.size());
  for (const auto& child : node.children) {
    Result<Value> item = evaluate(*child);
    if (!item) return item;
    if (!spend_size(*item)) return used_up();
    items.push_back(std::move(*item));
  }
  return Value(std::move(items));
}

Result<Value> Evaluator::map(const Node& node) {
  Map entries;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    Result<Value> key = evaluate(*node.children[i]);
    if (!key) return key;
    const Kind kind = kind_of(*key);
    if (kind != Kind::string && kind != Kind::integer && kind != Kind::uinteger && kind != Kind::boolean) {
      return invalid("{" + show(*key) + ": ...}: a key is an int, uint, bool or string, not " + std::string(type_name(*key)));
    }
    const bool twice = std::ranges::any_of(entries, [&](const auto& entry) { return equal_within(entry.first, *key, steps_); });
    if (steps_ < 0) return used_up();
    if (twice) return invalid("{" + show(*key) + ": ...}: this key is there twice");
    Result<Value> value = evaluate(*node.children[i + 1]);
    if (!value) return value;
    if (!spend_size(*value)) return used_up();
    entries.emplace_back(std::move(*key), std::move(*value));
  }
  return Value(std::move(entries));
}

Result<List> Evaluator::range(const Node& macro) {
  Result<Value> range = evaluate(*macro.children[0]);
  if (!range) return range.error();
  if (const List* items = range->list()) {
    if (!spend(static_cast<std::int64_t>(items->size()))) return used_up();
    return *items;
  }
  const Map* entries = range->map();
  if (entries == nullptr) {
    return invalid(std::string(to_string(macro.macro)) + "(): needs a list or a map, not " + std::string(type_name(*range)) +
                   " " + show(*range));
  }
  if (!spend(static_cast<std::int64_t>(entries->size()))) return used_up();
  List keys;
  keys.reserve(entries->size());
  for (const auto& entry : *entries) keys.push_back(entry.first);
  return keys;
}

Result<Value> Evaluator::macro(const Node& node) {
  const Result<List> items = range(node);
  if (!items) return items.error();
  locals_.emplace_back(node.name, Value());
  Result<Value> result = Value();
  switch (node.macro) {
    case Macro::all:
      result = quantifier(node, *items, false);
      break;
    case Macro::exists:
      result = quantifier(node, *items, true);
      break;
    case Macro::exists_one:
      result = exists_one(node, *items);
      break;
    case Macro::map:
    case Macro::filter:
      result = collect(node, *items);
      break;
  }
  locals_.pop_back();
  return result;
}

Result<Value> Evaluator::quantifier(const Node& node, const List& items, bool sought) {
  std::optional<Error> error;
  for (const Value& item : items) {
    locals_.back().second = item;
    const Result<bool> value = truth(*node.children[1], to_string(node.macro));
    if (steps_ < 0) return used_up();
    if (value.ok() && *value == sought) return Value(sought);
    if (!value && !error) error = value.error();
  }
  if (error) return *error;
  return Value(!sought);
}

Result<Value> Evaluator::exists_one(const Node& node, const List& items) {
  std::size_t count = 0;
  for (const Value& item : items) {
    locals_.back().second = item;
    const Result<bool> value = truth(*node.children[1], to_string(node.macro));
    if (!value) return value.error();
    if (*value) ++count;
  }
  return Value(count == 1);
}

// filter(x, p), map(x, t) and map(x, p, t).
Result<Value> Evaluator::collect(const Node& node, const List& items) {
  const bool filters = node.macro == Macro::filter || node.children.size() == 3;
  List out;
  for (const Value& item : items) {
    locals_.back().second = item;
    if (filters) {
      const Result<bool> keep = truth(*node.children[1], to_string(node.macro));
      if (!keep) return keep.error();
      if (!*keep) continue;
    }
    if (node.macro == Macro::filter) {
      out.push_back(item);
      continue;
    }
    Result<Value> made = evaluate(*node.children.back());
    if (!made) return made;
    if (!spend_size(*made)) return used_up();
    out.push_back(std::move(*made));
  }
  return Value(std::move(out));
}

Result<Value> Expression::evaluate(const Lookup& lookup, const EvaluationOptions& options) const {
  return Evaluator(lookup, options).evaluate(*root_);
}

}  // namespace redress::expression
