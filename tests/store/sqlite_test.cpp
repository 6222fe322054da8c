// What only a file can do: be locked, foreign, newer, damaged, read beside its writer, and written by a stranger.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "store/journal.hpp"
#include "store/migrations.hpp"
#include "store/scribe.hpp"

namespace redress {
namespace {

using tests::Folder;
using tests::Scribe;
using tests::tamper;

std::unique_ptr<Store> opened(const std::string& path, OpenMode mode = OpenMode::write) {
  auto store = open_sqlite_store(path, mode);
  EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().message);
  return store.ok() ? std::move(*store) : nullptr;
}

Error refusal(const std::string& path, OpenMode mode) {
  auto store = open_sqlite_store(path, mode);
  EXPECT_FALSE(store.ok());
  return store.ok() ? Error{} : store.error();
}

void put(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// ---- opening --------------------------------------------------------------------------------------------------------

TEST(SqliteStore, NamesThePidOfTheOtherWriter) {
  const Folder folder;
  const auto first = opened(folder.file("r.db"));
  const Error error = refusal(folder.file("r.db"), OpenMode::write);
  EXPECT_EQ(error.code, Code::unavailable);
  EXPECT_NE(error.message.find("pid " + std::to_string(::getpid())), std::string::npos) << error.message;
}

TEST(SqliteStore, LetsTheNextWriterInWhenTheFirstIsGone) {
  const Folder folder;
  opened(folder.file("r.db")).reset();
  EXPECT_NE(opened(folder.file("r.db")), nullptr);
}

TEST(SqliteStore, RefusesAFileOfANewerVersionNamingBoth) {
  const Folder folder;
  opened(folder.file("r.db")).reset();
  ASSERT_EQ(tamper(folder.file("r.db"), "PRAGMA user_version = 7"), "");
  for (const OpenMode mode : {OpenMode::write, OpenMode::read}) {
    const Error error = refusal(folder.file("r.db"), mode);
    EXPECT_EQ(error.code, Code::invalid);
    EXPECT_NE(error.message.find("has version 7, this program knows versions up to "), std::string::npos) << error.message;
  }
}

constexpr const char* shut = "the gate: a claim of the reply does not hold, or its claim rows are not those that were frozen";

// As the first version wrote it: a person, and an approved reply that claims what a department took on.
void put_file_of_the_first_version(const std::string& path) {
  const std::string rows = R"sql(
    PRAGMA application_id = 0x52445253; PRAGMA user_version = 1;
    INSERT INTO people VALUES (1, 0, 'ana', '["community"]');
    INSERT INTO commitments VALUES (1, 1, 'billing', 'refund', 'k', 'in_progress', 'on_time', 9, '', '', '', '', '', '', 0, 1,
                                    '', '', 1, 1, 1, 0);
    INSERT INTO members VALUES (1, 1, 1, 'refund', 1, 1);
    INSERT INTO replies VALUES (1, 1, 'begun', 1, 1, 'approved', 'x', '', 'en', '',
                                '[{"commitment_id":1,"level":"accepted"}]', 'r', '', '', '', '', 0, 1, 0, 0, '');
    INSERT INTO claims VALUES (1, 1, 1, 1, 'accepted', '');
    INSERT INTO outbox VALUES (1, 1, 'perform', 1, 'k', 'waiting', 1, 1, 0, 0, 1, '', '');)sql";
  ASSERT_EQ(tamper(path, "PRAGMA foreign_keys = OFF; " + std::string(store::migrations().front()) + rows), "");
}

TEST(SqliteStore, RefusesToWriteAFileThatItMayOnlyRead) {
  const Folder folder;
  const std::string path = folder.file("r.db");
  opened(path).reset();
  for (const char* part : {"", ".lock"})
    std::filesystem::permissions(path + part, std::filesystem::perms{part[0] == 0 ? 0444u : 0666u});
  std::filesystem::permissions(std::filesystem::path(path).parent_path(), std::filesystem::perms::all);
  const bool is_root = ::geteuid() == 0;  // Who may write everything.
  ASSERT_TRUE(!is_root || ::seteuid(65534) == 0);
  const Error error = refusal(path, OpenMode::write);
  ASSERT_TRUE(!is_root || ::seteuid(0) == 0);
  EXPECT_EQ(error.code, Code::unavailable);
  EXPECT_NE(error.message.find("may only be read"), std::string::npos) << error.message;
}

TEST(SqliteStore, TakesAFileOfAnEarlierVersionToThisOneWithItsRows) {
  const Folder folder;
  const std::string path = folder.file("r.db");
  put_file_of_the_first_version(path);
  const Error behind = refusal(path, OpenMode::read);
  EXPECT_NE(behind.message.find("a writer of this program takes it there"), std::string::npos) << behind.message;
  const auto store = opened(path);
  ASSERT_NE(store, nullptr);
  EXPECT_TRUE((*store->find_person("ana")).has_value());
  EXPECT_EQ((*store->find_case_of_key("k")), 1);
  EXPECT_EQ(tamper(path, "UPDATE outbox SET blocked = 'why'"), "");
}

TEST(SqliteStore, KeepsTheGateOfAFileOfAnEarlierVersion) {
  const Folder folder;
  const std::string path = folder.file("r.db");
  put_file_of_the_first_version(path);
  ASSERT_NE(opened(path), nullptr);
  ASSERT_EQ(tamper(path, "UPDATE commitments SET accepted_at_ms = 0"), "");
  EXPECT_EQ(tamper(path, "UPDATE replies SET state = 'publishing'"), shut);
  EXPECT_EQ(tamper(path, "INSERT INTO claims VALUES (2, 1, 1, 1, 'accepted', '', 100)"),
            "a claim row is taken only before its reply is handed out, and only if it is among the frozen claims");
  ASSERT_EQ(tamper(path, "UPDATE commitments SET accepted_at_ms = 1"), "");
  EXPECT_EQ(tamper(path, "UPDATE replies SET state = 'publishing'"), "");  // Its old claim row is among its frozen claims.
}

TEST(SqliteStore, RefusesWhatIsNotARedressDatabase) {
  const Folder folder;
  put(folder.file("text"), std::string(5000, 'x'));
  ASSERT_EQ(tamper(folder.file("other.db"), "CREATE TABLE t (x)"), "");
  put(folder.file("empty"), "");
  EXPECT_EQ(refusal(folder.file("text"), OpenMode::write).code, Code::invalid);
  EXPECT_EQ(refusal(folder.file("text"), OpenMode::read).code, Code::invalid);
  EXPECT_EQ(refusal(folder.file("other.db"), OpenMode::write).code, Code::invalid);
  EXPECT_EQ(refusal(folder.file("empty"), OpenMode::read).code, Code::invalid);
  EXPECT_EQ(refusal(folder.file(""), OpenMode::write).code, Code::invalid);    // A folder.
  EXPECT_EQ(tamper(folder.file("other.db"), "INSERT INTO t VALUES (1)"), "");  // Left as it was.
}

TEST(SqliteStore, DoesNotFindAFileThatIsNotThere) {
  const Folder folder;
  EXPECT_EQ(refusal(folder.file("none.db"), OpenMode::read).code, Code::not_found);
  EXPECT_FALSE(std::filesystem::exists(folder.file("none.db")));
  EXPECT_EQ(refusal(folder.file("no/folder/r.db"), OpenMode::write).code, Code::not_found);
}

TEST(SqliteStore, MakesAStoreOfAFileWhoseCreationWasCutOff) {
  const Folder folder;
  ASSERT_EQ(tamper(folder.file("r.db"), "PRAGMA journal_mode = WAL"), "");
  EXPECT_NE(opened(folder.file("r.db")), nullptr);
}

std::string written_file(const Folder& folder, int cases) {
  const std::string path = folder.file("r.db");
  const auto store = opened(path);
  Scribe scribe(*store);
  for (int i = 0; i < cases; ++i) (void)scribe.written_case();
  return path;
}

TEST(SqliteStore, CallsATruncatedFileCorrupt) {
  const Folder folder;
  const std::string path = written_file(folder, 60);
  const auto size = std::filesystem::file_size(path);
  for (const std::uintmax_t kept : {std::uintmax_t{40}, std::uintmax_t{600}, std::uintmax_t{4096}, size / 2, size - 4096}) {
    const std::string cut = folder.file("cut" + std::to_string(kept));
    std::filesystem::copy_file(path, cut);
    std::filesystem::resize_file(cut, kept);
    EXPECT_EQ(refusal(cut, OpenMode::write).code, Code::corrupt) << kept;
    EXPECT_EQ(refusal(cut, OpenMode::read).code, Code::corrupt) << kept;
  }
}

TEST(SqliteStore, NeverAnswersGarbageForADamagedPage) {
  const Folder folder;
  const std::string path = written_file(folder, 60);
  const auto pages = std::filesystem::file_size(path) / 4096;
  for (std::uintmax_t page = 1; page < pages; ++page) {
    const std::string damaged = folder.file("damaged");
    std::filesystem::copy_file(path, damaged, std::filesystem::copy_options::overwrite_existing);
    {
      std::fstream file(damaged, std::ios::binary | std::ios::in | std::ios::out);
      file.seekp(static_cast<std::streamoff>(page * 4096));
      file << std::string(512, '\xA5');
    }
    auto store = open_sqlite_store(damaged, OpenMode::read);
    if (!store) {
      EXPECT_EQ(store.error().code, Code::corrupt) << page << ": " << store.error().message;
      continue;
    }
    const auto report = store::audit(**store);
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_FALSE(report->faults.empty()) << "page " << page;
  }
}

// ---- reopening ------------------------------------------------------------------------------------------------------

TEST(SqliteStore, GoesOnWithIdsAfterAReopening) {
  const Folder folder;
  const std::string path = written_file(folder, 3);
  const auto store = opened(path);
  EXPECT_EQ(store->next_id(Table::cases), 4);
  EXPECT_EQ(store->next_id(Table::journal), 4);
  EXPECT_EQ(store->next_id(Table::replies), 1);
}

TEST(SqliteStore, NeverGivesATimersIdTwice) {
  const Folder folder;
  const std::string path = folder.file("r.db");
  {
    const auto store = opened(path);
    Scribe scribe(*store);
    const CaseRecord before = scribe.written_case();
    CaseRecord after = before;
    after.timers.clear();
    ASSERT_TRUE(scribe.write(before, after).ok());
  }
  EXPECT_EQ(opened(path)->next_id(Table::timers), 2);
}

TEST(SqliteStore, CountsTransactionsOnAcrossAReopening) {
  const Folder folder;
  const std::string path = written_file(folder, 3);
  EXPECT_EQ(opened(path)->meta()->last_tx, 3);
}

// ---- readers --------------------------------------------------------------------------------------------------------

TEST(SqliteStore, IsReadBesideItsWriter) {
  const Folder folder;
  const auto writer = opened(folder.file("r.db"));
  const auto reader = opened(folder.file("r.db"), OpenMode::read);
  Scribe scribe(*writer);
  EXPECT_TRUE(reader->cases(0, 10)->empty());
  const CaseRecord record = scribe.written_case();
  EXPECT_EQ(reader->load_case(record.row.id)->row, record.row);
  EXPECT_EQ(writer->load_case(record.row.id)->row, record.row);
}

TEST(SqliteStore, RefusesToWriteWhereItWasOpenedToBeRead) {
  const Folder folder;
  opened(folder.file("r.db")).reset();
  const auto reader = opened(folder.file("r.db"), OpenMode::read);
  EXPECT_EQ(reader->commit({}, {}).error().code, Code::refused);
}

TEST(SqliteStore, AnswersUnavailableWhileAStrangerHoldsTheFile) {
  const Folder folder;
  const auto store = opened(folder.file("r.db"));
  sqlite3* stranger = nullptr;
  ASSERT_EQ(sqlite3_open(folder.file("r.db").c_str(), &stranger), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(stranger, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(store->commit({}, {}).error().code, Code::unavailable);
  ASSERT_EQ(sqlite3_exec(stranger, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(stranger);
  EXPECT_TRUE(store->commit({}, {}).ok());
}

// ---- strangers with SQL ---------------------------------------------------------------------------------------------

class SqlGate : public testing::Test {
 protected:
  SqlGate() {
    const auto store = opened(path_);
    Scribe scribe(*store);
    CaseRecord record = scribe.new_case();
    CommitmentRow& commitment = scribe.add_commitment(record, CommitmentState::fulfilled);
    commitment.evidence_digest = "e";
    scribe.add_reply(record, commitment, ClaimLevel::fulfilled).state = ReplyState::approved;
    EXPECT_TRUE(scribe.write(CaseRecord{}, record).ok());
  }
  const Folder folder_;
  const std::string path_ = folder_.file("r.db");
};

TEST_F(SqlGate, OpensWhereTheClaimHolds) { EXPECT_EQ(tamper(path_, "UPDATE replies SET state = 'publishing'"), ""); }

TEST_F(SqlGate, StaysShutWhateverIsForcedWhileTheClaimIsFalse) {
  ASSERT_EQ(tamper(path_, "UPDATE commitments SET state = 'revoked'"), "");
  for (const char* state : {"publishing", "published", "unknown", "corrected"}) {
    EXPECT_EQ(tamper(path_, std::string("UPDATE replies SET state = '") + state + "'"), shut);
  }
  EXPECT_EQ(
      tamper(
          path_,
          "INSERT INTO replies SELECT 9, case_id, name, ordinal, episode, 'publishing', channel, in_reply_to, language, text,"
          " claims, key, drafted_by, review_role, reviewed_by, approved_binding, approved_at_ms, drafted_at_ms,"
          " published_at_ms, corrects_id, reason FROM replies"),
      shut);
}

TEST_F(SqlGate, StaysShutAfterItsClaimRowsWereDeleted) {
  ASSERT_EQ(tamper(path_, "UPDATE commitments SET state = 'revoked'; DELETE FROM claims"), "");
  EXPECT_EQ(tamper(path_, "UPDATE replies SET state = 'publishing'"), shut);
  ASSERT_EQ(tamper(path_, "UPDATE commitments SET state = 'fulfilled'"), "");
  EXPECT_EQ(tamper(path_, "UPDATE replies SET state = 'publishing'"), shut);  // The claim holds, but its row is gone.
}

TEST_F(SqlGate, StaysShutForAnEarlierEpisodeAndWithoutEvidence) {
  ASSERT_EQ(tamper(path_, "UPDATE members SET episode = 2"), "");
  EXPECT_EQ(tamper(path_, "UPDATE replies SET state = 'publishing'"), shut);
  ASSERT_EQ(tamper(path_, "UPDATE members SET episode = 1; UPDATE commitments SET evidence_digest = 'f'"), "");
  EXPECT_EQ(tamper(path_, "UPDATE replies SET state = 'publishing'"), shut);
}

TEST_F(SqlGate, KeepsWhatWasDrafted) {
  for (const char* set : {"text = 'x'", "claims = '[]'", "name = 'x'", "key = 'x'", "episode = 9", "case_id = 0", "id = 9"}) {
    EXPECT_EQ(tamper(path_, std::string("UPDATE replies SET ") + set),
              "a reply stays as it was drafted: case_id, name, episode, text, claims, key")
        << set;
  }
  EXPECT_EQ(tamper(path_, "UPDATE claims SET level = 'requested'"),
            "a claim row never changes; the claims of its reply are frozen");
  EXPECT_EQ(tamper(path_, "INSERT INTO claims SELECT 9, case_id, reply_id, commitment_id, 'requested', '', 0 FROM claims"),
            "a claim row is taken only before its reply is handed out, and only if it is among the frozen claims");
}

template <class State>
void expect_taken(const std::string& path, const std::string& column, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string name(to_string(static_cast<State>(i)));
    const auto dot = column.find('.');
    EXPECT_EQ(tamper(path, "UPDATE " + column.substr(0, dot) + " SET " + column.substr(dot + 1) + " = '" + name + "'"), "")
        << name;
  }
  EXPECT_EQ(to_string(static_cast<State>(count)), "?") << column << " has a value that is not tried here";
}

TEST_F(SqlGate, KnowsEveryStateOfEveryLifecycle) {
  ASSERT_EQ(tamper(path_, "INSERT INTO outbox VALUES (1, 1, 'perform', 1, 'k', 'planned', 0, 0, 0, 0, 0, '', '', '')"), "");
  expect_taken<CommitmentState>(path_, "commitments.state", 13);
  ASSERT_EQ(tamper(path_, "UPDATE commitments SET state = 'fulfilled'"), "");
  expect_taken<CaseState>(path_, "cases.state", 5);
  expect_taken<DeadlineState>(path_, "cases.first_reply", 6);
  expect_taken<DeadlineState>(path_, "cases.resolution", 6);
  expect_taken<DueState>(path_, "commitments.due", 3);
  expect_taken<ReplyState>(path_, "replies.state", 12);
  expect_taken<EffectState>(path_, "outbox.state", 8);
  expect_taken<PostFate>(path_, "posts.fate", 4);
  EXPECT_NE(tamper(path_, "UPDATE cases SET state = 'done'"), "");
  EXPECT_NE(tamper(path_, "UPDATE cases SET episode = 'x'"), "");  // STRICT.
}

}  // namespace
}  // namespace redress
