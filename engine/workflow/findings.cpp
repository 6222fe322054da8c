// Gathering and sorting; the text is walked once for each finding.
#include "workflow/findings.hpp"

#include <algorithm>
#include <tuple>

namespace redress::workflow {
namespace {

// "unknown name 'x'; did you mean 'y'?" as message and mend; a message of one piece gets the general mend.
std::pair<std::string, std::string> split_message(const std::string& message) {
  for (const std::string_view separator : {"; ", ". "}) {
    const std::size_t at = message.find(separator);
    if (at == std::string::npos) continue;
    std::string mend = message.substr(at + 2);
    if (mend.empty()) continue;
    if (mend[0] >= 'a' && mend[0] <= 'z') mend[0] = static_cast<char>(mend[0] - 'a' + 'A');
    if (mend.back() != '.' && mend.back() != '?') mend += '.';
    return {message.substr(0, at), mend};
  }
  std::string whole = message;
  if (!whole.empty() && whole.back() == '.') whole.pop_back();
  return {whole, "Mend the expression."};
}

}  // namespace

void Findings::add(Wrong wrong) {
  static constexpr std::string_view losing[] = {
      "unknown_state", "unknown_commitment", "unknown_reply", "unknown_key", "json_type", "action", "not_yet", "name",
      "empty",         "duplicate_key"};
  lost_names_ = lost_names_ || std::find(std::begin(losing), std::end(losing), wrong.rule) != std::end(losing);
  if (wrong.severity != Severity::warning) ++errors_;
  if (wrongs_.size() + found_.size() >= findings_max) {
    ++left_out_;
    return;
  }
  wrongs_.push_back(std::move(wrong));
}

void Findings::add_fault(const Fault& fault) {
  ++errors_;
  lost_names_ = true;
  const Position position = position_at(text_, fault.offset);
  found_.push_back({std::string(file_), position.line, position.column, fault.pointer, fault.rule, Severity::error,
                    fault.message, fault.mend});
}

void Findings::add_expression(const std::string& pointer, const expression::Finding& finding) {
  const bool unset = finding.message.starts_with("may be unset");
  auto [message, mend] = split_message(finding.message);
  add({.rule = unset ? "unset" : "expression", .pointer = pointer, .message = message, .mend = mend, .inside = finding.offset});
}

// Paths share most of their steps: each place is looked for once.
void Findings::place(PathStep& step) {
  if (step.rules.empty()) return;
  const auto [known, is_new] = places_.try_emplace(step.rules.front());
  if (is_new) known->second = position_at(text_, locate(text_, step.rules.front(), Part::value));
  step.line = known->second.line;
  step.column = known->second.column;
}

std::vector<Finding> Findings::take() {
  for (Wrong& wrong : wrongs_) {
    std::size_t offset = locate(text_, wrong.pointer, wrong.part);
    if (wrong.inside) offset = locate_in_string(text_, offset, *wrong.inside);
    const Position position = position_at(text_, offset);
    for (PathStep& step : wrong.path) place(step);
    found_.push_back({std::string(file_), position.line, position.column, std::move(wrong.pointer), std::move(wrong.rule),
                      wrong.severity, std::move(wrong.message), std::move(wrong.mend), std::move(wrong.path)});
  }
  wrongs_.clear();
  const auto where = [](const Finding& f) { return std::tie(f.line, f.column); };
  std::stable_sort(found_.begin(), found_.end(), [&](const Finding& a, const Finding& b) { return where(a) < where(b); });
  if (left_out_ > 0) {
    found_.push_back({std::string(file_), 1, 1, "", "too_many", Severity::error,
                      "there are " + std::to_string(left_out_) + " more findings", "Mend these first."});
  }
  return std::move(found_);
}

std::string in_lines(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& f : findings) {
    text += (text.empty() ? "" : "\n") + f.file + ":" + std::to_string(f.line) + ":" + std::to_string(f.column) + ": " +
            f.message + " (" + f.pointer + "). " + f.mend;
  }
  return text;
}

}  // namespace redress::workflow
