// The ledger: what it finds, what it pays, and what the file itself refuses.
#include "billing/ledger.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "billing/explanation.hpp"
#include "books/books.hpp"
#include "books_probe.hpp"

namespace redress::billing {
namespace {

using testing::Folder;
using testing::query;
using testing::tamper;
using testing::violations;

class LedgerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    reopen();
    ASSERT_TRUE(ledger_->import_when_empty(testing::sample_accounts(), testing::sample_charges()));
  }
  void TearDown() override { EXPECT_EQ(violations(path_), std::vector<std::string>{}); }
  void reopen() {
    ledger_.reset();
    auto opened = Ledger::open(path_);
    ASSERT_TRUE(opened) << opened.error().message;
    ledger_ = std::move(*opened);
  }
  Result<Refund> refund(const std::string& key, const std::string& account, std::int64_t amount_minor,
                        const std::string& currency = "EUR") {
    return ledger_->refund({key, account, amount_minor, currency, 1000, 10000, {}});
  }

  Folder folder_;
  std::string path_ = folder_.file("billing.db");
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerTest, FindsAnAccountByItsHandleWhateverTheCase) {
  EXPECT_EQ(ledger_->find_account("@ANA", "").value(), "A-1");
  EXPECT_EQ(ledger_->find_account("ana.r", "mail").value(), "A-1");
}

TEST_F(LedgerTest, RefusesAHandleThatNobodyHasAndDoesNotRepeatIt) {
  const auto found = ledger_->find_account("zoe", "");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::refused);
  EXPECT_EQ(found.error().message, "no account has the handle of this customer");
}

TEST_F(LedgerTest, RefusesAHandleOfTwoAccountsUnlessTheChannelTells) {
  EXPECT_EQ(ledger_->find_account("both", "").error().code, Code::refused);
  EXPECT_EQ(ledger_->find_account("both", "mail").value(), "A-5");
}

TEST_F(LedgerTest, FindsAChargeMadeTwiceInOnePeriod) {
  const auto check = ledger_->check_charge("A-1");
  EXPECT_EQ(check->overcharged_minor, 4500);
  EXPECT_EQ(check->currency, "EUR");
  EXPECT_EQ(check->charges, std::vector<std::string>{"1b"});
}

TEST_F(LedgerTest, FindsAChargeThatIsMarkedAsADuplicate) {
  const auto check = ledger_->check_charge("A-4");
  EXPECT_EQ(check->overcharged_minor, 3000);
  EXPECT_EQ(check->charges, std::vector<std::string>{"4b"});
}

TEST_F(LedgerTest, FindsAChargeAboveTheTariff) { EXPECT_EQ(ledger_->check_charge("A-2")->overcharged_minor, 12000); }

TEST_F(LedgerTest, AddsUpRepeatedAndWrongCharges) {
  const auto check = ledger_->check_charge("A-6");
  EXPECT_EQ(check->overcharged_minor, 2500);
  EXPECT_EQ(check->duplicates, 1);
  EXPECT_EQ(check->wrong, 1);
}

TEST_F(LedgerTest, FindsNothingInTheSamePlanOfTwoPeriods) { EXPECT_EQ(ledger_->check_charge("A-3")->overcharged_minor, 0); }

TEST_F(LedgerTest, LeavesTwoCurrenciesToAPerson) {
  EXPECT_EQ(ledger_->check_charge("A-5").error().message,
            "the account is kept in EUR and has charges in USD: a person has to look");
}

TEST_F(LedgerTest, RefusesAnAccountThatIsNotThere) { EXPECT_EQ(ledger_->check_charge("A-9").error().code, Code::refused); }

TEST_F(LedgerTest, RefundsOnceForAKey) {
  const auto first = refund("s/c/refund/1/perform", "A-1", 4500);
  const auto again = refund("s/c/refund/1/perform", "A-1", 4500);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->receipt, again->receipt);
  EXPECT_EQ(first->receipt, books::short_code("R-", "s/c/refund/1/perform", 0));
  EXPECT_EQ(query(path_, "SELECT count(*) FROM refunds"), std::vector<std::string>{"1"});
  EXPECT_EQ(ledger_->check_charge("A-1")->overcharged_minor, 0);
}

