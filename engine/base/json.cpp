// Parsing in one pass over nlohmann's SAX events, whose parser keeps its own stack: hostile depth cannot overflow ours.
#include "base/json.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <vector>

#include "base/text.hpp"
#include "redress/limits.hpp"

namespace redress::base {
namespace {

constexpr std::size_t quoted_bytes_max = 160;    // Of the offending text in a message.
constexpr std::size_t scanned_members_max = 16;  // Up to here a scan finds a duplicate key sooner than a hash set does.

// Walks over the text and leaves in `*read` how many bytes were taken: the SAX events do not say where they are.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* read) : at_(at), read_(read) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*read_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* read_;
};

std::string escaped(std::string_view key) {
  std::string out;
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

Error error_at(std::string_view text, std::size_t offset, std::string_view what) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0: the first line.
  const std::size_t column = 1 + utf8_length(before.substr(line_begin));
  const std::string place = "JSON at line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
  return {Code::invalid, place + std::string(what)};
}

// Builds the value from the events, and stops at the first one that breaks a rule.
class Builder {
 public:
  using number_integer_t = Json::number_integer_t;
  using number_unsigned_t = Json::number_unsigned_t;
  using number_float_t = Json::number_float_t;
  using string_t = Json::string_t;
  using binary_t = Json::binary_t;

  Builder(std::string_view text, const std::size_t& read) : text_(text), read_(read) {}

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(number_integer_t value) { return put(value); }
  bool number_unsigned(number_unsigned_t value) { return put(value); }
  bool number_float(number_float_t value, const string_t&) { return put(value); }
  bool string(string_t& value) { return put(std::move(value)); }
  bool binary(binary_t&) { return false; }  // JSON text has none.
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& key) {
    Level& level = levels_.back();
    if (is_repeated(level, key)) {
      levels_.back().key = std::move(key);
      const std::size_t begin = string_begin();
      error_ = error_at(text_, begin, "the key " + pointer() + " is there twice; remove one of the two");
      return false;
    }
    level.key = std::move(key);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception& exception) {
    std::string_view what = exception.what();
    if (const auto tag_end = what.find("] "); tag_end != std::string_view::npos) what.remove_prefix(tag_end + 2);
    // "parse error at line 1, column 2: ": ours counts code points. A number that is too large has no such beginning.
    if (const auto place_end = what.find(": "); what.starts_with("parse error") && place_end != std::string_view::npos) {
      what.remove_prefix(place_end + 2);
    }
    // `position` counts the byte that did not fit, or, at the end, the end itself.
    const std::size_t offset = std::min(position == 0 ? read_ : position - 1, text_.size());
    error_ = error_at(text_, offset, utf8_prefix(what, quoted_bytes_max));
    return false;
  }

  Json take_value() { return std::move(root_); }
  Error take_error() { return std::move(error_); }

 private:
  struct Level {
    Json* container = nullptr;
    std::string key;                       // Of the member that is being read.
    std::unordered_set<std::string> keys;  // Filled only once there are many.
  };

  using Members = Json::object_t::Container;

  static Members& members(Json& object) { return object.get_ref<Json::object_t&>(); }

  static bool is_repeated(Level& level, const std::string& key) {
    const Members& present = members(*level.container);
    if (present.size() < scanned_members_max) {
      return std::any_of(present.begin(), present.end(), [&](const auto& member) { return member.first == key; });
    }
    if (level.keys.empty()) {
      for (const auto& member : present) level.keys.insert(member.first);
    }
    return !level.keys.insert(key).second;
  }

  template <class Value>
  bool put(Value&& value) {
    place(Json(std::forward<Value>(value)));
    return true;
  }

  // The only place where a value enters its parent; key() has shown that it is the key's first.
  Json* place(Json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Level& level = levels_.back();
    if (level.container->is_array()) {
      level.container->push_back(std::move(value));
      return &level.container->back();
    }
    return &members(*level.container).emplace_back(level.key, std::move(value)).second;
  }

  bool open(Json container) {
    if (levels_.size() >= static_cast<std::size_t>(limits::json_depth_max)) {
      const std::string levels_max = std::to_string(limits::json_depth_max);
      error_ = error_at(text_, read_ - 1, "nested deeper than " + levels_max + " levels; flatten it");
      return false;
    }
    Level level;
    level.container = place(std::move(container));
    levels_.push_back(std::move(level));
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  // Where the string that was just read begins: at the last quote before its closing one that no backslash escapes.
  std::size_t string_begin() const {
    std::size_t at = read_ - 1;
    while (at > 0) {
      --at;
      if (text_[at] != '"') continue;
      std::size_t slashes = 0;
      while (slashes < at && text_[at - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 0) break;
    }
    return at;
  }

  std::string pointer() const {
    std::string out;
    for (const Level& level : levels_) {
      const bool in_array = level.container->is_array();
      out += "/" + (in_array ? std::to_string(level.container->size() - 1) : escaped(utf8_prefix(level.key, quoted_bytes_max)));
    }
    return out;
  }

  std::string_view text_;
  const std::size_t& read_;
  Json root_;
  std::vector<Level> levels_;
  Error error_;
};

// Integral numbers in one spelling, so that 1 and 1.0, which are equal, are the same bytes.
std::string canonical_number(const Json& number) {
  if (!number.is_number_float()) return number.dump();
  const double value = number.get<double>();
  constexpr double two_to_63 = 9'223'372'036'854'775'808.0;
  if (std::trunc(value) != value || value < -two_to_63 || value >= 2 * two_to_63) return number.dump();
  return value < 0 ? std::to_string(static_cast<std::int64_t>(value)) : std::to_string(static_cast<std::uint64_t>(value));
}

void write_canonical(const Json& json, std::string& out) {
  if (json.is_object()) {
    std::vector<Json::const_iterator> members;
    for (auto member = json.begin(); member != json.end(); ++member) members.push_back(member);
    std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.key() < b.key(); });
    char separator = '{';
    for (const auto& member : members) {
      out += separator;
      out += dump_json(member.key()) + ":";
      write_canonical(member.value(), out);
      separator = ',';
    }
    out += members.empty() ? "{}" : "}";
  } else if (json.is_array()) {
    char separator = '[';
    for (const Json& item : json) {
      out += separator;
      write_canonical(item, out);
      separator = ',';
    }
    out += json.empty() ? "[]" : "]";
  } else {
    out += json.is_number() ? canonical_number(json) : dump_json(json);
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return {Code::invalid,
            "JSON of " + std::to_string(text.size()) + " bytes; at most " + std::to_string(bytes_max) + " are taken"};
  }
  if (const std::size_t valid = utf8_valid_bytes(text); valid != text.size()) {
    return error_at(text, valid, "a byte that is not UTF-8; save the text as UTF-8");
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {  // nlohmann would take it for the end.
    return error_at(text, nul, "a byte 0; remove it, or write it as \\u0000 in a string");
  }
  std::size_t read = 0;
  Builder builder(text, read);
  const CountingIterator begin(text.data(), &read);
  const CountingIterator end(text.data() + text.size(), &read);
  if (!Json::sax_parse(begin, end, &builder)) return builder.take_error();
  return builder.take_value();
}

// A string that was built in memory and is not UTF-8 is shown with U+FFFD: to print must not throw.
std::string dump_json(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string canonical_json(const Json& json) {
  std::string out;
  write_canonical(json, out);
  return out;
}

}  // namespace redress::base
