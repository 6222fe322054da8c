// What holds of every statechart: random ones, against a second interpreter, and across saving and restoring.
#include <gtest/gtest.h>

#include "redress/stepper.hpp"
#include "statechart/random_chart.hpp"
#include "statechart/reference.hpp"

namespace redress::statechart {
namespace {

constexpr unsigned charts = 300;
constexpr int events = 12;

Json told(const Result<std::string>& answer) { return answer ? Json::parse(*answer) : Json{{"error", answer.error().message}}; }

std::vector<std::string> roles_in(const Json& answer) {
  std::vector<std::string> roles;
  if (answer.contains("actions"))
    for (const Json& action : answer.at("actions")) roles.push_back(action.at("escalate"));
  return roles;
}

struct Coverage {
  int steps = 0, moved = 0, endless = 0, ended = 0, raised = 0;
};

void compare(unsigned seed, Coverage& coverage) {
  const Json chart = random_chart(seed, false);
  const std::string text = as_workflow(chart);
  SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
  Reference reference(chart);
  reference.begin();
  auto stepper = Stepper::open(text);
  if (reference.is_endless()) {
    ++coverage.endless;
    EXPECT_FALSE(stepper);
    return;
  }
  ASSERT_TRUE(stepper) << stepper.error().message;
  std::mt19937 random(seed);
  Json before = told((*stepper)->step("{}"));
  ASSERT_EQ(before.at("configuration"), reference.configuration());
  for (int i = 0; i < events && reference.is_running(); ++i) {
    const std::string event = random_event(random);
    SCOPED_TRACE("event " + std::to_string(i) + ": " + event);
    reference.send(event);
    const auto answer = (*stepper)->step(Json{{"event", event}}.dump());
    ++coverage.steps;
    if (reference.is_endless()) {
      ++coverage.endless;
      EXPECT_FALSE(answer);
      EXPECT_EQ(told((*stepper)->step("{}")).at("configuration"), before.at("configuration"));  // Nothing has changed.
      return;
    }
    ASSERT_TRUE(answer) << answer.error().message;
    const Json now = told(answer);
    ASSERT_EQ(now.at("configuration"), reference.configuration());
    ASSERT_EQ(now.at("raised").get<std::vector<std::string>>(), reference.raised);
    ASSERT_EQ(roles_in(now), reference.actions);  // In their order: who is left, passed and entered when.
    if (reference.count > 0) {
      ASSERT_EQ(now.at("data").at("n"), reference.count);
    }
    coverage.moved += now.at("configuration") != before.at("configuration") ? 1 : 0;
    coverage.raised += reference.raised.empty() ? 0 : 1;
    before = now;
  }
  coverage.ended += reference.is_running() ? 0 : 1;
}

TEST(Statechart, DoesAtEveryEventWhatScxmlsAlgorithmDoes) {
  Coverage coverage;
  for (unsigned seed = 1; seed <= charts && !testing::Test::HasFailure(); ++seed) compare(seed, coverage);
  // That the charts were worth it.
  EXPECT_GT(coverage.steps, 2'000);
  EXPECT_GT(coverage.moved, coverage.steps / 5);
  EXPECT_GT(coverage.raised, coverage.steps / 10);
  EXPECT_GT(coverage.ended, 10);
  EXPECT_GT(coverage.endless, 10);
}

// One of each pair is thrown away after every macrostep, and another goes on from what it had saved.
void interrupt(unsigned seed) {
  const std::string text = as_workflow(random_chart(seed, true));
  SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
  auto whole = Stepper::open(text);
  auto broken = Stepper::open(text);
  ASSERT_EQ(static_cast<bool>(whole), static_cast<bool>(broken));
  if (!whole) return;
  std::mt19937 random(seed);
  for (int i = 0; i < events; ++i) {
    Json line = {{"event", random_event(random)}};
    if (random() % 3 == 0) line["advance"] = "PT" + std::to_string(random() % 4) + "M";
    const Json expected = told((*whole)->step(line.dump())), found = told((*broken)->step(line.dump()));
    ASSERT_EQ(expected, found) << "event " << i << ": " << line;
    const std::string saved = (*broken)->save();
    broken = Stepper::open(text);
    ASSERT_TRUE(broken);
    const auto restored = (*broken)->restore(saved);
    ASSERT_TRUE(restored) << restored.error().message;
    ASSERT_EQ((*broken)->save(), saved);
  }
}

TEST(Statechart, GoesOnAfterEachMacrostepAsIfItHadNotBeenSavedAndRestored) {
  for (unsigned seed = 1; seed <= charts && !testing::Test::HasFailure(); ++seed) interrupt(seed);
}

// Exactly one child of each active compound state, every region of each active parallel one.
void check_legal(const Json& holder, const std::string& path, const std::set<std::string>& active) {
  const bool parallel = holder.value("type", "") == "parallel";
  int inside = 0, children = 0;
  for (const auto& [name, state] : holder.at("states").items()) {
    if (state.value("type", "") == "history") continue;
    const std::string here = path.empty() ? name : path + "." + name;
    ++children;
    const bool is_in = std::any_of(active.begin(), active.end(),
                                   [&](const std::string& each) { return each == here || each.starts_with(here + "."); });
    inside += is_in ? 1 : 0;
    if (is_in && state.contains("states")) check_legal(state, here, active);
  }
  EXPECT_EQ(inside, parallel ? children : 1) << path;
}

TEST(Statechart, IsNeverInAnIllegalConfiguration) {
  for (unsigned seed = 1; seed <= charts && !testing::Test::HasFailure(); ++seed) {
    const Json chart = random_chart(seed, true);
    auto stepper = Stepper::open(as_workflow(chart));
    if (!stepper) continue;
    std::mt19937 random(seed);
    for (int i = 0; i < events; ++i) {
      const Json answer = told((*stepper)->step(Json{{"event", random_event(random)}, {"advance", "PT1M"}}.dump()));
      if (answer.contains("error")) break;
      const auto paths = answer.at("configuration").get<std::set<std::string>>();
      SCOPED_TRACE("seed " + std::to_string(seed));
      check_legal(chart, "", paths);
    }
  }
}

}  // namespace
}  // namespace redress::statechart
