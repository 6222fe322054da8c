// Reads simple patterns sign by sign, and gives up at all that is not simple: then every sign counts.
#include "expression/alphabet.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace redress::expression {
namespace {

constexpr char32_t light_end = 0x0300;
constexpr std::string_view special = ".()|*+?{}[]^$";  // Outside of classes.

char32_t next_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t point = more == 0 ? lead : static_cast<char32_t>(lead & (0x3F >> more));
  for (int i = 0; i < more && at < text.size(); ++i) point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return point;
}

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : text_(pattern) {}

  std::optional<Alphabet> read() {
    if (text_.size() < 2 || text_.front() != '^' || text_.back() != '$') return std::nullopt;
    text_ = text_.substr(1, text_.size() - 2);
    while (at_ < text_.size()) {
      if (!(text_[at_] == '[' ? take_class() : take_sign(special))) return std::nullopt;
      if (!skip_count()) return std::nullopt;
    }
    return found_;
  }

 private:
  void take(char32_t from, char32_t to) {
    found_.light = found_.light && to < light_end;
    found_.has_dots = found_.has_dots || (from <= U'.' && to >= U'.');
  }

  // One sign, or an escape of one; \d and \w are ASCII in RE2.
  bool take_sign(std::string_view forbidden) {
    if (text_[at_] == '\\') {
      if (++at_ == text_.size()) return false;
      const char escaped = text_[at_++];
      if (escaped == 'd' || escaped == 'w') return true;
      if (std::string_view(".-\\/]['$^+*?(){}|").find(escaped) == std::string_view::npos) return false;
      take(static_cast<unsigned char>(escaped), static_cast<unsigned char>(escaped));
      return true;
    }
    if (forbidden.find(text_[at_]) != std::string_view::npos) return false;
    const char32_t point = next_point(text_, at_);
    take(point, point);
    return true;
  }

  bool take_class() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '^') return false;
    const std::size_t first = at_;
    while (at_ < text_.size() && (text_[at_] != ']' || at_ == first)) {
      if (text_[at_] == '[') return false;
      const bool escape = text_[at_] == '\\';
      std::size_t behind = at_;
      const char32_t from = next_point(text_, behind);
      const bool range = !escape && behind + 1 < text_.size() && text_[behind] == '-' && text_[behind + 1] != ']';
      if (!range) {
        if (!take_sign("")) return false;
        continue;
      }
      at_ = behind + 1;
      if (text_[at_] == '\\' || text_[at_] == '[') return false;
      take(from, next_point(text_, at_));
    }
    return at_ < text_.size() && text_[at_++] == ']';
  }

  bool skip_count() {
    if (at_ == text_.size()) return true;
    if (text_[at_] == '{') {
      const std::size_t end = text_.find('}', at_);
      if (end == std::string_view::npos) return false;
      const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
      if (inside.find_first_not_of("0123456789,") != std::string_view::npos) return false;
      at_ = end + 1;
    } else if (text_[at_] == '*' || text_[at_] == '+' || text_[at_] == '?') {
      ++at_;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Alphabet found_;
};

}  // namespace

Alphabet both(const Alphabet& a, const Alphabet& b) { return {a.light && b.light, a.has_dots || b.has_dots}; }

Alphabet alphabet_of(std::string_view text) {
  Alphabet found;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_point(text, at);
    found = both(found, {point < light_end, point == U'.'});
  }
  return found;
}

std::optional<Alphabet> alphabet_of_pattern(std::string_view pattern) { return PatternReader(pattern).read(); }

std::optional<Alphabet> alphabet_of_schema(const Json& schema) {
  if (!schema.is_object()) return std::nullopt;
  if (const auto only = schema.find("const"); only != schema.end() && only->is_string())
    return alphabet_of(only->get_ref<const std::string&>());
  if (const auto values = schema.find("enum"); values != schema.end() && values->is_array()) {
    Alphabet found;
    for (const Json& value : *values)
      if (value.is_string()) found = both(found, alphabet_of(value.get_ref<const std::string&>()));
    return found;
  }
  const auto pattern = schema.find("pattern");
  if (pattern == schema.end() || !pattern->is_string()) return std::nullopt;
  return alphabet_of_pattern(pattern->get_ref<const std::string&>());
}

}  // namespace redress::expression
