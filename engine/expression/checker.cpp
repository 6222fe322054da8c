// Static checking: names, fields, functions, types, and reads of what may be unset.
#include "expression/checker.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "expression/alphabet.hpp"
#include "expression/functions.hpp"
#include "expression/lexer.hpp"
#include "expression/localized.hpp"
#include "expression/near.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

bool is_number(Kind kind) { return kind == Kind::integer || kind == Kind::uinteger || kind == Kind::number; }
bool is_keyed(Kind kind) { return kind == Kind::map || kind == Kind::object; }

Type element_of(const Type& type) {
  Type element = type.element ? *type.element : simple(Kind::dyn);
  element.private_ = element.private_ || type.private_;
  return element;
}

// Whether == can ever be true between them.
bool comparable(const Type& a, const Type& b) {
  if (a.kind == Kind::dyn || b.kind == Kind::dyn) return true;
  if (is_number(a.kind) && is_number(b.kind)) return true;
  if (is_keyed(a.kind) && is_keyed(b.kind)) return true;
  if (a.kind != b.kind) return false;
  return a.kind != Kind::list || comparable(element_of(a), element_of(b));
}

template <class T>
std::vector<std::string> keys(const T& map) {
  std::vector<std::string> out;
  out.reserve(map.size());
  for (const auto& entry : map) out.push_back(entry.first);
  return out;
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

}  // namespace

std::optional<Type> unify(const Type& a, const Type& b) {
  Type type = a;
  type.private_ = a.private_ || b.private_;
  type.public_text = a.public_text && b.public_text;
  type.length_max = a.length_max && b.length_max ? std::optional(std::max(*a.length_max, *b.length_max)) : std::nullopt;
  type.light = a.light && b.light;
  type.has_dots = a.has_dots || b.has_dots;
  type.handle = a.handle && b.handle;
  type.localized = a.localized && b.localized;
  if (a.kind == Kind::dyn || b.kind == Kind::dyn || a.kind == Kind::null_type || b.kind == Kind::null_type) {
    if (a.kind == Kind::null_type && b.kind == Kind::null_type) return type;
    Type any = simple(Kind::dyn);
    any.private_ = type.private_;
    return any;
  }
  const bool same_object = a.kind == Kind::object && a.fields == b.fields;
  if (is_keyed(a.kind) && is_keyed(b.kind) && !same_object) {
    const auto element = a.kind == Kind::map && b.kind == Kind::map ? unify(element_of(a), element_of(b)) : std::nullopt;
    Type map = map_of(element.value_or(simple(Kind::dyn)));
    map.private_ = type.private_;
    map.localized = type.localized;
    map.length_max = type.length_max;
    map.light = type.light;
    map.has_dots = type.has_dots;
    return map;
  }
  if (a.kind != b.kind) return std::nullopt;
  if (a.kind == Kind::list)
    type.element = std::make_shared<const Type>(unify(element_of(a), element_of(b)).value_or(simple(Kind::dyn)));
  return type;
}

Type Checker::fail(std::size_t at, std::string message) {
  findings_.push_back({at, std::move(message), ""});
  return simple(Kind::dyn);
}

