// Words stand apart by white space; a comment goes from # to the end of its line; JSON ends with its own brace.
#include "scenario/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/time.hpp"
#include "redress/limits.hpp"
#include "scenario/script.hpp"
#include "workflow/locate.hpp"
#include "workflow/names.hpp"

namespace redress::scenario {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr std::array<Unit, 6> units{
    {{"w", 604'800'000}, {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Where the string ends whose opening quote is at `at`: past its closing quote; npos: it does not, on its line.
std::size_t string_end(std::string_view text, std::size_t at, std::size_t end) {
  for (std::size_t i = at + 1; i < end && text[i] != '\n'; ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return std::string_view::npos;
}

// Where the JSON object ends that begins at `at`; npos: it does not.
std::size_t object_end(std::string_view text, std::size_t at, std::size_t end) {
  int depth = 0;
  for (std::size_t i = at; i < end; ++i) {
    if (text[i] == '"') {
      i = string_end(text, i, end);
      if (i == std::string_view::npos) return i;
      --i;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

class Splitter {
 public:
  Splitter(std::string_view text, std::size_t begin, std::size_t end) : text_(text), at_(begin), end_(end) {}

  Words split() {
    while (!words_.wrong && pass_space()) take_word();
    return std::move(words_);
  }

 private:
  bool pass_space() {
    while (at_ < end_ && (is_space(text_[at_]) || text_[at_] == '#'))
      at_ = text_[at_] == '#' ? std::min(text_.find('\n', at_), end_) : at_ + 1;
    return at_ < end_;
  }

  void take_word() {
    if (text_[at_] == ',') return add(Word::Kind::comma, at_ + 1, ",");
    if (text_[at_] == '"') return take_quoted();
    if (text_[at_] == '{') return take_object();
    std::size_t past = at_;
    while (past < end_ && !is_space(text_[past]) && text_[past] != ',' && text_[past] != '"' && text_[past] != '{') ++past;
    add(Word::Kind::bare, past, std::string(text_.substr(at_, past - at_)));
  }

  void take_quoted() {
    const std::size_t past = string_end(text_, at_, end_);
    if (past == std::string_view::npos) return fail("this text has no end", "Close it with \" on the same line.");
    const auto value = base::parse_json(text_.substr(at_, past - at_), statement_bytes_max);
    if (!value)
      return fail("this text cannot be read: " + value.error().message, "Write \\\" for a quote and \\\\ for a backslash.");
    add(Word::Kind::quoted, past, value->get<std::string>());
  }

  void take_object() {
    const std::size_t past = object_end(text_, at_, end_);
    if (past == std::string_view::npos)
      return fail("this JSON object has no end", "Close it with }; lines that it goes on in begin with a space.");
    const std::string_view object = text_.substr(at_, past - at_);
    const auto faults = workflow::scan_json(object);
    const auto value = base::parse_json(object, statement_bytes_max);
    if (!faults.empty()) {
      at_ += faults.front().offset;
      return fail("in this JSON " + faults.front().message, faults.front().mend);
    }
    if (!value) return fail("this is not JSON: " + value.error().message, "Write {\"name\": \"value\"}.");
    add(Word::Kind::json, past, base::dump_json(*value));
  }

  void add(Word::Kind kind, std::size_t past, std::string text) {
    words_.words.push_back({kind, std::move(text), at_, past});
    at_ = past;
  }
  void fail(std::string message, std::string mend) { words_.wrong = {at_, std::move(message), std::move(mend)}; }

  std::string_view text_;
  std::size_t at_, end_;
  Words words_;
};

std::vector<std::string> listed(Choices choices) { return {choices.begin(), choices.end()}; }

}  // namespace

Words split(std::string_view text, std::size_t begin, std::size_t end) { return Splitter(text, begin, end).split(); }

std::optional<std::int64_t> parse_span(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::int64_t sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  std::int64_t total = 0;
  if (text[0] == 'P') {
    const auto ms = base::parse_duration(text);
    if (!ms) return std::nullopt;
    total = *ms;
  }
  while (text[0] != 'P' && !text.empty()) {
    std::int64_t count = 0;
    const auto [past, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || count < 0 || count > span_ms_max) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(past - text.data()));
    const std::string_view unit = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    const auto* const known = std::find_if(units.begin(), units.end(), [&](const Unit& one) { return one.name == unit; });
    if (known == units.end() || count > span_ms_max / known->ms) return std::nullopt;
    total += count * known->ms;
    text.remove_prefix(unit.size());
    if (total > span_ms_max) return std::nullopt;
    if (text.empty()) break;
  }
  return total > span_ms_max ? std::nullopt : std::optional(sign * total);
}

std::string format_span(std::int64_t ms) {
  std::string text = ms < 0 ? "-" : "+";
  std::int64_t left = std::abs(ms);
  if (left == 0) return "+0s";
  for (const Unit& unit : units) {
    if (left < unit.ms) continue;
    text += std::to_string(left / unit.ms) + std::string(unit.name);
    left %= unit.ms;
  }
  return text;
}

std::string_view Cursor::peek() const {
  return !at_end() && words_[next_].kind == Word::Kind::bare ? std::string_view(words_[next_].text) : std::string_view();
}

std::string Cursor::shown() const {
  if (next_ >= words_.size()) return "the line ends";
  const Word& word = words_[next_];
  if (word.kind == Word::Kind::json) return "a JSON object stands";
  if (word.kind == Word::Kind::comma) return "a comma stands";
  return word.kind == Word::Kind::quoted ? "a text in quotes stands" : workflow::in_quotes(word.text) + " stands";
}

bool Cursor::take(std::string_view word) {
  if (peek() != word || word.empty()) return false;
  ++next_;
  return true;
}

bool Cursor::take_comma() {
  if (!at_comma()) return false;
  ++next_;
  return true;
}

std::string Cursor::name(std::string_view what) {
  if (peek().empty()) {
    fail_at(offset(), "here " + shown() + " where " + std::string(what) + " must stand", "Name " + std::string(what) + ".");
    return "";
  }
  return words_[next_++].text;
}

std::string Cursor::choice(std::string_view what, Choices choices) {
  const auto found = std::find(choices.begin(), choices.end(), peek());
  if (found == choices.end()) {
    fail_word(what, choices);
    return "";
  }
  ++next_;
  return std::string(*found);
}

void Cursor::fail_word(std::string_view what, Choices choices) {
  const auto names = listed(choices);
  fail_at(offset(), "here " + shown() + " where " + std::string(what) + " must stand", workflow::suggest(peek(), names));
}

std::string Cursor::quoted(std::string_view what) {
  if (at_quoted()) return words_[next_++].text;
  fail_at(offset(), "here " + shown() + " where " + std::string(what) + " must stand", "Write it in quotes: \"...\".");
  return "";
}

std::string Cursor::json(std::string_view what) {
  if (at_json()) return words_[next_++].text;
  fail_at(offset(), "here " + shown() + " where " + std::string(what) + " must stand",
          "Write a JSON object: {\"name\": \"value\"}.");
  return "";
}

std::int64_t Cursor::number(std::string_view what) {
  std::int64_t value = -1;
  const std::string_view word = peek();
  const auto [past, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || error != std::errc() || past != word.data() + word.size() || value < 0 || value > 1'000'000'000) {
    fail_at(offset(), "here " + shown() + " where " + std::string(what) + " must stand", "Write a whole number, as 2.");
    return 0;
  }
  ++next_;
  return value;
}

std::int64_t Cursor::span_ms(std::string_view what) {
  if (const auto ms = parse_span(peek())) {
    ++next_;
    return *ms;
  }
  fail_at(offset(), "here " + shown() + " where " + std::string(what) + " must stand",
          "Write a sign, numbers and units (w, d, h, m, s, ms), as +4h or +1d12h; at most ten years.");
  return 0;
}

std::int64_t Cursor::instant_ms(std::string_view what) {
  if (const auto ms = base::parse_instant(peek())) {
    ++next_;
    return *ms;
  }
  fail_at(offset(), "here " + shown() + " where " + std::string(what) + " must stand", "Write it as 2026-01-05T09:00:00Z.");
  return 0;
}

void Cursor::fail_at(std::size_t at, std::string message, std::string mend) {
  if (!wrong_) wrong_ = {at, std::move(message), std::move(mend)};
}

void Cursor::expect_end() {
  if (!at_end())
    fail_at(offset(), "here " + shown() + ", and the line says all already", "Take it out, or begin a new line with it.");
}

}  // namespace redress::scenario
