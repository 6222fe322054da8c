// What a person decided in a department's stead is told in public only once the department's own books have it.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using enum ReplyState;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// A refund whose outcome nobody knows: bill decides it, and the books answer in this order.
struct Decided : House {
  explicit Decided(std::vector<Outcome> books) {
    billing->perform("refund", {lost()});
    billing->script(Verb::record, "refund", std::move(books));
    post("P1");
    pass(2 * hour_ms);
    EXPECT_TRUE(engine->decide(commitment("refund").id, Decision::done, refund_evidence, "", as("bill")));
    go();
  }
};

TEST(Books, ThatRefuseADecisionBlockEveryReplyThatClaimsIt) {
  Decided house({says_no("no such receipt")});
  EXPECT_EQ(house.reply("refunded").state, blocked);
  EXPECT_THAT(house.text(house.reply("refunded").reason),
              HasSubstr("(refund) is claimed as fulfilled on a person's decision, but the books of billing do not have it"));
  EXPECT_TRUE(house.task("billing", house.about("refund")));
  EXPECT_TRUE(house.task("community-lead", house.about_reply("refunded")));
  house.pass(day_ms);
  EXPECT_THAT(house.texts(), Not(Contains(HasSubstr("Receipt"))));
  house.expect_sound();
}

TEST(Books, ThatHaveNotAnsweredKeepAReplyWaiting) {
  Decided house({retry(), lost(), done("{}")});
  EXPECT_EQ(house.reply("refunded").state, approved);
  EXPECT_THAT(house.texts(), Not(Contains(HasSubstr("Receipt"))));
  EXPECT_THAT(*explain_case(*house.store, "C-000001"),
              HasSubstr("reply refunded (2) waits until the department's books have the decision on refund (3)"));
  house.pass(minute_ms);
  EXPECT_EQ(house.reply("refunded").state, published);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  house.expect_sound();
}

TEST(Books, OfADepartmentThatIsMissingKeepAReplyWaitingUntilItIsThere) {
  House house;
  house.billing->perform("refund", {lost()});
  house.post("P1");
  house.pass(2 * hour_ms);
  const auto billing = std::exchange(house.billing, nullptr);
  house.adjust = [&](EngineOptions& options) { options.manifests = {billing->manifest()}; };
  house.open();
  ASSERT_TRUE(house.engine->decide(house.commitment("refund").id, Decision::done, refund_evidence, "", as("bill")));
  house.pass(day_ms);
  EXPECT_EQ(house.reply("refunded").state, approved);
  const std::string why = *explain_case(*house.store, "C-000001");
  EXPECT_THAT(why, HasSubstr("record commitment refund (3) is blocked: plugin billing missing"));
  EXPECT_THAT(why, HasSubstr("waits until the department's books have the decision on refund (3)"));
  house.billing = billing;
  house.adjust = nullptr;
  house.open();
  house.go();
  EXPECT_EQ(house.reply("refunded").state, published);
}

TEST(Books, AreAskedOnceMoreWhenTheReplyIsDraftedAnew) {
  Decided house({says_no("no such receipt"), done("{}")});
  ASSERT_TRUE(house.engine->settle_again(house.reply("refunded").id, as("lea")));
  house.go();
  EXPECT_EQ(house.billing->calls(Verb::record, "refund").size(), 2u);
  EXPECT_EQ(house.reply("refunded").state, published);
  EXPECT_FALSE(house.task("billing", house.about("refund")));
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(Books, ThatStillRefuseBlockTheReplyThatWasDraftedAnew) {
  Decided house({says_no("no such receipt"), says_no("no such receipt")});
  ASSERT_TRUE(house.engine->settle_again(house.reply("refunded").id, as("lea")));
  house.go();
  EXPECT_EQ(house.reply("refunded").state, blocked);
  EXPECT_THAT(house.texts(), Not(Contains(HasSubstr("Receipt"))));
}

}  // namespace
}  // namespace redress::house
