// Instants and durations: tables of texts that are taken, and of texts that are refused.
#include "base/time.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace redress::base {
namespace {

struct InstantCase {
  const char* text;
  std::int64_t at_ms;
};

TEST(Instant, ReadsEveryFormOfRfc3339) {
  constexpr InstantCase table[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2017-10-08T23:04:15Z", 1'507'503'855'000},
      {"2017-10-08t23:04:15z", 1'507'503'855'000},
      {"2017-10-08T18:04:15-05:00", 1'507'503'855'000},
      {"2017-10-09T04:34:15+05:30", 1'507'503'855'000},
      {"2017-10-08T23:04:15-00:00", 1'507'503'855'000},
      {"2017-10-08T23:04:15.12Z", 1'507'503'855'120},
      {"2017-10-08T23:04:15.1209999Z", 1'507'503'855'120},
      {"2016-02-29T00:00:00Z", 1'456'704'000'000},
      {"2000-02-29T12:00:00Z", 951'825'600'000},
      {"1969-12-31T23:59:59.999Z", -1},
      {"0000-01-01T00:00:00Z", -62'167'219'200'000},
      {"9999-12-31T23:59:59.999Z", 253'402'300'799'999},
      {"2016-12-31T23:59:60Z", 1'483'228'800'000},
      {"2016-12-31T15:59:60.500-08:00", 1'483'228'800'500},
      {"2015-06-30T23:59:60Z", 1'435'708'800'000},
  };
  for (const auto& [text, at_ms] : table) EXPECT_EQ(parse_instant(text), at_ms) << text;
}

TEST(Instant, RefusesWhatBreaksRfc3339) {
  constexpr const char* table[] = {
      "",
      "2017",
      "2017-10-08",
      "23:04:15Z",
      "2017-10-08T23:04:15",
      "2017-10-08T23:04Z",
      "2017-10-08 23:04:15Z",
      "2017-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "2017-04-31T00:00:00Z",
      "2017-00-10T00:00:00Z",
      "2017-13-10T00:00:00Z",
      "2017-10-00T00:00:00Z",
      "2017-10-32T00:00:00Z",
      "2017-10-08T24:00:00Z",
      "2017-10-08T23:60:00Z",
      "2017-10-08T23:04:61Z",
      "2017-10-08T23:04:60Z",
      "2016-12-31T22:59:60Z",
      "2016-11-30T23:59:60Z",
      "2017-10-08T23:04:15.Z",
      "2017-10-08T23:04:15,5Z",
      "2017-10-08T23:04:15+5:00",
      "2017-10-08T23:04:15+0500",
      "2017-10-08T23:04:15+24:00",
      "2017-10-08T23:04:15+05:60",
      "2017-10-08T23:04:15ZZ",
      "2017-10-08T23:04:15Z ",
      " 2017-10-08T23:04:15Z",
      "17-10-08T23:04:15Z",
      "+2017-10-08T23:04:15Z",
      "2017-1-08T23:04:15Z",
      "2017-10-08T3:04:15Z",
      "-001-10-08T23:04:15Z",
      ("2017-10-08T23:04:15\xE2\x88\x92"
       "05:00"),
  };
  for (const char* text : table) EXPECT_EQ(parse_instant(text), std::nullopt) << text;
}

TEST(Instant, WritesMillisecondsOnlyWhereThereAreSome) {
  EXPECT_EQ(format_instant(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_instant(1'507'503'855'000), "2017-10-08T23:04:15Z");
  EXPECT_EQ(format_instant(1'507'503'855'120), "2017-10-08T23:04:15.120Z");
  EXPECT_EQ(format_instant(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Instant, ReadsBackWhatItWrote) {
  for (std::int64_t at_ms = -62'167'219'200'000; at_ms <= 253'402'300'799'999; at_ms += 86'400'000'007 * 13) {
    EXPECT_EQ(parse_instant(format_instant(at_ms)), at_ms);
  }
}

TEST(Instant, StopsAtTheYearsThatFourDigitsCanShow) {
  EXPECT_EQ(format_instant(std::numeric_limits<std::int64_t>::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_instant(std::numeric_limits<std::int64_t>::min()), "0000-01-01T00:00:00Z");
}

struct DurationCase {
  const char* text;
  std::int64_t ms;
};

TEST(Duration, ReadsWeeksDaysHoursMinutesAndSeconds) {
  constexpr DurationCase table[] = {
      {"PT0S", 0},
      {"P0D", 0},
      {"PT15M", 900'000},
      {"PT48H", 172'800'000},
      {"P1DT2H", 93'600'000},
      {"P2W", 1'209'600'000},
      {"PT0.5S", 500},
      {"PT1.025S", 1'025},
      {"PT1H1S", 3'601'000},
      {"P1DT1H1M1S", 90'061'000},
      {"PT36H", 129'600'000},
      {"P0001D", 86'400'000},
      {"P106751991167DT7H12M55.807S", std::numeric_limits<std::int64_t>::max()},
  };
  for (const auto& [text, ms] : table) EXPECT_EQ(parse_duration(text), ms) << text;
}

TEST(Duration, RefusesMonthsAndYearsBecauseTheyHaveNoFixedLength) {
  for (const char* text : {"P1M", "P1Y", "P1Y2M", "P1M1D", "P1YT1H"}) EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Duration, RefusesWhatBreaksIso8601) {
  constexpr const char* table[] = {
      "",       "P",      "PT",    "P1DT",    "1D",        "P1",     "PT1",     "P-1D",   "-P1D",
      "+P1D",   "P1W2D",  "P1D1W", "P1WT1H",  "PT1W",      "PT1D",   "P1H",     "P1S",    "PT1M1H",
      "PT1S1M", "PT1H1H", "PT.5S", "PT1.S",   "PT0.5M",    "PT0.5H", "P0.5D",   "PT1,5S", "PT0.0005S",
      "PT1S ",  " PT1S",  "pt1s",  "PT1HT1M", "P1DT1HT1M", "P 1D",   "PT1H-1M",
  };
  for (const char* text : table) EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Duration, RefusesWhatDoesNotFit64Bits) {
  constexpr const char* table[] = {"P106751991167DT7H12M55.808S", "P106751991168D", "P99999999999999999999999D",
                                   "PT9223372036854775808S"};
  for (const char* text : table) EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Duration, WritesEachPartThatIsNotZero) {
  constexpr DurationCase table[] = {
      {"PT0S", 0},
      {"PT15M", 900'000},
      {"P1DT2H", 93'600'000},
      {"P14D", 1'209'600'000},
      {"PT0.5S", 500},
      {"PT1.025S", 1'025},
      {"P2D", 172'800'000},
      {"PT1M0.001S", 60'001},
      {"-PT5S", -5'000},
      {"P106751991167DT7H12M55.807S", std::numeric_limits<std::int64_t>::max()},
      {"-P106751991167DT7H12M55.808S", std::numeric_limits<std::int64_t>::min()},
  };
  for (const auto& [text, ms] : table) EXPECT_EQ(format_duration(ms), text);
}

}  // namespace
}  // namespace redress::base
