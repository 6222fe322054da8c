// `why`: one wait for each thing that will move a case, with who can act and how; and the rules of its history.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reading/hand_made.hpp"

namespace redress::reading_tests {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(Why, NamesTheCaseThatIsNotThere) {
  HandMade made;
  const auto text = explain_case(*made.store, "C-000404");
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, Code::not_found);
  EXPECT_EQ(text.error().message, "no case 'C-000404'; redress case list shows those that are there");
}

TEST(Why, GivesStateAndHistoryOfACaseThatWaitsForNothing) {
  HandMade made;
  const Json why = made.explained();
  EXPECT_EQ(why["reference"], "C-000001");
  EXPECT_EQ(why["state"], "active");
  EXPECT_EQ(why["configuration"], Json::array({"checking"}));
  EXPECT_THAT(made.waits(), IsEmpty());
  EXPECT_EQ(why["history"][0], Json::parse(R"({"seq":1,"at":"2017-10-08T23:00:00Z","event":"post.opened","what":{"by":"hand"},
      "rules":[{"event":"post.opened","rule":"/intake","taken":true}],"ignored":[]})"));
}

TEST(Why, ResolvesTheLinesThatAreKeptApartAndForgetsErasedOnes) {
  HandMade made;
  const std::string kept = made.one.text("post.text == 'mine' is false");
  const std::string erased(64, 'e');
  made.one.record("customer.replied", start_ms,
                  R"([{"taken":false,"why":")" + kept + R"("},{"taken":false,"why":")" + erased +
                      R"("},{"taken":false,"why":"0 > 0 is false"}])");
  const Json rules = made.explained()["history"][1]["rules"];
  EXPECT_EQ(rules[0]["why"], "post.text == 'mine' is false");
  EXPECT_TRUE(rules[1]["why"].is_null());
  EXPECT_EQ(rules[2]["why"], "0 > 0 is false");
}

TEST(Why, ShowsTheLatestFiftyStepsOldestFirst) {
  HandMade made;
  for (int i = 0; i < 60; ++i) made.one.record("post.joined", start_ms + i);
  const Json why = made.explained();
  ASSERT_THAT(why["history"], SizeIs(50));
  EXPECT_EQ(why["history"][0]["seq"], 12);
  EXPECT_EQ(why["history"][49]["seq"], 61);
}

TEST(Why, OffersRetryAndSkipOfACaseThatIsSetAside) {
  HandMade made;
  made.one.now.row.set_aside = 1;
  made.one.now.row.set_aside_reason = made.one.text("a guard failed");
  made.add_task("case:set_aside", "owner", "the case is set aside");
  made.one.record("effect.answered", start_ms);
  ASSERT_THAT(made.waits(), SizeIs(1));
  EXPECT_EQ(made.waits()[0], Json::parse(R"({"what":"the case is set aside: a guard failed","until":null,"who":"owner",
      "act":"redress case retry|skip C-000001 --as NAME","http":{"method":"POST","path":"/v1/cases/C-000001/retry","body":{}},
      "act_role":"owner","form":null,"acts":[
        {"act":"redress case retry|skip C-000001 --as NAME","http":{"method":"POST","path":"/v1/cases/C-000001/retry","body":{}},
         "act_role":"owner","form":null},
        {"act":"redress case skip C-000001 --as NAME","http":{"method":"POST","path":"/v1/cases/C-000001/skip","body":{}},
         "act_role":"owner","form":null}]})"));
}

TEST(Why, OffersTheApprovalOfACommitment) {
  HandMade made;
  made.add_commitment("check", CommitmentState::awaiting_approval).approval_role = "supervisor";
  made.one.record("effect.answered", start_ms);
  const Json wait = made.wait_that("commitment check (1) awaits an approval");
  EXPECT_EQ(wait["who"], "supervisor");
  EXPECT_EQ(wait["act"], "redress approve 1 --approve|--refuse --as NAME");
  EXPECT_EQ(wait["http"], Json::parse(R"({"method":"POST","path":"/v1/commitments/1/approval","body":{},
      "choices":{"approve":[true,false]}})"));
}

TEST(Why, SaysATaskAndItsSubjectOnce) {
  HandMade made;
  made.add_commitment("check", CommitmentState::awaiting_approval).approval_role = "supervisor";
  made.add_task("commitment:1", "lead", "approve check").due_at_ms = start_ms + minute;
  made.one.record("effect.answered", start_ms);
  ASSERT_THAT(made.waits(), SizeIs(1));
  EXPECT_EQ(made.waits()[0]["who"], "lead");
  EXPECT_EQ(made.waits()[0]["act_role"], "supervisor");
  EXPECT_EQ(made.waits()[0]["until"], "2017-10-08T23:01:00Z");
}

