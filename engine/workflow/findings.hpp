// Findings gathers what is wrong with one file, and gives each its line and column at the end.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/locate.hpp"
#include "workflow/workflow.hpp"

namespace redress::workflow {

// One thing that is wrong, before its place in the text is known.
struct Wrong {
  std::string rule;
  std::string pointer;
  std::string message;  // Without a final period.
  std::string mend;     // A sentence.
  Part part = Part::value;
  std::optional<std::size_t> inside = std::nullopt;  // Bytes into the decoded string at `pointer`.
  Severity severity = Severity::error;
  std::vector<PathStep> path{};
};

// A line each: "file:line:column: message (pointer). Mend."
[[nodiscard]] std::string in_lines(const std::vector<Finding>& findings);

class Findings {
 public:
  // `text` and `file` outlive it.
  Findings(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  void add(Wrong wrong);  // Beyond `findings_max` they are only counted.
  void add_fault(const Fault& fault);
  // The rest of an expression's own finding, as "message; mend" or "message. Mend": see split_message.
  void add_expression(const std::string& pointer, const expression::Finding& finding);
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  // Whether names were lost on the way, so that what nothing seems to use or reach may only be misspelled.
  [[nodiscard]] bool has_lost_names() const { return lost_names_; }
  [[nodiscard]] std::vector<Finding> take();  // In file order.

 private:
  void place(PathStep& step);

  static constexpr std::size_t findings_max = 200;  // Each costs a walk over the text.

  std::string_view text_, file_;
  std::vector<Wrong> wrongs_;
  std::vector<Finding> found_;
  std::size_t errors_ = 0, left_out_ = 0;
  bool lost_names_ = false;
  std::map<std::string, Position> places_;  // By pointer.
};

}  // namespace redress::workflow
