// The department billing, through its shared library: what it answers to each verb.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "books_probe.hpp"
#include "plugin/manifest.hpp"

namespace redress {
namespace {

using testing::billing_config;
using testing::Desk;
using testing::Folder;
using testing::violations;
using enum OutcomeKind;

constexpr const char* refund_ana = R"({"account": "A-1", "amount_minor": 4500, "currency": "EUR"})";
constexpr const char* refund_dan = R"({"account": "A-4", "amount_minor": 3000, "currency": "EUR"})";

class BillingTest : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(violations(folder_.file("billing.db")), std::vector<std::string>{}); }
  // The answer's evidence, which must fit the manifest's schema.
  nlohmann::ordered_json evidence(const Outcome& outcome, std::string_view action) {
    EXPECT_EQ(outcome.kind, done) << outcome.reason;
    if (outcome.kind != done) return {};
    const auto manifest = plugin::read_manifest_text(desk_.department().manifest());
    EXPECT_TRUE(manifest) << manifest.error().message;
    const auto json = nlohmann::ordered_json::parse(outcome.evidence);
    for (const auto& finding : base::validate(*manifest->find_action(action)->evidence, json))
      ADD_FAILURE() << action << ' ' << finding.pointer << ": " << finding.message;
    return json;
  }

  Folder folder_;
  Desk desk_{BILLING_PLUGIN, billing_config(folder_)};
};

TEST_F(BillingTest, SaysWhatItCanDo) {
  const auto manifest = plugin::read_manifest_text(desk_.department().manifest());
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->department, "billing");
  const auto* refund = manifest->find_action("refund");
  ASSERT_NE(refund, nullptr);
  EXPECT_TRUE(refund->dedupes && refund->reconciles && refund->revocable && refund->records_decisions);
  EXPECT_EQ(refund->undo, "reverse_refund");
}

TEST_F(BillingTest, FindsTheAccountOfAHandle) {
  EXPECT_EQ(evidence(desk_.perform("find_account", "k", R"({"handle": "@Ana"})"), "find_account")["account"], "A-1");
}

TEST_F(BillingTest, DeclinesAHandleThatNobodyHas) {
  EXPECT_EQ(desk_.perform("find_account", "k", R"({"handle": "zoe"})").kind, declined);
}

TEST_F(BillingTest, ChecksChargesTheSameAtAnyTime) {
  const auto input = R"({"account": "A-1"})";
  const auto now = desk_.answer(Verb::perform, "check_charge", "k", input, {}, 1);
  const auto later = desk_.answer(Verb::perform, "check_charge", "k", input, {}, 9'000'000'000'000);
  EXPECT_EQ(now.evidence, later.evidence);
  const auto found = evidence(now, "check_charge");
  EXPECT_EQ(found["overcharged_minor"], 4500);
  EXPECT_EQ(found["currency"], "EUR");
  EXPECT_EQ(found["explanation"]["en"], "one of your charges was made twice.");
  EXPECT_EQ(found["explanation"]["es"], "uno de tus cargos se hizo dos veces.");
  EXPECT_EQ(found["charges"], Json::array({"1b"}));
}

TEST_F(BillingTest, DeclinesTwoCurrenciesAndAnUnknownAccount) {
  EXPECT_EQ(desk_.perform("check_charge", "k", R"({"account": "A-5"})").kind, declined);
  EXPECT_EQ(desk_.perform("check_charge", "k", R"({"account": "A-9"})").kind, declined);
}

TEST_F(BillingTest, RefundsOnceAndThenFindsNothingMoreToPay) {
  const auto first = desk_.perform("refund", "s/c/refund/1/perform", refund_ana);
  const auto again = desk_.answer(Verb::perform, "refund", "s/c/refund/1/perform", refund_ana, {}, 1'600'000'000'000, 2);
  EXPECT_EQ(first.evidence, again.evidence);
  EXPECT_EQ(evidence(first, "refund")["amount_minor"], 4500);
  const auto check = evidence(desk_.perform("check_charge", "k", R"({"account": "A-1"})"), "check_charge");
  EXPECT_EQ(check["overcharged_minor"], 0);
  EXPECT_EQ(check["explanation"]["en"], "what you paid too much has already been refunded.");
  EXPECT_EQ(desk_.perform("refund", "s/c/refund/2/perform", refund_ana).kind, declined);
}

