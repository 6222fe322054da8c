// Hostile texts and values: bounded in depth, steps and memory, and always told why.
#include "expression/language.hpp"
#include "redress/limits.hpp"

namespace redress::expression {
namespace {

std::string repeat(std::string_view part, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += part;
  return out;
}

constexpr std::string_view used_up = "error the expression takes more than 1000000 steps; make its lists smaller";

TEST(Bounds, RefuseDeepNestingOfEveryKind) {
  const std::size_t deep = 1500;
  for (const std::string& text :
       {repeat("(", deep) + "1" + repeat(")", deep), repeat("[", deep) + repeat("]", deep), repeat("!", deep) + "true",
        repeat("-", deep) + "x", repeat("a?1:", deep) + "2", "x" + repeat(".a", deep), "x" + repeat("[0]", deep),
        "1" + repeat(" + 1", deep), "1" + repeat(" == 1", deep), repeat("size(", deep) + "x" + repeat(")", deep),
        repeat("{1:", deep), "x" + repeat(".map(a, a)", deep), repeat("(", 16'000), repeat("- -", 5'000)}) {
    EXPECT_NE(outcome(text).find("nested deeper than 100; split the expression"), std::string::npos)
        << text.substr(0, 40) << ": " << outcome(text);
  }
}

TEST(Bounds, TakeLongFlatExpressions) {
  EXPECT_EQ(outcome("false" + repeat(" || false", 1'000) + " || true"), "bool true");
  EXPECT_EQ(outcome("size([0" + repeat(", 1", 5'000) + "])"), "int 5001");
  EXPECT_EQ(outcome("1" + repeat(" + 1", 32)), "int 33");
  EXPECT_EQ(outcome(repeat("(", 90) + "7" + repeat(")", 90)), "int 7");
}

TEST(Bounds, RefuseTextsThatAreTooLongOrNotUtf8) {
  EXPECT_EQ(outcome(std::string(limits::expression_bytes_max + 1, '1')),
            "column 1: an expression has at most 16384 bytes; split it");
  EXPECT_EQ(outcome("'\xC3'"), "column 1: the expression is not UTF-8");
  EXPECT_EQ(outcome("'\xED\xA0\x80'"), "column 1: the expression is not UTF-8");
  EXPECT_EQ(outcome(std::string_view("1\0+1", 4)), "column 2: a character that no expression has outside of strings");
  EXPECT_EQ(outcome(std::string(16'000, '9')), "column 1: the number " + std::string(40, '9') + " has more than 64 bits");
}

TEST(Bounds, StopNestedLoops) {
  const std::string items = "[0,1,2,3,4,5,6,7,8,9]";
  std::string text = "false || v11 > 100";
  for (int i = 0; i < 12; ++i) text = items + ".exists(v" + std::to_string(i) + ", " + text + ")";
  EXPECT_EQ(outcome(text), used_up);
  EXPECT_EQ(outcome(text + " || true"), used_up);
}

TEST(Bounds, StopValuesThatDouble) {
  EXPECT_EQ(outcome("['foo']" + repeat(".map(x, x + x)", 60)), used_up);
  EXPECT_EQ(outcome("[[1]]" + repeat(".map(x, x + x)", 60)), used_up);
  EXPECT_EQ(outcome("[0]" + repeat(".map(x, [x, x])", 60)), used_up);
  EXPECT_EQ(outcome("[0]" + repeat(".map(x, {'a': x, 'b': x})", 60)), used_up);
}

TEST(Bounds, StopLongSearches) {
  const std::string names = R"({"text": ")" + std::string(1'000'000, 'a') + R"(", "l": [1,2,3,4,5,6,7,8,9,10]})";
  EXPECT_EQ(outcome("text.matches('a{900}b{900}c{900}d')", names), used_up);
  EXPECT_EQ(outcome("l.all(x, l.all(y, l.all(z, text == text + '')))", names), used_up);
  EXPECT_EQ(outcome("text.contains(text)", names), "bool true");
}

TEST(Bounds, RefusePatternsThatAreTooLarge) {
  EXPECT_EQ(outcome("'a'.matches('((a{100}){100}){100}')").substr(0, 15), "error matches('");
  EXPECT_EQ(outcome("'a'.matches(p)", R"({"p": ")" + std::string(5000, 'a') + R"("})"),
            "error matches('" + std::string(80, 'a') + "...'): a pattern has at most 4096 bytes");
  const std::string many = "'a'.matches('a{900}b{900}c{900}')" + repeat(" || 'a'.matches('a{900}b{900}c{900}')", 300);
  EXPECT_NE(outcome(many).find("the patterns of one expression are too large together"), std::string::npos);
}

TEST(Bounds, HoldForMutilatedTexts) {
  const std::string whole =
      R"(has(case.a) && case.a['x'].matches(r'(?i)\d+') ? [1, 2u, 0x1F, 1.5e3].map(x, x > 1, "\u00e9" + '''t'''))"
      R"( : {'k': -1, "l": null}.l)";
  for (std::size_t i = 0; i <= whole.size(); ++i) {
    std::string broken = whole;
    (void)outcome(broken.substr(0, i), R"({"case": {}})");
    (void)outcome(broken.substr(i), R"({"case": {}})");
    for (const char c : {'(', '\'', '}', '.', '\\', '\0', '\xFF', '?'}) {
      broken = whole;
      if (i < broken.size()) broken[i] = c;
      (void)outcome(broken, R"({"case": {}})");
      Finding finding;
      (void)Template::parse("{{" + broken + "}}", finding);
    }
  }
}

}  // namespace
}  // namespace redress::expression
