// docs/statecharts.md shows what redress step answers.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "redress/stepper.hpp"

namespace redress {
namespace {

// What stands between the next fence of this kind and its end.
std::string block(const std::string& page, const std::string& kind) {
  const std::string fence = "```" + kind + "\n";
  const std::size_t begin = page.find(fence);
  EXPECT_NE(begin, std::string::npos) << kind;
  const std::size_t first = begin + fence.size();
  return page.substr(first, page.find("```", first) - first);
}

TEST(Docs, ShowWhatAChartDoes) {
  std::ifstream file("docs/statecharts.md");
  std::ostringstream text;
  text << file.rdbuf();
  auto stepper = Stepper::open(block(text.str(), "json"));
  ASSERT_TRUE(stepper) << stepper.error().message;
  std::string said = "$ redress step --workflow door.json --events events.jsonl\n";
  std::istringstream events(block(text.str(), "jsonl"));
  for (std::string line; std::getline(events, line);) {
    const auto answer = (*stepper)->step(line);
    ASSERT_TRUE(answer) << answer.error().message;
    said += *answer + "\n";
  }
  EXPECT_EQ(block(text.str(), "console"), said);
}

TEST(Step, TakesTheFirstInDocumentOrderOfTransitionsThatAllHold) {
  auto stepper =
      Stepper::open(R"({ "states": { "a": { "on": { "t": [ { "target": "b" }, { "target": "c" } ] } }, "b": {}, "c": {} } })");
  ASSERT_TRUE(stepper) << stepper.error().message;
  EXPECT_EQ(*(*stepper)->step(R"({"event": "t"})"), R"({"configuration":["b"],"raised":[]})");
}

}  // namespace
}  // namespace redress
