// Posts that cannot be posts: each gets its fate, and the rest go on.
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;

const std::string good = post_line("1", "lucia_marin", "2026-03-02T09:00:00Z", "I was charged twice");

TEST(BadPosts, OneBadPostOfAThousandDoesNotStopTheRest) {
  const Workspace w;
  std::string posts;
  for (int i = 0; i < 999; ++i) posts += post_line(std::to_string(i), "fan", "2026-03-02T09:00:00Z", "Nice weather today");
  posts.insert(posts.find('\n', posts.size() / 2) + 1, "{\"channel\": \"x\", \"text\": \"no id\"}\n");
  w.write("posts.jsonl", posts);
  const Finished done = w.run();
  EXPECT_EQ(done.status, 3);
  EXPECT_THAT(done.out, HasSubstr("1000: 0 opened, 0 attached, 999 not wanted, 1 rejected, 0 redelivered"));
  EXPECT_THAT(done.err, HasSubstr("id"));
}

TEST(BadPosts, EachRejectedLineIsNamedByItsNumber) {
  const Workspace w;
  w.write("posts.jsonl", good + "not json\n" + R"({"id": "2", "id": "3", "channel": "x"})" + "\n");
  const Finished done = w.run();
  EXPECT_EQ(done.status, 3);
  EXPECT_THAT(done.out, HasSubstr("3: 1 opened, 0 attached, 0 not wanted, 2 rejected"));
  EXPECT_THAT(done.err, HasSubstr("line 2: "));
  EXPECT_THAT(done.err, HasSubstr("line 3: "));
}

TEST(BadPosts, ALineOfManyMegabytesIsRejectedInBoundedMemory) {
  const Workspace w;
  w.write("posts.jsonl", R"({"id": "9", "text": ")" + std::string(20 * 1024 * 1024, 'x') + "\"}\n" + good);
  const Finished done = w.run();
  EXPECT_EQ(done.status, 3);
  EXPECT_THAT(done.out, HasSubstr("2: 1 opened, 0 attached, 0 not wanted, 1 rejected"));
}

TEST(BadPosts, NestingWithoutEndIsRejected) {
  const Workspace w;
  w.write("posts.jsonl", std::string(60'000, '[') + "\n" + good);
  EXPECT_EQ(w.run().status, 3);
}

TEST(BadPosts, ARejectedLineThatComesAgainIsCountedAndNotStored) {
  const Workspace w;
  w.write("posts.jsonl", good + "not json\n");
  EXPECT_EQ(w.run().status, 3);
  const std::string before = w.exported();
  const Finished again = w.run();
  EXPECT_EQ(again.status, 3);
  EXPECT_THAT(again.out, HasSubstr("2 redelivered"));
  EXPECT_EQ(w.exported(), before);
}

TEST(BadPosts, AFileThatIsNotThereIsAUsageError) {
  const Workspace w;
  const Finished done = w.run();
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("posts.jsonl"));
}

TEST(BadScript, StopsTheRunBeforeAnythingIsDone) {
  const Workspace w;
  w.write("posts.jsonl", good);
  w.write("people.jsonl", "{\"as\": \"ana\"}\n");
  const Finished done = w.run({"--people", "people.jsonl"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("people.jsonl:1"));
  EXPECT_EQ(w.redress({"audit", "--db", "redress.db"}).status, 4);
}

TEST(BadWorkflow, NamesTheDepartmentThatNoPluginProvides) {
  const Workspace w;
  w.write("posts.jsonl", good);
  w.write("departments.json", "{}");
  const Finished done = w.redress({"run", "--db", "redress.db", "--workflows", REDRESS_SOURCE "/workflows", "--plugins", ".",
                                   "--posts", "posts.jsonl", "--outbox", "replies.jsonl"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("billing"));
}

TEST(BadWorkflow, AFolderWithoutWorkflowsIsAUsageError) {
  const Workspace w;
  w.write("posts.jsonl", good);
  const Finished done =
      w.redress({"run", "--db", "redress.db", "--workflows", "/nowhere", "--posts", "posts.jsonl", "--outbox", "o"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("/nowhere"));
}

TEST(BadConfiguration, OfADepartmentNamesTheDepartment) {
  const Workspace w;
  w.write("posts.jsonl", good);
  w.write("departments.json",
          R"({"billing": {"database": "billing.db", "refund_authority_minor": -1}, "commercial": {"database": "c.db"}})");
  const Finished done = w.run();
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("billing"));
}

}  // namespace
}  // namespace redress::test
