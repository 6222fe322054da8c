// What admins and people do beside the workflow: versions, switches, their own words; and departments that are gone.
#include <functional>
#include <thread>
#include <utility>

#include "engine/failing_store.hpp"
#include "house.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;

std::string second_version() { return with(shipped_workflow(), R"("version": "1.2.0")", R"("version": "2.0.0")"); }

TEST(Version, ThatIsPublishedTakesNewCasesOnceItIsActivatedAndOpenOnesStay) {
  House house;
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  const auto published = house.engine->publish_workflow(second_version());
  ASSERT_TRUE(published) << published.error().message;
  EXPECT_EQ(*published, "billing-overcharge 2.0.0");
  house.post("P2", "they charged me twice", "ben");
  EXPECT_EQ(house.row(2).workflow_version, "1.2.0");
  ASSERT_TRUE(house.engine->activate_workflow("billing-overcharge", "2.0.0"));
  house.post("P3", "they charged me twice", "cem");
  EXPECT_EQ(house.row(3).workflow_version, "2.0.0");
  house.answer("P4", "my account is A-1");
  EXPECT_EQ(house.row(1).workflow_version, "1.2.0");
  house.expect_sound();
}

TEST(Version, ThatWasActivatedStaysWhenTheFilesHaveAnOlderOne) {
  House house;
  std::vector<std::string> warnings;
  house.adjust = [&](EngineOptions& options) {
    options.listeners.on_log = [&](LogLevel level, std::string_view message) {
      if (level == LogLevel::warning) warnings.emplace_back(message);
    };
  };
  ASSERT_TRUE(house.engine->publish_workflow(second_version()));
  house.open();
  EXPECT_THAT(warnings, testing::IsEmpty());  // Published alone, it takes no new cases.
  ASSERT_TRUE(house.engine->activate_workflow("billing-overcharge", "2.0.0"));
  house.open();
  EXPECT_THAT(warnings,
              testing::ElementsAre("workflow billing-overcharge: 2.0.0 was activated and goes on taking the new cases, "
                                   "not 1.2.0 of the files; redress workflow activate billing-overcharge 1.2.0 "
                                   "changes that"));
  house.post("P1");
  EXPECT_EQ(house.row().workflow_version, "2.0.0");
  ASSERT_TRUE(house.engine->activate_workflow("billing-overcharge", "1.2.0"));
  house.open();
  EXPECT_EQ(warnings.size(), 1u);
  house.expect_sound();
}

TEST(Version, ThatIsNewInTheFilesIsActivated) {
  House house;
  house.adjust = [&](EngineOptions& options) { options.workflows = {second_version()}; };
  house.open();
  house.post("P1");
  EXPECT_EQ(house.row().workflow_version, "2.0.0");
}

