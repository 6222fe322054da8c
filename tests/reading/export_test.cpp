// The export: exact lines, a fixed order, the same bytes each time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reading/hand_made.hpp"

namespace redress::reading_tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> lines_of(const std::vector<std::string>& lines, const std::string& type) {
  std::vector<std::string> out;
  const std::string begin = R"({"type":")" + type + '"';
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(out), [&](const auto& line) { return line.starts_with(begin); });
  return out;
}

// A case with one of each: a fulfilled commitment, a published reply that claims it, a task and a timer.
void fill(HandMade& made) {
  CommitmentRow& check = made.add_commitment("check", CommitmentState::fulfilled);
  check.evidence = check.evidence_digest = made.one.text(R"({"amount":45,"kind":"card"})");
  check.attempts = 1;
  check.requested_at_ms = start_ms;
  check.accepted_at_ms = check.settled_at_ms = start_ms + minute;
  const std::string digest = check.evidence_digest;
  ReplyRow& reply = made.add_reply("refunded", ReplyState::approved, "we refunded 45");
  reply.claims = R"([{"commitment_id":1,"level":"fulfilled","evidence_digest":")" + digest + R"("}])";
  made.one.now.claims[1] = {
      .id = 1, .case_id = 1, .reply_id = 1, .commitment_id = 1, .level = ClaimLevel::fulfilled, .evidence_digest = digest};
  made.add_task("event:check.fulfilled", "owner", "nothing took check.fulfilled");
  made.add_timer("due:1", start_ms + 60 * minute);
  made.one.record("effect.answered", start_ms + minute);
  made.one.now.replies.at(1).state = ReplyState::publishing;
  made.one.record("effect.attempting", start_ms + minute);
  made.one.now.replies.at(1).state = ReplyState::published;
  made.one.now.replies.at(1).published_at_ms = start_ms + 2 * minute;
  made.one.record("effect.answered", start_ms + 2 * minute);
}

TEST(Export, WritesEachPostWithItsFate) {
  HandMade made;
  PostRow line;
  line.id = 2;
  line.post_id = std::string(64, 'a');
  line.fate = PostFate::rejected;
  line.reason = "line 2: text is missing";
  made.nobody.now.posts[2] = line;
  made.nobody.record("post.rejected", start_ms);
  EXPECT_THAT(
      lines_of(made.exported(), "post"),
      ElementsAre(R"({"type":"post","channel":"x","id":"p1","thread":"t1","fate":"opened","reason":null,"case":"C-000001",)"
                  R"("in_reply_to":null,"created_at":"2017-10-08T23:00:00Z","received_at":"2017-10-08T23:00:00Z",)"
                  R"("language":null,"private":false})",
                  R"({"type":"post","channel":null,"id":")" + std::string(64, 'a') +
                      R"(","thread":null,"fate":"rejected","reason":"line 2: text is missing","case":null,"in_reply_to":null,)"
                      R"("created_at":null,"received_at":null,"language":null,"private":false})"));
}

TEST(Export, WritesACaseWithBothDeadlines) {
  HandMade made;
  const std::string hash = made.one.now.row.workflow_hash;
  EXPECT_THAT(lines_of(made.exported(), "case"),
              ElementsAre(R"({"type":"case","reference":"C-000001","workflow":"w","version":"1.0.0","workflow_hash":")" + hash +
                          R"(","state":"active","configuration":["checking"],"episode":1,"category":"billing",)"
                          R"("priority":"normal","language":"en","channel":"x","thread":"t1","opening_post":"p1",)"
                          R"("latest_post":"p1","prior_case":null,"opened_at":"2017-10-08T23:00:00Z",)"
                          R"("episode_at":"2017-10-08T23:00:00Z","resolved_at":null,"closed_at":null,)"
                          R"("first_reply":{"state":"running","due_at":"2017-10-08T23:15:00Z","met_at":null},)"
                          R"("resolution":{"state":"none","due_at":null,"met_at":null,"paused_at":null},)"
                          R"("set_aside":false,"set_aside_reason":null})"));
}

TEST(Export, WritesACommitmentWithItsEvidenceAsJson) {
  HandMade made;
  fill(made);
  const std::string digest = made.one.now.commitments.at(1).evidence_digest;
  EXPECT_THAT(lines_of(made.exported(), "commitment"),
              ElementsAre(R"({"type":"commitment","id":1,"case":"C-000001","name":"check","instance":1,"episode":1,)"
                          R"("department":"billing","action":"check","state":"fulfilled","due":"on_time",)"
                          R"("due_at":"2017-10-09T00:00:00Z","attempts":1,"evidence":{"amount":45,"kind":"card"},)"
                          R"("evidence_digest":")" +
                          digest +
                          R"(","evidence_by":null,"reason":null,"ticket":null,)"
                          R"("promised_at":null,"approval_role":null,"approved_by":null,)"
                          R"("committed_at":"2017-10-08T23:00:00Z","requested_at":"2017-10-08T23:00:00Z",)"
                          R"("accepted_at":"2017-10-08T23:01:00Z","settled_at":"2017-10-08T23:01:00Z",)"
                          R"("key":"s/C-000001/check/1/perform"})"));
}

