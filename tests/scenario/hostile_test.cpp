// Files that are too long, no text at all, or never end: refused or bounded, with the place and the reason.
#include "scenario/rehearsal.hpp"

namespace redress::rehearsal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const std::string post = "post P1 \"they charged me twice\"\n";
const std::string whole = post + "expect case active\n";

std::string times(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(HostileScenario, OfTenMegabytesIsRefused) {
  EXPECT_THAT(findings("post P1 \"" + std::string(10'000'000, 'x') + "\"\n"),
              ElementsAre(HasSubstr("1:1 the file is longer than 1048576 bytes")));
  EXPECT_THAT(findings(times(1'000'000, "x\n")), ElementsAre(HasSubstr("the file is longer than")));
}

TEST(HostileScenario, OfAMillionEmptyLinesIsRead) { EXPECT_EQ(first_wrong(std::string(1'000'000, '\n') + whole), ""); }

TEST(HostileScenario, WithALongLineSaysWhere) {
  EXPECT_THAT(findings(whole + "post P2 \"" + std::string(100'000, 'x') + "\"\n"),
              ElementsAre(HasSubstr("3:1 this line is longer than 65536 bytes")));
}

TEST(HostileScenario, WithManyStatementsOrScenariosIsRefused) {
  EXPECT_THAT(findings(post + times(20'001, "expect case active\n")),
              ElementsAre(HasSubstr("20001:1 the file has more than 20000 lines")));
  EXPECT_THAT(findings(times(1'001, "scenario A\n" + whole)),
              ElementsAre(HasSubstr("3001:1 the file has more than 1000 scenarios")));
}

TEST(HostileScenario, WithManySlipsTellsSome) {
  const auto all = findings(times(5'000, "pst\n"));
  ASSERT_THAT(all, SizeIs(20));
  EXPECT_THAT(all.back(), HasSubstr("(And 4980 findings more in this file.)"));
}

TEST(HostileScenario, ThatIsNoTextSaysWhere) {
  EXPECT_THAT(findings(whole + std::string("tick \0+1h\n", 10)), ElementsAre(HasSubstr("3:6 here stands a control character")));
  EXPECT_THAT(findings(whole + "post P2 \"\xff\"\n"), ElementsAre(HasSubstr("3:10 here stand bytes that are not UTF-8")));
  EXPECT_THAT(findings(whole + "post P2 \"\\ud800\"\n"), ElementsAre(HasSubstr("3:9 this text cannot be read")));
}

TEST(HostileScenario, WithDeepJsonIsRefused) {
  EXPECT_THAT(findings(whole + "department identify done " + times(1'000, "{\"a\":") + "1" + std::string(1'000, '}') + "\n"),
              ElementsAre(HasSubstr("3:")));
}

TEST(HostileScenario, CannotMakeTimeRunForEver) {
  EXPECT_THAT(findings(whole + "tick +99999999999999999999h\n"), ElementsAre(HasSubstr("3:6")));
  EXPECT_THAT(findings(whole + "tick +11000000h\n"), ElementsAre(HasSubstr("3:6")));
  EXPECT_THAT(findings(whole + "tick +1h1\n"), ElementsAre(HasSubstr("3:6")));
  EXPECT_THAT(first_wrong(post + "tick to 9999-01-01T00:00:00Z\nexpect case active\n"), HasSubstr("a time within ten years"));
  EXPECT_EQ(first_wrong(post + "tick +365d\nexpect commitment identify overdue\n"), "");
}

TEST(HostileScenario, WhoseAnswersNeverEndIsBounded) {
  EXPECT_EQ(first_wrong("department identify retry always\n" + post + "tick +30d\nexpect commitment identify failed\n"), "");
}

// Every beginning of a good file is read without harm: it holds, or says what is wrong.
TEST(HostileScenario, ThatEndsAnywhereIsReadToItsEnd) {
  const std::string text = refunding + refund_done + "expect case resolved, reply refunded published says \"R-1\", no task\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const NamedText file{"t.scenario", text.substr(0, size)};
    ScenarioOptions nothing = options();
    nothing.load_workflow = [](const auto&, const auto&) -> Result<NamedText> { return {Code::invalid, "none"}; };
    EXPECT_FALSE(run_scenarios({&file, 1}, nothing).findings.empty()) << size;
  }
}

}  // namespace
}  // namespace redress::rehearsal
