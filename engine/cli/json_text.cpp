// The seam to nlohmann/json: its exceptions stop here.
#include "cli/json_text.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <tuple>
#include <vector>

#include "cli/console.hpp"
#include "redress/limits.hpp"

namespace redress::cli {
namespace {

constexpr std::size_t quoted_max = 160;  // Of the parser's words, which quote the text.

// Nesting, counted before parsing: the parser's own stack must never see more.
int depth_of(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

// Notes the first key that an object has twice.
struct Keys {
  std::vector<std::set<std::string>> open;
  std::string duplicate;

  bool operator()(int /*depth*/, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second && duplicate.empty())
      duplicate = parsed.get<std::string>();
    return true;
  }
};

// What does not fit, and where, as the engine says it of a post: without the parser's own tag, columns in code points.
std::string fault_in(std::string_view text, const Json::parse_error& fault) {
  std::string_view what = fault.what();
  if (const auto tag_end = what.find("] "); tag_end != std::string_view::npos) what.remove_prefix(tag_end + 2);
  if (const auto place_end = what.find(": "); what.starts_with("parse error") && place_end != std::string_view::npos)
    what.remove_prefix(place_end + 2);
  const std::string_view before = text.substr(0, std::min(fault.byte == 0 ? 0 : fault.byte - 1, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::string_view begun = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0: the first line.
  const auto column = 1 + std::count_if(begun.begin(), begun.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return "JSON at line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + clipped(what, quoted_max);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {Code::invalid, path + " cannot be opened; check the name and its permissions"};
  std::string text;
  std::vector<char> block(64 * 1024);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > bytes_max)
      return {Code::invalid, path + " is longer than the " + std::to_string(bytes_max) + " bytes that are allowed"};
  }
  if (file.bad() || (text.empty() && !file.eof())) return {Code::invalid, path + " cannot be read; is it a file?"};
  return text;
}

Result<Json> parse_json(std::string_view text, const std::string& what, Duplicates duplicates) {
  if (depth_of(text) > limits::json_depth_max)
    return {Code::invalid, what + ": nested deeper than " + std::to_string(limits::json_depth_max) + " levels"};
  Keys keys;
  try {
    Json parsed = Json::parse(text, std::ref(keys));
    if (!keys.duplicate.empty() && duplicates == Duplicates::refused)
      return {Code::invalid, what + ": the key \"" + keys.duplicate + "\" stands twice; keep one"};
    return parsed;
  } catch (const Json::parse_error& fault) {
    return {Code::invalid, what + ": " + fault_in(text, fault)};
  } catch (const Json::exception& fault) {  // A number that is too large.
    const std::string_view text_of_fault = fault.what();
    return {Code::invalid, what + ": JSON: " + std::string(text_of_fault.substr(text_of_fault.find("] ") + 2))};
  }
}

std::string cell(const Json& json) {
  if (json.is_null()) return "";
  if (json.is_string()) return json.get<std::string>();
  if (!json.is_array()) return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string joined;
  for (const auto& item : json) joined += (joined.empty() ? "" : ", ") + cell(item);
  return joined;
}

std::string cell(const Json& json, std::string_view path) {
  const Json* at = &json;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string key(path.substr(0, dot));
    if (!at->is_object() || !at->contains(key)) return "";
    at = &(*at)[key];
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  }
  return cell(*at);
}

void print_quoted(std::ostream& out, const std::string& margin, const Json& one) {
  constexpr std::size_t post_width = 120, text_width = 300;
  const std::tuple<const char*, const char*, std::size_t> lines[] = {
      {"post", "the customer wrote: ", post_width}, {"text", "the reply: ", text_width}, {"reason", "because: ", text_width}};
  for (const auto& [name, label, width] : lines)
    if (const std::string text = cell(one, name); !text.empty())
      out << margin << label << printable(clipped(text, width)) << '\n';
}

}  // namespace redress::cli
