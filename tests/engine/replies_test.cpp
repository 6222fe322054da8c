// What a reply may say, when it may leave, and how it ends.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using enum ReplyState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const char* const first_entry = R"("entry": [ { "commit": "identify" }, { "reply": "acknowledge" } ])";

// The reply `refunded` is approved, and the channel takes it at the next attempt only.
struct HeldBack : House {
  explicit HeldBack(std::vector<std::string> workflows = {shipped_workflow()}) : House(std::move(workflows)) {
    channel->publishing = {done("{}"), retry()};
    post("P1");
  }
  Result<void> revoke() {
    return billing->report({.key = commitment("refund").key, .kind = ReportKind::revoked, .evidence = "", .reason = "bounced"});
  }
};

TEST(Claim, SeesCommitmentsNamedBeforeItInTheSameStep) {
  House house;
  house.receive(house.make_post("P1"));
  EXPECT_EQ(house.reply("acknowledge").state, approved);
}

TEST(Claim, ThatIsFalseWhenItIsDraftedBlocksAtOnce) {
  House house(Unproved{
      {with(shipped_workflow(), first_entry, R"("entry": [ { "reply": "acknowledge" }, { "commit": "identify" } ])")}});
  house.receive(house.make_post("P1"));
  EXPECT_EQ(house.reply("acknowledge").state, blocked);
  EXPECT_THAT(house.text(house.reply("acknowledge").reason), HasSubstr("identify"));
  EXPECT_TRUE(house.task("community-lead", house.about_reply("acknowledge")));
}

TEST(Claim, OfARequestIsFalseOnceItIsCancelledBeforeAnAttempt) {
  House house(
      Unproved{{with(shipped_workflow(), first_entry,
                     R"("entry": [ { "commit": "identify" }, { "cancel": "identify" }, { "reply": "acknowledge" } ])")}});
  house.post("P1");
  EXPECT_EQ(house.state("identify"), CommitmentState::cancelled);
  EXPECT_TRUE(house.billing->calls(Verb::perform, "find_account").empty());
  EXPECT_EQ(house.reply("acknowledge").state, blocked);
}

TEST(Claim, OfARequestStaysTrueWhenItIsDeclinedLater) {
  House house;
  house.channel->publishing = {retry()};
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  EXPECT_EQ(house.state("identify"), CommitmentState::declined);
  house.pass(minute_ms);
  EXPECT_EQ(house.reply("acknowledge").state, published);
}

// A reply shows what the department promised; the channel takes nothing before the promise is another.
constexpr const char* promising = R"json({
  "redress": 1, "id": "promising", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
  "intake": { "when": "true", "category": "query" },
  "commitments": { "look": { "department": "billing", "action": "refund", "due": "P5D",
                             "input": { "account": "A-1", "amount_minor": 4500, "currency": "EUR" } } },
  "replies": {
    "begun": { "text": { "en": "Done by {{ has(look.promised_at) ? time(look.promised_at, 'UTC') : 'tomorrow' }}." } },
    "later": { "text": { "en": "Now by {{ has(look.promised_at) ? time(look.promised_at, 'UTC') : 'tomorrow' }}." } } },
  "initial": "open",
  "states": {
    "open": { "entry": [ { "commit": "look" } ],
              "on": { "look.accepted": { "actions": [ { "reply": "begun" } ] },
                      "look.progress": { "actions": [ { "reply": "later" } ] },
                      "look.fulfilled": { "target": "closed" } } },
    "closed": { "type": "final" } } })json";

TEST(Promise, ThatChangedBeforeItWasToldIsNotToldAnyMore) {
  House house(Unproved{{promising}});
  house.billing->perform("refund", {waiting("T-1", opening_ms + hour_ms)});
  house.billing->reconcile("refund", {waiting("T-1", opening_ms + 2 * hour_ms)});
  house.channel->publishing = {retry()};
  house.post("P1");
  ASSERT_EQ(house.reply("begun").state, approved);
  house.channel->publishing = std::deque<Outcome>(100, retry());  // Until the department has been asked again.
  house.pass(30 * minute_ms);
  EXPECT_EQ(house.reply("begun").state, blocked);
  house.channel->publishing.clear();
  EXPECT_THAT(house.text(house.reply("begun").reason),
              HasSubstr("commitment 1 (look) is claimed as accepted, but the promise"));
  house.pass(10 * minute_ms);
  EXPECT_THAT(house.texts(), ElementsAre("Now by 14:26."));
  house.expect_sound();
}

