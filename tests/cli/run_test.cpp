// redress run from posts to replies: what is said, what repeats, and how it ends.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::json;

const std::string charged_twice = post_line("1", "lucia_marin", "2026-03-02T09:00:00Z", "I was charged twice");
const std::string charged_far_too_much =
    post_line("2", "tom_ferris", "2026-03-02T09:05:00Z", "I was charged 189 for a plan of 39");

std::vector<Json> lines_of(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  return lines;
}

std::vector<std::string> replies(const Workspace& w) {
  std::vector<std::string> names;
  for (const auto& line : lines_of(w.exported()))
    if (line["type"] == "reply") names.push_back(line["name"].get<std::string>() + " " + line["state"].get<std::string>());
  return names;
}

TEST(Run, RefundsOnceAndSaysSo) {
  const Workspace w;
  w.write("posts.jsonl", charged_twice);
  const Finished done = w.run();
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(replies(w), ElementsAre("acknowledge published", "refunded published"));
  const auto published = lines_of(w.read("replies.jsonl"));
  ASSERT_EQ(published.size(), 2U);
  EXPECT_THAT(published[1]["text"].get<std::string>(), HasSubstr("24.90"));
  for (const char* member : {"reply", "case", "channel", "in_reply_to", "text", "key", "at"})
    EXPECT_TRUE(published[1].contains(member)) << member;
}

