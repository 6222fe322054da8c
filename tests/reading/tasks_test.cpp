// People's task lists: the ids, command and form that an act needs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reading/hand_made.hpp"

namespace redress::reading_tests {
namespace {

using testing::SizeIs;

TEST(TaskList, GivesTheEvidenceSchemaOfACommitmentThatAPersonDecides) {
  HandMade made;
  made.add_commitment("check", CommitmentState::in_progress).input = made.one.text(R"({"account":"12"})");
  made.add_task("commitment:1", "billing", "check awaits a person").due_at_ms = start_ms + minute;
  made.one.record("effect.answered", start_ms);
  ASSERT_THAT(made.tasks(), SizeIs(1));
  const Json task = made.tasks()[0];
  EXPECT_EQ(task["id"], 1);
  EXPECT_EQ(task["case"], "C-000001");
  EXPECT_EQ(task["commitment"], 1);
  EXPECT_EQ(task["name"], "check");
  EXPECT_EQ(task["input"], Json::parse(R"({"account":"12"})"));
  EXPECT_EQ(task["due_at"], "2017-10-08T23:01:00Z");
  EXPECT_EQ(task["act"], R"(redress decide 1 --outcome done --evidence '{"amount":0,"kind":"card"}' --as NAME)");
  EXPECT_EQ(
      task["http"],
      Json::parse(R"({"method":"POST","path":"/v1/commitments/1/outcome","body":{"outcome":"done"},"needs":["evidence"]})"));
  EXPECT_EQ(task["act_role"], "billing");
  EXPECT_EQ(task["form"]["required"], Json::array({"amount", "kind"}));
  EXPECT_EQ(task["acts"][1]["act"], "redress decide 1 --outcome declined|failed --as NAME");
  EXPECT_EQ(task["acts"][1]["http"]["body"], Json::object());
  EXPECT_EQ(task["acts"][1]["http"]["choices"], Json::parse(R"({"outcome":["declined","failed"]})"));
}

TEST(TaskList, SaysWhyACommitmentIsUnknown) {
  HandMade made;
  made.add_commitment("check", CommitmentState::unknown).reason = made.one.text("done, but the evidence breaks the schema");
  made.add_task("commitment:1", "billing", "check is unknown");
  made.one.record("effect.answered", start_ms);
  EXPECT_EQ(made.tasks()[0]["reason"], "done, but the evidence breaks the schema");
  EXPECT_EQ(made.tasks()[0]["post"], "they charged me twice");
}

TEST(TaskList, LeavesTheEvidenceOpenWhereNoManifestSaysIt) {
  HandMade made;
  made.add_commitment("check", CommitmentState::unknown).department = "nobody";
  made.add_task("commitment:1", "owner", "check is unknown");
  made.one.record("effect.lost", start_ms);
  EXPECT_EQ(made.tasks()[0]["act"], "redress decide 1 --outcome done --evidence '{...}' --as NAME");
  EXPECT_TRUE(made.tasks()[0]["form"].is_null());
}

TEST(TaskList, AsksOfAnUndoInDoubtWhetherItHappened) {
  HandMade made;
  made.add_commitment("check", CommitmentState::unknown);
  made.add_effect("undo", 1, EffectState::unknown, 0);
  made.add_task("commitment:1", "owner", "the undoing is unknown");
  made.one.record("effect.lost", start_ms);
  EXPECT_EQ(made.tasks()[0]["act"], "redress decide 1 --outcome done --evidence '{...}' --as NAME");
  EXPECT_EQ(made.tasks()[0]["acts"][1]["act"], "redress decide 1 --outcome failed --as NAME");
}

TEST(TaskList, OffersToRevokeOnlyWhatItsManifestCallsRevocable) {
  HandMade made;
  made.add_commitment("check", CommitmentState::fulfilled);
  made.add_commitment("refund", CommitmentState::fulfilled).action = "refund";
  made.add_task("commitment:1", "billing", "declined contradicts that");
  made.add_task("commitment:2", "billing", "declined contradicts that");
  made.one.record("report.declined", start_ms);
  EXPECT_EQ(made.tasks()[0]["act"], "redress task done 1 --as NAME");
  EXPECT_EQ(made.tasks()[1]["act"], "redress decide 2 --outcome revoked --as NAME");
}

TEST(TaskList, KeepsTheCasesReferenceWhereTheCaseIsTheSubject) {
  HandMade made;
  made.one.now.row.set_aside = 1;
  made.add_task("case:set_aside", "owner", "retry or skip");
  made.add_task("sla:first_reply", "lead", "look at it");
  made.one.record("effect.answered", start_ms);
  EXPECT_EQ(made.tasks()[0]["case"], "C-000001");
  EXPECT_EQ(made.tasks()[0]["act"], "redress case retry|skip C-000001 --as NAME");
  EXPECT_EQ(made.tasks()[1]["deadline"], "first_reply");
}

TEST(TaskList, ShowsTheReviewerTheText) {
  HandMade made;
  made.add_reply("offered", ReplyState::awaiting_review, "we offer").review_role = "community";
  made.add_task("reply:1", "community", "review offered");
  made.one.record("effect.answered", start_ms);
  EXPECT_EQ(made.tasks()[0]["reply"], 1);
  EXPECT_EQ(made.tasks()[0]["text"], "we offer");
  EXPECT_EQ(made.tasks()[0]["post"], "they charged me twice");
  EXPECT_EQ(made.tasks()[0]["act"], "redress review 1 --approve|--refuse --as NAME");
}

TEST(TaskList, IsFinishedByHandWhereNoOtherActSettlesTheTask) {
  HandMade made;
  made.add_task("event:refund.declined", "owner", "nothing took refund.declined");
  made.one.record("effect.answered", start_ms);
  EXPECT_EQ(made.tasks()[0]["event"], "refund.declined");
  EXPECT_EQ(made.tasks()[0]["act"], "redress task done 1 --as NAME");
}

TEST(TaskList, IsThatOfOneRoleInPages) {
  HandMade made;
  made.add_task("case", "lead", "first");
  made.add_task("event:a", "owner", "second");
  made.add_task("event:b", "lead", "third");
  made.one.record("effect.answered", start_ms);
  EXPECT_THAT(made.tasks("lead"), SizeIs(2));
  EXPECT_THAT(*list_tasks(*made.store, "lead", 1, 10), SizeIs(1));
  EXPECT_THAT(*list_tasks(*made.store, "", 0, 2), SizeIs(2));
}

}  // namespace
}  // namespace redress::reading_tests
