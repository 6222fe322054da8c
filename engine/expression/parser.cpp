// Parsing: recursive descent over CEL's grammar, bounded in bytes and depth.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "base/text.hpp"
#include "expression/lexer.hpp"
#include "expression/node.hpp"
#include "redress/limits.hpp"

namespace redress::expression {
namespace {

// Instructions of all literal patterns of one expression: what bounds the memory that a text can make us hold.
constexpr std::int64_t pattern_instructions_max = 100'000;

using NodePtr = std::shared_ptr<Node>;  // Nothing after a finding.

class Parser {
 public:
  Parser(std::string_view text, Finding& finding) : lexer_(text), finding_(finding) { advance(); }
  NodePtr parse();

 private:
  struct Binary {
    std::string_view symbol;
    Operator op;
  };

  void advance() {
    previous_end_ = token_.end;
    token_ = lexer_.next();
  }
  [[nodiscard]] bool is(std::string_view symbol) const { return token_.kind == TokenKind::symbol && token_.text == symbol; }
  [[nodiscard]] bool is_word(std::string_view word) const { return token_.kind == TokenKind::word && token_.text == word; }
  bool take(std::string_view symbol);
  bool expect(std::string_view symbol, std::string_view what);
  NodePtr fail(std::size_t at, std::string message);
  NodePtr unexpected(std::string_view wanted);
  // Gives the node its span and depth; nothing where that passes the bound.
  NodePtr finish(Node node, std::size_t begin);
  NodePtr join(NodeKind kind, std::size_t at, std::vector<NodePtr> operands);

  NodePtr expression();
  NodePtr logical(std::string_view symbol, NodeKind kind, NodePtr (Parser::*operand)());
  NodePtr logical_or() { return logical("||", NodeKind::logical_or, &Parser::logical_and); }
  NodePtr logical_and() { return logical("&&", NodeKind::logical_and, &Parser::relation); }
  NodePtr left_associative(std::span<const Binary> operators, NodePtr (Parser::*operand)());
  NodePtr relation();
  NodePtr addition();
  NodePtr multiplication();
  NodePtr unary();
  NodePtr negated(std::size_t begin);
  NodePtr member();
  NodePtr suffix(NodePtr base, std::size_t begin);
  NodePtr select_or_method(NodePtr base, std::size_t begin);
  NodePtr primary();
  NodePtr parenthesized();
  NodePtr name_or_call();
  NodePtr literal(Value value);
  NodePtr integer(bool negative);
  NodePtr list();
  NodePtr map();
  NodePtr call(NodePtr receiver, std::string name, std::size_t at, std::size_t begin);
  NodePtr has(Node call, std::size_t begin);
  NodePtr macro(Node call, Macro macro, std::size_t begin);
  bool arguments(std::string_view close, std::vector<std::shared_ptr<const Node>>& into);