TEST(Run, NamesTheFileWhoseDepartmentHasNoPlugin) {
  const Workspace w;
  w.write("posts.jsonl", charged_twice);
  const Finished done = w.redress({"run", "--db", "redress.db", "--workflows", "workflows", "--plugins", "workflows",
                                   "--outbox", "replies.jsonl", "--posts", "posts.jsonl"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err,
              testing::ContainsRegex("workflows/billing-overcharge.json:[0-9]+:[0-9]+: no plugin is the department 'billing'"));
  EXPECT_THAT(done.err, HasSubstr("put its plugin into the folder of plugins"));
}

TEST(Run, CountsWhatIsBlockedAtItsEnd) {
  const Workspace w;
  w.write("posts.jsonl", "");
  ASSERT_EQ(w.run().status, 0);
  w.write("posts.jsonl", charged_twice);
  const Finished done =
      w.redress({"run", "--db", "redress.db", "--plugins", "workflows", "--outbox", "replies.jsonl", "--posts", "posts.jsonl"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("\nblocked          1: plugin billing missing\n"));
  ASSERT_EQ(w.redress({"person", "add", "bill", "--role", "billing", "--db", "redress.db"}).status, 0);
  const Finished decided = w.redress({"decide", "1", "--outcome", "declined", "--as", "bill", "--db", "redress.db"});
  EXPECT_EQ(decided.status, 0) << decided.err;
  EXPECT_THAT(decided.out, HasSubstr("identify is declined"));
}

TEST(Run, AgainOnTheSameDatabaseChangesNothing) {
  const Workspace w;
  w.write("posts.jsonl", charged_twice + charged_far_too_much + charged_twice);
  ASSERT_EQ(w.run().status, 0);
  const std::string exported = w.exported();
  const std::string published = w.read("replies.jsonl");
  const Finished again = w.run();
  EXPECT_EQ(again.status, 0);
  EXPECT_THAT(again.out, HasSubstr("3: 0 opened, 0 attached, 0 not wanted, 0 rejected, 3 redelivered"));
  EXPECT_EQ(w.exported(), exported);
  EXPECT_EQ(w.read("replies.jsonl"), published);
}

TEST(Run, TwiceFromEmptyWithOneSeedExportsTheSameBytes) {
  const Workspace one;
  const Workspace two;
  for (const Workspace* w : {&one, &two}) {
    w->write("posts.jsonl", charged_twice + charged_far_too_much);
    ASSERT_EQ(w->run({"--seed", "7"}).status, 0);
  }
  EXPECT_FALSE(one.exported().empty());
  EXPECT_EQ(one.exported(), two.exported());
}

TEST(Run, InTwoPartsEndsAsInOne) {
  const Workspace whole;
  whole.write("posts.jsonl", charged_twice + charged_far_too_much);
  ASSERT_EQ(whole.run().status, 0);
  const Workspace parts;
  parts.write("posts.jsonl", charged_twice);
  ASSERT_EQ(parts.run({"--until", "2026-03-02T09:01:00Z"}).status, 0);
  parts.write("posts.jsonl", charged_twice + charged_far_too_much);
  ASSERT_EQ(parts.run().status, 0);
  EXPECT_EQ(replies(parts), replies(whole));
}

TEST(Run, ReadsPostsFromStandardInputThroughAPipe) {
  const Workspace w;
  ASSERT_EQ(::mkfifo(w.path("posts.jsonl").c_str(), 0600), 0);
  const pid_t process = w.start(w.run_arguments());
  const int fd = ::open(w.path("posts.jsonl").c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(::write(fd, charged_twice.data(), charged_twice.size()), static_cast<ssize_t>(charged_twice.size()));
  ::close(fd);
  EXPECT_EQ(w.wait(process).status, 0);
  EXPECT_THAT(replies(w), ElementsAre("acknowledge published", "refunded published"));
}

TEST(Run, EndsCleanlyOnATerminationSignal) {
  const Workspace w;
  ASSERT_EQ(::mkfifo(w.path("posts.jsonl").c_str(), 0600), 0);
  const pid_t process = w.start(w.run_arguments());
  const int fd = ::open(w.path("posts.jsonl").c_str(), O_WRONLY | O_CLOEXEC);  // Opens when the program has opened it too.
  ASSERT_GE(fd, 0);
  ASSERT_EQ(::kill(process, SIGTERM), 0);
  const Finished done = w.wait(process);
  ::close(fd);
  EXPECT_EQ(done.status, 128 + SIGTERM);
  EXPECT_THAT(done.out, HasSubstr("stopped by a signal"));
  EXPECT_EQ(w.redress({"audit", "--db", "redress.db"}).status, 0);
}

TEST(Run, UnderRealTimeEndsWhenNothingIsDueNow) {
  const Workspace w;
  w.write("posts.jsonl", charged_twice);
  const Finished done =
      w.redress({"run", "--db", "redress.db", "--workflows", "workflows", "--plugins", REDRESS_PLUGINS, "--department-config",
                 "departments.json", "--posts", "posts.jsonl", "--outbox", "replies.jsonl"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(replies(w), ElementsAre("acknowledge published", "refunded published"));
}

// How long a call takes in real time changes nothing under virtual time, so no watch stands beside it.
TEST(Run, WatchesCallsUnderRealTimeAlone) {
  for (const std::string clock : {"virtual", "real"}) {
    const Workspace w;
    std::filesystem::create_directory(w.path("telling"));
    w.write("telling/telling.json", R"json({
      "redress": 1, "id": "telling", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
      "intake": { "when": "true", "category": "query" },
      "commitments": { "tell": { "department": "teller", "action": "tell", "due": "PT1H" } },
      "replies": { "told": { "text": { "en": "Called on {{ tell.evidence.thread }} thread." } },
                   "untold": { "text": { "en": "Thank you for writing to us." } } },
      "initial": "open",
      "states": { "open": { "entry": [ { "commit": "tell" } ],
                            "on": { "tell.fulfilled": { "target": "closed", "actions": [ { "reply": "told" } ] },
                                    "tell.declined tell.failed": { "target": "closed", "actions": [ { "reply": "untold" } ] } } },
                  "closed": { "type": "final" } },
      "on": { "*.overdue *.unknown": { "actions": [ { "escalate": "community-lead" } ] } } })json");
    w.write("posts.jsonl", charged_twice);
    const Finished done = w.redress({"run", "--db", "redress.db", "--workflows", "telling", "--plugins", TELLER_PLUGINS,
                                     "--posts", "posts.jsonl", "--outbox", "replies.jsonl", "--clock", clock});
    EXPECT_EQ(done.status, 0) << done.err;
    EXPECT_THAT(w.read("replies.jsonl"),
                HasSubstr(clock == "real" ? "Called on another thread" : "Called on the first thread"));
  }
}

TEST(Run, PlaysPeopleByScriptOnceAlsoWhenStartedAgain) {
  const Workspace w;
  w.write("posts.jsonl", charged_far_too_much);
  w.write("people.jsonl", R"({"person": "sol", "roles": ["supervisor"]}
{"after": "PT2H", "as": "sol", "act": "approve", "post": "x/2", "commitment": "refund", "approve": true}
)");
  const Finished done = w.run({"--people", "people.jsonl"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(replies(w), ElementsAre("acknowledge published", "refunded published"));
  const std::string exported = w.exported();
  EXPECT_EQ(w.run({"--people", "people.jsonl"}).status, 0);
  EXPECT_EQ(w.exported(), exported);
}

TEST(Run, ListsActsThatNeverBecamePossible) {
  const Workspace w;
  w.write("posts.jsonl", charged_twice);
  w.write("people.jsonl", R"({"person": "sol", "roles": ["supervisor"]}
{"as": "sol", "act": "approve", "post": "x/1", "commitment": "refund", "approve": true}
{"as": "sol", "act": "approve", "post": "x/77", "commitment": "refund", "approve": true}
)");
  const Finished done = w.run({"--people", "people.jsonl"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("line 2"));
  EXPECT_THAT(done.out, HasSubstr("the post never came"));
}

TEST(Run, SaysWhenAScriptedPersonLacksTheRole) {
  const Workspace w;
  w.write("posts.jsonl", charged_far_too_much);
  w.write("people.jsonl", R"({"person": "ana", "roles": ["community"]}
{"as": "ana", "act": "approve", "post": "x/2", "commitment": "refund", "approve": true}
)");
  const Finished done = w.run({"--people", "people.jsonl"});
  EXPECT_EQ(done.status, 3);
  EXPECT_THAT(done.out, HasSubstr("refused"));
  EXPECT_THAT(done.out, HasSubstr("waits for people"));
}

TEST(Run, WithoutPostsGoesOnWithWhatIsThere) {
  const Workspace w;
  w.write("posts.jsonl", charged_far_too_much);
  ASSERT_EQ(w.run({"--until", "2026-03-02T09:06:00Z"}).status, 0);
  const Finished done = w.redress({"run", "--db", "redress.db", "--plugins", REDRESS_PLUGINS, "--department-config",
                                   "departments.json", "--outbox", "replies.jsonl", "--until", "2026-03-03T09:00:00Z"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("ended at         2026-03-02T"));
}

}  // namespace
}  // namespace redress::test
