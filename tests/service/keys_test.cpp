// Every POST route under an Idempotency-Key: done once, for thirty days, whatever comes meanwhile.
#include <set>
#include <thread>

#include "service/acts.hpp"
#include "service/router.hpp"
#include "service/served_house.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

const std::string key = "Idempotency-Key: k-1\r\n";

struct Keyed {
  const char* id;  // Of the route.
  std::function<std::unique_ptr<ServedHouse>()> open;
  const char* person;
  std::function<std::string(const ServedHouse&)> path;
  std::function<std::string(const ServedHouse&)> body;
  std::string other_body;  // Which would be done under another key.
  int repeated = 200;      // What the same request again is answered with.
  int anew = 200;          // And when its key is free again; 404, 409: what it asks for is no longer there to be done.
  std::function<void(ServedHouse&)> meanwhile = [](ServedHouse&) {};  // Somebody else, before it is repeated.

  wire::Wire::Answer ask(const ServedHouse& house) const { return house.ask(person, "POST", path(house), body(house), key); }
  wire::Wire::Answer ask_other(const ServedHouse& house) const {
    return house.ask(person, "POST", path(house), other_body, key);
  }
};

std::string second_version() { return with(shipped_workflow(), R"("version": "1.2.0")", R"("version": "2.0.0")"); }

struct Aside : ServedHouse {  // Its case is set aside: a guard reads what is not there.
  Aside() : ServedHouse({}, {}, {}, {{with_a_guard_that_fails()}}) { post("P1"); }
};
struct Unkept : ServedHouse {  // The department's books refused what bill decided: a task that no other act settles.
  std::int64_t task_id = 0;
  Unkept() {
    billing->perform("refund", {lost()});
    billing->script(Verb::record, "refund", {says_no()});
    post("P1");
    pass(2 * hour_ms);
    EXPECT_TRUE(engine->decide(commitment("refund").id, Decision::done, refund_evidence, "", as("bill")));
    go();
    for (const auto& [id, each] : record().tasks)
      if (each.subject == about("refund") && each.done_at_ms == 0) task_id = id;
  }
};
struct Unseen : ServedHouse {  // Nobody knows whether a reply is public.
  Unseen() {
    billing->perform("check_charge", {done(charge_evidence(0))});
    channel->publishing = {done("{}"), lost()};
    post("P1");
    pass(hour_ms);
  }
};
struct Awaited : ServedHouse {  // The refund's outcome is to be reported.
  Awaited() {
    billing->perform("refund", {waiting()});
    post("P1");
  }
};
struct Versioned : ServedHouse {
  Versioned() { EXPECT_TRUE(engine->publish_workflow(second_version())); }
};
struct Rehearsed : ServedHouse {
  int moves = 0;
  Rehearsed()
      : ServedHouse([this](ServiceOptions& options) {
          options.advance = [this](std::int64_t to_ms) -> Result<std::int64_t> {
            ++moves;
            clock->advance_to(to_ms);
            return clock->now_ms();
          };
        }) {}
};

template <class HouseType>
auto opened() {
  return [] { return std::make_unique<HouseType>(); };
}
auto text(std::string text) {
  return [text = std::move(text)](const ServedHouse&) { return text; };
}
std::string report_of(const ServedHouse& house, const char* outcome) {
  return Json{{"key", house.commitment("refund").key}, {"outcome", outcome}, {"evidence", Json::parse(refund_evidence)}}.dump();
}