TEST_F(LedgerTest, RefusesAKeyWithOtherContentAndNamesBoth) {
  ASSERT_TRUE(refund("k", "A-1", 4000));
  EXPECT_EQ(refund("k", "A-1", 500).error().message,
            "key k stands for a refund of 4000 minor units of EUR already, not of 500 minor units of EUR");
}

TEST_F(LedgerTest, RefusesMoreThanTheAuthority) {
  EXPECT_EQ(refund("k", "A-2", 12000).error().message,
            "over the authority amount: 12000 is more than 10000 minor units; a person has to decide");
  EXPECT_TRUE(refund("k", "A-2", 10000));
}

TEST_F(LedgerTest, RefusesMoreThanIsStillOvercharged) {
  ASSERT_TRUE(refund("k1", "A-1", 3000));
  EXPECT_EQ(refund("k2", "A-1", 1501).error().code, Code::refused);
  EXPECT_TRUE(refund("k3", "A-1", 1500));
  EXPECT_EQ(refund("k4", "A-1", 1).error().code, Code::refused);
}

TEST_F(LedgerTest, RefusesAnotherCurrencyAndNothingAndLess) {
  EXPECT_FALSE(refund("k", "A-1", 100, "USD"));
  EXPECT_FALSE(refund("k", "A-1", 0));
  EXPECT_FALSE(refund("k", "A-1", -100));
}

TEST_F(LedgerTest, CountsATransferInTransitAsRefunded) {
  EXPECT_EQ(refund("k", "A-4", 3000)->state, RefundState::sent);
  const auto check = ledger_->check_charge("A-4");
  EXPECT_EQ(check->overcharged_minor, 0);
  EXPECT_EQ(check->in_transit_minor, 3000);
}

TEST_F(LedgerTest, PaysATransferThatArrived) {
  ASSERT_TRUE(refund("k", "A-4", 3000));
  EXPECT_EQ(ledger_->settle("k", true)->state, RefundState::paid);
  EXPECT_EQ(ledger_->settle("k", true)->state, RefundState::paid);
  EXPECT_EQ(query(path_, "SELECT count(*) FROM postings WHERE what = 'confirm'"), std::vector<std::string>{"1"});
}

TEST_F(LedgerTest, OwesAgainWhatTheBankReturned) {
  ASSERT_TRUE(refund("k", "A-4", 3000));
  EXPECT_EQ(ledger_->settle("k", false)->state, RefundState::returned);
  EXPECT_EQ(ledger_->check_charge("A-4")->overcharged_minor, 3000);
  EXPECT_FALSE(ledger_->settle("k", true));
}

TEST_F(LedgerTest, OwesAgainWhatCameBackAfterItWasPaid) {
  ASSERT_TRUE(refund("k", "A-1", 4500));
  EXPECT_EQ(ledger_->settle("k", false)->state, RefundState::returned);
  EXPECT_EQ(ledger_->check_charge("A-1")->overcharged_minor, 4500);
}

TEST_F(LedgerTest, TakesARefundBackOnce) {
  const auto receipt = refund("k", "A-1", 4500)->receipt;
  const auto first = ledger_->reverse_refund("u", receipt, 2000);
  const auto again = ledger_->reverse_refund("u", receipt, 3000);
  const auto other = ledger_->reverse_refund("u2", receipt, 3000);
  ASSERT_TRUE(first && again && other);
  EXPECT_EQ(first->reversal, again->reversal);
  EXPECT_EQ(first->reversal, other->reversal);
  EXPECT_EQ(query(path_, "SELECT count(*) FROM postings WHERE what = 'reverse'"), std::vector<std::string>{"1"});
  EXPECT_EQ(ledger_->check_charge("A-1")->overcharged_minor, 4500);
}

