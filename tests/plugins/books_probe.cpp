// The shared pieces of the departments' tests.
#include "books_probe.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace redress::testing {
namespace {

int keep_first_column(void* rows, int, char** values, char**) {
  static_cast<std::vector<std::string>*>(rows)->emplace_back(values[0] != nullptr ? values[0] : "NULL");
  return 0;
}

std::string run(const std::string& path, const std::string& sql, std::vector<std::string>& rows) {
  sqlite3* database = nullptr;
  std::string message;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) message = "cannot be opened";
  char* error = nullptr;
  sqlite3_exec(database, "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr);
  if (message.empty() && sqlite3_exec(database, sql.c_str(), keep_first_column, &rows, &error) != SQLITE_OK) {
    message = error != nullptr ? error : "failed";
  }
  sqlite3_free(error);
  sqlite3_close(database);
  return message;
}

}  // namespace

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "redress-plugins-XXXXXX").string();
  path_ = mkdtemp(name.data());
}
Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::string& path, std::string_view text) { std::ofstream(path) << text; }

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<std::string> query(const std::string& path, const std::string& sql) {
  std::vector<std::string> rows;
  EXPECT_EQ(run(path, sql, rows), "") << sql;
  return rows;
}

std::string tamper(const std::string& path, const std::string& sql) {
  std::vector<std::string> rows;
  return run(path, sql, rows);
}

std::vector<std::string> violations(const std::string& path) {
  return query(path, R"sql(
    SELECT 'posting ' || posting || ' does not balance' FROM entries
      GROUP BY posting HAVING sum(debit_minor) <> sum(credit_minor) OR count(DISTINCT currency) <> 1
    UNION ALL SELECT 'posting ' || posting || ' has no entries or no seal' FROM postings
      WHERE posting NOT IN (SELECT posting FROM entries) OR posting NOT IN (SELECT posting FROM seals)
    UNION ALL SELECT 'the books do not balance' WHERE (SELECT sum(debit_minor - credit_minor) FROM entries) <> 0
    UNION ALL SELECT account || ' was refunded more than it was charged' FROM accounts AS a
      WHERE (SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE account = a.account AND state IN ('sent', 'paid'))
          > (SELECT coalesce(sum(amount_minor), 0) FROM charges WHERE account = a.account AND currency = a.currency)
    UNION ALL SELECT account || ': the ledger refunds and the refunds table disagree' FROM accounts AS a
      WHERE (SELECT coalesce(sum(debit_minor - credit_minor), 0) FROM entries WHERE account = a.account AND ledger = 'refunds')
         <> (SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE account = a.account AND state IN ('sent', 'paid'))
    UNION ALL SELECT account || ': the ledger in_transit and the sent refunds disagree' FROM accounts AS a
      WHERE (SELECT coalesce(sum(credit_minor - debit_minor), 0) FROM entries
             WHERE account = a.account AND ledger = 'in_transit')
         <> (SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE account = a.account AND state = 'sent')
    UNION ALL SELECT 'a posting belongs to nothing' FROM postings
      WHERE what IN ('charge', 'refund', 'reverse') AND posting NOT IN (SELECT posting FROM charges) AND
            posting NOT IN (SELECT posting FROM refunds) AND posting NOT IN (SELECT posting FROM reversals)
    UNION ALL SELECT 'integrity: ' || integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'
    UNION ALL SELECT 'a foreign key fails in ' || "table" FROM pragma_foreign_key_check)sql");
}

std::vector<billing::Account> sample_accounts() {
  return {{"A-1", "Ana", "EUR", "card", {{"x", "ana"}, {"mail", "ana.r"}}},
          {"A-2", "Ben", "EUR", "card", {{"x", "ben"}}},
          {"A-3", "Cleo", "EUR", "bank_transfer", {{"x", "cleo"}, {"x", "both"}}},
          {"A-4", "Dan", "EUR", "bank_transfer_manual", {{"x", "dan"}}},
          {"A-5", "Eva", "EUR", "card", {{"x", "eva"}, {"mail", "both"}}},
          {"A-6", "Fay", "USD", "card", {{"x", "fay"}}}};
}

std::vector<billing::Charge> sample_charges() {
  const auto first = "2017-10-01T06:00:00Z";
  const auto second = "2017-10-02T06:00:00Z";
  return {{"1a", "A-1", "plan", "2017-10", 4500, 4500, "EUR", first, {}},
          {"1b", "A-1", "plan", "2017-10", 4500, 4500, "EUR", second, {}},
          {"2a", "A-2", "roaming", "2017-10", 13000, 1000, "EUR", first, {}},
          {"3a", "A-3", "plan", "2017-09", 4500, 4500, "EUR", first, {}},
          {"3b", "A-3", "plan", "2017-10", 4500, 4500, "EUR", second, {}},
          {"4b", "A-4", "plan", {}, 3000, 3000, "EUR", second, "4a"},
          {"4a", "A-4", "plan", {}, 3000, 3000, "EUR", first, {}},
          {"5a", "A-5", "plan", "2017-10", 4500, 4500, "EUR", first, {}},
          {"5b", "A-5", "plan", "2017-10", 4500, 4500, "USD", second, {}},
          {"6a", "A-6", "plan", "2017-10", 2000, 2000, "USD", first, {}},
          {"6b", "A-6", "plan", "2017-10", 2000, 2000, "USD", second, {}},
          {"6c", "A-6", "roaming", "2017-10", 900, 400, "USD", second, {}}};
}

std::string sample_seed() {
  nlohmann::json accounts = nlohmann::json::array();
  for (const auto& a : sample_accounts()) {
    nlohmann::json handles = nlohmann::json::array();
    for (const auto& h : a.handles) handles.push_back({{"channel", h.channel}, {"handle", h.handle}});
    accounts.push_back(
        {{"account", a.account}, {"name", a.name}, {"currency", a.currency}, {"payout", a.payout}, {"handles", handles}});
  }
  nlohmann::json charges = nlohmann::json::array();
  for (const auto& c : sample_charges()) {
    charges.push_back({{"id", c.id},
                       {"account", c.account},
                       {"what", c.what},
                       {"amount_minor", c.amount_minor},
                       {"expected_minor", c.expected_minor},
                       {"currency", c.currency},
                       {"charged_at", c.charged_at}});
    if (c.period) charges.back()["period"] = *c.period;
    if (c.duplicate_of) charges.back()["duplicate_of"] = *c.duplicate_of;
  }
  return nlohmann::json{{"accounts", accounts}, {"charges", charges}}.dump();
}

Desk::Desk(const std::string& plugin, const std::string& config) {
  auto loaded = load_department(plugin, config);
  if (loaded) {
    department_ = *loaded;
  } else {
    ADD_FAILURE() << loaded.error().message;
  }
}

Outcome Desk::answer(Verb verb, std::string_view action, std::string_view key, std::string_view input,
                     std::string_view evidence, std::int64_t now_ms, int attempt) const {
  if (!department_) return {};
  Call call;
  call.verb = verb;
  call.key = key;
  call.case_reference = "C-0001";
  call.action = action;
  call.input = input;
  call.evidence = evidence;
  call.attempt = attempt;
  call.now_ms = now_ms;
  return department_->handle(call);
}

std::string billing_config(const Folder& folder, std::int64_t authority_minor) {
  write_file(folder.file("seed.json"), sample_seed());
  return nlohmann::json{
      {"database", folder.file("billing.db")}, {"seed", folder.file("seed.json")}, {"refund_authority_minor", authority_minor}}
      .dump();
}

}  // namespace redress::testing
