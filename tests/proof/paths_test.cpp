// What holds on every path, rule by rule: each test breaks one thing of a good workflow, or shows that what looks broken is
// not.
#include "proof/checking.hpp"

namespace redress::proof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The one finding.
Finding only(const std::string& text) {
  const auto found = findings_of(text);
  EXPECT_EQ(found.size(), 1U) << workflow::files::printed(found);
  return found.empty() ? Finding{} : found.front();
}

// The one of this rule, among others.
Finding of_rule(const std::string& rule, const std::string& text) {
  const auto found = findings_of(text);
  const auto one = std::find_if(found.begin(), found.end(), [&](const Finding& each) { return each.rule == rule; });
  EXPECT_NE(one, found.end()) << workflow::files::printed(found);
  return one == found.end() ? Finding{} : *one;
}

void expect_fine(const std::string& text) { EXPECT_EQ(workflow::files::printed(findings_of(text)), ""); }

// With one reply more.
std::string with_reply(const std::string& text, const std::string& reply) {
  return with(text, R"("refunded": {)", reply + R"(,
    "refunded": {)");
}

const std::string asks_for_refund = R"("entry": [ { "commit": "refund" } ])";
const std::string tells_refund = R"("refund.fulfilled": { "target": "closed", "actions": [ { "reply": "refunded" } ] })";
const std::string refund_failed = R"("refund.failed": { "target": "reviewing" })";
const std::string wide_overdue = R"("*.overdue": { "actions": [ { "escalate": "community-lead" } ] })";

TEST(Good, HasNothingToFind) { expect_fine(good()); }

// ---- claims
// -------------------------------------------------------------------------------------------------------------------

TEST(Claim, ThatIsFalseOnOneOfItsPathsIsFoundWithTheShortest) {
  const Finding found =
      only(with(good(), refund_failed, R"("refund.failed": { "target": "closed", "actions": [ { "reply": "refunded" } ] })"));
  EXPECT_EQ(found.rule, "false_claim");
  EXPECT_THAT(found.message, HasSubstr("here it can be failed"));
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.fulfilled", "refund.failed"));
  EXPECT_EQ(found.path.back().configuration, std::vector<std::string>{"closed"});
  EXPECT_EQ(found.path.back().rules, std::vector<std::string>{"/states/refunding/on/refund.failed"});
}

TEST(Claim, OfARequestThatWaitsForAnApprovalIsFalse) {
  const Finding found = only(with(good(), R"("action": "find_account", "due": "PT10M",)",
                                  R"("action": "find_account", "due": "PT10M", "approval": { "role": "supervisor" },)"));
  EXPECT_EQ(found.rule, "false_claim");
  EXPECT_THAT(found.message, HasSubstr("awaiting its approval"));
}

TEST(Claim, ThatWorkIsAcceptedHoldsOnceItIsFulfilled) {
  const std::string begun = R"("begun": { "claims": { "refund": "accepted" }, "text": { "en": "Begun.", "es": "Empezado." } })";
  expect_fine(with_reply(with(good(), tells_refund,
                              R"("refund.accepted": { "actions": [ { "reply": "begun" } ] },
        "refund.fulfilled": { "target": "closed", "actions": [ { "reply": "begun" }, { "reply": "refunded" } ] })"),
                         begun));
}

TEST(Claim, UnderAGuardThatMakesItTrueHolds) {
  const std::string begun = R"("begun": { "claims": { "refund": "accepted" }, "text": { "en": "Begun.", "es": "Empezado." } })";
  const auto replying = [&](const std::string& guard) {
    return with_reply(
        with(good(), tells_refund, R"("customer.replied": { "guard": ")" + guard + R"(", "actions": [ { "reply": "begun" } ] },
        )" + tells_refund),
        begun);
  };
  expect_fine(replying("refund.state == 'in_progress'"));
  EXPECT_EQ(only(replying("refund.state == 'in_progress' || refund.state == 'requested'")).rule, "false_claim");
}

TEST(Claim, OfWorkThatMayHaveBeenCancelledIsFalse) {
  const Finding found = only(with(good(), R"([ { "commit": "identify" }, { "reply": "received" } ])",
                                  R"([ { "commit": "identify" }, { "cancel": "identify" }, { "reply": "received" } ])"));
  EXPECT_EQ(found.rule, "false_claim");
  EXPECT_THAT(found.message, HasSubstr("cancelled"));
}

TEST(Claim, BehindATransitionWithoutAnEventIsLookedAtAfterEveryEvent) {
  const Finding found = of_rule("false_claim", with(good(), asks_for_refund, asks_for_refund + R"(,
      "always": { "guard": "refund.state == 'in_progress'", "target": "closed", "actions": [ { "reply": "refunded" } ] })"));
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.fulfilled", "refund.accepted"));
}

TEST(Claim, OfAStateThatIsEnteredAgainFromOneOfItsRegionsIsKnownStill) {
  const std::string told = with_reply(
      with(good(), R"("identify.declined": { "target": "reviewing" })", R"("identify.declined": { "target": "both" })"),
      R"("not_known": { "claims": { "identify": "declined" }, "text": { "en": "Not known.", "es": "No está." } })");
  expect_fine(with(told, R"("reviewing": {)", R"("both": {
      "type": "parallel", "entry": [ { "reply": "not_known" } ],
      "states": {
        "a": { "initial": "a1", "states": { "a1": {
          "manual": { "again": { "role": "community" }, "over": { "role": "community" } },
          "on": { "manual.again": { "target": "both.b.b2" },
                  "manual.over": { "target": "closed", "actions": [ { "reply": "not_known" } ] } } } } },
        "b": { "initial": "b1", "states": { "b1": {}, "b2": {} } }
      }
    },
    "reviewing": {)"));
}

TEST(Claim, AfterWorkThatCouldNotBeAskedForIsFalseWhereTheWorkflowTakesErrors) {
  const std::string begun = R"("begun": { "claims": { "refund": "requested" }, "text": { "en": "Asked.", "es": "Pedido." } })";
  const std::string asked =
      with(with_reply(with(good(), asks_for_refund, R"("entry": [ { "reply": "begun" } ])"), begun),
           R"("actions": [ { "set": { "account": "identify.evidence.account" } } ] })",
           R"("actions": [ { "set": { "account": "identify.evidence.account" } }, { "commit": "refund" } ] })");
  expect_fine(asked);  // Otherwise the whole reaction is undone.
  const Finding found = of_rule("false_claim", with(asked, wide_overdue, wide_overdue + R"(,
    "error.expression": { "actions": [ { "escalate": "community-lead" } ] })"));
  EXPECT_EQ(found.pointer, "/states/refunding/entry/0");
  EXPECT_THAT(found.message, HasSubstr("not committed"));
}

// ---- outcomes
// -----------------------------------------------------------------------------------------------------------------

TEST(Outcome, ThatNothingTakesIsFoundWhereItCanCome) {
  const Finding found = only(with(good(), R"(        "refund.declined": { "target": "reviewing" },
)",
                                  ""));
  EXPECT_EQ(found.rule, "unhandled");
  EXPECT_EQ(found.pointer, "/states/refunding");
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.fulfilled", "refund.declined"));
}

TEST(Outcome, ThatIsTakenUnderAGuardAloneIsNotTakenWhereItDoesNotHold) {
  const Finding found =
      only(with(good(), refund_failed, R"("refund.failed": { "guard": "case.priority == 'high'", "target": "reviewing" })"));
  EXPECT_EQ(found.rule, "unhandled");
  EXPECT_THAT(found.message, HasSubstr("no guard"));
}

TEST(Outcome, ThatAGuardSurelyTakesIsTaken) {
  expect_fine(
      with(good(), refund_failed, R"("refund.failed": { "guard": "refund.state == 'failed'", "target": "reviewing" })"));
}

TEST(Outcome, OfWorkThatHasEndedCannotCome) {
  expect_fine(with(good(), R"("identify.failed": { "target": "reviewing" })",
                   R"("identify.failed": { "target": "reviewing", "actions": [ { "cancel": "refund" } ] })"));
}

TEST(Outcome, ThatOnlyAWorkflowWideTargetLeavesOpenIsAWarning) {
  const std::string hurried = with(with(good(), wide_overdue, wide_overdue + R"(,
    "customer.replied": { "target": "reviewing" })"),
                                   R"("first_reply": { "within": "PT15M", "at_risk": "PT10M" },)", "");
  const auto found = findings_of(hurried);
  ASSERT_FALSE(found.empty());
  for (const Finding& each : found) EXPECT_EQ(each.severity, Severity::warning) << each.message;
  const auto manifests = workflow::files::manifests();
  EXPECT_TRUE(check(hurried, "f.json", {.manifests = manifests, .rules = nullptr}).workflow);
}

TEST(Outcome, ThatComesAtOnceSinceTheWorkIsDoneAlreadyIsTakenToo) {
  const std::string again =
      with(good(), tells_refund,
           R"("refund.fulfilled": { "target": "closed", "actions": [ { "reply": "refunded" }, { "commit": "refund" } ] })");
  const Finding found = only(again);
  EXPECT_EQ(found.rule, "unhandled");
  EXPECT_EQ(found.pointer, "/states/closed");
  EXPECT_THAT(found.message, HasSubstr("'refund.fulfilled' can come again at once"));
}

TEST(Overdue, ThatNothingTakesIsOneFindingForAllCommitments) {
  const Finding found = only(with(good(), wide_overdue + ",\n", ""));
  EXPECT_EQ(found.rule, "unhandled");
  EXPECT_THAT(found.mend, HasSubstr("\"*.overdue\""));
}

// ---- reads
// --------------------------------------------------------------------------------------------------------------------

TEST(Read, OfDataThatOnePathDoesNotSetIsFound) {
  const Finding found = only(
      with(good(), R"("identify.declined": { "target": "reviewing" })", R"("identify.declined": { "target": "refunding" })"));
  EXPECT_EQ(found.rule, "unset");
  EXPECT_EQ(found.pointer, "/commitments/refund/input/account");
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.declined"));
}

TEST(Read, OfDataUnderAGuardThatAsksForItIsFine) {
  expect_fine(
      with(good(), R"("identify.declined": { "target": "reviewing" })",
           R"j("identify.declined": [ { "guard": "has(case.account)", "target": "refunding" }, { "target": "reviewing" } ])j"));
}

TEST(Read, OfEvidenceThatMayNotBeThereIsFound) {
  const Finding found = only(with(good(), refund_failed,
                                  R"("refund.failed": { "target": "reviewing" },
        "customer.replied": { "guard": "refund.evidence.amount_minor > 0", "actions": [ { "escalate": "community-lead" } ] })"));
  EXPECT_EQ(found.rule, "unset");
  EXPECT_THAT(found.message, HasSubstr("no evidence of 'refund'"));
}

TEST(Read, OfEvidenceThatTheRestOfTheGuardRulesOutIsFine) {
  expect_fine(with(good(), refund_failed,
                   R"("refund.failed": { "target": "reviewing" },
        "customer.replied": { "guard": "refund.state == 'fulfilled' && refund.evidence.amount_minor > 0", "actions": [ { "escalate": "community-lead" } ] })"));
}

TEST(Read, OfDataThatAnEarlierEpisodeSetIsStillNotSure) {
  const Finding found =
      of_rule("unset", with(good(), R"(  "on": {
    "refund.revoked")",
                            R"(  "reopen": { "on": "customer.replied", "within": "P7D", "target": "refunding" },
  "on": {
    "refund.revoked")"));
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.declined", "by_hand.fulfilled", "customer.replied"));
}

// One that is asked for on one way of two.
std::string asking_about_refund(const std::string& guard) {
  return with(good(), R"("by_hand.failed": {)",
              R"("customer.replied": { "guard": ")" + guard +
                  R"(", "actions": [ { "escalate": "community-lead" } ] },
        "by_hand.failed": {)");
}

TEST(Read, OfWorkThatMayNotBeAskedForIsFound) {
  const Finding found = only(asking_about_refund("refund.state == 'declined'"));
  EXPECT_EQ(found.rule, "unset");
  EXPECT_THAT(found.message, HasSubstr("'refund' may not be committed yet"));
  EXPECT_THAT(found.mend, HasSubstr("has(refund.state)"));
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.declined", "customer.replied"));
}

TEST(Read, OfWorkUnderAGuardThatAsksForItIsFine) {
  expect_fine(asking_about_refund("has(refund.state) && refund.state == 'declined'"));
  expect_fine(asking_about_refund("has(refund.evidence) && refund.state == 'fulfilled' && refund.evidence.amount_minor > 0"));
}

TEST(Read, UnderAGuardKnowsWhetherTheWorkWasAskedFor) {
  expect_fine(with(good(), refund_failed, refund_failed + R"j(,
        "customer.replied": { "guard": "!has(refund.state)", "target": "closed", "actions": [ { "reply": "refunded" } ] })j"));
}

std::string reopened_where(const std::string& guard) {
  return with(
      good(), R"(  "on": {
    "refund.revoked")",
      R"(  "reopen": { "on": "customer.replied", "within": "P7D", "guard": ")" + guard + R"(", "target": "identifying" },
  "on": {
    "refund.revoked")");
}

TEST(Read, OfEvidenceWhereACaseIsReopenedIsFound) {
  const Finding found = only(reopened_where("by_hand.evidence.answer == ''"));
  EXPECT_EQ(found.rule, "unset");
  EXPECT_EQ(found.pointer, "/reopen/guard");
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.fulfilled", "refund.fulfilled", "customer.replied"));
}

TEST(Read, OfEvidenceThatIsAskedForWhereACaseIsReopenedIsFine) {
  expect_fine(reopened_where("has(by_hand.evidence) && by_hand.evidence.answer == ''"));
}

// ---- ends
// ---------------------------------------------------------------------------------------------------------------------

TEST(End, WithoutAReplyIsFound) {
  const Finding found = only(with(good(), refund_failed, R"("refund.failed": { "target": "closed" })"));
  EXPECT_EQ(found.rule, "no_closing_reply");
  EXPECT_EQ(found.pointer, "/states/refunding/on/refund.failed");
}

TEST(End, WhoseOwnEntryRepliesIsTold) {
  const std::string bye = R"("bye": { "text": { "en": "Write to us here any time.", "es": "Escríbenos cuando quieras." } })";
  const std::string silent = with_reply(with(good(), refund_failed, R"("refund.failed": { "target": "closed" })"), bye);
  expect_fine(
      with(silent, R"("closed": { "type": "final" })", R"("closed": { "type": "final", "entry": [ { "reply": "bye" } ] })"));
}

TEST(End, WithWorkOpenIsFound) {
  const Finding found =
      only(with(with(good(), asks_for_refund, R"("entry": [ { "commit": "refund" }, { "commit": "by_hand" } ])"), wide_overdue,
                R"("by_hand.*": { "actions": [ { "escalate": "community-lead" } ] },
    )" + wide_overdue));
  EXPECT_EQ(found.rule, "open_work");
  EXPECT_THAT(found.message, HasSubstr("'by_hand'"));
}

TEST(End, ThatNothingLeadsToAnyMoreIsFound) {
  const Finding found = only(with(good(), R"(,
        "manual.try_again": { "target": "reviewing" }
      },
      "manual": { "try_again": { "role": "community-lead" } })",
                                  "\n      }"));
  EXPECT_EQ(found.rule, "no_way_out");
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.declined", "by_hand.failed"));
}

TEST(Wait, ThatOnlyTheCustomerEndsIsAWarning) {
  const std::string asking = with(
      with(good(), refund_failed, R"("refund.failed": { "target": "asking" })"), R"("closed": { "type": "final" })",
      R"("asking": { "on": { "customer.replied": { "target": "reviewing" } }, "after": { "P1D": { "actions": [ { "escalate": "community-lead" } ] } } },
    "closed": { "type": "final" })");
  const Finding found = only(asking);
  EXPECT_EQ(found.rule, "endless_wait");
  EXPECT_EQ(found.severity, Severity::warning);
  EXPECT_EQ(found.pointer, "/states/asking");
}

std::string undoable() {
  return with(good(), R"("action": "refund", "due": "PT12H",)",
              R"("action": "refund", "due": "PT12H", "undo": "reverse_refund",)");
}

TEST(Wait, ForAnUndoThatFailsIsAWarning) {
  const auto returning = [&](const std::string& rest) {
    return with(with_reply(with(undoable(), tells_refund,
                                R"("refund.fulfilled": { "target": "returning", "actions": [ { "reply": "refunded" } ] })"),
                           R"("returned": { "corrects": "refunded", "text": { "en": "Not so.", "es": "No es así." } })"),
                R"("reviewing": {)",
                R"("returning": {
      "entry": [ { "undo": "refund" } ],
      "on": { "refund.undone": { "target": "reviewing", "actions": [ { "reply": "returned" } ] } })" +
                    rest + R"(
    },
    "reviewing": {)");
  };
  const Finding found = only(returning(""));
  EXPECT_EQ(found.rule, "endless_wait");
  EXPECT_THAT(events_of(found),
              ElementsAre("case.opened", "identify.fulfilled", "refund.fulfilled", "refund cannot be undone"));
  expect_fine(returning(R"(,
      "after": { "P1D": { "target": "closed", "actions": [ { "reply": "received" } ] } })"));
}

TEST(Wait, ForWorkOfAnEarlierEpisodeThatIsAboutToBeUndoneIsAWarning) {
  const Finding found =
      of_rule("endless_wait", with(with(undoable(), wide_overdue, wide_overdue + R"(,
    "post.deleted": { "actions": [ { "undo": "refund" } ] })"),
                                   R"(  "on": {
    "refund.revoked")",
                                   R"(  "reopen": { "on": "customer.replied", "within": "P7D", "target": "identifying" },
  "on": {
    "refund.revoked")"));
  EXPECT_EQ(found.pointer, "/states/refunding");  // What it commits is about to be undone: nothing is asked for.
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.fulfilled", "refund.fulfilled", "post.deleted",
                                            "customer.replied", "identify.fulfilled", "refund cannot be undone"));
}

TEST(State, ThatOnlyAnEventWhichCannotComeLeadsToIsFound) {
  const Finding found =
      only(with(with(good(), refund_failed, R"("refund.failed": { "target": "reviewing" },
        "by_hand.declined": { "target": "odd" })"),
                R"("closed": { "type": "final" })", R"("odd": { "after": { "P1D": { "target": "reviewing" } } },
    "closed": { "type": "final" })"));
  EXPECT_EQ(found.rule, "unreachable");
  EXPECT_EQ(found.pointer, "/states/odd");
}

// ---- loops
// --------------------------------------------------------------------------------------------------------------------

TEST(Loop, OfWorkThatIsAskedForAgainAtOnceIsFound) {
  const Finding found = only(with(good(), refund_failed, R"("refund.failed": { "target": "refunding" })"));
  EXPECT_EQ(found.rule, "loop");
  EXPECT_THAT(found.message, HasSubstr("'refund' is committed again and again"));
}

TEST(Loop, OverTwoStatesIsFoundWithItsRound) {
  const Finding found = only(with(good(), R"("by_hand.failed": { "actions": [ { "escalate": "community-lead" } ] },)",
                                  R"("by_hand.failed": { "target": "identifying" },)"));
  EXPECT_EQ(found.rule, "loop");
}

TEST(Loop, ThatWaitsAMinuteIsNone) {
  expect_fine(with(with(good(), refund_failed, R"("refund.failed": { "target": "resting" })"),
                   R"("closed": { "type": "final" })",
                   R"("resting": { "after": { "PT1M": { "target": "refunding" } } },
    "closed": { "type": "final" })"));
}

TEST(Loop, ThatWaitsLessIsFound) {
  const Finding found =
      only(with(with(good(), refund_failed, R"("refund.failed": { "target": "resting" })"), R"("closed": { "type": "final" })",
                R"("resting": { "after": { "PT59S": { "target": "refunding" } } },
    "closed": { "type": "final" })"));
  EXPECT_EQ(found.rule, "loop");
}

TEST(Loop, WithinOneReactionIsFound) {
  const Finding found = only(with(good(), wide_overdue, R"("ping": { "actions": [ { "raise": "pong" } ] },
    "pong": { "actions": [ { "raise": "ping" } ] },
    "customer.replied": { "actions": [ { "raise": "ping" } ] },
    )" + wide_overdue));
  EXPECT_EQ(found.rule, "loop");
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "customer.replied"));
}

// ---- time
// ---------------------------------------------------------------------------------------------------------------------

TEST(Resolution, ThatTheLongestWayCannotKeepIsFoundWithThatWay) {
  const Finding found = only(with(good(), R"("within": "P2D", "at_risk": "PT36H")", R"("within": "P1D", "at_risk": "PT18H")"));
  EXPECT_EQ(found.rule, "late_resolution");
  EXPECT_THAT(found.message, HasSubstr("P1DT1H10M"));
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.fulfilled", "refund.failed", "by_hand.fulfilled"));
}

TEST(Resolution, ThatTheLongestWayJustKeepsIsFine) {
  expect_fine(with(good(), R"("within": "P2D", "at_risk": "PT36H")", R"("within": "P1DT1H10M", "at_risk": "PT18H")"));
}

TEST(Resolution, DoesNotCountAPause) {
  const std::string asking = with(
      with(good(), refund_failed, R"("refund.failed": { "target": "asking" })"), R"("closed": { "type": "final" })",
      R"("asking": { "on": { "customer.replied": { "target": "reviewing" } }, "after": { "P5D": { "target": "reviewing" } } },
    "closed": { "type": "final" })");
  EXPECT_EQ(only(asking).rule, "late_resolution");
  expect_fine(with(asking, R"("at_risk": "PT36H" })", R"("at_risk": "PT36H", "pause_in": [ "asking" ] })"));
}

TEST(FirstReply, ThatWaitsForWorkWhichMayTakeLongerIsFound) {
  const std::string later =
      with(with(good(), R"([ { "commit": "identify" }, { "reply": "received" } ])", R"([ { "commit": "identify" } ])"),
           asks_for_refund, R"("entry": [ { "commit": "refund" }, { "reply": "received" } ])");
  const Finding found = only(later);  // Where the account is not found, the first reply is the people's.
  EXPECT_EQ(found.rule, "late_first_reply");
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "identify.declined", "by_hand.fulfilled"));
}

// ---- revocations
// --------------------------------------------------------------------------------------------------------------

TEST(Revocation, ThatNobodyCorrectsIsFound) {
  const Finding found =
      of_rule("no_correction",
              with(good(), R"("target": "reviewing", "actions": [ { "reply": "correction" } ])", R"("target": "reviewing")"));
  EXPECT_EQ(found.pointer, "/replies/refunded");
}

TEST(Revocation, ThatOneStateDoesNotCorrectIsFoundWithTheWayThere) {
  const std::string waiting =
      with(with(good(), tells_refund, R"("refund.fulfilled": { "target": "thanking" })"), R"("reviewing": {)", R"("thanking": {
      "entry": [ { "reply": "refunded" } ],
      "on": { "customer.replied": { "target": "closed", "actions": [ { "reply": "received" } ] } REST },
      "after": { "PT1H": { "target": "closed", "actions": [ { "reply": "refunded" } ] } }
    },
    "reviewing": {)");
  const std::string told = with(waiting, R"([ { "reply": "received" } ] } REST)", R"([ { "reply": "refunded" } ] } REST)");
  expect_fine(with(told, " REST", ""));
  const Finding found = only(with(told, " REST", R"(, "refund.revoked": { "target": "reviewing" })"));
  EXPECT_EQ(found.rule, "no_correction");
  EXPECT_EQ(found.pointer, "/states/thanking/on/refund.revoked");
  EXPECT_THAT(events_of(found),
              ElementsAre("case.opened", "identify.fulfilled", "refund.fulfilled", "refund.revoked", "by_hand.fulfilled"));
}

TEST(Revocation, OfAnEarlierEpisodeComesInTheMiddleOfTheNext) {
  const auto found = findings_of(with(good(), R"(  "on": {
    "refund.revoked")",
                                      R"(  "reopen": { "on": "customer.replied", "within": "P7D", "target": "identifying" },
  "on": {
    "refund.revoked")"));
  ASSERT_FALSE(found.empty());
  for (const Finding& each : found) EXPECT_EQ(each.severity, Severity::warning) << each.message;
  const bool mid = std::any_of(found.begin(), found.end(), [](const Finding& each) {
    return each.rule == "open_work" && each.message.find("'identify'") != std::string::npos;
  });
  EXPECT_TRUE(mid) << workflow::files::printed(found);
}

}  // namespace
}  // namespace redress::proof
