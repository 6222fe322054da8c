// The Lexer cuts an expression's text into tokens, one at a time. Private to this room.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expression/expression.hpp"

namespace redress::expression {

enum class TokenKind { end, word, field, integer, uinteger, number, string, symbol, error };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;  // [begin, end) in the text.
  std::size_t end = 0;
  std::string_view text;  // As it stands there.
  std::string value;  // Of a string: with its escapes resolved. Of a `field`: without its quotes. Of an error: what is wrong.
  std::uint64_t magnitude = 0;  // Of an integer or uinteger.
  double number = 0;
};

// Reads `text` from `at`; the text must be well-formed UTF-8 and outlive the lexer. After an error, every token is that error.
class Lexer {
 public:
  explicit Lexer(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}
  [[nodiscard]] Token next();

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const;
  [[nodiscard]] bool starts_with(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }
  void skip_space();
  [[nodiscard]] Token token(TokenKind kind, std::size_t begin) const;
  Token error(std::size_t at, std::string message);
  Token word_or_string();
  Token number();
  Token hexadecimal(std::size_t begin);
  Token finish_integer(std::size_t begin, std::string_view digits, int base);
  Token string(std::size_t begin, bool raw);
  bool escape(std::string& value);
  bool code_point(std::string& value, std::size_t begin, int digits, int base);
  bool surrogates(std::string& value, std::size_t begin, std::uint32_t high);
  [[nodiscard]] std::optional<std::uint32_t> digits(int count, int base) const;
  Token quoted_field();
  Token symbol();

  std::string_view text_;
  std::size_t at_;
  bool failed_ = false;
  Token failure_;
};

}  // namespace redress::expression
