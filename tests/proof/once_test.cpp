// What comes once, or may not come at all, is nothing that a case can rely on: each workflow here stands still, ends with work
// open, or is silent, though some event of its file would lead it on.
#include <nlohmann/json.hpp>

#include "proof/checking.hpp"

namespace redress::proof {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::HasSubstr;

const Json frame = Json::parse(R"json({
  "redress": 1, "id": "once", "version": "1.0.0", "default_language": "en", "owner": "lead",
  "intake": { "when": "true", "category": "any" },
  "commitments": {
    "work": { "department": "commercial", "action": "review", "due": "PT2H", "input": { "question": "What?", "text": "This." } },
    "refund": { "department": "billing", "action": "refund", "due": "PT2H", "undo": "reverse_refund",
                "input": { "account": "A", "amount_minor": 100, "currency": "EUR" } } },
  "replies": {
    "hello": { "text": { "en": "Hello." } },
    "bye": { "text": { "en": "Bye." } },
    "told": { "text": { "en": "It is paid: {{ refund.evidence.receipt }}." } },
    "correction": { "corrects": "told", "claims": { "refund": "revoked" }, "text": { "en": "It came back." } } },
  "on": { "*.overdue *.unknown": { "actions": [ { "escalate": "lead" } ] },
          "refund.revoked": { "actions": [ { "reply": "correction" } ] } } })json");

// The states, in which {end} is a transition that ends the episode with a word; `changes` are merged into the file.
std::string flow(std::string states, const char* changes = "{}") {
  const std::string mark = "{end}", end = R"({ "target": "ended", "actions": [ { "reply": "bye" } ] })";
  for (std::size_t at = states.find(mark); at != std::string::npos; at = states.find(mark))
    states.replace(at, mark.size(), end);
  Json workflow = frame;
  workflow.merge_patch(Json::parse(changes));
  workflow["states"] = Json::parse(states);
  workflow["initial"] = workflow["states"].begin().key();
  workflow["states"]["ended"] = {{"type", "final"}};
  const std::string text = workflow.dump();
  for (const char* name : {"work", "refund"})  // What nobody asks for is another finding.
    if (text.find("{\"commit\":\"" + std::string(name) + "\"}") == std::string::npos) workflow["commitments"].erase(name);
  if (!workflow["commitments"].contains("refund")) {
    for (const char* name : {"told", "correction"}) workflow["replies"].erase(name);
    workflow["on"].erase("refund.revoked");
  }
  return workflow.dump();
}

Finding only(const std::string& text) {
  const auto found = findings_of(text);
  EXPECT_EQ(found.size(), 1U) << workflow::files::printed(found);
  return found.empty() ? Finding{} : found.front();
}
void expect_fine(const std::string& text) { EXPECT_EQ(workflow::files::printed(findings_of(text)), ""); }

void expect_trap(const std::string& text, const std::string& state, const std::string& why = "") {
  const auto found = findings_of(text);
  const auto trap = std::find_if(found.begin(), found.end(), [](const Finding& each) { return each.rule == "no_way_out"; });
  ASSERT_NE(trap, found.end()) << workflow::files::printed(found);
  EXPECT_EQ(trap->pointer, "/states/" + state);
  EXPECT_THAT(trap->message, HasSubstr(why));
}

const std::string asking = R"("asking": { "entry": [ { "commit": "work" }, { "reply": "hello" } ],
  "on": { "work.fulfilled work.declined work.failed": {end}, "customer.replied": STOP } })";
std::string stopped(const std::string& stop, const std::string& then) {
  return "{" + with(asking, "STOP", stop) + "," + then + "}";
}
const std::string cancels = R"({ "target": "stopping", "actions": [ { "cancel": "work" } ] })";

TEST(Cancelling, LeavesNothingToWaitForWhereOnlyOutcomesLeadOn) {
  expect_trap(flow(stopped(cancels, R"("stopping": { "on": { "work.fulfilled work.declined work.failed": {end} } })")),
              "stopping", "where 'work' is cancelled, nothing that can come is sure to lead to a final state");
}

