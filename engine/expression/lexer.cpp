// CEL's lexis: https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax, without bytes.
#include "expression/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_word_start(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_word_start(c) || is_digit(c); }

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t bits) { out.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) return byte(0xC0 | (code >> 6)), byte(0x80 | (code & 0x3F));
  if (code < 0x10000) return byte(0xE0 | (code >> 12)), byte(0x80 | ((code >> 6) & 0x3F)), byte(0x80 | (code & 0x3F));
  byte(0xF0 | (code >> 18)), byte(0x80 | ((code >> 12) & 0x3F)), byte(0x80 | ((code >> 6) & 0x3F)), byte(0x80 | (code & 0x3F));
}

}  // namespace

char Lexer::peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

Token Lexer::token(TokenKind kind, std::size_t begin) const {
  return {.kind = kind, .begin = begin, .end = at_, .text = text_.substr(begin, at_ - begin), .value = {}};
}

Token Lexer::error(std::size_t at, std::string message) {
  failed_ = true;
  failure_ = {.kind = TokenKind::error, .begin = at, .end = at_, .text = {}, .value = std::move(message)};
  return failure_;
}

void Lexer::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (starts_with("//")) {
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    } else {
      return;
    }
  }
}

Token Lexer::next() {
  if (failed_) return failure_;
  skip_space();
  if (at_ >= text_.size()) return token(TokenKind::end, at_);
  const char c = peek();
  if (is_word_start(c)) return word_or_string();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
  if (c == '"' || c == '\'') return string(at_, false);
  if (c == '`') return quoted_field();
  return symbol();
}

Token Lexer::word_or_string() {
  const std::size_t begin = at_;
  while (is_word(peek())) ++at_;
  const std::string_view word = text_.substr(begin, at_ - begin);
  if (peek() != '"' && peek() != '\'') return token(TokenKind::word, begin);
  if (word == "r" || word == "R") return string(begin, true);
  if (word == "b" || word == "B" || (word.size() == 2 && word.find_first_of("bB") != word.npos)) {
    return error(begin, "bytes are not part of this language; write a string");
  }
  return token(TokenKind::word, begin);
}

Token Lexer::hexadecimal(std::size_t begin) {
  at_ += 2;
  const std::size_t digits = at_;
  while (is_hex(peek())) ++at_;
  if (at_ == digits) return error(begin, "'0x' needs hexadecimal digits, as in 0x1F");
  return finish_integer(begin, text_.substr(digits, at_ - digits), 16);
}

Token Lexer::finish_integer(std::size_t begin, std::string_view digits, int base) {
  const bool is_unsigned = peek() == 'u' || peek() == 'U';
  if (is_unsigned) ++at_;
  if (is_word(peek())) return error(begin, "a number runs into a name; put a space between them");
  Token result = token(is_unsigned ? TokenKind::uinteger : TokenKind::integer, begin);
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), result.magnitude, base);
  if (parsed.ec != std::errc{})
    return error(begin, "the number " + std::string(result.text.substr(0, 40)) + " has more than 64 bits");
  return result;
}

Token Lexer::number() {
  const std::size_t begin = at_;
  if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) return hexadecimal(begin);
  while (is_digit(peek())) ++at_;
  bool is_double = false;
  if (peek() == '.' && is_digit(peek(1))) {
    is_double = true;
    ++at_;
    while (is_digit(peek())) ++at_;
  }
  if (peek() == 'e' || peek() == 'E') {
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
    if (!is_digit(peek(sign))) return error(begin, "an exponent needs digits, as in 1e9");
    is_double = true;
    at_ += sign;
    while (is_digit(peek())) ++at_;
  }
  if (!is_double) return finish_integer(begin, text_.substr(begin, at_ - begin), 10);
  if (is_word(peek())) return error(begin, "a number runs into a name; put a space between them");
  Token result = token(TokenKind::number, begin);
  const auto value = number_from_text(result.text);
  if (!value) return error(begin, "the number " + std::string(result.text.substr(0, 40)) + " is not a double");
  result.number = *value;
  return result;
}

Token Lexer::string(std::size_t begin, bool raw) {
  const char quote = peek();
  const std::string triple(3, quote);
  const bool is_triple = starts_with(triple);
  at_ += is_triple ? 3 : 1;
  std::string value;
  while (true) {
    if (at_ >= text_.size())
      return error(begin, "a string is not closed; end it with " + (is_triple ? triple : triple.substr(0, 1)));
    const char c = peek();
    if (is_triple ? starts_with(triple) : c == quote) break;
    if (!is_triple && (c == '\n' || c == '\r')) {
      return error(begin, "a string runs over the end of the line; write \\n, or three quotes around it");
    }
    if (c == '\\' && !raw) {
      if (!escape(value)) return failure_;
    } else {
      value.push_back(c);
      ++at_;
    }
  }
  at_ += is_triple ? 3 : 1;
  Token result = token(TokenKind::string, begin);
  result.value = std::move(value);
  return result;
}