std::vector<Keyed> keyed() {
  const std::string yes = R"({"approve":true})", no = R"({"approve":false})";
  const std::string shut = R"({"new_cases":"shut","automatic_replies":"open"})";
  const auto path_of = [](const char* name, const char* what) {
    return [name, what](const ServedHouse& house) { return commitment_path(house, name, what); };
  };
  const auto reply_path = [](const char* name, const char* what) {
    return [name, what](const ServedHouse& house) { return "/v1/replies/" + std::to_string(house.reply(name).id) + what; };
  };
  return {
      {"receivePost", opened<ServedHouse>(), "bridge", text("/v1/posts"), text(ServedHouse::post_line("P1")),
       ServedHouse::post_line("P2")},
      {"sendEvent", opened<Asking>(), "carl", text("/v1/cases/C-000001/events"),
       text(R"({"event":"manual.identified","form":{"account":"A-1"}})"),
       R"({"event":"manual.identified","form":{"account":"A-2"}})", 200, 409},
      {"say", opened<Approving>(), "carl", text("/v1/cases/C-000001/replies"), text(R"({"text":"we are on it"})"),
       R"({"text":"it will be done"})"},
      {"retryCase", opened<Aside>(), "lea", text("/v1/cases/C-000001/retry"), text("{}"), "{ }"},
      {"skipCase", opened<Aside>(), "lea", text("/v1/cases/C-000001/skip"), text("{}"), "{ }", 200, 409},
      {"finishTask", opened<Unkept>(), "bill",
       [](const ServedHouse& house) {
         return "/v1/tasks/" + std::to_string(dynamic_cast<const Unkept&>(house).task_id) + "/done";
       },
       text(R"({"note":"corrected"})"), R"({"note":"left"})", 200, 404},
      {"settleCommitment", opened<Unknown>(), "bill", path_of("refund", "/outcome"),
       text(R"({"outcome":"failed","reason":"the bank says no"})"), R"({"outcome":"failed","reason":"the bank is gone"})", 200,
       409},
      {"approveCommitment", opened<Approving>(), "sam", path_of("refund", "/approval"), text(yes), no, 200, 409},
      {"reviewReply", opened<Offering>(), "carl", reply_path("offered", "/review"), text(yes), no, 200, 409},
      {"settleReply", opened<Unseen>(), "lea", reply_path("explained", "/settlement"), text(R"({"settle":"published"})"),
       R"({"settle":"waived","reason":"seen"})", 200, 409},
      {"reportOutcome", opened<Awaited>(), "bill", text("/v1/reports"),
       [](const ServedHouse& house) { return report_of(house, "done"); }, "", 200, 200,
       [](ServedHouse& house) {
         EXPECT_TRUE(house.billing->report({.key = house.commitment("refund").key, .kind = ReportKind::revoked}));
       }},
      {"publishWorkflow", opened<ServedHouse>(), "adam", text("/v1/workflows"), text(second_version()),
       with(shipped_workflow(), R"("version": "1.2.0")", R"("version": "3.0.0")"), 201, 201},
      {"activateWorkflow", opened<Versioned>(), "adam", text("/v1/workflows/billing-overcharge/activation"),
       text(R"({"version":"2.0.0"})"), R"({"version":"1.2.0"})", 200, 200,
       [](ServedHouse& house) { EXPECT_TRUE(house.engine->activate_workflow("billing-overcharge", "1.2.0")); }},
      {"switchWorkflow", opened<ServedHouse>(), "adam", text("/v1/workflows/billing-overcharge/switches"), text(shut),
       R"({"new_cases":"open","automatic_replies":"shut"})", 200, 200,
       [](ServedHouse& house) { EXPECT_TRUE(house.engine->set_switches("billing-overcharge", {})); }},
      {"addToken", opened<ServedHouse>(), "adam", text("/v1/tokens"), text(R"({"person":"carl"})"), R"({"person":"cora"})", 409,
       201},
      {"moveClock", opened<Rehearsed>(), "adam", text("/v1/clock"), text(Json{{"advance_to_ms", opening_ms + hour_ms}}.dump()),
       Json{{"advance_to_ms", opening_ms + 2 * hour_ms}}.dump()},
  };
}

// Of an outcome to report the other body needs the house; of the rest it is a text.
Keyed in(const ServedHouse& house, Keyed each) {
  if (each.other_body.empty()) each.other_body = report_of(house, "failed");
  return each;
}

std::int64_t last_row(const ServedHouse& house) {
  const auto rows = house.store->journal_since(0, 1000);
  EXPECT_TRUE(rows);
  return rows && !rows->empty() ? rows->back().id : 0;
}
std::size_t row_count(const ServedHouse& house) { return house.store->journal_since(0, 1000)->size(); }
bool is_done(int status) { return status == 200 || status == 201; }

TEST(AKey, IsTakenByEveryPostRoute) {
  std::set<std::string> taken, tried;
  for (const service::Route& route : service::routes())
    if (route.takes_key()) taken.insert(route.id);
  for (const Keyed& each : keyed()) tried.insert(each.id);
  EXPECT_EQ(taken, tried);
  for (const service::Route& route : service::routes()) {
    const bool is_post = std::string(route.method) == "POST" && std::string(route.id) != "receiveHook";
    EXPECT_EQ(route.takes_key(), is_post) << route.id;
  }
}

