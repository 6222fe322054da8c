// What admins and leads do by the command line: versions, switches, their own words, tasks, and the report.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

std::vector<Json> objects(const std::string& lines) {
  std::vector<Json> out;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) out.push_back(Json::parse(line));
  return out;
}

// A refund that was made and announced, two people who may speak for the owner, and the workflow's file at hand.
class Administration : public testing::Test {
 protected:
  void SetUp() override {
    w_.write("posts.jsonl", post_line("1", "lucia_marin", "2026-03-02T09:00:00Z", "Me cobraron dos veces"));
    ASSERT_EQ(w_.run({"--until", "2026-03-02T10:00:00Z"}).status, 0);
    for (const char* name : {"lea", "olga"})
      ASSERT_EQ(w_.redress({"person", "add", name, "--role", "community-lead", "--db", "redress.db"}).status, 0);
  }
  [[nodiscard]] Finished on_db(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--db", "redress.db"});
    return w_.redress(arguments);
  }
  [[nodiscard]] Finished go_on() const {
    return w_.redress({"run", "--db", "redress.db", "--plugins", REDRESS_PLUGINS, "--department-config", "departments.json",
                       "--outbox", "replies.jsonl", "--until", "2026-03-02T11:00:00Z"});
  }

  Workspace w_;
};

TEST_F(Administration, MakesNoTokenThatWouldHaveExpired) {
  for (const char* past : {"2026-03-02T09:00:00Z", "1970-01-01T00:00:00Z", "1960-01-01T00:00:00Z"}) {
    const Finished refused = on_db({"token", "add", "lea", "--until", past});
    EXPECT_EQ(refused.status, 2) << past;
    EXPECT_THAT(refused.err, HasSubstr("is past")) << past;
    EXPECT_THAT(refused.err, HasSubstr(past));
  }
  EXPECT_EQ(on_db({"token", "list", "--json"}).out, "");
  EXPECT_EQ(on_db({"token", "add", "lea", "--until", "2026-03-03T09:00:00Z"}).status, 0);
}

TEST_F(Administration, SaysWordsThatSomebodyElseReviews) {
  const Finished said = on_db({"say", "C-000001", "--text", "Ya lo tienes.", "--claim", "refund=fulfilled", "--as", "lea"});
  ASSERT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("redress review "));
  const std::string reply = [&] {
    std::istringstream words(said.out.substr(said.out.find("redress review ") + 15));
    std::string number;
    words >> number;
    return number;
  }();
  for (const std::string& shown : {on_db({"tasks"}).out, on_db({"why", "C-000001"}).out}) {
    EXPECT_THAT(shown, HasSubstr("the customer wrote: Me cobraron dos veces\n"));
    EXPECT_THAT(shown, HasSubstr("the reply: Ya lo tienes.\n"));
  }
  EXPECT_EQ(on_db({"review", reply, "--approve", "--as", "lea"}).status, 4);
  EXPECT_EQ(on_db({"review", reply, "--approve", "--as", "olga"}).status, 0);
  ASSERT_EQ(go_on().status, 0);
  EXPECT_THAT(w_.read("replies.jsonl"), HasSubstr("Ya lo tienes."));
}

TEST_F(Administration, ResumesWithTheNumberOfPostsThatOpenedNoCase) {
  ASSERT_EQ(on_db({"workflow", "pause", "billing-overcharge"}).status, 0);
  w_.write("posts.jsonl", post_line("2", "tom_ferris", "2026-03-02T10:05:00Z", "I was charged 189 for a plan of 39"));
  ASSERT_EQ(w_.run({"--until", "2026-03-02T10:06:00Z"}).status, 0);
  const Finished resumed = on_db({"workflow", "resume", "billing-overcharge"});
  EXPECT_EQ(resumed.status, 0);
  EXPECT_THAT(resumed.out, HasSubstr("1 post came while it was paused and opened no case"));
  EXPECT_THAT(w_.run({"--until", "2026-03-02T10:08:00Z"}).out, HasSubstr("posts read       1: 1 opened"));
  EXPECT_THAT(on_db({"workflow", "resume", "billing-overcharge"}).out, Not(HasSubstr("opened no case")));
}

TEST_F(Administration, SaysNothingThatIsNotSo) {
  const std::string before = w_.exported();
  const Finished false_claim = on_db({"say", "C-000001", "--text", "No.", "--claim", "refund=declined", "--as", "lea"});
  EXPECT_EQ(false_claim.status, 4);
  EXPECT_THAT(false_claim.err, HasSubstr("refund"));
  const Finished unreadable = on_db({"say", "C-000001", "--text", "No.", "--claim", "refund:done", "--as", "lea"});
  EXPECT_EQ(unreadable.status, 2);
  EXPECT_THAT(unreadable.err, HasSubstr("COMMITMENT=LEVEL"));
  EXPECT_EQ(on_db({"say", "C-000009", "--text", "Hola.", "--as", "lea"}).status, 4);
  EXPECT_EQ(w_.exported(), before);
}

