// Edit distance, bounded in length.
#include "expression/near.hpp"

#include <algorithm>

namespace redress::expression {
namespace {

constexpr std::size_t word_bytes_max = 64;
constexpr std::size_t listed_max = 8;

std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > word_bytes_max) return std::nullopt;
  std::size_t best = word.size() < 4 ? 2 : 3;
  std::optional<std::string> found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > word_bytes_max) continue;
    const std::size_t distance = edits(word, candidate);
    if (distance >= best) continue;
    best = distance;
    found = candidate;
  }
  return found;
}

std::string advice(std::string_view word, const std::vector<std::string>& candidates, std::string_view lead) {
  if (const auto near = nearest(word, candidates)) return "; did you mean '" + *near + "'?";
  if (candidates.empty()) return {};
  std::string text = "; " + std::string(lead) + ": ";
  for (std::size_t i = 0; i < std::min(candidates.size(), listed_max); ++i) text += (i > 0 ? ", " : "") + candidates[i];
  return text + (candidates.size() > listed_max ? ", ..." : "");
}

}  // namespace redress::expression
