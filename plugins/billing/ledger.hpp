// The Ledger is the company's record of charges, refunds and reversals: double-entry books in one SQLite file.
//
// Used by one thread at a time; several processes may have the file open. Errors: `refused`: the business says no,
// `unavailable`: nothing was done, `internal`: COMMIT failed, so look it up, `corrupt`: the file is damaged, or is not ours.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "books/books.hpp"
#include "redress/result.hpp"

namespace redress::billing {

// What is imported into an empty ledger. See plugins/billing/README.md for the file's format.
struct Account {
  std::string account;
  std::string name;
  std::string currency;  // ISO 4217.
  std::string payout;    // card, bank_transfer or bank_transfer_manual.
  struct Handle {
    std::string channel;
    std::string handle;
  };
  std::vector<Handle> handles;
};

struct Charge {
  std::string id;
  std::string account;
  std::string what;
  std::optional<std::string> period;  // "2017-10".
  std::int64_t amount_minor = 0;
  std::int64_t expected_minor = 0;  // What the tariff says.
  std::string currency;
  std::string charged_at;                   // "2017-10-08T23:04:15Z"
  std::optional<std::string> duplicate_of;  // An earlier charge of the same account.
};

// What is wrong with an account's charges, refunds already made left out.
struct ChargeCheck {
  std::int64_t overcharged_minor = 0;  // Still to be given back.
  std::int64_t refunded_minor = 0;     // Given back or on its way.
  std::int64_t in_transit_minor = 0;   // Of that: sent, and the bank has not confirmed.
  std::string currency;
  int duplicates = 0;
  int wrong = 0;
  std::vector<std::string> charges;  // The wrong charges' ids, in order of time.
};

enum class RefundState {
  sent,      // With the bank, which has not confirmed.
  paid,      // With the customer.
  returned,  // The bank did not pay, or it came back.
  reversed,  // Taken back by us.
};

struct Refund {
  std::string key;
  std::string account;
  std::int64_t amount_minor = 0;
  std::string currency;
  std::string receipt;
  RefundState state = RefundState::paid;
};

struct RefundRequest {
  std::string key;
  std::string account;
  std::int64_t amount_minor = 0;
  std::string currency;
  std::int64_t at_ms = 0;
  std::int64_t authority_minor = 0;  // The most that may be refunded at once.
  std::string receipt;               // Of a person who paid by hand: the refund is paid. Empty: made from the key.
};

struct Reversal {
  std::string receipt;   // Of the refund.
  std::string reversal;  // Its own receipt.
  std::int64_t amount_minor = 0;
  std::string currency;
};

class Ledger {
 public:
  // Opens the file, makes it where it is not there.
  [[nodiscard]] static Result<std::unique_ptr<Ledger>> open(const std::string& path);

  // All or nothing, and nothing where the ledger has accounts already: so the same import may be run at each start.
  [[nodiscard]] Result<void> import_when_empty(const std::vector<Account>& accounts, const std::vector<Charge>& charges);

  // The account of a handle; letter case and a leading @ do not count. `channel` empty: of any channel. Refused: none, or the
  // channels disagree. Like every reason here, it leaves out handle and account number: reasons outlive an erasure.
  [[nodiscard]] Result<std::string> find_account(const std::string& handle, const std::string& channel);
  // Refused: no such account, or charges in more than one currency.
  [[nodiscard]] Result<ChargeCheck> check_charge(const std::string& account);

  // Refunds once for a key: the same key again gives the same refund, in its present state. Refused: the key was used for
  // something else, over the authority, or more than is still overcharged.
  [[nodiscard]] Result<Refund> refund(const RefundRequest& request);
  [[nodiscard]] Result<std::optional<Refund>> find_refund(const std::string& key);
  // A person's word on what became of a refund: a sent one arrived or did not, a paid one came back. The same word again
  // changes nothing. Refused: no refund has the key, or another word stands.
  [[nodiscard]] Result<Refund> settle(const std::string& key, bool arrived);

  // Takes a paid refund back, once: also another key is given the reversal that was made. Refused: no such receipt, the key was
  // used for something else, or it is not with the customer.
  [[nodiscard]] Result<Reversal> reverse_refund(const std::string& key, const std::string& receipt, std::int64_t at_ms);
  [[nodiscard]] Result<std::optional<Reversal>> find_reversal(const std::string& key);

 private:
  explicit Ledger(std::unique_ptr<books::Books> books) : books_(std::move(books)) {}
  std::unique_ptr<books::Books> books_;
};

}  // namespace redress::billing
