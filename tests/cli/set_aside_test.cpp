// A case whose workflow cannot react says so in words: which rule, and why, and not what it would have done.
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* dividing = R"json({
  "redress": 1, "id": "dividing", "version": "1.0.0", "default_language": "en", "owner": "lead",
  "intake": { "when": "post.text.contains('hello')", "category": "query", "rank": 99 },
  "replies": { "told": { "text": { "en": "We got it." } } },
  "initial": "open",
  "states": {
    "open": { "manual": { "go": { "role": "lead", "form": { "k": { "type": "integer" } } } },
              "on": { "manual.go": [ { "guard": "10 / event.form.k > 3", "target": "closed", "actions": [ { "reply": "told" } ] },
                                     { "target": "closed", "actions": [ { "reply": "told" } ] } ] } },
    "closed": { "type": "final" } } })json";

class SetAside : public testing::Test {
 protected:
  void SetUp() override {
    w_.write("workflows/dividing.json", dividing);
    w_.write("posts.jsonl", post_line("1", "ben", "2026-03-02T09:00:00Z", "hello"));
    ASSERT_EQ(w_.run({"--until", "2026-03-02T09:10:00Z"}).status, 0);
    ASSERT_EQ(on_db({"person", "add", "lea", "--role", "lead"}).status, 0);
  }
  [[nodiscard]] Finished on_db(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--db", "redress.db"});
    return w_.redress(arguments);
  }
  [[nodiscard]] Finished divide_by_zero() const {
    return on_db({"event", "C-000001", "manual.go", "--form", R"({"k":0})", "--as", "lea"});
  }
  Workspace w_;
};

TEST_F(SetAside, IsToldWithItsReasonByTheActThatCausedIt) {
  const Finished done = divide_by_zero();
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("the case is active, set aside: "));
  EXPECT_THAT(done.out, HasSubstr("division by zero"));
  EXPECT_THAT(on_db({"case", "retry", "C-000001", "--as", "lea"}).out, HasSubstr("division by zero"));
}

TEST_F(SetAside, IsExplainedWithoutWhatDidNotHappen) {
  ASSERT_EQ(divide_by_zero().status, 0);
  const std::string why = on_db({"why", "C-000001"}).out;
  EXPECT_THAT(why, HasSubstr("did not take /states/open/on/manual.go/0 on manual.go: error: "));
  EXPECT_THAT(why, HasSubstr("took, and undid, /states/open/on/manual.go/1 on manual.go\n"));
  EXPECT_THAT(why, HasSubstr("the case was set aside: what this step took is undone\n"));
  EXPECT_THAT(why, Not(HasSubstr("      took /states/open/on/manual.go/1")));
  EXPECT_THAT(why, Not(HasSubstr("      true\n")));
}

}  // namespace
}  // namespace redress::test