// The department has promised, a reply says so, and a person is asked first. Then the department is done.
struct Overtaken : House {
  explicit Overtaken(const std::string& workflow = promising) : House(Unproved{{workflow}}) {
    billing->perform("refund", {waiting("T-1", opening_ms + hour_ms)});
    billing->script(Verb::reconcile, "refund", std::vector<Outcome>(50, waiting("T-1", opening_ms + hour_ms)));
  }
  void fulfil() {
    EXPECT_TRUE(billing->report({.key = commitment("look").key, .kind = ReportKind::done, .evidence = refund_evidence}));
    go();
  }
  void freeze(bool frozen) { EXPECT_TRUE(engine->set_switches("promising", {.automatic_replies = frozen})); }
};

TEST(Review, OfAReplyThatWorkHasOvertakenBlocksIt) {
  Overtaken house;
  house.freeze(true);
  house.post("P1");
  ASSERT_EQ(house.reply("begun").state, awaiting_review);
  house.fulfil();
  ASSERT_TRUE(house.engine->review(house.reply("begun").id, true, as("lea")));
  house.go();
  EXPECT_EQ(house.reply("begun").state, blocked);
  EXPECT_THAT(house.text(house.reply("begun").reason),
              HasSubstr("commitment 1 (look) is claimed as accepted, but it is overtaken: it is fulfilled by now"));
  EXPECT_TRUE(house.task("community-lead", house.about_reply("begun")));
  EXPECT_THAT(house.texts(), IsEmpty());
  house.expect_sound();
}

TEST(Promise, OfADepartmentThatDeclinedSinceIsNotToldAnyMore) {
  House house(Unproved{{promising}});
  house.billing->perform("refund", {waiting("T-1", opening_ms + hour_ms)});
  house.billing->reconcile("refund", {says_no()});
  house.channel->publishing = std::deque<Outcome>(6, retry());  // Until the department has been asked again.
  house.post("P1");
  ASSERT_EQ(house.reply("begun").state, approved);
  house.pass(30 * minute_ms);
  ASSERT_EQ(house.state("look"), CommitmentState::declined);
  EXPECT_EQ(house.reply("begun").state, blocked);
  EXPECT_THAT(house.text(house.reply("begun").reason), HasSubstr("a promise, and it is declined"));
  EXPECT_THAT(house.texts(), IsEmpty());
  house.expect_sound();
}

TEST(Review, OfAReplyThatWorkHasOvertakenDoesNotComeOutByDraftingTheSameAnew) {
  Overtaken house;
  house.freeze(true);
  house.post("P1");
  house.fulfil();
  ASSERT_TRUE(house.engine->review(house.reply("begun").id, true, as("lea")));
  house.freeze(false);
  ASSERT_TRUE(house.engine->settle_again(house.reply("begun").id, as("lea")));
  house.go();
  EXPECT_EQ(house.reply("begun").state, blocked);
  EXPECT_THAT(house.texts(), IsEmpty());
}

TEST(Review, ThatCameInTimeDoesNotReleaseWhatWorkHasOvertakenSince) {
  Overtaken house;
  house.freeze(true);
  house.post("P1");
  house.channel->publishing = std::deque<Outcome>(10, retry());
  ASSERT_TRUE(house.engine->review(house.reply("begun").id, true, as("lea")));
  house.go();
  house.fulfil();
  house.channel->publishing.clear();
  house.pass(hour_ms);
  EXPECT_EQ(house.reply("begun").state, blocked);
  EXPECT_THAT(house.texts(), IsEmpty());
}

TEST(Claim, OfAcceptedWorkThatIsDoneIsNotAPersonsOwnToSay) {
  Overtaken house;
  house.post("P1");
  house.fulfil();
  const auto said =
      house.engine->say("C-000001", {.text = "On its way", .claims = {{"look", ClaimLevel::accepted}}}, as("lea"));
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, Code::conflict);
  EXPECT_THAT(said.error().message, HasSubstr("overtaken"));
}

TEST(Claim, OfAcceptedWorkHoldsForAnAutomaticReplyAlsoWhenItIsDone) {
  Overtaken house;
  house.channel->publishing = {retry()};
  house.post("P1");
  house.fulfil();
  house.pass(minute_ms);
  EXPECT_THAT(house.texts(), ElementsAre(HasSubstr("Done by")));
}