TEST(Cancelling, IsTakenWhenItIsToldAndOnlyThen) {
  const std::string waits =
      R"("stopping": { "on": { "work.cancelled": END, "work.fulfilled work.declined work.failed": {end} } })";
  expect_fine(flow(stopped(cancels, with(waits, "END", "{end}"))));
  const std::string twice = R"(, "stopped": { "on": { "work.cancelled": {end} } })";
  expect_trap(flow(stopped(cancels, with(waits, "END", R"({ "target": "stopped" })") + twice)), "stopped");
}

TEST(Cancelling, IsToldAtOnceWhereNoDepartmentWasAsked) {
  const std::string raises = R"({ "target": "between", "actions": [ { "cancel": "work" }, { "raise": "go" } ] })";
  const std::string between = R"("between": { "on": { "go": { "target": "stopping" } } },
    "stopping": { "on": { "work.cancelled work.fulfilled work.declined work.failed": {end} } })";
  expect_trap(flow(stopped(raises, between)), "stopping");
}

TEST(Timer, WhoseGuardMayNotHoldComesOnce) {
  const std::string text =
      R"({ "waiting": { "entry": [ { "reply": "hello" } ], "after": { "PT1H": [ { "guard": "post.author.verified", "target": "ended",
           "actions": [ { "reply": "bye" } ] } ELSE ] } } })";
  expect_trap(flow(with(text, " ELSE", "")), "waiting");
  expect_fine(flow(with(text, " ELSE", ", {end}")));
}

TEST(Act, WhoseGuardAsksForItsFormIsChosenByItsPerson) {
  const std::string text = R"json({ "waiting": { "entry": [ { "reply": "hello" } ],
    "manual": { "close": { "role": "lead", "form": { "sure": { "type": "boolean" } } } },
    "on": { "manual.close": { "guard": "GUARD", "target": "ended", "actions": [ { "reply": "bye" } ] } } } })json";
  expect_fine(flow(with(text, "GUARD", "event.form.sure")));
  expect_trap(flow(with(text, "GUARD", "post.author.verified")), "waiting");
}

TEST(Publication, ComesOnceForEachDraft) {
  const std::string text =
      R"({ "waiting": { "entry": [ { "reply": "hello" } ], "on": { "hello.published": { "target": "then" } } },
    "then": { "entry": ENTRY, "on": { "hello.published": {end} } } })";
  expect_trap(flow(with(text, "ENTRY", "[]")), "then");
  expect_fine(flow(with(text, "ENTRY", R"([ { "reply": "hello" } ])")));
}

TEST(Publication, IsExpectedAndNotThatItFails) {
  const std::string text =
      R"({ "waiting": { "entry": [ { "reply": "hello" } ], "on": { "hello.published": {end}, "hello.failed": {end} } } })";
  expect_fine(flow(text));
  expect_trap(flow(with(text, R"("hello.published": {end}, )", "")), "waiting");
}

TEST(Publication, ThatIsBlockedIsToldInTheSameReaction) {
  const Finding found =
      only(flow(R"({ "waiting": { "entry": [ { "reply": "hello" } ], "on": { "customer.replied": { "target": "between",
      "actions": [ { "commit": "work" }, { "reply": "hello" }, { "raise": "go" } ] } } },
    "between": { "on": { "go": { "target": "asking" }, "hello.blocked": {end} } },
    "asking": { "on": { "work.fulfilled work.declined work.failed": {end} } } })"));
  EXPECT_EQ(found.rule, "open_work");
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "customer.replied"));
}

TEST(Deadline, IsNoWayOut) {
  const char* sla = R"({ "sla": { "first_reply": { "within": "PT4H" }, "resolution": { "within": "P1D" } } })";
  for (const char* event : {"sla.first_reply.breached", "sla.resolution.breached"})
    expect_trap(
        flow(R"({ "waiting": { "entry": [ { "reply": "hello" } ], "on": { ")" + std::string(event) + R"(": {end} } } })", sla),
        "waiting");
}

const std::string paying = R"({ "paying": { "entry": [ { "commit": "refund" }, { "reply": "hello" } ],
    "on": { "refund.fulfilled": TOLD, "refund.declined refund.failed": {end} } } REST })";