TEST(Export, WritesAReplyWithItsClaimsByTheWorkflowsNames) {
  HandMade made;
  fill(made);
  const std::string digest = made.one.now.commitments.at(1).evidence_digest;
  EXPECT_THAT(lines_of(made.exported(), "reply"),
              ElementsAre(R"({"type":"reply","id":1,"case":"C-000001","name":"refunded","ordinal":1,"episode":1,)"
                          R"("state":"published","channel":"x","in_reply_to":"p1","private":false,"language":"en",)"
                          R"("text":"we refunded 45",)"
                          R"("claims":[{"commitment":"check","instance":1,"commitment_id":1,"level":"fulfilled",)"
                          R"("evidence_digest":")" +
                          digest +
                          R"("}],"reason":null,"review_role":null,"reviewed_by":null,)"
                          R"("corrects":null,"drafted_at":"2017-10-08T23:00:00Z","approved_at":null,)"
                          R"("published_at":"2017-10-08T23:02:00Z","key":"s/C-000001/reply/1"})"));
}

TEST(Export, WritesOpenTasksAndTimers) {
  HandMade made;
  fill(made);
  made.add_task("case", "owner", "settled long ago").done_at_ms = start_ms + minute;
  made.one.record("manual.x", start_ms + 3 * minute);
  EXPECT_THAT(lines_of(made.exported(), "task"),
              ElementsAre(R"({"type":"task","id":1,"case":"C-000001","role":"owner","what":"nothing took check.fulfilled",)"
                          R"("since":"2017-10-08T23:01:00Z","due_at":null,"subject":"event:check.fulfilled"})"));
  EXPECT_THAT(lines_of(made.exported(), "timer"),
              ElementsAre(R"({"type":"timer","case":"C-000001","name":"due:1","due_at":"2017-10-09T00:00:00Z"})"));
}

TEST(Export, WritesTheJournalOfNoCaseFirstAndEntriesAsJson) {
  HandMade made;
  const auto lines = lines_of(made.exported(), "journal");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr(R"("case":null,"seq":1,"at":"2017-10-08T23:00:00Z","event":"workflow.activated")"));
  EXPECT_THAT(lines[1], HasSubstr(R"("case":"C-000001","seq":1,"at":"2017-10-08T23:00:00Z","event":"post.opened")"));
  EXPECT_THAT(lines[1], HasSubstr(R"("entry":{"what":{"by":"hand"},"rules":[{"event":"post.opened")"));
  EXPECT_THAT(lines[1], HasSubstr(R"("digest":")" + made.one.now.row.head_digest + '"'));
}

TEST(Export, KeepsPostsBeforeCasesAndACasesPartsTogether) {
  HandMade made;
  fill(made);
  std::vector<std::string> types;
  for (const std::string& line : made.exported()) types.push_back(Json::parse(line)["type"]);
  EXPECT_THAT(types, ElementsAre("post", "journal", "case", "commitment", "reply", "task", "timer", "journal", "journal",
                                 "journal", "journal"));
}

TEST(Export, SaysNullForWhatWasErased) {
  HandMade made;
  fill(made);
  made.one.erase_text(made.one.now.replies.at(1).text);
  made.one.erase_text(made.one.now.commitments.at(1).evidence);
  made.one.record("erased", start_ms + 3 * minute);
  EXPECT_THAT(lines_of(made.exported(), "reply").front(), HasSubstr(R"("text":null)"));
  EXPECT_THAT(lines_of(made.exported(), "commitment").front(), HasSubstr(R"("evidence":null,"evidence_digest":")"));
}

TEST(Export, GivesTheSameBytesTwice) {
  HandMade first, second;
  fill(first);
  fill(second);
  EXPECT_EQ(first.exported(), first.exported());
  EXPECT_EQ(first.exported(), second.exported());
}

TEST(Export, StopsWhereTheSinkWantsNoMore) {
  HandMade made;
  fill(made);
  int lines = 0;
  const auto done = export_store(*made.store, [&](std::string_view) { return ++lines < 3; });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(lines, 3);
}

TEST(Export, OfAnEmptyStoreIsEmpty) {
  const auto store = make_memory_store();
  int lines = 0;
  EXPECT_TRUE(export_store(*store, [&](std::string_view) { return ++lines, true; }).ok());
  EXPECT_EQ(lines, 0);
}

}  // namespace
}  // namespace redress::reading_tests
