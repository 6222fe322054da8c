// What a host may ask before it opens an engine: who writes a database, whether a configuration fits, whether zones are there.
#include "redress/inspection.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "cli/program.hpp"
#include "redress/department.hpp"
#include "redress/store.hpp"

namespace redress::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Nobody = std::optional<std::int64_t>;

TEST(FindWriter, NamesTheProcessThatHoldsTheLockAndNobodyElse) {
  const Workspace w;
  const std::string db = w.path("cases.db");
  EXPECT_EQ(*find_writer(db), Nobody());
  EXPECT_FALSE(std::filesystem::exists(db + ".lock"));  // To ask makes nothing.
  {
    const auto held = open_sqlite_store(db, OpenMode::write);
    ASSERT_TRUE(held);
    EXPECT_EQ(*find_writer(db), Nobody(::getpid()));
    const auto other = open_sqlite_store(w.path("other.db"), OpenMode::write);
    ASSERT_TRUE(other);
    EXPECT_EQ(*find_writer(db), Nobody(::getpid()));
  }
  EXPECT_EQ(*find_writer(db), Nobody());  // The file and its old pid stay; the lock is gone.
  EXPECT_TRUE(std::filesystem::exists(db + ".lock"));
}

TEST(FindWriter, DoesNotStandInAWritersWay) {
  const Workspace w;
  const std::string db = w.path("cases.db");
  ASSERT_TRUE(open_sqlite_store(db, OpenMode::write));
  const auto asked = find_writer(db);
  EXPECT_TRUE(open_sqlite_store(db, OpenMode::write));
}

TEST(DepartmentConfig, IsHeldAgainstTheManifestAlone) {
  const auto manifest = read_manifest(REDRESS_PLUGINS "/billing.so");
  ASSERT_TRUE(manifest);
  EXPECT_TRUE(check_department_config(*manifest, R"({"database": "nowhere/b.db", "refund_authority_minor": 0})"));
  const auto wrong = check_department_config(*manifest, R"({"databse": "b.db", "refund_authority_minor": -1})");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Code::invalid);
  EXPECT_THAT(wrong.error().message,
              AllOf(HasSubstr("billing"), HasSubstr("database"), HasSubstr("databse"), HasSubstr("refund_authority_minor")));
  for (const char* config : {"", "{}", "[]", "no JSON"}) EXPECT_FALSE(check_department_config(*manifest, config)) << config;
  EXPECT_FALSE(check_department_config("{}", "{}"));
}

TEST(TimeZones, AreThereOnTheMachineThatTests) { EXPECT_TRUE(check_time_zones()); }

TEST(SqliteVersion, IsThatOfTheLibraryThatRuns) { EXPECT_THAT(sqlite_version(), testing::StartsWith("3.")); }

}  // namespace
}  // namespace redress::test