TEST(Version, IsImmutable) {
  House house;
  const auto other = house.engine->publish_workflow(with(shipped_workflow(), R"("PT12H")", R"("PT11H")"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::conflict);
  EXPECT_TRUE(house.engine->publish_workflow(shipped_workflow()));
  EXPECT_EQ(house.engine->publish_workflow("{}").error().code, Code::invalid);
  EXPECT_EQ(house.engine->activate_workflow("billing-overcharge", "9.0.0").error().code, Code::not_found);
}

// The department of the case that is open took another name for its action; people's own engine has its manifest alone.
struct Outgrown : House {
  const std::string manifest = with(read_text("tests/workflow/manifests/billing.json"), "find_account", "look_up_account");
  std::string log;

  Outgrown() {
    billing->perform("find_account", {says_no()});
    post("P1");
    adjust = [this](EngineOptions& options) {
      options.departments.clear();
      options.workflows.clear();
      options.manifests = {manifest};
      options.listeners.on_log = [this](LogLevel, std::string_view line) { log += std::string(line); };
    };
    open();
  }
};

TEST(Version, ThatFitsItsDepartmentsNoMoreIsLeftOutWherePeopleAct) {
  Outgrown house;
  EXPECT_THAT(house.log, HasSubstr("workflow billing-overcharge 1.2.0 does not fit the departments at hand"));
  EXPECT_TRUE(house.engine->add_person("dan", {"community"}));
  EXPECT_TRUE(house.engine->set_switches("billing-overcharge", {.automatic_replies = true}));
  const auto acted = house.engine->send_event("C-000001", "manual.ask_again", "", as("carl"));
  EXPECT_THAT(acted.error().message, HasSubstr("does not fit the departments at hand"));
  EXPECT_EQ(house.post("P2", "they charged me twice", "ben").fate, PostFate::not_wanted);
  house.expect_sound();
}

TEST(Version, ThatFitsIsPublishedWhereTheActiveOneFitsNoMore) {
  Outgrown house;
  ASSERT_TRUE(house.engine->publish_workflow(with(second_version(), "find_account", "look_up_account")));
  ASSERT_TRUE(house.engine->activate_workflow("billing-overcharge", "2.0.0"));
  house.billing = std::make_shared<ScriptedDepartment>(house.manifest);
  house.billing->perform("look_up_account", {done(R"({"account":"A-1"})")});
  house.adjust = [](EngineOptions& options) { options.workflows.clear(); };
  house.open();
  house.post("P2", "they charged me twice", "ben");
  EXPECT_EQ(house.state("refund", 2), CommitmentState::fulfilled);
  house.expect_sound();
}

TEST(Version, ThatFitsItsDepartmentsNoMoreIsRefusedWhereTheyAreAtWork) {
  Outgrown house;
  house.engine.reset();
  EngineOptions options;
  options.store = house.store;
  options.departments = {std::make_shared<ScriptedDepartment>(house.manifest)};
  options.virtual_time = true;
  options.clock = house.clock;
  EXPECT_EQ(Engine::open(std::move(options)).error().code, Code::invalid);
}

// ---- by whom, and once -----------------------------------------------------------------------------------------------------

// The last row of the journal of what belongs to no case: its event, and by whom.
std::string last_said(const House& house) {
  const auto rows = house.store->journal(0, 0, 1000);
  EXPECT_TRUE(rows && !rows->empty());
  const std::string& entry = rows->back().entry;
  const std::size_t at = entry.find(R"("by":")");
  return rows->back().event + (at == std::string::npos ? "" : " by " + entry.substr(at + 6, entry.find('"', at + 6) - at - 6));
}

using Administered = std::function<Result<void>(Engine&, const Asker&)>;

// Each thing that is administered, and the event that tells of it.
std::vector<std::pair<const char*, Administered>> administered() {
  const auto only = [](const auto& result) { return result ? Result<void>() : Result<void>(result.error()); };
  return {
      {"person.added", [](Engine& engine, const Asker& asker) { return engine.add_person("dan", {"community"}, asker); }},
      {"token.added", [=](Engine& engine, const Asker& asker) { return only(engine.add_token({.person = "sam"}, asker)); }},
      {"token.revoked",
       [](Engine& engine, const Asker& asker) {
         return engine.revoke_token(engine.store().documents("token", 0, 1)->front().id, asker);
       }},
      {"workflow.published",
       [=](Engine& engine, const Asker& asker) { return only(engine.publish_workflow(second_version(), asker)); }},
      {"workflow.activated",
       [](Engine& engine, const Asker& asker) { return engine.activate_workflow("billing-overcharge", "2.0.0", asker); }},
      {"workflow.switched",
       [](Engine& engine, const Asker& asker) {
         return engine.set_switches("billing-overcharge", {.new_cases = true}, asker);
       }},
      {"request.kept", [](Engine& engine, const Asker& asker) { return engine.keep_request(asker); }},
  };
}

TEST(Administration, IsJournaledWithWhoAskedForIt) {
  House house;
  for (const auto& [event, administer] : administered()) {
    const auto done = administer(*house.engine, {.by = "lea", .request = {.id = event}});
    ASSERT_TRUE(done) << event << ": " << done.error().message;
    EXPECT_EQ(last_said(house), std::string(event) + " by lea");
  }
  ASSERT_TRUE(house.engine->add_person("emma", {"community"}));
  EXPECT_EQ(last_said(house), "person.added") << "nobody says who";
  house.expect_sound();
}

TEST(Administration, ByNobodyWhoIsKnownIsRefusedAndChangesNothing) {
  House house;
  ASSERT_TRUE(house.engine->add_token({.person = "sam"}));
  ASSERT_TRUE(house.engine->publish_workflow(second_version()));
  const std::size_t rows = house.store->journal(0, 0, 1000)->size();
  for (const auto& [event, administer] : administered())
    EXPECT_TRUE(failed_with(administer(*house.engine, {.by = "ghost", .request = {.id = event}}), Code::refused)) << event;
  EXPECT_EQ(house.store->journal(0, 0, 1000)->size(), rows);
}

TEST(Administration, UnderOneRequestIsOnceAndUnderAnothersIsAConflict) {
  House house;
  for (const auto& [event, administer] : administered()) {
    const Asker asker{.by = "lea", .request = {.id = event}};
    ASSERT_TRUE(administer(*house.engine, asker)) << event;
    const std::size_t rows = house.store->journal(0, 0, 1000)->size();
    const auto again = administer(*house.engine, asker);
    EXPECT_EQ(again.ok(), std::string(event) != "token.added") << event;
    Asker other = asker;
    other.request.digest = "of another";
    EXPECT_TRUE(failed_with(administer(*house.engine, other), Code::conflict)) << event;
    EXPECT_EQ(house.store->journal(0, 0, 1000)->size(), rows) << event;
  }
  EXPECT_TRUE(failed_with(house.engine->set_switches("billing-overcharge", {}, {.request = {.id = std::string(129, 'k')}}),
                          Code::invalid));
  EXPECT_TRUE(failed_with(house.engine->keep_request({.by = "lea"}), Code::invalid));
  house.expect_sound();
}

TEST(Administration, ThatIsRepeatedUndoesNothingThatCameAfterIt) {
  House house;
  ASSERT_TRUE(house.engine->publish_workflow(second_version()));
  const Asker shut{.request = {.id = "s"}}, activated{.request = {.id = "a"}};
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true}, shut));
  ASSERT_TRUE(house.engine->activate_workflow("billing-overcharge", "2.0.0", activated));
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {}));
  ASSERT_TRUE(house.engine->activate_workflow("billing-overcharge", "1.2.0"));
  EXPECT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true}, shut));
  EXPECT_TRUE(house.engine->activate_workflow("billing-overcharge", "2.0.0", activated));
  EXPECT_EQ(house.post("P1").fate, PostFate::opened);
  EXPECT_EQ(house.row().workflow_version, "1.2.0");
  house.open();
  EXPECT_EQ(house.post("P2", "they charged me twice", "ben").fate, PostFate::opened);
  EXPECT_EQ(house.row(2).workflow_version, "1.2.0");
}

