// The Ledger over SQLite: each act is one transaction that looks first, decides, and posts.
#include "billing/ledger.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <utility>

#include "billing/schema.hpp"

namespace redress::billing {
namespace {

using SQLite::Database;
using SQLite::Statement;

constexpr int receipt_turns_max = 100;
constexpr std::array<const char*, 4> state_names{"sent", "paid", "returned", "reversed"};

RefundState state_of(const std::string& name) {
  for (std::size_t i = 0; i < state_names.size(); ++i)
    if (name == state_names[i]) return static_cast<RefundState>(i);
  return RefundState::sent;  // The table's CHECK lets no other name in.
}
const char* name_of(RefundState state) { return state_names[static_cast<std::size_t>(state)]; }

// One posting of two entries: `debit` and `credit` name ledgers.
struct Posting {
  const char* what;
  std::string subject;
  const char* debit;
  const char* credit;
  std::string account;
  std::int64_t amount_minor;
  std::string currency;
};

void add_entry(Database& database, std::int64_t posting, int line, const Posting& p) {
  Statement entry(database,
                  "INSERT INTO entries (posting, line, ledger, account, debit_minor, credit_minor, currency) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?)");
  const bool debit = line == 1;
  entry.bind(1, posting);
  entry.bind(2, line);
  entry.bind(3, debit ? p.debit : p.credit);
  entry.bind(4, p.account);
  entry.bind(5, debit ? p.amount_minor : std::int64_t{0});
  entry.bind(6, debit ? std::int64_t{0} : p.amount_minor);
  entry.bind(7, p.currency);
  entry.exec();
}

std::int64_t post(Database& database, const Posting& p) {
  Statement head(database, "INSERT INTO postings (what, subject) VALUES (?, ?)");
  head.bind(1, p.what);
  head.bind(2, p.subject);
  head.exec();
  const std::int64_t posting = database.getLastInsertRowid();
  add_entry(database, posting, 1, p);
  add_entry(database, posting, 2, p);
  Statement seal(database, "INSERT INTO seals (posting) VALUES (?)");
  seal.bind(1, posting);
  seal.exec();
  return posting;
}

void bind_optional(Statement& statement, int index, const std::optional<std::string>& value) {
  if (value)
    statement.bind(index, *value);
  else
    statement.bind(index);
}

void add_account(Database& database, const Account& account) {
  Statement insert(database, "INSERT INTO accounts (account, name, currency, payout) VALUES (?, ?, ?, ?)");
  insert.bind(1, account.account);
  insert.bind(2, account.name);
  insert.bind(3, account.currency);
  insert.bind(4, account.payout);
  insert.exec();
  for (const auto& handle : account.handles) {
    Statement row(database, "INSERT INTO handles (channel, handle, account) VALUES (?, ?, ?)");
    row.bind(1, handle.channel);
    row.bind(2, handle.handle);
    row.bind(3, account.account);
    row.exec();
  }
}

void add_charge(Database& database, const Charge& charge) {
  const std::int64_t posting =
      post(database, {"charge", charge.id, "cash", "revenue", charge.account, charge.amount_minor, charge.currency});
  Statement insert(
      database,
      "INSERT INTO charges (id, account, what, period, amount_minor, expected_minor, currency, charged_at, duplicate_of, "
      "posting) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(1, charge.id);
  insert.bind(2, charge.account);
  insert.bind(3, charge.what);
  bind_optional(insert, 4, charge.period);
  insert.bind(5, charge.amount_minor);
  insert.bind(6, charge.expected_minor);
  insert.bind(7, charge.currency);
  insert.bind(8, charge.charged_at);
  bind_optional(insert, 9, charge.duplicate_of);
  insert.bind(10, posting);
  insert.exec();
}

// Read within the caller's transaction.
Result<ChargeCheck> check(Database& database, const std::string& account) {
  ChargeCheck found;
  Statement owner(database, "SELECT currency FROM accounts WHERE account = ?");
  owner.bind(1, account);
  if (!owner.executeStep()) return {Code::refused, "there is no such account; check the number with the customer"};
  found.currency = owner.getColumn(0).getString();

  Statement other(database, "SELECT currency FROM charges WHERE account = ? AND currency <> ? ORDER BY currency LIMIT 1");
  other.bind(1, account);
  other.bind(2, found.currency);
  if (other.executeStep())
    return {Code::refused, "the account is kept in " + found.currency + " and has charges in " +
                               other.getColumn(0).getString() + ": a person has to look"};

  std::int64_t over_minor = 0;
  Statement wrong(database, "SELECT id, kind, over_minor FROM overcharges WHERE account = ? ORDER BY charged_at, id");
  wrong.bind(1, account);
  while (wrong.executeStep()) {
    found.charges.push_back(wrong.getColumn(0).getString());
    ++(wrong.getColumn(1).getString() == "duplicate" ? found.duplicates : found.wrong);
    over_minor += wrong.getColumn(2).getInt64();
  }
  Statement given(database,
                  "SELECT coalesce(sum(amount_minor), 0), coalesce(sum(amount_minor) FILTER (WHERE state = 'sent'), 0) "
                  "FROM refunds WHERE account = ? AND state IN ('sent', 'paid')");
  given.bind(1, account);
  given.executeStep();
  found.refunded_minor = given.getColumn(0).getInt64();
  found.in_transit_minor = given.getColumn(1).getInt64();
  found.overcharged_minor = over_minor - found.refunded_minor;
  return found;
}

std::optional<Refund> refund_where(Database& database, const char* column, const std::string& value) {
  Statement query(database, std::string("SELECT key, account, amount_minor, currency, receipt, state FROM refunds WHERE ") +
                                column + " = ?");
  query.bind(1, value);
  if (!query.executeStep()) return std::nullopt;
  return Refund{query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getInt64(),
                query.getColumn(3).getString(), query.getColumn(4).getString(), state_of(query.getColumn(5).getString())};
}

std::optional<Reversal> reversal_where(Database& database, const char* column, const std::string& value) {
  Statement query(database, std::string("SELECT r.receipt, r.reversal, f.amount_minor, f.currency FROM reversals AS r "
                                        "JOIN refunds AS f ON f.receipt = r.receipt WHERE r.") +
                                column + " = ?");
  query.bind(1, value);
  if (!query.executeStep()) return std::nullopt;
  return Reversal{query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getInt64(),
                  query.getColumn(3).getString()};
}

// A code of the key that no other row of `table` has.
Result<std::string> free_code(Database& database, std::string_view prefix, const std::string& key, const std::string& table) {
  Statement taken(database, "SELECT 1 FROM " + table);
  for (int turn = 0; turn < receipt_turns_max; ++turn) {
    std::string code = books::short_code(prefix, key, turn);
    taken.reset();
    taken.bind(1, code);
    if (!taken.executeStep()) return code;
  }
  return {Code::unavailable, "no free receipt was found for key " + key};
}

std::string in_words(std::int64_t amount_minor, const std::string& currency) {
  return std::to_string(amount_minor) + " minor units of " + currency;
}

// The reason why a request is refused, or nothing.
Result<void> permit(Database& database, const RefundRequest& request) {
  if (request.amount_minor <= 0)
    return {Code::refused, "a refund is of 1 minor unit or more, this one of " + std::to_string(request.amount_minor)};
  auto checked = check(database, request.account);
  if (!checked) return checked.error();
  if (request.currency != checked->currency)
    return {Code::refused, "the account is kept in " + checked->currency + ", the refund is in " + request.currency};
  if (request.amount_minor > request.authority_minor)
    return {Code::refused, "over the authority amount: " + std::to_string(request.amount_minor) + " is more than " +
                               std::to_string(request.authority_minor) + " minor units; a person has to decide"};
  if (request.amount_minor > checked->overcharged_minor)
    return {Code::refused, "more than was overcharged: " + std::to_string(request.amount_minor) + " is more than the " +
                               std::to_string(checked->overcharged_minor) + " minor units that are still open (" +
                               std::to_string(checked->refunded_minor) + " refunded)"};
  return {};
}

Result<Refund> make_refund(Database& database, const RefundRequest& request) {
  if (auto permitted = permit(database, request); !permitted) return permitted.error();
  Result<std::string> receipt = request.receipt;
  if (request.receipt.empty()) receipt = free_code(database, "R-", request.key, "refunds WHERE receipt = ?");
  if (!receipt) return receipt.error();
  if (refund_where(database, "receipt", *receipt))
    return {Code::refused, "the receipt " + *receipt + " belongs to another refund already; give the one of this refund"};
  Statement rail(database, "SELECT payout = 'bank_transfer_manual' FROM accounts WHERE account = ?");
  rail.bind(1, request.account);
  rail.executeStep();
  const bool in_transit = rail.getColumn(0).getInt() == 1 && request.receipt.empty();
  const RefundState state = in_transit ? RefundState::sent : RefundState::paid;

  const std::int64_t posting = post(database, {"refund", *receipt, "refunds", in_transit ? "in_transit" : "cash",
                                               request.account, request.amount_minor, request.currency});
  Statement insert(database,
                   "INSERT INTO refunds (key, account, amount_minor, currency, receipt, state, posting, at_ms) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(1, request.key);
  insert.bind(2, request.account);
  insert.bind(3, request.amount_minor);
  insert.bind(4, request.currency);
  insert.bind(5, *receipt);
  insert.bind(6, name_of(state));
  insert.bind(7, posting);
  insert.bind(8, request.at_ms);
  insert.exec();
  return Refund{request.key, request.account, request.amount_minor, request.currency, *receipt, state};
}

Result<Refund> refund_once(Database& database, const RefundRequest& request) {
  const auto earlier = refund_where(database, "key", request.key);
  if (!earlier) return make_refund(database, request);
  if (earlier->account == request.account && earlier->amount_minor == request.amount_minor &&
      earlier->currency == request.currency)
    return *earlier;
  return {Code::refused, "key " + request.key + " stands for a refund of " +
                             in_words(earlier->amount_minor, earlier->currency) + " already, not of " +
                             in_words(request.amount_minor, request.currency) +
                             (earlier->account == request.account ? "" : " to another account")};
}

void move(Database& database, const Refund& refund, RefundState state) {
  Statement update(database, "UPDATE refunds SET state = ? WHERE key = ?");
  update.bind(1, name_of(state));
  update.bind(2, refund.key);
  update.exec();
}

Result<Refund> settle_refund(Database& database, const std::string& key, bool arrived) {
  auto refund = refund_where(database, "key", key);
  if (!refund) return {Code::refused, "no refund has the key " + key};
  const RefundState wanted = arrived ? RefundState::paid : RefundState::returned;
  if (refund->state == wanted) return *refund;
  const bool bounced = refund->state == RefundState::paid && !arrived;
  if (refund->state != RefundState::sent && !bounced)
    return {Code::refused,
            "refund " + refund->receipt + " is " + name_of(refund->state) + ", so it cannot become " + name_of(wanted)};
  post(database, {arrived ? "confirm" : "return", refund->receipt, bounced ? "cash" : "in_transit",
                  arrived ? "cash" : "refunds", refund->account, refund->amount_minor, refund->currency});
  move(database, *refund, wanted);
  refund->state = wanted;
  return *refund;
}

Result<Reversal> make_reversal(Database& database, const std::string& key, const Refund& refund, std::int64_t at_ms) {
  auto code = free_code(database, "V-", key, "reversals WHERE reversal = ?");
  if (!code) return code.error();
  const std::int64_t posting =
      post(database, {"reverse", *code, "cash", "refunds", refund.account, refund.amount_minor, refund.currency});
  move(database, refund, RefundState::reversed);
  Statement insert(database, "INSERT INTO reversals (key, receipt, reversal, posting, at_ms) VALUES (?, ?, ?, ?, ?)");
  insert.bind(1, key);
  insert.bind(2, refund.receipt);
  insert.bind(3, *code);
  insert.bind(4, posting);
  insert.bind(5, at_ms);
  insert.exec();
  return Reversal{refund.receipt, *code, refund.amount_minor, refund.currency};
}

Result<Reversal> reverse_once(Database& database, const std::string& key, const std::string& receipt, std::int64_t at_ms) {
  if (const auto earlier = reversal_where(database, "key", key)) {
    if (earlier->receipt == receipt) return *earlier;
    return {Code::refused, "key " + key + " stands for the reversal of " + earlier->receipt + " already, not of " + receipt};
  }
  if (const auto reversed = reversal_where(database, "receipt", receipt)) return *reversed;
  const auto refund = refund_where(database, "receipt", receipt);
  if (!refund) return {Code::refused, "no refund has the receipt " + receipt};
  if (refund->state != RefundState::paid)
    return {Code::refused, "refund " + receipt + " is " + name_of(refund->state) + ": only a paid one can be taken back"};
  return make_reversal(database, key, *refund, at_ms);
}

Result<std::string> account_of(Database& database, const std::string& handle, const std::string& channel) {
  const std::string bare = handle.starts_with('@') ? handle.substr(1) : handle;
  Statement query(database,
                  "SELECT DISTINCT account FROM handles WHERE handle = ?1 AND ?2 IN ('', channel) ORDER BY account LIMIT 2");
  query.bind(1, bare);
  query.bind(2, channel);
  if (!query.executeStep()) return {Code::refused, "no account has the handle of this customer"};
  std::string account = query.getColumn(0).getString();
  if (query.executeStep())
    return {Code::refused, "the handle belongs to more than one account, by channel; a person has to ask which"};
  return account;
}

// Gives the answer of a Work that fills `held`, or why it failed.
template <class T>
Result<T> answer(const Result<void>& worked, std::optional<T>& held) {
  if (!worked) return worked.error();
  return std::move(*held);
}

template <class T>
Result<void> keep(Result<T> result, std::optional<T>& held) {
  if (!result) return result.error();
  held = std::move(*result);
  return {};
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& path) {
  auto books = books::Books::open(path, {"billing", schema_application_id, schema_version, schema_sql});
  if (!books) return books.error();
  return std::unique_ptr<Ledger>(new Ledger(std::move(*books)));
}

Result<void> Ledger::import_when_empty(const std::vector<Account>& accounts, const std::vector<Charge>& charges) {
  return books_->write([&](Database& database) -> Result<void> {
    Statement any(database, "SELECT 1 FROM accounts LIMIT 1");
    if (any.executeStep()) return {};
    for (const auto& account : accounts) add_account(database, account);
    for (const auto& charge : charges)
      if (!charge.duplicate_of) add_charge(database, charge);
    for (const auto& charge : charges)  // After the originals that they refer to.
      if (charge.duplicate_of) add_charge(database, charge);
    return {};
  });
}

Result<std::string> Ledger::find_account(const std::string& handle, const std::string& channel) {
  std::optional<std::string> held;
  return answer(books_->read([&](Database& database) { return keep(account_of(database, handle, channel), held); }), held);
}

Result<ChargeCheck> Ledger::check_charge(const std::string& account) {
  std::optional<ChargeCheck> held;
  return answer(books_->read([&](Database& database) { return keep(check(database, account), held); }), held);
}

Result<Refund> Ledger::refund(const RefundRequest& request) {
  std::optional<Refund> held;
  return answer(books_->write([&](Database& database) { return keep(refund_once(database, request), held); }), held);
}

Result<std::optional<Refund>> Ledger::find_refund(const std::string& key) {
  std::optional<Refund> held;
  auto read = books_->read([&](Database& database) -> Result<void> {
    held = refund_where(database, "key", key);
    return {};
  });
  if (!read) return read.error();
  return held;
}

Result<Refund> Ledger::settle(const std::string& key, bool arrived) {
  std::optional<Refund> held;
  return answer(books_->write([&](Database& database) { return keep(settle_refund(database, key, arrived), held); }), held);
}

Result<Reversal> Ledger::reverse_refund(const std::string& key, const std::string& receipt, std::int64_t at_ms) {
  std::optional<Reversal> held;
  return answer(books_->write([&](Database& database) { return keep(reverse_once(database, key, receipt, at_ms), held); }),
                held);
}

Result<std::optional<Reversal>> Ledger::find_reversal(const std::string& key) {
  std::optional<Reversal> held;
  auto read = books_->read([&](Database& database) -> Result<void> {
    held = reversal_where(database, "key", key);
    return {};
  });
  if (!read) return read.error();
  return held;
}

}  // namespace redress::billing
