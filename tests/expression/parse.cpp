// Parsing: literals, precedence, and what a text that does not parse is told.
#include "expression/language.hpp"

namespace redress::expression {
namespace {

TEST(Literal, ReadsEveryKindOfNumber) {
  expect_rows({{"0", "int 0"},
               {"42", "int 42"},
               {"-7", "int -7"},
               {"0x1F", "int 31"},
               {"-0xa", "int -10"},
               {"42u", "uint 42"},
               {"0xFFu", "uint 255"},
               {"18446744073709551615u", "uint 18446744073709551615"},
               {"9223372036854775807", "int 9223372036854775807"},
               {"-9223372036854775808", "int -9223372036854775808"},
               {"1.5", "double 1.5"},
               {".5", "double 0.5"},
               {"-1.5e3", "double -1500.0"},
               {"1e-2", "double 0.01"}});
}

TEST(Literal, RefusesNumbersThatDoNotFit) {
  expect_rows({{"9223372036854775808", "column 1: the int 9223372036854775808 has more than 64 bits"},
               {"-9223372036854775809", "column 2: the int -9223372036854775809 has more than 64 bits"},
               {"18446744073709551616u", "column 1: the number 18446744073709551616u has more than 64 bits"},
               {"1e999", "column 1: the number 1e999 is not a double"},
               {"0x", "column 1: '0x' needs hexadecimal digits, as in 0x1F"},
               {"12ab", "column 1: a number runs into a name; put a space between them"},
               {"1e", "column 1: an exponent needs digits, as in 1e9"}});
}

TEST(Literal, ReadsStringsWithEveryEscape) {
  expect_rows({{R"('a')", R"(string "a")"},
               {R"("a")", R"(string "a")"},
               {R"('"')", R"(string "\"")"},
               {R"('''it's''')", R"(string "it's")"},
               {"'''a\nb'''", R"(string "a\nb")"},
               {R"("""say "x" now""")", R"(string "say \"x\" now")"},
               {R"('\a\b\f\n\r\t\v' == '\x07\x08\x0c\x0a\x0d\x09\x0b')", "bool true"},
               {R"('\\\?\"\'\`')", R"(string "\\?\"'`")"},
               {R"('\x41\X42\u00e9\U0001F600\101')", "string \"ABé😀A\""},
               {R"('\377')", "string \"ÿ\""},
               {R"(r'\d+\n')", R"(string "\\d+\\n")"},
               {R"(R"\x")", R"(string "\\x")"},
               {R"(r'''\'x''')", R"(string "\\'x")"},
               {"'ñ€'", "string \"ñ€\""},
               {"size('ñ€😀')", "int 3"}});
}

TEST(Literal, RefusesBrokenStrings) {
  expect_rows(
      {{"'abc", "column 1: a string is not closed; end it with '"},
       {"'''abc''", "column 1: a string is not closed; end it with '''"},
       {"'a\nb'", "column 1: a string runs over the end of the line; write \\n, or three quotes around it"},
       {R"('\q')", R"(column 2: no such escape in a string; write \\ for a backslash, or r'...' for a raw string)"},
       {R"('\x4')", "column 2: this escape needs 2 hexadecimal digits"},
       {R"('\uD800')", "column 2: this escape is half a surrogate pair; write the whole code point, as in \\U0001F600"},
       {R"('\uD83D\u0041')", "column 2: this escape is half a surrogate pair; write the whole code point, as in \\U0001F600"},
       {R"('\uDE00')", "column 2: this escape is not a Unicode code point"},
       {R"('\U0000D800')", "column 2: this escape is not a Unicode code point"},
       {R"('\U00110000')", "column 2: this escape is not a Unicode code point"},
       {R"('\400')", R"(column 2: no such escape in a string; write \\ for a backslash, or r'...' for a raw string)"},
       {R"('\)", R"(column 2: no such escape in a string; write \\ for a backslash, or r'...' for a raw string)"},
       {"b'abc'", "column 1: bytes are not part of this language; write a string"},
       {"rb'abc'", "column 1: bytes are not part of this language; write a string"}});
}

TEST(Literal, ReadsListsMapsAndConstants) {
  expect_rows({{"true", "bool true"},
               {"false", "bool false"},
               {"null", "null_type null"},
               {"[]", "list []"},
               {"[1, 'a',]", R"(list [1,"a"])"},
               {"{}", "map {}"},
               {"{'a': 1, 'b': [2],}", R"(map {"a":1,"b":[2]})"},
               {"{1: 'x', true: 'y'}", R"(map {"1":"x","true":"y"})"},
               {"{'a': 1, 'a': 2}", "error {'a': ...}: this key is there twice"},
               {"{1.5: 1}", "error {1.5: ...}: a key is an int, uint, bool or string, not double"}});
}

TEST(Precedence, FollowsCel) {
  expect_rows({{"1 + 2 * 3", "int 7"},
               {"(1 + 2) * 3", "int 9"},
               {"10 - 4 - 3", "int 3"},
               {"24 / 4 / 2", "int 3"},
               {"7 % 4 * 2", "int 6"},
               {"-2 + 3", "int 1"},
               {"--2", "int 2"},
               {"!!true", "bool true"},
               {"!true || true", "bool true"},
               {"true || false && false", "bool true"},
               {"1 < 2 == true", "bool true"},
               {"1 + 1 == 2 && 2 in [2]", "bool true"},
               {"false ? 1 : true ? 2 : 3", "int 2"},
               {"true ? 1 : 2 + 5", "int 1"},
               {"-[1][0]", "int -1"},
               {"1 // a comment\n + 1", "int 2"}});
}

TEST(Names, MayStartWithADotAndFieldsMayBeReservedWords) {
  expect_rows({{".a", "int 1"}, {"b.for", "int 2"}, {"[5].map(a, .a)", "list [1]"}}, R"({"a": 1, "b": {"for": 2}})");
  EXPECT_EQ(outcome("for"), "column 1: 'for' is a reserved word; a name cannot be spelled so");
}

TEST(Parse, SaysWhereAndWhatItExpected) {
  expect_rows({{"", "column 1: the expression is empty"},
               {"  ", "column 1: the expression is empty"},
               {"1 +", "column 4: expected a value, but found the end"},
               {"1 2", "column 3: expected an operator or the end, but found '2'"},
               {"(1", "column 3: expected ')', but found the end"},
               {"a.", "column 3: expected a field's name after '.', but found the end"},
               {"f(1,)", "column 5: expected an argument after ',', but found ')'"},
               {"[1 2]", "column 4: expected ',' or ']', but found '2'"},
               {"{'a' 1}", "column 6: expected ':' after the key, but found '1'"},
               {"a ? b", "column 6: expected ':' and the value for false, but found the end"},
               {"a = 1", "column 3: '=' is not an operator; compare with '=='"},
               {"a & b", "column 3: '&' is not an operator; write '&&'"},
               {"a # b", "column 3: '#' is not part of this language"},
               {"a € b", "column 3: a character that no expression has outside of strings"},
               {"Case{x: 1}", "column 5: objects are not made in this language; write a map, as in {'key': value}"}});
}

TEST(Parse, RefusesMacrosOfTheWrongForm) {
  expect_rows(
      {{"has(a)", "column 1: has() takes one field, as in has(case.account)"},
       {"has(a.b, 1)", "column 1: has() takes one field, as in has(case.account)"},
       {"a.all(x)", "column 3: all() takes a variable and an expression, as in list.all(x, x > 0)"},
       {"a.filter(x, true, false)", "column 3: filter() takes a variable and an expression, as in list.filter(x, x > 0)"},
       {"a.map(1, x)", "column 7: the first argument of map() is a variable's name, as in list.map(x, x > 0)"}});
}

TEST(Reads, ListsThePathsOnceAndSorted) {
  const auto reads = [](std::string_view text) { return Expression::parse(text).value().reads(); };
  using Paths = std::vector<std::string>;
  EXPECT_EQ(reads("charge.evidence.currency == 'EUR' && case.priority == 'high' && case.priority != now"),
            (Paths{"case.priority", "charge.evidence.currency", "now"}));
  EXPECT_EQ(reads("has(a.b) ? a['c'].d : a[i].e"), (Paths{"a", "a.b", "a.c.d", "i"}));
  EXPECT_EQ(reads("case.items.all(i, i.price > limit && [1].exists(limit, limit > 0))"), (Paths{"case.items", "limit"}));
  EXPECT_EQ(reads("type(1) == int"), Paths{});
}

TEST(Logic, IsWhatAndOrAndNotJoin) {
  const auto made_of = [](std::string_view text) {
    const auto logic = Expression::parse(text).value().logic();
    std::vector<std::string> parts;
    for (const Expression& part : logic.parts) parts.push_back(part.text());
    return std::pair(logic.kind, parts);
  };
  using Kind = Expression::Logic::Kind;
  using Parts = std::vector<std::string>;
  EXPECT_EQ(made_of("a && b.c > 1 && (d || e)"), std::pair(Kind::all, Parts{"a", "b.c > 1", "(d || e)"}));
  EXPECT_EQ(made_of("a || (b && c)"), std::pair(Kind::any, Parts{"a", "(b && c)"}));
  EXPECT_EQ(made_of("(d || e)"), std::pair(Kind::any, Parts{"d", "e"}));
  EXPECT_EQ(made_of("!!a"), std::pair(Kind::no, Parts{"!a"}));
  EXPECT_EQ(made_of("a ? b && c : d"), std::pair(Kind::none, Parts{}));
}

}  // namespace
}  // namespace redress::expression
