// Bad input is refused or bounded, with the reason and the place.
#include "proof/checking.hpp"

namespace redress::proof {
namespace {

struct Bad {
  const char* name;
  std::string text;
  const char* pointer;
  const char* reason;
};

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// With this as the reply `unable` in English.
std::string saying(const std::string& words) {
  return with(good(), "we looked at this with our team and cannot change it.", words);
}
std::string when(const std::string& condition) { return with(good(), "post.text.contains('charged')", condition); }

std::vector<Bad> all_bad() {
  const char* const unable = "/replies/unable/text/en";
  return {
      {"TenThousandTerms", when("1" + repeated("+1", 10'000) + " > 3"), "/intake/when", "at most 16384 bytes"},
      {"DeepTerms", when(repeated("(", 2'000) + "true" + repeated(")", 2'000)), "/intake/when", "deep"},
      {"ARegexThatGrows", when("post.text.matches('(b{1000}){1000}')"), "/intake/when", "invalid repetition size"},
      {"AZoneThatIsNotThere", saying("On {{ date(case.opened_at, 'Mars/Base') }}."), unable, "no such time zone 'Mars/Base'"},
      {"RightToLeftOverride", saying("We are \u202Esorry."), unable, "U+202E"},
      {"LettersThatLookAlike", saying("We cannot ch\u0430nge it."), unable, "mixes alphabets: U+0430"},
      {"HalfASurrogatePair", saying("We \\ud83d cannot."), unable, "half a surrogate pair"},
      {"ACycleOfRaise",
       with(good(), R"("*.overdue")",
            R"("customer.replied": { "actions": [ { "raise": "ping" } ] }, "ping": { "actions": [ { "raise": "pong" } ] },
    "pong": { "actions": [ { "raise": "ping" } ] }, "*.overdue")"),
       "/on/pong", "again and again in one reaction"},
      {"AThousandNestedStates",
       with(good(), R"("closed": { "type": "final" })",
            R"("closed": { "type": "final" }, )" + repeated(R"("n": { "states": { )", 1'000) + R"("n": {})" +
                repeated(" } }", 1'000)),
       "/states/n/states/n", "nested deeper than 64 levels"}};
}

class Hostile : public testing::TestWithParam<Bad> {};

TEST_P(Hostile, IsRefusedWithReasonAndPlace) {
  const auto found = findings_of(GetParam().text);
  ASSERT_EQ(found.size(), 1U) << workflow::files::printed(found);
  EXPECT_THAT(found.front().pointer, testing::StartsWith(GetParam().pointer));
  EXPECT_THAT(found.front().message, testing::HasSubstr(GetParam().reason));
  EXPECT_GT(found.front().line, 1);
  EXPECT_LT(found.front().message.size(), 400U);  // What was given is not repeated.
}
INSTANTIATE_TEST_SUITE_P(Input, Hostile, testing::ValuesIn(all_bad()),
                         [](const testing::TestParamInfo<Bad>& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace redress::proof