TEST_F(BillingTest, DeclinesARefundOverTheAuthority) {
  const auto outcome = desk_.perform("refund", "k", R"({"account": "A-2", "amount_minor": 12000, "currency": "EUR"})");
  EXPECT_EQ(outcome.kind, declined);
  EXPECT_TRUE(outcome.reason.starts_with("over the authority amount")) << outcome.reason;
}

TEST_F(BillingTest, LooksARefundUp) {
  EXPECT_EQ(desk_.reconcile("refund", "k").kind, retry);
  const auto made = desk_.perform("refund", "k", refund_ana);
  const auto found = desk_.reconcile("refund", "k");
  EXPECT_EQ(found.kind, done);
  EXPECT_EQ(found.evidence, made.evidence);
  EXPECT_EQ(desk_.reconcile("check_charge", "k").kind, retry);
}

TEST_F(BillingTest, CannotTellOfATransferUntilAPersonDecided) {
  EXPECT_EQ(desk_.perform("refund", "s/c/refund/1/perform", refund_dan).kind, unknown);
  EXPECT_EQ(desk_.perform("refund", "s/c/refund/1/perform", refund_dan).kind, unknown);
  const auto lookup = desk_.reconcile("refund", "s/c/refund/1/perform");
  EXPECT_EQ(lookup.kind, unknown);
  const std::string receipt = lookup.reason.substr(lookup.reason.find("R-"), 10);
  const auto other = R"({"amount_minor": 3000, "currency": "EUR", "receipt": "BANK-77"})";
  const auto refused = desk_.answer(Verb::record, "refund", "s/c/refund/1/record", refund_dan, other);
  EXPECT_EQ(refused.kind, declined);
  EXPECT_NE(refused.reason.find(receipt), std::string::npos) << refused.reason;
  const auto word = R"({"amount_minor": 3000, "currency": "EUR", "receipt": ")" + receipt + "\"}";
  EXPECT_EQ(desk_.answer(Verb::record, "refund", "s/c/refund/1/record", refund_dan, word).kind, done);
  EXPECT_EQ(desk_.answer(Verb::record, "refund", "s/c/refund/1/record", refund_dan, word).kind, done);
  EXPECT_EQ(desk_.reconcile("refund", "s/c/refund/1/perform").kind, done);
}

TEST_F(BillingTest, OwesAgainWhereAPersonSaysThatTheTransferDidNotArrive) {
  ASSERT_EQ(desk_.perform("refund", "s/c/refund/1/perform", refund_dan).kind, unknown);
  EXPECT_EQ(desk_.answer(Verb::record, "refund", "s/c/refund/1/record", refund_dan, "{}").kind, done);
  EXPECT_EQ(desk_.reconcile("refund", "s/c/refund/1/perform").kind, declined);
  EXPECT_EQ(desk_.perform("refund", "s/c/refund/2/perform", refund_dan).kind, unknown);
}

TEST_F(BillingTest, RefusesADecisionOnAnotherAmount) {
  ASSERT_EQ(desk_.perform("refund", "s/c/refund/1/perform", refund_dan).kind, unknown);
  const auto word = R"({"amount_minor": 2999, "currency": "EUR", "receipt": "BANK-77"})";
  EXPECT_EQ(desk_.answer(Verb::record, "refund", "s/c/refund/1/record", refund_dan, word).kind, declined);
}

TEST_F(BillingTest, BooksARefundThatAPersonMadeByHand) {
  const auto word = R"({"amount_minor": 12000, "currency": "EUR", "receipt": "HAND-1"})";
  const auto input = R"({"account": "A-2", "amount_minor": 12000, "currency": "EUR"})";
  const auto first = desk_.answer(Verb::record, "refund", "s/c/refund/1/record", input, word);
  EXPECT_EQ(evidence(first, "refund")["receipt"], "HAND-1");
  EXPECT_EQ(desk_.answer(Verb::record, "refund", "s/c/refund/1/record", input, word).evidence, first.evidence);
  EXPECT_EQ(evidence(desk_.perform("check_charge", "k", R"({"account": "A-2"})"), "check_charge")["overcharged_minor"], 0);
  EXPECT_EQ(desk_
                .answer(Verb::record, "refund", "s/d/refund/1/record", R"({"account": "A-1"})",
                        R"({"amount_minor": 100, "currency": "EUR", "receipt": "HAND-1"})")
                .kind,
            declined);
}