  Lexer lexer_;
  Finding& finding_;
  Token token_;
  std::size_t previous_end_ = 0;
  int nesting_ = 0;
  std::int64_t pattern_instructions_ = 0;
  bool failed_ = false;
};

NodePtr Parser::fail(std::size_t at, std::string message) {
  if (!failed_) finding_ = {at, std::move(message)};
  failed_ = true;
  return nullptr;
}

NodePtr Parser::unexpected(std::string_view wanted) {
  if (token_.kind == TokenKind::error) return fail(token_.begin, token_.value);
  std::string found = token_.kind == TokenKind::end ? "the end" : "'" + std::string(base::utf8_prefix(token_.text, 40)) + "'";
  return fail(token_.begin, "expected " + std::string(wanted) + ", but found " + found);
}

bool Parser::take(std::string_view symbol) {
  if (!is(symbol)) return false;
  advance();
  return true;
}

bool Parser::expect(std::string_view symbol, std::string_view what) {
  if (take(symbol)) return true;
  unexpected(what);
  return false;
}

NodePtr Parser::finish(Node node, std::size_t begin) {
  node.begin = begin;
  node.end = previous_end_;
  for (const auto& child : node.children) node.depth = std::max(node.depth, child->depth + 1);
  if (node.depth > limits::expression_depth_max) {
    return fail(node.at, "nested deeper than " + std::to_string(limits::expression_depth_max) + "; split the expression");
  }
  return std::make_shared<Node>(std::move(node));
}

NodePtr Parser::join(NodeKind kind, std::size_t at, std::vector<NodePtr> operands) {
  Node node;
  node.kind = kind;
  node.at = at;
  node.children.assign(operands.begin(), operands.end());
  return finish(std::move(node), operands.front()->begin);
}

NodePtr Parser::parse() {
  if (token_.kind == TokenKind::end) return fail(0, "the expression is empty");
  NodePtr root = expression();
  if (root && token_.kind != TokenKind::end) return unexpected("an operator or the end");
  return root;
}

NodePtr Parser::expression() {
  if (nesting_ >= limits::expression_depth_max) {
    return fail(token_.begin, "nested deeper than " + std::to_string(limits::expression_depth_max) + "; split the expression");
  }
  ++nesting_;
  NodePtr condition = logical_or();
  if (condition && is("?")) {
    const std::size_t at = token_.begin;
    advance();
    NodePtr yes = logical_or();
    if (!yes || !expect(":", "':' and the value for false")) return nullptr;
    NodePtr no = expression();
    if (!no) return nullptr;
    condition = join(NodeKind::conditional, at, {condition, yes, no});
  }
  --nesting_;
  return condition;
}

// One node for a whole chain, so that a long list of conditions is not a deep tree.
NodePtr Parser::logical(std::string_view symbol, NodeKind kind, NodePtr (Parser::*operand)()) {
  NodePtr first = (this->*operand)();
  if (!first || !is(symbol)) return first;
  const std::size_t at = token_.begin;
  std::vector<NodePtr> operands{first};
  while (take(symbol)) {
    NodePtr next = (this->*operand)();
    if (!next) return nullptr;
    operands.push_back(std::move(next));
  }
  return join(kind, at, std::move(operands));
}

NodePtr Parser::left_associative(std::span<const Binary> operators, NodePtr (Parser::*operand)()) {
  NodePtr left = (this->*operand)();
  while (left) {
    const auto found = std::ranges::find_if(operators, [this](const Binary& b) { return is(b.symbol) || is_word(b.symbol); });
    if (found == operators.end()) return left;
    const std::size_t at = token_.begin;
    advance();
    NodePtr right = (this->*operand)();
    if (!right) return nullptr;
    left = join(NodeKind::binary, at, {left, right});
    if (left) left->op = found->op;
  }
  return nullptr;
}

NodePtr Parser::relation() {
  static constexpr std::array<Binary, 7> operators{{{"==", Operator::equal},
                                                    {"!=", Operator::not_equal},
                                                    {"<", Operator::less},
                                                    {"<=", Operator::less_equal},
                                                    {">", Operator::greater},
                                                    {">=", Operator::greater_equal},
                                                    {"in", Operator::in}}};
  return left_associative(operators, &Parser::addition);
}

NodePtr Parser::addition() {
  static constexpr std::array<Binary, 2> operators{{{"+", Operator::add}, {"-", Operator::subtract}}};
  return left_associative(operators, &Parser::multiplication);
}

NodePtr Parser::multiplication() {
  static constexpr std::array<Binary, 3> operators{
      {{"*", Operator::multiply}, {"/", Operator::divide}, {"%", Operator::remainder}}};
  return left_associative(operators, &Parser::unary);
}

NodePtr Parser::unary() {
  std::vector<std::size_t> signs;
  const std::size_t begin = token_.begin;
  const bool is_not = is("!");
  if (!is_not && !is("-")) return member();
  while (is(is_not ? "!" : "-")) {
    if (signs.size() >= static_cast<std::size_t>(limits::expression_depth_max)) {
      return fail(token_.begin,
                  "nested deeper than " + std::to_string(limits::expression_depth_max) + "; split the expression");
    }
    signs.push_back(token_.begin);
    advance();
  }
  NodePtr operand;
  if (!is_not && (token_.kind == TokenKind::integer || token_.kind == TokenKind::number)) {
    operand = negated(signs.back());  // A negative literal: the lowest int has no positive twin.
    if (operand) signs.pop_back();
  } else {
    operand = member();
  }
  for (; operand && !signs.empty(); signs.pop_back()) {
    Node node;
    node.kind = is_not ? NodeKind::logical_not : NodeKind::negate;
    node.at = signs.back();
    node.children = {operand};
    operand = finish(std::move(node), signs.size() == 1 ? begin : signs.back());
  }
  return operand;
}

NodePtr Parser::negated(std::size_t begin) {
  NodePtr node = token_.kind == TokenKind::integer ? integer(true) : literal(Value(-token_.number));
  if (node) node->begin = begin;
  return node ? suffix(std::move(node), begin) : nullptr;
}

NodePtr Parser::member() {
  const std::size_t begin = token_.begin;
  NodePtr base = primary();
  return base ? suffix(std::move(base), begin) : nullptr;
}

NodePtr Parser::suffix(NodePtr base, std::size_t begin) {
  while (base) {
    if (is(".")) {
      base = select_or_method(std::move(base), begin);
    } else if (is("[")) {
      Node node;
      node.kind = NodeKind::index;
      node.at = token_.begin;
      advance();
      NodePtr key = expression();
      if (!key || !expect("]", "']' after the index")) return nullptr;
      node.children = {base, key};
      base = finish(std::move(node), begin);
    } else if (is("{") && base->kind != NodeKind::literal) {
      return fail(token_.begin, "objects are not made in this language; write a map, as in {'key': value}");
    } else {
      return base;
    }
  }
  return nullptr;
}

NodePtr Parser::select_or_method(NodePtr base, std::size_t begin) {
  advance();
  const bool quoted = token_.kind == TokenKind::field;
  if (token_.kind != TokenKind::word && !quoted) return unexpected("a field's name after '.'");
  static constexpr std::array<std::string_view, 4> keywords{"true", "false", "null", "in"};
  if (std::ranges::find(keywords, token_.text) != keywords.end()) return unexpected("a field's name after '.'");
  std::string name(quoted ? token_.value : token_.text);
  const std::size_t at = token_.begin;
  advance();
  if (is("(") && !quoted) return call(std::move(base), std::move(name), at, begin);
  Node node;
  node.kind = NodeKind::select;
  node.at = at;
  node.name = std::move(name);
  node.children = {base};
  return finish(std::move(node), begin);
}

NodePtr Parser::literal(Value value) {
  Node node;
  node.at = token_.begin;
  node.literal = std::move(value);
  const std::size_t begin = token_.begin;
  advance();
  return finish(std::move(node), begin);
}

NodePtr Parser::integer(bool negative) {
  constexpr auto top = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (token_.magnitude > top + (negative ? 1 : 0)) {
    return fail(token_.begin,
                "the int " + std::string(negative ? "-" : "") + std::string(token_.text) + " has more than 64 bits");
  }
  return literal(Value(static_cast<std::int64_t>(negative ? 0 - token_.magnitude : token_.magnitude)));
}

NodePtr Parser::primary() {
  switch (token_.kind) {
    case TokenKind::integer:
      return integer(false);
    case TokenKind::uinteger:
      return literal(Value(token_.magnitude));
    case TokenKind::number:
      return literal(Value(token_.number));
    case TokenKind::string:
      return literal(Value(std::move(token_.value)));
    case TokenKind::word:
      return name_or_call();
    case TokenKind::symbol:
      if (is("(")) return parenthesized();
      if (is("[")) return list();
      if (is("{")) return map();
      if (is(".")) return name_or_call();
      break;
    case TokenKind::field:
    case TokenKind::end:
    case TokenKind::error:
      break;
  }
  return unexpected("a value");
}

NodePtr Parser::parenthesized() {
  const std::size_t begin = token_.begin;
  advance();
  NodePtr inner = expression();
  if (!inner || !expect(")", "')'")) return nullptr;
  inner->begin = begin;
  inner->end = previous_end_;
  return inner;
}

NodePtr Parser::name_or_call() {
  static constexpr std::array<std::string_view, 18> reserved{"as",       "break",     "const",  "continue", "else", "for",
                                                             "function", "if",        "import", "in",       "let",  "loop",
                                                             "package",  "namespace", "return", "var",      "void", "while"};
  const std::size_t begin = token_.begin;
  const bool rooted = take(".");
  if (token_.kind != TokenKind::word) return unexpected("a name after '.'");
  if (is_word("true") || is_word("false")) return literal(Value(is_word("true")));
  if (is_word("null")) return literal(Value(nullptr));
  if (std::ranges::find(reserved, token_.text) != reserved.end()) {
    return fail(token_.begin, "'" + std::string(token_.text) + "' is a reserved word; a name cannot be spelled so");
  }
  std::string name(token_.text);
  const std::size_t at = token_.begin;
  advance();
  if (is("(")) return call(nullptr, std::move(name), at, begin);
  Node node;
  node.kind = NodeKind::name;
  node.at = at;
  node.name = std::move(name);
  node.rooted = rooted;
  return finish(std::move(node), begin);
}

bool Parser::arguments(std::string_view close, std::vector<std::shared_ptr<const Node>>& into) {
  while (!is(close)) {
    NodePtr item = expression();
    if (!item) return false;
    into.push_back(std::move(item));
    if (!take(",")) break;
    if (is(close) && close == ")") return unexpected("an argument after ','") != nullptr;
  }
  return expect(close, "',' or '" + std::string(close) + "'");
}

NodePtr Parser::list() {
  Node node;
  node.kind = NodeKind::list;
  node.at = token_.begin;
  advance();
  if (!arguments("]", node.children)) return nullptr;
  const std::size_t begin = node.at;
  return finish(std::move(node), begin);
}

NodePtr Parser::map() {
  Node node;
  node.kind = NodeKind::map;
  node.at = token_.begin;
  advance();
  while (!is("}")) {
    NodePtr key = expression();
    if (!key || !expect(":", "':' after the key")) return nullptr;
    NodePtr value = expression();
    if (!value) return nullptr;
    node.children.push_back(std::move(key));
    node.children.push_back(std::move(value));
    if (!take(",")) break;
  }
  if (!expect("}", "',' or '}'")) return nullptr;
  const std::size_t begin = node.at;
  return finish(std::move(node), begin);
}

NodePtr Parser::call(NodePtr receiver, std::string name, std::size_t at, std::size_t begin) {
  static constexpr std::array<Macro, 5> macros{Macro::all, Macro::exists, Macro::exists_one, Macro::map, Macro::filter};
  Node node;
  node.kind = NodeKind::call;
  node.at = at;
  node.name = std::move(name);
  node.method = receiver != nullptr;
  if (receiver) node.children.push_back(std::move(receiver));
  advance();
  if (!arguments(")", node.children)) return nullptr;
  if (!node.method && node.name == "has") return has(std::move(node), begin);
  const auto found = std::ranges::find(macros, node.name, [](Macro m) { return to_string(m); });
  if (node.method && found != macros.end()) return macro(std::move(node), *found, begin);
  if (node.name == "matches" && node.children.size() == 2 && node.children[1]->kind == NodeKind::literal) {
    if (const auto* text = node.children[1]->literal.get_if<std::string>()) {
      node.pattern = std::make_shared<const Pattern>(*text);
      pattern_instructions_ += node.pattern->size();
      if (pattern_instructions_ > pattern_instructions_max) {
        return fail(at, "the patterns of one expression are too large together; shorten their repetitions");
      }
    }
  }
  return finish(std::move(node), begin);
}

NodePtr Parser::has(Node call, std::size_t begin) {
  if (call.children.size() != 1 || field_of(*call.children[0]) == nullptr) {
    return fail(call.at, "has() takes one field, as in has(case.account)");
  }
  const std::shared_ptr<const Node> read = call.children[0];
  Node node;
  node.kind = NodeKind::has;
  node.at = read->at;
  node.name = *field_of(*read);
  node.children = {read->children[0]};
  return finish(std::move(node), begin);
}

NodePtr Parser::macro(Node call, Macro macro, std::size_t begin) {
  const std::size_t count = call.children.size();
  const std::string form = std::string(to_string(macro));
  if (count != 3 && !(macro == Macro::map && count == 4)) {
    return fail(call.at, form + "() takes a variable and an expression, as in list." + form + "(x, x > 0)");
  }
  const Node& variable = *call.children[1];
  if (variable.kind != NodeKind::name || variable.rooted) {
    return fail(variable.at, "the first argument of " + form + "() is a variable's name, as in list." + form + "(x, x > 0)");
  }
  call.kind = NodeKind::macro;
  call.macro = macro;
  call.name = variable.name;
  call.children.erase(call.children.begin() + 1);
  return finish(std::move(call), begin);
}

}  // namespace

std::optional<Expression> Expression::parse(std::string_view text, Finding& finding) {
  if (text.size() > limits::expression_bytes_max) {
    finding = {0, "an expression has at most " + std::to_string(limits::expression_bytes_max) + " bytes; split it"};
    return std::nullopt;
  }
  if (!base::is_utf8(text)) {
    finding = {0, "the expression is not UTF-8"};
    return std::nullopt;
  }
  Expression result;
  result.text_ = std::string(text);
  Parser parser(result.text_, finding);
  result.root_ = parser.parse();
  if (!result.root_) return std::nullopt;
  return result;
}

Result<Expression> Expression::parse(std::string_view text) {
  Finding finding;
  std::optional<Expression> parsed = parse(text, finding);
  if (parsed) return std::move(*parsed);
  return {Code::invalid, "column " + std::to_string(finding.offset + 1) + ": " + finding.message};
}

const std::string& Expression::text() const { return text_; }

Expression::Logic Expression::logic() const {
  Logic logic;
  const NodeKind kind = root_->kind;
  if (kind == NodeKind::logical_and) logic.kind = Logic::Kind::all;
  if (kind == NodeKind::logical_or) logic.kind = Logic::Kind::any;
  if (kind == NodeKind::logical_not) logic.kind = Logic::Kind::no;
  if (logic.kind == Logic::Kind::none) return logic;
  std::vector<const Node*> ahead = {root_.get()};
  while (!ahead.empty()) {
    const Node& node = *ahead.back();
    ahead.pop_back();
    if (&node == root_.get() || (node.kind == kind && kind != NodeKind::logical_not)) {
      for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) ahead.push_back(child->get());
    } else {
      Finding finding;
      logic.parts.push_back(*parse(std::string_view(text_).substr(node.begin, node.end - node.begin), finding));
    }
  }
  return logic;
}

}  // namespace redress::expression
