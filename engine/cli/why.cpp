// redress why: what a case waits for, who can act and how, and which rules fired or did not on the way here.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/session.hpp"
#include "redress/reading.hpp"

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

void print_waits(std::ostream& out, const Json& waits) {
  if (!waits.is_array() || waits.empty()) {
    out << "It waits for nothing.\n";
    return;
  }
  out << "It waits for\n";
  for (const auto& one : waits) {
    out << "  " << printable(cell(one, "what"));
    const std::string until = cell(one, "until");
    if (!until.empty()) out << ", until " << printable(until);
    out << '\n';
    print_quoted(out, "    ", one);
    const std::string who = cell(one, "who");
    if (!who.empty()) out << "    who can act: " << printable(who) << '\n';
    const std::string act = cell(one, "act");
    if (!act.empty()) out << "    with: " << printable(act) << '\n';
  }
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

}  // namespace

Result<int> why(const ReadOptions& options, const std::string& reference, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  auto text = explain_case(**store, reference);
  if (!text) return text.error();
  if (options.json) {
    console.out << *text << '\n';
    return 0;
  }
  auto parsed = parse_json(*text, "the explanation");
  if (!parsed) return parsed.error();
  const Json& whole = *parsed;
  std::ostream& out = console.out;
  out << printable(cell(whole, "reference")) << " is " << printable(cell(whole, "state")) << ", in "
      << printable(cell(whole, "configuration")) << ".\n";
  print_quoted(out, "", whole);
  const std::string reason = cell(whole, "set_aside_reason");
  if (!reason.empty()) out << "It is set aside: " << printable(reason) << "\n";
  print_waits(out, whole.contains("waits_for") ? whole["waits_for"] : Json());
  if (!whole.contains("history") || whole["history"].empty()) return 0;
  print_history(out, whole["history"]);
  return 0;
}

}  // namespace redress::cli
