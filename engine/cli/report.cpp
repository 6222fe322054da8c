// redress report: how fast, how late, and what was said without being done; as a table, JSON, or a page for a browser.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/report_page.hpp"
#include "cli/session.hpp"
#include "redress/reading.hpp"

namespace redress::cli {
namespace {

// "12 (57 %)".
std::string share(const Json& part, const Json& whole) {
  const auto count = part.get<std::int64_t>(), all = whole.get<std::int64_t>();
  return std::to_string(count) + (all == 0 ? "" : " (" + std::to_string((count * 100 + all / 2) / all) + " %)");
}

void print_deadlines(const Json& report, const char* name, const char* title, std::ostream& out) {
  Table table({title, "class", "episodes", "15 min", "1 h", "24 h", "48 h", "not yet", "median", "met", "missed"});
  for (const Json& line : report[name]) {
    const Json& all = line["episodes"];
    const Json& within = line["within"];
    table.add({cell(line, "channel"), line["class"].is_null() ? "all" : cell(line, "class"), cell(line, "episodes"),
               share(within["PT15M"], all), share(within["PT1H"], all), share(within["PT24H"], all),
               share(within["PT48H"], all), cell(line, "not_yet"), spoken_duration(line["median_ms"]), cell(line, "target_met"),
               cell(line, "target_breached")});
  }
  table.print(out);
  out << '\n';
}

void print_departments(const Json& report, std::ostream& out) {
  Table table({"department", "action", "commitments", "on time", "late", "late by (median)", "declined", "failed", "cancelled",
               "open", "overdue now"});
  for (const Json& line : report["departments"]) {
    table.add({cell(line, "department"), cell(line, "action"), cell(line, "commitments"), cell(line, "on_time"),
               cell(line, "late"), spoken_duration(line["median_late_ms"]), cell(line, "declined"), cell(line, "failed"),
               cell(line, "cancelled"), cell(line, "open"), cell(line, "overdue_now")});
  }
  table.print(out);
  out << '\n';
}

void print_list(const Json& report, const char* name, const char* title, std::initializer_list<const char*> fields,
                std::ostream& out) {
  const Json& listed = report[name];
  out << title << ": " << cell(listed, "count") << '\n';
  for (const Json& one : listed["listed"]) {
    out << " ";
    for (const char* field : fields) {
      const std::string text =
          std::string_view(field).ends_with("_ms") ? "late by " + spoken_duration(one.value(field, Json())) : cell(one, field);
      if (!text.empty()) out << ' ' << printable(clipped(text, 70));
    }
    out << '\n';
  }
}

void print(const Json& report, std::ostream& out) {
  out << "as of " << cell(report, "at") << "; channels are never pooled\n\n";
  print_deadlines(report, "first_reply", "first reply", out);
  print_deadlines(report, "resolution", "resolution", out);
  print_departments(report, out);
  for (const Json& line : report["blocked"])
    out << "blocked: " << printable(cell(line, "blocked")) << ": " << cell(line, "cases.count") << " cases, "
        << printable(clipped(cell(line, "cases.listed"), 60)) << '\n';
  print_list(report, "unanswered", "unanswered", {"case"}, out);
  print_list(report, "late", "answered late", {"case", "late_ms"}, out);
  print_list(report, "corrected", "corrected", {"case", "name"}, out);
  print_list(report, "replied_but_nothing_done", "replied, but nothing done", {"case", "class", "why"}, out);
  print_list(report, "waived", "done, not told", {"case", "name", "by", "reason"}, out);
  print_list(report, "blocked_replies", "replies blocked", {"case", "name", "reason"}, out);
  print_list(report, "unknown", "unknown, a person decides", {"case", "what"}, out);
  print_list(report, "said_without_a_claim", "said without a claim", {"case", "by", "at", "text"}, out);
  for (const auto& paused : report["posts"]["paused"].items())
    out << paused.value() << " posts opened no case: " << printable(paused.key()) << '\n';
}

// Whole or not at all.
Result<void> write_whole(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  if (!file) return {Code::invalid, "the page " + path + " cannot be written: is its folder there?"};
  file << text;
  file.close();
  if (file && std::rename(fresh.c_str(), path.c_str()) == 0) return {};
  std::error_code ignored;
  std::filesystem::remove(fresh, ignored);
  return {Code::unavailable, "the page " + path + " cannot be written whole; is the disk full?"};
}

}  // namespace

Result<int> report(const ReadOptions& options, const std::string& html, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  const auto text = make_report(**store);
  if (!text) return text.error();
  if (options.json) console.out << *text << '\n';
  if (options.json && html.empty()) return 0;
  const auto json = parse_json(*text, "the report");
  if (!json) return json.error();
  if (!html.empty()) {
    if (const auto written = write_whole(html, report_page(*json)); !written) return written.error();
    if (!options.json) console.out << "the page is " << html << '\n';
    return 0;
  }
  print(*json, console.out);
  return 0;
}

}  // namespace redress::cli
