// People's acts: by whom, once for each request id; and what listeners hear.
#include <condition_variable>
#include <set>
#include <thread>

#include "engine/house.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;

struct Answered : House {
  Answered() {
    billing->perform("find_account", {says_no()});
    post("P1");
    answer("P2", "it is A-1");
  }
  Result<void> identified(const std::string& form, const Act& act) {
    return engine->send_event("C-000001", "manual.identified", form, act);
  }
};

TEST(Act, IsRefusedWithoutTheRole) {
  Answered house;
  EXPECT_TRUE(failed_with(house.identified(R"({"account":"A-1"})", as("bill")), Code::refused));
  EXPECT_TRUE(failed_with(house.identified(R"({"account":"A-1"})", as("ghost")), Code::refused));
}

TEST(Act, IsAConflictWhereTheStateDoesNotOfferIt) {
  Answered house;
  ASSERT_TRUE(house.identified(R"({"account":"A-1"})", as("carl")));
  house.go();
  const auto again = house.identified(R"({"account":"A-1"})", as("carl"));
  ASSERT_TRUE(failed_with(again, Code::conflict));
  EXPECT_THAT(again.error().message, HasSubstr("offers no acts"));
}

TEST(Act, TakesOnlyAFormThatFits) {
  Answered house;
  EXPECT_TRUE(failed_with(house.identified("{}", as("carl")), Code::invalid));
  EXPECT_TRUE(failed_with(house.identified(R"({"account":""})", as("carl")), Code::invalid));
  EXPECT_TRUE(failed_with(house.identified("[", as("carl")), Code::invalid));
  EXPECT_EQ(house.row().configuration, R"(["answered"])");
}

TEST(RequestId, MakesTheSameActTwiceOne) {
  Answered house;
  ASSERT_TRUE(house.identified(R"({"account":"A-1"})", as("carl", "r-1")));
  const std::int64_t version = house.row().version;
  EXPECT_TRUE(house.identified(R"({"account":"A-1"})", as("carl", "r-1")));
  EXPECT_EQ(house.row().version, version);
}

TEST(RequestId, OfAnotherActIsAConflict) {
  Answered house;
  ASSERT_TRUE(house.identified(R"({"account":"A-1"})", as("carl", "r-1")));
  EXPECT_TRUE(failed_with(house.identified(R"({"account":"A-2"})", as("carl", "r-1")), Code::conflict));
  EXPECT_TRUE(failed_with(house.identified(R"({"account":"A-1"})", as("cora", "r-1")), Code::conflict));
}

TEST(RequestId, OfAnActThatFailedIsFree) {
  Answered house;
  EXPECT_FALSE(house.identified("{}", as("carl", "r-1")));
  EXPECT_TRUE(house.identified(R"({"account":"A-1"})", as("carl", "r-1")));
}

TEST(Act, OnWhatIsNotThereIsNotFound) {
  House house;
  EXPECT_TRUE(failed_with(house.engine->approve(99, true, as("sam")), Code::not_found));
  EXPECT_TRUE(failed_with(house.engine->review(99, true, as("sam")), Code::not_found));
  EXPECT_TRUE(failed_with(house.engine->decide(99, Decision::done, "{}", "", as("sam")), Code::not_found));
  EXPECT_TRUE(failed_with(house.engine->send_event("C-000099", "manual.x", "", as("sam")), Code::not_found));
}

TEST(Listener, HearsEachJournaledStepOnce) {
  House house;
  house.post("P1");
  house.post("P2", "nice weather", "ben");
  std::vector<std::string> journaled;
  for (const std::int64_t id : {0, 1}) {
    const auto rows = house.store->journal(id, 0, 1000);
    ASSERT_TRUE(rows);
    for (const JournalRow& row : *rows)
      journaled.push_back((id == 0 ? " " : "C-000001 ") + std::to_string(row.seq) + " " + row.event);
  }
  EXPECT_THAT(house.events, testing::UnorderedElementsAreArray(journaled));
}

TEST(Listener, MayReadTheStoreAndFindsTheStepThere) {
  House house;
  int heard = 0;
  EngineOptions options;
  options.store = make_memory_store();
  options.departments = house.departments();
  options.channel = house.channel;
  options.workflows = {shipped_workflow()};
  options.clock = house.clock;
  options.virtual_time = true;
  options.listeners.on_event = [&heard, store = options.store](const CaseEvent& event) {
    if (event.case_reference.empty()) return;
    const auto id = store->find_case(event.case_reference);
    ASSERT_TRUE(id && *id);
    const auto record = store->load_case(**id);
    ASSERT_TRUE(record);
    EXPECT_GE(record->row.version, event.seq);
    ++heard;
  };
  auto engine = Engine::open(std::move(options));
  ASSERT_TRUE(engine);
  ASSERT_TRUE((*engine)->receive(house.make_post("P1")));
  ASSERT_TRUE((*engine)->run_until_idle());
  EXPECT_GT(heard, 3);
}

