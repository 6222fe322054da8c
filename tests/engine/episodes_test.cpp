// Posts and their one fate, episodes, committing again, and cases that are set aside.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using enum CommitmentState;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Post, ThatNoWorkflowWantsHasThatFateAndItsThreadIsTriedAgain) {
  House house;
  EXPECT_EQ(house.post("P1", "nice weather").fate, PostFate::not_wanted);
  EXPECT_EQ(house.answer("P2", "and you charged me twice", "P1").fate, PostFate::opened);
  house.expect_sound();
}

TEST(Post, ComesOnceHoweverOftenItIsDelivered) {
  House house;
  house.post("P1");
  const std::int64_t version = house.row().version;
  const Fate again = house.post("P1");
  EXPECT_TRUE(again.redelivered);
  EXPECT_EQ(again.fate, PostFate::opened);
  EXPECT_EQ(again.case_reference, "C-000001");
  EXPECT_EQ(house.row().version, version);
}

TEST(Post, WithTheSameIdAndAnotherTextIsEdited) {
  House house;
  house.post("P1");
  const Fate fate = house.post("P1", "they charged me thrice");
  EXPECT_TRUE(fate.edited);
  EXPECT_EQ(house.text(house.record().posts.begin()->second.text), "they charged me thrice");
  EXPECT_THAT(house.journal(), HasSubstr("post.edited"));
}

TEST(Post, ThatIsNoneIsRejectedByTheDigestOfItsLine) {
  House house;
  const auto fate = house.engine->receive_line("{\"id\":", 17);
  ASSERT_TRUE(fate);
  EXPECT_EQ(fate->fate, PostFate::rejected);
  EXPECT_THAT(fate->reason, HasSubstr("line 17"));
  EXPECT_TRUE(house.engine->receive_line("{\"id\":", 18)->redelivered);
}

TEST(Post, WithANameThatWouldSteerWhatIsReadIsRejectedAndTheFieldNamed) {
  const std::pair<const char*, const char*> unfit[] = {{"\\n", "U+000A"},     {"\\u0000", "U+0000"}, {"\\u001b[31m", "U+001B"},
                                                       {"\\u007f", "U+007F"}, {"\u0085", "U+0085"},  {"\u2028", "U+2028"},
                                                       {"\u2029", "U+2029"},  {"\u202e", "U+202E"},  {"\u2066", "U+2066"}};
  House house;
  for (const char* field : {"channel", "id", "thread", "author", "in_reply_to", "language"}) {
    for (const auto& [text, name] : unfit) {
      std::string line = R"({"created_at":"2020-09-13T12:26:40Z","text":"they charged me twice")";
      for (const char* each : {"channel", "id", "thread", "author", "in_reply_to", "language"})
        line += std::string(",\"") + each + "\":\"a" + (std::string(each) == field ? text : "") + "z\"";
      const auto fate = house.engine->receive_line(line + "}", 17);
      ASSERT_TRUE(fate) << fate.error().message;
      EXPECT_EQ(fate->fate, PostFate::rejected) << line;
      EXPECT_THAT(fate->reason, HasSubstr(std::string("post: ") + field + " has " + name + "; ")) << line;
    }
  }
  EXPECT_FALSE(house.engine->add_person("sam\u202e", {"admin"}));
  EXPECT_FALSE(house.engine->add_person("sam", {"admin\x7f"}));
}

TEST(Post, TakesNamesOfAnyLanguage) {
  House house;
  for (const char* handle : {"lucía", "משה", "محمد", "李雷", "👩\u200d🔧", "Ana María"})
    EXPECT_EQ(house.post(std::string("P-") + handle, "they charged me twice", handle).fate, PostFate::opened) << handle;
}

TEST(Intake, TakesTheHighestRankThenTheWorkflowsId) {
  const std::string low =
      with(with(shipped_workflow(), "\"billing-overcharge\"", "\"aaa-low\""), "\"rank\": 20", "\"rank\": 10");
  const std::string twin = with(shipped_workflow(), "\"billing-overcharge\"", "\"a-twin\"");
  House house({low, shipped_workflow(), twin});
  EXPECT_EQ(house.post("P1").reason, "a-twin");
  EXPECT_THAT(house.journal(), HasSubstr("aaa-low/intake/when"));
}

TEST(Thread, OfAnotherAuthorIsAttachedAndReopensNothing) {
  House house;
  house.post("P1");
  ASSERT_EQ(house.row().state, CaseState::resolved);
  EXPECT_EQ(house.answer("P2", "me too, charged", "P1", "ben").reason, "post.joined");
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_EQ(house.row().latest_post, "P1");
}

