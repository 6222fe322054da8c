// Lines of a file, in bounded memory.
#include "cli/lines.hpp"

#include <gtest/gtest.h>

#include "cli/program.hpp"

namespace redress::cli {
namespace {

std::vector<Line> lines_of(const std::string& text) {
  const test::Workspace w;
  w.write("lines", text);
  const StopSignal stop;
  auto reader = LineReader::open(w.path("lines"), stop);
  EXPECT_TRUE(reader.ok());
  std::vector<Line> lines;
  for (Line line;;) {
    const auto got = reader->next(line, -1);
    if (!got.ok() || *got != LineReader::Got::line) return lines;
    lines.push_back(line);
  }
}

TEST(LineReader, CountsBlankLinesAndPassesOverThem) {
  const auto lines = lines_of("a\n\n  \nb\r\nc");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].text, "a");
  EXPECT_EQ(lines[1].text, "b");
  EXPECT_EQ(lines[1].number, 4);
  EXPECT_EQ(lines[2].text, "c");
  EXPECT_EQ(lines[2].number, 5);
}

TEST(LineReader, GivesNothingOfAnEmptyFile) { EXPECT_TRUE(lines_of("").empty()); }

TEST(LineReader, KeepsOnlyTheBeginningOfALineThatIsTooLong) {
  const auto lines = lines_of(std::string(3 * line_bytes_max, 'x') + "\nnext\n");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].text.size(), line_bytes_max);
  EXPECT_EQ(lines[1].text, "next");
  EXPECT_EQ(lines[1].number, 2);
}

TEST(LineReader, CrossesItsBlocksWithoutLosingALine) {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += "line " + std::to_string(i) + "\n";
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 30'000U);
  EXPECT_EQ(lines[29'999].text, "line 29999");
}

TEST(LineReader, NamesAFileThatIsNotThere) {
  const StopSignal stop;
  const auto reader = LineReader::open("/nowhere/posts.jsonl", stop);
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().code, Code::invalid);
  EXPECT_NE(reader.error().message.find("/nowhere/posts.jsonl"), std::string::npos);
}

}  // namespace
}  // namespace redress::cli
