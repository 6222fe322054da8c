// An engine that ends between intent and answer, and the one that goes on with its store.
#include "engine/failing_store.hpp"
#include "engine/house.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;

// The store takes nothing more from the moment when `verb` of `action` is out.
struct Mortal : House {
  std::shared_ptr<FailingStore> disk = std::make_shared<FailingStore>(store);
  Mortal() {
    store = disk;
    open();
  }
  void die_during(Verb verb, const std::string& action) {
    billing->during = [this, verb, action](const Call& call) {
      if (call.verb == verb && call.action == action) disk->commits_left = 0;
    };
  }
  void run_into_the_end() {
    receive(make_post("P1"));
    EXPECT_FALSE(engine->run_until_idle());
  }
  void open_again() {
    billing->during = nullptr;
    channel->during = nullptr;
    engine.reset();
    disk->commits_left = -1;
    open();
  }
};

TEST(Recovery, LooksUpACallThatWasOut) {
  Mortal house;
  house.die_during(Verb::perform, "refund");
  house.run_into_the_end();
  house.billing->reconcile("refund", {done(refund_evidence)});
  house.open_again();
  EXPECT_EQ(house.state("refund"), CommitmentState::attempting);
  EXPECT_TRUE(house.billing->calls(Verb::reconcile, "refund").empty());
  house.go();
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  house.expect_sound();
}

TEST(Recovery, TriesAgainWhatCertainlyDidNotHappen) {
  Mortal house;
  house.die_during(Verb::perform, "refund");
  house.run_into_the_end();
  house.billing->reconcile("refund", {retry()});
  house.open_again();
  house.pass(minute_ms);
  const auto calls = house.billing->calls(Verb::perform, "refund");
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls.front().key, calls.back().key);
  EXPECT_EQ(calls.back().attempt, 2);
}

TEST(Recovery, LooksUpAReplyThatWasOutAndPublishesItOnce) {
  Mortal house;
  house.channel->during = [&](const Publication&) { house.disk->commits_left = 0; };
  house.run_into_the_end();
  ASSERT_EQ(house.channel->lines.size(), 1u);
  house.channel->looking_up = {done("{}")};
  house.open_again();
  house.go();
  EXPECT_EQ(house.reply("acknowledge").state, ReplyState::published);
  EXPECT_EQ(house.channel->lines.size(), 2u);
  house.expect_sound();
}

TEST(Recovery, NeverPublishesAgainWithoutKnowing) {
  Mortal house;
  house.channel->during = [&](const Publication&) { house.disk->commits_left = 0; };
  house.run_into_the_end();
  house.open_again();
  house.pass(2 * hour_ms);
  EXPECT_EQ(house.reply("acknowledge").state, ReplyState::unknown);
  EXPECT_EQ(house.channel->lines.size(), 2u);
}

TEST(Recovery, KeepsWhatWasDurableAndNothingElse) {
  Mortal house;
  house.disk->commits_left = 0;
  const auto fate = house.engine->receive(house.make_post("P1"));
  ASSERT_FALSE(fate);
  EXPECT_EQ(fate.error().code, Code::unavailable);
  house.open_again();
  EXPECT_EQ(house.post("P1").fate, PostFate::opened);
  EXPECT_EQ(house.store->cases(0, 10)->size(), 1u);
  EXPECT_EQ(house.store->cases(0, 10)->front().state, CaseState::resolved);
}