TEST(Thread, OfTheSameAuthorElsewhereIsANewCaseWithItsPriorCase) {
  House house;
  house.post("P1");
  EXPECT_EQ(house.post("P2", "charged wrong again").fate, PostFate::opened);
  EXPECT_EQ(house.row(2).prior_case, 1);
}

TEST(PrivatePost, GoesToTheOneCaseThatWaitsForItsAuthorAndIsNotAnsweredInPublic) {
  House house;
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  Post secret = house.make_post("D1", "my account is A-1");
  secret.is_private = true;
  EXPECT_EQ(house.receive(secret).case_reference, "C-000001");
  house.go();
  EXPECT_EQ(house.row().configuration, R"(["answered"])");
  ASSERT_TRUE(house.engine->send_event("C-000001", "manual.identified", R"({"account":"A-1"})", as("carl")));
  house.go();
  EXPECT_EQ(house.reply("refunded").state, ReplyState::published);
  EXPECT_EQ(house.channel->lines.back().in_reply_to, "P1");
}

TEST(CustomerReplied, ThatNothingTakesIsIgnoredAndATask) {
  House house;
  house.billing->perform("refund", {waiting()});
  house.post("P1");
  house.answer("P2", "hello?");
  EXPECT_TRUE(house.task("community-lead", "event:customer.replied"));
  EXPECT_THAT(house.journal(), HasSubstr("\"ignored\":[\"customer.replied\"]"));
}

TEST(Reopening, BeginsANewEpisodeWithClocksOfItsOwn) {
  House house;
  house.post("P1");
  house.pass(day_ms);
  house.billing->perform("check_charge", {done(charge_evidence(0))});
  house.answer("P2", "it is still wrong");
  const CaseRow row = house.row();
  EXPECT_EQ(row.episode, 2);
  EXPECT_EQ(row.episode_post, "P2");
  EXPECT_EQ(row.first_reply_due_at_ms, opening_ms + day_ms + 15 * minute_ms);
  EXPECT_EQ(house.instances("identify"), 2);
  EXPECT_EQ(house.instances("refund"), 1);
  EXPECT_EQ(house.channel->lines.back().in_reply_to, "P2");
  EXPECT_EQ(row.state, CaseState::resolved);
  house.expect_sound();
}

TEST(Reopening, IsLeftToItsGuard) {
  House house;
  house.post("P1");
  EXPECT_EQ(house.answer("P2", "Thanks!").fate, PostFate::attached);
  EXPECT_EQ(house.row().episode, 1);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_THAT(house.tasks(), IsEmpty());
}

TEST(Reopening, EndsWithItsTimeAndALaterPostIsANewCase) {
  House house;
  house.post("P1");
  house.pass(7 * day_ms);
  EXPECT_EQ(house.row().state, CaseState::closed);
  EXPECT_EQ(house.answer("P2", "charged again").fate, PostFate::opened);
  EXPECT_EQ(house.row(2).prior_case, 1);
  EXPECT_EQ(house.answer("P3", "nice day", "P9").fate, PostFate::not_wanted);
}

TEST(Reopening, EndsAtItsInstantEvenWhereItsTimerIsHandledLater) {
  House house;
  house.post("P1");
  house.clock->advance_to(opening_ms + 7 * day_ms);
  Post late = house.make_post("P2");
  late.thread = "P1";
  EXPECT_EQ(house.receive(late).case_reference, "C-000002");
  house.go();
  EXPECT_EQ(house.row().state, CaseState::closed);
}

TEST(Reopening, ByARevokedCommitmentWorksEvenAfterTheCaseIsClosed) {
  House house;
  house.post("P1");
  house.pass(8 * day_ms);
  ASSERT_EQ(house.row().state, CaseState::closed);
  ASSERT_TRUE(house.billing->report(
      {.key = house.commitment("refund").key, .kind = ReportKind::revoked, .evidence = "", .reason = "bounced"}));
  house.go();
  EXPECT_EQ(house.row().state, CaseState::active);
  EXPECT_EQ(house.reply("correction").state, ReplyState::published);
}

