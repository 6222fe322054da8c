// The department commercial, through its shared library: it waits for a person, and keeps what the person said.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "books_probe.hpp"
#include "plugin/manifest.hpp"

namespace redress {
namespace {

using testing::Desk;
using testing::Folder;
using enum OutcomeKind;

constexpr const char* question = R"({"question": "What do we offer?", "text": "You charged me twice!"})";
constexpr const char* offer =
    R"({"kind": "offer", "answer": "we give you one month free.", "amount_minor": 4500, "currency": "EUR"})";
constexpr std::int64_t hour_ms = 3'600'000;

class CommercialTest : public ::testing::Test {
 protected:
  std::string config() const { return nlohmann::json{{"database", folder_.file("commercial.db")}}.dump(); }
  Outcome ask(std::int64_t now_ms = 0) {
    return desk_.answer(Verb::perform, "review", "s/c/by_hand/1/perform", question, {}, now_ms);
  }
  Outcome look(std::int64_t now_ms = 0) {
    return desk_.answer(Verb::reconcile, "review", "s/c/by_hand/1/perform", question, {}, now_ms);
  }
  Outcome record(const char* evidence) {
    return desk_.answer(Verb::record, "review", "s/c/by_hand/1/record", question, evidence);
  }
  Outcome cancel() { return desk_.answer(Verb::cancel, "review", "s/c/by_hand/1/cancel", question); }

  Folder folder_;
  Desk desk_{COMMERCIAL_PLUGIN, config()};
};

TEST_F(CommercialTest, WaitsForAPersonAndPromisesFourHours) {
  const auto asked = ask();
  EXPECT_EQ(asked.kind, waiting);
  EXPECT_EQ(asked.ticket.size(), 10u);
  EXPECT_EQ(asked.promised_at_ms, 4 * hour_ms);
  EXPECT_EQ(asked.retry_at_ms, 0);
}

TEST_F(CommercialTest, KeepsTicketAndPromiseHoweverOftenItIsAsked) {
  const auto first = ask();
  const auto again = ask(2 * hour_ms);
  const auto late = look(10 * hour_ms);
  EXPECT_EQ(first.ticket, again.ticket);
  EXPECT_EQ(first.promised_at_ms, again.promised_at_ms);
  EXPECT_EQ(late.kind, waiting);
  EXPECT_EQ(late.ticket, first.ticket);
  EXPECT_EQ(late.retry_at_ms, 0);
}

TEST_F(CommercialTest, RefusesAKeyWithAnotherQuestion) {
  ASSERT_EQ(ask().kind, waiting);
  EXPECT_EQ(desk_.perform("review", "s/c/by_hand/1/perform", R"({"question": "q", "text": "t"})").kind, declined);
}

TEST_F(CommercialTest, KnowsNothingOfAKeyThatItNeverSaw) { EXPECT_EQ(look().kind, retry); }

TEST_F(CommercialTest, KeepsWhatThePersonDecided) {
  ASSERT_EQ(ask().kind, waiting);
  EXPECT_EQ(record(offer).kind, done);
  EXPECT_EQ(record(offer).kind, done);
  const Desk second(COMMERCIAL_PLUGIN, config());
  const auto found = second.reconcile("review", "s/c/by_hand/1/perform");
  EXPECT_EQ(found.kind, done);
  EXPECT_EQ(nlohmann::json::parse(found.evidence), nlohmann::json::parse(offer));
}

TEST_F(CommercialTest, RefusesASecondDecisionThatSaysOtherwise) {
  ASSERT_EQ(ask().kind, waiting);
  ASSERT_EQ(record(offer).kind, done);
  EXPECT_EQ(record(R"({"kind": "apology", "answer": "sorry."})").kind, declined);
  EXPECT_EQ(record("{}").kind, declined);
}

TEST_F(CommercialTest, KeepsADecisionOnWhatItWasNeverAsked) {
  EXPECT_EQ(record(offer).kind, done);
  EXPECT_EQ(look().kind, done);
}

TEST_F(CommercialTest, ClosesWhatNobodyNeedsAnyMore) {
  EXPECT_EQ(cancel().kind, done);
  ASSERT_EQ(ask().kind, waiting);
  EXPECT_EQ(cancel().kind, done);
  EXPECT_EQ(cancel().kind, done);
  EXPECT_EQ(look().kind, declined);
  EXPECT_EQ(record(offer).kind, declined);
}

TEST_F(CommercialTest, DeclinesGarbage) {
  for (const char* input : {"", "[]", "{", R"({"question": 1, "text": []})"})
    EXPECT_EQ(desk_.perform("review", "k", input).kind, declined) << input;
}

TEST_F(CommercialTest, LeavesFreeTextToAReviewer) {
  const auto manifest = plugin::read_manifest_text(desk_.department().manifest());
  ASSERT_TRUE(manifest) << manifest.error().message;
  const auto* review = manifest->find_action("review");
  ASSERT_NE(review, nullptr);
  EXPECT_TRUE(review->records_decisions && review->waits_for_person && review->cancellable);
  const auto& answer = review->evidence->at("properties").at("answer");
  EXPECT_EQ(answer.at("maxLength"), 100);
  EXPECT_FALSE(answer.contains("public_text"));
  EXPECT_TRUE(base::validate(*review->evidence, nlohmann::ordered_json::parse(offer)).empty());
}

}  // namespace
}  // namespace redress
