// The ledger under seeded random acts, beside a model of three numbers for each account.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "billing/ledger.hpp"
#include "books_probe.hpp"

namespace redress::billing {
namespace {

constexpr std::int64_t authority_minor = 10000;

// What the books must say, kept the simple way.
struct Model {
  std::map<std::string, std::int64_t> overcharged{{"A-1", 4500}, {"A-2", 12000}, {"A-3", 0}, {"A-4", 3000}, {"A-6", 2500}};
  std::map<std::string, Refund> refunds;  // By key.

  [[nodiscard]] std::int64_t left(const std::string& account) const {
    std::int64_t left = overcharged.at(account);
    for (const auto& [key, refund] : refunds) {
      const bool counts = refund.state == RefundState::sent || refund.state == RefundState::paid;
      if (refund.account == account && counts) left -= refund.amount_minor;
    }
    return left;
  }
};

class RandomActs {
 public:
  explicit RandomActs(unsigned seed) : random_(seed) { open(); }

  void run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      switch (below(10)) {
        case 0:
          settle();
          break;
        case 1:
        case 2:
          reverse();
          break;
        case 3:
          open();
          break;
        default:
          refund();
          break;
      }
    }
    for (const auto& [account, unused] : model_.overcharged)
      EXPECT_EQ(ledger_->check_charge(account)->overcharged_minor, model_.left(account)) << account;
    EXPECT_EQ(testing::violations(path_), std::vector<std::string>{});
  }

 private:
  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  std::string key() { return "key/" + std::to_string(below(25)); }

  void open() {
    ledger_.reset();
    ledger_ = *Ledger::open(path_);
    ASSERT_TRUE(ledger_->import_when_empty(testing::sample_accounts(), testing::sample_charges()));
  }

  void refund() {
    static const std::vector<std::string> accounts{"A-1", "A-2", "A-3", "A-4", "A-6"};
    const std::string account = accounts[static_cast<std::size_t>(below(5))];
    const RefundRequest request{key(), account, 500 * below(30), account == "A-6" ? "USD" : "EUR", 1, authority_minor, {}};
    const auto known = model_.refunds.find(request.key);
    const auto made = ledger_->refund(request);
    if (known != model_.refunds.end()) {
      const bool same = known->second.account == account && known->second.amount_minor == request.amount_minor;
      ASSERT_EQ(made.ok(), same);
      if (!same) return;
      EXPECT_EQ(made->receipt, known->second.receipt);
      EXPECT_EQ(made->state, known->second.state);
      return;
    }
    const bool allowed =
        request.amount_minor > 0 && request.amount_minor <= authority_minor && request.amount_minor <= model_.left(account);
    ASSERT_EQ(made.ok(), allowed) << request.amount_minor << " to " << account;
    if (allowed) model_.refunds[request.key] = *made;
  }

  void settle() {
    const std::string which = key();
    const bool arrived = below(2) == 0;
    const auto known = model_.refunds.find(which);
    const auto settled = ledger_->settle(which, arrived);
    if (known == model_.refunds.end()) {
      ASSERT_FALSE(settled);
      return;
    }
    RefundState& state = known->second.state;
    const RefundState wanted = arrived ? RefundState::paid : RefundState::returned;
    const bool allowed = state == wanted || state == RefundState::sent || (state == RefundState::paid && !arrived);
    ASSERT_EQ(settled.ok(), allowed);
    if (allowed) state = wanted;
  }

  void reverse() {
    const std::string which = key();
    const auto known = model_.refunds.find(which);
    const std::string receipt = known == model_.refunds.end() ? "R-NOTHERE" : known->second.receipt;
    const auto reversed = ledger_->reverse_refund(which + "/undo", receipt, 2);
    if (known == model_.refunds.end()) {
      ASSERT_FALSE(reversed);
      return;
    }
    RefundState& state = known->second.state;
    const bool allowed = state == RefundState::paid || state == RefundState::reversed;
    ASSERT_EQ(reversed.ok(), allowed);
    if (allowed) state = RefundState::reversed;
  }

  std::mt19937 random_;
  testing::Folder folder_;
  std::string path_ = folder_.file("billing.db");
  std::unique_ptr<Ledger> ledger_;
  Model model_;
};

TEST(LedgerRandom, KeepsItsRulesThroughAnyOrderOfActs) {
  for (unsigned seed = 1; seed <= 12 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomActs(seed).run(150);
  }
}

}  // namespace
}  // namespace redress::billing