TEST(Administration, ThatCouldNotBeWrittenIsNotDoneAndItsRequestIsFree) {
  House house;
  const auto disk = std::make_shared<FailingStore>(house.store);
  house.adjust = [&](EngineOptions& options) { options.store = disk; };
  house.open();
  for (const auto& [event, administer] : administered()) {
    const Asker asker{.by = "lea", .request = {.id = event}};
    const std::size_t rows = house.store->journal(0, 0, 1000)->size();
    disk->commits_left = 0;
    EXPECT_TRUE(failed_with(administer(*house.engine, asker), Code::unavailable)) << event;
    EXPECT_EQ(house.store->journal(0, 0, 1000)->size(), rows) << event;
    EXPECT_FALSE(*house.store->find_request(event)) << event;
    disk->commits_left = -1;
    if (std::string(event) == "workflow.switched") {
      EXPECT_EQ(house.receive(house.make_post("P1")).fate, PostFate::opened) << "the engine obeys what the store says";
    }
    EXPECT_TRUE(administer(*house.engine, asker)) << event;
    EXPECT_TRUE(*house.store->find_request(event)) << event;
  }
  house.expect_sound();
}

// A store that finds out by itself what became of a write goes on with the same engine, which must then obey it.
TEST(Administration, ThatLandedThoughItsAnswerWasLostIsObeyed) {
  for (const bool repeated : {false, true}) {
    SCOPED_TRACE(repeated);
    House house;
    const auto disk = std::make_shared<FailingStore>(house.store);
    house.adjust = [&](EngineOptions& options) { options.store = disk; };
    house.open();
    ASSERT_TRUE(house.engine->publish_workflow(second_version()));
    const Asker frozen{.request = {.id = "f"}}, activated{.request = {.id = "a"}}, shut{.request = {.id = "s"}};
    const auto freeze = [&] { return house.engine->set_switches("billing-overcharge", {.automatic_replies = true}, frozen); };
    const auto activate = [&] { return house.engine->activate_workflow("billing-overcharge", "2.0.0", activated); };
    const auto shut_it = [&] { return house.engine->set_switches("billing-overcharge", {.new_cases = true}, shut); };
    const auto lose_the_answer_of = [&](const auto& administer) {
      disk->commits_until_doubt = 0;
      EXPECT_TRUE(failed_with(administer(), Code::unavailable));
      if (repeated) {
        EXPECT_TRUE(administer());
      }
    };
    lose_the_answer_of(freeze);
    lose_the_answer_of(activate);
    house.post("P1");
    EXPECT_EQ(house.row().workflow_version, "2.0.0");
    EXPECT_EQ(house.reply("acknowledge").state, ReplyState::awaiting_review);
    lose_the_answer_of(shut_it);
    EXPECT_EQ(house.post("P2", "they charged me twice", "ben").fate, PostFate::not_wanted);
    house.expect_sound();
  }
}