TEST(Promise, WhoseTimeHasPassedIsNotToldAnyMore) {
  House house(Unproved{{promising}});
  house.billing->perform("refund", {waiting("T-1", opening_ms + hour_ms)});
  house.billing->reconcile("refund", std::vector<Outcome>(20, waiting("T-1", opening_ms + hour_ms)));
  house.channel->publishing = std::deque<Outcome>(14, retry());  // For more than an hour.
  house.post("P1");
  house.pass(2 * hour_ms);
  ASSERT_EQ(house.state("look"), CommitmentState::in_progress);
  EXPECT_EQ(house.reply("begun").state, blocked);
  EXPECT_THAT(house.text(house.reply("begun").reason), HasSubstr("the time that the text promises has passed"));
  EXPECT_THAT(house.texts(), IsEmpty());
  house.expect_sound();
}

TEST(Gate, BlocksAnApprovedReplyInTheTransactionThatBreaksItsClaim) {
  HeldBack house;
  ASSERT_EQ(house.reply("refunded").state, approved);
  const std::int64_t version = house.row().version;
  ASSERT_TRUE(house.revoke());
  EXPECT_EQ(house.row().version, version + 1);
  EXPECT_EQ(house.reply("refunded").state, blocked);
  house.pass(hour_ms);
  EXPECT_THAT(house.texts(), Not(testing::Contains(HasSubstr("Receipt"))));
}

TEST(Gate, LeavesNothingToCorrectWhereTheOriginalWasNeverPublic) {
  HeldBack house;
  ASSERT_TRUE(house.revoke());
  EXPECT_FALSE(house.has_reply("correction"));
  EXPECT_THAT(house.journal(), HasSubstr("nothing to correct"));
}

TEST(Gate, BlocksAReplyWhoseCommitmentIsBeingUndone) {
  House house({with(shipped_workflow(), R"({ "target": "resolved", "actions": [ { "reply": "refunded" } ] })",
                    R"({ "target": "resolved", "actions": [ { "reply": "refunded" }, { "undo": "refund" } ] })")});
  house.post("P1");
  EXPECT_EQ(house.reply("refunded").state, blocked);
  EXPECT_EQ(house.state("refund"), CommitmentState::undone);
  EXPECT_EQ(house.billing->calls(Verb::undo, "reverse_refund").front().evidence, refund_evidence);
}

TEST(Correction, IsPublishedAndMarksTheOriginal) {
  House house;
  house.post("P1");
  ASSERT_TRUE(house.billing->report(
      {.key = house.commitment("refund").key, .kind = ReportKind::revoked, .evidence = "", .reason = "bounced"}));
  house.go();
  EXPECT_EQ(house.reply("correction").state, published);
  EXPECT_EQ(house.reply("refunded").state, corrected);
  EXPECT_EQ(house.row().episode, 2);
  EXPECT_EQ(house.row().configuration, R"(["reviewing"])");
  house.expect_sound();
}

// A refund may be told again, each time by a reply of its own; when it is revoked, that is corrected.
constexpr const char* told_again = R"json({
  "redress": 1, "id": "told-again", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
  "data": { "again": { "type": "string", "maxLength": 3 } },
  "intake": { "when": "true", "category": "query" },
  "commitments": { "refund": { "department": "billing", "action": "refund", "due": "P1D",
                               "input": { "account": "A", "amount_minor": 4500, "currency": "EUR" } } },
  "replies": {
    "told": { "text": { "en": "It is paid: {{ refund.evidence.receipt }}." },
              "review": { "role": "community", "when": "has(case.again)" } },
    "correction": { "corrects": "told", "claims": { "refund": "revoked" }, "text": { "en": "It came back." } } },
  "initial": "paying",
  "states": {
    "paying": { "entry": [ { "commit": "refund" } ],
                "manual": { "tell": { "role": "community" }, "end": { "role": "community" } },
                "on": { "refund.fulfilled": { "actions": [ { "reply": "told" } ] }, "manual.tell": { "actions": [ { "set": { "again": "'yes'" } }, { "reply": "told" } ] },
                        "manual.end": { "target": "ended" } } },
    "ended": { "type": "final" } },
  "on": { "refund.revoked": { "actions": [ { "reply": "correction" } ] } },
  "reopen": { "on": "customer.replied", "target": "paying" } })json";

