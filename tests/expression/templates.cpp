// Templates: one expression keeps its type, several parts make a text without holes.
#include "expression/language.hpp"

namespace redress::expression {
namespace {

Template parsed(std::string_view text) {
  Finding finding;
  auto result = Template::parse(text, finding);
  EXPECT_TRUE(result) << finding.message;
  return result ? *result : Template();
}

std::string rendered(std::string_view text, const std::string& names, const std::string& language = "en") {
  const auto result = parsed(text).render(names_of(names), {.language = language});
  return result ? *result : "error " + result.error().message;
}

std::string refusal(std::string_view text) {
  Finding finding;
  EXPECT_FALSE(Template::parse(text, finding)) << text;
  return std::to_string(finding.offset) + ": " + finding.message;
}

TEST(Template, KeepsTheTypeOfASingleExpression) {
  const Template single = parsed("{{ amount * 2 }}");
  EXPECT_TRUE(single.is_single_expression());
  EXPECT_EQ(type_name(single.evaluate(names_of(R"({"amount": 5})")).value()), "int");
  const Template text = parsed(" {{ amount }}");
  EXPECT_FALSE(text.is_single_expression());
  EXPECT_EQ(type_name(text.evaluate(names_of(R"({"amount": 5})")).value()), "string");
}

TEST(Template, KnowsConstants) {
  EXPECT_TRUE(parsed("plain } text }}").is_constant());
  EXPECT_TRUE(parsed("").is_constant());
  EXPECT_FALSE(parsed("{{ a }}").is_constant());
  EXPECT_EQ(rendered("plain } text }}", "{}"), "plain } text }}");
}

TEST(Template, RendersItsParts) {
  EXPECT_EQ(rendered("Hi {{ customer.handle }}, case {{case.n}}.", R"({"customer": {"handle": "@ana"}, "case": {"n": 7}})"),
            "Hi @ana, case 7.");
  EXPECT_EQ(rendered("{{ 1.5 }} {{ true }} {{ 2u }} {{ duration('90m') }}", "{}"), "1.5 true 2 1 h 30 min");
  EXPECT_EQ(rendered("At {{ timestamp(0) }}", "{}", "es"), "At 1 de enero de 1970, 00:00 UTC");
  EXPECT_EQ(rendered("Te devolvimos {{ money(4500, 'EUR') }}.", "{}", "es"), "Te devolvimos 45,00 €.");
}

TEST(Template, EndsAnExpressionOutsideStringsAndMaps) {
  EXPECT_EQ(rendered("<{{ '}}' }}>", "{}"), "<}}>");
  EXPECT_EQ(rendered("<{{ {'a': {'b': 1}}.a.b }}>", "{}"), "<1>");
  EXPECT_EQ(rendered("<{{{'a': 1}['a']}}>", "{}"), "<1>");
  EXPECT_EQ(rendered("{{ '{{' }} x", "{}"), "{{ x");
}

TEST(Template, RefusesWhatDoesNotParse) {
  EXPECT_EQ(refusal("Hi {{ name"), "3: '{{' is not closed; end the expression with '}}'");
  EXPECT_EQ(refusal("Hi {{ }}"), "6: the expression is empty");
  EXPECT_EQ(refusal("Hi {{}}"), "5: the expression is empty");
  EXPECT_EQ(refusal("Hi {{ 'a }}"), "6: a string is not closed; end it with '");
  EXPECT_EQ(refusal("Hi {{ a } b }}"), "8: a single '}' in an expression; end it with '}}'");
  EXPECT_EQ(refusal("Hi {{ a + }}"), "9: expected a value, but found the end");
  EXPECT_EQ(refusal("caf\xE9 {{ a }}"), "0: the text is not UTF-8");
}

TEST(Template, NeverPublishesAHole) {
  EXPECT_EQ(rendered("Hi {{ case.name }}.", R"({"case": {}})"),
            "error {{ case.name }}: case.name is unset; guard it with has(case.name)");
  EXPECT_EQ(rendered("Hi {{ nobody }}.", "{}"), "error {{ nobody }}: nobody is unset");
  EXPECT_EQ(rendered("Hi {{ a }}.", R"({"a": null})"), "error {{ a }}: null cannot stand in a text; guard it with has()");
  EXPECT_EQ(rendered("Hi {{ a }}.", R"({"a": ""})"), "error {{ a }}: is empty, and a text has no holes");
  EXPECT_EQ(rendered("{{ a }}", R"({"a": " \n"})"), "error {{ a }}: is empty, and a text has no holes");
  EXPECT_EQ(rendered("Hi {{ a }}.", R"({"a": [1]})"), "error {{ a }}: a list cannot stand in a text");
  EXPECT_EQ(rendered("Hi {{ a }}.", R"({"a": {"b": 1}})"), "error {{ a }}: a map cannot stand in a text");
}

TEST(Template, TakesALocalizedTextInItsLanguage) {
  const std::string names = R"({"why": {"en": "a double charge", "es": "un cargo doble"}})";
  EXPECT_EQ(rendered("Fue {{ why }}.", names, "es"), "Fue un cargo doble.");
  EXPECT_EQ(rendered("C'est {{ why }}.", names, "fr"), "error {{ why }}: no text in fr");
}

Scope scope() {
  Type name = simple(Kind::string);
  name.length_max = 30;
  Type localized = map_of(simple(Kind::string));
  localized.localized = true;
  localized.length_max = 100;
  Type secret = name;
  secret.private_ = true;
  return {{{"case",
            object_of("case", {{"name", {name, true}}, {"secret", {secret, false}}, {"free", {simple(Kind::string), false}}})},
           {"why", localized},
           {"items", list_of(simple(Kind::integer))},
           {"n", simple(Kind::integer)}}};
}

std::vector<std::string> findings(std::string_view text) {
  std::vector<Finding> found;
  (void)parsed(text).check(scope(), found);
  std::vector<std::string> lines;
  for (const Finding& finding : found) lines.push_back(std::to_string(finding.offset) + ": " + finding.message);
  return lines;
}

TEST(TemplateCheck, CountsOffsetsFromTheTemplatesStart) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(findings("Hi {{ case.name }} {{ cas.name }}"),
            (Lines{"11: may be unset: case.name; guard it, as in has(case.name) && ...",
                   "22: unknown name 'cas'; did you mean 'case'?"}));
  EXPECT_EQ(findings("Hi {{ items }}"),
            (Lines{"6: list(int) cannot stand in a text; write a string, a number, or a localized text"}));
  EXPECT_EQ(findings("Hi {{ why }} {{ n }}"), Lines{});
  EXPECT_EQ(findings("{{ items }}"), Lines{});
}

TEST(TemplateCheck, CarriesPrivateAndPublicText) {
  std::vector<Finding> ignored;
  EXPECT_TRUE(parsed("Your number {{ case.secret }}").check(scope(), ignored).private_);
  EXPECT_FALSE(parsed("Your number {{ n }}").check(scope(), ignored).private_);
  EXPECT_TRUE(parsed("Your number {{ n }}").check(scope(), ignored).public_text);
  EXPECT_FALSE(parsed("We say {{ case.free }}").check(scope(), ignored).public_text);
  EXPECT_EQ(describe(parsed("{{ n }}").check(scope(), ignored)), "int");
}

TEST(TemplateLength, IsTheSumOfItsPartsWhereEachHasOne) {
  EXPECT_EQ(parsed("añb").length_max(scope()), 3u);
  EXPECT_EQ(parsed("Hi {{ case.secret }}!").length_max(scope()), 34u);
  EXPECT_EQ(parsed("{{ n }}").length_max(scope()), 20u);
  EXPECT_EQ(parsed("{{ n > 1 }}").length_max(scope()), 5u);
  EXPECT_EQ(parsed("{{ why }}.").length_max(scope()), 101u);
  EXPECT_EQ(parsed("{{ case.free }}").length_max(scope()), std::nullopt);
  EXPECT_TRUE(parsed("{{ money(n, 'EUR') }}").length_max(scope()).has_value());
}

TEST(TemplateReads, JoinsThePartsOfAll) {
  EXPECT_EQ(parsed("{{ b.c }} {{ a }} {{ b.c }}").reads(), (std::vector<std::string>{"a", "b.c"}));
}

}  // namespace
}  // namespace redress::expression
