// A case's own data keeps its schema, whatever a form or a department hands over.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* patterned = R"json({
  "redress": 1, "id": "patterned", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
  "intake": { "when": "true", "category": "query" },
  "data": { "word": { "type": "string", "maxLength": 20, "pattern": "^[a-z]+$" },
            "count": { "type": "integer", "maximum": 5 },
            "colour": { "type": "string", "enum": ["red", "blue"] } },
  "replies": { "told": { "text": { "en": "It is {{ case.word }}, {{ string(case.count) }} times, in {{ case.colour }}." } } },
  "initial": "open",
  "states": {
    "open": { "manual": { "fill": { "role": "community", "form": { "word": { "type": "string", "maxLength": 20 },
                                                                   "count": { "type": "integer" },
                                                                   "colour": { "type": "string", "maxLength": 4 } } } },
              "on": { "manual.fill": { "target": "closed", "actions": [
                { "set": { "word": "event.form.word", "count": "event.form.count", "colour": "event.form.colour" } },
                { "reply": "told" } ] } } },
    "closed": { "type": "final" } } })json";

struct Patterned : House {
  Patterned() : House({patterned}) { post("P1"); }
  void fill(const std::string& form) {
    ASSERT_TRUE(engine->send_event("C-000001", "manual.fill", form, as("carl")));
    go();
  }
};

class DataField : public testing::TestWithParam<const char*> {};

TEST_P(DataField, TakesNoValueThatItsSchemaRefuses) {
  Patterned house;
  house.fill(GetParam());
  EXPECT_THAT(house.texts(), IsEmpty());
  EXPECT_EQ(house.row().set_aside, 1);
  EXPECT_EQ(house.text(house.row().data), "{}");
  EXPECT_THAT(house.text(house.row().set_aside_reason), HasSubstr("set "));
  house.expect_sound();
}
INSTANTIATE_TEST_SUITE_P(OfEachKeyword, DataField,
                         testing::Values(R"({"word":"A B","count":3,"colour":"red"})",
                                         R"({"word":"ab","count":99,"colour":"red"})",
                                         R"({"word":"ab","count":3,"colour":"pink"})"));

TEST(Data, TakesAValueThatFits) {
  Patterned house;
  house.fill(R"({"word":"ab","count":3,"colour":"blue"})");
  EXPECT_THAT(house.texts(), testing::ElementsAre("It is ab, 3 times, in blue."));
}

TEST(Data, ThatIsRefusedRaisesWhatTheWorkflowCanTake) {
  const std::string taking =
      with(patterned, R"("initial": "open",)",
           R"("initial": "open", "on": { "error.expression": { "actions": [ { "escalate": "community" } ] } },)");
  House house(Unproved{{taking}});  // It ends in silence then.
  house.post("P1");
  ASSERT_TRUE(house.engine->send_event("C-000001", "manual.fill", R"({"word":"A","count":3,"colour":"red"})", as("carl")));
  house.go();
  EXPECT_EQ(house.row().set_aside, 0);
  EXPECT_TRUE(house.task("community", "case"));
}

// Which of the two texts goes out depends on whether the work was asked for at all.
constexpr const char* optional_work = R"json({
  "redress": 1, "id": "optional", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
  "intake": { "when": "true", "category": "query" },
  "commitments": { "review": { "department": "commercial", "action": "review", "due": "P1D",
                               "input": { "question": "What do we say?", "text": "{{ post.text }}" } } },
  "replies": { "asked": { "text": { "en": "Our team has a look at it." } }, "not_asked": { "text": { "en": "Nobody needs to look at it." } } },
  "initial": "open",
  "states": {
    "open": { "manual": { "ask": { "role": "community" }, "tell": { "role": "community" } },
              "on": { "manual.ask": { "actions": [ { "commit": "review" } ] },
                      "manual.tell": [ { "guard": "has(review.state)", "actions": [ { "reply": "asked" } ] },
                                       { "actions": [ { "reply": "not_asked" } ] } ],
                      "review.fulfilled review.declined review.failed": { "target": "closed", "actions": [ { "reply": "asked" } ] } } },
    "closed": { "type": "final" } },
  "on": { "*.overdue *.unknown": { "actions": [ { "escalate": "community-lead" } ] } } })json";

TEST(Work, ThatWasNotAskedForHasNoState) {
  House house({optional_work});
  house.post("P1");
  for (const char* act : {"manual.tell", "manual.ask", "manual.tell"}) {
    ASSERT_TRUE(house.engine->send_event("C-000001", act, "", as("carl"))) << act;
    house.go();
  }
  EXPECT_EQ(house.row().set_aside, 0);
  EXPECT_THAT(house.texts(), testing::ElementsAre("Nobody needs to look at it.", "Our team has a look at it."));
  house.expect_sound();
}

}  // namespace
}  // namespace redress::house
