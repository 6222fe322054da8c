// Instants and durations of the command line and of scripts.
#include "cli/instants.hpp"

#include <gtest/gtest.h>

namespace redress::cli {
namespace {

TEST(Instant, GoesThereAndBack) {
  for (const char* text :
       {"2017-10-08T23:04:15Z", "1970-01-01T00:00:00Z", "2024-02-29T12:00:00.120Z", "1969-12-31T23:59:59Z"}) {
    const auto at_ms = parse_instant(text);
    ASSERT_TRUE(at_ms) << text;
    EXPECT_EQ(format_instant(*at_ms), text);
  }
}

TEST(Instant, TakesAnOffset) { EXPECT_EQ(parse_instant("2026-03-02T10:00:00+01:00"), parse_instant("2026-03-02T09:00:00Z")); }

TEST(Instant, RefusesWhatIsNone) {
  for (const char* text : {"", "2026-03-02", "2026-02-30T00:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T09:00:00",
                           "2026-03-02 09:00:00Z", "2026-03-02T09:00:00Zx", "2026-03-02T09:00:00.Z"})
    EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(Duration, ReadsWeeksDaysHoursMinutesAndSeconds) {
  EXPECT_EQ(parse_duration("PT0S"), 0);
  EXPECT_EQ(parse_duration("P1DT2H30M"), 95'400'000);
  EXPECT_EQ(parse_duration("P2W"), 1'209'600'000);
}

TEST(Duration, RefusesMonthsBecauseTheyHaveNoFixedLength) {
  for (const char* text : {"P1M", "P1Y", "P", "PT", "P1DT", "1D", "-P1D", "P1H", "PT1D", "PT1S1M", "P1", "P9999999999D"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

}  // namespace
}  // namespace redress::cli
