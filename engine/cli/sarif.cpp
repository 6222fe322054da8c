// Section numbers are those of the SARIF 2.1.0 specification.
#include "cli/sarif.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/session.hpp"
#include "redress/limits.hpp"

namespace redress::cli {
namespace {

// A path as a URI reference (RFC 3986): relative where the path is, so that it means the same on another machine.
std::string as_uri(const std::string& path) {
  static constexpr char digits[] = "0123456789ABCDEF";
  const std::filesystem::path whole(path);
  std::string uri = whole.is_absolute() ? "file://" : "";
  for (const unsigned char c : whole.lexically_normal().generic_string()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || std::string_view("-._~/").find(static_cast<char>(c)) != std::string_view::npos) {
      uri += static_cast<char>(c);
    } else {
      uri += {'%', digits[c >> 4U], digits[c & 15U]};
    }
  }
  return uri;
}

class Lines {
 public:
  // In code points, from 1. As it is in bytes, where the file is not there any more.
  int column(const std::string& file, int line, int column_in_bytes) {
    const auto [known, is_new] = lines_.try_emplace(file);
    if (is_new) known->second = read(file);
    const auto index = static_cast<std::size_t>(line) - 1;
    if (index >= known->second.size()) return column_in_bytes;
    const std::string& text = known->second[index];
    const auto before = std::min(static_cast<std::size_t>(column_in_bytes) - 1, text.size());
    const auto is_first = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return static_cast<int>(std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(before), is_first)) + 1;
  }

 private:
  static std::vector<std::string> read(const std::string& file) {
    const auto text = read_file(file, limits::workflow_bytes_max);
    std::vector<std::string> lines;
    if (!text) return lines;
    for (std::size_t begin = 0; begin <= text->size();) {
      const std::size_t end = std::min(text->find('\n', begin), text->size());
      lines.push_back(text->substr(begin, end - begin));
      begin = end + 1;
    }
    return lines;
  }

  std::map<std::string, std::vector<std::string>> lines_;
};

Json region(Lines& lines, const std::string& file, int line, int column) {
  return {{"startLine", line}, {"startColumn", lines.column(file, line, column)}};
}

Json location(Lines& lines, const std::string& file, int line, int column, const std::string& pointer) {
  return {{"physicalLocation", {{"artifactLocation", {{"uri", as_uri(file)}}}, {"region", region(lines, file, line, column)}}},
          {"logicalLocations", Json::array({{{"fullyQualifiedName", pointer}, {"kind", "value"}}})}};
}

// 3.36: where it went, in order.
Json code_flow(Lines& lines, const WorkflowFinding& finding) {
  Json steps = Json::array();
  for (const WorkflowPathStep& step : finding.path) {
    std::string text = step.event + " ->";
    for (const std::string& state : step.configuration) text += " " + state;
    const bool taken = !step.rules.empty();
    Json at = location(lines, finding.file, taken ? step.line : finding.line, taken ? step.column : finding.column,
                       taken ? step.rules.front() : finding.pointer);
    at["message"] = {{"text", text}};
    steps.push_back({{"location", std::move(at)}});
  }
  return {{"threadFlows", Json::array({{{"locations", std::move(steps)}}})}};
}

Json result(Lines& lines, const WorkflowFinding& finding, std::size_t rule_index) {
  const std::string unproved = finding.severity == "unproved" ? "Not proved: " : "";
  Json json = {{"ruleId", finding.rule},
               {"ruleIndex", rule_index},
               {"level", finding.severity == "warning" ? "warning" : "error"},
               {"message", {{"text", unproved + finding.message + ". " + finding.mend}}},
               {"locations", Json::array({location(lines, finding.file, finding.line, finding.column, finding.pointer)})}};
  if (!finding.path.empty()) json["codeFlows"] = Json::array({code_flow(lines, finding)});
  return json;
}

}  // namespace

Json sarif(const std::vector<WorkflowFinding>& findings) {
  std::set<std::string> ids;
  for (const WorkflowFinding& finding : findings) ids.insert(finding.rule);
  Json rules = Json::array();
  for (const std::string& id : ids) rules.push_back({{"id", id}});
  Lines lines;
  Json results = Json::array();
  for (const WorkflowFinding& finding : findings)
    results.push_back(result(lines, finding, static_cast<std::size_t>(std::distance(ids.begin(), ids.find(finding.rule)))));
  const Json driver = {{"name", "redress"}, {"version", REDRESS_VERSION}, {"rules", std::move(rules)}};
  const Json run = {{"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
}

}  // namespace redress::cli
