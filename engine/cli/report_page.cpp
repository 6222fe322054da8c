// HTML with its styles inside, and bars drawn as SVG.
#include "cli/report_page.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/console.hpp"

namespace redress::cli {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::int64_t number(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

constexpr const char* style = R"css(
:root { --ink: #1c2430; --soft: #5d6b7e; --page: #fbfaf7; --line: #d9d6cd; --good: #2f7d5b; --bad: #b4472f; --bar: #3f6ea8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6df; --soft: #a3adba; --page: #161a20; --line: #343b46; --good: #6cc79b; --bad: #ef8a6f; --bar: #7fa9dd; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 68rem; background: var(--page); color: var(--ink);
       font: 16px/1.5 system-ui, "Segoe UI", sans-serif; }
h1 { font-size: 1.9rem; margin: 0 0 .2rem; } h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; }
p.note { color: var(--soft); margin: .2rem 0 1rem; max-width: 46rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--soft); font-size: .85rem; } td.n, th.n { text-align: right; } td.n { white-space: nowrap; }
tr.whole td { font-weight: 600; }
.tiles { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.2rem 0; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem 1rem; min-width: 9rem; }
.tiles b { display: block; font-size: 1.6rem; } .tiles span { color: var(--soft); font-size: .85rem; }
.bad { color: var(--bad); } .good { color: var(--good); }
svg { display: block; } svg rect.b { fill: var(--bar); } svg rect.l { fill: var(--bad); } svg rect.z { fill: var(--line); }
@media print { body { max-width: none; } h2 { break-after: avoid; } }
)css";

class Page {
 public:
  explicit Page(const Json& report) : report_(report) {}
  std::string write();

 private:
  void tiles();
  void deadlines(const char* name, const char* title, const char* note);
  void departments();
  void obstacles();
  void list(const char* name, const char* title, const char* note,
            const std::vector<std::pair<const char*, const char*>>& columns);
  void posts();
  std::string bar(std::int64_t part, std::int64_t whole, const char* kind) const;

  const Json& report_;
  std::ostringstream out_;
};

std::string Page::bar(std::int64_t part, std::int64_t whole, const char* kind) const {
  constexpr std::int64_t width = 90;
  const std::int64_t filled = whole == 0 ? 0 : part * width / whole;
  const std::string percent = whole == 0 ? "-" : std::to_string((part * 100 + whole / 2) / whole) + " %";
  return "<svg width=\"90\" height=\"8\" role=\"img\" aria-label=\"" + percent +
         "\"><rect class=\"z\" width=\"90\" height=\"8\"/>" + "<rect class=\"" + kind + "\" width=\"" + std::to_string(filled) +
         "\" height=\"8\"/></svg>" + std::to_string(part) + " <span style=\"color:var(--soft)\">" + percent + "</span>";
}

void Page::tiles() {
  const auto tile = [&](const std::string& figure, const char* what, bool bad) {
    out_ << "<li><b class=\"" << (bad ? "bad" : "good") << "\">" << escaped(figure) << "</b><span>" << what << "</span></li>\n";
  };
  out_ << "<ul class=\"tiles\">\n";
  for (const auto& [name, what] :
       {std::pair{"unanswered", "unanswered"}, std::pair{"late", "answered late"}, std::pair{"corrected", "corrected"},
        std::pair{"replied_but_nothing_done", "replied, nothing done"}, std::pair{"waived", "done, not told"},
        std::pair{"blocked_replies", "replies blocked"}, std::pair{"unknown", "unknown, a person decides"}}) {
    const std::int64_t count = number(report_[name], "count");
    tile(std::to_string(count), what, count > 0);
  }
  out_ << "</ul>\n";
}

