// What was answered stays true: after kill -9 at any moment, and after any failing write or sync.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "store/faulty_vfs.hpp"
#include "store/journal.hpp"
#include "store/scribe.hpp"

namespace redress {
namespace {

using namespace tests;

std::unique_ptr<Store> opened(const std::string& path) {
  auto store = open_sqlite_store(path, OpenMode::write);
  EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().message);
  return store.ok() ? std::move(*store) : nullptr;
}

void expect_whole(Store& store, const std::string& when) {
  const auto report = store::audit(store);
  ASSERT_TRUE(report.ok()) << when << report.error().message;
  for (const auto& fault : report->faults) ADD_FAILURE() << when << ": " << fault.reference << ": " << fault.message;
}

// ---- kill -9 --------------------------------------------------------------------------------------------------------

// Commits for ever: batches of three cases, the number of each batch to `out` once it was answered.
[[noreturn]] void commit_until_killed(const std::string& path, int out) {
  auto store = open_sqlite_store(path, OpenMode::write);
  if (!store) ::_exit(1);
  Scribe scribe(**store);
  while (true) {
    std::vector<Unit> units;
    for (int i = 0; i < 3; ++i) {
      CaseRecord record = scribe.new_case();
      units.push_back(scribe.unit(CaseRecord{}, record));
    }
    auto meta = (*store)->meta();
    if (!meta) ::_exit(2);
    const auto answers = (*store)->commit(units, *meta);
    if (!answers) ::_exit(3);
    for (const auto& answer : *answers) {
      if (!answer.ok()) ::_exit(4);
    }
    const std::int64_t tx = (*store)->meta()->last_tx;
    if (::write(out, &tx, sizeof tx) != static_cast<ssize_t>(sizeof tx)) ::_exit(5);
  }
}

TEST(SqliteCrash, KeepsEveryAnsweredBatchWholeWhenItsProcessIsKilled) {
  const Folder folder;
  const std::string path = folder.file("r.db");
  std::int64_t answered = 0;
  for (int round = 1; round <= 25; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) commit_until_killed(path, ends[1]);
    ::close(ends[1]);
    for (int batch = 0; batch < round % 7 + 1; ++batch) {
      ASSERT_EQ(::read(ends[0], &answered, sizeof answered), static_cast<ssize_t>(sizeof answered));
    }
    ::kill(child, SIGKILL);  // Somewhere within the next batch.
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "exit " << WEXITSTATUS(status);
    while (::read(ends[0], &answered, sizeof answered) == static_cast<ssize_t>(sizeof answered)) {
    }  // Answered before it died.
    ::close(ends[0]);
    const auto store = opened(path);
    const std::int64_t landed = store->meta()->last_tx;
    EXPECT_GE(landed, answered);
    EXPECT_LE(landed, answered + 1);
    EXPECT_EQ(store->next_id(Table::cases), landed * 3 + 1);  // All of a batch, or nothing.
  }
  expect_whole(*opened(path), "at the end");
}

// ---- a failing disk -------------------------------------------------------------------------------------------------

struct Trouble {
  const char* name;
  DiskCall call;
  int sqlite_code;
  bool keep_effect;
  friend void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }
};

class SqliteDisk : public testing::TestWithParam<Trouble> {
 protected:
  ~SqliteDisk() override { set_disk_fault({}); }
};

// One commit with the n-th call failing; false where it made fewer calls. The answer must be the truth, now and after a
// reopening.
bool commit_with_fault(const Trouble& trouble, int n, bool& was_taken) {
  const Folder folder;
  const std::string path = folder.file("r.db");
  auto store = opened(path);
  Scribe scribe(*store);
  const CaseRecord before = scribe.written_case();
  CaseRecord after = before;
  after.row.priority = "changed";
  const Unit unit = scribe.unit(before, after);
  set_disk_fault({trouble.call, n, trouble.sqlite_code, false, trouble.keep_effect});
  const auto answer = scribe.commit(unit);
  const bool met = disk_fault_was_met();
  set_disk_fault({});
  was_taken = answer.ok();
  const CaseRow& expected = answer.ok() ? after.row : before.row;
  const std::string when = std::string(trouble.name) + " " + std::to_string(n);
  if (!answer.ok()) {
    EXPECT_EQ(answer.error().code, Code::unavailable) << when << answer.error().message;
  }
  EXPECT_EQ(store->load_case(1)->row, expected) << when;
  // What a crash at this moment would leave: the files as they are, recovered by a process that knows nothing.
  for (const char* part : {"", "-wal"}) {
    if (std::filesystem::exists(path + part)) std::filesystem::copy_file(path + part, folder.file("copy.db") + part);
  }
  EXPECT_EQ(opened(folder.file("copy.db"))->load_case(1)->row, expected) << when << ", after a crash";
  EXPECT_TRUE(scribe.written_case().row.version > 0) << when;  // It goes on.
  store.reset();
  store = opened(path);
  EXPECT_EQ(store->load_case(1)->row, expected) << when << ", reopened";
  expect_whole(*store, when);
  return met;
}