// A reply that was drafted when the case was resolved is published in the next episode.
TEST(Reply, OfAnEarlierEpisodeIsToldToTheWholeWorkflowAlone) {
  House house(Unproved{{R"json({
    "redress": 1, "id": "late", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
    "intake": { "when": "true", "category": "query" },
    "replies": { "hello": { "text": { "en": "Hello." } },
                 "note": { "text": { "en": "Hello to you, too." }, "review": { "role": "community" } } },
    "initial": "greeting",
    "states": { "greeting": { "manual": { "close": { "role": "community" } },
                              "on": { "manual.close": { "target": "ended", "actions": [ { "reply": "hello" } ] } } },
                "again": { "on": { "note.published": { "target": "ended", "actions": [ { "reply": "hello" } ] } } },
                "ended": { "type": "final" } },
    "on": { "post.joined": { "actions": [ { "reply": "note" } ] }, "note.published": { "actions": [ { "escalate": "billing" } ] } },
    "reopen": { "on": "customer.replied", "target": "again" } })json"}});
  house.post("P1");
  ASSERT_TRUE(house.engine->send_event("C-000001", "manual.close", "", as("carl")));
  house.go();
  ASSERT_EQ(house.row().state, CaseState::resolved);
  house.answer("P2", "me too", "P1", "ben");
  house.go();
  house.answer("P3", "and now?", "P1");
  house.go();
  ASSERT_EQ(house.row().episode, 2);
  ASSERT_TRUE(house.engine->review(house.reply("note").id, true, as("cora")));
  house.go();
  EXPECT_EQ(house.reply("note").state, ReplyState::published);
  EXPECT_EQ(house.row().configuration, R"(["again"])");
  EXPECT_TRUE(house.task("billing", house.about_reply("note")));
  house.expect_sound();
}

TEST(Closing, WaitsForWorkThatWasBegunWhenTheCaseWasResolved) {
  House house(Unproved{{with(shipped_workflow(), R"("*.overdue":)",
                             R"("post.joined": { "actions": [ { "commit": "by_hand" } ] }, "*.overdue":)")}});
  house.commercial->perform("review", {waiting()});
  house.post("P1");
  house.pass(6 * day_ms);
  house.answer("P2", "me too", "P1", "ben");
  house.pass(2 * day_ms);
  ASSERT_EQ(house.state("by_hand"), in_progress);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_EQ(house.answer("P3", "charged wrong again", "P1").case_reference, "C-000002");  // It is too late to reopen it.
  ASSERT_TRUE(house.commercial->report(
      {.key = house.commitment("by_hand").key, .kind = ReportKind::done, .evidence = answer_evidence}));
  house.pass(day_ms);
  EXPECT_EQ(house.row().state, CaseState::closed);
  house.expect_sound();
}

TEST(CommitAgain, WhileItIsOpenIsANoOp) {
  House house;
  house.billing->perform("refund", {says_no()});
  house.post("P1");
  ASSERT_EQ(house.state("by_hand"), in_progress);
  ASSERT_TRUE(house.engine->send_event("C-000001", "manual.try_again", "", as("lea")));
  house.go();
  EXPECT_EQ(house.instances("by_hand"), 1);
  EXPECT_THAT(house.journal(), HasSubstr("it is open already"));
}

TEST(CommitAgain, WhenItIsFulfilledInThisEpisodeRaisesItsEventWithoutACall) {
  House house(Unproved{{with(shipped_workflow(), R"("refund.declined":  { "target": "reviewing" })",
                             R"("refund.declined":  { "target": "checking" })")}});
  house.billing->perform("refund", {says_no()});
  house.post("P1");
  EXPECT_EQ(house.billing->calls(Verb::perform, "check_charge").size(), 1u);
  EXPECT_EQ(house.instances("refund"), 2);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  const auto calls = house.billing->calls(Verb::perform, "refund");
  EXPECT_NE(calls.front().key, calls.back().key);
}

TEST(CommitAgain, MoreThanTwentyTimesInAnEpisodeSetsTheCaseAside) {
  House house(Unproved{{with(shipped_workflow(), R"("refund.declined":  { "target": "reviewing" })",
                             R"("refund.declined":  { "target": "refunding" })")}});
  house.billing->usual = [](const Call& call) {
    return call.action == "refund" ? says_no() : ScriptedDepartment::usual_answer(call);
  };
  house.post("P1");
  EXPECT_EQ(house.instances("refund"), 20);
  EXPECT_EQ(house.row().set_aside, 1);
  EXPECT_EQ(house.state("refund"), declined);
  EXPECT_TRUE(house.task("community-lead", "case:set_aside"));
  house.expect_sound();
}

TEST(CommitAgain, AdoptsAnUnknownOneOfAnEarlierEpisode) {
  House house({undone_when_joined()});
  house.post("P1");
  house.billing->script(Verb::undo, "reverse_refund", {lost()});
  house.answer("P2", "look at this", "P1", "ben");
  ASSERT_EQ(house.state("refund"), undoing);
  house.pass(hour_ms);
  ASSERT_EQ(house.state("refund"), unknown);
  house.answer("P3", "it is still wrong");
  EXPECT_EQ(house.row().episode, 2);
  EXPECT_EQ(house.row().configuration, R"(["refunding"])");
  EXPECT_EQ(house.instances("refund"), 1);
  EXPECT_EQ(house.record().members.rbegin()->second.episode, 2);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
}

struct Undoing : House {
  Undoing() : House({undone_when_joined()}) { post("P1"); }
};

TEST(Undo, ThatIsDeclinedLeavesItFulfilledAndATask) {
  Undoing house;
  house.billing->script(Verb::undo, "reverse_refund", {says_no()});
  house.answer("P2", "look", "P1", "ben");
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_TRUE(house.task("billing", house.about("refund")));
}

TEST(Undo, ThatIsUnknownIsNeverRepeatedAndDecidedByAPersonWithTheEvidenceOfTheUndo) {
  Undoing house;
  house.billing->script(Verb::undo, "reverse_refund", {lost()});
  house.answer("P2", "look", "P1", "ben");
  house.pass(2 * hour_ms);
  EXPECT_EQ(house.state("refund"), unknown);
  EXPECT_EQ(house.billing->calls(Verb::undo, "reverse_refund").size(), 1u);
  const std::int64_t id = house.commitment("refund").id;
  const auto bare = house.engine->decide(id, Decision::done, refund_evidence, "", as("bill"));
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error().code, Code::invalid);
  ASSERT_TRUE(house.engine->decide(id, Decision::done, reversal_evidence, "", as("bill")));
  EXPECT_EQ(house.state("refund"), undone);
  house.go();
  ASSERT_EQ(house.billing->calls(Verb::record, "reverse_refund").size(), 1u);
  EXPECT_THAT(house.billing->calls(Verb::record, "reverse_refund").front().evidence,
              testing::HasSubstr("\"reversal\":\"V-1\""));
}

