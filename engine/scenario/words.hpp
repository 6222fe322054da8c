// The words of one statement, and a cursor that takes them one by one and remembers the first thing that is wrong.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace redress::scenario {

struct Word {
  enum class Kind { bare, quoted, json, comma } kind = Kind::bare;
  std::string text{};        // Quoted: without quotes and escapes.
  std::size_t at = 0;        // Offset in the file of its first byte,
  std::size_t past_end = 0;  // and of the byte after it.
};

struct Wrong {
  std::size_t at = 0;  // Offset in the file.
  std::string message{};
  std::string mend{};
};

// Takes a statement apart: `text[begin, end)`.
struct Words {
  std::vector<Word> words;
  std::optional<Wrong> wrong;
};
[[nodiscard]] Words split(std::string_view text, std::size_t begin, std::size_t end);

using Choices = std::span<const std::string_view>;

// Once something is wrong, all that is taken is empty and nothing more is remembered: the caller goes on and asks at the end.
class Cursor {
 public:
  Cursor(std::vector<Word> words, std::size_t end) : words_(std::move(words)), end_(end) {}

  [[nodiscard]] bool at_end() const { return wrong_.has_value() || next_ == words_.size(); }
  [[nodiscard]] bool at_comma() const { return !at_end() && words_[next_].kind == Word::Kind::comma; }
  [[nodiscard]] bool at_words_end() const { return at_end() || at_comma(); }  // Of this part between commas.
  [[nodiscard]] std::string_view peek() const;  // The bare word that comes next; empty: none does.
  [[nodiscard]] bool at_quoted() const { return !at_end() && words_[next_].kind == Word::Kind::quoted; }
  [[nodiscard]] bool at_json() const { return !at_end() && words_[next_].kind == Word::Kind::json; }
  [[nodiscard]] std::size_t offset() const { return next_ < words_.size() ? words_[next_].at : end_; }
  [[nodiscard]] std::size_t offset_before() const { return next_ == 0 ? offset() : words_[next_ - 1].past_end; }

  bool take(std::string_view word);  // Takes it if it comes next.
  bool take_comma();
  std::string name(std::string_view what);  // A bare word; `what` it is, for the message: "a commitment".
  std::string choice(std::string_view what, Choices choices);
  std::string quoted(std::string_view what);
  std::string json(std::string_view what);
  std::int64_t number(std::string_view what);
  std::int64_t span_ms(std::string_view what);     // "+4h", "-1h30m", "+PT5H".
  std::int64_t instant_ms(std::string_view what);  // RFC 3339.

  void fail_at(std::size_t at, std::string message, std::string mend);
  void fail_word(std::string_view what, Choices choices);  // The next word is none of these.
  void expect_end();
  [[nodiscard]] const std::optional<Wrong>& wrong() const { return wrong_; }

 private:
  [[nodiscard]] std::string shown() const;  // What comes next, for messages.

  std::vector<Word> words_;
  std::size_t next_ = 0;
  std::size_t end_;
  std::optional<Wrong> wrong_;
};

// "+4h", "-1h30m", "+2d", "+500ms", "+PT5H": w, d, h, m, s, ms. Nothing where it is none, or over ten years.
[[nodiscard]] std::optional<std::int64_t> parse_span(std::string_view text);
[[nodiscard]] std::string format_span(std::int64_t ms);  // "+4h", "-1h30m", "+0s".

}  // namespace redress::scenario