TEST(AKey, MakesTheSameRequestOneForThirtyDaysAndNoOtherMeanwhile) {
  for (const Keyed& row : keyed()) {
    const auto house = row.open();
    const Keyed each = in(*house, row);
    const std::int64_t before = last_row(*house);
    const auto first = each.ask(*house);
    ASSERT_TRUE(is_done(first.status)) << each.id << ": " << first.status << " " << first.body;
    EXPECT_GT(last_row(*house), before) << each.id;
    const std::int64_t asked_at_ms = house->clock->now_ms();
    each.meanwhile(*house);
    const std::int64_t done = last_row(*house);
    const auto again = each.ask(*house);
    EXPECT_EQ(again.status, each.repeated) << each.id << ": " << again.body;
    EXPECT_EQ(each.ask_other(*house).status, 422) << each.id;
    house->clock->advance_to(asked_at_ms + service::key_kept_ms);
    EXPECT_EQ(each.ask(*house).status, each.repeated) << each.id;
    EXPECT_EQ(each.ask_other(*house).status, 422) << each.id;
    EXPECT_EQ(last_row(*house), done) << each.id << " was done again";
    house->clock->advance_to(asked_at_ms + service::key_kept_ms + 1);
    const auto anew = each.ask(*house);
    EXPECT_EQ(anew.status, each.anew) << each.id << ": " << anew.body;
    if (is_done(each.anew)) {
      EXPECT_GT(last_row(*house), done) << each.id;
      EXPECT_EQ(each.ask(*house).status, each.repeated) << each.id << ": its second thirty days";
    }
    house->expect_sound();
  }
}

// Both at once; their statuses.
std::multiset<int> both(const std::function<wire::Wire::Answer()>& one, const std::function<wire::Wire::Answer()>& other) {
  int beside = 0;
  std::thread thread([&] { beside = one().status; });
  const int here = other().status;
  thread.join();
  return {beside, here};
}

TEST(AKey, MakesTwoAtOnceOne) {
  for (const Keyed& each : keyed()) {
    const auto alone = each.open();
    const std::size_t before = row_count(*alone);
    const int status = each.ask(*alone).status;
    const std::size_t rows = row_count(*alone) - before;
    for (int i = 0; i < 5; ++i) {
      const auto house = each.open();
      const auto statuses = both([&] { return each.ask(*house); }, [&] { return each.ask(*house); });
      EXPECT_EQ(statuses, (std::multiset<int>{status, each.repeated})) << each.id;
      EXPECT_EQ(row_count(*house) - before, rows) << each.id;
      house->expect_sound();
    }
  }
}

TEST(AKey, OfTwoAtOnceThatDifferIsOneOfTheirs) {
  for (const Keyed& row : keyed()) {
    for (int i = 0; i < 5; ++i) {
      const auto house = row.open();
      const Keyed each = in(*house, row);
      const auto statuses = both([&] { return each.ask(*house); }, [&] { return each.ask_other(*house); });
      EXPECT_EQ(statuses.count(422), 1u) << each.id << ": " << *statuses.begin() << " and " << *statuses.rbegin();
      EXPECT_TRUE(is_done(*statuses.begin())) << each.id << ": " << *statuses.begin();
      house->expect_sound();
    }
  }
}

TEST(AKey, IsOnePathsAlone) {
  const Versioned house;
  EXPECT_EQ(house.ask("adam", "POST", "/v1/tokens", R"({"person":"carl"})", key).status, 201);
  EXPECT_EQ(house.ask("adam", "POST", "/v1/workflows", second_version(), key).status, 422);
}

TEST(ARepetition, IsAnsweredWithWhatStandsNow) {
  Versioned house;
  const std::string switches = "/v1/workflows/billing-overcharge/switches";
  const std::string shut = R"({"new_cases":"shut","automatic_replies":"shut"})";
  EXPECT_EQ(house.json(house.ask("adam", "POST", switches, shut, key))["new_cases"], "shut");
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.automatic_replies = true}));
  const Json again = house.json(house.ask("adam", "POST", switches, shut, key));
  EXPECT_EQ(again["new_cases"], "open");
  EXPECT_EQ(again["automatic_replies"], "shut");
  const std::string other_key = "Idempotency-Key: k-2\r\n";
  const std::string path = "/v1/workflows/billing-overcharge/activation";
  EXPECT_EQ(house.json(house.ask("adam", "POST", path, R"({"version":"2.0.0"})", other_key))["version"], "2.0.0");
  ASSERT_TRUE(house.engine->activate_workflow("billing-overcharge", "1.2.0"));
  EXPECT_EQ(house.json(house.ask("adam", "POST", path, R"({"version":"2.0.0"})", other_key))["version"], "1.2.0");
  house.post("P1");
  EXPECT_EQ(house.row().workflow_version, "1.2.0") << "the engine obeys what the store says";
}

TEST(ARepetition, OfWhatChangedNothingChangesNothingLaterEither) {
  ServedHouse house;
  const std::string switches = "/v1/workflows/billing-overcharge/switches";
  const std::string open = R"({"new_cases":"open","automatic_replies":"open"})";
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {}));
  EXPECT_EQ(house.ask("adam", "POST", switches, open, key).status, 200);
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true}));
  EXPECT_EQ(house.json(house.ask("adam", "POST", switches, open, key))["new_cases"], "shut");
}

