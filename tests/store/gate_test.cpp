// The gate's own words: what the data path tells people when a claim does not hold.
#include "store/gate.hpp"

#include <gtest/gtest.h>

namespace redress::store {
namespace {

CaseRecord record_with(CommitmentState state) {
  CaseRecord record;
  record.row = {.id = 1, .episode = 2};
  record.commitments.emplace(
      3, CommitmentRow{.id = 3, .case_id = 1, .state = state, .evidence_digest = "e", .requested_at_ms = 1});
  record.members.emplace(1,
                         MemberRow{.id = 1, .case_id = 1, .commitment_id = 3, .name = "refund", .instance = 1, .episode = 2});
  return record;
}

ReplyRow reply_with(const std::string& claims, std::int64_t episode = 2) {
  return {.id = 5, .case_id = 1, .name = "refunded", .ordinal = 1, .episode = episode, .claims = claims};
}

const std::string fulfilled = R"([{"commitment_id":3,"level":"fulfilled","evidence_digest":"e"}])";

TEST(Gate, GivesOneVerdictForEachClaimInOrder) {
  const auto verdicts =
      check_claims(record_with(CommitmentState::declined),
                   reply_with(R"([{"commitment_id":3,"level":"requested"},{"commitment_id":3,"level":"failed"}])"));
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_TRUE(verdicts[0].holds);
  EXPECT_FALSE(verdicts[1].holds);
  EXPECT_EQ(verdicts[1].reason, "commitment 3 (refund) is claimed as failed, but it is declined");
}

TEST(Gate, HasNothingToSayOfAReplyWithoutClaims) {
  EXPECT_TRUE(check_claims(CaseRecord{}, reply_with("[]")).empty());
  EXPECT_TRUE(check_gate(CaseRecord{}, reply_with("[]")).ok());
}

TEST(Gate, TakesClaimsThatItCannotReadAsFalse) {
  for (const char* claims :
       {"", "{}", "[1]", "[{}]", R"([{"commitment_id":"3","level":"fulfilled"}])", R"([{"commitment_id":3,"level":"done"}])",
        R"([{"commitment_id":3,"level":"fulfilled","evidence_digest":1}])"}) {
    const auto verdicts = check_claims(record_with(CommitmentState::fulfilled), reply_with(claims));
    ASSERT_EQ(verdicts.size(), 1u) << claims;
    EXPECT_FALSE(verdicts[0].holds) << claims;
  }
}

TEST(Gate, ReachesAnEarlierEpisodeOnlyByRevoked) {
  EXPECT_FALSE(check_claims(record_with(CommitmentState::fulfilled), reply_with(fulfilled, 3)).front().holds);
  EXPECT_TRUE(check_claims(record_with(CommitmentState::revoked), reply_with(R"([{"commitment_id":3,"level":"revoked"}])", 3))
                  .front()
                  .holds);
}

TEST(Gate, ClaimsNoCommitmentThatIsNotThere) {
  EXPECT_EQ(check_claims(CaseRecord{}, reply_with(fulfilled)).front().reason,
            "commitment 3 is claimed as fulfilled, but it is not there");
}

TEST(Gate, WantsTheClaimRowsThatWereFrozenAndNoOthers) {
  CaseRecord record = record_with(CommitmentState::fulfilled);
  const ReplyRow reply = reply_with(fulfilled);
  EXPECT_EQ(check_gate(record, reply).error().code, Code::refused);  // None.
  record.claims.emplace(
      1, ClaimRow{
             .id = 1, .case_id = 1, .reply_id = 5, .commitment_id = 3, .level = ClaimLevel::fulfilled, .evidence_digest = "e"});
  EXPECT_TRUE(check_gate(record, reply).ok());
  record.claims.emplace(2, ClaimRow{.id = 2, .case_id = 1, .reply_id = 5, .commitment_id = 3});
  EXPECT_EQ(check_gate(record, reply).error().code, Code::refused);  // One too many.
}

}  // namespace
}  // namespace redress::store
