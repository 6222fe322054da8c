// Departments that do not answer: their calls are unknown, and the engine goes on.
#include <chrono>
#include <condition_variable>
#include <thread>

#include "house.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;

// Holds each call of one action until it is let go.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  int begun = 0, ended = 0;

  void wait() {
    std::unique_lock lock(mutex);
    ++begun;
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
  }
  void wait_until_begun() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return begun > 0; });
  }
  void end() {
    const std::lock_guard lock(mutex);
    ++ended;
    changed.notify_all();
  }
  void let_go(int until_ended) {
    std::unique_lock lock(mutex);
    open = true;
    changed.notify_all();
    changed.wait(lock, [&] { return ended >= until_ended; });
  }
};

// What the engine logged.
class Log {
 public:
  void add(std::string_view line) {
    const std::lock_guard lock(mutex_);
    lines_ += std::string(line) + "\n";
    changed_.notify_all();
  }
  void wait_for(const std::string& part) {
    std::unique_lock lock(mutex_);
    const auto is_there = [&] { return lines_.find(part) != std::string::npos; };
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), is_there)) << part;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string lines_;
};

struct Watched : House {
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  std::shared_ptr<Log> log = std::make_shared<Log>();

  explicit Watched(const std::string& manifest = read_text("tests/workflow/manifests/billing.json"),
                   std::int64_t call_ms_max = 30, const std::string& workflow = shipped_workflow())
      : House({workflow}) {
    billing = std::make_shared<ScriptedDepartment>(manifest);
    adjust = [call_ms_max, log = log](EngineOptions& options) {
      options.listeners.on_log = [log](LogLevel, std::string_view line) { log->add(line); };
      options.watch_calls = true;
      options.call_ms_max = call_ms_max;
    };
    open();
  }
  void hang_on(const std::string& action, Verb verb = Verb::perform) {
    billing->during = [gate = gate, action, verb](const Call& call) {
      if (call.action != action || call.verb != verb) return;
      gate->wait();
      gate->end();
    };
  }
};

// What billing says of its action `refund`, otherwise.
std::string manifest_where_refund(const std::string& keeps_its_word) {
  return with(read_text("tests/workflow/manifests/billing.json"), R"("dedupes": true, "reconciles": true, "revocable": true)",
              keeps_its_word + R"(, "revocable": true)");
}

std::string concurrent(const std::string& manifest) {
  return with(manifest, R"("department": "billing")", R"("department": "billing", "concurrent": true)");
}

TEST(Watch, LetsAnAnswerInTimeThrough) {
  Watched house;
  house.post("P1");
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
}