TEST(Token, OfARepeatedRequestIsNamedAndIsTheOnlyOne) {
  House house;
  const Asker asker{.by = "lea", .request = {.id = "t"}};
  const auto made = house.engine->add_token({.person = "sam"}, asker);
  ASSERT_TRUE(made);
  EXPECT_EQ((*find_bearer(*house.store, made->text, house.clock->now_ms()))->token_id, made->id);
  const auto again = house.engine->add_token({.person = "sam"}, asker);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::conflict);
  EXPECT_THAT(again.error().message, HasSubstr("made token " + std::to_string(made->id)));
  EXPECT_EQ(house.store->documents("token", 0, 10)->size(), 1u);
}

TEST(Report, IsJournaledWithWhoAskedAndIsTakenOnceUnderItsRequest) {
  House house;
  house.billing->perform("refund", {waiting()});
  house.post("P1");
  const Report report{.key = house.commitment("refund").key, .kind = ReportKind::done, .evidence = refund_evidence};
  const Asker asker{.by = "bill", .request = {.id = "r"}};
  EXPECT_TRUE(failed_with(house.engine->report(report, {.by = "ghost"}), Code::refused));
  ASSERT_TRUE(house.engine->report(report, asker));
  EXPECT_THAT(*explain_case(*house.store, "C-000001"), HasSubstr(R"("by":"bill")"));
  ASSERT_TRUE(house.billing->report({.key = report.key, .kind = ReportKind::revoked, .reason = "bounced"}));
  const std::int64_t version = house.row().version;
  EXPECT_TRUE(house.engine->report(report, asker));
  EXPECT_EQ(house.row().version, version);
  EXPECT_EQ(house.state("refund"), CommitmentState::revoked);
  house.expect_sound();
}

// Both at once.
void race(const std::function<void()>& one, const std::function<void()>& other) {
  std::thread beside(one);
  other();
  beside.join();
}

TEST(Version, IsTakenOnceWhereTwoPublishItAtOnceWithDifferentContent) {
  House house;
  for (int i = 0; i < 40; ++i) {
    const std::string first =
        with(shipped_workflow(), R"("version": "1.2.0")", R"("version": "3.)" + std::to_string(i) + R"(.0")");
    const std::string second = with(first, R"("PT12H")", R"("PT11H")");
    bool took_first = false, took_second = false;
    race([&] { took_first = house.engine->publish_workflow(first).ok(); },
         [&] { took_second = house.engine->publish_workflow(second).ok(); });
    EXPECT_NE(took_first, took_second) << i;
  }
  house.expect_sound();
}

TEST(Switches, TurnedByTwoAtOnceAreInTheStoreAsTheEngineObeysThem) {
  House house;
  for (int i = 0; i < 400; ++i) {
    race([&] { EXPECT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true})); },
         [&] { EXPECT_TRUE(house.engine->set_switches("billing-overcharge", {})); });
    const auto rows = house.store->documents("switch", 0, 1000);
    ASSERT_TRUE(rows);
    EXPECT_EQ(std::count_if(rows->begin(), rows->end(), [](const DocumentRow& row) { return row.active != 0; }), 1) << i;
    const std::string number = std::to_string(i);
    const bool shut =
        house.receive(house.make_post("P" + number, "they charged me twice", "ana" + number)).fate != PostFate::opened;
    EXPECT_THAT(list_workflows(*house.store)->front(), HasSubstr(shut ? R"("new_cases":"shut")" : R"("new_cases":"open")"));
  }
  house.expect_sound();
}

