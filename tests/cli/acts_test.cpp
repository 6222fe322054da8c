// People's acts by the command line, and what the reading verbs say before and after.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

// A case whose refund of 150 pounds waits for a supervisor.
class WaitingRefund : public testing::Test {
 protected:
  void SetUp() override {
    w_.write("posts.jsonl", post_line("2", "tom_ferris", "2026-03-02T09:05:00Z", "I was charged 189 for a plan of 39"));
    ASSERT_EQ(w_.run({"--until", "2026-03-02T09:10:00Z"}).status, 0);
    ASSERT_EQ(w_.redress({"person", "add", "sol", "--role", "supervisor", "--db", "redress.db"}).status, 0);
    ASSERT_EQ(w_.redress({"person", "add", "ana", "--role", "community", "--role", "helper", "--db", "redress.db"}).status, 0);
    std::istringstream lines(w_.redress({"tasks", "--role", "supervisor", "--db", "redress.db", "--json"}).out);
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    commitment_ = Json::parse(line)["commitment"].dump();
  }

  [[nodiscard]] Finished approve(const std::string& word, const std::string& by) const {
    return w_.redress({"approve", commitment_, word, "--as", by, "--db", "redress.db"});
  }
  // What the engine does by itself after an act, as the next run would.
  [[nodiscard]] Finished go_on() const {
    return w_.redress({"run", "--db", "redress.db", "--plugins", REDRESS_PLUGINS, "--department-config", "departments.json",
                       "--outbox", "replies.jsonl", "--until", "2026-03-02T09:20:00Z"});
  }
  [[nodiscard]] Json shown() const {
    return Json::parse(w_.redress({"case", "show", "C-000001", "--db", "redress.db", "--json"}).out);
  }

  Workspace w_;
  std::string commitment_;
};

TEST_F(WaitingRefund, IsExplainedByWhyWithTheCommandThatSettlesIt) {
  const Finished done = w_.redress({"why", "C-000001", "--db", "redress.db"});
  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.out, HasSubstr("supervisor"));
  EXPECT_THAT(done.out, HasSubstr("redress approve " + commitment_));
  EXPECT_TRUE(Json::accept(w_.redress({"why", "C-000001", "--db", "redress.db", "--json"}).out));
}

TEST_F(WaitingRefund, IsPaidOnceApproved) {
  const Finished done = approve("--approve", "sol");
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("C-000001: refund is requested"));
  EXPECT_EQ(go_on().status, 0);
  EXPECT_EQ(shown()["state"], "resolved");
  EXPECT_EQ(approve("--approve", "sol").status, 4);  // It waits no more.
}

TEST_F(WaitingRefund, GoesToTheCommercialDepartmentOnceRefused) {
  EXPECT_EQ(approve("--refuse", "sol").status, 0);
  EXPECT_EQ(go_on().status, 0);
  EXPECT_THAT(shown()["configuration"].dump(), HasSubstr("reviewing"));
}

TEST_F(WaitingRefund, IsNotApprovedByWhoLacksTheRole) {
  const Finished done = approve("--approve", "ana");
  EXPECT_EQ(done.status, 4);
  EXPECT_THAT(done.err, HasSubstr("supervisor"));
}

TEST_F(WaitingRefund, IsNotApprovedByAStranger) {
  const Finished done = approve("--approve", "nobody");
  EXPECT_EQ(done.status, 4);
  EXPECT_THAT(done.err, HasSubstr("nobody"));
}

TEST_F(WaitingRefund, TakesTheSameRequestTwiceAsOne) {
  const std::vector<std::string> act{"approve", commitment_,  "--approve",    "--as", "sol",
                                     "--db",    "redress.db", "--request-id", "r-1"};
  EXPECT_EQ(w_.redress(act).status, 0);
  const std::string before = w_.exported();
  EXPECT_EQ(w_.redress(act).status, 0);
  EXPECT_EQ(w_.exported(), before);
}

TEST_F(WaitingRefund, IsListedWithItsDeadlines) {
  const Finished done = w_.redress({"case", "list", "--db", "redress.db"});
  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.out, HasSubstr("C-000001"));
  EXPECT_THAT(done.out, HasSubstr("met 2026-03-02T09:05:00Z"));
  EXPECT_EQ(Json::parse(w_.redress({"case", "list", "--db", "redress.db", "--json"}).out)["reference"], "C-000001");
}

TEST_F(WaitingRefund, IsUnknownUnderAnotherReference) {
  EXPECT_EQ(w_.redress({"why", "C-999999", "--db", "redress.db"}).status, 4);
  EXPECT_EQ(w_.redress({"case", "show", "C-999999", "--db", "redress.db"}).status, 4);
  EXPECT_EQ(w_.redress({"case", "retry", "C-999999", "--as", "ana", "--db", "redress.db"}).status, 4);
}

TEST_F(WaitingRefund, HasNothingToRetryNorToSettle) {
  EXPECT_EQ(w_.redress({"case", "retry", "C-000001", "--as", "ana", "--db", "redress.db"}).status, 4);
  EXPECT_EQ(w_.redress({"settle", "1", "--again", "--as", "ana", "--db", "redress.db"}).status, 4);
  EXPECT_EQ(w_.redress({"event", "C-000001", "manual.identified", "--as", "ana", "--db", "redress.db"}).status, 4);
}

TEST_F(WaitingRefund, PeopleAreListedWithTheirRoles) {
  EXPECT_THAT(w_.redress({"person", "list", "--db", "redress.db"}).out, HasSubstr("community, helper"));
  EXPECT_THAT(w_.redress({"person", "list", "--db", "redress.db", "--json"}).out, HasSubstr("\"name\":\"sol\""));
}

TEST(Person, TheFirstMakesTheDatabase) {
  const Workspace w;
  EXPECT_EQ(w.redress({"person", "add", "ana", "--role", "community", "--db", "new.db"}).status, 0);
  EXPECT_THAT(w.redress({"person", "list", "--db", "new.db"}).out, HasSubstr("ana"));
  EXPECT_EQ(w.redress({"audit", "--db", "new.db"}).status, 0);
  EXPECT_THAT(w.redress({"case", "list", "--db", "new.db"}).out, HasSubstr("no cases yet"));
  EXPECT_THAT(w.redress({"tasks", "--db", "new.db"}).out, HasSubstr("no task is open"));
}

}  // namespace
}  // namespace redress::test
