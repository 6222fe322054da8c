// Databases that cannot be used: one clear error, the right status, and nothing touched.
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <unistd.h>

#include "cli/program.hpp"
#include "redress/store.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;

const std::string good = post_line("1", "lucia_marin", "2026-03-02T09:00:00Z", "I was charged twice");

void sql(const std::string& path, const std::string& statement) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
}

TEST(Database, ASecondWriterIsRefusedAndToldWhoHoldsIt) {
  const Workspace w;
  w.write("posts.jsonl", good);
  const auto held = open_sqlite_store(w.path("redress.db"), OpenMode::write);
  ASSERT_TRUE(held.ok());
  const Finished done = w.run();
  EXPECT_EQ(done.status, 5);
  EXPECT_THAT(done.err, HasSubstr(std::to_string(::getpid())));
}

TEST(Database, IsReadBesideItsWriter) {
  const Workspace w;
  w.write("posts.jsonl", good);
  ASSERT_EQ(w.run().status, 0);
  const auto held = open_sqlite_store(w.path("redress.db"), OpenMode::write);
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(w.redress({"case", "list", "--db", "redress.db"}).status, 0);
  EXPECT_EQ(w.redress({"audit", "--db", "redress.db"}).status, 0);
}

TEST(Database, OfANewerVersionIsRefusedNamingBoth) {
  const Workspace w;
  w.write("posts.jsonl", good);
  ASSERT_EQ(w.run().status, 0);
  sql(w.path("redress.db"), "PRAGMA user_version = 9999");
  for (const Finished& done : {w.run(), w.redress({"case", "list", "--db", "redress.db"})}) {
    EXPECT_EQ(done.status, 2);
    EXPECT_THAT(done.err, HasSubstr("9999"));
  }
}

TEST(Database, ThatLacksACommitmentIsReportedAsCorrupt) {
  const Workspace w;
  w.write("posts.jsonl", good);
  ASSERT_EQ(w.run().status, 0);
  sql(w.path("redress.db"), "DELETE FROM commitments");
  const Finished done = w.redress({"report", "--db", "redress.db"});
  EXPECT_EQ(done.status, 6) << done.err;
  EXPECT_THAT(done.err, HasSubstr("C-000001: member identify names commitment 1, which is not there"));
}

TEST(Database, OfAnotherProgramIsRefused) {
  const Workspace w;
  w.write("posts.jsonl", good);
  sql(w.path("redress.db"), "CREATE TABLE shopping (item TEXT)");
  const Finished done = w.run();
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("redress.db"));
}

TEST(Database, ThatIsDamagedSaysSo) {
  const Workspace w;
  w.write("posts.jsonl", good);
  ASSERT_EQ(w.run().status, 0);
  std::string bytes = w.read("redress.db");
  for (std::size_t i = 100; i < bytes.size(); ++i) bytes[i] = 'Z';
  w.write("redress.db", bytes);
  const Finished done = w.redress({"audit", "--db", "redress.db"});
  EXPECT_EQ(done.status, 6) << done.out;
  EXPECT_THAT(done.err, HasSubstr("redress.db"));
}

TEST(Database, WhoseHistoryWasChangedFailsTheAuditWhichNamesTheCase) {
  const Workspace w;
  w.write("posts.jsonl", good);
  ASSERT_EQ(w.run().status, 0);
  sql(w.path("redress.db"),
      "PRAGMA writable_schema = ON;"
      "DELETE FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'journal'");
  sql(w.path("redress.db"), "UPDATE journal SET at_ms = at_ms + 1 WHERE case_id = 1 AND seq = 2");
  const Finished done = w.redress({"audit", "--db", "redress.db"});
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.out, HasSubstr("C-000001"));
}

TEST(Database, DrivenByVirtualTimeRefusesRealTime) {
  const Workspace w;
  w.write("posts.jsonl", good);
  ASSERT_EQ(w.run().status, 0);
  const Finished done = w.redress({"person", "add", "ana", "--role", "community", "--db", "redress.db", "--clock", "real"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("virtual"));
}

TEST(Output, ThatCannotBeWrittenIsNotTakenForSuccess) {
  const Workspace w;
  w.write("posts.jsonl", good);
  ASSERT_EQ(w.run().status, 0);
  EXPECT_EQ(w.redress({"export", "--db", "redress.db"}, "/dev/full").status, 5);
}

}  // namespace
}  // namespace redress::test