Type Checker::check(const Node& node) {
  switch (node.kind) {
    case NodeKind::literal: {
      Type type = simple(kind_of(node.literal));
      if (const auto* text = node.literal.get_if<std::string>()) {
        type.length_max = base::utf8_length(*text);
        type.light = alphabet_of(*text).light;
        type.has_dots = alphabet_of(*text).has_dots;
        type.public_text = true;
      }
      return type;
    }
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
    case NodeKind::logical_not: {
      need_bool(*node.children[0], check(*node.children[0]), "!");
      return simple(Kind::boolean);
    }
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
  return simple(Kind::dyn);
}

Type Checker::name(const Node& node) {
  if (!node.rooted) {
    const auto local = std::find_if(locals_.rbegin(), locals_.rend(), [&node](const auto& l) { return l.first == node.name; });
    if (local != locals_.rend()) return local->second;
  }
  const auto found = scope_.names.find(node.name);
  if (found != scope_.names.end()) return found->second;
  if (type_denoted(node)) return simple(Kind::type_value);
  return fail(node.at, "unknown name " + quoted(node.name) + advice(node.name, keys(scope_.names), "known names"));
}

Type Checker::field(const Node& node) {
  if (type_denoted(node) && !in_scope("google")) return simple(Kind::type_value);
  return read(check(*node.children[0]), node, node.name);
}

bool Checker::in_scope(std::string_view name) const {
  return scope_.names.contains(name) || std::ranges::any_of(locals_, [name](const auto& local) { return local.first == name; });
}

Type Checker::read(const Type& base, const Node& node, const std::string& field) {
  if (base.kind == Kind::dyn) {
    Type any = simple(Kind::dyn);
    any.private_ = base.private_;
    return any;
  }
  if (base.kind == Kind::object) return read_object(base, node, field);
  if (base.kind != Kind::map) {
    return fail(node.at, describe(base) + " has no fields, so " + quoted(field) + " cannot be read from it");
  }
  need_guard(node);
  return element_of(base);
}

Type Checker::read_object(const Type& base, const Node& node, const std::string& field) {
  static const std::map<std::string, Field> none;
  const auto& fields = base.fields ? *base.fields : none;
  const auto found = fields.find(field);
  if (found == fields.end()) {
    return fail(node.at, describe(base) + " has no field " + quoted(field) + advice(field, keys(fields), "it has"));
  }
  if (found->second.optional) need_guard(node);
  Type type = found->second.type;
  type.private_ = type.private_ || base.private_;
  return type;
}

// What is no path (a call's result, a list's item) has no guard that could be recognized: it is left to the run time, save for
// an object's optional fields, which are found here all the same.
void Checker::need_guard(const Node& node) {
  const std::string path = path_of(node);
  if (!path.empty() && guards_.contains(path)) return;
  if (!path.empty()) {
    findings_.push_back({node.at, "may be unset: " + path + "; guard it, as in has(" + path + ") && ...", path});
  } else if (node.kind == NodeKind::select) {
    findings_.push_back(
        {node.at, "may be unset: ." + node.name + "; guard it with has(), in a macro whose variable names the object", ""});
  }
}

Type Checker::has(const Node& node) {
  const Type base = check(*node.children[0]);
  const bool object = base.kind == Kind::object && base.fields;
  if (object && !base.fields->contains(node.name)) {
    fail(node.at, describe(base) + " has no field " + quoted(node.name) + advice(node.name, keys(*base.fields), "it has"));
  } else if (base.kind != Kind::dyn && !is_keyed(base.kind)) {
    fail(node.at, describe(base) + " has no fields, so has() cannot ask for " + quoted(node.name));
  }
  return simple(Kind::boolean);
}

Type Checker::index(const Node& node) {
  const Type base = check(*node.children[0]);
  if (const std::string* key = field_of(node); key && (is_keyed(base.kind))) return read(base, node, *key);
  const Type key = check(*node.children[1]);
  if (base.kind == Kind::object) {
    return fail(node.at, "a field of " + describe(base) + " is read by its name, as in " + quoted("x.field") +
                             ", so that it can be checked");
  }
  if (base.kind != Kind::list && base.kind != Kind::map && base.kind != Kind::dyn) {
    return fail(node.at, describe(base) + " has no index; only lists and maps have one");
  }
  if (base.kind == Kind::list && !fits(key.kind, Kind::integer)) {
    return fail(node.at, "a list's index is an int, not " + describe(key));
  }
  if (base.kind == Kind::map && !fits(key.kind, Kind::string)) {
    return fail(node.at, "the key of " + describe(base) + " is a string, not " + describe(key));
  }
  return element_of(base);
}

Type Checker::call(const Node& node) {
  std::vector<Type> arguments;
  std::vector<Kind> kinds;
  for (const auto& child : node.children) {
    arguments.push_back(check(*child));
    kinds.push_back(arguments.back().kind);
  }
  if (!is_function(node.name)) {
    std::vector<std::string> names;
    for (const Overload& overload : overloads()) {
      if (names.empty() || names.back() != overload.name) names.emplace_back(overload.name);
    }
    for (const std::string_view macro : {"has", "all", "exists", "exists_one", "map", "filter"}) names.emplace_back(macro);
    const auto near = nearest(node.name, names);
    return fail(node.at, "unknown function " + quoted(node.name) + (near ? "; did you mean " + quoted(*near) + "?" : ""));
  }
  check_literals(node);
  return call_result(node, arguments, kinds);
}

Type Checker::call_result(const Node& node, const std::vector<Type>& arguments, const std::vector<Kind>& kinds) {
  std::optional<Type> result;
  for (const Overload& overload : overloads()) {
    if (!matches_call(overload, node.name, node.method, kinds)) continue;
    if (result && result->kind != overload.result) result = simple(Kind::dyn);
    if (!result) result = simple(overload.result);
  }
  if (!result) return no_overload(node, arguments);
  // What is said in other words is still the same datum.
  const bool converts = result->kind != Kind::boolean && !node.method && node.name != "size" && node.name != "type";
  if (converts) result->private_ = std::ranges::any_of(arguments, &Type::private_);
  if (node.name == "money") result->length_max = 40;  // 20 digits and a sign, 6 separators, a point, a code.
  if (node.name == "date") result->length_max = 24;   // "30 de septiembre de 2026", with a year of four digits.
  if (node.name == "time") result->length_max = 9;    // "23:59 UTC".
  result->public_text = result->light = result->length_max.has_value();  // "€" weighs two, and stands for three letters.
  result->has_dots = !result->light;                                     // Those of numbers make no link.
  if (node.name == "string") {
    result->public_text = arguments[0].kind != Kind::string || arguments[0].public_text;
    result->length_max = arguments[0].kind == Kind::string ? arguments[0].length_max : std::optional<std::size_t>(32);
    if (arguments[0].kind == Kind::dyn) result->length_max.reset(), result->public_text = false;
    result->light = arguments[0].kind == Kind::string ? arguments[0].light : result->public_text;
    result->has_dots = arguments[0].kind == Kind::string ? arguments[0].has_dots : !result->public_text;
  }
  if (node.name == "dyn") result->public_text = arguments[0].public_text;
  return *result;
}

Type Checker::no_overload(const Node& node, const std::vector<Type>& arguments) {
  std::string given, wanted;
  for (std::size_t i = node.method ? 1 : 0; i < arguments.size(); ++i)
    given += (given.empty() ? "" : ", ") + describe(arguments[i]);
  for (const Overload& overload : overloads()) {
    if (overload.name != node.name) continue;
    std::string form = overload.method ? std::string(kind_name(overload.parameters[0])) + "." : "";
    form += node.name + "(";
    for (std::size_t i = overload.method ? 1 : 0; i < overload.count; ++i) {
      form += (form.ends_with("(") ? "" : ", ") + std::string(kind_name(overload.parameters[i]));
    }
    wanted += (wanted.empty() ? "" : ", ") + form + ")";
  }
  const std::string call = (node.method ? describe(arguments[0]) + "." : "") + node.name + "(" + given + ")";
  return fail(node.at, "there is no " + call + "; there is " + wanted);
}

// What can be known to fail already: a bad pattern, an unknown currency, a zone that nobody has.
void Checker::check_literals(const Node& node) {
  if (node.pattern && !node.pattern->error().empty()) {
    fail(node.children[1]->begin, "bad regular expression " + show(node.children[1]->literal) + ": " + node.pattern->error());
  }
  if (node.children.empty() || node.children.back()->kind != NodeKind::literal) return;
  const Node& last = *node.children.back();
  const auto* text = last.literal.get_if<std::string>();
  if (text == nullptr) return;
  const bool takes_zone =
      node.children.size() == 2 && (node.name == "date" || node.name == "time" || node.name.starts_with("get"));
  if (takes_zone && !is_zone(*text)) {
    fail(last.begin, "no such time zone " + show(last.literal) + "; write 'Europe/Madrid', '+02:00' or 'UTC'");
  }
  if (node.name == "money" && node.children.size() == 2 && !minor_digits(*text)) {
    fail(last.begin, "no such currency " + show(last.literal) + "; write its ISO 4217 code, as 'EUR'");
  }
  if (node.children.size() != 1 || (node.name != "duration" && node.name != "timestamp")) return;
  const auto from_string = std::ranges::find_if(overloads(), [&node](const Overload& overload) {
    return matches_call(overload, node.name, false, std::array{Kind::string});
  });
  const auto value = from_string->run(std::span(&last.literal, 1), {});
  if (!value) fail(last.begin, value.error().message);
}

void Checker::need_bool(const Node& node, const Type& type, std::string_view of) {
  if (type.kind == Kind::boolean || type.kind == Kind::dyn) return;
  fail(node.begin, quoted(of) + " needs bool, but this is " + describe(type) + "; compare it with something");
}

Type Checker::under(const Guards& more, const Node& node) {
  const Guards before = guards_;
  guards_.insert(more.begin(), more.end());
  Type type = check(node);
  guards_ = before;
  return type;
}

// A later operand is reached only where the earlier ones did not decide.
Type Checker::logical(const Node& node) {
  const bool is_and = node.kind == NodeKind::logical_and;
  Guards known;
  for (const auto& child : node.children) {
    need_bool(*child, under(known, *child), is_and ? "&&" : "||");
    known.merge(facts(*child, is_and));
  }
  return simple(Kind::boolean);
}

Checker::Guards Checker::facts(const Node& node, bool truth) const {
  if (node.kind == NodeKind::has) return truth ? Guards{path_of(node)} : Guards{};
  if (node.kind == NodeKind::logical_not) return facts(*node.children[0], !truth);
  if (node.kind == NodeKind::binary && node.op == Operator::in && truth) {
    const std::string map = path_of(*node.children[1]);
    const auto* key = node.children[0]->literal.get_if<std::string>();
    if (!map.empty() && key && node.children[0]->kind == NodeKind::literal) return {map + "." + path_part(*key)};
    return {};
  }
  if (node.kind != NodeKind::logical_and && node.kind != NodeKind::logical_or) return {};
  // a && b is true, and a || b false, only where both are; else any one of them may be, and only what all say is known.
  const bool every = (node.kind == NodeKind::logical_and) == truth;
  std::optional<Guards> known;
  for (const auto& child : node.children) {
    Guards one = facts(*child, truth);
    if (!known)
      known = std::move(one);
    else if (every)
      known->merge(one);
    else
      std::erase_if(*known, [&one](const std::string& path) { return !one.contains(path); });
  }
  return known.value_or(Guards{});
}

Type Checker::conditional(const Node& node) {
  const Node& condition = *node.children[0];
  need_bool(condition, check(condition), "?:");
  const Type yes = under(facts(condition, true), *node.children[1]);
  const Type no = under(facts(condition, false), *node.children[2]);
  const auto type = unify(yes, no);
  if (type) return *type;
  return fail(node.at, "the branches of '?:' are " + describe(yes) + " and " + describe(no) + "; give both one type");
}

Type Checker::binary(const Node& node) {
  const Type a = check(*node.children[0]);
  const Type b = check(*node.children[1]);
  switch (node.op) {
    case Operator::equal:
    case Operator::not_equal:
      return equality(node, a, b);
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
      return ordering(node, a, b);
    case Operator::in:
      return membership(node, a, b);
    default:
      return arithmetic(node, a, b);
  }
}

Type Checker::clash(const Node& node, const Type& a, const Type& b) {
  const bool convertible = (is_number(a.kind) || a.kind == Kind::string) && (is_number(b.kind) || b.kind == Kind::string);
  const std::string mend =
      convertible && a.kind != b.kind ? "; convert one, as in " + std::string(kind_name(a.kind)) + "(...)" : "";
  return fail(node.at, quoted(to_string(node.op)) + " does not work on " + describe(a) + " and " + describe(b) + mend);
}

Type Checker::equality(const Node& node, const Type& a, const Type& b) {
  const bool null_left = a.kind == Kind::null_type, null_right = b.kind == Kind::null_type;
  if (null_left != null_right && a.kind != Kind::dyn && b.kind != Kind::dyn) {
    const std::string path = path_of(*node.children[null_left ? 1 : 0]);
    const std::string asked = path.find('.') == std::string::npos ? "" : "; ask has(" + path + ") whether it is set";
    fail(node.at, describe(null_left ? b : a) + " is never null" + asked);
  } else if (!comparable(a, b)) {
    clash(node, a, b);
  }
  return simple(Kind::boolean);
}

Type Checker::ordering(const Node& node, const Type& a, const Type& b) {
  const auto ordered = [](Kind kind) {
    return kind == Kind::dyn || is_number(kind) || kind == Kind::string || kind == Kind::boolean || kind == Kind::duration ||
           kind == Kind::timestamp;
  };
  if (!ordered(a.kind) || !ordered(b.kind) || !comparable(a, b)) clash(node, a, b);
  return simple(Kind::boolean);
}

Type Checker::membership(const Node& node, const Type& item, const Type& container) {
  const bool fine = container.kind == Kind::dyn || (container.kind == Kind::list && comparable(item, element_of(container))) ||
                    (is_keyed(container.kind) && fits(item.kind, Kind::string));
  if (!fine) clash(node, item, container);
  return simple(Kind::boolean);
}

Type Checker::arithmetic(const Node& node, const Type& a, const Type& b) {
  const bool adds = node.op == Operator::add, subtracts = node.op == Operator::subtract;
  const auto both = [&](Kind kind) { return fits(a.kind, kind) && fits(b.kind, kind); };
  const bool unknown = a.kind == Kind::dyn || b.kind == Kind::dyn;
  std::vector<Kind> results;
  for (const Kind kind : {Kind::integer, Kind::uinteger, Kind::number}) {
    if (both(kind) && !(kind == Kind::number && node.op == Operator::remainder)) results.push_back(kind);
  }
  if (adds && both(Kind::string)) results.push_back(Kind::string);
  if (adds && both(Kind::list)) results.push_back(Kind::list);
  if ((adds || subtracts) && both(Kind::duration)) results.push_back(Kind::duration);
  if (subtracts && both(Kind::timestamp)) results.push_back(Kind::duration);
  if ((adds || subtracts) && fits(a.kind, Kind::timestamp) && fits(b.kind, Kind::duration)) results.push_back(Kind::timestamp);
  if (adds && fits(a.kind, Kind::duration) && fits(b.kind, Kind::timestamp)) results.push_back(Kind::timestamp);
  if (results.empty()) return clash(node, a, b);
  Type type = simple(results.size() > 1 ? Kind::dyn : results.front());
  type.private_ = a.private_ || b.private_;
  if (type.kind == Kind::list && !unknown) return unify(a, b).value_or(type);
  if (type.kind == Kind::list) type.element = std::make_shared<const Type>();
  if (type.kind == Kind::string && !unknown) {
    type.public_text = a.public_text && b.public_text;
    if (a.length_max && b.length_max) type.length_max = *a.length_max + *b.length_max;
    type.light = a.light && b.light;
    type.has_dots = a.has_dots || b.has_dots;
  }
  return type;
}

Type Checker::negation(const Node& node) {
  const Type operand = check(*node.children[0]);
  if (operand.kind != Kind::dyn && operand.kind != Kind::integer && operand.kind != Kind::number) {
    return fail(node.at, "'-' does not work on " + describe(operand));
  }
  Type type = simple(operand.kind);
  type.private_ = operand.private_;
  return type;
}

// Items of several types make a list of dyn.
Type Checker::list(const Node& node) {
  std::optional<Type> element;
  for (const auto& child : node.children) {
    const Type type = check(*child);
    element = element ? unify(*element, type).value_or(simple(Kind::dyn)) : type;
  }
  return list_of(element.value_or(simple(Kind::dyn)));
}

// A declared map has string keys; a literal with others is dyn.
Type Checker::map(const Node& node) {
  std::optional<Type> element;
  bool strings = true;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const Type key = check(*node.children[i]);
    const bool allowed = key.kind == Kind::string || key.kind == Kind::integer || key.kind == Kind::uinteger ||
                         key.kind == Kind::boolean || key.kind == Kind::dyn;
    if (!allowed) fail(node.children[i]->begin, "a map's key is a string, int, uint or bool, not " + describe(key));
    strings = strings && key.kind == Kind::string;
    const Type value = check(*node.children[i + 1]);
    element = element ? unify(*element, value).value_or(simple(Kind::dyn)) : value;
  }
  if (!strings) return simple(Kind::dyn);
  return map_of(element.value_or(simple(Kind::dyn)));
}

