// Evaluation: operators, errors and how logic absorbs them, macros, unset names.
#include "expression/language.hpp"

namespace redress::expression {
namespace {

TEST(Arithmetic, NeverConverts) {
  expect_rows({{"1 + 1u", "error 1 + 1u: '+' does not work on int and uint"},
               {"1 * 1.0", "error 1 * 1.0: '*' does not work on int and double"},
               {"'a' + 1", "error 'a' + 1: '+' does not work on string and int"},
               {"5.0 % 2.0", "error 5.0 % 2.0: '%' does not work on double and double"},
               {"-true", "error -true: '-' does not work on bool"},
               {"-(1u)", "error -1u: '-' does not work on uint"},
               {"null + null", "error null + null: '+' does not work on null_type and null_type"}});
}

TEST(Arithmetic, IsAnErrorWhereItOverflows) {
  expect_rows({{"9223372036854775807 + 1", "error 9223372036854775807 + 1: overflows int"},
               {"-9223372036854775808 - 1", "error -9223372036854775808 - 1: overflows int"},
               {"4611686018427387904 * 2", "error 4611686018427387904 * 2: overflows int"},
               {"-9223372036854775808 / -1", "error -9223372036854775808 / -1: overflows int"},
               {"-9223372036854775808 % -1", "error -9223372036854775808 % -1: overflows int"},
               {"-(-9223372036854775808)", "error -(-9223372036854775808): overflows int"},
               {"0u - 1u", "error 0u - 1u: overflows uint"},
               {"18446744073709551615u + 1u", "error 18446744073709551615u + 1u: overflows uint"},
               {"1 / 0", "error 1 / 0: division by zero"},
               {"1 % 0", "error 1 % 0: division by zero"},
               {"1u / 0u", "error 1u / 0u: division by zero"},
               {"1.0 / 0.0", R"(double "Infinity")"}});
}

TEST(Arithmetic, JoinsStringsListsAndTimes) {
  expect_rows({{"'a' + 'ñ'", "string \"añ\""},
               {"[1] + [2, 'x']", R"(list [1,2,"x"])"},
               {"7 / 2", "int 3"},
               {"-7 / 2", "int -3"},
               {"-7 % 2", "int -1"},
               {"1.5 + 1.0", "double 2.5"},
               {"7u % 4u", "uint 3"},
               {"timestamp('2026-01-01T00:00:00Z') + duration('24h')", R"(timestamp "2026-01-02T00:00:00Z")"},
               {"duration('1h') + timestamp('2026-01-01T00:00:00Z')", R"(timestamp "2026-01-01T01:00:00Z")"},
               {"timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('24h')", "bool true"},
               {"timestamp('2026-01-02T00:00:00Z') - duration('1s')", R"(timestamp "2026-01-01T23:59:59Z")"},
               {"duration('1h') - duration('90m')", R"(duration "-PT30M")"},
               {"timestamp('9999-12-31T23:59:59Z') + duration('1s')",
                "error timestamp('9999-12-31T23:59:59Z') + duration('1s'): outside the range of timestamps, years 1 to 9999"},
               {"duration('2000000h') + duration('2000000h')",
                "error duration('7200000000s') + duration('7200000000s'): outside the range of durations, 292 years"},
               {"duration('1s') - timestamp('2026-01-01T00:00:00Z')",
                "error duration('1s') - timestamp('2026-01-01T00:00:00Z'): '-' does not work on duration and timestamp"}});
}

TEST(Equality, IsFalseAcrossTypesSaveForNumbers) {
  expect_rows({{"1 == 1u", "bool true"},
               {"1 == 1.0", "bool true"},
               {"1u == 1.5", "bool false"},
               {"1 == '1'", "bool false"},
               {"null == 0", "bool false"},
               {"null == null", "bool true"},
               {"[1, 2] == [1.0, 2u]", "bool true"},
               {"[1] == [1, 2]", "bool false"},
               {"{'a': 1, 'b': 2} == {'b': 2, 'a': 1.0}", "bool true"},
               {"{'a': 1} == {'b': 1}", "bool false"},
               {"'a' != 'b'", "bool true"},
               {"9223372036854775807 == 9223372036854775808.0", "bool true"},
               {"double('NaN') == double('NaN')", "bool false"},
               {"double('NaN') != double('NaN')", "bool true"},
               {"true == 1", "bool false"},
               {"-1 == 18446744073709551615u", "bool false"}});
}

TEST(Order, ComparesNumbersAcrossTypes) {
  expect_rows({{"1 < 1.5", "bool true"},
               {"1u <= 1", "bool true"},
               {"-1 < 0u", "bool true"},
               {"9007199254740993 > 9007199254740992u", "bool true"},
               {"9007199254740993 > 9007199254740992.0", "bool false"},  // As a double it is the same number.
               {"9007199254740994 > 9007199254740992.0", "bool true"},
               {"18446744073709551615u < 18446744073709551616.0", "bool false"},
               {"-1.5 < -1", "bool true"},
               {"double('NaN') < 1.0", "bool false"},
               {"double('NaN') >= 1.0", "bool false"},
               {"'a' < 'á'", "bool true"},
               {"'Z' < 'a'", "bool true"},
               {"'abc' < 'abcd'", "bool true"},
               {"false < true", "bool true"},
               {"duration('1m') > duration('59s')", "bool true"},
               {"timestamp('2026-01-01T00:00:00Z') <= timestamp('2026-01-01T00:00:00Z')", "bool true"},
               {"1 < 'a'", "error 1 < 'a': '<' does not work on int and string"},
               {"[1] < [2]", "error [1] < [2]: '<' does not work on list and list"},
               {"null < null", "error null < null: '<' does not work on null_type and null_type"}});
}

TEST(Logic, AbsorbsErrorsOnBothSides) {
  expect_rows({{"1 / 0 > 0 || true", "bool true"},
               {"true || 1 / 0 > 0", "bool true"},
               {"1 / 0 > 0 && false", "bool false"},
               {"false && 1 / 0 > 0", "bool false"},
               {"'x' || true", "bool true"},
               {"nobody || true", "bool true"},
               {"1 / 0 > 0 || false", "error 1 / 0: division by zero"},
               {"true && 1 / 0 > 0", "error 1 / 0: division by zero"},
               {"1 / 0 > 0 || 2 / 0 > 0", "error 1 / 0: division by zero"},
               {"'x' && true", "error '&&' needs bool, not string 'x'"},
               {"1 || false", "error '||' needs bool, not int 1"},
               {"!'a'", "error '!' needs bool, not string 'a'"}});
}

TEST(Conditional, EvaluatesOneBranch) {
  expect_rows({{"true ? 1 : 1 / 0", "int 1"},
               {"false ? 1 / 0 : 2", "int 2"},
               {"1 ? 2 : 3", "error '?:' needs bool, not int 1"},
               {"1 / 0 > 0 ? 1 : 2", "error 1 / 0: division by zero"}});
}

TEST(Fields, AreReadByNameOrIndex) {
  const std::string names = R"({"a": {"b": {"c": 5}, "n": null}, "l": [10, 20], "s": "text"})";
  expect_rows({{"a.b.c", "int 5"},
               {"a['b'].c", "int 5"},
               {"l[1]", "int 20"},
               {"l[1u]", "int 20"},
               {"l[1.0]", "int 20"},
               {"{1: 'x'}[1u]", R"(string "x")"},
               {"a.n", "null_type null"},
               {"has(a.n)", "bool true"},
               {"has(a.b.c)", "bool true"},
               {"has(a.x)", "bool false"},
               {"has(a['b'])", "bool true"},
               {"'b' in a", "bool true"},
               {"20 in l", "bool true"},
               {"20.0 in l", "bool true"},
               {"3 in l", "bool false"},
               {"l[2]", "error [2]: no such index in a list of 2"},
               {"l[-1]", "error [-1]: no such index in a list of 2"},
               {"l['x']", "error ['x']: a list's index is an int, not string"},
               {"a['zz']", "error ['zz']: no such key in {'b': {'c': 5}, 'n': null}"},
               {"s.x", "error .x: string 'text' has no fields"},
               {"s[0]", "error [0]: string has no index"},
               {"1 in s", "error 1 in 'text': 'in' does not work on int and string"},
               {"{'a': 1}.b", "error .b: no such field in {'a': 1}"}},
              names);
}

TEST(Unset, IsAnErrorThatNamesThePathAndTheGuard) {
  const std::string names = R"({"case": {}})";
  expect_rows({{"case.account", "error case.account is unset; guard it with has(case.account)"},
               {"case.account == ''", "error case.account is unset; guard it with has(case.account)"},
               {"refund.evidence", "error refund is unset"},
               {"has(case.account) && case.account == 'x'", "bool false"},
               {"has(case.account) ? case.account : 'none'", R"(string "none")"},
               {"!has(case.account) || case.account == 'x'", "bool true"},
               {"has(case.account.number)", "error case.account is unset; guard it with has(case.account)"}},
              names);
}

TEST(Macros, GoOverLists) {
  expect_rows({{"[1, 2, 3].all(e, e > 0)", "bool true"},
               {"[1, 2, 3].all(e, e == 2)", "bool false"},
               {"[].all(e, e > 0)", "bool true"},
               {"[1, 2, 3].exists(e, e == 2)", "bool true"},
               {"[].exists(e, true)", "bool false"},
               {"[6, 7, 8].exists_one(x, x % 5 == 2)", "bool true"},
               {"[0, 1, 2, 3, 4].exists_one(n, n % 2 == 1)", "bool false"},
               {"[2, 4, 6].map(n, n / 2)", "list [1,2,3]"},
               {"[1, 2, 3, 4].map(n, n % 2 == 0, n * 10)", "list [20,40]"},
               {"[0, 1, 2, 3].filter(x, x % 2 == 1)", "list [1,3]"},
               {"[1, 2].map(x, [3, 4].map(y, x * y))", "list [[3,4],[6,8]]"},
               {"[1, 2].map(x, [x].map(x, x + 1))", "list [[2],[3]]"}});
}

TEST(Macros, GoOverTheKeysOfMaps) {
  expect_rows({{"{'key1': 1, 'key2': 2}.exists(k, k == 'key2')", "bool true"},
               {"{'a': 1, 'b': 2}.all(k, k == 'a')", "bool false"},
               {"{'a': 1, 'b': 2}.map(k, k + '!')", R"(list ["a!","b!"])"},
               {"{6: 'six', 7: 'seven'}.exists_one(k, k % 5 == 2)", "bool true"},
               {"{0: 1, 1: 2, 2: 3}.filter(k, k > 0)", "list [1,2]"}});
}

TEST(Macros, AbsorbErrorsAsLogicDoes) {
  expect_rows({{"[1, 2, 3].all(e, 6 / (2 - e) == 6)", "bool false"},
               {"[1, 2, 3].all(e, e / 0 != 17)", "error 1 / 0: division by zero"},
               {"[0, 1].exists(e, 1 / e == 1)", "bool true"},
               {"[1, 2].exists(e, e / 0 == 17)", "error 1 / 0: division by zero"},
               {"[3, 2, 1, 0].exists_one(n, 12 / n > 1)", "error 12 / 0: division by zero"},
               {"[3, 2, 1, 0].filter(n, 12 / n > 4)", "error 12 / 0: division by zero"},
               {"[2, 1, 0].map(n, 4 / n)", "error 4 / 0: division by zero"},
               {"[1].all(x, x)", "error 'all' needs bool, not int 1"},
               {"1.all(x, true)", "error all(): needs a list or a map, not int 1"},
               {"'abc'.all(x, true)", "error all(): needs a list or a map, not string 'abc'"}});
}

TEST(Lookup, IsAskedOnceForEachName) {
  int asked = 0;
  const Lookup lookup = [&asked](std::string_view) { return ++asked, std::optional(Value(2)); };
  EXPECT_TRUE(Expression::parse("a + a + [1, 2, 3].map(x, x * a)[0] == 6").value().evaluate(lookup).ok());
  EXPECT_EQ(asked, 1);
}

TEST(TypeNames, StandForTypesUnlessANameHidesThem) {
  expect_rows({{"type(1) == int", "bool true"},
               {"type('a') == string", "bool true"},
               {"type([]) == map", "bool false"},
               {"type(null) == null_type", "bool true"},
               {"type(now) == timestamp", "error now is unset"},
               {"type(int) == type && type(type) == type", "bool true"},
               {"[int, uint] == [type(1), type(1u)]", "bool true"},
               {"int in [string, int]", "bool true"},
               {"type(1) == 'int'", "bool false"},
               {"type(1) < type(2)", "error int < int: '<' does not work on type and type"},
               {"[{'protobuf': {'Timestamp': 5}}].exists(google, google.protobuf.Timestamp == 5)", "bool true"},
               {"google.protobuf.Timestamp", "int 7"}},
              R"({"google": {"protobuf": {"Timestamp": 7}}})");
  expect_rows({{"type(duration('1s')) == google.protobuf.Duration", "bool true"},
               {"google.protobuf.Timestamp", R"(type "google.protobuf.Timestamp")"},
               {"google.protobuf.Any", "error google is unset"}});
  EXPECT_EQ(outcome("list", R"({"list": 5})"), "int 5");
}

}  // namespace
}  // namespace redress::expression
