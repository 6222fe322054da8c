// Values as text, bounded: a value may be far larger than its message.
#include "expression/value_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "expression/instants.hpp"

namespace redress::expression {
namespace {

void append_quoted(std::string& out, std::string_view text, std::size_t length_max) {
  const std::string_view shown = base::utf8_prefix(text, length_max);
  out += '\'';
  for (const char c : shown) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\'' || c == '\\')
      (out += '\\') += c;
    else
      out += c;
  }
  if (shown.size() < text.size()) out += "...";
  out += '\'';
}

void append(std::string& out, const Value& value, std::size_t length_max);

void append_list(std::string& out, const List& list, std::size_t length_max) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ", ";
    if (out.size() >= length_max) {
      out += "...";
      break;
    }
    append(out, list[i], length_max);
  }
  out += ']';
}

void append_map(std::string& out, const Map& map, std::size_t length_max) {
  out += '{';
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (i > 0) out += ", ";
    if (out.size() >= length_max) {
      out += "...";
      break;
    }
    append(out, map[i].first, length_max);
    out += ": ";
    append(out, map[i].second, length_max);
  }
  out += '}';
}

struct Appender {
  std::string& out;
  std::size_t length_max;
  void operator()(std::nullptr_t) const { out += "null"; }
  void operator()(bool v) const { out += v ? "true" : "false"; }
  void operator()(std::int64_t v) const { out += std::to_string(v); }
  void operator()(std::uint64_t v) const { out += std::to_string(v) + "u"; }
  void operator()(double v) const {
    const std::string digits = number_text(v);
    out += digits;
    if (std::isfinite(v) && digits.find_first_of(".e") == std::string::npos) out += ".0";
  }
  void operator()(const std::string& v) const { append_quoted(out, v, length_max); }
  void operator()(Duration v) const { out += "duration('" + duration_seconds_text(v) + "')"; }
  void operator()(Timestamp v) const { out += "timestamp('" + timestamp_text(v) + "')"; }
  void operator()(TypeValue v) const { out += v.name; }
  void operator()(const std::shared_ptr<const List>& v) const { append_list(out, *v, length_max); }
  void operator()(const std::shared_ptr<const Map>& v) const { append_map(out, *v, length_max); }
};

void append(std::string& out, const Value& value, std::size_t length_max) {
  // Deep values show their outer levels only: each level adds a bracket, so the bound on bytes bounds the recursion too.
  if (out.size() >= length_max) {
    out += "...";
    return;
  }
  std::visit(Appender{out, length_max}, value.held());
}

}  // namespace

std::string show(const Value& value, std::size_t length_max) {
  std::string out;
  append(out, value, length_max);
  return out;
}

namespace {

// Whether a decimal number is below 1, from its digits alone.
bool is_small(std::string_view text) {
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  const std::size_t point = std::min(text.find('.'), mark), first = std::min(text.find_first_of("123456789"), mark);
  std::int64_t exponent = 0;
  if (mark < text.size()) {
    const std::string_view digits = text.substr(mark + (text.substr(mark + 1).starts_with('+') ? 2 : 1));
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc{})
      return digits.starts_with('-');
  }
  const auto before_point = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  return before_point + (first > point ? 1 : 0) + exponent <= 0;
}

}  // namespace

std::optional<double> number_from_text(std::string_view text) {
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (parsed.ec == std::errc{}) return number;
  // from_chars says "out of range" of both ends.
  const bool too_small = parsed.ec == std::errc::result_out_of_range && is_small(text);
  return too_small ? std::optional(text.starts_with('-') ? -0.0 : 0.0) : std::nullopt;
}

std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  std::array<char, 64> buffer{};
  const double size = std::fabs(number);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format);
  return {buffer.data(), end.ptr};
}

}  // namespace redress::expression
