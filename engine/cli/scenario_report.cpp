// The same bytes for the same report: nothing here tells the time.
#include "cli/scenario_report.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "cli/console.hpp"
#include "cli/history.hpp"

namespace redress::cli {
namespace {

using Kind = CoverageItem::Kind;

constexpr std::array<Kind, 4> kinds{Kind::state, Kind::transition, Kind::reply, Kind::outcome};
constexpr std::array<const char*, 4> plurals{"states", "transitions", "replies", "outcomes"};

struct Share {
  std::size_t covered = 0, all = 0;
  [[nodiscard]] int percent() const { return all == 0 ? 100 : static_cast<int>(covered * 100 / all); }
};

Share share_of(const WorkflowCoverage& coverage, Kind kind) {
  Share share;
  for (const CoverageItem& item : coverage.items) {
    if (item.kind != kind) continue;
    ++share.all;
    share.covered += item.times > 0 ? 1 : 0;
  }
  return share;
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// ---- for people -------------------------------------------------------------------------------------------------------------

void print_finding(std::ostream& out, const ScenarioFinding& finding) {
  out << printable(finding.file) << ':' << finding.line << ':' << finding.column << ": " << printable(finding.message) << '.';
  if (!finding.mend.empty()) out << ' ' << printable(finding.mend);
  out << '\n';
}

void print_failure(std::ostream& out, const ScenarioResult& result) {
  const ScenarioFailure& failure = *result.failure;
  out << printable(result.file) << ':' << failure.line << ": " << printable(result.name) << "\n  "
      << printable(failure.statement) << '\n';
  for (std::size_t i = 0; i < failure.expected.size(); ++i)
    out << "    expected  " << printable(failure.expected[i]) << "\n    there is  " << printable(failure.found[i]) << '\n';
  const auto explanation = parse_json(failure.explanation.empty() ? "{}" : failure.explanation, "the explanation");
  if (!explanation || !explanation->contains("history")) return;
  std::ostringstream history;
  print_history(history, explanation->at("history"));
  std::istringstream lines(history.str());
  for (std::string line; std::getline(lines, line);)
    if (!line.empty())
      out << "  " << (line.starts_with("What happened") ? line + " in " + printable(failure.case_reference) : line) << '\n';
}

// "workflows/a.scenario: 12 scenarios, 80 expectations met".
void print_files(std::ostream& out, const ScenarioReport& report) {
  for (std::size_t i = 0; i < report.results.size();) {
    std::size_t next = i, failed = 0, met = 0;
    for (; next < report.results.size() && report.results[next].file == report.results[i].file; ++next) {
      failed += report.results[next].failure ? 1 : 0;
      met += static_cast<std::size_t>(report.results[next].expected);
    }
    out << printable(report.results[i].file) << ": " << counted(next - i, "scenario") << ", ";
    if (failed > 0) out << failed << " failed, ";
    out << counted(met, "expectation") << " met\n";
    i = next;
  }
}

void print_coverage(std::ostream& out, const ScenarioReport& report) {
  if (report.results.empty()) return;
  Table table({"covered", "states", "transitions", "replies", "outcomes"});
  for (const WorkflowCoverage& coverage : report.coverage) {
    std::vector<std::string> cells{coverage.workflow};
    for (const Kind kind : kinds) {
      const Share share = share_of(coverage, kind);
      cells.push_back(std::to_string(share.covered) + " of " + std::to_string(share.all) + ", " +
                      std::to_string(share.percent()) + " %");
    }
    table.add(std::move(cells));
  }
  table.print(out);
  if (!all_hold(report)) return;  // What failed did not come to its end.
  for (const WorkflowCoverage& coverage : report.coverage)
    for (const CoverageItem& item : coverage.items)
      if (item.times == 0)
        out << printable(coverage.file) << ':' << item.line << ": not covered: " << to_string(item.kind) << ' '
            << printable(item.name) << '\n';
}

// ---- as JSON ----------------------------------------------------------------------------------------------------------------

Json as_json(const ScenarioFinding& f) {
  return {{"file", f.file}, {"line", f.line}, {"column", f.column}, {"message", f.message}, {"mend", f.mend}};
}

Json as_json(const ScenarioResult& result) {
  Json json{{"file", result.file},         {"line", result.line},         {"name", result.name},
            {"workflow", result.workflow}, {"expected", result.expected}, {"passed", !result.failure.has_value()}};
  if (!result.failure) return json;
  const ScenarioFailure& failure = *result.failure;
  const auto explanation = parse_json(failure.explanation.empty() ? "null" : failure.explanation, "the explanation");
  json["failure"] = {{"line", failure.line},           {"statement", failure.statement},
                     {"expected", failure.expected},   {"found", failure.found},
                     {"case", failure.case_reference}, {"explanation", explanation ? *explanation : Json()}};
  return json;
}

Json as_json(const WorkflowCoverage& coverage) {
  Json json{{"file", coverage.file}, {"workflow", coverage.workflow}};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const Share share = share_of(coverage, kinds[i]);
    json[plurals[i]] = {{"covered", share.covered}, {"all", share.all}};
  }
  Json items = Json::array();
  for (const CoverageItem& item : coverage.items)
    items.push_back({{"kind", to_string(item.kind)},
                     {"name", item.name},
                     {"pointer", item.pointer},
                     {"line", item.line},
                     {"times", item.times}});
  json["items"] = std::move(items);
  return json;
}

template <class Item>
Json as_list(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(as_json(item));
  return list;
}

// ---- as XML -----------------------------------------------------------------------------------------------------------------

std::string escaped(std::string_view text) {
  std::string xml;
  for (const char c : printable(text, true)) {
    switch (c) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '"':
        xml += "&quot;";
        break;
      default:
        xml += c;
    }
  }
  return xml;
}

void print_testcase(std::ostream& out, const ScenarioResult& result) {
  out << "    <testcase classname=\"" << escaped(result.workflow) << "\" name=\"" << escaped(result.name) << "\" file=\""
      << escaped(result.file) << "\" line=\"" << result.line << '"';
  if (!result.failure) {
    out << "/>\n";
    return;
  }
  std::ostringstream text;
  print_failure(text, result);
  out << ">\n      <failure message=\"" << escaped(result.failure->statement) << "\">" << escaped(text.str())
      << "</failure>\n    </testcase>\n";
}

}  // namespace

