// Small functions on names: nothing here knows what the names are of.
#include "workflow/names.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "redress/limits.hpp"

namespace redress::workflow {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_made_of(std::string_view text, std::string_view others) {
  if (text.empty() || text.size() > limits::name_bytes_max || !is_lower(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_lower(c) || is_digit(c) || others.find(c) != std::string_view::npos; });
}

// How many letters must be changed, added, removed or swapped with the next to make `b` of `a`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

bool is_name(std::string_view text) { return is_made_of(text, "_"); }
bool is_id(std::string_view text) { return is_made_of(text, "_-"); }

bool is_version(std::string_view text) {
  const std::string_view core = text.substr(0, text.find_first_of("-+"));
  if (text.size() > limits::name_bytes_max || std::count(core.begin(), core.end(), '.') != 2) return false;
  const auto dotted = [](char c) { return is_digit(c) || c == '.'; };
  const auto tail = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '+'; };
  return std::all_of(core.begin(), core.end(), dotted) && is_digit(core.front()) && is_digit(core.back()) &&
         core.find("..") == std::string_view::npos && std::all_of(text.begin(), text.end(), tail) && text.back() != '-';
}

bool is_language(std::string_view text) {
  const std::string_view main = text.substr(0, text.find('-'));
  if (main.size() < 2 || main.size() > 3 || !std::all_of(main.begin(), main.end(), is_lower)) return false;
  const std::string_view rest = text.substr(main.size());
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; };
  return rest.empty() || (rest.size() >= 3 && rest.size() <= 32 && std::all_of(rest.begin(), rest.end(), fits));
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t bytes_max = 60;
  std::string out(base::utf8_prefix(text, bytes_max));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return "'" + out + (text.size() > bytes_max ? "..." : "") + "'";
}

std::string listed(std::span<const std::string> names) {
  constexpr std::size_t shown_max = 12;
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < shown_max; ++i) out += (i == 0 ? "" : ", ") + names[i];
  return out + (names.size() > shown_max ? ", ..." : "");
}

std::string nearest(std::string_view text, std::span<const std::string> names) {
  const std::size_t allowed = text.size() <= 3 ? 1 : text.size() <= 10 ? 2 : 3;
  std::string best;
  std::size_t best_distance = allowed + 1;
  if (text.size() > limits::name_bytes_max) return best;
  for (const std::string& name : names) {
    const std::size_t longer = std::max(name.size(), text.size()), shorter = std::min(name.size(), text.size());
    if (longer - shorter >= best_distance) continue;
    if (const std::size_t d = distance(text, name); d < best_distance && d < name.size()) best = name, best_distance = d;
  }
  return best;
}

std::string suggest(std::string_view text, std::span<const std::string> names) {
  if (const std::string near = nearest(text, names); !near.empty()) return "Did you mean " + in_quotes(near) + "?";
  if (names.empty()) return "There is none.";
  return (names.size() == 1 ? "There is only " : "There are: ") + listed(names) + ".";
}

std::string suggest(std::string_view text, const Names& names) {
  return suggest(text, std::vector<std::string>(names.begin(), names.end()));
}

}  // namespace redress::workflow
