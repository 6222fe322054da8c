// What of a workflow can be covered, at any depth of its states; and what a scenario covers.
#include "scenario/inventory.hpp"
#include "scenario/rehearsal.hpp"

namespace redress::rehearsal {
namespace {

using Kind = CoverageItem::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const std::vector<CoverageItem>& items, Kind kind) {
  std::vector<std::string> all;
  for (const CoverageItem& item : items)
    if (item.kind == kind) all.push_back(item.name);
  return all;
}
std::vector<std::string> covered(const ScenarioReport& report, Kind kind) {
  std::vector<CoverageItem> items;
  for (const CoverageItem& item : report.coverage.front().items)
    if (item.times > 0) items.push_back(item);
  return names(items, kind);
}

TEST(Coverage, CountsWhatWasEnteredTakenPublishedAndComeTo) {
  const auto report = play(refunding + refund_done + "expect case resolved\n");
  EXPECT_THAT(covered(report, Kind::state), ElementsAre("identifying", "checking", "refunding", "resolved"));
  EXPECT_THAT(covered(report, Kind::transition),
              ElementsAre("identifying on identify.fulfilled -> checking",
                          "checking on charge_check.fulfilled [0] -> refunding", "refunding on refund.fulfilled -> resolved"));
  EXPECT_THAT(covered(report, Kind::reply), ElementsAre("acknowledge", "refunded"));
  EXPECT_THAT(covered(report, Kind::outcome), ElementsAre("identify fulfilled", "charge_check fulfilled", "refund fulfilled"));
}

TEST(Coverage, CountsAStateThatIsLeftAgainInTheSameStep) {
  const auto report = play("workflow praise.json\npost P1 \"Best service ever, thank you!\"\nexpect case thanked\n");
  EXPECT_THAT(covered(report, Kind::state), ElementsAre("reading", "thanked"));
}

TEST(Coverage, AddsUpOverFilesOfTheSameWorkflow) {
  const std::vector<NamedText> files{
      {"a.scenario", "department identify declined\npost P1 \"charged twice\"\nexpect case asking\n"},
      {"b.scenario", "department identify failed\npost P1 \"charged twice\"\nexpect case asking\n"}};
  const ScenarioReport report = run_scenarios(files, options());
  ASSERT_THAT(report.coverage, testing::SizeIs(1));
  EXPECT_THAT(covered(report, Kind::outcome), ElementsAre("identify declined", "identify failed"));
  for (const CoverageItem& item : report.coverage.front().items) {
    if (item.name == "asking") {
      EXPECT_GE(item.times, 2);
    }
  }
}

TEST(Coverage, DoesNotCountAReplyThatIsOnlyDrafted) {
  EXPECT_THAT(covered(play("channel retry\npost P1 \"charged twice\"\nexpect case active\n"), Kind::reply), IsEmpty());
}

TEST(Coverage, NamesTheLineInTheWorkflow) {
  const auto report = play(refunding + "expect case active\n");
  const std::string text = read_text("workflows/billing-overcharge.json");
  for (const CoverageItem& item : report.coverage.front().items) {
    if (item.name != "asking") continue;
    std::istringstream lines(text);
    std::string line;
    for (int i = 0; i < item.line; ++i) std::getline(lines, line);
    EXPECT_THAT(line, testing::HasSubstr("\"asking\": {"));
  }
}

const std::string nested = R"({
  "id": "nested", "initial": "work",
  "states": {
    "work": {
      "type": "parallel",
      "states": {
        "left": { "initial": "a", "states": {
          "a": { "on": { "go": [ { "guard": "true", "target": "b" }, { "target": "done" } ] } },
          "b": { "after": { "PT1H": { "target": "a" } }, "always": [ { "target": "end" } ] },
          "end": { "type": "final" } } },
        "right": { "initial": "c", "states": { "c": {}, "back": { "type": "history" } } } },
      "onDone": { "target": "done" } },
    "done": { "type": "final" } },
  "on": { "*.overdue": { "actions": [] } },
  "reopen": { "on": "customer.replied", "target": "left" }
})";

TEST(Inventory, HasNestedStatesByTheirPathsAndEveryKindOfTransitionByItsPointer) {
  const auto inventory = scenario::take_inventory({"nested.json", nested}, {});
  EXPECT_THAT(names(inventory.items, Kind::state), ElementsAre("work", "work.left", "work.left.a", "work.left.b",
                                                               "work.left.end", "work.right", "work.right.c", "done"));
  std::vector<std::string> pointers;
  for (const auto& transition : inventory.transitions) pointers.push_back(transition.pointer);
  EXPECT_THAT(pointers, testing::UnorderedElementsAre(
                            "/states/work/onDone", "/states/work/states/left/states/a/on/go/0",
                            "/states/work/states/left/states/a/on/go/1", "/states/work/states/left/states/b/after/PT1H",
                            "/states/work/states/left/states/b/always/0", "/on/*.overdue", "/reopen"));
}

TEST(Inventory, KnowsWhatIsEnteredWithATarget) {
  const auto inventory = scenario::take_inventory({"nested.json", nested}, {});
  EXPECT_THAT(inventory.first_states,
              testing::UnorderedElementsAre("work", "work.left", "work.left.a", "work.right", "work.right.c"));
  for (const auto& transition : inventory.transitions) {
    if (transition.pointer == "/reopen") {
      EXPECT_THAT(transition.enters, ElementsAre("work.left", "work.left.a"));
    }
    if (transition.pointer.ends_with("/on/go/0")) {
      EXPECT_THAT(transition.enters, ElementsAre("work.left.b"));
    }
  }
}

TEST(Inventory, TakesAPartOfAPathAsAStatesName) {
  for (const char* name : {"a", "a.b", "b.c", "c", "a.b.c"}) EXPECT_TRUE(scenario::is_state("a.b.c", name)) << name;
  for (const char* name : {"", "a.c", "b.", "abc", "d"}) EXPECT_FALSE(scenario::is_state("a.b.c", name)) << name;
}

}  // namespace
}  // namespace redress::rehearsal
