// Workflows with more ways through them than anybody can count.
#include <nlohmann/json.hpp>

#include "proof/checking.hpp"

namespace redress::proof {
namespace {

using Json = nlohmann::ordered_json;

// Work that is asked for, and then goes on in one of four ways, to the next.
void add_stage(Json& workflow, Json& states, const std::string& name, const std::string& next) {
  const std::string work = "w" + name;
  workflow["commitments"][work] = {{"department", "commercial"},
                                   {"action", "review"},
                                   {"due", "PT12H"},
                                   {"input", {{"question", "What do we say?"}, {"text", "{{ post.text }}"}}}};
  workflow["replies"]["no" + name] = {{"claims", {{work, "declined"}}}, {"text", {{"en", "Not this. {{ case.reference }}."}}}};
  states["wait" + name] = {{"entry", {{{"commit", work}}}},
                           {"on",
                            {{work + ".fulfilled", {{"target", "good" + name}}},
                             {work + ".declined", {{"target", "bad" + name}, {"actions", {{{"reply", "no" + name}}}}}},
                             {work + ".failed", {{"target", "person" + name}}}}}};
  states["good" + name] = {{"always", {{{"target", next}}}}};
  states["bad" + name] = {{"after", {{"P1D", {{"target", next}}}}},
                          {"on", {{"customer.replied", {{"target", "person" + name}}}}}};
  states["person" + name] = {
      {"manual", {{"again" + name, {{"role", "lead"}}}, {"skip" + name, {{"role", "lead"}}}}},
      {"on", {{"manual.again" + name, {{"target", "wait" + name}}}, {"manual.skip" + name, {{"target", "idle" + name}}}}}};
  states["idle" + name] = {{"after", {{"PT2H", {{"target", next}}}}}};
}

Json frame() {
  return Json::parse(R"json({ "redress": 1, "id": "large", "version": "1.0.0", "default_language": "en", "owner": "lead",
    "intake": { "when": "true", "category": "any" }, "commitments": {},
    "replies": { "hello": { "text": { "en": "Hello, {{ case.reference }}." } }, "bye": { "text": { "en": "Bye, {{ case.reference }}." } } },
    "initial": "begin", "states": {},
    "on": { "*.overdue *.unknown": { "actions": [ { "escalate": "lead" } ] } } })json");
}

// Five states and one commitment for each stage, one after the other.
std::string in_a_row(int stages) {
  Json workflow = frame();
  Json states;
  states["begin"] = {{"entry", {{{"reply", "hello"}}}}, {"always", {{{"target", "wait0"}}}}};
  for (int i = 0; i < stages; ++i)
    add_stage(workflow, states, std::to_string(i), i + 1 < stages ? "wait" + std::to_string(i + 1) : "ended");
  states["ended"] = {{"type", "final"}, {"entry", {{{"reply", "bye"}}}}};
  workflow["states"] = states;
  return workflow.dump();
}

// As many rows beside each other.
std::string side_by_side(int rows, int stages) {
  Json workflow = frame();
  Json regions;
  for (int row = 0; row < rows; ++row) {
    const std::string prefix = std::to_string(row) + "_";
    const std::string end = "end" + std::to_string(row);
    Json states;
    for (int i = 0; i < stages; ++i)
      add_stage(workflow, states, prefix + std::to_string(i), i + 1 < stages ? "wait" + prefix + std::to_string(i + 1) : end);
    states[end] = {{"type", "final"}};
    regions["row" + std::to_string(row)] = {{"initial", "wait" + prefix + "0"}, {"states", states}};
  }
  workflow["initial"] = "all";
  workflow["states"]["all"] = {
      {"type", "parallel"}, {"entry", {{{"reply", "hello"}}}}, {"states", regions}, {"onDone", {{"target", "ended"}}}};
  workflow["states"]["ended"] = {{"type", "final"}, {"entry", {{{"reply", "bye"}}}}};
  return workflow.dump();
}

TEST(Large, OfThreeHundredStatesAndSixtyCommitmentsIsProvedWhole) {
  EXPECT_EQ(workflow::files::printed(findings_of(in_a_row(60))), "");
}

TEST(Large, HasItsOneMistakeFoundAtItsEnd) {
  const std::string broken =
      with(in_a_row(60), R"("w59.failed":{"target":"person59"})", R"("customer.replied":{"actions":[{"escalate":"lead"}]})");
  const auto found = findings_of(broken);
  ASSERT_EQ(found.size(), 1U) << workflow::files::printed(found);
  EXPECT_EQ(found.front().rule, "unhandled");
  EXPECT_THAT(found.front().message, testing::HasSubstr("'w59.failed' can come in the state 'wait59'"));
}

TEST(Large, SideBySideIsProvedAsLongAsItsWaysCanBeFollowed) {
  EXPECT_EQ(workflow::files::printed(findings_of(side_by_side(2, 4))), "");
}

// One state asks many departments at once, and goes on when the last has answered.
std::string at_once(int departments) {
  Json workflow = frame();
  Json asks = Json::array(), on;
  std::string all;
  for (int i = 0; i < departments; ++i) {
    const std::string work = "w" + std::to_string(i);
    workflow["commitments"][work] = {{"department", "commercial"},
                                     {"action", "review"},
                                     {"due", "PT12H"},
                                     {"input", {{"question", "What do we say?"}, {"text", "{{ post.text }}"}}}};
    asks.push_back({{"commit", work}});
    all += (all.empty() ? "" : " && ") + work + ".state in ['fulfilled', 'declined', 'failed']";
  }
  asks.push_back({{"reply", "hello"}});
  for (int i = 0; i < departments; ++i)
    for (const char* kind : {".fulfilled", ".declined", ".failed"})
      on["w" + std::to_string(i) + kind] = {{{"guard", all}, {"target", "ended"}}, {{"actions", {{{"escalate", "lead"}}}}}};
  workflow["initial"] = "ask";
  workflow["states"]["ask"] = {{"entry", asks}, {"on", on}};
  workflow["states"]["ended"] = {{"type", "final"}, {"entry", {{{"reply", "bye"}}}}};
  return workflow.dump();
}

TEST(Large, AtOnceIsProvedForTenDepartmentsThatOneGuardWaitsFor) {
  EXPECT_EQ(workflow::files::printed(findings_of(at_once(10))), "");
}

TEST(Large, AtOnceHasTheOneDepartmentFoundThatTheGuardForgets) {
  std::string text = at_once(6);
  const std::string forgotten = " && w5.state in ['fulfilled', 'declined', 'failed']";
  for (std::size_t at = text.find(forgotten); at != std::string::npos; at = text.find(forgotten))
    text.erase(at, forgotten.size());
  const auto found = findings_of(text);
  ASSERT_FALSE(found.empty());
  for (const Finding& each : found) {
    EXPECT_EQ(each.rule, "open_work");
    EXPECT_THAT(each.message, testing::HasSubstr("while 'w5' can be requested"));
  }
}

// Each department in a region of its own, with a person who asks again or lets it be; once all are through, what is told
// depends on all of them.
Json in_regions(int departments) {
  Json workflow = frame();
  Json regions, claims;
  std::string all;
  for (int i = 0; i < departments; ++i) {
    const std::string number = std::to_string(i), work = "w" + number;
    workflow["commitments"][work] = {{"department", "commercial"},
                                     {"action", "review"},
                                     {"due", "PT12H"},
                                     {"input", {{"question", "What do we say?"}, {"text", "{{ post.text }}"}}}};
    regions["r" + number] = {
        {"initial", "asking"},
        {"states",
         {{"asking",
           {{"entry", {{{"commit", work}}}},
            {"on",
             {{work + ".fulfilled", {{"target", "done"}}},
              {work + ".declined", {{"target", "done"}}},
              {work + ".failed", {{"target", "person"}}}}}}},
          {"person",
           {{"manual", {{"again" + number, {{"role", "lead"}}}, {"skip" + number, {{"role", "lead"}}}}},
            {"on", {{"manual.again" + number, {{"target", "asking"}}}, {"manual.skip" + number, {{"target", "done"}}}}}}},
          {"done", {{"type", "final"}}}}}};
    claims[work] = "fulfilled";
    all += (all.empty() ? "" : " && ") + work + ".state == 'fulfilled'";
  }
  workflow["replies"]["all_done"] = {{"claims", claims}, {"text", {{"en", "All of it is done. {{ case.reference }}"}}}};
  workflow["initial"] = "all";
  workflow["states"]["all"] = {{"type", "parallel"},
                               {"entry", {{{"reply", "hello"}}}},
                               {"states", regions},
                               {"onDone", {{{"guard", all}, {"target", "good"}}, {{"target", "ended"}}}}};
  workflow["states"]["good"] = {{"type", "final"}, {"entry", {{{"reply", "all_done"}}}}};
  workflow["states"]["ended"] = {{"type", "final"}, {"entry", {{{"reply", "bye"}}}}};
  return workflow;
}

TEST(Large, InRegionsIsProvedForSevenDepartmentsWhoseStandingsAreTooManyToTellApart) {
  EXPECT_EQ(workflow::files::printed(findings_of(in_regions(7).dump())), "");
}

TEST(Large, InRegionsHasAClaimFoundThatNoGuardStandsBefore) {
  Json workflow = in_regions(6);
  workflow["states"]["all"]["onDone"] = {{"target", "good"}};
  workflow["states"].erase("ended");
  const auto found = findings_of(workflow.dump());
  EXPECT_TRUE(is_refused(found));
  EXPECT_THAT(workflow::files::printed(found), testing::HasSubstr("the reply 'all_done' says that 'w3' is fulfilled"));
}

TEST(Large, InRegionsHasThePersonFoundWhoCanDoNothing) {
  Json workflow = in_regions(6);
  Json& person = workflow["states"]["all"]["states"]["r4"]["states"]["person"];
  person = {{"entry", {{{"escalate", "lead"}}}}};
  const auto found = findings_of(workflow.dump());
  EXPECT_TRUE(is_refused(found));
  EXPECT_THAT(workflow::files::printed(found),
              testing::HasSubstr("nothing that can come is sure to lead to a final state any more"));
}

// What joined standings must not hide: each of these is in order, or not, by what only one standing of several shows.
TEST(Joined, StandingsAreProvedWhereTheOnesTheyAreMadeOfAre) {
  EXPECT_EQ(workflow::files::printed(findings_joined(good())), "");
  for (const auto& entry : std::filesystem::directory_iterator("workflows")) {
    if (!workflow::files::is_workflow(entry.path())) continue;
    EXPECT_EQ(workflow::files::printed(findings_joined(workflow::files::read(entry.path()))), "") << entry.path();
  }
  EXPECT_EQ(workflow::files::printed(findings_joined(in_a_row(6))), "");
}

// One state in which the answer of one department asks the next, without leaving it.
std::string one_state(const std::string& within) {
  Json workflow = frame();
  for (const char* work : {"first", "second"})
    workflow["commitments"][work] = {{"department", "commercial"},
                                     {"action", "review"},
                                     {"due", "PT12H"},
                                     {"input", {{"question", "What do we say?"}, {"text", "{{ post.text }}"}}}};
  const Json person = {{"actions", {{{"escalate", "lead"}}}}};
  const Json end = {{"target", "ended"}};
  workflow["sla"]["resolution"]["within"] = within;
  workflow["initial"] = "asking";
  workflow["states"]["asking"] = {{"entry", {{{"commit", "first"}}, {{"reply", "hello"}}}},
                                  {"on",
                                   {{"first.fulfilled", {{"actions", {{{"commit", "second"}}}}}},
                                    {"first.declined", end},
                                    {"first.failed", end},
                                    {"second.fulfilled", end},
                                    {"second.declined", end},
                                    {"second.failed", end}}}};
  workflow["states"]["ended"] = {{"type", "final"}, {"entry", {{{"reply", "bye"}}}}};
  return workflow.dump();
}

TEST(Joined, StandingsOfOneStateTakeTheTimeOfAllThatHappensThere) {
  EXPECT_EQ(workflow::files::printed(findings_joined(one_state("PT24H"))), "");
  const auto found = findings_joined(one_state("PT23H"));
  EXPECT_TRUE(is_refused(found));
  EXPECT_THAT(workflow::files::printed(found), testing::HasSubstr("'bye', goes out P1D after the beginning, and PT23H"));
}

TEST(Large, BeyondThatIsUnprovedAndNotFine) {
  const auto manifests = workflow::files::manifests();
  const auto checked = check(side_by_side(6, 1), "f.json", {.manifests = manifests, .rules = nullptr});
  EXPECT_FALSE(checked.workflow);
  ASSERT_EQ(checked.findings.size(), 1U) << workflow::files::printed(checked.findings);
  EXPECT_EQ(checked.findings.front().severity, Severity::unproved);
  EXPECT_EQ(checked.findings.front().rule, "unproved");
}

TEST(Large, BeyondThatStillHasItsMistakeFound) {
  const std::string broken = with(side_by_side(6, 1), R"("w3_0.failed":{"target":"person3_0"})",
                                  R"("customer.replied":{"actions":[{"escalate":"lead"}]})");
  const auto found = findings_of(broken);
  ASSERT_FALSE(found.empty());
  const bool names_it = std::any_of(found.begin(), found.end(), [](const Finding& each) {
    return each.severity == Severity::error && each.message.find("'w3_0.failed' can come") != std::string::npos;
  });
  EXPECT_TRUE(names_it) << workflow::files::printed(found);
}

}  // namespace
}  // namespace redress::proof
