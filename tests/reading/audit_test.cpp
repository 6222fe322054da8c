// The audit as people read it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reading/hand_made.hpp"
#include "store/journal.hpp"

namespace redress::reading_tests {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::StartsWith;

TEST(Audit, CountsWhatTheStoresAuditCountsAndFindsNothingWhereAllIsWell) {
  HandMade made;
  made.add_timer("close", start_ms + minute);
  made.one.record("effect.answered", start_ms);
  const auto result = audit_store(*made.store);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->cases, store::audit(*made.store)->cases);
  EXPECT_EQ(result->journal_rows, 3);
  EXPECT_EQ(result->texts_erased, 0);
  EXPECT_THAT(result->faults, IsEmpty());
}

TEST(Audit, NamesTheCaseOfAFault) {
  HandMade made;  // Its case has no wake-up.
  const auto result = audit_store(*made.store);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_THAT(result->faults, Contains(StartsWith("C-000001: ")));
}

}  // namespace
}  // namespace redress::reading_tests
