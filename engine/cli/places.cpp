// One pass over the text. The nesting is bounded before (json_text.hpp), so recursion is too.
#include "cli/places.hpp"

#include <nlohmann/json.hpp>

#include "redress/limits.hpp"

namespace redress::cli {

Places::Places(std::string_view json) : text_(json) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  pass_space();
  lines_[""] = line_;
  read_value("", 0);
}

int Places::line_of(std::string_view pointer) const {
  for (;;) {
    if (const auto found = lines_.find(pointer); found != lines_.end()) return found->second;
    if (pointer.empty()) return 1;
    pointer = pointer.substr(0, pointer.rfind('/'));
  }
}

void Places::pass_space() {
  for (; at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos; ++at_)
    if (text_[at_] == '\n') ++line_;
}

bool Places::pass(char c) {
  pass_space();
  if (here() != c) return false;
  ++at_;
  return true;
}

// The decoded string whose opening quote is here.
std::string Places::read_string() {
  const std::size_t begin = at_;
  for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
    if (text_[at_] == '\\') ++at_;
  at_ = std::min(at_ + 1, text_.size());
  const auto decoded = nlohmann::json::parse(text_.substr(begin, at_ - begin), nullptr, false);
  return decoded.is_string() ? decoded.get<std::string>() : "";
}

void Places::read_members(const std::string& pointer, int depth) {
  std::map<std::string, int> seen;
  for (++at_; !pass('}') && at_ < text_.size(); pass(',')) {
    pass_space();
    const int line = line_;
    if (here() != '"') return;
    const std::string key = read_string();
    const std::string inner = pointer + pointer_part(key);
    if (const auto [first, fresh] = seen.emplace(key, line); !fresh) twice_.push_back({inner, key, line, first->second});
    lines_[inner] = line;
    pass(':');
    pass_space();
    read_value(inner, depth + 1);
  }
}

void Places::read_items(const std::string& pointer, int depth) {
  std::size_t index = 0;
  for (++at_; !pass(']') && at_ < text_.size(); pass(','), ++index) {
    pass_space();
    const std::string inner = pointer + "/" + std::to_string(index);
    lines_[inner] = line_;
    read_value(inner, depth + 1);
  }
}

void Places::read_value(const std::string& pointer, int depth) {
  if (depth > limits::json_depth_max) {
    at_ = text_.size();
  } else if (here() == '{') {
    read_members(pointer, depth);
  } else if (here() == '[') {
    read_items(pointer, depth);
  } else if (here() == '"') {
    read_string();
  } else {
    while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
  }
}

std::string pointer_part(std::string_view key) {
  std::string part = "/";
  for (const char c : key) part += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return part;
}

}  // namespace redress::cli
