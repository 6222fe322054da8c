// A stranger with SQL: whatever they change in the history of a real run, the audit names the case; what no claim carries, they
// cannot publish.
//
// REDRESS_TAMPER  "all": every byte of every journal row (minutes); else every byte of one row of each case, samples of others.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "crash/held_run.hpp"
#include "redress/reading.hpp"
#include "redress/store.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

constexpr std::int64_t cases_max = 20;

// One value of one journal row, with a byte of it or a number changed.
struct Change {
  std::int64_t row_id = 0;
  const char* column = "";
  std::shared_ptr<const std::string> was;  // Text, or a number's digits. Shared by the changes of one value.
  std::size_t at = 0;                      // Of text: the byte whose lowest bit changes, or its highest: no UTF-8 any more.
  std::int64_t by = 0;                     // Of a number; 0: it is text.

  [[nodiscard]] std::string value() const {
    if (by != 0) return std::to_string(std::stoll(*was) + by);
    std::string text = *was;
    text[at] = static_cast<char>(text[at] ^ (at % 2 == 0 ? 0x01 : 0x80));
    return text;
  }
};
using Changes = std::vector<Change>;

// A run's database, a stranger's connection to it and the auditor's beside.
class Tampered : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_held(folder_).status, 3) << folder_.read("stderr");
    ASSERT_EQ(sqlite3_open(folder_.path("redress.db").c_str(), &stranger_), SQLITE_OK);
    // The stranger turns off what can be turned off. Nobody pulls the plug here, so it need not wait for the disk either.
    sql("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF");
    auto store = open_sqlite_store(folder_.path("redress.db"), OpenMode::read);
    ASSERT_TRUE(store.ok()) << store.error().message;
    store_ = std::move(*store);
    ASSERT_EQ(named(), Names{});
  }
  void TearDown() override {
    for (const auto& [column, statement] : updates_) sqlite3_finalize(statement);
    store_.reset();
    sqlite3_close(stranger_);
  }

  using Names = std::set<std::string>;

  // SQLite's message; empty: done.
  std::string try_sql(const std::string& text) {
    char* message = nullptr;
    sqlite3_exec(stranger_, text.c_str(), nullptr, nullptr, &message);
    const std::string said = message == nullptr ? "" : message;
    sqlite3_free(message);
    return said;
  }
  void sql(const std::string& text) { ASSERT_EQ(try_sql(text), "") << text; }

  // False: the database refused it.
  bool make(const Change& change) { return set(change, change.value(), change.row_id); }
  bool undo(const Change& change) {
    return set(change, *change.was, change.row_id + (std::string_view(change.column) == "id" ? change.by : 0));
  }

  // The cases that the audit names.
  Names named() {
    Names names;
    const auto found = audit_store(*store_);
    EXPECT_TRUE(found.ok());
    if (!found) return names;
    for (const std::string& fault : found->faults) names.insert(fault.substr(0, fault.find(':')));
    return names;
  }

  // One change in each case at a time, so that one audit judges them all.
  void expect_each_named(const std::map<std::string, Changes>& changes_of) {
    std::size_t longest = 0;
    for (const auto& [name, changes] : changes_of) longest = std::max(longest, changes.size());
    for (std::size_t i = 0; i < longest && !HasFailure(); ++i) {
      Names expected;
      std::vector<const Change*> done;
      sql("BEGIN");
      for (const auto& [name, changes] : changes_of) {
        if (i >= changes.size() || !make(changes[i])) continue;
        done.push_back(&changes[i]);
        expected.insert(name);
        ++changed_;
      }
      sql("COMMIT");
      if (done.empty()) continue;
      const Names found = named();
      EXPECT_THAT(found, IsSupersetOf(expected));
      for (const auto& [name, changes] : changes_of) {
        if (expected.contains(name) && !found.contains(name))
          ADD_FAILURE() << name << ", row " << changes[i].row_id << ": " << changes[i].column << " was " << *changes[i].was
                        << " and is " << changes[i].value();
      }
      sql("BEGIN");
      // Backwards: a number may have taken the place that another one had left.
      for (auto change = done.rbegin(); change != done.rend(); ++change) EXPECT_TRUE(undo(**change));
      sql("COMMIT");
    }
    EXPECT_EQ(named(), Names{});
  }

  // What `make` gives for each journal row of up to 20 cases, and of what belongs to no case.
  std::map<std::string, Changes> changes_of_all(const std::function<void(const JournalRow&, Changes&)>& make) {
    std::map<std::string, std::int64_t> ids{{"case 0", 0}};
    const auto cases = store_->cases(0, cases_max);
    EXPECT_TRUE(cases.ok());
    for (const CaseRow& row : *cases) ids[row.reference] = row.id;
    std::map<std::string, Changes> changes_of;
    for (const auto& [name, id] : ids) {
      const auto journal = store_->journal(id, 0, 1000);
      EXPECT_TRUE(journal.ok());
      for (const JournalRow& row : *journal) make(row, changes_of[name]);
    }
    return changes_of;
  }

  const HeldFolder folder_;
  sqlite3* stranger_ = nullptr;
  std::unique_ptr<Store> store_;
  int changed_ = 0;

 private:
  bool set(const Change& change, const std::string& value, std::int64_t row_id) {
    sqlite3_stmt*& statement = updates_[change.column];
    if (statement == nullptr) {
      const std::string text = std::string("UPDATE journal SET ") + change.column + " = ?1 WHERE id = ?2";
      EXPECT_EQ(sqlite3_prepare_v2(stranger_, text.c_str(), -1, &statement, nullptr), SQLITE_OK) << text;
    }
    if (change.by != 0)
      sqlite3_bind_int64(statement, 1, std::stoll(value));
    else
      sqlite3_bind_text(statement, 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, 2, row_id);
    const bool done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return done;
  }

  std::map<std::string, sqlite3_stmt*> updates_;  // By column.
};

