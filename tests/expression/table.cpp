// language.jsonl, line by line: what each expression gives, as redress eval prints it.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json.hpp"
#include "expression/functions.hpp"
#include "redress/expression.hpp"

namespace redress::expression {
namespace {

std::vector<std::string> lines() {
  std::ifstream file(LANGUAGE_TABLE);
  std::vector<std::string> all;
  for (std::string line; std::getline(file, line);) all.push_back(line);
  return all;
}

void expect_line(const Json& line) {
  const std::string variables = line.contains("vars") ? line["vars"].dump() : "";
  const Result<Evaluation> evaluation = evaluate_expression(line["expr"].get<std::string>(), variables);
  ASSERT_TRUE(evaluation.ok()) << evaluation.error().message;
  const Json answer = Json::parse(evaluation->json);
  EXPECT_EQ(evaluation->failed, line.contains("error"));
  if (!line.contains("error")) {
    EXPECT_EQ(answer, (Json{{"type", line["type"]}, {"value", line["value"]}}));
    return;
  }
  ASSERT_TRUE(answer.contains("error")) << answer;
  EXPECT_NE(answer["error"].get<std::string>().find(line["error"].get<std::string>()), std::string::npos) << answer;
}

TEST(LanguageTable, HoldsLineByLine) {
  const std::vector<std::string> all = lines();
  ASSERT_GT(all.size(), 200u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Json line = Json::parse(all[i]);
    if (line.contains("about")) continue;
    SCOPED_TRACE("language.jsonl:" + std::to_string(i + 1) + ": " + all[i]);
    expect_line(line);
  }
}

TEST(LanguageTable, CallsEveryFunction) {
  std::string expressions;
  for (const std::string& text : lines()) expressions += Json::parse(text).value("expr", "") + '\n';
  for (const Overload& overload : overloads()) {
    EXPECT_NE(expressions.find(std::string(overload.name) + "("), std::string::npos) << overload.name;
  }
}

}  // namespace
}  // namespace redress::expression