struct ToldAgain : House {
  explicit ToldAgain(std::vector<Outcome> publishing = {}) : House(Unproved{{told_again}}) {
    channel->publishing = {publishing.begin(), publishing.end()};
    post("P1");
  }
  void act(const std::string& name, const std::string& person) {
    ASSERT_TRUE(engine->send_event("C-000001", "manual." + name, "", as(person)));
    go();
  }
  void revoke(std::int64_t commitment_id) {
    const std::string key = record().commitments.at(commitment_id).key;
    ASSERT_TRUE(billing->report({.key = key, .kind = ReportKind::revoked, .evidence = "", .reason = "bounced"}));
    go();
  }
  void end_and_reopen() {
    act("end", "carl");
    ASSERT_TRUE(engine->say("C-000001", {.text = "Bye."}, as("carl")));
    ASSERT_TRUE(engine->review(reply("said").id, true, as("lea")));
    go();
    ASSERT_EQ(row().state, CaseState::resolved);
    Post again = make_post("P2");
    again.thread = "P1";
    receive(again);
    go();
    ASSERT_EQ(row().episode, 2);
  }
  std::vector<ReplyState> told() const {
    std::vector<ReplyState> states;
    for (const auto& [id, each] : record().replies)
      if (each.name == "told") states.push_back(each.state);
    return states;
  }
};

TEST(Correction, IsOfWhatIsPublicThoughALaterOneWasRefused) {
  ToldAgain house;
  house.act("tell", "carl");
  ASSERT_TRUE(house.engine->review(house.reply("told").id, false, as("cora")));
  house.go();
  house.revoke(house.commitment("refund").id);
  EXPECT_THAT(house.told(), testing::ElementsAre(corrected, refused));
  EXPECT_EQ(house.reply("correction").state, published);
  house.expect_sound();
}

TEST(Correction, IsOfAllThatSaidTheSame) {
  ToldAgain house;
  house.act("tell", "carl");
  ASSERT_TRUE(house.engine->review(house.reply("told").id, true, as("cora")));
  house.go();
  house.revoke(house.commitment("refund").id);
  EXPECT_THAT(house.told(), testing::ElementsAre(corrected, corrected));
  EXPECT_THAT(house.texts(), testing::ElementsAre("It is paid: R-1.", "It is paid: R-1.", "It came back."));
  house.expect_sound();
}

TEST(Correction, IsOfTheEpisodeWhoseWorkCameBack) {
  ToldAgain house;
  house.end_and_reopen();
  ASSERT_THAT(house.told(), testing::ElementsAre(published, published));
  const std::int64_t first = house.record().commitments.begin()->first;
  house.revoke(first);
  EXPECT_THAT(house.told(), testing::ElementsAre(corrected, published));
  house.revoke(house.commitment("refund").id);
  EXPECT_THAT(house.told(), testing::ElementsAre(corrected, corrected));
  house.expect_sound();
}

// In the first episode it was not told in public; in the second it was.
TEST(Correction, IsNotOfWhatIsStillTrue) {
  ToldAgain house({says_no()});
  ASSERT_THAT(house.told(), testing::ElementsAre(failed));
  ASSERT_TRUE(house.engine->settle_waive(house.reply("told").id, "told by phone", as("lea")));
  house.end_and_reopen();
  ASSERT_THAT(house.told(), testing::ElementsAre(waived, published));
  house.revoke(house.record().commitments.begin()->first);
  EXPECT_THAT(house.told(), testing::ElementsAre(waived, published));
  EXPECT_FALSE(house.has_reply("correction"));
  house.revoke(house.commitment("refund").id);
  EXPECT_THAT(house.told(), testing::ElementsAre(waived, corrected));
  house.expect_sound();
}

constexpr const char* delayed_again = R"json({
  "redress": 1, "id": "delayed-again", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
  "intake": { "when": "true", "category": "query" },
  "commitments": { "work": { "department": "commercial", "action": "review", "due": "P1D",
                             "input": { "question": "What do we say?", "text": "{{ post.text }}" } } },
  "replies": {
    "in_work": { "claims": { "work": "accepted" }, "text": { "en": "We are at it." } },
    "delayed": { "corrects": "in_work", "text": { "en": "It takes longer." } } },
  "initial": "working",
  "states": {
    "working": { "entry": [ { "commit": "work" } ], "manual": { "go": { "role": "community" }, "wait": { "role": "community" },
                             "end": { "role": "community" } },
                 "on": { "manual.go": { "actions": [ { "reply": "in_work" } ] }, "manual.end": { "target": "ended" }, "manual.wait": { "actions": [ { "reply": "delayed" } ] } } },
    "ended": { "type": "final" } } })json";

