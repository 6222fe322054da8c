// The audit finds every change to history, and names the case.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "store/journal.hpp"
#include "store/scribe.hpp"

namespace redress {
namespace {

using namespace tests;

// Three cases and case 0 in a file; case 2 has five entries, with a published reply. A stranger's connection beside the
// auditor's.
class Audited : public testing::Test {
 protected:
  Audited() {
    auto writer = open_sqlite_store(path_, OpenMode::write);
    EXPECT_TRUE(writer.ok());
    Scribe scribe(**writer);
    CaseRecord none = scribe.case_0(), with_people = none;
    with_people.people.emplace(1, PersonRow{.id = 1, .name = "ana", .roles = "[]"});
    with_people.posts.emplace(50, PostRow{.id = 50, .channel = "x", .post_id = "u", .thread = "u"});
    with_people.documents.emplace(1, DocumentRow{.id = 1, .kind = "workflow", .name = "w", .hash = "h", .content = "{}"});
    EXPECT_TRUE(scribe.write(none, with_people).ok());
    (void)scribe.written_case();
    write_long_case(scribe);
    (void)scribe.written_case();
    writer->reset();
    sqlite3_open(path_.c_str(), &stranger_);
    sql("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    auto reader = open_sqlite_store(path_, OpenMode::read);
    EXPECT_TRUE(reader.ok());
    store_ = std::move(*reader);
  }
  ~Audited() override { sqlite3_close(stranger_); }

  static void write_long_case(Scribe& scribe) {
    CaseRecord record = scribe.new_case();
    CommitmentRow& commitment = scribe.add_commitment(record, CommitmentState::fulfilled);
    commitment.evidence_digest = "e";
    ReplyRow& reply = scribe.add_reply(record, commitment, ClaimLevel::fulfilled);
    EXPECT_TRUE(scribe.write(CaseRecord{}, record).ok());
    for (const ReplyState state : {ReplyState::approved, ReplyState::publishing, ReplyState::published}) {
      const CaseRecord before = record;
      reply.state = state;
      record.replies.at(reply.id).state = state;
      EXPECT_TRUE(scribe.write(before, record).ok());
    }
    const CaseRecord before = record;
    record.row.priority = "high";
    EXPECT_TRUE(scribe.write(before, record).ok());
  }

  void sql(const std::string& text) {
    ASSERT_EQ(sqlite3_exec(stranger_, text.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << text << ": " << sqlite3_errmsg(stranger_);
  }

  store::AuditReport report() {
    auto out = store::audit(*store_);
    EXPECT_TRUE(out.ok()) << (out.ok() ? "" : out.error().message);
    return out.ok() ? *out : store::AuditReport{};
  }

  std::string names() {
    std::set<std::string> seen;
    for (const auto& fault : report().faults) {
      if (!fault.reference.empty()) seen.insert(fault.reference);
    }
    std::string out;
    for (const std::string& name : seen) out += (out.empty() ? "" : " ") + name;
    return out;
  }

  // Which cases the audit names while `change` stands; it is undone again.
  std::string named_after(const std::string& change) {
    sql("DROP TABLE IF EXISTS temp.kept_journal; CREATE TEMP TABLE kept_journal AS SELECT * FROM main.journal");
    sql(change);
    const std::string out = names();
    sql("BEGIN; DELETE FROM main.journal; INSERT INTO main.journal SELECT * FROM temp.kept_journal; COMMIT");
    return out;
  }

  const Folder folder_;
  const std::string path_ = folder_.file("r.db");
  sqlite3* stranger_ = nullptr;
  std::unique_ptr<Store> store_;
};

TEST_F(Audited, FindsNothingInAWholeStore) {
  const auto found = report();
  EXPECT_EQ(found.cases, 3);
  EXPECT_EQ(found.journal_rows, 2 + 1 + 5 + 1);
  EXPECT_EQ(found.texts_erased, 0);
  for (const auto& fault : found.faults) ADD_FAILURE() << fault.reference << ": " << fault.message;
}

// ---- the journal ----------------------------------------------------------------------------------------------------

TEST_F(Audited, NamesTheCaseOfEachChangedByteOfEachTextOfAJournalRow) {
  int changes = 0;
  const auto history = store_->journal(2, 0, 100);
  for (const JournalRow& row : *history) {
    std::vector<std::pair<std::string, std::string>> texts;
    JournalRow::each_field(row, [&](std::string_view field, const auto& value) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>) texts.emplace_back(field, value);
    });
    sqlite3_stmt* set = nullptr;
    for (const auto& [column, value] : texts) {
      sqlite3_prepare_v2(stranger_, ("UPDATE journal SET " + column + " = ?1 WHERE id = ?2").c_str(), -1, &set, nullptr);
      const auto write = [&](const std::string& text) {
        sqlite3_bind_text(set, 1, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
        sqlite3_bind_int64(set, 2, row.id);
        EXPECT_EQ(sqlite3_step(set), SQLITE_DONE);
        sqlite3_reset(set);
      };
      const std::size_t step = row.seq == 3 ? 1 : 7;  // Every byte of one row, some of the others.
      for (std::size_t at = 0; at <= value.size(); at += step) {
        std::string changed = value;
        if (at == value.size())
          changed += "x";
        else
          changed[at] = static_cast<char>(changed[at] ^ (at % 2 == 0 ? 0x01 : 0x80));  // Also bytes that are not UTF-8.
        write(changed);
        EXPECT_EQ(names(), "C-000002") << column << " byte " << at << " of row " << row.seq;
        ++changes;
      }
      write(value);
      sqlite3_finalize(set);
    }
  }
  EXPECT_GT(changes, 200);
  EXPECT_EQ(names(), "");
}

TEST_F(Audited, NamesTheCaseOfEachChangedNumberOfAJournalRow) {
  for (const char* set : {"seq = 99", "at_ms = at_ms + 1", "format = 2", "previous_id = previous_id + 1", "id = id + 1000"}) {
    for (int seq = 1; seq <= 5; ++seq) {
      EXPECT_EQ(named_after(std::string("UPDATE journal SET ") + set + " WHERE case_id = 2 AND seq = " + std::to_string(seq)),
                "C-000002")
          << set << " of row " << seq;
    }
  }
  EXPECT_EQ(names(), "");
}

TEST_F(Audited, NamesTheCaseThatARowWasTakenFrom) {
  for (int seq = 1; seq <= 5; ++seq) {
    const std::string where = " WHERE case_id = 2 AND seq = " + std::to_string(seq);
    EXPECT_EQ(named_after("DELETE FROM journal" + where), "C-000002") << seq;
    EXPECT_NE(named_after("UPDATE journal SET case_id = 3, seq = 2" + where).find("C-000002"), std::string::npos) << seq;
    EXPECT_NE(named_after("UPDATE journal SET case_id = 77" + where).find("C-000002"), std::string::npos) << seq;
  }
}

TEST_F(Audited, NamesTheCaseWhoseRowsWereSwapped) {
  EXPECT_EQ(named_after("UPDATE journal SET seq = CASE seq WHEN 2 THEN 103 ELSE 102 END WHERE case_id = 2 AND seq IN (2, 3);"
                        "UPDATE journal SET seq = seq - 100 WHERE seq > 100"),
            "C-000002");
}

TEST_F(Audited, NamesTheCaseToWhichARowWasAdded) {
  EXPECT_EQ(
      named_after(
          "INSERT INTO journal SELECT 900, case_id, 6, at_ms, event, workflow_hash, entry, format, id, digest FROM journal"
          " WHERE case_id = 2 AND seq = 5"),
      "C-000002");
}

// ---- the rows -------------------------------------------------------------------------------------------------------

TEST_F(Audited, NamesTheCaseWhoseRowsAreNotItsJournals) {
  const std::vector<std::string> changes{
      "UPDATE cases SET priority = 'low' WHERE id = 2",
      "UPDATE cases SET head_digest = 'x' WHERE id = 2",
      "UPDATE cases SET version = 4 WHERE id = 2",
      "UPDATE commitments SET state = 'revoked' WHERE case_id = 2",
      "UPDATE members SET episode = 7 WHERE case_id = 2",
      "UPDATE posts SET followers = 9 WHERE case_id = 2",
      "UPDATE timers SET due_at_ms = 9 WHERE case_id = 2",
      "UPDATE replies SET reason = 'x' WHERE case_id = 2",
      "UPDATE texts SET content = 'x' WHERE id = (SELECT min(id) FROM texts WHERE case_id = 2)",
      "UPDATE cases SET state = 'nonsense' WHERE id = 2",
      "UPDATE commitments SET state = 'nonsense' WHERE case_id = 2",
      "UPDATE cases SET category = CAST(x'ff' AS TEXT) WHERE id = 2",
      "INSERT INTO tasks VALUES (900, 2, 'case', 'r', 'w', 0, 0, 0)",
      "DELETE FROM timers WHERE case_id = 2",
      "DELETE FROM claims WHERE case_id = 2",
      "DELETE FROM commitments WHERE case_id = 2",
      "DELETE FROM cases WHERE id = 2",
  };
  int copies = 0;
  for (const std::string& change : changes) {
    const std::string path = folder_.file("copy" + std::to_string(++copies));
    std::filesystem::copy_file(path_, path);
    sqlite3* copy = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &copy), SQLITE_OK);
    const std::string all = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; " + change;
    ASSERT_EQ(sqlite3_exec(copy, all.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << change << sqlite3_errmsg(copy);
    sqlite3_close(copy);
    auto store = open_sqlite_store(path, OpenMode::read);
    ASSERT_TRUE(store.ok()) << change;
    store_ = std::move(*store);
    const auto found = report();
    EXPECT_EQ(names(), "C-000002") << change;
    const bool is_unreadable = change.find("nonsense") != std::string::npos || change.starts_with("DELETE FROM cases");
    EXPECT_EQ(found.cases, is_unreadable ? 2 : 3) << change;  // The others are audited all the same.
  }
}

TEST_F(Audited, CountsErasedTextsAndCallsThemNoFault) {
  sql("UPDATE texts SET salt = '', content = '' WHERE case_id = 2");
  const auto found = report();
  EXPECT_TRUE(found.faults.empty());
  EXPECT_EQ(found.texts_erased, 2);
}

TEST_F(Audited, NamesCase0ForWhatBelongsToNone) {
  sql("UPDATE people SET roles = '[\"supervisor\"]'");
  EXPECT_EQ(names(), "case 0");
  sql("UPDATE people SET roles = '[]'; INSERT INTO people VALUES (9, 0, 'eva', '[]')");
  EXPECT_EQ(names(), "case 0");
  sql("DELETE FROM people WHERE id = 9; UPDATE posts SET reason = 'x' WHERE id = 50");
  EXPECT_EQ(names(), "case 0");
}

// ---- what holds of a case besides -----------------------------------------------------------------------------------

class AuditOfMemory : public testing::Test {
 protected:
  std::vector<std::string> messages() {
    std::vector<std::string> out;
    const auto found = store::audit(*store_);
    for (const auto& fault : found->faults) out.push_back(fault.reference + ": " + fault.message);
    return out;
  }
  std::unique_ptr<Store> store_ = make_memory_store();
  Scribe scribe_{*store_};
};

using Messages = std::vector<std::string>;

TEST_F(AuditOfMemory, FindsAnOpenCaseThatNothingWillWake) {
  const Messages fault{
      "C-000001: the case is open, but nothing will wake it: no timer, no effect in flight or due, no open task"};
  CaseRecord record = scribe_.written_case();
  const auto change = [&](const std::function<void(CaseRecord&)>& what) {
    const CaseRecord before = record;
    what(record);
    ASSERT_TRUE(scribe_.write(before, record).ok());
  };
  EXPECT_EQ(messages(), Messages{});
  change([](CaseRecord& r) { r.timers.clear(); });
  EXPECT_EQ(messages(), fault);
  change([&](CaseRecord& r) { scribe_.add_effect(r, EffectState::attempting, 0); });
  EXPECT_EQ(messages(), Messages{});
  change([](CaseRecord& r) { r.effects.begin()->second.state = EffectState::waiting; });
  EXPECT_EQ(messages(), fault);
  change([](CaseRecord& r) { r.effects.begin()->second.next_at_ms = 9; });
  EXPECT_EQ(messages(), Messages{});
  change([](CaseRecord& r) { r.effects.begin()->second.state = EffectState::done; });
  EXPECT_EQ(messages(), fault);
  change([&](CaseRecord& r) { scribe_.add_task(r, "owner"); });
  EXPECT_EQ(messages(), Messages{});
  change([](CaseRecord& r) { r.tasks.begin()->second.done_at_ms = 1; });
  EXPECT_EQ(messages(), fault);
  change([](CaseRecord& r) { r.row.state = CaseState::closed; });
  EXPECT_EQ(messages(), Messages{});
}

TEST_F(AuditOfMemory, FindsAReplyThatIsOutWithoutHavingBeenPublishing) {
  CaseRecord record = scribe_.new_case();
  ReplyRow& reply = scribe_.add_reply(record, scribe_.add_commitment(record), ClaimLevel::requested);
  reply.claims = "[]";
  record.claims.clear();
  reply.state = ReplyState::published;
  ASSERT_TRUE(scribe_.write(CaseRecord{}, record).ok());
  EXPECT_EQ(messages(), Messages{"C-000001: replies 1 is published, but its journal never shows it publishing"});
}

TEST_F(AuditOfMemory, ReadsACaseOfMoreEntriesThanAPage) {
  CaseRecord record = scribe_.written_case();
  for (int i = 1; i <= 450; ++i) {
    const CaseRecord before = record;
    record.row.changes = i;
    ASSERT_TRUE(scribe_.write(before, record).ok());
  }
  EXPECT_EQ(messages(), Messages{});
  EXPECT_EQ(store::audit(*store_)->journal_rows, 451);
}

}  // namespace
}  // namespace redress