TEST(Undoing, OfWhatAnEarlierEpisodeDidIsNotAskedForAgainMeanwhile) {
  expect_trap(
      flow(
          R"({ "choosing": { "entry": [ { "reply": "hello" } ], "manual": { "pay": { "role": "lead" }, "take": { "role": "lead" } },
      "on": { "manual.pay": { "target": "paying" }, "manual.take": { "target": "paying", "actions": [ { "undo": "refund" } ] } } },
    "paying": { "entry": [ { "commit": "refund" } ], "on": { "refund.fulfilled": { "target": "ended", "actions": [ { "reply": "told" } ] },
      "refund.declined refund.failed": {end} } } })",
          R"({ "reopen": { "on": "customer.replied", "target": "choosing" } })"),
      "paying");
}

const std::string tells = R"({ "target": "watching", "actions": [ { "reply": "told" } ] })";
const std::string watching = R"(, "watching": { "manual": { "close": { "role": "lead" } },
    "on": { "manual.close": {end}, "refund.revoked": REVOKED } } MORE)";
std::string revoked(const std::string& told, const std::string& taken_back, const std::string& more = "") {
  return with(with(paying, "TOLD", told), " REST", with(with(watching, "REVOKED", taken_back), " MORE", more));
}

TEST(Correction, OfWhatWasNeverToldIsNoLastWord) {
  const std::string corrects = R"({ "target": "ended", "actions": [ { "reply": "correction" } ] })";
  expect_fine(flow(revoked(tells, corrects)));
  const std::string silent = R"([ { "guard": "post.author.verified", "target": "watching" }, )" + tells + "]";
  const Finding found = only(flow(revoked(silent, corrects)));
  EXPECT_EQ(found.rule, "no_closing_reply");
  EXPECT_THAT(events_of(found), ElementsAre("case.opened", "refund.fulfilled", "refund.revoked"));
}

TEST(Correction, ThatAPersonMayLeaveOutIsFound) {
  const std::string choosing = R"(, "choosing": { "manual": { "say": { "role": "lead" }, "hush": { "role": "lead" } },
    "on": { "manual.say": { "target": "ended", "actions": [ { "reply": "correction" } ] }, "manual.hush": HUSH } })";
  const std::string chooses = R"({ "target": "choosing" })";
  const Finding found = only(flow(revoked(tells, chooses, with(choosing, "HUSH", "{end}"))));
  EXPECT_EQ(found.rule, "no_correction");
  EXPECT_EQ(events_of(found).back(), "manual.hush");
  expect_fine(flow(revoked(tells, chooses, with(choosing, "HUSH", R"({ "target": "choosing" })"))));
}

TEST(Correction, IsOwedAlsoWhereTheWordThatWasTakenBackWasOneItself) {
  const std::string again = R"(, "again": { "entry": [ { "commit": "refund" } ], "on": {
    "refund.fulfilled": { "target": "ended", "actions": [ { "reply": "told_again" } ] },
    "refund.declined refund.failed": { "target": "ended", "actions": [ { "reply": "sorry" }, { "reply": "bye" } ] } } })";
  const Finding found = only(flow(revoked(tells, R"({ "target": "again" })", again), R"({ "replies": {
    "sorry": { "corrects": "told", "text": { "en": "It came back." } },
    "told_again": { "corrects": "told", "text": { "en": "It came back, and is paid again: {{ refund.evidence.receipt }}." } } } })"));
  EXPECT_EQ(found.rule, "no_correction");
  EXPECT_EQ(found.pointer, "/replies/told_again");
}

TEST(Correction, OfTwoThingsThatOneReplyToldIsOfEachOfThem) {
  expect_fine(flow(R"({ "paying": { "entry": [ { "commit": "work" }, { "reply": "hello" } ], "on": {
      "work.fulfilled": { "target": "refunding" }, "work.declined work.failed": {end} } },
    "refunding": { "entry": [ { "commit": "refund" } ], "on": {
      "refund.fulfilled": { "target": "ended", "actions": [ { "reply": "told" } ] }, "refund.declined refund.failed": {end} } } })",
                   R"({ "reopen": { "on": "customer.replied", "target": "paying" },
    "replies": { "told": { "claims": { "work": "fulfilled", "refund": "fulfilled" } } },
    "on": { "refund.revoked": [ { "guard": "case.configuration == ['ended']", "target": "ended",
      "actions": [ { "reply": "correction" } ] }, { "actions": [ { "reply": "correction" } ] } ] } })"));
}