TEST(NewCases, ThatAreShutOpenNoneAndTheFateSaysWhy) {
  House house;
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true}));
  const Fate fate = house.post("P2", "they charged me twice", "ben");
  EXPECT_EQ(fate.fate, PostFate::not_wanted);
  EXPECT_EQ(fate.reason, "paused: billing-overcharge");
  house.answer("P3", "my account is A-1");
  EXPECT_EQ(house.row(1).configuration, R"(["answered"])");
  house.open();
  EXPECT_EQ(house.post("P4", "they charged me twice", "cem").fate, PostFate::not_wanted);
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {}));
  EXPECT_EQ(house.answer("P5", "they charged me twice", "P2", "ben").fate, PostFate::opened);
  EXPECT_EQ(house.engine->set_switches("nobody", {}).error().code, Code::not_found);
  house.expect_sound();
}

TEST(NewCases, ThatAPauseKeptOutOpenWhenTheSamePostIsDeliveredAgain) {
  House house;
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true}));
  const Post post = house.make_post("P1");
  EXPECT_EQ(house.receive(post).fate, PostFate::not_wanted);
  const Fate shut = house.receive(post);
  EXPECT_TRUE(shut.redelivered);
  EXPECT_EQ(shut.reason, "paused: billing-overcharge");
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {}));
  house.pass(hour_ms);
  const Fate taken = house.receive(post);
  EXPECT_EQ(taken.fate, PostFate::opened);
  EXPECT_FALSE(taken.redelivered);
  EXPECT_EQ(taken.case_reference, "C-000001");
  EXPECT_EQ(house.row().opened_at_ms, opening_ms);  // Its clocks began when the customer wrote.
  EXPECT_TRUE(house.receive(post).redelivered);
  EXPECT_EQ(house.store->cases(0, 10)->size(), 1u);
  house.expect_sound();
}

TEST(NewCases, ThatAPauseKeptOutJoinTheCaseThatTheirThreadHasMeanwhile) {
  House house;
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true}));
  const Post post = house.make_post("P1");
  house.receive(post);
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {}));
  EXPECT_EQ(house.answer("P2", "they charged me twice").fate, PostFate::opened);
  EXPECT_EQ(house.receive(post).fate, PostFate::attached);
  house.expect_sound();
}

TEST(NewCases, ThatAreShutLeaveALaterPostOfAClosedCaseWithItAsAPersonsTask) {
  House house;
  house.post("P1");
  house.pass(8 * day_ms);
  ASSERT_EQ(house.row().state, CaseState::closed);
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true}));
  const Fate fate = house.answer("P2", "charged again");
  EXPECT_EQ(fate.fate, PostFate::attached);
  EXPECT_EQ(fate.case_reference, "C-000001");
  EXPECT_TRUE(house.task("community-lead", "event:customer.replied"));
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {}));
  EXPECT_EQ(house.answer("P3", "still charged").case_reference, "C-000002");
  house.expect_sound();
}

TEST(AutomaticReplies, ThatAreShutWaitForAPersonAlsoThoseReleasedBefore) {
  House house;
  house.receive(house.make_post("P1"));
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.automatic_replies = true}));
  house.go();
  EXPECT_THAT(house.texts(), testing::IsEmpty());
  const ReplyRow acknowledge = house.reply("acknowledge");
  EXPECT_EQ(acknowledge.state, ReplyState::awaiting_review);
  EXPECT_EQ(acknowledge.review_role, "community-lead");
  EXPECT_EQ(house.reply("refunded").state, ReplyState::awaiting_review);
  ASSERT_TRUE(house.engine->review(acknowledge.id, true, as("lea")));
  house.go();
  EXPECT_EQ(house.texts().size(), 1u);
  house.expect_sound();
}