bool all_hold(const ScenarioReport& report) {
  return report.findings.empty() && std::none_of(report.results.begin(), report.results.end(),
                                                 [](const auto& result) { return result.failure.has_value(); });
}

int least_coverage(const ScenarioReport& report) {
  int least = 100;
  for (const WorkflowCoverage& coverage : report.coverage)
    for (const Kind kind : kinds) least = std::min(least, share_of(coverage, kind).percent());
  return least;
}

void print_scenarios(std::ostream& out, const ScenarioReport& report) {
  for (const ScenarioFinding& finding : report.findings) print_finding(out, finding);
  for (const ScenarioResult& result : report.results)
    if (result.failure) print_failure(out, result);
  print_files(out, report);
  print_coverage(out, report);
}

void print_scenarios_json(std::ostream& out, const ScenarioReport& report) {
  const Json json{
      {"findings", as_list(report.findings)}, {"scenarios", as_list(report.results)}, {"coverage", as_list(report.coverage)}};
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

void print_scenarios_junit(std::ostream& out, const ScenarioReport& report) {
  const auto failures =
      std::count_if(report.results.begin(), report.results.end(), [](const auto& one) { return one.failure.has_value(); });
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"redress test\" tests=\""
      << report.results.size() << "\" failures=\"" << failures << "\" errors=\"" << report.findings.size() << "\">\n";
  for (const ScenarioResult& result : report.results) print_testcase(out, result);
  for (const ScenarioFinding& finding : report.findings)
    out << "    <testcase classname=\"" << escaped(finding.file) << "\" name=\"can be read\" line=\"" << finding.line
        << "\">\n      <error message=\"" << escaped(finding.message) << "\">" << escaped(finding.mend)
        << "</error>\n    </testcase>\n";
  out << "  </testsuite>\n</testsuites>\n";
}

}  // namespace redress::cli