TEST(Why, OffersTheReviewOfAReply) {
  HandMade made;
  made.add_reply("offered", ReplyState::awaiting_review, "we offer").review_role = "community";
  made.add_timer("review:1", start_ms + 60 * minute);
  made.one.record("effect.answered", start_ms);
  const Json wait = made.wait_that("reply offered (1) awaits a review");
  EXPECT_EQ(wait["who"], "community");
  EXPECT_EQ(wait["text"], "we offer");
  EXPECT_EQ(made.explained()["post"], "they charged me twice");
  EXPECT_EQ(wait["act"], "redress review 1 --approve|--refuse --as NAME");
  EXPECT_EQ(made.wait_that("the review of reply offered (1) is late")["until"], "2017-10-09T00:00:00Z");
}

TEST(Why, OffersToSettleABlockedReply) {
  HandMade made;
  made.add_reply("offered", ReplyState::blocked, "we offer");
  made.add_task("reply:1", "owner", "offered is blocked");
  made.one.record("effect.answered", start_ms);
  const Json wait = made.wait_that("offered is blocked");
  EXPECT_EQ(wait["act"], "redress settle 1 --again|--waive REASON --as NAME");
  EXPECT_EQ(wait["acts"][0]["http"]["body"], Json::parse(R"({"settle":"again"})"));
  EXPECT_EQ(wait["acts"][1]["act"], "redress settle 1 --waive REASON --as NAME");
  EXPECT_EQ(wait["acts"][1]["http"], Json::parse(R"({"method":"POST","path":"/v1/replies/1/settlement",
      "body":{"settle":"waived"},"needs":["reason"]})"));
  EXPECT_EQ(wait["act_role"], "owner");
}

TEST(Why, OffersOnlyToWaiveAReplyOfAnEarlierEpisode) {
  HandMade made;
  made.add_reply("offered", ReplyState::failed, "we offer");
  made.add_task("reply:1", "owner", "offered failed");
  made.one.now.row.episode = 2;
  made.one.record("customer.replied", start_ms);
  EXPECT_EQ(made.wait_that("offered failed")["act"], "redress settle 1 --waive REASON --as NAME");
}

TEST(Why, DoesNotOfferToDraftAnewWhatMayBePublic) {
  HandMade made;
  made.add_reply("offered", ReplyState::unknown, "we offer");
  made.add_task("reply:1", "owner", "offered is unknown");
  made.one.record("effect.lost", start_ms);
  const Json wait = made.wait_that("offered is unknown");
  EXPECT_EQ(wait["act"], "redress settle 1 --published|--waive REASON --as NAME");
  EXPECT_EQ(wait["http"]["body"], Json::parse(R"({"settle":"published"})"));
}

TEST(Why, OffersAnActiveStatesManualActsWithTheirForms) {
  HandMade made;
  made.one.now.row.configuration = R"(["asking.inner"])";
  made.one.record("timer.after:checking:0", start_ms);
  const Json identified = made.wait_that("a person may do manual.identified in state asking");
  EXPECT_EQ(identified["who"], "community");
  EXPECT_EQ(identified["act"], R"(redress event C-000001 manual.identified --form '{"account":"..."}' --as NAME)");
  EXPECT_EQ(identified["form"]["required"], Json::array({"account"}));
  EXPECT_EQ(identified["http"], Json::parse(R"({"method":"POST","path":"/v1/cases/C-000001/events",
      "body":{"event":"manual.identified"},"needs":["form"]})"));
  EXPECT_EQ(made.wait_that("a person may do manual.ask_again")["act"], "redress event C-000001 manual.ask_again --as NAME");
}

TEST(Why, GivesAStatesTaskEachOfItsActsTheTasksRoleFirst) {
  HandMade made;
  made.one.now.row.configuration = R"(["asking"])";
  made.add_task("state:asking", "lead", "who is it?");
  made.one.record("timer.after:checking:0", start_ms);
  ASSERT_THAT(made.waits(), SizeIs(1));
  EXPECT_EQ(made.waits()[0]["act"], "redress event C-000001 manual.ask_again --as NAME");
  EXPECT_THAT(made.waits()[0]["acts"], SizeIs(2));
}