TEST(Say, GoesOutAfterSomebodyElsesReviewAndMeetsTheFirstReply) {
  House house(Unproved{{with(shipped_workflow(), R"([ { "commit": "identify" }, { "reply": "acknowledge" } ])",
                             R"([ { "commit": "identify" } ])")}});
  house.billing->perform("find_account", {waiting()});
  house.post("P1");
  const auto said = house.engine->say("C-000001", {.text = "We are reading this, Ana."}, as("lea"));
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_EQ(house.engine->review(*said, true, as("lea")).error().code, Code::refused);
  EXPECT_THAT(house.texts(), testing::IsEmpty());
  ASSERT_TRUE(house.engine->add_person("olga", {"community-lead"}));
  ASSERT_TRUE(house.engine->review(*said, true, as("olga")));
  house.go();
  EXPECT_THAT(house.texts(), testing::ElementsAre("We are reading this, Ana."));
  EXPECT_EQ(house.row().first_reply, DeadlineState::met);
  house.expect_sound();
}

TEST(Say, KeepsNothingWhereAClaimDoesNotHold) {
  House house;
  house.billing->perform("refund", {lost()});
  house.post("P1");
  const auto said =
      house.engine->say("C-000001", {.text = "You have it back.", .claims = {{"refund", ClaimLevel::fulfilled}}}, as("lea"));
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, Code::conflict);
  EXPECT_FALSE(house.has_reply("said"));
  EXPECT_EQ(
      house.engine->say("C-000001", {.text = "x", .claims = {{"nothing", ClaimLevel::fulfilled}}}, as("lea")).error().code,
      Code::invalid);
  EXPECT_EQ(house.engine->say("C-000001", {.text = "Hello."}, as("bill")).error().code, Code::refused);
  EXPECT_EQ(house.engine->say("C-000009", {.text = "Hello."}, as("lea")).error().code, Code::not_found);
}

TEST(Say, IsBlockedWhenItsClaimBreaksBeforeItGoesOut) {
  House house;
  house.post("P1");
  ASSERT_EQ(house.state("refund"), CommitmentState::fulfilled);
  const auto said =
      house.engine->say("C-000001", {.text = "You have it back.", .claims = {{"refund", ClaimLevel::fulfilled}}}, as("lea"));
  ASSERT_TRUE(said) << said.error().message;
  ASSERT_TRUE(house.billing->report({.key = house.commitment("refund").key, .kind = ReportKind::revoked, .reason = "bounced"}));
  EXPECT_EQ(house.reply("said").state, ReplyState::blocked);
}

TEST(Say, TwiceUnderOneRequestIsOnce) {
  House house;
  house.post("P1");
  const auto first = house.engine->say("C-000001", {.text = "Hello Ana."}, as("lea", "r1"));
  const auto again = house.engine->say("C-000001", {.text = "Hello Ana."}, as("lea", "r1"));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(house.engine->say("C-000001", {.text = "Other."}, as("lea", "r1")).error().code, Code::conflict);
}

struct Unfit {
  const char* text;
  const char* why;
  friend void PrintTo(const Unfit& unfit, std::ostream* out) { *out << unfit.why; }
};
class UnfitText : public testing::TestWithParam<Unfit> {};

TEST_P(UnfitText, IsRefusedWithTheReason) {
  House house;
  house.billing->perform("find_account", {done(R"({"account":"AB-77-XY"})")});
  house.post("P1");
  const auto said = house.engine->say("C-000001", {.text = GetParam().text}, as("lea"));
  ASSERT_FALSE(said) << GetParam().text;
  EXPECT_EQ(said.error().code, Code::invalid);
  EXPECT_THAT(said.error().message, HasSubstr(GetParam().why));
}
INSTANTIATE_TEST_SUITE_P(, UnfitText,
                         testing::Values(Unfit{"Your account AB-77-XY is fine.", "private"},
                                         Unfit{"Write to ana.r@example.com please.", "mail address"},
                                         Unfit{"Card 4111 1111 1111 1111 was charged.", "card number"},
                                         Unfit{"Call +34 600 123 456 now.", "phone"}, Unfit{"", "needs a text"},
                                         Unfit{"   ", "blank"}, Unfit{"\n\u00a0\u200b", "blank"},
                                         Unfit{"red\x1b[31m", "control characters"}, Unfit{"a\x01", "control characters"},
                                         Unfit{"a\u009b", "control characters"}));

TEST(Say, TakesALanguageThatIsOne) {
  House house;
  house.post("P1");
  const auto said = house.engine->say("C-000001", {.text = "Hola.", .claims = {}, .language = "!!"}, as("lea"));
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, Code::invalid);
  EXPECT_THAT(said.error().message, HasSubstr("!! is no language"));
  EXPECT_TRUE(house.engine->say("C-000001", {.text = "Hola.", .claims = {}, .language = "es-MX"}, as("lea")));
}

