// Templates: text with {{ expression }} in it.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "expression/expression.hpp"
#include "expression/functions.hpp"
#include "expression/lexer.hpp"
#include "expression/localized.hpp"
#include "expression/value_text.hpp"
#include "redress/limits.hpp"

namespace redress::expression {
namespace {

// The place of the "}}" that ends the expression beginning at `from`: not one inside a string or a map. An error's finding
// counts from the template's start.
std::optional<std::size_t> find_close(std::string_view text, std::size_t from, Finding& finding) {
  Lexer lexer(text, from);
  int braces = 0;
  while (true) {
    const Token token = lexer.next();
    if (token.kind == TokenKind::error) {
      finding = {token.begin, token.value};
      return std::nullopt;
    }
    if (token.kind == TokenKind::end) {
      finding = {from - 2, "'{{' is not closed; end the expression with '}}'"};
      return std::nullopt;
    }
    if (token.kind != TokenKind::symbol) continue;
    if (token.text == "{") ++braces;
    if (token.text == "}" && braces-- == 0) {
      if (text.substr(token.begin, 2) == "}}") return token.begin;
      finding = {token.begin, "a single '}' in an expression; end it with '}}'"};
      return std::nullopt;
    }
  }
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

Error cannot_render(const Expression& expression, std::string_view why) {
  return {Code::invalid, "{{ " + expression.text() + " }}: " + std::string(why)};
}

// A text by language: all its keys and values are strings.
bool is_localized(const Map& map) {
  return !map.empty() && std::ranges::all_of(map, [](const auto& entry) {
    return entry.first.template get_if<std::string>() && entry.second.template get_if<std::string>();
  });
}

struct PartText {
  const EvaluationOptions& options;
  Result<std::string> operator()(std::nullptr_t) const { return fail("null cannot stand in a text; guard it with has()"); }
  Result<std::string> operator()(bool v) const { return std::string(v ? "true" : "false"); }
  Result<std::string> operator()(std::int64_t v) const { return std::to_string(v); }
  Result<std::string> operator()(std::uint64_t v) const { return std::to_string(v); }
  Result<std::string> operator()(double v) const { return number_text(v); }
  Result<std::string> operator()(const std::string& v) const { return v; }
  Result<std::string> operator()(Duration v) const { return duration_text(v); }
  Result<std::string> operator()(Timestamp v) const {
    const auto at = local_time(v, "UTC");
    return date_text(*at, options.language) + ", " + time_text(*at) + " UTC";
  }
  Result<std::string> operator()(const std::shared_ptr<const List>&) const { return fail("a list cannot stand in a text"); }
  Result<std::string> operator()(const std::shared_ptr<const Map>& v) const {
    if (!is_localized(*v)) return fail("a map cannot stand in a text");
    for (const auto& [language, text] : *v) {
      if (*language.get_if<std::string>() == options.language) return *text.get_if<std::string>();
    }
    return fail("no text in " + options.language);
  }
  Result<std::string> operator()(TypeValue) const { return fail("a type cannot stand in a text"); }
  static Error fail(std::string why) { return {Code::invalid, std::move(why)}; }
};

bool may_stand_in_text(const Type& type) {
  switch (type.kind) {
    case Kind::dyn:
    case Kind::boolean:
    case Kind::integer:
    case Kind::uinteger:
    case Kind::number:
    case Kind::string:
    case Kind::duration:
    case Kind::timestamp:
      return true;
    case Kind::map:
      return type.localized;
    case Kind::null_type:
    case Kind::list:
    case Kind::object:
    case Kind::type_value:
      return false;
  }
  return false;
}

}  // namespace

std::optional<std::size_t> text_length_max(const Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return 5;
    case Kind::integer:
    case Kind::uinteger:
      return 20;
    case Kind::number:
      return 40;  // Plain notation below 1e21, or six zeros and 17 digits after the point.
    case Kind::duration:
      return 48;  // "-106751 d 23 h 47 min 16 s 854 ms 775 µs 807 ns".
    case Kind::timestamp:
      return 36;  // "30 de septiembre de 9999, 23:59 UTC".
    case Kind::string:
      return type.length_max;
    case Kind::map: {
      if (!type.localized) return std::nullopt;
      if (type.length_max) return type.length_max;
      return type.element ? type.element->length_max : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::optional<Template> Template::parse(std::string_view text, Finding& finding) {
  if (text.size() > limits::document_bytes_max) {
    finding = {0, "a text has at most " + std::to_string(limits::document_bytes_max) + " bytes"};
    return std::nullopt;
  }
  if (!base::is_utf8(text)) {
    finding = {0, "the text is not UTF-8"};
    return std::nullopt;
  }
  Template result;
  result.text_ = std::string(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find("{{", at), text.size());
    if (open > at) result.parts_.push_back({std::string(text.substr(at, open - at)), std::nullopt, at});
    if (open == text.size()) break;
    const auto close = find_close(text, open + 2, finding);
    if (!close) return std::nullopt;
    std::string_view inside = text.substr(open + 2, *close - open - 2);
    const std::size_t blanks = std::min(inside.find_first_not_of(" \t\r\n"), inside.size());
    inside.remove_prefix(blanks);
    inside = inside.substr(0, inside.find_last_not_of(" \t\r\n") + 1);
    const std::size_t offset = open + 2 + blanks;
    std::optional<Expression> expression = Expression::parse(inside, finding);
    if (!expression) {
      finding.offset += offset;
      return std::nullopt;
    }
    result.parts_.push_back({{}, std::move(expression), offset});
    at = *close + 2;
  }
  return result;
}

bool Template::is_single_expression() const { return parts_.size() == 1 && parts_.front().expression; }

bool Template::is_constant() const {
  return std::ranges::none_of(parts_, [](const Part& part) { return part.expression.has_value(); });
}

Type Template::check(const Scope& scope, std::vector<Finding>& findings) const {
  Type whole = simple(Kind::string);
  whole.public_text = true;
  for (const Part& part : parts_) {
    if (!part.expression) continue;
    std::vector<Finding> found;
    const Type type = part.expression->check(scope, found);
    for (Finding& finding : found)
      findings.push_back({finding.offset + part.offset, std::move(finding.message), std::move(finding.unset)});
    if (is_single_expression()) return type;
    if (!may_stand_in_text(type)) {
      findings.push_back(
          {part.offset, describe(type) + " cannot stand in a text; write a string, a number, or a localized text"});
    }
    whole.private_ = whole.private_ || type.private_;
    const bool is_text = type.kind == Kind::string || type.kind == Kind::map || type.kind == Kind::dyn;
    whole.public_text = whole.public_text && (!is_text || type.public_text);
  }
  return whole;
}

Result<Value> Template::evaluate(const Lookup& lookup, const EvaluationOptions& options) const {
  if (is_single_expression()) return parts_.front().expression->evaluate(lookup, options);
  Result<std::string> text = render(lookup, options);
  if (!text) return text.error();
  return Value(std::move(*text));
}

Result<std::vector<std::string>> Template::render_pieces(const Lookup& lookup, const EvaluationOptions& options) const {
  std::vector<std::string> out;
  std::size_t bytes = 0;
  for (const Part& part : parts_) {
    if (!part.expression) {
      out.push_back(part.literal);
    } else {
      const Result<Value> value = part.expression->evaluate(lookup, options);
      if (!value) return cannot_render(*part.expression, value.error().message);
      Result<std::string> text = std::visit(PartText{options}, value->held());
      if (!text) return cannot_render(*part.expression, text.error().message);
      if (is_blank(*text)) return cannot_render(*part.expression, "is empty, and a text has no holes");
      out.push_back(std::move(*text));
    }
    bytes += out.back().size();
    if (bytes > limits::document_bytes_max)
      return {Code::invalid, "the text grows over " + std::to_string(limits::document_bytes_max) + " bytes"};
  }
  return out;
}

Result<std::string> Template::render(const Lookup& lookup, const EvaluationOptions& options) const {
  const auto pieces = render_pieces(lookup, options);
  if (!pieces) return pieces.error();
  std::string out;
  for (const std::string& piece : *pieces) out += piece;
  return out;
}

std::vector<std::string> Template::reads() const {
  std::set<std::string> out;
  for (const Part& part : parts_) {
    if (part.expression)
      out.merge([&] {
        const auto reads = part.expression->reads();
        return std::set<std::string>(reads.begin(), reads.end());
      }());
  }
  return {out.begin(), out.end()};
}

std::optional<std::size_t> Template::length_max(const Scope& scope) const {
  std::size_t total = 0;
  for (const Part& part : parts_) {
    if (!part.expression) {
      total += base::utf8_length(part.literal);
      continue;
    }
    std::vector<Finding> ignored;
    const auto length = text_length_max(part.expression->check(scope, ignored));
    if (!length) return std::nullopt;
    total += *length;
  }
  return total;
}

std::vector<Template::Piece> Template::pieces() const {
  std::vector<Piece> out;
  for (const Part& part : parts_)
    out.push_back(
        {.written = part.literal, .expression = part.expression ? &*part.expression : nullptr, .offset = part.offset});
  return out;
}

}  // namespace redress::expression