TEST(Why, SaysWhenAPlannedEffectIsTriedNext) {
  HandMade made;
  made.add_commitment("check", CommitmentState::requested);
  EffectRow& effect = made.add_effect("perform", 1, EffectState::planned, start_ms + minute);
  effect.attempt = 1;
  effect.reason = made.one.text("the ledger is closed");
  made.one.record("effect.answered", start_ms);
  const Json wait = made.wait_that("perform commitment check (1) is planned, attempt 2");
  EXPECT_EQ(wait["until"], "2017-10-08T23:01:00Z");
  EXPECT_EQ(wait["who"], "billing");
  EXPECT_EQ(wait["reason"], "the ledger is closed");
  EXPECT_TRUE(wait["act"].is_null());
}

TEST(Why, SaysWhatADepartmentTookOnAndPromised) {
  HandMade made;
  made.add_commitment("check", CommitmentState::in_progress).promised_at_ms = start_ms + 30 * minute;
  made.add_effect("perform", 1, EffectState::waiting, 0);
  made.one.record("effect.answered", start_ms);
  const Json wait = made.wait_that("perform commitment check (1) was taken on; waits for a report or a person");
  EXPECT_EQ(wait["promised_at"], "2017-10-08T23:30:00Z");
}

TEST(Why, TellsACallInFlightFromOneThatIsLookedUp) {
  HandMade made;
  made.add_commitment("check", CommitmentState::attempting);
  made.add_commitment("second", CommitmentState::attempting);
  made.add_effect("perform", 1, EffectState::attempting, 0).attempt = 1;
  made.add_effect("perform", 2, EffectState::unknown, start_ms + minute).attempt = 1;
  made.one.record("effect.attempting", start_ms);
  EXPECT_FALSE(made.wait_that("perform commitment check (1) is being called, attempt 1").is_null());
  EXPECT_FALSE(made.wait_that("perform commitment second (2) has an unknown outcome; is looked up again").is_null());
}

TEST(Why, LeavesOutEffectsThatAreOver) {
  HandMade made;
  made.add_commitment("check", CommitmentState::declined);
  made.add_effect("perform", 1, EffectState::declined, 0);
  made.one.record("effect.answered", start_ms);
  EXPECT_THAT(made.waits(), IsEmpty());
}

TEST(Why, SaysThatAnApprovedReplyHasNoChannel) {
  HandMade made;
  made.add_reply("offered", ReplyState::approved, "we offer");
  made.add_effect("publish", 1, EffectState::planned, 0);
  made.one.record("effect.answered", start_ms);
  ASSERT_THAT(made.waits(), SizeIs(1));
  EXPECT_EQ(made.waits()[0]["what"], "reply offered (1) is approved, and no channel publishes it; start the engine with one");
}

TEST(Why, NamesTheChannelForAReplyThatIsPlanned) {
  HandMade made;
  made.add_reply("offered", ReplyState::approved, "we offer");
  made.add_effect("publish", 1, EffectState::planned, start_ms);
  made.one.record("effect.answered", start_ms);
  ASSERT_THAT(made.waits(), SizeIs(1));
  EXPECT_EQ(made.waits()[0]["what"], "publish reply offered (1) is planned, attempt 1; an engine with a channel does it");
  EXPECT_EQ(made.waits()[0]["who"], "channel");
}

TEST(Why, ListsTimersByDueTimeInWords) {
  HandMade made;
  made.add_commitment("check", CommitmentState::requested);
  made.add_timer("after:checking:1", start_ms + 9 * minute);
  for (const char* name : {"due_risk:1", "due:1", "first_reply:risk", "first_reply:breach", "resolution:breach", "close"})
    made.add_timer(name, start_ms + 8 * minute);
  made.add_timer("after:gone:3", start_ms + 7 * minute);
  made.one.record("effect.answered", start_ms);
  std::vector<std::string> what;
  for (const Json& wait : made.waits()) what.push_back(wait["what"]);
  EXPECT_THAT(what, testing::ElementsAre("state gone is left in time", "commitment check (1) is at risk",
                                         "commitment check (1) is overdue", "the deadline first_reply is at risk",
                                         "the deadline first_reply is breached", "the deadline resolution is breached",
                                         "the case closes", "state checking is left after P5D"));
}

TEST(Why, DoesWithoutAWorkflowThatIsNotThere) {
  HandMade made;
  made.one.now.row.workflow_hash = "gone";
  made.one.now.row.configuration = R"(["asking"])";
  made.one.record("effect.answered", start_ms);
  EXPECT_THAT(made.waits(), IsEmpty());
}

}  // namespace
}  // namespace redress::reading_tests