void Page::deadlines(const char* name, const char* title, const char* note) {
  out_ << "<h2>" << title << "</h2><p class=\"note\">" << note
       << "</p>\n<div class=\"wide\"><table><tr><th>Channel</th><th>Class</th>"
       << "<th class=\"n\">Episodes</th><th>15 min</th><th>1 h</th><th>24 h</th><th>48 h</th><th class=\"n\">Not yet</th>"
       << "<th class=\"n\">Median</th><th class=\"n\">Target met</th><th class=\"n\">Missed</th></tr>\n";
  for (const Json& line : report_[name]) {
    const bool whole = line["class"].is_null();
    const std::int64_t episodes = number(line, "episodes");
    out_ << "<tr" << (whole ? " class=\"whole\"" : "") << "><td>" << escaped(cell(line, "channel")) << "</td><td>"
         << (whole ? "all" : escaped(cell(line, "class"))) << "</td><td class=\"n\">" << episodes << "</td>";
    for (const char* each : {"PT15M", "PT1H", "PT24H", "PT48H"})
      out_ << "<td>" << bar(number(line["within"], each), episodes, "b") << "</td>";
    out_ << "<td class=\"n\">" << number(line, "not_yet") << "</td><td class=\"n\">" << spoken_duration(line["median_ms"])
         << "</td><td class=\"n\">" << number(line, "target_met") << "</td><td class=\"n\">" << number(line, "target_breached")
         << "</td></tr>\n";
  }
  out_ << "</table></div>\n";
}

void Page::departments() {
  out_
      << "<h2>Departments</h2><p class=\"note\">Each commitment has its own due time. Late: done after it. What was revoked or "
      << "undone later was done; what was declined, failed or cancelled counts apart.</p>\n"
      << "<div class=\"wide\"><table><tr><th>Department</th><th>Action</th><th class=\"n\">Commitments</th><th>In "
         "time</th><th>Late</th>"
      << "<th class=\"n\">Median lateness</th><th class=\"n\">Declined</th><th class=\"n\">Failed</th>"
      << "<th class=\"n\">Cancelled</th><th class=\"n\">Open</th><th class=\"n\">Overdue now</th></tr>\n";
  for (const Json& line : report_["departments"]) {
    out_ << "<tr><td>" << escaped(cell(line, "department")) << "</td><td>" << escaped(cell(line, "action"))
         << "</td><td class=\"n\">" << number(line, "commitments") << "</td><td>"
         << bar(number(line, "on_time"), number(line, "commitments"), "b") << "</td><td>"
         << bar(number(line, "late"), number(line, "commitments"), "l") << "</td><td class=\"n\">"
         << spoken_duration(line["median_late_ms"]) << "</td>";
    for (const char* each : {"declined", "failed", "cancelled", "open", "overdue_now"})
      out_ << "<td class=\"n\">" << number(line, each) << "</td>";
    out_ << "</tr>\n";
  }
  out_ << "</table></div>\n";
}

void Page::obstacles() {
  if (report_["blocked"].empty()) return;
  out_ << "<h2>Blocked</h2><p class=\"note\">What keeps departments or the channel from being called.</p>\n<table>";
  for (const Json& line : report_["blocked"]) {
    out_ << "<tr><td>blocked: " << escaped(cell(line, "blocked")) << "</td><td>" << number(line["cases"], "count")
         << " cases: " << escaped(cell(line, "cases.listed")) << "</td></tr>\n";
  }
  out_ << "</table>\n";
}

void Page::list(const char* name, const char* title, const char* note,
                const std::vector<std::pair<const char*, const char*>>& columns) {
  const Json& listed = report_[name];
  const std::int64_t count = number(listed, "count");
  if (count == 0) return;
  out_ << "<h2>" << title << " (" << count << ")</h2><p class=\"note\">" << note << "</p>\n<div class=\"wide\"><table><tr>";
  for (const auto& [field, heading] : columns) out_ << "<th>" << heading << "</th>";
  out_ << "</tr>\n";
  for (const Json& one : listed["listed"]) {
    out_ << "<tr>";
    for (const auto& [field, heading] : columns) {
      const bool is_duration = std::string_view(field).ends_with("_ms");
      out_ << "<td>" << (is_duration ? spoken_duration(one.value(field, Json())) : escaped(cell(one, field))) << "</td>";
    }
    out_ << "</tr>\n";
  }
  out_ << "</table></div>\n";
  if (const auto shown = static_cast<std::int64_t>(listed["listed"].size()); shown < count)
    out_ << "<p class=\"note\">The first " << shown << " of " << count << ".</p>\n";
}

