// Files that mean harm: each is refused quickly, with a finding, and without a crash.
#include <gtest/gtest.h>

#include <algorithm>

#include "redress/limits.hpp"
#include "workflow/files.hpp"
#include "workflow/locate.hpp"

namespace redress::workflow {
namespace {

std::vector<Finding> findings_of(const std::string& text) { return read_workflow(text, "f", files::manifests()).findings; }

std::string with_guard(const std::string& guard) {
  std::string text = files::read(files::folder / "accept/small.json");
  const std::string before = "\"identify.declined\": { ";
  return text.insert(text.find(before) + before.size(), "\"guard\": \"" + guard + "\", ");
}

TEST(HostileFile, OfFiftyMegabytesIsRefusedUnread) {
  const auto found = findings_of(std::string(50'000'000, ' '));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "size");
}

TEST(HostileFile, NestedTooDeepIsRefusedWhereItGetsTooDeep) {
  const auto found = findings_of(std::string(1'000'000, '['));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "depth");
  EXPECT_EQ(found[0].column, limits::json_depth_max + 1);
}

TEST(HostileFile, CutAnywhereIsRefused) {
  const std::string whole = files::read(files::folder / "accept/small.json");
  for (std::size_t end = 0; end + 2 < whole.size(); ++end) EXPECT_FALSE(scan_json(whole.substr(0, end)).empty()) << end;
  EXPECT_TRUE(scan_json(whole).empty());
}

TEST(HostileFile, ThatIsNotUtf8IsRefusedAtItsFirstBadByte) {
  const auto found = findings_of("{\n \"id\": \"a\xFF\"}");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "utf8");
  EXPECT_EQ(found[0].line, 2);
  EXPECT_EQ(found[0].column, 10);
}

TEST(HostileFile, WithManyDuplicateKeysIsAnsweredWithABoundedList) {
  std::string text = "{";
  for (int i = 0; i < 10'000; ++i) text += "\"a\":1,";
  const auto found = findings_of(text + "\"b\":1}");
  EXPECT_GT(found.size(), 50U);
  EXPECT_LE(found.size(), 301U);
}

TEST(HostileFile, WithAnExpressionOfTenThousandTermsIsRefused) {
  std::string guard = "1";
  for (int i = 0; i < 10'000; ++i) guard += " + 1";
  const auto found = findings_of(with_guard(guard + " > 0"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "expression");
}

TEST(HostileFile, WithAKeyOfAMegabyteIsRefused) {
  const auto found = findings_of("{\"" + std::string(1'000'000, 'a') + "\": 1}");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "long_key");
}

TEST(HostileFile, WithTooManyStatesIsRefusedBeforeTheyAreRead) {
  std::string text = R"({"redress": 1, "states": {)";
  for (int i = 0; i < 20'000; ++i) text += (i == 0 ? "\"s" : ",\"s") + std::to_string(i) + "\":{}";
  const auto found = findings_of(text + "}}");
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const Finding& f) { return f.rule == "size"; }));
}

TEST(HostileFile, WithManyMistakesIsAnsweredWithTwoHundredAndACount) {
  std::string text = "{";
  for (int i = 0; i < 5'000; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  const auto found = findings_of(text + "\"redress\":1}");
  ASSERT_EQ(found.size(), 201U);
  EXPECT_EQ(found.back().rule, "too_many");
}

TEST(HostileFile, WithANumberThatFitsNowhereIsRefused) {
  const auto found = findings_of(R"({"redress": 1e999})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "syntax");
}

TEST(HostileFile, WithNulBytesAndBrokenEscapesIsRefused) {
  for (const std::string& text :
       {std::string("{\"a\": \0}", 8), std::string("\"\\ud800\""), std::string("\"\\u12\""), std::string("\"\\"),
        std::string("\"\\x\""), std::string("-"), std::string("01"), std::string("1."), std::string("tru")}) {
    EXPECT_EQ(findings_of(text).size(), 1U) << text;
  }
}

}  // namespace
}  // namespace redress::workflow
