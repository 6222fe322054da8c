// The demonstration ends by itself, shows what it says that it shows, and gives the same bytes each time.
#include <gmock/gmock.h>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::_;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using Json = nlohmann::json;

// The demonstration, run in a copy of what it needs from the build.
class Demonstration : public testing::Test {
 protected:
  void SetUp() override {
    const std::string link = "cd " + w_.path("") +
                             " && ln -s " REDRESS_BUILD "/redress " REDRESS_BUILD "/plugins " REDRESS_BUILD
                             "/examples . && " REDRESS_SOURCE "/examples/demo/run . > shown 2>&1";
    ASSERT_EQ(std::system(link.c_str()), 0) << w_.read("shown");
    std::istringstream lines(w_.redress({"export", "--db", "demo/redress.db"}).out);
    for (std::string line; std::getline(lines, line);) exported_.push_back(Json::parse(line));
  }

  // "name state" of the replies of the case that this post belongs to, in order.
  [[nodiscard]] std::vector<std::string> replies(const std::string& post) const {
    std::vector<std::string> found;
    for (const auto& line : exported_)
      if (line["type"] == "reply" && line["case"] == case_of(post))
        found.push_back(line["name"].get<std::string>() + " " + line["state"].get<std::string>());
    return found;
  }
  [[nodiscard]] Json case_of(const std::string& post) const {
    for (const auto& line : exported_)
      if (line["type"] == "post" && line["id"] == post) return line["case"];
    return "no such post";
  }
  [[nodiscard]] Json row_of(const std::string& post) const {
    for (const auto& line : exported_)
      if (line["type"] == "case" && line["reference"] == case_of(post)) return line;
    return {};
  }
  [[nodiscard]] int refunds_done(const std::string& post) const {
    int count = 0;
    for (const auto& line : exported_)
      if (line["type"] == "commitment" && line["case"] == case_of(post) && line["name"] == "refund" &&
          line["state"] == "fulfilled")
        ++count;
    return count;
  }

  Workspace w_;
  std::vector<Json> exported_;
};

using Replies = std::vector<std::string>;

TEST_F(Demonstration, ShowsEachKindOfCaseToItsEnd) {
  EXPECT_EQ(replies("101"), (Replies{"acknowledge published", "refunded published"}));
  EXPECT_EQ(row_of("101")["episode"], 1);  // Thanks do not reopen.
  EXPECT_EQ(case_of("103"), case_of("101"));
  EXPECT_EQ(replies("102"), (Replies{"acknowledge published", "offered published"}));
  EXPECT_EQ(refunds_done("102"), 0);
  EXPECT_EQ(case_of("109"), case_of("102"));
  EXPECT_EQ(replies("201"), (Replies{"acknowledge published", "explained published"}));
  EXPECT_EQ(row_of("201")["first_reply"]["state"], "breached");  // The post itself came late.
  EXPECT_EQ(replies("104"), (Replies{"acknowledge published", "ask published", "refunded published"}));
  EXPECT_EQ(case_of("108"), case_of("104"));
  EXPECT_EQ(replies("105"), (Replies{"acknowledge published", "ask published", "no_answer published"}));
  EXPECT_EQ(case_of("106"), Json());
  EXPECT_EQ(replies("107"),
            (Replies{"acknowledge published", "refunded published", "acknowledge published", "explained published"}));
  EXPECT_EQ(refunds_done("107"), 1);
  EXPECT_EQ(row_of("107")["episode"], 2);
  EXPECT_EQ(replies("110"), (Replies{"acknowledge published", "refunded published"}));
  EXPECT_EQ(row_of("110")["resolution"]["state"], "breached");
  EXPECT_EQ(replies("111"),
            (Replies{"acknowledge published", "refunded corrected", "correction published", "offered published"}));
  EXPECT_EQ(replies("112"),
            (Replies{"acknowledge published", "refunded replaced", "refunded published"}));  // Refused, then drafted again.
}

