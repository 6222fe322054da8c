// What each answer of a department does to its commitment: the outcome table, row by row, and the words that come later.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using enum CommitmentState;
using testing::HasSubstr;
using testing::Not;

TEST(Outcome, DoneWithValidEvidenceFulfils) {
  House house;
  house.post("P1");
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.text(house.commitment("refund").evidence), refund_evidence);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_THAT(house.texts().back(), HasSubstr("Receipt R-1"));
  house.expect_sound();
}

TEST(Outcome, DoneWithEvidenceThatBreaksItsSchemaIsUnknownAndAPersonsTask) {
  House house;
  house.billing->perform("refund", {done(R"({"amount_minor":0})")});
  house.post("P1");
  EXPECT_EQ(house.state("refund"), unknown);
  EXPECT_TRUE(house.task("billing-lead", house.about("refund")));
  house.pass(2 * day_ms);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  EXPECT_FALSE(house.has_reply("refunded"));
}

TEST(Outcome, ThatNobodyKnowsIsAPersonsTaskAfterAnHourAlsoWhereThePluginIsGone) {
  House house;
  house.billing->perform("refund", {lost()});
  house.post("P1");
  house.billing = nullptr;
  house.open();
  house.pass(hour_ms - 1);
  EXPECT_EQ(house.state("refund"), attempting);
  EXPECT_EQ(house.effect("perform", "refund").blocked, "plugin billing missing");
  house.pass(1);
  EXPECT_EQ(house.state("refund"), unknown);
  EXPECT_TRUE(house.task("billing-lead", house.about("refund")));
  EXPECT_THAT(house.text(house.commitment("refund").reason), HasSubstr("plugin billing missing"));
  EXPECT_EQ(house.effect("perform", "refund").blocked, "");
  house.expect_sound();
}

TEST(Outcome, OfAPublicationThatNobodyKnowsIsAPersonsTaskAlsoWhereTheChannelIsGone) {
  House house;
  house.channel->publishing = {lost()};
  house.post("P1");
  house.adjust = [](EngineOptions& options) { options.channel = nullptr; };
  house.open();
  house.pass(hour_ms);
  EXPECT_EQ(house.reply("acknowledge").state, ReplyState::unknown);
  EXPECT_TRUE(house.task("billing-lead", house.about_reply("acknowledge")));
  house.expect_sound();
}

TEST(Outcome, WaitingIsInProgressUntilAPollAnswersDone) {
  House house;
  house.billing->perform("refund", {waiting("T-9")});
  house.billing->reconcile("refund", {waiting("T-9"), done(refund_evidence)});
  house.post("P1");
  EXPECT_EQ(house.state("refund"), in_progress);
  house.pass(hour_ms);
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::reconcile, "refund").back().ticket, "T-9");
  EXPECT_EQ(house.commitment("refund").attempts, 1);
}