TEST_F(BillingTest, TakesARefundBackOnceForItsKey) {
  const auto made = desk_.perform("refund", "s/c/refund/1/perform", refund_ana);
  EXPECT_EQ(desk_.reconcile("reverse_refund", "s/c/refund/1/undo").kind, retry);
  const auto undone = desk_.answer(Verb::undo, "reverse_refund", "s/c/refund/1/undo", refund_ana, made.evidence);
  EXPECT_EQ(evidence(undone, "reverse_refund")["amount_minor"], 4500);
  EXPECT_EQ(desk_.answer(Verb::undo, "reverse_refund", "s/c/refund/1/undo", refund_ana, made.evidence).evidence,
            undone.evidence);
  EXPECT_EQ(desk_.reconcile("reverse_refund", "s/c/refund/1/undo").evidence, undone.evidence);
  EXPECT_EQ(evidence(desk_.perform("check_charge", "k", R"({"account": "A-1"})"), "check_charge")["overcharged_minor"], 4500);
}

TEST_F(BillingTest, DeclinesGarbageAndWritesNothing) {
  for (const char* action : {"find_account", "check_charge", "refund", "reverse_refund", "no_such_action"})
    for (const char* input : {"", "[]", "{", "null", R"({"account": 7, "handle": [], "amount_minor": 1.5, "receipt": {}})",
                              R"({"account": 9, "amount_minor": 18446744073709551615, "currency": "EUR"})"}) {
      EXPECT_EQ(desk_.perform(action, "k", input).kind, declined) << action << ' ' << input;
    }
  EXPECT_EQ(testing::query(folder_.file("billing.db"), "SELECT count(*) FROM refunds"), std::vector<std::string>{"0"});
}

TEST_F(BillingTest, CannotTellAfterALaterAttemptThatCouldNotReadItsBooks) {
  ASSERT_EQ(testing::tamper(folder_.file("billing.db"),
                            "CREATE TRIGGER broken AFTER INSERT ON refunds BEGIN INSERT INTO nowhere VALUES (1); END"),
            "");
  EXPECT_EQ(desk_.answer(Verb::perform, "refund", "k", refund_ana, {}, 1, 1).kind, retry);
  EXPECT_EQ(desk_.answer(Verb::perform, "refund", "k", refund_ana, {}, 1, 2).kind, unknown);
}

TEST_F(BillingTest, KeepsItsBooksWhenItIsLoadedAgain) {
  const auto made = desk_.perform("refund", "k", refund_ana);
  const Desk second(BILLING_PLUGIN, billing_config(folder_));
  EXPECT_EQ(second.perform("refund", "k", refund_ana).evidence, made.evidence);
}

TEST(BillingConfig, RefusesWhatItCannotOpenAndNamesIt) {
  const Folder folder;
  const auto database = folder.file("b.db");
  const auto load = [](const nlohmann::json& config) {
    const auto loaded = load_department(BILLING_PLUGIN, config.dump());
    return loaded ? std::string() : loaded.error().message;
  };
  EXPECT_NE(load({{"database", database}}).find("refund_authority_minor"), std::string::npos);
  EXPECT_NE(load({{"database", folder.file("no/b.db")}, {"refund_authority_minor", 1}}).find("cannot be opened"),
            std::string::npos);
  EXPECT_NE(load({{"database", database}, {"refund_authority_minor", 1}, {"seed", folder.file("none.json")}}).find("none.json"),
            std::string::npos);
  testing::write_file(folder.file("bad.json"), R"({"accounts": [{"account": "A-1"}], "charges": []})");
  EXPECT_NE(
      load({{"database", database}, {"refund_authority_minor", 1}, {"seed", folder.file("bad.json")}}).find("/accounts/0"),
      std::string::npos);
}

}  // namespace
}  // namespace redress
