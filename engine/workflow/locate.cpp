// One strict scanner over JSON text that stops at the first syntax fault; and walks over text that it has accepted.
#include "workflow/locate.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_set>

#include "base/text.hpp"
#include "redress/limits.hpp"
#include "workflow/names.hpp"

namespace redress::workflow {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// The four digits of a \u escape; nothing where they are not hexadecimal.
std::optional<std::uint32_t> read_hex(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(at, 4)) {
    const bool upper = c >= 'A' && c <= 'F', lower = c >= 'a' && c <= 'f';
    if (!is_digit(c) && !upper && !lower) return std::nullopt;
    value = value * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : upper ? c - 'A' + 10 : c - 'a' + 10);
  }
  return value;
}

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// One character of an accepted string: how many bytes it takes in the text, and how many once it is decoded.
struct Step {
  std::size_t written = 1, decoded = 1;
};

Step step_at(std::string_view text, std::size_t at) {
  if (text[at] != '\\') return {};
  if (text[at + 1] != 'u') return {2, 1};
  const std::uint32_t unit = read_hex(text, at + 2).value_or(0);
  if (is_high_surrogate(unit)) return {12, 4};
  return {6, unit < 0x80 ? std::size_t{1} : unit < 0x800 ? std::size_t{2} : std::size_t{3}};
}

// After the closing quote of the accepted string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  ++at;
  while (text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

std::size_t skip_value(std::string_view text, std::size_t at) {
  if (text[at] == '"') return skip_string(text, at);
  if (text[at] != '{' && text[at] != '[') {
    while (at < text.size() && !is_space(text[at]) && text[at] != ',' && text[at] != '}' && text[at] != ']') ++at;
    return at;
  }
  std::size_t depth = 0;
  do {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
  } while (depth > 0);
  return at;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    tail(12), tail(6), tail(0);
  }
}

// The accepted string that begins at `at`, decoded.
std::string decode_string(std::string_view text, std::size_t at) {
  std::string out;
  for (++at; text[at] != '"';) {
    const Step step = step_at(text, at);
    if (step.written == 1) {
      out += text[at];
    } else if (step.written == 2) {
      static constexpr std::string_view escapes = "bfnrt", meant = "\b\f\n\r\t";
      const std::size_t which = escapes.find(text[at + 1]);
      out += which == std::string_view::npos ? text[at + 1] : meant[which];
    } else {
      std::uint32_t point = *read_hex(text, at + 2);
      if (step.written == 12) point = 0x10000 + ((point - 0xD800) << 10) + (*read_hex(text, at + 8) - 0xDC00);
      append_utf8(out, point);
    }
    at += step.written;
  }
  return out;
}