TEST(ARepetition, OfANewTokenNamesItAndTellsNoText) {
  const ServedHouse house;
  const std::string body = R"({"person":"carl","note":"the bridge"})";
  const auto made = house.json(house.ask("adam", "POST", "/v1/tokens", body, key));
  const std::string id = std::to_string(made["id"].get<std::int64_t>());
  const auto again = house.ask("adam", "POST", "/v1/tokens", body, key);
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.body, HasSubstr("made token " + id));
  EXPECT_THAT(again.body, HasSubstr("revoke token " + id));
  EXPECT_THAT(again.body, Not(HasSubstr(made["token"].get<std::string>())));
  EXPECT_EQ(house.ask("adam", "DELETE", "/v1/tokens/" + id).status, 204);
  EXPECT_EQ(house.ask("adam", "POST", "/v1/tokens", body, "Idempotency-Key: k-2\r\n").status, 201);
}

TEST(ARepetition, OfAMovedClockMovesNothing) {
  Rehearsed house;
  const std::string body = Json{{"advance_to_ms", opening_ms + hour_ms}}.dump();
  EXPECT_EQ(house.ask("adam", "POST", "/v1/clock", body, key).status, 200);
  house.clock->advance_to(opening_ms + 3 * hour_ms);
  EXPECT_EQ(house.json(house.ask("adam", "POST", "/v1/clock", body, key))["now_ms"], opening_ms + 3 * hour_ms);
  EXPECT_EQ(house.moves, 1);
}

TEST(AKey, OfAFailedRequestIsFree) {
  const ServedHouse house;
  EXPECT_EQ(house.ask("adam", "POST", "/v1/tokens", R"({"person":"ghost"})", key).status, 404);
  EXPECT_EQ(house.ask("adam", "POST", "/v1/tokens", R"({"person":"carl"})", key).status, 201);
}

TEST(Administration, IsJournaledWithWhoseTokenItWas) {
  Versioned house;
  EXPECT_EQ(house.ask("adam", "PUT", "/v1/people/zoe", R"({"roles":["community"]})").status, 200);
  const auto made = house.json(house.ask("adam", "POST", "/v1/tokens", R"({"person":"zoe"})"));
  EXPECT_EQ(house.ask("adam", "DELETE", "/v1/tokens/" + std::to_string(made["id"].get<std::int64_t>())).status, 204);
  EXPECT_EQ(house.ask("adam", "POST", "/v1/workflows/billing-overcharge/activation", R"({"version":"2.0.0"})").status, 200);
  EXPECT_EQ(house
                .ask("adam", "POST", "/v1/workflows/billing-overcharge/switches",
                     R"({"new_cases":"shut","automatic_replies":"open"})")
                .status,
            200);
  std::vector<std::string> events;
  const auto rows = house.store->journal(0, 0, 1000);
  ASSERT_TRUE(rows);
  for (const JournalRow& row : *rows)
    if (row.entry.find(R"("by":"adam")") != std::string::npos) events.push_back(row.event);
  EXPECT_THAT(events,
              UnorderedElementsAre("person.added", "token.added", "token.revoked", "workflow.activated", "workflow.switched"));
}

TEST(AReport, IsJournaledWithWhoseTokenItWas) {
  const Awaited house;
  ASSERT_EQ(house.ask("bill", "POST", "/v1/reports", report_of(house, "done")).status, 200);
  const Json why = house.json(house.ask("carl", "GET", "/v1/cases/C-000001/why"));
  const Json& told = *std::find_if(why["history"].begin(), why["history"].end(),
                                   [](const Json& step) { return step["event"] == "report.done"; });
  EXPECT_EQ(told["what"]["by"], "bill");
}

TEST(OpenApi, GivesTheKeyToTheRoutesThatTakeItAlone) {
  const ServedHouse house;
  const Json document = house.json(house.ask("nina", "GET", "/v1/openapi.json"));
  for (const service::Route& route : service::routes()) {
    std::string method = route.method;
    for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const Json& operation = document["paths"][route.pattern][method];
    const bool has_key = std::any_of(operation["parameters"].begin(), operation["parameters"].end(),
                                     [](const Json& parameter) { return parameter["name"] == "Idempotency-Key"; });
    EXPECT_EQ(has_key, route.takes_key()) << route.id;
    EXPECT_EQ(operation["responses"].contains("422"), route.takes_key() || std::string(route.id) == "receiveHook") << route.id;
    EXPECT_EQ(operation["responses"].contains("412"), route.is_act) << route.id;
    if (route.takes_key()) {
      EXPECT_TRUE(operation["responses"].contains("409")) << route.id;
    }
  }
}

}  // namespace
}  // namespace redress::house