TEST(Undo, ThatIsTakenOnIsAskedAgainUntilItIsDone) {
  Undoing house;
  house.billing->script(Verb::undo, "reverse_refund", {waiting("B-7")});
  house.billing->script(Verb::reconcile, "reverse_refund", {waiting("B-7"), done(reversal_evidence)});
  house.answer("P2", "look", "P1", "ben");
  EXPECT_EQ(house.state("refund"), undoing);
  house.pass(hour_ms);
  EXPECT_EQ(house.state("refund"), undone);
  EXPECT_EQ(house.billing->calls(Verb::reconcile, "reverse_refund").back().ticket, "B-7");
  EXPECT_EQ(house.billing->calls(Verb::undo, "reverse_refund").size(), 1u);
}

TEST(Undo, WithEvidenceThatBreaksTheSchemaOfTheUndoIsAPersonsTask) {
  Undoing house;
  house.billing->script(Verb::undo, "reverse_refund", {done(refund_evidence)});
  house.answer("P2", "look", "P1", "ben");
  EXPECT_EQ(house.state("refund"), unknown);
  EXPECT_TRUE(house.task("billing-lead", house.about("refund")));
}

TEST(Undo, ThatNeverSucceedsEndsAsFulfilledAndATask) {
  Undoing house;
  house.billing->script(Verb::undo, "reverse_refund", std::vector<Outcome>(25, retry()));
  house.answer("P2", "look", "P1", "ben");
  house.pass(day_ms);
  EXPECT_EQ(house.state("refund"), fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::undo, "reverse_refund").size(), 20u);
  EXPECT_TRUE(house.task("billing", house.about("refund")));
}

TEST(Undo, IsNotMadeDoneByALateWordAboutTheRefundItself) {
  Undoing house;
  house.billing->script(Verb::undo, "reverse_refund", {lost()});
  house.answer("P2", "look", "P1", "ben");
  house.pass(2 * hour_ms);
  ASSERT_TRUE(
      house.billing->report({.key = house.commitment("refund").key, .kind = ReportKind::done, .evidence = refund_evidence}));
  EXPECT_EQ(house.state("refund"), unknown);
}

TEST(Undo, ThatTheDepartmentReportsLaterIsUndone) {
  Undoing house;
  house.billing->script(Verb::undo, "reverse_refund", {lost()});
  house.answer("P2", "look", "P1", "ben");
  const std::string key = house.billing->calls(Verb::undo, "reverse_refund").front().key;
  ASSERT_TRUE(house.billing->report({.key = key, .kind = ReportKind::done, .evidence = reversal_evidence}));
  EXPECT_EQ(house.state("refund"), undone);
}

