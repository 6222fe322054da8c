// JSON from outside: what is taken as it is, and what is refused, with the place and the mend.
#include "base/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "redress/limits.hpp"

namespace redress::base {
namespace {

constexpr std::size_t bytes_max = 1024 * 1024;

std::string nested(int depth) {
  const auto count = static_cast<std::size_t>(depth);
  return std::string(count, '[') + std::string(count, ']');
}

std::string message_of(std::string_view text) {
  const auto parsed = parse_json(text, bytes_max);
  if (parsed) return "taken";
  EXPECT_EQ(parsed.error().code, Code::invalid);
  EXPECT_EQ(parsed.error().message.find('\n'), std::string::npos);
  return parsed.error().message;
}

TEST(Json, KeepsTheOrderOfKeysAndWritesOneLine) {
  constexpr std::string_view text = " { \"z\" : [ 1 , -2 , 2.5 , true , null , \"\\u00f1\\u0000\" ] ,\n \"a\" : { } } ";
  const auto parsed = parse_json(text, bytes_max);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(dump_json(*parsed), "{\"z\":[1,-2,2.5,true,null,\"\xC3\xB1\\u0000\"],\"a\":{}}");
}

TEST(Json, TakesScalarsAndEmptyContainersAtTheTop) {
  for (const char* text : {"0", "\"\"", "null", "true", "[]", "{}", "-0.0", "9223372036854775807", "18446744073709551615"}) {
    const auto parsed = parse_json(text, bytes_max);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(dump_json(*parsed), text);
  }
}

TEST(Json, CountsItsBytesBeforeItReadsThem) {
  EXPECT_TRUE(parse_json("[1]", 3));
  const auto refused = parse_json("[1] ", 3);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid);
  EXPECT_EQ(refused.error().message, "JSON of 4 bytes; at most 3 are taken");
}

TEST(Json, StopsAtTheDeepestNestingThatIsAllowed) {
  EXPECT_EQ(message_of(nested(limits::json_depth_max)), "taken");
  EXPECT_EQ(message_of(nested(limits::json_depth_max + 1)),
            "JSON at line 1, column 65: nested deeper than 64 levels; flatten it");
}

TEST(Json, SurvivesHostileDepth) {
  EXPECT_NE(message_of(std::string(bytes_max, '[')), "taken");
  std::string objects;
  while (objects.size() < bytes_max - 5) objects += "{\"a\":";
  EXPECT_NE(message_of(objects), "taken");
}

TEST(Json, RefusesADuplicateKeyAndPointsAtIt) {
  EXPECT_EQ(message_of("{\"a\":1,\"a\":2}"), "JSON at line 1, column 8: the key /a is there twice; remove one of the two");
  EXPECT_EQ(message_of("{\"list\":[0,{\"b\":1,\n   \"b\":1}]}"),
            "JSON at line 2, column 4: the key /list/1/b is there twice; remove one of the two");
  EXPECT_EQ(message_of("{\"x/y~\":{\"\":1,\"\":1}}"),
            "JSON at line 1, column 15: the key /x~1y~0/ is there twice; remove one of the two");
}

TEST(Json, SeesADuplicateKeyBehindAnEscape) {
  EXPECT_EQ(message_of("{\"a\":1,\"\\u0061\":2}"),
            "JSON at line 1, column 8: the key /a is there twice; remove one of the two");
  EXPECT_EQ(message_of("{\"\\\"\\\\\":1, \"\\\"\\\\\":2}"),
            "JSON at line 1, column 12: the key /\"\\ is there twice; remove one of the two");
}

TEST(Json, TakesTheSameKeyInOtherObjects) { EXPECT_EQ(message_of("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}"), "taken"); }

TEST(Json, FindsADuplicateAmongVeryManyKeysInTime) {
  std::string text = "{";
  for (int i = 0; i < 80'000; ++i) text += "\"" + std::to_string(i) + "\":0,";
  EXPECT_NE(message_of(text + "\"17\":0}").find("the key /17 is there twice"), std::string::npos);
  EXPECT_EQ(message_of(text + "\"x\":0}"), "taken");
}

TEST(Json, CountsColumnsInCodePoints) {
  EXPECT_EQ(message_of("{\"\xC3\xB1\xE2\x82\xAC\":1,\"a\":1,\"a\":2}"),
            "JSON at line 1, column 15: the key /a is there twice; remove one of the two");
}

TEST(Json, RefusesBytesThatAreNotUtf8) {
  EXPECT_EQ(message_of("{\"a\":\n\"\xFF\"}"), "JSON at line 2, column 2: a byte that is not UTF-8; save the text as UTF-8");
}

TEST(Json, RefusesALoneSurrogate) { EXPECT_NE(message_of("\"\\ud800\""), "taken"); }

TEST(Json, RefusesAnythingAfterTheValue) {
  EXPECT_EQ(message_of("{} {}").substr(0, 26), "JSON at line 1, column 4: ");
  EXPECT_EQ(message_of("1\n2").substr(0, 26), "JSON at line 2, column 1: ");
  EXPECT_EQ(message_of(std::string("{}\0x", 4)),
            "JSON at line 1, column 3: a byte 0; remove it, or write it as \\u0000 in a string");
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"",   " ",  "{",   "[",        "[1,]",     "{\"a\":1,}", "{a:1}",   "'a'",   "nul",       "01", "1.",
                           ".5", "+1", "NaN", "Infinity", "\"a\nb\"", "\"\\x\"",    "// c\n1", "1e999", "{\"a\" 1}", "]"}) {
    const std::string message = message_of(text);
    EXPECT_EQ(message.substr(0, 13), "JSON at line ") << text << ": " << message;
    EXPECT_LE(message.size(), 256U);
  }
}

TEST(Json, SaysWhereTheTextEndsTooEarly) { EXPECT_EQ(message_of("{\"a\":\n").substr(0, 26), "JSON at line 2, column 1: "); }

TEST(Json, PrintsTextThatIsNotUtf8InsteadOfThrowing) { EXPECT_EQ(dump_json(Json("a\xFF")), "\"a\xEF\xBF\xBD\""); }

TEST(CanonicalJson, GivesEqualValuesEqualBytes) {
  const Json one = {{"b", 1}, {"a", {{"d", 2.0}, {"c", Json::array({-3.0, 1e300, -0.0, 0.5})}}}};
  const Json other = {{"a", {{"c", Json::array({-3, 1e300, 0, 0.5})}, {"d", 2U}}}, {"b", 1.0}};
  EXPECT_EQ(canonical_json(one), "{\"a\":{\"c\":[-3,1e+300,0,0.5],\"d\":2},\"b\":1}");
  EXPECT_EQ(canonical_json(other), canonical_json(one));
}

TEST(CanonicalJson, SortsKeysByTheirBytes) {
  const Json json = {{"\xC3\xB1", 1}, {"z", 2}, {"Z", 3}, {"", 4}};
  EXPECT_EQ(canonical_json(json), "{\"\":4,\"Z\":3,\"z\":2,\"\xC3\xB1\":1}");
}

TEST(CanonicalJson, WritesEmptyContainersAndScalars) {
  for (const char* text : {"{}", "[]", "null", "\"a\\\"b\"", "18446744073709551615", "-9223372036854775808"}) {
    EXPECT_EQ(canonical_json(*parse_json(text, bytes_max)), text);
  }
}

}  // namespace
}  // namespace redress::base