bool Lexer::escape(std::string& value) {
  static constexpr std::string_view from = "abfnrtv\\?\"'`";
  static constexpr std::string_view to = "\a\b\f\n\r\t\v\\?\"'`";
  const std::size_t begin = at_;
  const char c = peek(1);
  if (const std::size_t i = from.find(c); i != from.npos && at_ + 1 < text_.size()) {
    value.push_back(to[i]);
    at_ += 2;
    return true;
  }
  at_ += 2;
  if (c == 'x' || c == 'X') return code_point(value, begin, 2, 16);
  if (c == 'u') return code_point(value, begin, 4, 16);
  if (c == 'U') return code_point(value, begin, 8, 16);
  at_ = begin + 1;
  if (c >= '0' && c <= '3') return code_point(value, begin, 3, 8);
  error(begin, "no such escape in a string; write \\\\ for a backslash, or r'...' for a raw string");
  return false;
}

// Exactly so many digits here; nothing where they are not.
std::optional<std::uint32_t> Lexer::digits(int count, int base) const {
  const std::string_view text = text_.substr(std::min(at_, text_.size()), static_cast<std::size_t>(count));
  std::uint32_t code = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), code, base);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + count) return std::nullopt;
  return code;
}

bool Lexer::code_point(std::string& value, std::size_t begin, int count, int base) {
  const auto code = digits(count, base);
  if (!code) {
    error(begin, "this escape needs " + std::to_string(count) + (base == 16 ? " hexadecimal" : " octal") + " digits");
    return false;
  }
  at_ += static_cast<std::size_t>(count);
  if (count == 4 && *code >= 0xD800 && *code < 0xDC00) return surrogates(value, begin, *code);
  if (*code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF)) {
    error(begin, "this escape is not a Unicode code point");
    return false;
  }
  append_utf8(value, *code);
  return true;
}

// \uD83D\uDE00: two escapes for one code point, as JSON has them.
bool Lexer::surrogates(std::string& value, std::size_t begin, std::uint32_t high) {
  constexpr std::string_view escape = "\\u";
  at_ += starts_with(escape) ? escape.size() : 0;
  const auto low = text_.substr(0, at_).ends_with(escape) ? digits(4, 16) : std::nullopt;
  if (!low || *low < 0xDC00 || *low > 0xDFFF) {
    error(begin, "this escape is half a surrogate pair; write the whole code point, as in \\U0001F600");
    return false;
  }
  at_ += 4;
  append_utf8(value, 0x10000 + ((high - 0xD800) << 10) + (*low - 0xDC00));
  return true;
}

// A field that is no word: x.`content-type`.
Token Lexer::quoted_field() {
  const std::size_t begin = at_++;
  const auto allowed = [](char c) { return is_word(c) || c == '.' || c == '-' || c == '/' || c == ' '; };
  while (allowed(peek())) ++at_;
  if (peek() != '`' || at_ == begin + 1)
    return error(begin, "a field in backticks has letters, digits, '_', '.', '-', '/' and spaces; for others write x['...']");
  ++at_;
  Token result = token(TokenKind::field, begin);
  result.value = std::string(text_.substr(begin + 1, at_ - begin - 2));
  return result;
}

Token Lexer::symbol() {
  static constexpr std::array<std::string_view, 6> pairs{"&&", "||", "==", "!=", "<=", ">="};
  const std::size_t begin = at_;
  for (const std::string_view pair : pairs) {
    if (starts_with(pair)) {
      at_ += 2;
      return token(TokenKind::symbol, begin);
    }
  }
  const char c = peek();
  if (std::string_view("+-*/%!<>?:.,()[]{}").find(c) != std::string_view::npos) {
    ++at_;
    return token(TokenKind::symbol, begin);
  }
  if (c == '=') return error(begin, "'=' is not an operator; compare with '=='");
  if (c == '&' || c == '|')
    return error(begin, c == '&' ? "'&' is not an operator; write '&&'" : "'|' is not an operator; write '||'");
  if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) {
    return error(begin, "a character that no expression has outside of strings");
  }
  return error(begin, std::string("'") + c + "' is not part of this language");
}

}  // namespace redress::expression
