// explain(): the part that decides, with what it saw.
#include "expression/language.hpp"

namespace redress::expression {
namespace {

std::string why(std::string_view text, const std::string& names = "{}") {
  return Expression::parse(text).value().explain(names_of(names));
}

TEST(Explain, ShowsTheOperandsOfAComparison) {
  EXPECT_EQ(why("charge_check.evidence.overcharged_minor > 0", R"({"charge_check": {"evidence": {"overcharged_minor": 0}}})"),
            "charge_check.evidence.overcharged_minor > 0 is false (0 > 0)");
  EXPECT_EQ(why("case.priority == 'high'", R"({"case": {"priority": "high"}})"),
            "case.priority == 'high' is true ('high' == 'high')");
}

TEST(Explain, NamesTheFirstFalseConjunct) {
  const std::string names = R"({"a": 1, "b": 2, "c": 3})";
  EXPECT_EQ(why("a == 1 && b > 5 && c > 5", names), "b > 5 is false (2 > 5)");
  EXPECT_EQ(why("a == 1 && (b > 5 || c == 0)", names), "b > 5 is false (2 > 5), and c == 0 is false (3 == 0)");
  EXPECT_EQ(why("a == 1 && b == 2", names), "a == 1 is true (1 == 1), and b == 2 is true (2 == 2)");
}

TEST(Explain, NamesEveryFalsePartOfAnOrOrTheTrueOne) {
  const std::string names = R"({"post": {"author": {"verified": false, "followers": 12}}})";
  EXPECT_EQ(why("post.author.verified || post.author.followers > 10000", names),
            "post.author.verified is false, and post.author.followers > 10000 is false (12 > 10000)");
  EXPECT_EQ(why("post.author.verified || post.author.followers > 10", names), "post.author.followers > 10 is true (12 > 10)");
}

TEST(Explain, LooksIntoNotChoicesCallsAndMacros) {
  const std::string names = R"({"a": {"t": "charged twice"}, "l": [1, 2, 3]})";
  EXPECT_EQ(why("!has(a.b)", names), "has(a.b) is false");
  EXPECT_EQ(why("has(a.b) ? a.b > 1 : size(l) == 2", names), "has(a.b) is false, so size(l) == 2 is false (3 == 2)");
  EXPECT_EQ(why("a.t.contains('refund')", names), "a.t.contains('refund') is false ('charged twice'.contains('refund'))");
  EXPECT_EQ(why("l.all(x, x < 2)", names), "l.all(x, x < 2) is false (x = 2)");
  EXPECT_EQ(why("l.exists(x, x == 3)", names), "l.exists(x, x == 3) is true (x = 3)");
  EXPECT_EQ(why("l.exists(x, x > 3)", names), "l.exists(x, x > 3) is false (x goes over [1, 2, 3])");
}

TEST(Explain, TellsErrorsAndOtherValues) {
  EXPECT_EQ(why("case.x > 1", R"({"case": {}})"), "case.x > 1 fails: case.x is unset; guard it with has(case.x)");
  EXPECT_EQ(why("1 + 1"), "1 + 1 is 2");
  EXPECT_EQ(why("true"), "true is true");
}

}  // namespace
}  // namespace redress::expression
