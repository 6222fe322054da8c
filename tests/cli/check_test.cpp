// redress check: findings as one line each, or as JSON; status 1 when there is an error.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/schema.hpp"
#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

const std::string shipped = REDRESS_SOURCE "/workflows/billing-overcharge.json";

TEST(Check, TheShippedWorkflowIsInOrder) {
  const Workspace w;
  const Finished done = w.redress({"check", "--plugins", REDRESS_PLUGINS, shipped});
  EXPECT_EQ(done.status, 0) << done.out << done.err;
}

TEST(Check, FindsThePluginsBesideTheProgram) {
  const Workspace w;
  EXPECT_EQ(w.redress({"check", shipped}).status, 0);
}

TEST(Check, NamesTheDepartmentThatNoPluginProvides) {
  const Workspace w;
  const Finished done = w.redress({"check", "--plugins", ".", shipped});
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.out, HasSubstr("billing"));
}

TEST(Check, PrintsFileLineAndColumnFirstAndThenThePlaceIfItIsNotTheWholeFile) {
  const Workspace w;
  w.write("bad.json", "{ \"redress\": 1,\n  \"redress\": 1 }\n");
  const Finished done = w.redress({"check", "--plugins", REDRESS_PLUGINS, "bad.json"});
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.out, HasSubstr("bad.json:1:1: a workflow needs 'id'. Add \"id\".\n"));
  EXPECT_THAT(done.out, HasSubstr("bad.json:2:3: the key 'redress' is there twice (/redress)."));
}

TEST(Check, GivesFindingsOfAllFilesAsOneJsonArray) {
  const Workspace w;
  w.write("one.json", "{}");
  w.write("two.json", "[]");
  const Finished done = w.redress({"check", "--format", "json", "--plugins", REDRESS_PLUGINS, "one.json", "two.json"});
  EXPECT_EQ(done.status, 1);
  const auto findings = nlohmann::json::parse(done.out);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.front()["file"], "one.json");
  EXPECT_EQ(findings.back()["file"], "two.json");
  for (const char* member : {"line", "column", "pointer", "rule", "severity", "message", "mend", "path"})
    EXPECT_TRUE(findings.front().contains(member)) << member;
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A refund that is told though it failed.
std::string told_too_soon() {
  std::string text = file_text(shipped);
  const std::string from = R"("refund.failed":    { "target": "reviewing" })";
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(),
                      R"("refund.failed":    { "target": "resolved", "actions": [ { "reply": "refunded" } ] })");
}

TEST(Check, ShowsThePathThatBreaksAClaim) {
  const Workspace w;
  w.write("soon.json", told_too_soon());
  const Finished done = w.redress({"check", "--plugins", REDRESS_PLUGINS, "soon.json"});
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(
      done.out,
      HasSubstr("the reply 'refunded' says that 'refund' is fulfilled (its text shows that), and here it can be failed"));
  EXPECT_THAT(done.out, HasSubstr("  1. case.opened -> identifying\n"
                                  "  2. identify.fulfilled -> checking\n"
                                  "  3. charge_check.fulfilled -> refunding\n"
                                  "  4. refund.failed -> resolved\n"));
}

TEST(Check, GivesThePathAsJsonWithThePlaceOfEachRule) {
  const Workspace w;
  w.write("soon.json", told_too_soon());
  const auto found = nlohmann::json::parse(w.redress({"check", "--json", "--plugins", REDRESS_PLUGINS, "soon.json"}).out);
  ASSERT_EQ(found.size(), 1u);
  const auto& path = found[0]["path"];
  ASSERT_EQ(path.size(), 4u);
  EXPECT_EQ(path[3]["event"], "refund.failed");
  EXPECT_EQ(path[3]["configuration"], nlohmann::json::array({"resolved"}));
  EXPECT_EQ(path[3]["rules"], nlohmann::json::array({"/states/refunding/on/refund.failed"}));
  EXPECT_EQ(path[3]["line"], found[0]["line"]);
}