TEST(Say, IsForTheOwnerAndForWhoReviewsItsReplies) {
  House house;
  house.post("P1");
  const auto refused = house.engine->say("C-000001", {.text = "Hello."}, as("bill"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("saying something in public needs community-lead or community"));
  EXPECT_TRUE(house.engine->say("C-000001", {.text = "Hello."}, as("carl")));
}

TEST(PublicText, OfAWorkflowHasNoControlCharactersEither) {
  House house;
  house.billing->perform("check_charge", {says_no()});
  house.commercial->perform("review", {done(R"({"kind":"offer","answer":"a\u001b[31m"})")});
  house.post("P1");
  EXPECT_EQ(house.reply("offered").state, ReplyState::blocked);
  EXPECT_THAT(house.text(house.reply("offered").reason), HasSubstr("control characters"));
}

TEST(PublicText, OfFactsThatOnlyLookLikeNumbersGoesOut) {
  House house;
  house.post("P1");
  for (const char* text : {"Since 2026-03-02 09:00 all works, receipt R-12345678.", "45,00 EUR, case C-000001, WO-000001."})
    EXPECT_TRUE(house.engine->say("C-000001", {.text = text}, as("lea"))) << text;
}

TEST(PublicText, IsAsLongAsXCounts) {
  House house;
  house.post("P1");
  const auto says = [&](const std::string& text) { return bool(house.engine->say("C-000001", {.text = text}, as("lea"))); };
  const std::string link = "https://example.com/" + std::string(200, 'a');
  const auto repeated = [](const std::string& part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += part;
    return text;
  };
  EXPECT_TRUE(says(std::string(280, 'a')));
  EXPECT_FALSE(says(std::string(281, 'a')));
  EXPECT_TRUE(says(std::string(256, 'a') + " " + link));  // 257 + 23.
  EXPECT_FALSE(says(std::string(257, 'a') + " " + link));
  EXPECT_TRUE(says(std::string(255, 'a') + "\n " + link));  // Also on a line of its own.
  EXPECT_TRUE(says("@ana @ben " + std::string(280, 'a')));  // Leading mentions are not counted.
  EXPECT_TRUE(says(repeated("\u00f1", 280)));
  EXPECT_TRUE(says(repeated("\u6c49", 140)));
  EXPECT_FALSE(says(repeated("\u6c49", 141)));
  EXPECT_TRUE(says(repeated("\U0001F468\u200D\U0001F469\u200D\U0001F467", 140)));  // A family is one emoji: 2.
  EXPECT_TRUE(says(repeated("\U0001F1EA\U0001F1F8", 140)));                        // So is a flag.
  EXPECT_FALSE(says(repeated("\U0001F1EA\U0001F1F8", 141)));
}

TEST(Department, ThatIsGoneKeepsNothingWaitingThatAPersonDecided) {
  House house;
  house.billing->perform("refund", {waiting()});
  house.post("P1");
  const auto gone = std::exchange(house.billing, nullptr);
  house.open();
  house.pass(hour_ms);
  ASSERT_THAT(list_cases(*house.store, 0, 10)->front(), HasSubstr(R"("blocked":["plugin billing missing"])"));
  ASSERT_TRUE(house.engine->decide(house.commitment("refund").id, Decision::done, refund_evidence, "", as("bill")));
  house.go();
  EXPECT_EQ(house.row().state, CaseState::active);  // Nobody is told before the department's books have the decision.
  house.billing = gone;
  house.open();
  house.go();
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_THAT(list_cases(*house.store, 0, 10)->front(), HasSubstr(R"("blocked":[])"));
  EXPECT_THAT(*make_report(*house.store), HasSubstr(R"(,"blocked":[],)"));
  house.expect_sound();
}

TEST(Department, ThatIsGoneBlocksItsEffectsUntilItIsBack) {
  House house;
  house.receive(house.make_post("P1"));
  auto gone = std::move(house.billing);
  house.billing = nullptr;
  house.open();
  house.pass(2 * day_ms);
  EXPECT_EQ(house.state("identify"), CommitmentState::requested);
  EXPECT_THAT(house.texts(), testing::SizeIs(1));  // The acknowledgement rests on the request alone.
  const auto listed = list_cases(*house.store, 0, 10);
  ASSERT_TRUE(listed);
  EXPECT_THAT(listed->front(), HasSubstr(R"("blocked":["plugin billing missing"])"));
  const auto why = explain_case(*house.store, "C-000001");
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, HasSubstr("is blocked: plugin billing missing"));
  EXPECT_EQ(
      std::count_if(house.events.begin(), house.events.end(), [](const auto& e) { return e.ends_with("effect.blocked"); }), 1);
  house.billing = std::move(gone);
  house.open();
  house.go();
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
  EXPECT_THAT(list_cases(*house.store, 0, 10)->front(), HasSubstr(R"("blocked":[])"));
  house.expect_sound();
}

struct Blocked : House {
  Blocked() {
    receive(make_post("P1"));
    gone = std::exchange(billing, nullptr);
    open();
    go();
  }
  std::shared_ptr<ScriptedDepartment> gone;
};

TEST(Department, ThatIsGoneLeavesItsPeopleToSettleWhatIsBlocked) {
  Blocked house;
  const std::int64_t id = house.commitment("identify").id;
  const std::string why = *explain_case(*house.store, "C-000001");
  EXPECT_THAT(why, HasSubstr("redress decide " + std::to_string(id) + " --outcome done --evidence"));
  EXPECT_THAT(why, HasSubstr("redress decide " + std::to_string(id) + " --outcome declined|failed --as NAME"));
  EXPECT_EQ(house.engine->decide(id, Decision::declined, "", "no", as("carl")).error().code, Code::refused);
  EXPECT_EQ(house.engine->decide(id, Decision::done, "{}", "", as("bill")).error().code, Code::invalid);
  EXPECT_EQ(house.state("identify"), CommitmentState::requested);
  ASSERT_TRUE(house.engine->decide(id, Decision::declined, "", "we know no such handle", as("bill")));
  EXPECT_EQ(house.state("identify"), CommitmentState::declined);
  house.billing = house.gone;
  house.open();
  house.go();
  EXPECT_TRUE(house.billing->calls(Verb::perform, "find_account").empty());
  EXPECT_EQ(house.row().state, CaseState::waiting_customer);
  house.expect_sound();
}

TEST(Department, ThatIsGoneHasItsPeopleProveWhatTheyDidInItsStead) {
  Blocked house;
  ASSERT_TRUE(house.engine->decide(house.commitment("identify").id, Decision::done, R"({"account":"A-1"})", "", as("bill")));
  EXPECT_EQ(house.state("identify"), CommitmentState::fulfilled);
  EXPECT_EQ(house.row().configuration, R"(["checking"])");
  house.expect_sound();
}

TEST(Decision, OfWhatTheDepartmentWasNotAskedYetSaysThat) {
  House house;
  house.receive(house.make_post("P1"));
  const auto early = house.engine->decide(house.commitment("identify").id, Decision::declined, "", "no", as("bill"));
  ASSERT_TRUE(failed_with(early, Code::conflict));
  EXPECT_EQ(early.error().message, "identify is requested: the next run asks the department; look again then");
}

TEST(Episode, ThatIsOverKeepsItsDeadlines) {
  House house;
  house.post("P1");
  house.pass(hour_ms);
  ASSERT_EQ(house.row().state, CaseState::resolved);
  const CaseRow before = house.row();
  house.answer("P2", "it is still wrong");
  const CaseRecord after = house.record();
  ASSERT_EQ(after.episodes.size(), 1u);
  const EpisodeRow& over = after.episodes.begin()->second;
  EXPECT_EQ(over.episode, 1);
  EXPECT_EQ(over.first_reply, DeadlineState::met);
  EXPECT_EQ(over.first_reply_met_at_ms, before.first_reply_met_at_ms);
  EXPECT_EQ(over.resolution, DeadlineState::met);
  EXPECT_EQ(over.resolution_met_at_ms, before.resolution_met_at_ms);
  ASSERT_NE(before.resolved_at_ms, 0);
  EXPECT_EQ(over.resolved_at_ms, before.resolved_at_ms);
  EXPECT_EQ(over.began_at_ms, before.episode_at_ms);
  house.expect_sound();
}

}  // namespace
}  // namespace redress::house