TEST_F(Demonstration, ShowsEverySituationBesideTheWrongCharge) {
  const Replies two_zones{"acknowledge published", "on_the_way published", "update published", "restored published"};
  EXPECT_EQ(replies("301"), two_zones);
  EXPECT_EQ(replies("302"), two_zones);
  EXPECT_EQ(replies("305"), (Replies{"acknowledge published", "ask published", "on_the_way published", "restored published"}));
  EXPECT_EQ(replies("308"), (Replies{"acknowledge published", "offered published"}));  // No crew for water there.
  EXPECT_EQ(replies("310"), (Replies{"acknowledge published", "ask published", "no_answer published"}));
  EXPECT_EQ(replies("311"), (Replies{"acknowledge published", "offered published"}));
  EXPECT_EQ(replies("312"), (Replies{"acknowledge published", "noted published"}));
  EXPECT_EQ(replies("313"), (Replies{"acknowledge published", "unable published"}));
  EXPECT_EQ(replies("314"), (Replies{"acknowledge published", "looking published", "found published"}));
  EXPECT_EQ(replies("315"), (Replies{"acknowledge published", "ask published", "looking published", "unable published"}));
  EXPECT_NE(case_of("317"), case_of("314"));
  EXPECT_EQ(replies("318"), (Replies{"heard published", "told published"}));
  EXPECT_EQ(replies("320"), (Replies{"thanked published"}));
  EXPECT_EQ(replies("321"), (Replies{"acknowledge published", "answered published"}));
  EXPECT_EQ(case_of("322"), Json());
}

TEST_F(Demonstration, SendsOneCrewToOneFaultInTwoZonesAndWithdrawsEachNoticeThatNobodyBacks) {
  const auto order_of = [&](const std::string& post) {
    for (const auto& line : exported_)
      if (line["type"] == "commitment" && line["case"] == case_of(post) && line["name"] == "dispatch")
        return line["evidence"]["work_order"].get<std::string>();
    return std::string("no order");
  };
  EXPECT_EQ(order_of("301"), order_of("302"));
  EXPECT_NE(order_of("301"), order_of("304"));
  const std::string board = w_.read("demo/notices.jsonl");
  EXPECT_THAT(board, HasSubstr(R"("about":"outage/chapinero/water","text":{"en":"Withdrawn.")"));
  EXPECT_THAT(board, HasSubstr(R"("about":"outage/chamberi/internet","text":{"en":"Withdrawn.")"));  // The service is back.
  std::istringstream lines(board);
  std::map<std::string, int> standing;
  for (std::string line; std::getline(lines, line);) {
    const Json entry = Json::parse(line);
    standing[entry["notice"].get<std::string>()] += entry["entry"] == entry["notice"] ? 1 : -1;
  }
  EXPECT_THAT(standing, Each(Pair(_, 0)));
}

TEST_F(Demonstration, LeavesNoScriptedActUndoneAndNoCaseOpen) {
  EXPECT_THAT(w_.read("shown"), Not(HasSubstr("scripted acts that were not done")));
  for (const auto& line : exported_) {
    if (line["type"] != "case") continue;
    EXPECT_THAT((Replies{"resolved", "closed"}), Contains(line["state"].get<std::string>())) << line;
  }
}

TEST_F(Demonstration, PrintsEachReplyBesideItsEvidence) {
  const std::string shown = w_.read("shown");
  EXPECT_THAT(shown, HasSubstr("stands on refund fulfilled: {\"amount_minor\":2490"));
  EXPECT_THAT(shown, HasSubstr("claims nothing"));
  EXPECT_THAT(shown, HasSubstr("the audit passes"));
  EXPECT_THAT(shown, HasSubstr("What to try next"));
  for (const char* verb : {"tasks", "report", "workflow list"})
    EXPECT_THAT(shown, HasSubstr("/redress " + std::string(verb) + " --db ")) << verb;
}

TEST_F(Demonstration, GivesTheSameExportEachTime) {
  const std::string first = w_.redress({"export", "--db", "demo/redress.db"}).out;
  ASSERT_EQ(std::system(("cd " + w_.path("") + " && " REDRESS_SOURCE "/examples/demo/run . > again 2>&1").c_str()), 0);
  EXPECT_EQ(w_.redress({"export", "--db", "demo/redress.db"}).out, first);
}

}  // namespace
}  // namespace redress::test
