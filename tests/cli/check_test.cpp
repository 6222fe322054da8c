// redress check: findings as one line each, or as JSON; status 1 when there is an error.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

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

TEST(Check, PrintsFileLineAndColumnFirst) {
  const Workspace w;
  w.write("bad.json", "{ \"redress\": 1,\n  \"redress\": 1 }\n");
  const Finished done = w.redress({"check", "--plugins", REDRESS_PLUGINS, "bad.json"});
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.out.substr(0, done.out.find('\n')), MatchesRegex("bad\\.json:[0-9]+:[0-9]+: .*\\(.*\\)\\..*"));
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

TEST(Check, AFileThatIsNotThereIsAUsageError) {
  const Workspace w;
  const Finished done = w.redress({"check", "nowhere.json"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("nowhere.json"));
}

}  // namespace
}  // namespace redress::test
