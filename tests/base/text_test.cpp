// Digests against published vectors; UTF-8 against RFC 3629.
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace redress::base {
namespace {

TEST(Digest, AgreesWithTheVectorsOfFips180) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, AgreesWithTheVectorsOfRfc4231) {
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(Digest, TakesAnEmptyKey) {
  EXPECT_EQ(hmac_sha256_hex({}, {}), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hex, WritesTwoLowerCaseDigitsForEachByte) {
  constexpr std::array bytes{std::byte{0x00}, std::byte{0x0F}, std::byte{0xA9}, std::byte{0xFF}};
  EXPECT_EQ(hex(bytes), "000fa9ff");
}

TEST(Utf8, TakesTheFirstAndLastOfEachLength) {
  for (const char* text : {"", "\x01\x7F", "\xC2\x80\xDF\xBF", "\xE0\xA0\x80\xEF\xBF\xBF", "\xED\x9F\xBF\xEE\x80\x80",
                           "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(Utf8, RefusesOverlongSurrogateCutAndForeignBytes) {
  for (const char* text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\xBF", "\xE0\xA0", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xEF\xBF ", "\xF0\x8F\xBF\xBF", "\xF0\x90\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Utf8, TellsWhereItStopsBeingWellFormed) {
  EXPECT_EQ(utf8_valid_bytes("a\xC3\xB1z"), 4U);
  EXPECT_EQ(utf8_valid_bytes("a\xC3\xB1\xFFz"), 3U);
}

TEST(Utf8, CountsCodePoints) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("a\xC3\xB1\xE2\x82\xAC\xF0\x9F\x98\x80"), 4U);
}

TEST(Utf8, CutsAtTheEndOfACodePoint) {
  constexpr std::string_view text = "a\xC3\xB1\xE2\x82\xAC";
  const std::size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6};
  for (std::size_t bytes_max = 0; bytes_max < 8; ++bytes_max) {
    EXPECT_EQ(utf8_prefix(text, bytes_max), text.substr(0, ends[bytes_max])) << bytes_max;
  }
}

TEST(FindSteering, NamesTheFirstCodePointThatNoNameMayHold) {
  const std::pair<std::string_view, std::string_view> cases[] = {{std::string_view("a\0b", 3), "U+0000"},
                                                                 {"a\tb", "U+0009"},
                                                                 {"\n", "U+000A"},
                                                                 {"a\x1b[31m", "U+001B"},
                                                                 {"a\x1f", "U+001F"},
                                                                 {"a\x7f", "U+007F"},
                                                                 {"a\u0085", "U+0085"},
                                                                 {"a\u009f", "U+009F"},
                                                                 {"a\u2028z", "U+2028"},
                                                                 {"\u2029", "U+2029"},
                                                                 {"\u202az", "U+202A"},
                                                                 {"a\u202e", "U+202E"},
                                                                 {"a\u2066", "U+2066"},
                                                                 {"\u2069", "U+2069"},
                                                                 {"\u202e\n", "U+202E"}};
  for (const auto& [text, wanted] : cases) EXPECT_EQ(find_steering(text), wanted) << wanted;
}

TEST(FindSteering, FindsNothingInNamesOfAnyLanguage) {
  for (const char* text : {"", "lucia_marin", "Lucía Marín", "a\u00a0b", "משה", "محمد", "李雷", "\u200e\u200fa",
                           "\u2027\u202f\u2065\u206a", "👩\u200d🔧", "\U0001F600"})
    EXPECT_EQ(find_steering(text), "") << text;
}

}  // namespace
}  // namespace redress::base