TEST(Check, WritesSarifThatIsValidByItsSchema) {
  const Workspace w;
  w.write("two words.json", told_too_soon());
  w.write("broken.json", "{");
  const Finished done =
      w.redress({"check", "--format", "sarif", "--plugins", REDRESS_PLUGINS, "two words.json", "broken.json", shipped});
  EXPECT_EQ(done.status, 1);
  const auto log = Json::parse(done.out);
  const auto schema = Json::parse(file_text(REDRESS_SOURCE "/tests/cli/sarif.schema.json"));
  ASSERT_TRUE(base::check_schema(schema).empty()) << base::check_schema(schema).front().message;
  for (const auto& wrong : base::validate(schema, log)) ADD_FAILURE() << wrong.pointer << ": " << wrong.message;
  const auto& run = log["runs"][0];
  ASSERT_EQ(run["results"].size(), 2u);
  for (const auto& result : run["results"])
    EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
  const auto& told = run["results"][0];
  EXPECT_EQ(told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "two%20words.json");
  EXPECT_EQ(told["codeFlows"][0]["threadFlows"][0]["locations"].size(), 4u);
  EXPECT_FALSE(run["results"][1].contains("codeFlows"));
}

TEST(Check, CountsSarifColumnsInCodePoints) {
  const Workspace w;
  w.write("f.json", "{ \"título\": 1, \"x\": 2, \"x\": 3 }");
  const auto column = [&](const std::string& format) {
    const auto json =
        nlohmann::json::parse(w.redress({"check", "--format", format, "--plugins", REDRESS_PLUGINS, "f.json"}).out);
    if (format == "json") {
      for (const auto& finding : json)
        if (finding["rule"] == "duplicate_key") return finding["column"].get<int>();
    } else {
      for (const auto& result : json["runs"][0]["results"])
        if (result["ruleId"] == "duplicate_key")
          return result["locations"][0]["physicalLocation"]["region"]["startColumn"].get<int>();
    }
    return 0;
  };
  EXPECT_EQ(column("json"), 25);  // In bytes.
  EXPECT_EQ(column("sarif"), 24);
}

TEST(Check, WritesSarifWithoutResultsWhereAllIsInOrder) {
  const Workspace w;
  const auto log = nlohmann::json::parse(w.redress({"check", "--format", "sarif", "--plugins", REDRESS_PLUGINS, shipped}).out);
  EXPECT_EQ(log["runs"][0]["results"], nlohmann::json::array());
}

TEST(Diagram, DrawsAWorkflowAndMarksTheWayToAFinding) {
  const Workspace w;
  w.write("soon.json", told_too_soon());
  const auto drawn = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"diagram", "soon.json", "--plugins", REDRESS_PLUGINS});
    return w.redress(more);
  };
  EXPECT_THAT(drawn({}).out, testing::StartsWith("<svg "));
  EXPECT_THAT(drawn({"--format", "mermaid"}).out, HasSubstr("stateDiagram-v2"));
  EXPECT_EQ(drawn({"--finding", "1", "--output", "soon.svg"}).status, 0);
  EXPECT_THAT(w.read("soon.svg"), HasSubstr("class=\"event marked\""));
  const Finished none = drawn({"--finding", "2"});
  EXPECT_EQ(none.status, 4);
  EXPECT_THAT(none.err, HasSubstr("gives 1 finding with a way to it: there is no 2"));
  w.write("bad.json", "{}");
  EXPECT_EQ(w.redress({"diagram", "bad.json", "--plugins", REDRESS_PLUGINS}).status, 1);
}

TEST(Check, AFileThatIsNotThereIsAUsageError) {
  const Workspace w;
  const Finished done = w.redress({"check", "nowhere.json"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("nowhere.json"));
}

}  // namespace
}  // namespace redress::test