// Each `step`-th byte of the text.
void change_bytes(const JournalRow& row, const char* column, const std::string& text, std::size_t step, Changes& changes) {
  const auto was = std::make_shared<const std::string>(text);
  for (std::size_t at = static_cast<std::size_t>(row.seq) % step; at < text.size(); at += step)
    changes.push_back({.row_id = row.id, .column = column, .was = was, .at = at, .by = 0});
}

void change_texts(const JournalRow& row, std::size_t step, Changes& changes) {
  change_bytes(row, "event", row.event, step, changes);
  change_bytes(row, "workflow_hash", row.workflow_hash, step, changes);
  change_bytes(row, "entry", row.entry, step, changes);
  change_bytes(row, "digest", row.digest, step, changes);
}

TEST_F(Tampered, NamesTheCaseOfEachChangedByteOfItsJournal) {
  const char* wish = std::getenv("REDRESS_TAMPER");
  const bool all = wish != nullptr && std::string(wish) == "all";
  // The shortest row of each case whole; of the others every 97th byte of each text, another one in each row.
  std::map<std::int64_t, JournalRow> shortest_of;
  (void)changes_of_all([&](const JournalRow& row, Changes&) {
    const auto known = shortest_of.find(row.case_id);
    if (known == shortest_of.end() || row.entry.size() < known->second.entry.size()) shortest_of[row.case_id] = row;
  });
  expect_each_named(changes_of_all([&](const JournalRow& row, Changes& changes) {
    change_texts(row, all || row.id == shortest_of[row.case_id].id ? 1 : 97, changes);
  }));
  std::cout << changed_ << " bytes changed, each found\n";
  EXPECT_GT(changed_, 4000);
}

TEST_F(Tampered, NamesTheCaseOfEachChangedNumberOfItsJournal) {
  expect_each_named(changes_of_all([](const JournalRow& row, Changes& changes) {
    const std::pair<const char*, std::int64_t> numbers[] = {{"seq", row.seq},       {"at_ms", row.at_ms},
                                                            {"format", row.format}, {"previous_id", row.previous_id},
                                                            {"id", row.id},         {"case_id", row.case_id}};
    for (const auto& [column, value] : numbers) {
      const auto was = std::make_shared<const std::string>(std::to_string(value));
      for (const std::int64_t by : {1, -1, 1'000'003})  // Some of the first two the database refuses: the number is taken.
        changes.push_back({.row_id = row.id, .column = column, .was = was, .at = 0, .by = by});
    }
  }));
  EXPECT_GT(changed_, 2500);
}

