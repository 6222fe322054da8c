// Tables are measured in code points: names with accents stay in their columns.
#include "cli/console.hpp"

#include <algorithm>
#include <ostream>

namespace redress::cli {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

}  // namespace

std::string printable(std::string_view text, bool lines) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F, as UTF-8: some terminals obey them as they obey ESC.
    const bool c1 = byte == 0xC2U && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0U;
    if (c1) ++i;
    const bool control = c1 || byte < 0x20U || byte == 0x7FU;
    result += !control ? text[i] : lines && byte == '\n' ? '\n' : ' ';
  }
  return result;
}

std::string clipped(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t points = 0; end < text.size(); ++end) {
    if (!continues(text[end]) && ++points == width) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

void Table::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : rows_) {
    auto& cells = rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(printable(row[i]));
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], width_of(cells[i]));
    }
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out << row[i];
      if (i + 1 < row.size()) out << std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    out << '\n';
  }
}

}  // namespace redress::cli