TEST(Outcome, WaitingIsFulfilledByAReport) {
  House house;
  house.billing->perform("refund", {waiting()});
  house.post("P1");
  ASSERT_TRUE(
      house.billing->report({.key = house.commitment("refund").key, .kind = ReportKind::done, .evidence = refund_evidence}));
  house.go();
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(Outcome, AReportThatCannotBeShownIsUnknown) {
  House house;
  house.billing->perform("refund", {waiting()});
  house.post("P1");
  ASSERT_TRUE(house.billing->report({.key = house.commitment("refund").key, .kind = ReportKind::done, .evidence = "{}"}));
  EXPECT_EQ(house.state("refund"), unknown);
  EXPECT_TRUE(house.task("billing-lead", house.about("refund")));
}

TEST(Outcome, DeclinedIsNeverTriedAgain) {
  House house;
  house.billing->perform("refund", {says_no("over my limit")});
  house.post("P1");
  house.pass(hour_ms);
  EXPECT_EQ(house.state("refund"), declined);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  EXPECT_EQ(house.text(house.commitment("refund").reason), "over my limit");
  EXPECT_EQ(house.row().configuration, R"(["reviewing"])");
}

TEST(Outcome, RetryBacksOffAndSucceeds) {
  House house;
  house.billing->perform("refund", {retry(), retry()});
  house.post("P1");
  EXPECT_EQ(house.state("refund"), requested);
  house.pass(4'999);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  house.pass(1);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 2u);
  house.pass(10 * second_ms);
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").back().key, house.commitment("refund").key);
}

TEST(Outcome, RetryFailsAtTheDueTime) {
  House house;
  house.billing->usual = [](const Call& call) {
    return call.action == "check_charge" ? retry() : ScriptedDepartment::usual_answer(call);
  };
  house.post("P1");
  house.pass(4 * hour_ms);
  EXPECT_EQ(house.state("charge_check"), failed);
  EXPECT_EQ(house.row().configuration, R"(["reviewing"])");
}

TEST(Outcome, UnknownIsLookedUpAndFulfilled) {
  House house;
  house.billing->perform("refund", {lost()});
  house.billing->reconcile("refund", {lost(), done(refund_evidence)});
  house.post("P1");
  EXPECT_EQ(house.state("refund"), attempting);
  house.pass(minute_ms);
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
}

TEST(Outcome, UnknownThatCertainlyDidNotHappenIsTriedAgain) {
  House house;
  house.billing->perform("refund", {lost()});
  house.billing->reconcile("refund", {retry()});
  house.post("P1");
  house.pass(minute_ms);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 2u);
  EXPECT_EQ(house.state("refund"), fulfilled);
}

TEST(Outcome, WhatADepartmentThrowsIsUnknown) {
  House house;
  house.billing->during = [&](const Call& call) {
    if (call.verb == Verb::perform && call.action == "refund") throw std::runtime_error("line cut");
  };
  house.post("P1");
  EXPECT_EQ(house.state("refund"), attempting);
  house.billing->reconcile("refund", {done(refund_evidence)});
  house.pass(minute_ms);
  EXPECT_EQ(house.state("refund"), fulfilled);
}

TEST(Outcome, AnAnswerThatIsNotUtf8IsUnknown) {
  House house;
  house.billing->perform("refund", {waiting("\xff\xfe")});
  house.post("P1");
  EXPECT_EQ(house.state("refund"), attempting);
  house.expect_sound();
}

TEST(Unknown, StaysAttemptingForAnHourThenNeedsAPerson) {
  House house;
  house.billing->perform("refund", {lost()});
  house.post("P1");
  house.pass(hour_ms - 1);
  EXPECT_EQ(house.state("refund"), attempting);
  house.pass(1);
  EXPECT_EQ(house.state("refund"), unknown);
  EXPECT_TRUE(house.task("billing-lead", house.about("refund")));
  house.pass(10 * day_ms);
  EXPECT_EQ(house.state("refund"), unknown);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  house.expect_sound();
}

TEST(Unknown, LooksForFiveMinutesAtLeastWhereItIsDueSooner) {
  House house({with(shipped_workflow(), R"("action": "refund", "due": "PT12H")", R"("action": "refund", "due": "PT1M")")});
  house.billing->perform("refund", {lost()});
  house.post("P1");
  house.pass(5 * minute_ms - 1);
  EXPECT_EQ(house.state("refund"), attempting);
  house.pass(1);
  EXPECT_EQ(house.state("refund"), unknown);
}

TEST(Unknown, IsDecidedByAPersonOfItsDepartmentAndRefusedToOthers) {
  House house;
  house.billing->perform("refund", {lost()});
  house.post("P1");
  house.pass(hour_ms);
  const std::int64_t id = house.commitment("refund").id;
  EXPECT_TRUE(failed_with(house.engine->decide(id, Decision::done, refund_evidence, "", as("carl")), Code::refused));
  EXPECT_TRUE(failed_with(house.engine->decide(id, Decision::done, refund_evidence, "", as("nobody")), Code::refused));
  EXPECT_TRUE(failed_with(house.engine->decide(id, Decision::done, "{}", "", as("bill")), Code::invalid));
  EXPECT_EQ(house.state("refund"), unknown);
  ASSERT_TRUE(house.engine->decide(id, Decision::done, refund_evidence, "", as("bill")));
  house.go();
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.commitment("refund").evidence_by, "bill");
  EXPECT_EQ(house.billing->calls(Verb::record, "refund").size(), 1u);
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(Word, ThatContradictsASettledCommitmentIsATaskAndChangesNoState) {
  House house;
  house.post("P1");
  ASSERT_TRUE(house.billing->report({.key = house.commitment("refund").key, .kind = ReportKind::failed, .reason = "bounced"}));
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_TRUE(house.task("billing", house.about("refund")));
}

TEST(Word, ThatSaysTheSameAgainIsNoContradiction) {
  House house;
  house.post("P1");
  ASSERT_TRUE(
      house.billing->report({.key = house.commitment("refund").key, .kind = ReportKind::done, .evidence = refund_evidence}));
  EXPECT_THAT(house.tasks(), testing::IsEmpty());
}

TEST(Word, ThatComesFromWithinTheCallSettlesIt) {
  House house;
  house.billing->perform("refund", {waiting()});
  house.billing->during = [&](const Call& call) {
    if (call.verb != Verb::perform || call.action != "refund") return;
    EXPECT_TRUE(house.billing->report({.key = std::string(call.key), .kind = ReportKind::done, .evidence = refund_evidence}));
  };
  house.post("P1");
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(Word, ThatTheCallItselfContradictsLaterIsATask) {
  House house;
  house.billing->perform("refund", {done(refund_evidence)});
  house.billing->during = [&](const Call& call) {
    if (call.verb != Verb::perform || call.action != "refund") return;
    EXPECT_TRUE(house.billing->report({.key = std::string(call.key), .kind = ReportKind::failed, .reason = "no"}));
  };
  house.post("P1");
  EXPECT_EQ(house.state("refund"), failed);
  EXPECT_TRUE(house.task("billing", house.about("refund")));
}

TEST(Word, OfAnUnknownKeyIsNotFound) {
  House house;
  EXPECT_TRUE(failed_with(house.billing->report({.key = "no/such/key"}), Code::not_found));
}

TEST(Word, OfAPersonWaitsWhileACallIsOut) {
  House house;
  Result<void> decided;
  house.billing->during = [&](const Call& call) {
    if (call.verb != Verb::perform || call.action != "refund") return;
    decided = house.engine->decide(call.commitment_id, Decision::failed, "", "", as("bill"));
  };
  house.post("P1");
  EXPECT_TRUE(failed_with(decided, Code::conflict));
  EXPECT_EQ(house.state("refund"), fulfilled);
}

TEST(Due, IsAtRiskAtThreeQuartersAndOverdueAtTheInstant) {
  House house;
  house.billing->perform("refund", {waiting()});
  house.billing->usual = [](const Call& call) {
    return call.verb == Verb::reconcile ? waiting() : ScriptedDepartment::usual_answer(call);
  };
  house.post("P1");
  house.pass(9 * hour_ms - 1);
  EXPECT_EQ(house.commitment("refund").due, DueState::on_time);
  house.pass(1);
  EXPECT_EQ(house.commitment("refund").due, DueState::at_risk);
  house.pass(3 * hour_ms);
  EXPECT_EQ(house.commitment("refund").due, DueState::overdue);
  EXPECT_TRUE(house.task("billing-lead", house.about("refund")));
}

TEST(Approval, IsAskedForAndGiven) {
  House house;
  house.billing->perform("check_charge", {done(charge_evidence(20'000))});
  house.billing->perform("refund", {done(R"({"amount_minor":20000,"currency":"EUR","receipt":"R-1"})")});
  house.post("P1");
  EXPECT_EQ(house.state("refund"), awaiting_approval);
  EXPECT_TRUE(house.billing->calls(Verb::perform, "refund").empty());
  const std::int64_t id = house.commitment("refund").id;
  EXPECT_TRUE(failed_with(house.engine->approve(id, true, as("bill")), Code::refused));
  ASSERT_TRUE(house.engine->approve(id, true, as("sam")));
  house.go();
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.commitment("refund").approved_by, "sam");
}

TEST(Approval, RefusedIsDeclinedForThatReason) {
  House house;
  house.billing->perform("check_charge", {done(charge_evidence(20'000))});
  house.post("P1");
  ASSERT_TRUE(house.engine->approve(house.commitment("refund").id, false, as("sam")));
  house.go();
  EXPECT_EQ(house.state("refund"), declined);
  EXPECT_EQ(house.text(house.commitment("refund").reason), "approval_refused");
  EXPECT_TRUE(house.billing->calls(Verb::perform, "refund").empty());
  EXPECT_EQ(house.row().configuration, R"(["reviewing"])");
}

TEST(Approval, CountsTowardsTheDueTime) {
  House house;
  house.billing->perform("check_charge", {done(charge_evidence(20'000))});
  house.post("P1");
  house.pass(12 * hour_ms);
  EXPECT_EQ(house.commitment("refund").due, DueState::overdue);
  EXPECT_EQ(house.state("refund"), awaiting_approval);
}

}  // namespace
struct Cancelling : House {
  Cancelling()
      : House({with(shipped_workflow(), R"("*.overdue":)",
                    R"("post.joined": { "actions": [ { "cancel": "by_hand" } ] }, "*.overdue":)")}) {
    billing->perform("check_charge", {says_no()});
    post("P1");
    EXPECT_EQ(state("by_hand"), CommitmentState::in_progress);
  }
};

TEST(Cancel, ThatFindsTheDepartmentBusyOrSilentIsAskedAgainUnderTheSameKey) {
  Cancelling house;
  house.commercial->script(Verb::cancel, "review", {retry(), lost(), done("{}")});
  house.answer("P2", "look", "P1", "ben");
  EXPECT_EQ(house.state("by_hand"), CommitmentState::in_progress);
  house.pass(minute_ms);
  EXPECT_EQ(house.state("by_hand"), CommitmentState::cancelled);
  const auto calls = house.commercial->calls(Verb::cancel, "review");
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls.front().key, calls.back().key);
}

TEST(Cancel, ThatNeverSucceedsIsAPersonsTaskAndLeavesItOpen) {
  Cancelling house;
  house.commercial->script(Verb::cancel, "review", std::vector<Outcome>(25, retry()));
  house.answer("P2", "look", "P1", "ben");
  house.pass(6 * hour_ms);
  EXPECT_EQ(house.state("by_hand"), CommitmentState::in_progress);
  EXPECT_EQ(house.commercial->calls(Verb::cancel, "review").size(), 20u);
  EXPECT_TRUE(house.task("commercial", house.about("by_hand")));
}

TEST(Waiting, WithAPromiseThatLiesInThePastPromisesNothing) {
  House house;
  house.billing->perform("check_charge", {says_no()});
  house.commercial->perform("review", {waiting("T-1", opening_ms - 1)});
  house.post("P1");
  EXPECT_EQ(house.state("by_hand"), CommitmentState::in_progress);
  EXPECT_EQ(house.commitment("by_hand").promised_at_ms, 0);
  EXPECT_THAT(house.journal(), testing::HasSubstr("lies in the past"));
}

TEST(Decision, ThatTheDepartmentDoesNotKeepIsATaskThatAPersonFinishes) {
  House house;
  house.billing->perform("refund", {lost()});
  house.billing->script(Verb::record, "refund", {says_no("the books have another receipt")});
  house.post("P1");
  house.pass(2 * hour_ms);
  ASSERT_EQ(house.state("refund"), CommitmentState::unknown);
  const std::string subject = house.about("refund");
  const auto task_id = [&] {
    for (const auto& [id, task] : house.record().tasks)
      if (task.subject == subject && task.done_at_ms == 0) return id;
    return std::int64_t{0};
  };
  const auto early = house.engine->finish_task(task_id(), "", as("lea"));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, Code::conflict);
  EXPECT_THAT(early.error().message, testing::HasSubstr("decide commitment"));
  ASSERT_TRUE(house.engine->decide(house.commitment("refund").id, Decision::done, refund_evidence, "", as("bill")));
  house.go();
  EXPECT_TRUE(house.task("billing", subject));
  const auto stranger = house.engine->finish_task(task_id(), "", as("sam"));
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, Code::refused);
  const std::int64_t id = task_id();
  ASSERT_TRUE(house.engine->finish_task(id, "corrected by hand", as("bill")));
  EXPECT_FALSE(house.task("billing", subject));
  EXPECT_EQ(house.engine->finish_task(id, "", as("bill")).error().code, Code::conflict);
  EXPECT_EQ(house.engine->finish_task(9999, "", as("bill")).error().code, Code::not_found);
  house.expect_sound();
}

}  // namespace redress::house