TEST_F(Tampered, NamesTheCaseThatARowIsTakenFrom) {
  const auto cases = store_->cases(0, cases_max);
  for (const CaseRow& row : *cases) {
    for (std::int64_t seq = 1; seq <= row.version; ++seq) {
      sql("CREATE TEMP TABLE kept AS SELECT * FROM main.journal WHERE case_id = " + std::to_string(row.id) +
          " AND seq = " + std::to_string(seq) + "; DELETE FROM main.journal WHERE id IN (SELECT id FROM kept)");
      EXPECT_EQ(named(), Names{row.reference}) << seq;
      sql("INSERT INTO main.journal SELECT * FROM kept; DROP TABLE kept");
    }
  }
  EXPECT_EQ(named(), Names{});
}

// ---- the gate ---------------------------------------------------------------------------------------------------------------

class Forced : public Tampered {
 protected:
  // A reply of this run that claims a refund, as it was before it was published: its state alone is set back.
  std::string reply_set_back() {
    sqlite3_stmt* find = nullptr;
    sqlite3_prepare_v2(stranger_,
                       "SELECT r.id FROM replies AS r JOIN claims AS k ON k.reply_id = r.id WHERE r.name = 'refunded' AND "
                       "r.state = 'published' AND k.level = 'fulfilled' ORDER BY r.id",
                       -1, &find, nullptr);
    EXPECT_EQ(sqlite3_step(find), SQLITE_ROW);
    const std::string id = std::to_string(sqlite3_column_int64(find, 0));
    sqlite3_finalize(find);
    sql("UPDATE replies SET state = 'approved' WHERE id = " + id);
    return id;
  }
  // What the database says to each way of handing the reply out.
  void expect_refused(const std::string& id) {
    for (const char* state : {"publishing", "published", "unknown", "corrected"})
      EXPECT_THAT(try_sql(std::string("UPDATE replies SET state = '") + state + "' WHERE id = " + id), HasSubstr("the gate"))
          << state;
    EXPECT_THAT(try_sql("UPDATE OR REPLACE replies SET state = 'publishing' WHERE id = " + id), HasSubstr("the gate"));
    EXPECT_THAT(try_sql("UPDATE OR IGNORE replies SET state = 'publishing' WHERE id = " + id), HasSubstr("the gate"));
  }
};

TEST_F(Forced, IsTakenWhileItsClaimsHold) {
  const std::string id = reply_set_back();
  EXPECT_EQ(try_sql("UPDATE replies SET state = 'publishing' WHERE id = " + id), "");
}

TEST_F(Forced, IsRefusedWhenTheCommitmentDoesNotStandForItsClaim) {
  const std::string id = reply_set_back();
  const std::string claimed = " WHERE id = (SELECT commitment_id FROM claims WHERE reply_id = " + id + ")";
  for (const char* state : {"requested", "attempting", "declined", "failed", "unknown", "revoked", "undone"}) {
    sql(std::string("UPDATE commitments SET state = '") + state + "'" + claimed);
    expect_refused(id);
  }
  sql("UPDATE commitments SET state = 'fulfilled', evidence_digest = 'another'" + claimed);
  expect_refused(id);
}

TEST_F(Forced, IsRefusedAlsoAfterItsClaimRowsAreDeleted) {
  const std::string id = reply_set_back();
  sql("DELETE FROM claims WHERE reply_id = " + id);
  expect_refused(id);
  EXPECT_THAT(try_sql("UPDATE replies SET claims = '[]', state = 'publishing' WHERE id = " + id),
              HasSubstr("stays as it was drafted"));
}

TEST_F(Forced, IsRefusedWhenItIsInsertedAsPublishing) {
  const std::string id = reply_set_back();
  sql("DELETE FROM claims WHERE reply_id = " + id);
  EXPECT_THAT(try_sql("CREATE TEMP TABLE forged AS SELECT * FROM main.replies WHERE id = " + id +
                      "; UPDATE forged SET id = 9000, state = 'publishing', key = 'forged';"
                      " INSERT INTO main.replies SELECT * FROM forged"),
              HasSubstr("the gate"));
}

}  // namespace
}  // namespace redress::test