Type Checker::macro(const Node& node) {
  const Type range = check(*node.children[0]);
  const std::string_view form = to_string(node.macro);
  if (range.kind != Kind::dyn && range.kind != Kind::list && !is_keyed(range.kind)) {
    fail(node.at, std::string(form) + "() goes over a list or a map, not " + describe(range));
  }
  const Type item = range.kind == Kind::list ? element_of(range) : simple(is_keyed(range.kind) ? Kind::string : Kind::dyn);
  const Guards before = guards_;
  // What was known of another thing with the variable's name is not known of the variable.
  std::erase_if(guards_, [&node](const std::string& path) { return path.starts_with(node.name + "."); });
  locals_.emplace_back(node.name, item);
  const bool has_predicate = node.macro != Macro::map || node.children.size() == 3;
  Type body = check(*node.children[1]);
  if (has_predicate) need_bool(*node.children[1], body, form);
  if (node.children.size() == 3) body = under(facts(*node.children[1], true), *node.children[2]);
  locals_.pop_back();
  guards_ = before;
  if (node.macro == Macro::filter) return list_of(item);
  if (node.macro == Macro::map) return list_of(body);
  return simple(Kind::boolean);
}

Type Expression::check(const Scope& scope, std::vector<Finding>& findings) const {
  std::vector<Finding> found;
  Type type = Checker(scope, found).check(*root_);
  std::ranges::stable_sort(found, {}, &Finding::offset);
  findings.insert(findings.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  return type;
}

namespace {

void collect_reads(const Node& node, std::vector<std::string_view>& locals, std::set<std::string>& out);

void collect_children(const Node& node, std::size_t from, std::vector<std::string_view>& locals, std::set<std::string>& out) {
  for (std::size_t i = from; i < node.children.size(); ++i) collect_reads(*node.children[i], locals, out);
}

void collect_reads(const Node& node, std::vector<std::string_view>& locals, std::set<std::string>& out) {
  const std::string path = path_of(node);
  if (!path.empty()) {
    const Node* root = &node;
    while (root->kind != NodeKind::name) root = root->children[0].get();
    const bool local = !root->rooted && std::ranges::find(locals, root->name) != locals.end();
    if (!local && !type_denoted(node)) out.insert(path);
    return;
  }
  if (node.kind != NodeKind::macro) return collect_children(node, 0, locals, out);
  collect_reads(*node.children[0], locals, out);
  locals.push_back(node.name);
  collect_children(node, 1, locals, out);
  locals.pop_back();
}

}  // namespace

std::vector<Expression::Literal> Expression::literals() const {
  std::vector<Literal> out;
  Lexer lexer(text_);
  for (Token token = lexer.next(); token.kind != TokenKind::end && token.kind != TokenKind::error; token = lexer.next()) {
    if (token.kind != TokenKind::string) continue;
    const std::size_t opening = std::min(token.text.find_first_of("'\""), token.text.size() - 1);
    out.push_back({token.begin + opening + 1, std::move(token.value)});
  }
  return out;
}

std::vector<std::string> Expression::reads() const {
  std::set<std::string> out;
  std::vector<std::string_view> locals;
  collect_reads(*root_, locals, out);
  return {out.begin(), out.end()};
}

}  // namespace redress::expression
