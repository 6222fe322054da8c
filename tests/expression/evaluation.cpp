// evaluate_expression(): variables as JSON in, the value with its type out.
#include <gtest/gtest.h>

#include "redress/expression.hpp"
#include "redress/limits.hpp"

namespace redress {
namespace {

std::string evaluated(std::string_view text, std::string_view variables = {}, std::string_view language = "en") {
  const Result<Evaluation> evaluation = evaluate_expression(text, variables, language);
  return evaluation ? evaluation->json : "refused: " + evaluation.error().message;
}

TEST(Evaluation, ReadsVariablesByTheirJsonTypes) {
  const std::string_view variables = R"({"a": 5, "b": 5.0, "c": "x", "d": true, "e": null, "f": [1, 2.5], "g": {"h": "i"}})";
  EXPECT_EQ(evaluated("[type(a), type(b), type(c), type(d), type(e), type(f[0]), type(f[1]), type(g.h)]", variables),
            R"({"type":"list","value":["int","double","string","bool","null_type","int","double","string"]})");
}

TEST(Evaluation, TakesBackWhatItPrints) {
  for (const std::string_view text :
       {"-5", "5u", "1.5", "1.0 / 0.0", "'x'", "true", "null", "timestamp('2026-05-04T10:00:00.5Z')", "duration('1h')", "int",
        "google.protobuf.Timestamp", "['a', true]", "{'a': 'b'}", "{'type': 'a', 'value': 'b'}"}) {
    const std::string printed = evaluated(text);
    EXPECT_EQ(evaluated("x", R"({"x": )" + printed + "}"), printed) << text;
  }
}

TEST(Evaluation, RefusesVariablesThatItCannotRead) {
  EXPECT_EQ(evaluated("1", "{"), evaluated("2", "{"));
  EXPECT_EQ(evaluated("1", "{").substr(0, 24), "refused: the variables: ");
  EXPECT_EQ(evaluated("1", "[1]"), R"(refused: the variables are a JSON object of names to values, as in {"x": 5})");
  EXPECT_EQ(evaluated("1", R"({"x": 18446744073709551615})"),
            "refused: variable 'x': 18446744073709551615 is too large for int; write "
            R"({"type": "uint", "value": "18446744073709551615"})");
  EXPECT_EQ(evaluated("1", R"({"x": [{"type": "uint", "value": "-1"}]})"),
            R"(refused: variable 'x': the value "-1" is no 'uint'; write it as redress eval prints one)");
  EXPECT_EQ(evaluated("1", R"({"x": {"type": "visa", "value": 5}})"),
            R"(refused: variable 'x': there is no type 'visa'; a map with the members "type" and "value" is written )"
            R"({"type": "map", "value": {...}})");
}

TEST(Evaluation, RefusesVariablesBeyondTheBounds) {
  const std::string deep(limits::json_depth_max + 1, '['), close(limits::json_depth_max + 1, ']');
  EXPECT_EQ(evaluated("1", R"({"x": )" + deep + close + "}").substr(0, 24), "refused: the variables: ");
  EXPECT_EQ(evaluated("1", R"({"x": ")" + std::string(limits::document_bytes_max, 'a') + "\"}").substr(0, 24),
            "refused: the variables: ");
  EXPECT_EQ(evaluated("1", R"({"x": 1, "x": 2})").substr(0, 24), "refused: the variables: ");
}

TEST(Evaluation, TakesTheLongestNameWithDots) {
  const std::string_view variables = R"({"a.b.c": 1, "a.b": {"c": 2, "d": 3}, "a": {"b": {"c": 4}, "e": 5}})";
  EXPECT_EQ(evaluated("[a.b.c, a.b.d, a.e, [{'b': {'c': 6}}].map(a, a.b.c)[0]]", variables),
            R"({"type":"list","value":["1","3","5","6"]})");
}

TEST(Evaluation, SpeaksTheLanguageThatIsAsked) {
  EXPECT_EQ(evaluated("money(4500, 'EUR')", "", "es"), R"({"type":"string","value":"45,00 €"})");
}

TEST(Evaluation, SaysWhetherTheExpressionFailed) {
  EXPECT_FALSE(evaluate_expression("1 + 1").value().failed);
  EXPECT_TRUE(evaluate_expression("1 / 0").value().failed);
  EXPECT_EQ(evaluated("1 +"), R"({"error":"column 4: expected a value, but found the end"})");
}

}  // namespace
}  // namespace redress