TEST_F(Administration, PublishesAVersionThenGivesItTheNewCases) {
  std::string text = w_.read("workflows/billing-overcharge.json");
  const std::string version = R"("version": "1.2.0")";
  text.replace(text.find(version), version.size(), R"("version": "2.0.0")");
  w_.write("next.json", text);
  const Finished published = on_db({"workflow", "publish", "next.json", "--plugins", REDRESS_PLUGINS});
  ASSERT_EQ(published.status, 0) << published.err;
  EXPECT_THAT(published.out, HasSubstr("redress workflow activate billing-overcharge 2.0.0"));
  EXPECT_THAT(on_db({"workflow", "list"}).out, HasSubstr("billing-overcharge 1.2.0"));
  EXPECT_EQ(on_db({"workflow", "activate", "billing-overcharge", "3.0.0"}).status, 4);
  EXPECT_EQ(on_db({"workflow", "activate", "billing-overcharge", "2.0.0"}).status, 0);
  std::string active;
  for (const Json& line : objects(on_db({"workflow", "list", "--json"}).out))
    if (line["active"] == true) active += line["version"].get<std::string>();
  EXPECT_EQ(active, "2.0.0");
  const Finished again = on_db({"workflow", "publish", "next.json", "--plugins", REDRESS_PLUGINS});
  EXPECT_EQ(again.out, "billing-overcharge 2.0.0 is published, and is the active one already\n");
}

TEST_F(Administration, KeepsNothingOfFilesOfWhichOneIsWrong) {
  w_.write("broken.json", "{}");
  const Finished refused = on_db({"workflow", "publish", "broken.json", "--plugins", REDRESS_PLUGINS});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("broken.json"));
  EXPECT_EQ(objects(on_db({"workflow", "list", "--json"}).out).size(), 1u);
}

TEST_F(Administration, PublishesWhatAFolderHasIntoADatabaseThatItMakes) {
  w_.write("workflows/workflow.schema.json", "{}");
  const std::vector<std::string> files = {"workflows/billing-overcharge.json", "workflows/workflow.schema.json"};
  const Finished published =
      w_.redress({"workflow", "publish", files[0], files[1], "--plugins", REDRESS_PLUGINS, "--db", "fresh.db"});
  ASSERT_EQ(published.status, 0) << published.err;
  EXPECT_EQ(objects(w_.redress({"workflow", "list", "--json", "--db", "fresh.db"}).out).size(), 1u);
  EXPECT_EQ(w_.redress({"check", files[0], files[1], "--plugins", REDRESS_PLUGINS}).out, "1 file is in order\n");
}

TEST_F(Administration, PublishesNoneOfSeveralFilesOfWhichTheLastIsWrong) {
  w_.write("broken.json", "{}");
  const Finished refused = w_.redress({"workflow", "publish", "workflows/billing-overcharge.json", "broken.json", "--plugins",
                                       REDRESS_PLUGINS, "--db", "fresh.db"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("broken.json:1:1: "));
  EXPECT_THAT(w_.redress({"workflow", "list", "--db", "fresh.db"}).out, HasSubstr("no workflow is published"));
}

TEST_F(Administration, ShutsTheTwoWaysApartAndOpensThem) {
  EXPECT_THAT(on_db({"workflow", "pause", "billing-overcharge", "--replies"}).out,
              HasSubstr("new cases open, automatic replies shut"));
  EXPECT_THAT(on_db({"workflow", "pause", "billing-overcharge"}).out, HasSubstr("new cases shut, automatic replies shut"));
  EXPECT_THAT(on_db({"workflow", "list"}).out, HasSubstr("new cases shut, automatic replies shut"));
  EXPECT_THAT(on_db({"workflow", "resume", "billing-overcharge", "--replies"}).out,
              HasSubstr("new cases shut, automatic replies open"));
  EXPECT_THAT(on_db({"workflow", "resume", "billing-overcharge"}).out, HasSubstr("new cases open, automatic replies open"));
  const Finished nobody = on_db({"workflow", "pause", "nobody"});
  EXPECT_EQ(nobody.status, 4);
  EXPECT_THAT(nobody.err, HasSubstr("nobody"));
}

TEST_F(Administration, FinishesNoTaskThatIsNotThere) {
  const Finished none = on_db({"task", "done", "999", "--as", "lea"});
  EXPECT_EQ(none.status, 4);
  EXPECT_THAT(none.err, HasSubstr("999"));
}

TEST_F(Administration, ReportsAsATableAsJsonAndAsAPage) {
  const Finished table = on_db({"report"});
  EXPECT_EQ(table.status, 0);
  EXPECT_THAT(table.out, HasSubstr("first reply"));
  const Finished json = on_db({"report", "--json"});
  EXPECT_EQ(Json::parse(json.out)["posts"]["fates"]["opened"], 1);
  EXPECT_EQ(json.out, on_db({"report", "--json"}).out);
  EXPECT_EQ(on_db({"report", "--html", "report.html"}).status, 0);
  const std::string page = w_.read("report.html");
  EXPECT_THAT(page, HasSubstr("<!doctype html>"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("http")));  // Nothing is fetched.
  EXPECT_EQ(on_db({"report", "--html", "report.html"}).status, 0);
  EXPECT_EQ(w_.read("report.html"), page);
  const Finished nowhere = on_db({"report", "--html", "missing/report.html"});
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("missing/report.html"));
}

TEST_F(Administration, ReportsWordsAsTextWhateverTheyHold) {
  const std::string sly = R"(<script>alert("1")</script> & 'x')";
  const Finished said = on_db({"say", "C-000001", "--text", sly, "--as", "lea"});
  ASSERT_EQ(said.status, 0) << said.err;
  std::istringstream words(said.out.substr(said.out.find("redress review ") + 15));
  std::string reply;
  words >> reply;
  ASSERT_EQ(on_db({"review", reply, "--approve", "--as", "olga"}).status, 0);
  ASSERT_EQ(go_on().status, 0);
  ASSERT_EQ(on_db({"report", "--html", "report.html"}).status, 0);
  const std::string page = w_.read("report.html");
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace redress::test
