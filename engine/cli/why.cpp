// redress why: what a case waits for, who can act and how, and which rules fired or did not on the way here.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/history.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"
#include "redress/reading.hpp"

namespace redress::cli {
namespace {

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