TEST(Watch, MakesACallThatGivesNoAnswerUnknownAndLeavesTheDepartmentAloneUntilItEnds) {
  Watched house;
  house.hang_on("refund");
  house.billing->reconcile("refund", {done(refund_evidence)});
  house.post("P1");
  EXPECT_EQ(house.state("refund"), CommitmentState::attempting);
  EXPECT_THAT(house.journal(), HasSubstr("effect.answered"));
  house.pass(minute_ms);
  EXPECT_TRUE(house.billing->calls(Verb::reconcile, "refund").empty());
  EXPECT_THAT(*explain_case(*house.store, "C-000001"), HasSubstr("is still in a call that gave no answer in time"));
  house.gate->let_go(1);
  for (int i = 0; i < 10'000 && house.state("refund") != CommitmentState::fulfilled; ++i) house.pass(minute_ms);
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  house.expect_sound();
}

TEST(Watch, StopsADepartmentThatLostFiveCallsAndItsCasesSaySo) {
  Watched house(concurrent(read_text("tests/workflow/manifests/billing.json")));
  house.hang_on("find_account");
  for (int i = 1; i <= 6; ++i) house.post("P" + std::to_string(i), "they charged me twice", "ana" + std::to_string(i));
  EXPECT_EQ(house.billing->calls(Verb::perform, "find_account").size(), 5u);
  EXPECT_THAT(*explain_case(*house.store, "C-000006"), HasSubstr("plugin billing is stopped: 5 calls gave no answer in time"));
  house.gate->let_go(5);
  house.open();
  house.pass(hour_ms);
  EXPECT_EQ(house.state("refund", 6), CommitmentState::fulfilled);
  house.expect_sound();
}

TEST(Watch, NeitherLooksUpNorRepeatsACallThatStillRuns) {
  Watched house(concurrent(manifest_where_refund(R"("dedupes": false, "reconciles": true)")));
  house.hang_on("refund");
  house.billing->reconcile("refund", {retry(), retry()});  // Nothing is there, for now.
  house.post("P1");
  house.pass(minute_ms);
  EXPECT_TRUE(house.billing->calls(Verb::reconcile, "refund").empty());
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  EXPECT_THAT(*explain_case(*house.store, "C-000001"), HasSubstr("is still in a call that gave no answer in time"));
  house.post("P2", "they charged me twice", "ben");  // Other work goes on.
  EXPECT_EQ(house.state("charge_check", 2), CommitmentState::fulfilled);
  house.gate->let_go(2);
}

TEST(Watch, LearnsFromAnAnswerThatComesTooLate) {
  Watched house(manifest_where_refund(R"("dedupes": false, "reconciles": false)"));
  house.hang_on("refund");
  house.post("P1");
  ASSERT_EQ(house.state("refund"), CommitmentState::unknown);
  ASSERT_TRUE(house.task("billing-lead", house.about("refund")));
  house.gate->let_go(1);
  house.log->wait_for("answered done to perform");
  house.go();
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_EQ(house.text(house.commitment("refund").evidence), refund_evidence);
  EXPECT_THAT(house.tasks(), testing::IsEmpty());
  EXPECT_EQ(house.reply("refunded").state, ReplyState::published);
  house.expect_sound();
}

TEST(Watch, LearnsFromALateAnswerThatItWasTakenBack) {
  const std::string manifest =
      with(read_text("tests/workflow/manifests/billing.json"), R"("dedupes": true, "reconciles": true, "records_decisions")",
           R"("dedupes": false, "reconciles": false, "records_decisions")");
  Watched house(manifest, 30,
                with(shipped_workflow(), R"({ "target": "resolved", "actions": [ { "reply": "refunded" } ] })",
                     R"({ "target": "resolved", "actions": [ { "reply": "refunded" }, { "undo": "refund" } ] })"));
  house.hang_on("reverse_refund", Verb::undo);
  house.post("P1");
  ASSERT_EQ(house.state("refund"), CommitmentState::unknown);
  house.gate->let_go(1);
  house.log->wait_for("answered done to undo");
  EXPECT_EQ(house.state("refund"), CommitmentState::undone);
  EXPECT_FALSE(house.task("billing-lead", house.about("refund")));
  house.expect_sound();
}

TEST(Watch, LeavesItToAPersonWhereTheLateAnswerIsThatNothingHappened) {
  Watched house(manifest_where_refund(R"("dedupes": false, "reconciles": false)"));
  house.hang_on("refund");
  house.billing->perform("refund", {retry()});
  house.post("P1");
  house.gate->let_go(1);
  house.log->wait_for("answered retry to perform");
  house.pass(hour_ms);
  EXPECT_EQ(house.state("refund"), CommitmentState::unknown);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  EXPECT_THAT(*list_tasks(*house.store, "billing-lead", 0, 10),
              testing::Contains(HasSubstr("its call said later that nothing happened")));
  house.expect_sound();
}

TEST(Watch, TakesALateAnswerInPlaceOfLookingItUp) {
  Watched house;
  house.hang_on("refund");
  house.post("P1");
  ASSERT_EQ(house.state("refund"), CommitmentState::attempting);
  house.gate->let_go(1);
  house.log->wait_for("answered done to perform");
  house.go();
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_TRUE(house.billing->calls(Verb::reconcile, "refund").empty());
  house.expect_sound();
}

TEST(Watch, AsksAPersonWhereTheCallHangsForLongerThanNobodyMayKnow) {
  Watched house;
  house.hang_on("refund");
  house.post("P1");
  house.pass(hour_ms - 1);
  EXPECT_EQ(house.state("refund"), CommitmentState::attempting);
  house.pass(1);
  EXPECT_EQ(house.state("refund"), CommitmentState::unknown);
  EXPECT_TRUE(house.task("billing-lead", house.about("refund")));
  house.gate->let_go(1);
  house.log->wait_for("answered done to perform");
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  house.expect_sound();
}

// Two threads: one is in a call that hangs, the other waits its turn with a refund whose first answer was lost.
TEST(Watch, TakesARefundThatItCouldNotAskForAgainAsUncertainStill) {
  Watched house(manifest_where_refund(R"("dedupes": true, "reconciles": false)"), 300);
  house.billing->perform("refund", {lost()});
  house.post("P1");
  const std::int64_t since = house.clock->now_ms();
  house.hang_on("find_account");
  house.receive(house.make_post("P2", "they charged me twice", "ben"));
  std::thread other([&] { EXPECT_TRUE(house.engine->poll(1)); });
  house.gate->wait_until_begun();
  house.clock->advance_to(since + 5 * second_ms);
  house.go();
  other.join();
  EXPECT_EQ(house.effect("perform", "refund").uncertain_since_ms, since);
  EXPECT_EQ(house.state("refund"), CommitmentState::attempting);
  house.gate->let_go(1);
  house.log->wait_for("answered done to perform");
  house.pass(hour_ms);
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_EQ(house.instances("refund"), 1);
  house.expect_sound();
}

}  // namespace
}  // namespace redress::house