void Page::posts() {
  out_ << "<h2>Posts</h2>\n<table><tr><th>Fate</th><th class=\"n\">Posts</th></tr>\n";
  for (const auto& fate : report_["posts"]["fates"].items())
    out_ << "<tr><td>" << escaped(fate.key()) << "</td><td class=\"n\">" << fate.value() << "</td></tr>\n";
  for (const auto& paused : report_["posts"]["paused"].items())
    out_ << "<tr><td class=\"bad\">" << escaped(paused.key()) << "</td><td class=\"n\">" << paused.value() << "</td></tr>\n";
  out_ << "</table>\n";
}

std::string Page::write() {
  out_ << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
       << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Redress report</title><style>"
       << style << "</style></head><body>\n<h1>What was promised, done and said</h1>\n<p class=\"note\">As of "
       << escaped(cell(report_, "at")) << ". Channels are never pooled.</p>\n";
  tiles();
  deadlines("first_reply", "First reply", "From the post that began the episode to the first public reply.");
  deadlines("resolution", "Resolution", "From the same instant until the case was resolved.");
  departments();
  obstacles();
  list("unanswered", "Unanswered", "No public reply so far.", {{"case", "Case"}, {"episode", "Episode"}});
  list("late", "Answered late", "The first reply came after its due time.",
       {{"case", "Case"}, {"episode", "Episode"}, {"late_ms", "Late by"}});
  list("corrected", "Corrected", "What was said had to be put right in public.", {{"case", "Case"}, {"name", "Reply"}});
  list("replied_but_nothing_done", "Replied, but nothing done",
       "Over, or past its time, and no department fulfilled anything in that episode.",
       {{"case", "Case"}, {"episode", "Episode"}, {"class", "Class"}, {"why", "Why"}});
  list("waived", "Done, not told", "Replies that a person waived.",
       {{"case", "Case"}, {"name", "Reply"}, {"by", "By"}, {"reason", "Reason"}});
  list("blocked_replies", "Replies blocked", "They were not true, or could not be public.",
       {{"case", "Case"}, {"name", "Reply"}, {"reason", "Why"}});
  list("unknown", "Unknown", "It may have happened; a person finds out and decides.", {{"case", "Case"}, {"what", "What"}});
  list("said_without_a_claim", "Said without a claim", "A person's own words that rest on no commitment.",
       {{"case", "Case"}, {"by", "By"}, {"at", "At"}, {"text", "Text"}});
  posts();
  out_ << "</body></html>\n";
  return out_.str();
}

}  // namespace

std::string spoken_duration(const Json& ms) {
  if (!ms.is_number_integer()) return "-";
  const std::int64_t seconds = ms.get<std::int64_t>() / 1000;
  const auto two = [](std::int64_t big, const char* unit, std::int64_t small, const char* small_unit) {
    return std::to_string(big) + unit + (small == 0 ? "" : " " + std::to_string(small) + small_unit);
  };
  if (seconds >= 86'400) return two(seconds / 86'400, " d", seconds % 86'400 / 3'600, " h");
  if (seconds >= 3'600) return two(seconds / 3'600, " h", seconds % 3'600 / 60, " min");
  return seconds >= 60 ? two(seconds / 60, " min", seconds % 60, " s") : std::to_string(seconds) + " s";
}

std::string report_page(const Json& report) { return Page(report).write(); }

}  // namespace redress::cli