TEST(Correction, IsOfWhatWasToldBeforeItAndNotAfter) {
  House house(Unproved{{delayed_again}});
  house.commercial->perform("review", {waiting()});
  house.post("P1");
  for (const char* act : {"manual.go", "manual.wait", "manual.go", "manual.wait"}) {
    ASSERT_TRUE(house.engine->send_event("C-000001", act, "", as("carl"))) << act;
    house.go();
  }
  EXPECT_THAT(house.texts(), testing::ElementsAre("We are at it.", "It takes longer.", "We are at it.", "It takes longer."));
  house.expect_sound();
}

TEST(Language, IsThePostsThenTheDefault) {
  for (const auto& [language, start] :
       {std::pair{"es", "Hola ana"}, {"es-MX", "Hola ana"}, {"fr", "Hi ana"}, {"en", "Hi ana"}}) {
    House house;
    Post post = house.make_post("P1");
    post.language = language;
    house.receive(post);
    house.go();
    EXPECT_THAT(house.texts().front(), testing::StartsWith(start)) << language;
  }
}

TEST(Language, IsDetectedWithItsConfidenceAndReachesIntoEvidence) {
  House house;
  house.billing->perform("check_charge", {done(charge_evidence(0))});
  Post post = house.make_post("P1", "me cobraron dos veces la factura");
  post.language.clear();
  house.receive(post);
  house.go();
  EXPECT_EQ(house.row().language, "es");
  EXPECT_GT(house.row().language_percent, 50);
  EXPECT_THAT(house.texts().back(), HasSubstr("Visto en castellano"));
}

TEST(Publishing, IsTriedAgainOnlyWhereTheChannelHasNothing) {
  House house;
  house.channel->publishing = {retry(), retry()};
  house.post("P1");
  house.pass(hour_ms);
  EXPECT_EQ(house.reply("acknowledge").state, published);
  EXPECT_EQ(house.channel->lines.size(), 2u);
}

TEST(Publishing, ThatIsUncertainIsLookedUpAndNeverRepeated) {
  House house;
  house.channel->publishing = {lost()};
  house.channel->posts_anyway = true;
  house.channel->looking_up = {lost(), done("{}")};
  house.post("P1");
  house.pass(minute_ms);
  EXPECT_EQ(house.reply("acknowledge").state, published);
  EXPECT_EQ(house.channel->lines.size(), 2u);
}

TEST(Publishing, ThatStaysUncertainForAnHourIsAPersonsTask) {
  House house;
  house.billing->perform("check_charge", {done(charge_evidence(0))});
  house.channel->publishing = {done("{}"), lost()};
  house.post("P1");
  house.pass(hour_ms);
  EXPECT_EQ(house.reply("explained").state, ReplyState::unknown);
  EXPECT_EQ(house.row().state, CaseState::active);
  ASSERT_TRUE(house.engine->settle_waive(house.reply("explained").id, "seen on the page", as("lea")));
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_EQ(house.channel->lines.size(), 1u);
}

TEST(Publishing, ThatAPersonSawInPublicEndsItsUncertainty) {
  House house;
  house.billing->perform("check_charge", {done(charge_evidence(0))});
  house.channel->publishing = {done("{}"), lost()};
  house.post("P1");
  const std::int64_t id = house.reply("explained").id;
  EXPECT_EQ(house.engine->settle_published(id, as("lea")).error().code, Code::conflict);
  house.pass(hour_ms);
  ASSERT_TRUE(house.engine->settle_published(id, as("lea")));
  EXPECT_EQ(house.reply("explained").state, ReplyState::published);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  house.pass(2 * hour_ms);
  EXPECT_EQ(house.channel->lines.size(), 1u);
  house.expect_sound();
}

TEST(FinalReply, ThatTheChannelRefusesKeepsTheCaseActiveUntilItIsDraftedAgain) {
  House house;
  house.billing->perform("check_charge", {done(charge_evidence(0))});
  house.channel->publishing = {done("{}"), says_no("too long")};
  house.post("P1");
  EXPECT_EQ(house.reply("explained").state, failed);
  EXPECT_EQ(house.row().state, CaseState::active);
  EXPECT_TRUE(house.task("community-lead", house.about_reply("explained")));
  EXPECT_TRUE(failed_with(house.engine->settle_again(house.reply("explained").id, as("bill")), Code::refused));
  ASSERT_TRUE(house.engine->settle_again(house.reply("explained").id, as("lea")));
  house.go();
  EXPECT_EQ(house.reply("explained").state, published);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_THAT(house.tasks(), IsEmpty());
}

