// The reply's machine: every state, every event, every fact, against the table below.
#include "written_table.hpp"

namespace redress::lifecycle {
namespace {

const WrittenTable written = {
    {"reply", "drafted", "ask_review", "awaiting_review", ""},
    {"reply", "drafted", "approve", "approved", "review_not_needed"},
    {"reply", "drafted", "block", "blocked", ""},
    {"reply", "awaiting_review", "approve", "approved", "reviewed"},
    {"reply", "awaiting_review", "refuse", "refused", ""},
    {"reply", "awaiting_review", "block", "blocked", ""},
    {"reply", "approved", "expire", "awaiting_review", ""},
    {"reply", "approved", "publish", "publishing", "claims_hold && digests_match"},
    {"reply", "approved", "block", "blocked", ""},
    {"reply", "publishing", "retry", "approved", ""},
    {"reply", "publishing", "confirm", "published", ""},
    {"reply", "publishing", "fail", "failed", ""},
    {"reply", "publishing", "lose", "unknown", ""},
    {"reply", "unknown", "confirm", "published", ""},
    {"reply", "unknown", "fail", "failed", ""},
    {"reply", "unknown", "waive", "waived", ""},
    {"reply", "published", "correct", "corrected", ""},
    {"reply", "blocked", "waive", "waived", ""},
    {"reply", "blocked", "replace", "replaced", ""},
    {"reply", "refused", "waive", "waived", ""},
    {"reply", "refused", "replace", "replaced", ""},
    {"reply", "failed", "waive", "waived", ""},
    {"reply", "failed", "replace", "replaced", ""},
};

const Guards<ReplyFacts> guards = {
    {"review_not_needed", [](const ReplyFacts& facts) { return !facts.review_needed; }},
    {"reviewed", [](const ReplyFacts& facts) { return facts.reviewed; }},
    {"claims_hold && digests_match", [](const ReplyFacts& facts) { return facts.claims_hold && facts.digests_match; }},
};

std::vector<ReplyFacts> all_facts() {
  std::vector<ReplyFacts> facts;
  for (unsigned bits = 0; bits < 16; ++bits) {
    facts.push_back({(bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0, (bits & 8U) != 0});
  }
  return facts;
}

TEST(ReplyMachine, AgreesWithTheWrittenTableInEveryStateAndForEveryEvent) {
  for (const auto event : all<ReplyEvent>(13)) {
    ASSERT_EQ(region_of(written, to_string(event)), "reply") << to_string(event);
    for (const auto from : all<ReplyState>(12)) {
      for (const ReplyFacts& facts : all_facts()) {
        const Expected want = expected(written, guards, to_string(from), to_string(event), facts);
        const auto got = step(from, event, facts);
        ASSERT_EQ(got.verdict, want.verdict) << to_string(from) << " " << to_string(event);
        ASSERT_EQ(to_string(got.states), want.to) << to_string(from) << " " << to_string(event);
        ASSERT_TRUE(reason_fits(got.verdict, got.reason, to_string(event), to_string(from))) << got.reason;
      }
    }
  }
}

TEST(ReplyMachine, TellsItsOwnTable) { expect_same_rows(reply_transitions(), written); }

TEST(ReplyMachine, PublishesFromNowhereButApproved) {
  for (const auto from : all<ReplyState>(12)) {
    for (const auto event : all<ReplyEvent>(13)) {
      for (const ReplyFacts& facts : all_facts()) {
        const auto got = step(from, event, facts);
        if (got.verdict != Verdict::applied || got.states != ReplyState::publishing) continue;
        EXPECT_EQ(from, ReplyState::approved);
        EXPECT_TRUE(facts.claims_hold && facts.digests_match);
      }
    }
  }
}

TEST(ReplyMachine, NamesThePromiseThatForbids) {
  using enum ReplyState;
  const auto reason = [](ReplyState from, ReplyEvent event, const ReplyFacts& facts) {
    const auto got = step(from, event, facts);
    EXPECT_EQ(got.verdict, Verdict::refused);
    return got.reason;
  };
  EXPECT_EQ(reason(drafted, ReplyEvent::approve, {.review_needed = true}),
            "a person must review this reply before it is approved");
  EXPECT_EQ(reason(awaiting_review, ReplyEvent::approve, {.review_needed = true}),
            "not reviewed by a person other than who drafted it or supplied its evidence");
  EXPECT_EQ(reason(approved, ReplyEvent::publish, {.digests_match = true}), "a claim does not hold");
  EXPECT_EQ(reason(approved, ReplyEvent::publish, {.claims_hold = true}), "the evidence changed since it was approved");
  EXPECT_EQ(reason(approved, ReplyEvent::publish, {}), "a claim does not hold; the evidence changed since it was approved");
}

}  // namespace
}  // namespace redress::lifecycle
