// The checker: every finding with its exact words, and the guards that make a read safe.
#include "expression/language.hpp"

namespace redress::expression {
namespace {

using Lines = std::vector<std::string>;

Scope scope() {
  Type account = simple(Kind::string);
  account.private_ = true;
  account.length_max = 20;
  const Type item = object_of("item", {{"name", {simple(Kind::string), false}}, {"price", {simple(Kind::integer), true}}});
  const Type evidence = object_of(
      "refund.evidence", {{"amount_minor", {simple(Kind::integer), false}}, {"receipt", {simple(Kind::string), true}}});
  return {{{"case", object_of("case", {{"account", {account, true}},
                                       {"priority", {simple(Kind::string), false}},
                                       {"opened_at", {simple(Kind::timestamp), false}},
                                       {"vip", {simple(Kind::boolean), false}},
                                       {"items", {list_of(item), false}},
                                       {"labels", {map_of(simple(Kind::string)), false}}})},
           {"refund", object_of("refund", {{"state", {simple(Kind::string), false}}, {"evidence", {evidence, true}}})},
           {"now", simple(Kind::timestamp)},
           {"n", simple(Kind::integer)},
           {"x", simple(Kind::number)},
           {"anything", simple(Kind::dyn)}}};
}

struct Case {
  std::string_view expression;
  Lines findings;
};

void expect_findings(const std::vector<Case>& cases) {
  for (const Case& one : cases) EXPECT_EQ(findings_of(one.expression, scope()), one.findings) << one.expression;
}

TEST(Check, TellsUnknownNamesWithTheNearOne) {
  expect_findings({{"cas.priority == 'high'", {"0: unknown name 'cas'; did you mean 'case'?"}},
                   {"1 + elsewhere", {"4: unknown name 'elsewhere'; known names: anything, case, n, now, refund, x"}},
                   {"[1].all(i, i > 0) && i > 0", {"21: unknown name 'i'; did you mean 'n'?"}}});
}

TEST(Check, TellsUnknownFieldsWithTheNearOne) {
  expect_findings(
      {{"case.prioritty == 'high'", {"5: case has no field 'prioritty'; did you mean 'priority'?"}},
       {"case['vpi']", {"4: case has no field 'vpi'; did you mean 'vip'?"}},
       {"refund.whatever", {"7: refund has no field 'whatever'; it has: evidence, state"}},
       {"has(case.acount)", {"9: case has no field 'acount'; did you mean 'account'?"}},
       {"n.field", {"2: int has no fields, so 'field' cannot be read from it"}},
       {"case[case.priority]", {"4: a field of case is read by its name, as in 'x.field', so that it can be checked"}}});
}

TEST(Check, TellsUnknownFunctionsWithTheNearOne) {
  expect_findings({{"sise('a') == 1", {"0: unknown function 'sise'; did you mean 'size'?"}},
                   {"case.priority.startWith('h')", {"14: unknown function 'startWith'; did you mean 'startsWith'?"}},
                   {"case.items.al(i, true)",
                    {"11: unknown function 'al'; did you mean 'all'?", "14: unknown name 'i'; did you mean 'n'?"}},
                   {"frobnicate()", {"0: unknown function 'frobnicate'"}}});
}

TEST(Check, TellsTypeClashes) {
  expect_findings({{"n + 1u", {"2: '+' does not work on int and uint; convert one, as in int(...)"}},
                   {"n + x", {"2: '+' does not work on int and double; convert one, as in int(...)"}},
                   {"case.priority + 1", {"14: '+' does not work on string and int; convert one, as in string(...)"}},
                   {"case.priority == 1", {"14: '==' does not work on string and int; convert one, as in string(...)"}},
                   {"now < n", {"4: '<' does not work on timestamp and int"}},
                   {"case.items < case.items", {"11: '<' does not work on list(item) and list(item)"}},
                   {"now - 'x'", {"4: '-' does not work on timestamp and string"}},
                   {"x % 2.0", {"2: '%' does not work on double and double"}},
                   {"-case.priority", {"0: '-' does not work on string"}},
                   {"'a' in [1]", {"4: 'in' does not work on string and list(int)"}},
                   {"n ? 1 : 2", {"0: '?:' needs bool, but this is int; compare it with something"}},
                   {"case.vip ? 1 : 'a'", {"9: the branches of '?:' are int and string; give both one type"}},
                   {"case.vip && case.priority", {"12: '&&' needs bool, but this is string; compare it with something"}},
                   {"!n", {"1: '!' needs bool, but this is int; compare it with something"}},
                   {"case.items.all(i, i.name)", {"18: 'all' needs bool, but this is string; compare it with something"}},
                   {"n.all(i, true)", {"2: all() goes over a list or a map, not int"}},
                   {"case.items['a']", {"10: a list's index is an int, not string"}},
                   {"case.labels[1]", {"11: the key of map(string, string) is a string, not int"}},
                   {"n[0]", {"1: int has no index; only lists and maps have one"}},
                   {"case.vip == null", {"9: bool is never null; ask has(case.vip) whether it is set"}},
                   {"null != n", {"5: int is never null"}},
                   {"{1.5: 2}", {"1: a map's key is a string, int, uint or bool, not double"}}});
}

TEST(Check, TellsCallsThatNoOverloadTakes) {
  expect_findings(
      {{"size(n)",
        {"0: there is no size(int); there is size(string), size(list), size(map), string.size(), list.size(), map.size()"}},
       {"case.priority.contains(1)", {"14: there is no string.contains(int); there is string.contains(string)"}},
       {"money(x, 'EUR')", {"0: there is no money(double, string); there is money(int, string)"}}});
}

TEST(Check, TriesWhatIsLiteral) {
  expect_findings(
      {{"case.priority.matches('a(')", {"22: bad regular expression 'a(': missing ): a("}},
       {"matches(case.priority, '[')", {"23: bad regular expression '[': missing ]: ["}},
       {"money(n, 'EURO')", {"9: no such currency 'EURO'; write its ISO 4217 code, as 'EUR'"}},
       {"time(now, 'Madrid')", {"10: no such time zone 'Madrid'; write 'Europe/Madrid', '+02:00' or 'UTC'"}},
       {"now.getHours('Europe/Madrid') > 8", {}},
       {"now.getHours('Nowhere') > 8", {"13: no such time zone 'Nowhere'; write 'Europe/Madrid', '+02:00' or 'UTC'"}},
       {"now + duration('1 day') > now", {"15: duration('1 day'): not a duration; write it as '90m', '1h30m' or 'PT90M'"}},
       {"timestamp('x') < now", {"10: timestamp('x'): not an RFC 3339 time; write it as '2026-05-04T10:00:00Z'"}}});
}

TEST(Check, TellsAllFindingsInTextOrder) {
  expect_findings(
      {{"cas.x == 1 && n == 'a' && sise(n) > 0",
        {"0: unknown name 'cas'; did you mean 'case'?", "16: '==' does not work on int and string; convert one, as in int(...)",
         "26: unknown function 'sise'; did you mean 'size'?"}}});
}

TEST(MayBeUnset, IsFoundWhereNoGuardCameBefore) {
  const std::string finding = "may be unset: case.account; guard it, as in has(case.account) && ...";
  expect_findings(
      {{"case.account == 'a'", {"5: " + finding}},
       {"case['account'] == 'a'", {"4: " + finding}},
       {"case.account == 'a' && has(case.account)", {"5: " + finding}},
       {"has(case.account) || case.account == 'a'", {"26: " + finding}},
       {"!has(case.account) && case.account == 'a'", {"27: " + finding}},
       {"has(case.account) ? 'x' : case.account", {"31: " + finding}},
       {"(has(case.account) && true) == true && case.account == 'a'", {"44: " + finding}},
       {"(has(case.account) || case.vip) && case.account == 'a'", {"40: " + finding}},
       {"(has(case.account) && case.vip) || case.account == 'a'", {"40: " + finding}},
       {"refund.evidence.receipt == 'r'",
        {"7: may be unset: refund.evidence; guard it, as in has(refund.evidence) && ...",
         "16: may be unset: refund.evidence.receipt; guard it, as in has(refund.evidence.receipt) && ..."}},
       {"has(refund.evidence.receipt)", {"11: may be unset: refund.evidence; guard it, as in has(refund.evidence) && ..."}},
       {"case.labels.color == 'red'", {"12: may be unset: case.labels.color; guard it, as in has(case.labels.color) && ..."}},
       {"case.items.map(i, i.price)", {"20: may be unset: i.price; guard it, as in has(i.price) && ..."}},
       {"case.items[0].price > 1",
        {"14: may be unset: .price; guard it with has(), in a macro whose variable names the object"}}});
}

TEST(MayBeUnset, IsNotFoundBehindAGuard) {
  const std::vector<std::string_view> guarded{
      "has(case.account) && case.account == 'a'",
      "has(case.account) && case.vip && case.account == 'a'",
      "has(case['account']) && case.account == 'a'",
      "has(case.account) ? case.account : 'none'",
      "!has(case.account) ? 'none' : case.account",
      "!has(case.account) || case.account == 'a'",
      "case.vip && (has(case.account) && case.account == 'a')",
      "(has(case.account) && case.vip) && case.account == 'a'",
      "!(has(case.account) && case.vip) || case.account == 'a'",
      "!(!has(case.account) || case.vip) && case.account == 'a'",
      "(has(case.account) || has(case.account)) && case.account == 'a'",
      "has(refund.evidence) && has(refund.evidence.receipt) && refund.evidence.receipt == 'r'",
      "has(case.account) && case.items.all(i, i.name == case.account)",
      "case.items.filter(i, has(i.price) && i.price > 0).size() > 0",
      "case.items.map(i, has(i.price), i.price).size() > 0",
      "'color' in case.labels && case.labels.color == 'red'",
      "has(case.labels.color) && case.labels['color'] == 'red'",
      "has(refund.evidence) && refund.evidence.amount_minor > 0",
      "anything.a.b.c == 1"};
  for (const auto expression : guarded) EXPECT_EQ(findings_of(expression, scope()), Lines{}) << expression;
}

TEST(MayBeUnset, IsNotFooledByAMacrosVariableOfTheSameName) {
  EXPECT_EQ(findings_of("has(case.account) && [refund].exists(case, case.evidence.receipt == 'r')", scope()),
            (Lines{"48: may be unset: case.evidence; guard it, as in has(case.evidence) && ...",
                   "57: may be unset: case.evidence.receipt; guard it, as in has(case.evidence.receipt) && ..."}));
}

TEST(CheckedType, IsWhatEvaluationGives) {
  const std::vector<std::pair<std::string_view, std::string>> rows{{"1 + 2", "int"},
                                                                   {"1u", "uint"},
                                                                   {"1.5 * x", "double"},
                                                                   {"'a' + 'b'", "string"},
                                                                   {"n > 1 && true", "bool"},
                                                                   {"null", "null_type"},
                                                                   {"[1, 2]", "list(int)"},
                                                                   {"[1, 'a']", "list(dyn)"},
                                                                   {"[]", "list(dyn)"},
                                                                   {"{'a': 1}", "map(string, int)"},
                                                                   {"{1: 2}", "dyn"},
                                                                   {"now - now", "duration"},
                                                                   {"now + duration('1h')", "timestamp"},
                                                                   {"case.items", "list(item)"},
                                                                   {"case.items[0]", "item"},
                                                                   {"case.items.map(i, i.name)", "list(string)"},
                                                                   {"case.items.filter(i, i.name == '')", "list(item)"},
                                                                   {"case.labels.map(k, size(k))", "list(int)"},
                                                                   {"has(case.account)", "bool"},
                                                                   {"case.vip ? n : 2", "int"},
                                                                   {"case.vip ? anything : 2", "dyn"},
                                                                   {"anything + 1", "int"},
                                                                   {"anything + anything", "dyn"},
                                                                   {"int(anything)", "int"},
                                                                   {"anything.getHours()", "int"},
                                                                   {"money(1, 'EUR')", "string"},
                                                                   {"[1] + [2]", "list(int)"},
                                                                   {"dyn(1)", "dyn"}};
  for (const auto& [expression, type] : rows) EXPECT_EQ(describe(type_of(expression, scope())), type) << expression;
}

TEST(CheckedType, KeepsPrivateThroughReadsJoinsChoicesAndConversions) {
  for (const std::string_view text :
       {"case.account", "'No. ' + case.account", "case.vip ? case.account : ''", "string(case.account)", "[case.account]",
        "[case.account].map(a, a)", "dyn(case.account)"}) {
    const Type type = type_of(text, scope());
    EXPECT_TRUE(type.private_ || (type.element && type.element->private_)) << text;
  }
  for (const std::string_view text : {"case.priority", "case.account == 'x'", "size(case.account)"})
    EXPECT_FALSE(type_of(text, scope()).private_) << text;
}

TEST(CheckedType, KnowsTheLengthOfTexts) {
  EXPECT_EQ(type_of("'añb'").length_max, 3u);
  EXPECT_EQ(type_of("case.account", scope()).length_max, 20u);
  EXPECT_EQ(type_of("'No. ' + case.account", scope()).length_max, 24u);
  EXPECT_EQ(type_of("case.vip ? 'yes' : 'no'", scope()).length_max, 3u);
  EXPECT_EQ(type_of("case.priority", scope()).length_max, std::nullopt);
  EXPECT_TRUE(type_of("case.vip ? 'yes' : 'no'", scope()).public_text);
  EXPECT_FALSE(type_of("case.vip ? 'yes' : case.priority", scope()).public_text);
}

}  // namespace
}  // namespace redress::expression