TEST(FinalReply, ThatIsBlockedKeepsTheResolutionClockRunning) {
  HeldBack house({with(shipped_workflow(), R"("case.configuration == ['resolved']")", R"("false")")});
  ASSERT_TRUE(house.revoke());
  EXPECT_EQ(house.row().state, CaseState::active);
  EXPECT_EQ(house.row().resolution, DeadlineState::running);
  ASSERT_TRUE(house.engine->settle_waive(house.reply("refunded").id, "we called them", as("lea")));
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_EQ(house.row().resolution, DeadlineState::met);
}

struct Reviewed : House {
  Reviewed() {
    Post loud = make_post("P1");
    loud.author.verified = true;
    channel->publishing = {done("{}")};
    receive(loud);
    go();
  }
};

TEST(Review, HoldsAReplyBackUntilAPersonOfTheRoleApproves) {
  Reviewed house;
  ASSERT_EQ(house.reply("refunded").state, awaiting_review);
  EXPECT_EQ(house.channel->lines.size(), 1u);
  EXPECT_TRUE(failed_with(house.engine->review(house.reply("refunded").id, true, as("bill")), Code::refused));
  ASSERT_TRUE(house.engine->review(house.reply("refunded").id, true, as("carl")));
  house.go();
  EXPECT_EQ(house.reply("refunded").state, published);
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(Review, RefusedKeepsTheCaseActiveUntilItIsWaived) {
  Reviewed house;
  ASSERT_TRUE(house.engine->review(house.reply("refunded").id, false, as("carl")));
  house.pass(5 * day_ms);
  EXPECT_EQ(house.reply("refunded").state, refused);
  EXPECT_EQ(house.row().state, CaseState::active);
  EXPECT_TRUE(house.task("community-lead", house.about_reply("refunded")));
  ASSERT_TRUE(house.engine->settle_waive(house.reply("refunded").id, "told by telephone", as("lea")));
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(Review, ThatIsLateGoesToTheOwner) {
  Reviewed house;
  house.pass(hour_ms);
  EXPECT_TRUE(house.task("community-lead", house.about_reply("refunded")));
  EXPECT_TRUE(house.engine->review(house.reply("refunded").id, true, as("carl")));
}

TEST(Review, ApprovedExpiresAfterADay) {
  Reviewed house;
  for (int i = 0; i < 1'000; ++i) house.channel->publishing.push_back(retry());
  ASSERT_TRUE(house.engine->review(house.reply("refunded").id, true, as("carl")));
  house.pass(day_ms - 1);
  EXPECT_EQ(house.reply("refunded").state, approved);
  house.pass(1);
  EXPECT_EQ(house.reply("refunded").state, awaiting_review);
  EXPECT_EQ(house.reply("refunded").reviewed_by, "");
  house.channel->publishing.clear();
  house.pass(day_ms);
  EXPECT_EQ(house.channel->lines.size(), 1u);
}

TEST(Review, IsRefusedToWhoSuppliedTheEvidence) {
  House house;
  house.billing->perform("refund", {says_no()});
  house.post("P1");
  ASSERT_TRUE(house.engine->decide(house.commitment("by_hand").id, Decision::done, answer_evidence, "", as("cora")));
  house.go();
  ASSERT_EQ(house.reply("offered").state, awaiting_review);
  EXPECT_TRUE(failed_with(house.engine->review(house.reply("offered").id, true, as("cora")), Code::refused));
  EXPECT_TRUE(house.engine->review(house.reply("offered").id, true, as("carl")));
}

TEST(Review, IsRefusedToWhoseActDraftedIt) {
  House house({with(shipped_workflow(), R"("claims": { "by_hand": "declined" },)",
                    R"("claims": { "by_hand": "declined" }, "review": { "role": "community", "within": "PT1H" },)")});
  house.billing->perform("refund", {says_no()});
  house.post("P1");
  ASSERT_TRUE(house.engine->decide(house.commitment("by_hand").id, Decision::declined, "", "nothing to give", as("cora")));
  ASSERT_EQ(house.reply("unable").state, awaiting_review);
  EXPECT_EQ(house.reply("unable").drafted_by, "cora");
  EXPECT_TRUE(failed_with(house.engine->review(house.reply("unable").id, true, as("cora")), Code::refused));
  EXPECT_TRUE(house.engine->review(house.reply("unable").id, true, as("carl")));
}

TEST(FirstReply, IsMetWhenTheChannelConfirmsAnAcknowledgement) {
  House house;
  house.channel->publishing = {retry(), retry()};
  house.receive(house.make_post("P1"));
  house.go();
  EXPECT_EQ(house.row().first_reply, DeadlineState::running);
  house.pass(10 * second_ms);
  EXPECT_EQ(house.row().first_reply, DeadlineState::met);
  EXPECT_EQ(house.row().first_reply_due_at_ms, opening_ms + 15 * minute_ms);
}

Post in_private(Post post) {
  post.is_private = true;
  return post;
}

TEST(Reply, ToAPrivatePostIsPrivateAndIsNoFirstReply) {
  House house;
  house.receive(in_private(house.make_post("P1")));
  house.go();
  ASSERT_FALSE(house.channel->lines.empty());
  for (const auto& line : house.channel->lines) EXPECT_TRUE(line.is_private) << line.text;
  EXPECT_EQ(house.reply("acknowledge").state, published);
  EXPECT_EQ(house.row().first_reply, DeadlineState::running);
}

TEST(Reply, AnswersTheCustomersLatestPublicPostWhereThereIsOne) {
  House house;
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  Post hidden = in_private(house.make_post("P2", "it is A-1"));
  hidden.thread = "P1";
  house.receive(hidden);
  ASSERT_TRUE(house.engine->send_event("C-000001", "manual.identified", R"({"account":"A-1"})", as("carl")));
  house.go();
  ASSERT_EQ(house.reply("refunded").state, published);
  EXPECT_EQ(house.channel->lines.back().in_reply_to, "P1");
  EXPECT_FALSE(house.channel->lines.back().is_private);
}

TEST(Reply, LeavesThePrivateThreadOnceTheCustomerWritesInPublic) {
  House house;
  house.billing->perform("find_account", {says_no()});
  house.receive(in_private(house.make_post("P1")));
  house.go();
  house.answer("P2", "it is A-1");
  ASSERT_TRUE(house.engine->send_event("C-000001", "manual.identified", R"({"account":"A-1"})", as("carl")));
  house.go();
  EXPECT_EQ(house.channel->lines.back().in_reply_to, "P2");
  EXPECT_FALSE(house.channel->lines.back().is_private);
  EXPECT_EQ(house.row().first_reply, DeadlineState::met);
}

TEST(FirstReply, BornLateIsBreachedOnce) {
  House house;
  Post post = house.make_post("P1");
  post.created_at_ms -= hour_ms;
  house.receive(post);
  house.pass(day_ms);
  EXPECT_EQ(house.row().first_reply, DeadlineState::breached);
  const std::string journal = house.journal();
  const std::string name = "\"sla.first_reply.breached\"";
  const std::size_t at = journal.find(name);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(journal.find(name, at + 1), std::string::npos);
}

TEST(FirstReply, IsAtRiskThenBreachedWhileTheChannelTakesNothing) {
  House house;
  for (int i = 0; i < 100; ++i) house.channel->publishing.push_back(retry());
  house.post("P1");
  house.pass(10 * minute_ms);
  EXPECT_EQ(house.row().first_reply, DeadlineState::at_risk);
  EXPECT_TRUE(house.task("community-lead", "sla:first_reply"));
  house.pass(5 * minute_ms);
  EXPECT_EQ(house.row().first_reply, DeadlineState::breached);
}

TEST(Resolution, PausesWhileTheCustomerIsAsked) {
  House house;
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  EXPECT_EQ(house.row().state, CaseState::waiting_customer);
  EXPECT_EQ(house.row().resolution, DeadlineState::paused);
  const std::int64_t due = house.row().resolution_due_at_ms;
  house.pass(3 * day_ms);
  EXPECT_EQ(house.row().resolution, DeadlineState::paused);
  house.answer("P2", "it is A-1");
  EXPECT_EQ(house.row().state, CaseState::active);
  EXPECT_EQ(house.row().resolution, DeadlineState::running);
  EXPECT_EQ(house.row().resolution_due_at_ms, due + 3 * day_ms);
}

}  // namespace
}  // namespace redress::house
