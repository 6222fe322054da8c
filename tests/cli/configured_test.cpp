// Verbs that go by a configuration: what it gives, what the command line wins, and where files lie.
#include <gmock/gmock.h>

#include <filesystem>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string config = R"({ "plugins": ")" REDRESS_PLUGINS R"(", "departments": "departments.json" })";

class Configured : public testing::Test {
 protected:
  void SetUp() override {
    w_.write("redress.json", config);
    w_.write("posts.jsonl", post_line("1", "lucia_marin", "2026-03-02T09:00:00Z", "I was charged twice"));
  }
  [[nodiscard]] bool has(const std::string& name) const { return std::filesystem::exists(w_.path(name)); }
  [[nodiscard]] Finished run(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"run", "--posts", "posts.jsonl", "--clock", "virtual"};
    words.insert(words.end(), more.begin(), more.end());
    return w_.redress(words);
  }
  Workspace w_;
};

TEST_F(Configured, RunsByTheFileInThisFolder) {
  const Finished done = run();
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(w_.read("replies.jsonl"), HasSubstr("24.90"));
  EXPECT_TRUE(has("redress.db"));
}

TEST_F(Configured, ReadsAndActsOnItsDatabase) {
  ASSERT_EQ(run().status, 0);
  EXPECT_THAT(w_.redress({"case", "list"}).out, HasSubstr("C-000001"));
  EXPECT_EQ(w_.redress({"audit"}).status, 0);
  EXPECT_EQ(w_.redress({"person", "add", "ana", "--role", "community"}).status, 0);
  EXPECT_THAT(w_.redress({"person", "list", "--config", w_.path("redress.json")}).out, HasSubstr("ana"));
  EXPECT_EQ(w_.redress({"workflow", "publish", "workflows/billing-overcharge.json"}).status, 0);
}

TEST_F(Configured, WorksInTheFolderOfTheFileThatIsNamed) {
  std::filesystem::create_directory(w_.path("there"));
  for (const char* name : {"redress.json", "departments.json", "accounts.json", "workflows"})
    std::filesystem::rename(w_.path(name), w_.path(std::string("there/") + name));
  const Finished done = run({"--config", "there/redress.json"});
  EXPECT_EQ(done.status, 0) << done.err;
  for (const char* name : {"redress.db", "billing.db", "replies.jsonl"}) {
    EXPECT_TRUE(has(std::string("there/") + name)) << name;
    EXPECT_FALSE(has(name)) << name;
  }
  EXPECT_THAT(w_.redress({"case", "list", "--config", "there/redress.json"}).out, HasSubstr("C-000001"));
}

TEST_F(Configured, LetsTheCommandLineWin) {
  ASSERT_EQ(run({"--config", "redress.json", "--db", "other.db", "--outbox", "other.jsonl"}).status, 0);
  EXPECT_TRUE(has("other.db") && has("other.jsonl"));
  EXPECT_FALSE(has("redress.db") || has("replies.jsonl"));
}

TEST_F(Configured, LooksForNoFileWhereTheDatabaseIsNamed) {
  ASSERT_EQ(run().status, 0);
  w_.write("redress.json", "no JSON");
  EXPECT_EQ(w_.redress({"case", "list", "--db", "redress.db"}).status, 0);
  EXPECT_EQ(w_.run().status, 0);
}

TEST_F(Configured, RefusesAFileThatIsWrongBeforeAnythingIsMade) {
  w_.write("redress.json", "{\n  \"databse\": \"d.db\",\n  \"workers\": 0\n}");
  for (const Finished& done : {run(), w_.redress({"case", "list"}), w_.redress({"check"}),
                               w_.redress({"person", "add", "ana", "--role", "community"})}) {
    EXPECT_EQ(done.status, 2);
    EXPECT_THAT(done.err, AllOf(HasSubstr("redress.json:2: there is no key \"databse\""),
                                HasSubstr("redress.json:3: 0 is outside of 1..64")));
  }
  EXPECT_FALSE(has("redress.db") || has("replies.jsonl"));
}

TEST_F(Configured, NamesTheFileThatIsNotThere) {
  const Finished done = run({"--config", "nowhere.json"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("nowhere.json"));
}

TEST_F(Configured, WithoutAnyFileAsksForDatabaseAndOutbox) {
  std::filesystem::remove(w_.path("redress.json"));
  EXPECT_THAT(run().err, AllOf(HasSubstr("--db"), HasSubstr("--config")));
  EXPECT_THAT(run({"--db", "d.db"}).err, HasSubstr("--outbox"));
  EXPECT_THAT(w_.redress({"check"}).err, HasSubstr("--config"));
  EXPECT_FALSE(has("d.db"));
}

TEST_F(Configured, ChecksAllWorkflowsOfTheFolder) {
  const Finished done = w_.redress({"check"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("1 file is in order"));
  w_.write("workflows/broken.json", "{}");
  EXPECT_EQ(w_.redress({"check"}).status, 1);
}

}  // namespace
}  // namespace redress::test
