// What the lines of a scenario do.
#include "scenario/rehearsal.hpp"

namespace redress::rehearsal {
namespace {

using testing::HasSubstr;

const std::string post = "post P1 \"they charged me twice\" on x\n";

TEST(Department, ThatNobodySpeaksOfWaits) {
  EXPECT_EQ(first_wrong(post + "tick +4m\nexpect commitment identify in_progress accepted attempts 1\n"), "");
}

TEST(Department, AnswersTheNextCallAsTheScriptSaysBefore) {
  EXPECT_EQ(first_wrong("department identify done {\"account\": \"A-7\"}\n" + post +
                        "expect case checking data {\"account\": \"A-7\"}, no reply ask, event identify.fulfilled\n"),
            "");
}

TEST(Department, SpeaksAtOnceWhereItWasAsked) {
  EXPECT_EQ(first_wrong(post + "department identify failed \"gone\"\nexpect commitment identify failed reason \"gone\"\n"), "");
  EXPECT_EQ(first_wrong("department identify failed \"gone\"\n" + post + "expect commitment identify failed reason \"gone\"\n"),
            "");
}

TEST(Department, ChangesItsPromiseWhenItIsAskedAgain) {
  EXPECT_EQ(first_wrong("department identify waiting promising +9m\n" + post +
                        "expect commitment identify promised +9m\n"
                        "department identify waiting promising 2026-01-05T09:08:00Z\n"
                        "tick +2m\nexpect commitment identify promised +6m, event identify.progress\n"),
            "");
}

TEST(Department, RetriesAsOftenAsSaid) {
  EXPECT_EQ(
      first_wrong("department refund retry 2 \"busy\"\n" + refund_begins +
                  "tick +20s\nexpect commitment refund in_progress attempts 3\n" + refund_done + "expect case resolved\n"),
      "");
  EXPECT_EQ(
      first_wrong("department refund retry always\n" + refund_begins + "tick +1h\nexpect commitment refund state requested\n" +
                  refund_done + "tick +10m\nexpect case resolved\n"),
      "");
}

TEST(Department, RevokesOnlyWhatIsFulfilled) {
  EXPECT_EQ(first_wrong(refunding + refund_done + "department refund revoked\nexpect commitment refund revoked\n"), "");
  EXPECT_THAT(
      first_wrong(refunding + "department refund revoked\nexpect case active\n"),
      HasSubstr("9: expected commitment refund fulfilled, so that it can be revoked, there is commitment refund in_progress"));
}

TEST(Department, ThatAnswersWithEvidenceThatBreaksItsSchemaLeavesItUnknown) {
  EXPECT_EQ(
      first_wrong(refunding +
                  "department refund done {\"amount_minor\": 1}\nexpect commitment refund unknown, escalated billing-lead\n"),
      "");
}

TEST(Scenario, FailsWhereNobodyAskedForAnAnswer) {
  EXPECT_EQ(first_wrong(post + "department refund declined\nexpect case active\n"),
            "2: expected somebody asks for this answer, there is the scenario ends, and nobody asked");
  EXPECT_THAT(first_wrong("channel retry 3\n" + post + "expect case active\n"), HasSubstr("1: expected somebody asks"));
}

TEST(Scenario, EndsAtItsFirstFailureAndTheNextOneIsPlayed) {
  const auto report =
      play("scenario A\n" + post + "expect case checking\nexpect case asking\nscenario B\n" + post + "expect case active\n");
  ASSERT_THAT(report.results, testing::SizeIs(2));
  EXPECT_EQ(report.results[0].failure->line, 3);
  EXPECT_FALSE(report.results[1].failure);
}

TEST(Scenario, StandsAloneWithWhatTheFileSaysForAll) {
  EXPECT_EQ(first_wrong("person carl with role community\nstart 2027-05-01T00:00:00Z\n"
                        "scenario A\n" +
                        post +
                        "expect case active, commitment identify due 2027-05-01T00:10:00Z\n"
                        "scenario B\nstart 2027-06-01T00:00:00Z\nperson lea with role community-lead\n" +
                        post +
                        "expect case active, commitment identify due 2027-06-01T00:10:00Z\n"
                        "expect refused act lea approve identify\nexpect refused act carl approve identify\n"),
            "");
  EXPECT_THAT(findings("scenario A\nperson lea with role x\n" + post + "expect case active\nscenario B\n" + post +
                       "expect refused act lea approve identify\n"),
              testing::ElementsAre(HasSubstr("nobody is called 'lea'")));
}

TEST(Scenario, SpeaksOfTheCaseOfThePostThatWasNamedLast) {
  EXPECT_EQ(first_wrong(post + "post P2 \"I was charged twice, too\" on x from bob\n"
                               "department identify declined of P1\n"
                               "expect case P2 identifying, commitment identify in_progress\n"
                               "expect case P1 asking, commitment identify declined\n"
                               "expect commitment identify declined\n"),
            "");
}

TEST(Scenario, AnswersOnlyTheCaseThatItNames) {
  EXPECT_EQ(first_wrong("post P1 \"nobody charged me\" on x\npost P2 \"they charged me twice\" on x from bob\n"
                        "department charge_check declined of P2\n"
                        "department identify done {\"account\": \"A-1\"} of P1\n"
                        "expect case P1 checking\n"
                        "department identify done {\"account\": \"A-2\"} of P2\n"
                        "expect case P2 reviewing\nexpect case P1 checking\n"),
            "");
}

TEST(Scenario, SpeaksOfOneCaseInALine) {
  EXPECT_THAT(
      first_wrong(post + "post P2 \"they charged me twice\" on x from bob\nexpect case P2 identifying, case P1 checking\n"),
      HasSubstr("3: this line speaks of the case of P2 already"));
}

TEST(Posts, InAThreadAreByTheSameAuthorUnlessSaid) {
  EXPECT_EQ(first_wrong("department identify declined\n" + post +
                        "post P2 \"me too\" in P1 from bob\nexpect post P2 attached, case asking\n"
                        "post P3 \"here\" in P1\nexpect case answered\n"),
            "");
}

TEST(Posts, CanBeEdited) {
  EXPECT_EQ(first_wrong(post + "edit P1 \"they charged me three times\"\nexpect event post.edited, ignored post.edited\n"), "");
}

TEST(Posts, ThatArePrivateAreAnsweredInPrivate) {
  EXPECT_EQ(
      first_wrong("post P1 \"they charged me twice\" on x privately\nexpect reply acknowledge published privately to P1\n"),
      "");
}

TEST(Time, PassesToAnInstantOrADueTime) {
  EXPECT_EQ(first_wrong(post + "tick to due identify\nexpect commitment identify overdue due +0s\n"
                               "tick to 2026-01-05T10:00:00Z\nexpect commitment identify due -50m\n"),
            "");
  EXPECT_THAT(first_wrong(post + "tick to 2020-01-01T00:00:00Z\nexpect case active\n"),
              HasSubstr("2: expected a time to come, there is it is past"));
}

TEST(Channel, AnswersAsTheScriptSays) {
  EXPECT_EQ(first_wrong("channel declined \"no such thread\"\n" + post +
                        "expect reply acknowledge failed reason \"no such thread\"\n"),
            "");
  EXPECT_EQ(first_wrong("channel unknown\n" + post + "channel lookup done\ntick +5m\nexpect reply acknowledge published\n"),
            "");
  EXPECT_EQ(first_wrong("channel unknown\n" + post + "tick +1h\nexpect reply acknowledge unknown\n"), "");
}

TEST(People, ApproveDecideReviewSettleAndSpeak) {
  EXPECT_EQ(first_wrong(people + "channel declined \"gone\"\n" + refund_begins +
                        "expect reply acknowledge failed\n"
                        "act lea settle acknowledge waive \"told by telephone\"\n"
                        "expect reply acknowledge waived\n"
                        "act rita decide refund declined \"over the limit\"\n"
                        "expect case reviewing, commitment refund declined\n"
                        "act lea say \"We are still at it.\" claiming by_hand requested\n"
                        "expect reply said awaiting_review\n"
                        "expect refused act lea review said approve\n"),
            "");
}

TEST(People, WhoAreRefusedFailTheScenarioUnlessThatIsExpected) {
  EXPECT_THAT(first_wrong(refunding + "act carl decide refund declined\nexpect case active\n"),
              HasSubstr("9: expected carl can do this, there is refused: "));
  EXPECT_EQ(first_wrong(refunding + "expect refused act rita decide refund declined\n"),
            "9: expected the act is refused, there is it was done");
}

TEST(Rehearsal, GivesTheSameReportTwice) {
  const std::string text = refunding + "tick +20h\nexpect case asking, commitment refund failed\n";
  const auto one = play(text), two = play(text);
  ASSERT_TRUE(one.results.front().failure && two.results.front().failure);
  EXPECT_EQ(one.results.front().failure->found, two.results.front().failure->found);
  EXPECT_EQ(one.results.front().failure->explanation, two.results.front().failure->explanation);
}

}  // namespace
}  // namespace redress::rehearsal
