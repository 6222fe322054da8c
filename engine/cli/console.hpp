// Where a verb writes: tables and lines for people, on streams that tests may replace.
#pragma once
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cli.hpp"

namespace redress::cli {

struct Console {
  std::ostream& out;
  std::ostream& err;
  const Hooks& hooks;
};

// The text without what could steer a terminal: control characters become spaces (line ends too, unless `lines`).
[[nodiscard]] std::string printable(std::string_view text, bool lines = false);
// At most `width` code points, the last of them "…" where something was left out.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t width);

// Columns as wide as their widest cell, two spaces between; the last column is not padded. Cells are made printable.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }
  void print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace redress::cli
