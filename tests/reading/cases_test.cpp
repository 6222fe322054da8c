// Lists of cases, and one case whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reading/hand_made.hpp"
#include "reading/rows.hpp"

namespace redress::reading_tests {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(CaseList, GivesEachCaseWithWhatItWaitsFor) {
  HandMade made;
  made.add_timer("close", start_ms + minute);
  made.one.record("effect.answered", start_ms);
  const auto lines = list_cases(*made.store, 0, 10);
  ASSERT_THAT(*lines, SizeIs(1));
  const Json one = Json::parse(lines->front());
  EXPECT_EQ(one["id"], 1);
  EXPECT_EQ(one["reference"], "C-000001");
  EXPECT_EQ(one["waits_for"][0]["what"], "the case closes");
  EXPECT_THAT(*list_cases(*made.store, 1, 10), IsEmpty());
}

TEST(CaseList, NamesThePriorCaseByItsReference) {
  HandMade made;
  HandMadeCase two(made.store, 2, "C-000002");
  two.now.row.prior_case = 1;
  two.record("post.opened", start_ms);
  EXPECT_EQ(Json::parse(list_cases(*made.store, 1, 10)->front())["prior_case"], "C-000001");
}

TEST(CaseShow, GivesTheCaseWhole) {
  HandMade made;
  made.one.now.row.data = made.one.text(R"({"account":"12"})");
  made.add_commitment("check", CommitmentState::requested);
  made.add_effect("perform", 1, EffectState::planned, start_ms);
  made.add_reply("offered", ReplyState::blocked, "we offer");
  made.add_timer("due:1", start_ms + minute);
  made.add_task("reply:1", "owner", "offered is blocked");
  made.one.record("effect.answered", start_ms);
  const Json one = Json::parse(*show_case(*made.store, "C-000001"));
  EXPECT_EQ(one["data"], Json::parse(R"({"account":"12"})"));
  EXPECT_EQ(one["posts"][0]["text"], "they charged me twice");
  EXPECT_EQ(one["posts"][0]["author"], Json::parse(R"({"handle":"ana"})"));
  EXPECT_EQ(one["commitments"][0]["name"], "check");
  EXPECT_EQ(one["replies"][0]["text"], "we offer");
  EXPECT_EQ(one["effects"][0]["verb"], "perform");
  EXPECT_EQ(one["timers"][0]["name"], "due:1");
  EXPECT_EQ(one["tasks"][0]["subject"], "reply:1");
  EXPECT_THAT(one["waits_for"], SizeIs(3));
}

TEST(CaseShow, FailsWhereThereIsNoSuchCase) {
  HandMade made;
  EXPECT_EQ(show_case(*made.store, "nobody").error().code, Code::not_found);
}

TEST(CommitmentAsJson, NamesAMemberWhoseCommitmentIsMissing) {
  CaseRecord record;
  record.row.reference = "C-000001";
  const MemberRow member = {.id = 9, .case_id = 1, .commitment_id = 77, .name = "check", .instance = 1, .episode = 1};
  const auto json = reading::commitment_json(record, member);
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(json.error().code, Code::corrupt);
  EXPECT_EQ(json.error().message, "case C-000001: member check names commitment 77, which is not there; run redress audit");
}

}  // namespace
}  // namespace redress::reading_tests
