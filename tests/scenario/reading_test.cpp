// What a scenario file may say: each slip is told with its place and its mend, all at once.
#include "scenario/rehearsal.hpp"

namespace redress::rehearsal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string post = "post P1 \"they charged me twice\"\n";

TEST(ScenarioText, TellsEachSlipWithItsPlaceAndTheWordThatWasMeant) {
  EXPECT_THAT(
      findings("pst P1 \"x\"\n" + post +
               "tick 5h\n"
               "department identify dne\n"
               "expect case P1 identifying, comitment identify in_progress\n"
               "expect reply acknowledge publishd\n"),
      ElementsAre("1:1 here 'pst' stands where the first word of a line must stand|Did you mean 'post'?",
                  "3:6 here '5h' stands where how long must stand|Write a sign, numbers and units (w, d, h, m, s, ms), as +4h "
                  "or +1d12h; at most ten years.",
                  "4:21 here 'dne' stands where an answer must stand|Did you mean 'done'?",
                  "5:29 here 'comitment' stands where what is expected must stand|Did you mean 'commitment'?",
                  "6:26 here 'publishd' stands where a state of a reply must stand|Did you mean 'published'?"));
}

TEST(ScenarioText, KnowsTheNamesOfTheWorkflow) {
  EXPECT_THAT(findings("person carl with role community\n" + post +
                       "department identfy done\n"
                       "act carl manual.identifed\n"
                       "expect case checkng, commitment refnd failed, reply refunded_ published\n"),
              ElementsAre("3:12 the workflow has no commitment 'identfy'|Did you mean 'identify'?",
                          "4:10 the workflow has no act 'manual.identifed'|Did you mean 'manual.identified'?",
                          "5:13 the workflow has no state 'checkng'|Did you mean 'checking'?",
                          "5:33 the workflow has no commitment 'refnd'|Did you mean 'refund'?",
                          "5:53 the workflow has no reply 'refunded_'|Did you mean 'refunded'?"));
}

TEST(ScenarioText, KnowsWhoAndWhichPostCameBefore) {
  EXPECT_THAT(findings("person ana with role community\n" + post + post +
                       "post P2 \"x\" in P3\nact anna approve refund\nexpect case active\n"),
              ElementsAre(HasSubstr("3:6 a post 'P1' came before|Give this one another name; edit P1"),
                          HasSubstr("4:16 no post 'P3' came before|Did you mean 'P1'?"),
                          HasSubstr("5:5 nobody is called 'anna'|Did you mean 'ana'?")));
}

TEST(ScenarioText, PointsIntoTheJsonThatIsBroken) {
  EXPECT_THAT(findings(post + "department identify done {\"account\":\n  \"A-1\",, \"x\": 1}\nexpect case active\n"),
              ElementsAre(HasSubstr("3:9 in this JSON")));
  EXPECT_THAT(findings(post + "department identify done {\"account\": \"A-1\"\nexpect case active\n"),
              ElementsAre("2:26 this JSON object has no end|Close it with }; lines that it goes on in begin with a space."));
  EXPECT_THAT(findings("post P1 \"they\n"), ElementsAre(HasSubstr("1:9 this text has no end")));
}

TEST(ScenarioText, SaysOfAnIndentedLineThatItBelongsToTheOneAbove) {
  EXPECT_THAT(findings(post + "  expect case active\nexpect case active\n"),
              ElementsAre(HasSubstr("(An indented line goes on with the line above it.)")));
  EXPECT_THAT(findings("  " + post),
              testing::Contains(HasSubstr("1:3 an indented line goes on with the line above it, and there is none")));
}

TEST(ScenarioText, MustExpectSomething) {
  EXPECT_THAT(findings("scenario A\n" + post), ElementsAre(HasSubstr("1:1 this scenario expects nothing, so it cannot fail")));
  EXPECT_THAT(findings("# nothing\n"), ElementsAre(HasSubstr("1:1 the file has no scenario")));
}

TEST(ScenarioText, NamesAWorkflowThatIsThereAndPassesTheCheck) {
  EXPECT_THAT(findings("workflow nowhere.json\n" + post + "expect case active\n"),
              ElementsAre(HasSubstr("2:1 nowhere.json is not there")));
  const NamedText file{"t.scenario", post + "expect case active\n"};
  ScenarioOptions broken = options();
  broken.load_workflow = [](const auto&, const auto&) -> Result<NamedText> {
    return NamedText{"w.json", "{\n  \"redress\": 2 }"};
  };
  const ScenarioReport report = run_scenarios({&file, 1}, broken);
  ASSERT_THAT(report.findings, testing::Not(IsEmpty()));
  EXPECT_EQ(report.findings.front().file, "w.json");
  EXPECT_THAT(report.results, IsEmpty());
}

TEST(ScenarioText, OfOneFileThatIsBrokenLeavesTheOthersToBePlayed) {
  const std::vector<NamedText> files{{"a.scenario", "pst\n"}, {"b.scenario", post + "expect case active\n"}};
  const ScenarioReport report = run_scenarios(files, options());
  EXPECT_THAT(report.findings, SizeIs(1));
  ASSERT_THAT(report.results, SizeIs(1));
  EXPECT_FALSE(report.results.front().failure);
}

TEST(ScenarioText, IsNamedByItsFirstCommentWhereItHasNoLineOfItsOwn) {
  EXPECT_EQ(play("# A name.\n" + post + "expect case active\n").results.front().name, "A name.");
  EXPECT_EQ(play(post + "expect case active\n").results.front().name, "t.scenario");
  EXPECT_EQ(play("scenario B, of \"all\" # things\n" + post + "expect case active\n").results.front().name,
            "B, of \"all\" # things");
}

TEST(ScenarioText, MayHaveCommentsWindowsLineEndsAndContinuedLines) {
  EXPECT_EQ(
      first_wrong("# c\r\n\r\npost P1 \"they charged me twice # or\" # c\r\n  on x\r\n# c\r\nexpect case # c\r\n\tactive,\r\n"
                  "  commitment identify in_progress\r\n"),
      "");
}

TEST(ScenarioText, TellsSettingsThatComeTooLate) {
  EXPECT_THAT(findings(post + "person carl with role community\nexpect case active\n"),
              ElementsAre(HasSubstr("2:1 what a scenario stands on comes before its first step")));
}

}  // namespace
}  // namespace redress::rehearsal
