// Each expectation holds where it should, and where it does not says what is there.
#include "scenario/rehearsal.hpp"

namespace redress::rehearsal {
namespace {

using testing::HasSubstr;

struct Expected {
  std::string expectation;
  std::string found;  // Empty: it holds.
};

class AtARefund : public testing::TestWithParam<Expected> {};

TEST_P(AtARefund, HoldsOrSaysWhatIsThere) {
  const std::string wrong = first_wrong(refunding + "expect " + GetParam().expectation + "\n");
  if (GetParam().found.empty()) {
    EXPECT_EQ(wrong, "");
  } else {
    EXPECT_THAT(wrong, HasSubstr("9: expected " + GetParam().expectation + ", there is " + GetParam().found));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Expectation, AtARefund,
    testing::Values(
        Expected{"case refunding", ""}, Expected{"case P1 refunding active episode 1 priority normal language en", ""},
        Expected{"case not checking", ""}, Expected{"case checking", "case C-000001 active, in refunding, episode 1"},
        Expected{"case not refunding", "case C-000001 active"}, Expected{"case resolved", "case C-000001 active"},
        Expected{"case data {\"account\": \"A-1\"}", ""}, Expected{"case data {\"account\": \"A-2\"}", "case C-000001"},
        Expected{"case set_aside", "case C-000001"}, Expected{"case episode 2", "case C-000001"},
        Expected{"commitment refund in_progress on_time due +12h attempts 1 requested accepted", ""},
        Expected{"commitment refund due 2026-01-05T21:00:00Z", ""},
        Expected{"commitment refund state requested", "commitment refund in_progress on_time, due +12h, attempts 1"},
        Expected{"commitment refund due +11h", "commitment refund in_progress on_time, due +12h"},
        Expected{"commitment refund overdue", "commitment refund in_progress on_time"},
        Expected{"commitment refund attempts 2", "commitment refund"},
        Expected{"commitment refund reason \"x\"", "commitment refund"},
        Expected{"commitment refund promised +1h", "commitment refund"},
        Expected{"commitment refund input {\"amount_minor\": 4500}", ""},
        Expected{"commitment refund input {\"amount_minor\": 4501}", "commitment refund"},
        Expected{"commitment charge_check evidence {\"explanation\": {\"en\": \"Twice.\"}}", ""},
        Expected{"commitment refund instance 2", "commitments identify fulfilled, charge_check fulfilled, refund in_progress"},
        Expected{"no commitment by_hand", ""}, Expected{"no commitment refund failed", ""},
        Expected{"no commitment refund", "commitment refund in_progress"},
        Expected{"reply acknowledge published on x to P1 language en says \"looking into\"", ""},
        Expected{"reply acknowledge exactly \"Hi ana, we are looking into this charge. Your case is C-000001.\"", ""},
        Expected{"reply acknowledge says \"refund\"", "reply acknowledge published on x to P1, language en, says \"Hi ana"},
        Expected{"reply acknowledge privately", "reply acknowledge published"},
        Expected{"reply refunded published", "replies acknowledge published"}, Expected{"no reply refunded", ""},
        Expected{"no reply acknowledge", "reply acknowledge published"},
        Expected{"nothing published", "reply acknowledge published"},
        Expected{"nothing else published", "reply acknowledge published"},
        Expected{"reply acknowledge published, nothing else published", ""}, Expected{"no task", ""},
        Expected{"escalated billing-lead", "no tasks"}, Expected{"task", "no tasks"}, Expected{"sla first_reply met", ""},
        Expected{"sla resolution running due +48h", ""},
        Expected{"sla resolution met", "sla resolution running, due 2026-01-07T09:00:00Z"},
        Expected{"post P1 opened reason \"praise\"", "post P1 opened, reason"}, Expected{"post P1 opened", ""},
        Expected{"post P1 attached", "post P1 opened"}, Expected{"event charge_check.fulfilled", ""},
        Expected{"event refund.failed", "the journal has no refund.failed"}, Expected{"ignored refund.accepted", ""},
        Expected{"ignored charge_check.fulfilled", "charge_check.fulfilled was not ignored"}));

TEST(Expectations, ThatFailOnOneLineAreAllTold) {
  const auto report = play(refunding + "expect case checking, reply acknowledge published, escalated lea\n");
  ASSERT_TRUE(report.results.front().failure);
  const ScenarioFailure& failure = *report.results.front().failure;
  EXPECT_THAT(failure.expected, testing::ElementsAre("case checking", "escalated lea"));
  EXPECT_THAT(failure.found, testing::SizeIs(2));
  EXPECT_EQ(failure.case_reference, "C-000001");
  EXPECT_THAT(failure.explanation, HasSubstr("\"history\""));
  EXPECT_EQ(report.results.front().expected, 1);
}

TEST(Expectations, OfAPostWithoutACaseSayWhatBecameOfIt) {
  EXPECT_THAT(first_wrong("post P1 \"nothing of ours\"\nexpect case active\n"),
              HasSubstr("there is post P1 has no case: not_wanted, no workflow wants it"));
  EXPECT_EQ(first_wrong("post P1 \"nothing of ours\"\nexpect post P1 not_wanted reason \"no workflow\"\n"), "");
}

}  // namespace
}  // namespace redress::rehearsal