TEST(SetAside, KeepsTheFactAndUndoesTheReaction) {
  House house(Unproved{{with_a_guard_that_fails()}});
  house.post("P1");
  const CaseRow row = house.row();
  EXPECT_EQ(row.set_aside, 1);
  EXPECT_EQ(house.state("identify"), fulfilled);
  EXPECT_EQ(row.configuration, R"(["identifying"])");
  EXPECT_THAT(row.pending, HasSubstr("identify.fulfilled"));
  EXPECT_TRUE(house.task("community-lead", "case:set_aside"));
  house.expect_sound();
}

TEST(SetAside, KeepsLaterEventsBehindTheFirst) {
  House house(Unproved{{with_a_guard_that_fails()}});
  house.post("P1");
  house.answer("P2", "hello?");
  const std::string pending = house.row().pending;
  EXPECT_LT(pending.find("identify.fulfilled"), pending.find("customer.replied"));
}

TEST(SetAside, RetriesThePendingEventAndIsSetAsideAgain) {
  House house(Unproved{{with_a_guard_that_fails()}});
  house.post("P1");
  house.answer("P2", "hello?");
  EXPECT_THAT(house.engine->retry_case("C-000001", as("bill")).error().message, HasSubstr("case retry needs"));
  ASSERT_TRUE(house.engine->retry_case("C-000001", as("lea")));
  EXPECT_EQ(house.row().set_aside, 1);
  const std::string pending = house.row().pending;
  EXPECT_LT(pending.find("identify.fulfilled"), pending.find("customer.replied"));
}

TEST(SetAside, SkipsThePendingEventAndGoesOn) {
  House house(Unproved{{with_a_guard_that_fails()}});
  house.post("P1");
  house.answer("P2", "hello?");
  ASSERT_TRUE(house.engine->skip_case("C-000001", as("lea")));
  EXPECT_EQ(house.row().set_aside, 0);
  EXPECT_EQ(house.row().pending, "");
  EXPECT_TRUE(house.task("community-lead", "event:customer.replied"));
  EXPECT_TRUE(failed_with(house.engine->skip_case("C-000001", as("lea")), Code::conflict));
  house.expect_sound();
}

TEST(SetAside, HurtsNoOtherCase) {
  House house(Unproved{{with_a_guard_that_fails(), with(with(shipped_workflow(), "\"billing-overcharge\"", "\"other\""),
                                                        "\"rank\": 20", "\"rank\": 30")}});
  house.post("P1");
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(GuardError, ThatTheWorkflowTakesSetsNothingAside) {
  House house(Unproved{{with(with_a_guard_that_fails(), R"("*.overdue":)",
                             R"("error.expression": { "actions": [ { "escalate": "community-lead" } ] }, "*.overdue":)")}});
  house.post("P1");
  EXPECT_EQ(house.row().set_aside, 0);
  EXPECT_TRUE(house.task("community-lead", house.about("identify")));
}

TEST(BlockedReply, OfACaseThatIsSetAsideWaitsAsAnEvent) {
  House house(
      Unproved{{with(shipped_workflow(), R"("*.overdue":)",
                     R"("post.joined": { "guard": "by_hand.evidence.kind == 'offer'", "actions": [] }, "*.overdue":)")}});
  house.channel->publishing = {done("{}"), retry()};
  house.post("P1");
  ASSERT_EQ(house.reply("refunded").state, ReplyState::approved);
  house.receive([&] {
    Post joined = house.make_post("P2", "me too", "ben");
    joined.thread = "P1";
    return joined;
  }());
  ASSERT_EQ(house.row().set_aside, 1);
  ASSERT_TRUE(house.billing->report(
      {.key = house.commitment("refund").key, .kind = ReportKind::revoked, .evidence = "", .reason = "bounced"}));
  EXPECT_EQ(house.reply("refunded").state, ReplyState::blocked);
  EXPECT_THAT(house.row().pending, HasSubstr("refunded.blocked"));
}

TEST(OpenCase, ThatNothingWillWakeIsAPersonsTask) {
  const std::string still = R"json({
    "redress": 1, "id": "still", "version": "1.0.0", "title": { "en": "Still" }, "default_language": "en", "owner": "lead",
    "intake": { "when": "true", "rank": 1, "category": "still" },
    "replies": { "bye": { "text": { "en": "Bye {{ customer.handle }}." } } },
    "initial": "waiting",
    "states": { "waiting": { "on": { "customer.replied": { "target": "ended", "actions": [ { "reply": "bye" } ] } } },
                "ended": { "type": "final" } } })json";
  House house({still});
  house.post("P1");
  EXPECT_TRUE(house.task("lead", "case:nothing_wakes"));
  house.expect_sound();
  house.answer("P2", "hello");
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_THAT(house.tasks(), IsEmpty());
}

}  // namespace
}  // namespace redress::house
