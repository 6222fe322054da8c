// Positions: of values, of keys, and of bytes within strings that have escapes.
#include <gtest/gtest.h>

#include "workflow/locate.hpp"

namespace redress::workflow {
namespace {

const std::string text = "{\n  \"a\": [1, {\"b/c\": \"x\"}],\n  \"~\": {\"d\": true}\n}";

std::string at(std::string_view pointer, Part part) {
  const Position p = position_at(text, locate(text, pointer, part));
  return std::to_string(p.line) + ":" + std::to_string(p.column);
}

TEST(Locate, FindsValuesAndKeys) {
  EXPECT_EQ(at("", Part::value), "1:1");
  EXPECT_EQ(at("/a", Part::key), "2:3");
  EXPECT_EQ(at("/a", Part::value), "2:8");
  EXPECT_EQ(at("/a/1", Part::value), "2:12");
  EXPECT_EQ(at("/~0/d", Part::value), "3:14");
}

TEST(Locate, ReadsEscapedPointers) { EXPECT_EQ(at("/a/1/b~1c", Part::value), "2:20"); }

TEST(Locate, AnswersTheNearestValueAroundWhatIsNotThere) { EXPECT_EQ(at("/a/1/nothing", Part::value), "2:12"); }

TEST(Locate, TakesTheLastOfDuplicateKeys) {
  const std::string twice = R"({"a":1,"a":2})";
  EXPECT_EQ(locate(twice, "/a", Part::value), 11U);
}

TEST(LocateInString, CountsAnEscapeAsTheBytesThatItStandsFor) {
  const std::string string = R"("a\n\u00e9\ud83d\ude00z")";  // a, line feed, 2 bytes, 4 bytes, z.
  EXPECT_EQ(locate_in_string(string, 0, 0), 1U);
  EXPECT_EQ(locate_in_string(string, 0, 1), 2U);
  EXPECT_EQ(locate_in_string(string, 0, 2), 4U);
  EXPECT_EQ(locate_in_string(string, 0, 3), 4U);
  EXPECT_EQ(locate_in_string(string, 0, 4), 10U);
  EXPECT_EQ(locate_in_string(string, 0, 8), 22U);
  EXPECT_EQ(locate_in_string(string, 0, 9), 23U);
}

TEST(CompactJson, LeavesStringsAlone) { EXPECT_EQ(compact_json("{ \"a \\\" b\" : [ 1 , 2 ] }"), "{\"a \\\" b\":[1,2]}"); }

}  // namespace
}  // namespace redress::workflow