TEST_P(SqliteDisk, AnswersTheTruthWhicheverCallFails) {
  int tried = 0, taken = 0, n = 1;
  for (bool was_taken = false; commit_with_fault(GetParam(), n, was_taken) && n < 40; ++n) {
    ++tried;
    taken += was_taken ? 1 : 0;
  }
  EXPECT_GE(tried, 1) << "no call was reached";
  EXPECT_LT(n, 40);
  RecordProperty("tried", tried);
  RecordProperty("taken", taken);
}

INSTANTIATE_TEST_SUITE_P(Faults, SqliteDisk,
                         testing::Values(Trouble{"EioAtSync", DiskCall::sync, SQLITE_IOERR_FSYNC, false},
                                         Trouble{"EioAtWrite", DiskCall::write, SQLITE_IOERR_WRITE, false},
                                         Trouble{"EioAtAWriteThatHappened", DiskCall::write, SQLITE_IOERR_WRITE, true},
                                         Trouble{"DiskFull", DiskCall::write, SQLITE_FULL, false}),
                         [](const auto& trouble) { return trouble.param.name; });

// A sync that failed and a disk that is full at the COMMIT leave the same doubt.
class SqliteDoubt : public testing::TestWithParam<Trouble> {};

TEST_P(SqliteDoubt, AnswersUnavailableUntilTheDiskTellsWhatBecameOfTheBatch) {
  const Folder folder;
  const std::string path = folder.file("r.db");
  auto store = opened(path);
  Scribe scribe(*store);
  const CaseRecord before = scribe.written_case();
  CaseRecord after = before;
  after.row.priority = "changed";
  const Unit unit = scribe.unit(before, after);
  set_disk_fault({GetParam().call, 1, GetParam().sqlite_code, true, GetParam().keep_effect});
  const auto answer = scribe.commit(unit);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::unavailable);
  EXPECT_NE(answer.error().message.find("it is not known whether the last batch was written"), std::string::npos)
      << answer.error().message;
  EXPECT_EQ(store->commit({}, {}).error().code, Code::unavailable);
  EXPECT_EQ(store->load_case(1).error().code, Code::unavailable);
  EXPECT_EQ(store->due(1, 1).error().code, Code::unavailable);
  set_disk_fault({});
  const bool landed = store->meta()->last_tx == 2;  // Its last transaction tells.
  EXPECT_EQ(store->load_case(1)->row, landed ? after.row : before.row);
  CaseRecord next = after;
  next.row.priority = "changed again";
  EXPECT_TRUE(scribe.commit(landed ? scribe.unit(after, next) : unit).ok());
  expect_whole(*store, "after the disk was mended");
  store.reset();
  expect_whole(*opened(path), "after a reopening");
}

INSTANTIATE_TEST_SUITE_P(Faults, SqliteDoubt,
                         testing::Values(Trouble{"EioAtSync", DiskCall::sync, SQLITE_IOERR_FSYNC, false},
                                         Trouble{"EioAtAWriteThatHappened", DiskCall::write, SQLITE_IOERR_WRITE, true},
                                         Trouble{"EioAtWrite", DiskCall::write, SQLITE_IOERR_WRITE, false}),
                         [](const auto& trouble) { return trouble.param.name; });

TEST(SqliteDiskForEver, TakesNoPartOfABatchWhenTheDiskIsFull) {
  const Folder folder;
  auto store = opened(folder.file("r.db"));
  Scribe scribe(*store);
  std::vector<Unit> units;
  for (int i = 0; i < 50; ++i) {
    CaseRecord record = scribe.new_case();
    units.push_back(scribe.unit(CaseRecord{}, record));
  }
  set_disk_fault({DiskCall::write, 4, SQLITE_FULL, true, false});
  EXPECT_EQ(store->commit(units, {}).error().code, Code::unavailable);
  set_disk_fault({});
  store.reset();
  store = opened(folder.file("r.db"));
  EXPECT_TRUE(store->cases(0, 9)->empty());
  EXPECT_EQ(store->meta()->last_tx, 0);
}

}  // namespace
}  // namespace redress
