// A script of people is read strictly, and before anything is done.
#include "cli/people_script.hpp"

#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace redress::cli {
namespace {

using testing::HasSubstr;

// What is wrong with a script; empty: nothing.
std::string fault_of(const std::string& text) {
  const test::Workspace w;
  w.write("people.jsonl", text);
  const auto script = PeopleScript::read(w.path("people.jsonl"));
  return script.ok() ? "" : script.error().message;
}

TEST(PeopleScript, TakesEveryAct) {
  EXPECT_EQ(fault_of(R"({"person": "ana", "roles": ["community"]}
{"after": "PT1H", "as": "ana", "act": "approve", "post": "x/1", "commitment": "refund", "approve": true}
{"as": "ana", "act": "review", "post": "x/1", "reply": "refunded", "approve": false}
{"after": "P1D", "as": "ana", "act": "decide", "post": "x/1", "commitment": "refund", "outcome": "declined", "reason": "no"}
{"after": "P1D", "as": "ana", "act": "settle", "post": "x/1", "reply": "refunded", "again": true}
{"after": "P1D", "as": "ana", "act": "settle", "post": "x/1", "reply": "refunded", "waive": "told by phone"}
{"after": "P1D", "as": "ana", "act": "event", "post": "x/1", "event": "manual.identified", "form": {"account": "A-1"}}
{"after": "P1D", "as": "ana", "act": "retry", "post": "x/1"}
{"after": "P1D", "as": "ana", "act": "skip", "post": "x/1"}
)"),
            "");
}

TEST(PeopleScript, NamesTheLineAndTheRule) {
  EXPECT_THAT(fault_of("\n{\"act\": \"skip\", \"post\": \"x/1\"}\n"), HasSubstr("people.jsonl:2: \"as\""));
  EXPECT_THAT(fault_of(R"({"as": "ana", "act": "sing", "post": "x/1"})"), HasSubstr("\"act\""));
  EXPECT_THAT(fault_of(R"({"as": "ana", "act": "skip", "post": "1"})"), HasSubstr("\"post\""));
  EXPECT_THAT(fault_of(R"({"as": "ana", "act": "skip", "post": "x/1", "after": "1 day"})"), HasSubstr("\"after\""));
  EXPECT_THAT(fault_of(R"({"as": "ana", "act": "review", "post": "x/1", "reply": "r", "approve": "yes"})"),
              HasSubstr("\"approve\""));
  EXPECT_THAT(fault_of(R"({"person": "ana", "roles": "community"})"), HasSubstr("\"roles\""));
  EXPECT_THAT(fault_of("[]"), HasSubstr("one JSON object"));
  EXPECT_THAT(fault_of("{"), HasSubstr("people.jsonl:1: JSON at line 1, column 2: "));
}

TEST(PeopleScript, RefusesAFieldThatItDoesNotKnow) {
  EXPECT_THAT(fault_of(R"({"as": "ana", "act": "skip", "post": "x/1", "aprove": true})"), HasSubstr("aprove"));
}

TEST(PeopleScript, RefusesAKeyThatStandsTwice) {
  EXPECT_THAT(fault_of(R"({"as": "ana", "as": "bea", "act": "skip", "post": "x/1"})"), HasSubstr("twice"));
}

TEST(PeopleScript, RefusesNestingWithoutEnd) { EXPECT_THAT(fault_of(std::string(100'000, '[')), HasSubstr("nested deeper")); }

TEST(PeopleScript, RefusesASettlementThatSaysBothOrNeither) {
  EXPECT_THAT(fault_of(R"({"as": "a", "act": "settle", "post": "x/1", "reply": "r"})"), HasSubstr("settle needs"));
  EXPECT_THAT(fault_of(R"({"as": "a", "act": "settle", "post": "x/1", "reply": "r", "again": true, "waive": "w"})"),
              HasSubstr("settle needs"));
}

}  // namespace
}  // namespace redress::cli