TEST(Text, ThatDependsOnTheStateOfWorkClaimsNothingAndIsFound) {
  const Finding found = only(
      flow(revoked(tells, R"({ "target": "ended", "actions": [ { "reply": "correction" } ] })"),
           R"({ "replies": { "hello": { "text": { "en": "{{ refund.state == 'fulfilled' ? 'Paid.' : 'Hello.' }}" } } } })"));
  EXPECT_EQ(found.rule, "unclaimed");
  EXPECT_EQ(found.pointer, "/replies/hello/text");
}

TEST(Text, ThatShowsEvidenceThatWasKeptClaimsIt) {
  const std::string keeps =
      R"({ "target": "watching", "actions": [ { "set": { "got": "refund.evidence.amount_minor" } }, { "reply": "told" } ] })";
  const std::string text = R"({ "data": { "got": { "type": "integer", "minimum": 0, "maximum": 1000 } },
    "replies": { "told": { CLAIMS "text": { "en": "It is paid: {{ string(case.got) }}." } } } })";
  const std::string states = revoked(keeps, R"({ "target": "ended", "actions": [ { "reply": "correction" } ] })");
  const auto found = findings_of(flow(states, with(text, "CLAIMS", "").c_str()));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const Finding& each) { return each.rule == "unclaimed"; }))
      << workflow::files::printed(found);
  expect_fine(flow(states, with(text, "CLAIMS", R"("claims": { "refund": "fulfilled" },)").c_str()));
}

TEST(Lateness, OfWhatIsDueInASecondIsNoWaiting) {
  const std::string text = R"({ "asking": { "entry": [ { "cancel": "work" }, { "commit": "work" }, { "reply": "hello" } ],
    "on": { "work.overdue": { "target": "asking" }, "work.cancelled": { "actions": [ { "escalate": "lead" } ] },
      "work.fulfilled work.declined work.failed": {end} } } })";
  expect_fine(flow(text));
  EXPECT_EQ(only(flow(text, R"({ "commitments": { "work": { "due": "PT1S" } } })")).rule, "loop");
}

TEST(Review, TakesItsTimeBeforeWhatWaitsForIt) {
  const std::string text =
      R"({ "reviewing": { "entry": [ { "reply": "hello" } ], "on": { "hello.published": { "target": "asking" } } },
    "asking": { "entry": [ { "commit": "work" } ], "on": { "work.fulfilled work.declined work.failed": {end} } } })";
  const std::string changes = R"({ "sla": { "resolution": { "within": "PT25H" } },
    "replies": { "hello": { "review": { "role": "lead", "within": "P1D" } } } })";
  const Finding found = only(flow(text, changes.c_str()));
  EXPECT_EQ(found.rule, "late_resolution");
  EXPECT_THAT(found.message, HasSubstr("goes out P1DT2H after the beginning"));
  expect_fine(flow(text, with(changes, "PT25H", "PT26H").c_str()));
}

TEST(Work, ThatWasBegunWhenTheEpisodeWasOverIsToldWhenItIsDone) {
  const std::string text =
      with(with(paying, "TOLD", R"({ "target": "ended", "actions": [ { "reply": "told" } ] })"), " REST", "");
  expect_fine(flow(text, R"({ "on": { "refund.revoked": { "actions": [ { "reply": "correction" }, { "commit": "work" } ] },
      "work.fulfilled": { "actions": [ { "reply": "offer" } ] }, "work.declined work.failed": { "actions": [ { "escalate": "lead" } ] } },
    "replies": { "offer": { "text": { "en": "{{ work.evidence.answer }}" }, "review": { "role": "community" } } } })"));
}

}  // namespace
}  // namespace redress::proof