// Reads the text once, from `at_` on; false from a function: a fault was recorded, stop.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Fault> scan() {
    at_ = skip_space(text_, 0);
    if (at_ == text_.size()) {
      fail("the file is empty", "Write a JSON object: { \"redress\": 1, ... }.");
    } else if (value(0)) {
      at_ = skip_space(text_, at_);
      if (at_ < text_.size())
        fail("there is more text after the end of the JSON value", "Remove it, or look for a bracket too many.");
    }
    return std::move(faults_);
  }

 private:
  bool fail(std::string message, std::string mend, std::string rule = "syntax") {
    faults_.push_back({at_, pointer_, std::move(rule), std::move(message), std::move(mend)});
    return false;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool value(int depth) {
    const char c = peek();
    if (c == '{' || c == '[') {
      if (depth >= limits::json_depth_max) {
        return fail("nested deeper than " + std::to_string(limits::json_depth_max) + " levels", "Flatten it.", "depth");
      }
      return c == '{' ? object(depth + 1) : array(depth + 1);
    }
    if (c == '"') return string();
    if (c == '-' || is_digit(c)) return number();
    return literal();
  }

  bool object(int depth) {
    ++at_;
    std::unordered_set<std::string> keys;
    const std::size_t pointer_bytes = pointer_.size();
    at_ = skip_space(text_, at_);
    if (peek() == '}') return ++at_, true;
    for (;;) {
      if (peek() != '"') return missing_key();
      const std::size_t begin = at_;
      if (!string()) return false;
      const std::string key = decode_string(text_, begin);
      note_key(key, begin, !keys.insert(key).second);
      pointer_ += pointer_part(base::utf8_prefix(key, limits::name_bytes_max));
      at_ = skip_space(text_, at_);
      if (peek() != ':') return fail("a colon is missing after the key " + in_quotes(key), "Write \"key\": value.");
      at_ = skip_space(text_, at_ + 1);
      if (!value(depth)) return false;
      pointer_.resize(pointer_bytes);
      if (!next('}', "object")) return false;
      if (text_[at_ - 1] == '}') return true;
    }
  }

  bool array(int depth) {
    ++at_;
    const std::size_t pointer_bytes = pointer_.size();
    at_ = skip_space(text_, at_);
    if (peek() == ']') return ++at_, true;
    for (std::size_t index = 0;; ++index) {
      pointer_ += "/" + std::to_string(index);
      if (!value(depth)) return false;
      pointer_.resize(pointer_bytes);
      if (!next(']', "list")) return false;
      if (text_[at_ - 1] == ']') return true;
    }
  }

  // After a member or an item: takes the closing bracket, or a comma and the space after it.
  bool next(char closing, std::string_view what) {
    const std::size_t end = at_;
    at_ = skip_space(text_, at_);
    if (at_ == text_.size())
      return fail("the file ends inside a" + std::string(what == "object" ? "n object" : " list"), close_it(closing));
    if (peek() == closing) return ++at_, true;
    if (peek() != ',') {
      if (peek() == '}' || peek() == ']') return fail("a bracket closes what another kind opened", close_it(closing));
      at_ = end;
      return fail("a comma is missing here", "Put a comma between this and what follows.");
    }
    const std::size_t comma = at_;
    at_ = skip_space(text_, at_ + 1);
    if (peek() == '}' || peek() == ']') {
      at_ = comma;
      return fail("a comma with nothing after it", "Remove the comma.");
    }
    return true;
  }

  static std::string close_it(char closing) { return closing == '}' ? "Close it with }." : "Close it with ]."; }

  bool missing_key() {
    if (at_ == text_.size()) return fail("the file ends inside an object", close_it('}'));
    if (peek() == '/') return comment();
    if (peek() == '\'') return fail("a key in single quotes", "Use double quotes.");
    return fail("a key is missing here, or is not in double quotes", "Write \"key\": value.");
  }

  bool comment() { return fail("JSON has no comments", "Remove it; say it in a title or in the file's history."); }

  void note_key(const std::string& key, std::size_t begin, bool repeated) {
    constexpr std::size_t faults_max = 100;
    if (faults_.size() >= faults_max) return;
    if (repeated) {
      faults_.push_back({begin, pointer_ + pointer_part(base::utf8_prefix(key, limits::name_bytes_max)), "duplicate_key",
                         "the key " + in_quotes(key) + " is there twice", "Remove or rename one of the two."});
    }
    if (key.size() > limits::name_bytes_max) {
      faults_.push_back({begin, pointer_, "long_key", "a key of " + std::to_string(key.size()) + " bytes",
                         "Keys are at most " + std::to_string(limits::name_bytes_max) + " bytes long."});
    }
  }

  bool string() {
    const std::size_t begin = at_;
    for (++at_; at_ < text_.size() && text_[at_] != '"';) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '\\') {
        if (!escape()) return false;
      } else if (c < 0x20) {
        return fail(c == '\n' ? "a line ends inside a string" : "a control character inside a string",
                    c == '\n' ? "Close the string with a double quote; write a line break as \\n."
                              : "Write it as an escape, such as \\t.");
      } else {
        ++at_;
      }
    }
    if (at_ >= text_.size()) {
      at_ = begin;
      return fail("the file ends inside the string that begins here", "Close it with a double quote.");
    }
    ++at_;
    return true;
  }

  bool escape() {
    static constexpr std::string_view known = "\"\\/bfnrtu";
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (known.find(c) == std::string_view::npos || c == '\0') {
      return fail("an unknown escape in a string",
                  "Write a backslash as \\\\; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX.");
    }
    if (c != 'u') return at_ += 2, true;
    const auto unit = read_hex(text_, at_ + 2);
    if (!unit) return fail("\\u without four hexadecimal digits", "Write the character itself, or \\u and four digits.");
    if (!is_high_surrogate(*unit) && !is_low_surrogate(*unit)) return at_ += 6, true;
    const bool followed = text_.substr(std::min(at_ + 6, text_.size())).starts_with("\\u");
    const auto second = followed ? read_hex(text_, at_ + 8) : std::nullopt;
    if (is_low_surrogate(*unit) || !second || !is_low_surrogate(*second)) {
      return fail("half a surrogate pair", "Write the character itself.");
    }
    return at_ += 12, true;
  }

  bool digits() {
    if (!is_digit(peek())) return fail("a digit is missing in a number", "Write it as 12, -3 or 0.5.");
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number() {
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    const std::size_t begin = at_;
    if (!digits()) return false;
    if (zero && at_ > begin + 1) {
      at_ = begin;
      return fail("a number begins with 0", "Leave the 0 away, or write a string.");
    }
    if (peek() == '.' && (++at_, !digits())) return false;
    if (peek() != 'e' && peek() != 'E') return true;
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    return digits();
  }

  bool literal() {
    if (at_ == text_.size()) return fail("the file ends where a value is missing", "Write the value.");
    if (peek() == '/') return comment();
    if (peek() == '\'') return fail("a string in single quotes", "Use double quotes.");
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    if (word.empty()) return fail("a value is missing here", "Write a string, number, object, list, true, false or null.");
    if (word != "true" && word != "false" && word != "null") {
      return fail(in_quotes(word) + " is not a JSON value", "Put text in double quotes.");
    }
    at_ = end;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string pointer_;  // Of what is being read.
  std::vector<Fault> faults_;
};

std::string unescaped(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escape = part[i] == '~' && i + 1 < part.size();
    out += !escape ? part[i] : part[i + 1] == '1' ? '/' : '~';
    if (escape) ++i;
  }
  return out;
}

