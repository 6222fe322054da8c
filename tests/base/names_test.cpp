// The stored text of codes and states, written out here once more: a renamed state breaks every store.
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "redress/lifecycle.hpp"
#include "redress/result.hpp"

namespace redress {
namespace {

template <class State>
void expect_names(const std::vector<std::string_view>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(to_string(static_cast<State>(i)), names[i]);
    EXPECT_EQ(from_string<State>(names[i]), static_cast<State>(i));
  }
  EXPECT_EQ(to_string(static_cast<State>(names.size())), "?");
  EXPECT_EQ(from_string<State>("?"), std::nullopt);
  EXPECT_EQ(from_string<State>(""), std::nullopt);
  EXPECT_EQ(from_string<State>("Failed"), std::nullopt);
}

TEST(StateNames, AreTheStoredTexts) {
  expect_names<CaseState>({"received", "active", "waiting_customer", "resolved", "closed"});
  expect_names<DeadlineState>({"none", "running", "at_risk", "met", "breached", "paused"});
  expect_names<CommitmentState>({"proposed", "awaiting_approval", "requested", "attempting", "in_progress", "fulfilled",
                                 "declined", "failed", "unknown", "cancelled", "revoked", "undoing", "undone"});
  expect_names<DueState>({"on_time", "at_risk", "overdue"});
  expect_names<ReplyState>({"drafted", "awaiting_review", "approved", "publishing", "published", "unknown", "failed", "blocked",
                            "refused", "corrected", "waived", "replaced"});
  expect_names<EffectState>({"planned", "attempting", "waiting", "done", "declined", "failed", "unknown", "cancelled"});
  expect_names<ClaimLevel>({"requested", "accepted", "fulfilled", "declined", "failed", "revoked"});
  expect_names<PostFate>({"opened", "attached", "not_wanted", "rejected"});
}

TEST(Commitment, IsOpenWhileItsOutcomeIsUnknownOrBeingUndone) {
  using enum CommitmentState;
  for (const auto state : {proposed, awaiting_approval, requested, attempting, in_progress, unknown, undoing}) {
    EXPECT_TRUE(is_open(state)) << to_string(state);
  }
  for (const auto state : {fulfilled, declined, failed, cancelled, revoked, undone}) {
    EXPECT_FALSE(is_open(state)) << to_string(state);
  }
}

TEST(Reply, IsUnsettledWhileItMayBePublishedOrMayHaveBeen) {
  using enum ReplyState;
  for (const auto state : {drafted, awaiting_review, approved, publishing, unknown}) EXPECT_TRUE(is_unsettled(state));
  for (const auto state : {published, failed, blocked, refused, corrected, waived, replaced}) EXPECT_FALSE(is_unsettled(state));
}

TEST(Code, GivesEachAnExitStatus) {
  struct Row {
    Code code;
    std::string_view name;
    int exit_status;
  };
  constexpr Row table[] = {
      {Code::invalid, "invalid", 2},         {Code::not_found, "not_found", 4}, {Code::conflict, "conflict", 4},
      {Code::unavailable, "unavailable", 5}, {Code::refused, "refused", 4},     {Code::corrupt, "corrupt", 6},
      {Code::internal, "internal", 7},
  };
  for (const auto& row : table) {
    EXPECT_EQ(to_string(row.code), row.name);
    EXPECT_EQ(exit_status(row.code), row.exit_status);
  }
}

}  // namespace
}  // namespace redress