TEST(Answer, ThatTheStoreCannotTakeIsKeptUntilItCan) {
  Mortal house;
  house.die_during(Verb::perform, "refund");
  house.run_into_the_end();
  EXPECT_FALSE(house.engine->run_until_idle());
  house.disk->commits_left = -1;
  house.billing->during = nullptr;
  house.go();
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
  EXPECT_TRUE(house.billing->calls(Verb::reconcile, "refund").empty());
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

// Two calls are out, one within the other, when the disk fails.
TEST(Answer, OfSeveralCallsIsSettledInOneGoOnceTheStoreTakesIt) {
  Mortal house;
  house.billing->perform("refund", {waiting()});
  bool within = false;
  house.channel->during = [&](const Publication&) {
    if (!std::exchange(within, true)) {
      EXPECT_FALSE(house.engine->run_until_idle());
    }
  };
  house.die_during(Verb::perform, "refund");
  house.run_into_the_end();
  EXPECT_TRUE(within);
  house.disk->commits_left = -1;
  house.billing->during = nullptr;
  house.go();
  EXPECT_EQ(house.state("refund"), CommitmentState::in_progress);
  EXPECT_EQ(house.reply("acknowledge").state, ReplyState::published);
  house.expect_sound();
}

TEST(Answer, ThatTheStoreRefusesLeavesItsCaseAloneAndTheOthersGoOn) {
  Mortal house;
  house.billing->during = [&](const Call& call) {
    if (call.verb == Verb::perform && call.action == "refund") house.disk->refused_case = 1;
  };
  house.post("P1");
  EXPECT_EQ(house.state("refund"), CommitmentState::attempting);
  house.billing->during = nullptr;
  house.post("P2", "they charged me twice", "ben");
  EXPECT_EQ(house.row(2).state, CaseState::resolved);
  house.disk->refused_case = 0;
  house.billing->reconcile("refund", {done(refund_evidence)});
  house.open_again();
  house.go();
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 2u);
  house.expect_sound();
}

// Whichever write it is: an intent that stands without its call, an answer that is settled twice, a timer, the post itself.
TEST(Write, ThatLandedThoughItsAnswerWasLostChangesNothing) {
  bool met = true;
  for (int n = 0; met; ++n) {
    SCOPED_TRACE(n);
    ASSERT_LT(n, 100);
    Mortal house;
    house.disk->commits_until_doubt = n;
    const auto fate = house.engine->receive(house.make_post("P1"));
    if (!fate) {
      ASSERT_EQ(n, 0);
      EXPECT_TRUE(house.engine->receive(house.make_post("P1"))->redelivered);
    }
    if (!house.engine->run_until_idle()) house.pass(5 * minute_ms);  // A call that was not made is tried again a little later.
    met = house.disk->commits_until_doubt < 0;
    EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
    EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 1u);
    EXPECT_TRUE(house.billing->calls(Verb::reconcile, "refund").empty());
    EXPECT_EQ(house.channel->lines.size(), 2u);
    EXPECT_EQ(house.row().state, CaseState::resolved);
    house.expect_sound();
    if (!met) {
      EXPECT_GE(n, 8);  // All of them were tried.
    }
  }
}

// The call that the intent was for did not leave; the one before it may have done the work all the same.
TEST(Intent, WhoseAnswerWasLostLeavesAnEarlierCallAsUncertainAsItWas) {
  Mortal house;
  house.billing = std::make_shared<ScriptedDepartment>(with(read_text("tests/workflow/manifests/billing.json"),
                                                            R"("dedupes": true, "reconciles": true, "revocable": true)",
                                                            R"("dedupes": true, "reconciles": false, "revocable": true)"));
  house.open();
  house.billing->perform("refund", {lost()});
  house.post("P1");
  const std::int64_t since = house.clock->now_ms();
  ASSERT_EQ(house.effect("perform", "refund").uncertain_since_ms, since);
  house.clock->advance_to(house.effect("perform", "refund").next_at_ms);
  house.disk->commits_until_doubt = 0;
  EXPECT_FALSE(house.engine->run_until_idle());
  house.go();
  EXPECT_EQ(house.effect("perform", "refund").uncertain_since_ms, since);
  EXPECT_EQ(house.state("refund"), CommitmentState::attempting)
      << "not requested: that could be cancelled, or fail at its due time";
  house.pass(hour_ms);
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_EQ(house.billing->calls(Verb::perform, "refund").size(), 2u);
  house.expect_sound();
}

TEST(Recovery, GoesOnWithTheWorkflowThatTheCaseBeganWith) {
  Mortal house;
  house.billing->perform("refund", {waiting()});
  house.post("P1");
  const std::string hash = house.row().workflow_hash;
  house.open_again();
  ASSERT_TRUE(
      house.billing->report({.key = house.commitment("refund").key, .kind = ReportKind::done, .evidence = refund_evidence}));
  house.go();
  EXPECT_EQ(house.row().workflow_hash, hash);
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(Report, AfterTheEngineIsGoneIsUnavailable) {
  House house;
  house.billing->perform("refund", {waiting()});
  house.post("P1");
  const std::string key = house.commitment("refund").key;
  house.engine.reset();
  EXPECT_TRUE(failed_with(house.billing->report({.key = key}), Code::unavailable));
}

}  // namespace
}  // namespace redress::house