TEST(Engines, TwoInOneProcessKeepApart) {
  House one, two;
  one.post("P1");
  two.post("P1", "charged, by another company", "ben");
  EXPECT_EQ(one.row().state, CaseState::resolved);
  EXPECT_THAT(one.texts().front(), HasSubstr("ana"));
  EXPECT_THAT(two.texts().front(), HasSubstr("ben"));
  EXPECT_EQ(one.channel->lines.size(), 2u);
}

TEST(Threads, HandleTwoHundredPostsFromFourThreads) {
  constexpr int threads = 4, posts = 50;
  auto billing = std::make_shared<ScriptedDepartment>(read_text("tests/workflow/manifests/billing.json"));
  auto commercial = std::make_shared<ScriptedDepartment>(read_text("tests/workflow/manifests/commercial.json"));
  auto channel = std::make_shared<RecordingChannel>();
  std::mutex mutex;
  std::condition_variable changed;
  std::set<std::string> resolved;
  EngineOptions options;
  options.store = make_memory_store();
  options.departments = {billing, commercial};
  options.channel = channel;
  options.workflows = {shipped_workflow()};
  options.listeners.on_event = [&](const CaseEvent& event) {
    if (event.entry.find("\"state\":\"resolved\"") == std::string_view::npos) return;
    const std::lock_guard lock(mutex);
    resolved.insert(std::string(event.case_reference));
    changed.notify_all();
  };
  auto engine = Engine::open(std::move(options));
  ASSERT_TRUE(engine);
  ASSERT_TRUE((*engine)->start(2));
  const std::int64_t now = make_system_clock()->now_ms();
  std::vector<std::thread> senders;
  for (int sender = 0; sender < threads; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < posts; ++i) {
        Post post;
        post.id = std::to_string(sender) + "-" + std::to_string(i);
        post.channel = "x";
        post.author.handle = "a" + post.id;
        post.created_at_ms = now;
        post.text = "they charged me twice";
        post.language = "en";
        const auto fate = (*engine)->receive(post);
        EXPECT_TRUE(fate && fate->fate == PostFate::opened);
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(120), [&] { return resolved.size() == threads * posts; }))
        << resolved.size();
  }
  (*engine)->stop();
  EXPECT_EQ(channel->lines.size(), 2u * threads * posts);
  EXPECT_EQ(billing->calls(Verb::perform, "refund").size(), std::size_t{threads * posts});
  const auto audit = audit_store((*engine)->store());
  ASSERT_TRUE(audit);
  EXPECT_THAT(audit->faults, testing::IsEmpty());
}

TEST(Threads, AreRefusedOnVirtualTime) {
  House house;
  EXPECT_TRUE(failed_with(house.engine->start(1), Code::invalid));
}

}  // namespace
TEST(Evidence, OfAPersonMustSayWhatWasAskedFor) {
  House house;
  house.billing->perform("refund", {lost()});
  house.post("P1");
  house.pass(2 * hour_ms);
  const std::int64_t id = house.commitment("refund").id;
  const auto other = R"({"amount_minor":999999,"currency":"EUR","receipt":"R-1"})";
  const auto refused = house.engine->decide(id, Decision::done, other, "", as("bill"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("/amount_minor: 999999 is not what was asked for, 4500"));
  EXPECT_EQ(house.state("refund"), CommitmentState::unknown);
}

TEST(Evidence, OfADepartmentThatIsNotWhatWasAskedForProvesNothing) {
  House house;
  house.billing->perform("refund", {done(R"({"amount_minor":4600,"currency":"EUR","receipt":"R-1"})")});
  house.post("P1");
  EXPECT_EQ(house.state("refund"), CommitmentState::unknown);
  EXPECT_FALSE(house.has_reply("refunded"));
}

TEST(Approval, IsNotGivenByTheRoleThatItsLatenessWasEscalatedTo) {
  House house;
  house.billing->perform("check_charge", {done(charge_evidence(15000))});
  house.billing->perform("refund", {done(R"({"amount_minor":15000,"currency":"EUR","receipt":"R-1"})")});
  house.post("P1");
  house.pass(13 * hour_ms);
  const std::int64_t id = house.commitment("refund").id;
  ASSERT_EQ(house.state("refund"), CommitmentState::awaiting_approval);
  EXPECT_TRUE(house.task("supervisor", house.about("refund")));
  EXPECT_TRUE(house.task("billing-lead", "late:" + house.about("refund")));
  const auto lead = house.engine->approve(id, true, as("lea"));
  ASSERT_FALSE(lead);
  EXPECT_EQ(lead.error().code, Code::refused);
  ASSERT_TRUE(house.engine->approve(id, true, as("sam")));
  EXPECT_FALSE(house.task("billing-lead", "late:" + house.about("refund")));
  house.go();
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
}

}  // namespace redress::house