struct Found {
  std::size_t key = 0, value = 0;
};

std::optional<Found> find_member(std::string_view text, std::size_t object, const std::string& wanted) {
  std::optional<Found> found;  // The last of several with the same key.
  for (std::size_t at = skip_space(text, object + 1); text[at] != '}';) {
    const std::size_t value = skip_space(text, skip_space(text, skip_string(text, at)) + 1);
    if (decode_string(text, at) == wanted) found = {at, value};
    at = skip_space(text, skip_value(text, value));
    if (text[at] == ',') at = skip_space(text, at + 1);
  }
  return found;
}

std::optional<Found> find_item(std::string_view text, std::size_t array, const std::string& wanted) {
  std::size_t index = 0;
  for (std::size_t at = skip_space(text, array + 1); text[at] != ']'; ++index) {
    if (std::to_string(index) == wanted) return Found{at, at};
    at = skip_space(text, skip_value(text, at));
    if (text[at] == ',') at = skip_space(text, at + 1);
  }
  return std::nullopt;
}

}  // namespace

Position position_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0: the first line.
  return {1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
          1 + static_cast<int>(before.size() - line_begin)};
}

std::vector<Fault> scan_json(std::string_view text) {
  if (text.size() > limits::workflow_bytes_max) {
    return {{0, "", "size", "the file has " + std::to_string(text.size()) + " bytes",
             "A workflow has at most " + std::to_string(limits::workflow_bytes_max) + " bytes."}};
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return {{0, "", "syntax", "the file begins with a byte order mark", "Save it as UTF-8 without one."}};
  }
  if (const std::size_t valid = base::utf8_valid_bytes(text); valid != text.size()) {
    return {{valid, "", "utf8", "a byte that is not UTF-8", "Save the file as UTF-8."}};
  }
  return Scanner(text).scan();
}

std::size_t locate(std::string_view text, std::string_view pointer, Part part) {
  Found at{skip_space(text, 0), skip_space(text, 0)};
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string wanted = unescaped(pointer.substr(0, end));
    pointer.remove_prefix(end);
    const char c = text[at.value];
    const auto found = c == '{'   ? find_member(text, at.value, wanted)
                       : c == '[' ? find_item(text, at.value, wanted)
                                  : std::nullopt;
    if (!found) return at.value;
    at = *found;
  }
  return part == Part::key ? at.key : at.value;
}

std::size_t locate_in_string(std::string_view text, std::size_t quote, std::size_t index) {
  if (text[quote] != '"') return quote;
  std::size_t at = quote + 1, decoded = 0;
  while (text[at] != '"') {
    const Step step = step_at(text, at);
    if (decoded + step.decoded > index) return at;
    decoded += step.decoded;
    at += step.written;
  }
  return at;
}

std::string compact_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    const std::size_t end = text[at] == '"' ? skip_string(text, at) : at + 1;
    out += text.substr(at, end - at);
    at = end;
  }
  return out;
}

std::string pointer_part(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

}  // namespace redress::workflow
