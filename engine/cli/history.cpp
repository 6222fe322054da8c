// A line for each step and each rule of it.
#include "cli/history.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console.hpp"

namespace redress::cli {
namespace {

// A rule of the history on one line: which, whether it was taken, and on which part of its guard that stood.
std::string rule_line(const Json& rule) {
  if (!rule.is_object()) return cell(rule);
  if (rule.value("set_aside", false)) return "the case was set aside: what this step took is undone";
  if (rule.contains("rule") && rule.contains("taken")) {
    const std::string part = cell(rule, "why");
    const bool undone = rule.value("undone", false);
    return (rule["taken"] == true ? "took "
            : undone              ? "took, and undid, "
                                  : "did not take ") +
           cell(rule, "rule") + " on " + cell(rule, "event") + (part.empty() ? "" : ": " + part);
  }
  std::string line;
  for (const auto& [key, value] : rule.items()) {
    const std::string text = cell(value);
    if (text.empty()) continue;
    if (!line.empty()) line += ", " + key + ": ";
    line += text;
  }
  return line;
}

// What a step was about, beside its event: "perform done".
std::string about(const Json& step) {
  std::string text;
  if (!step.contains("what") || !step["what"].is_object()) return text;
  for (const char* name : {"verb", "outcome", "by"}) {
    const std::string value = cell(step["what"], name);
    if (!value.empty()) text += " " + value;
  }
  return text;
}

// A step without its time: equal ones that follow each other are shown once, with their number.
std::string step_text(const Json& step) {
  std::string text = printable(cell(step, "event") + about(step)) + "\n";
  const std::string ignored = step.contains("ignored") ? cell(step["ignored"]) : "";
  if (!ignored.empty()) text += "      ignored: " + printable(ignored) + "\n";
  if (step.contains("rules"))
    for (const auto& rule : step["rules"]) text += "      " + printable(rule_line(rule)) + "\n";
  return text;
}

}  // namespace

void print_history(std::ostream& out, const Json& history) {
  out << "\nWhat happened\n";
  for (std::size_t i = 0; i < history.size();) {
    const std::string text = step_text(history[i]);
    std::size_t next = i + 1;
    while (next < history.size() && step_text(history[next]) == text) ++next;
    out << "  " << printable(cell(history[i], "at")) << "  " << text;
    if (next - i > 1)
      out << "      and " << next - i - 1 << " more like it, until " << printable(cell(history[next - 1], "at")) << '\n';
    i = next;
  }
}

}  // namespace redress::cli