TEST_F(LedgerTest, TakesNothingBackThatIsNotWithTheCustomer) {
  EXPECT_FALSE(ledger_->reverse_refund("u", "R-AAAAAAAA", 2000));
  EXPECT_FALSE(ledger_->reverse_refund("u", refund("k", "A-4", 3000)->receipt, 2000));
}

TEST_F(LedgerTest, RefusesAReversalsKeyForAnotherRefund) {
  const auto one = refund("k1", "A-1", 2000)->receipt;
  const auto two = refund("k2", "A-1", 2500)->receipt;
  ASSERT_TRUE(ledger_->reverse_refund("u", one, 2000));
  EXPECT_FALSE(ledger_->reverse_refund("u", two, 2000));
}

TEST_F(LedgerTest, KeepsWhatItDidWhenItIsOpenedAgain) {
  const auto receipt = refund("k", "A-1", 4500)->receipt;
  reopen();
  EXPECT_EQ(refund("k", "A-1", 4500)->receipt, receipt);
  EXPECT_EQ(ledger_->find_refund("k").value()->receipt, receipt);
  EXPECT_FALSE(ledger_->find_refund("never").value().has_value());
}

TEST_F(LedgerTest, ImportsIntoAnEmptyFileAlone) {
  ASSERT_TRUE(ledger_->import_when_empty(testing::sample_accounts(), testing::sample_charges()));
  EXPECT_EQ(query(path_, "SELECT count(*) FROM charges"), std::vector<std::string>{"12"});
}

TEST(LedgerImport, TakesNothingOfASeedThatBreaksARule) {
  const Folder folder;
  auto ledger = Ledger::open(folder.file("b.db"));
  auto charges = testing::sample_charges();
  charges.push_back({"x", "A-9", "plan", {}, 100, 100, "EUR", "2017-10-01T06:00:00Z", {}});  // No such account.
  EXPECT_FALSE((*ledger)->import_when_empty(testing::sample_accounts(), charges));
  EXPECT_EQ(query(folder.file("b.db"), "SELECT count(*) FROM accounts"), std::vector<std::string>{"0"});
}

