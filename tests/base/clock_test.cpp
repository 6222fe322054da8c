// Time and chance as the engine is handed them.
#include "redress/clock.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <vector>

#include "base/text.hpp"

namespace redress {
namespace {

using Bytes = std::array<std::byte, 16>;

Bytes draw(RandomSource& source, std::uint64_t counter) {
  Bytes bytes{};
  source.fill(counter, bytes);
  return bytes;
}

TEST(SystemClock, TellsUnixMilliseconds) {
  const auto unix_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  };
  const std::int64_t before_ms = unix_ms();
  const std::int64_t now_ms = make_system_clock()->now_ms();
  EXPECT_LE(before_ms, now_ms);
  EXPECT_LE(now_ms, unix_ms());
}

TEST(VirtualClock, MovesOnlyWhenToldAndNeverBack) {
  const auto clock = make_virtual_clock(1'000);
  EXPECT_EQ(clock->now_ms(), 1'000);
  clock->advance_to(5'000);
  EXPECT_EQ(clock->now_ms(), 5'000);
  clock->advance_to(4'999);
  EXPECT_EQ(clock->now_ms(), 5'000);
}

TEST(SeededRandom, GivesTheSameBytesForTheSameSeedAndCounter) {
  const auto once = make_seeded_random(7);
  const auto again = make_seeded_random(7);
  const Bytes third = draw(*once, 3);
  EXPECT_NE(draw(*once, 4), third);
  EXPECT_EQ(draw(*once, 3), third);
  EXPECT_EQ(draw(*again, 3), third);
  EXPECT_NE(draw(*make_seeded_random(8), 3), third);
}

TEST(SeededRandom, IsTheHmacStreamThatItSaysItIs) {
  const std::string key("\0\0\0\0\0\0\0\x07", 8);
  const std::string counter("\0\0\0\0\0\0\0\x03", 8);
  const std::string stream = base::hmac_sha256_hex(key, counter + std::string(8, '\0')) +
                             base::hmac_sha256_hex(key, counter + std::string(7, '\0') + "\x01");
  std::vector<std::byte> bytes(50);
  make_seeded_random(7)->fill(3, bytes);
  EXPECT_EQ(base::hex(bytes), stream.substr(0, 100));
}

TEST(SystemRandom, GivesOtherBytesEachTime) {
  const auto source = make_system_random();
  EXPECT_NE(draw(*source, 1), draw(*source, 1));
}

}  // namespace
}  // namespace redress