TEST_F(LedgerTest, GivesTheSameReceiptsToManyAtOnce) {
  constexpr int hands = 4;
  constexpr int keys = 20;
  std::vector<std::vector<std::string>> receipts(hands, std::vector<std::string>(keys));
  std::vector<std::thread> threads;
  for (std::size_t hand = 0; hand < hands; ++hand) {
    threads.emplace_back([&, hand] {
      const auto own = Ledger::open(path_);
      for (std::size_t step = 0; step < keys; ++step) {
        const std::size_t n = (step + hand * 5) % keys;
        const auto made = (*own)->refund({"k" + std::to_string(n), "A-1", 225, "EUR", 1000, 10000, {}});
        receipts[hand][n] = made ? made->receipt : made.error().message;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& row : receipts) EXPECT_EQ(row, receipts[0]);
  EXPECT_EQ(query(path_, "SELECT count(*) || ' ' || sum(amount_minor) FROM refunds"), std::vector<std::string>{"20 4500"});
}

TEST_F(LedgerTest, LetsNobodyChangeOrRemoveAnEntry) {
  EXPECT_EQ(tamper(path_, "UPDATE entries SET debit_minor = debit_minor + 1 WHERE debit_minor > 0"),
            "books are only appended to");
  EXPECT_EQ(tamper(path_, "DELETE FROM entries"), "books are only appended to");
  EXPECT_EQ(tamper(path_, "UPDATE charges SET amount_minor = 1"), "books are only appended to");
}

TEST_F(LedgerTest, LetsNobodyCommitHalfAPosting) {
  const std::string half =
      "BEGIN; INSERT INTO postings (posting, what, subject) VALUES (900, 'refund', 'x');"
      "INSERT INTO entries VALUES (900, 1, 'refunds', 'A-1', 5, 0, 'EUR');";
  EXPECT_EQ(tamper(path_, half + "COMMIT"), "FOREIGN KEY constraint failed");
  EXPECT_EQ(tamper(path_, half + "INSERT INTO seals VALUES (900); COMMIT"),
            "a posting has debits equal to credits, in one currency");
}

TEST_F(LedgerTest, LetsNobodyAddToASealedPosting) {
  EXPECT_EQ(tamper(path_, "INSERT INTO entries VALUES (1, 3, 'cash', 'A-1', 5, 0, 'EUR')"),
            "a sealed posting takes no more entries");
}

TEST_F(LedgerTest, LetsNobodyStoreARefundAboveWhatWasOvercharged) {
  const std::string sql =
      "BEGIN; INSERT INTO postings (posting, what, subject) VALUES (900, 'refund', 'x');"
      "INSERT INTO entries VALUES (900, 1, 'refunds', 'A-3', 5, 0, 'EUR'), (900, 2, 'cash', 'A-3', 0, 5, 'EUR');"
      "INSERT INTO seals VALUES (900);"
      "INSERT INTO refunds VALUES ('k', 'A-3', 5, 'EUR', 'R-X', 'paid', 900, 0); COMMIT";
  EXPECT_EQ(tamper(path_, sql), "refunds never exceed what was overcharged");
}

TEST(LedgerFile, RefusesAFileThatIsNotItsOwn) {
  const Folder folder;
  testing::write_file(folder.file("text.db"), "this is no database, and it is long enough to be read as the header of one....");
  EXPECT_EQ(Ledger::open(folder.file("text.db")).error().code, Code::corrupt);
  EXPECT_FALSE(Ledger::open(folder.file("no/such/folder.db")));
  ASSERT_TRUE(Ledger::open(folder.file("old.db")));
  ASSERT_EQ(tamper(folder.file("old.db"), "PRAGMA user_version = 9"), "");
  EXPECT_EQ(Ledger::open(folder.file("old.db")).error().code, Code::corrupt);
}

TEST(LedgerFile, DoesNothingAndSaysSoWhenAStepFails) {
  const Folder folder;
  auto ledger = Ledger::open(folder.file("b.db"));
  ASSERT_TRUE((*ledger)->import_when_empty(testing::sample_accounts(), testing::sample_charges()));
  // The last step of a refund breaks, after its posting was written.
  ASSERT_EQ(
      tamper(folder.file("b.db"), "CREATE TRIGGER broken AFTER INSERT ON refunds BEGIN INSERT INTO nowhere VALUES (1); END"),
      "");
  const auto refund = (*ledger)->refund({"k", "A-1", 100, "EUR", 0, 10000, {}});
  ASSERT_FALSE(refund);
  EXPECT_EQ(refund.error().code, Code::unavailable);
  EXPECT_EQ(query(folder.file("b.db"), "SELECT count(*) FROM postings WHERE what = 'refund'"), std::vector<std::string>{"0"});
  EXPECT_TRUE((*ledger)->check_charge("A-1"));
}

TEST(Explanation, FitsItsLengthAndNamesNoFigureWhateverWasFound) {
  for (const std::int64_t over : {0, 4500})
    for (const std::int64_t refunded : {0, 100})
      for (const std::int64_t in_transit : {0, 100})
        for (const int duplicates : {0, 1, 2})
          for (const int wrong : {0, 1, 2}) {
            const auto told = explain({over, refunded, in_transit, "EUR", duplicates, wrong, {}});
            for (const auto& text : {told.en, told.es}) {
              EXPECT_LE(text.size(), 160u) << text;
              EXPECT_EQ(text.find_first_of("0123456789"), std::string::npos) << text;
              EXPECT_EQ(text.back(), '.');
            }
          }
}

TEST(ShortCode, IsTheSameForTheSameKeyAndAnotherAtTheNextTurn) {
  const auto code = books::short_code("R-", "key", 0);
  EXPECT_EQ(code, books::short_code("R-", "key", 0));
  EXPECT_NE(code, books::short_code("R-", "key", 1));
  EXPECT_EQ(code.size(), 10u);
  // SHA-256("key") begins 2c70e12b7a (hexadecimal), of which these are the base32 digits.
  EXPECT_EQ(code, "R-FRYOCK32");
}

}  // namespace
}  // namespace redress::billing
