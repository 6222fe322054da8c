// Real histories replayed on a virtual clock: what the engine measures is what the rows say, one by one.
#include "history.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "house.hpp"

namespace redress::house {
namespace {

using history::instant_ms;
using history::Row;
using Json = nlohmann::ordered_json;

const std::string data = "../shared/data/";

// ---- people's own replies ----

const std::string listening =
    R"json({ "redress": 1, "id": "listening", "version": "1.0.0", "default_language": "en", "owner": "agent",
  "intake": { "when": "true", "category": "any" },
  "sla": { "first_reply": { "within": "PT15M" } },
  "initial": "open", "states": { "open": { "on": { "customer.replied": { "actions": [ { "escalate": "agent" } ] }, "manual.end": { "target": "ended" } },
                                        "manual": { "end": { "role": "agent" } } },
                              "ended": { "type": "final" } } })json";

struct Threads {
  std::vector<Row> rows;                            // By time; of threads that a customer began and whose first post is there.
  std::map<std::string, std::int64_t> began_at_ms;  // By thread.
  std::map<std::string, std::int64_t> first_reply_ms;
};

Threads read_threads() {
  Threads threads;
  const auto all = history::rows_of(data + "tweet_threads.csv");
  for (const Row& row : all)
    if (row.at("id") == row.at("thread") && row.at("inbound") == "1")
      threads.began_at_ms[row.at("thread")] = instant_ms(row.at("created_at"));
  for (const Row& row : all) {
    if (!threads.began_at_ms.contains(row.at("thread"))) continue;
    threads.rows.push_back(row);
    if (row.at("inbound") == "0") threads.first_reply_ms.emplace(row.at("thread"), instant_ms(row.at("created_at")));
  }
  return threads;
}

struct Desk {
  std::shared_ptr<VirtualClock> clock;
  std::shared_ptr<Store> store;
  std::unique_ptr<Engine> engine;

  explicit Desk(const std::string& path) {
    store = *open_sqlite_store(path, OpenMode::write);
    const std::int64_t last_ms = store->meta()->last_at_ms;
    clock = make_virtual_clock(last_ms);
    EngineOptions options;
    options.store = std::make_shared<StoredWorkflows>(store, std::vector<std::string>{listening});
    options.channel = std::make_shared<RecordingChannel>();
    options.clock = clock;
    options.random = make_seeded_random(1);
    options.virtual_time = true;
    auto opened = Engine::open(std::move(options));
    if (!opened) throw std::runtime_error(opened.error().message);
    engine = std::move(*opened);
    for (const char* name : {"ana", "ben"}) EXPECT_TRUE(engine->add_person(name, {"agent"}));
  }

  void pass_to(std::int64_t at_ms) {
    for (;;) {
      EXPECT_TRUE(engine->run_until_idle());
      const auto next = store->next_due_at_ms();
      if (!*next || **next > at_ms) break;
      clock->advance_to(**next);
    }
    if (clock->now_ms() < at_ms) clock->advance_to(at_ms);
  }

  // A row that was done before changes nothing.
  void take(const Row& row) {
    pass_to(instant_ms(row.at("created_at")));
    if (row.at("inbound") == "1") {
      Post post{.id = row.at("id"), .channel = "x", .author = {.handle = row.at("author")}};
      post.created_at_ms = instant_ms(row.at("created_at"));
      post.thread = row.at("thread");
      post.text = "row " + row.at("id");
      EXPECT_TRUE(engine->receive(post));
      return;
    }
    const auto case_id = store->find_case_of_thread("x", row.at("thread"));
    if (!case_id || !*case_id) return;
    const std::string reference = store->load_case(**case_id)->row.reference;
    const auto said = engine->say(reference, {.text = "row " + row.at("id")}, as("ana", "say/" + row.at("id")));
    ASSERT_TRUE(said) << said.error().message;
    const auto passed = engine->review(*said, true, as("ben", "review/" + row.at("id")));
    ASSERT_TRUE(passed) << passed.error().message;
    EXPECT_TRUE(engine->run_until_idle());
  }
};

// Killed in the middle, with a few rows of the one before done again.
void replay_in_parts(const Threads& threads, const std::string& path, std::size_t part) {
  for (std::size_t begin = 0; begin < threads.rows.size(); begin += part) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        Desk desk(path);
        const std::size_t end = std::min(threads.rows.size(), begin + part);
        for (std::size_t i = begin < 5 ? 0 : begin - 5; i < end; ++i) desk.take(threads.rows[i]);
        if (!testing::Test::HasFailure()) ::kill(::getpid(), SIGKILL);
      } catch (const std::exception& thrown) {
        std::fprintf(stderr, "%s\n", thrown.what());
      }
      ::_exit(1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
}

void expect_the_figures(const Threads& threads, const std::string& path) {
  const auto store = open_sqlite_store(path, OpenMode::read);
  ASSERT_TRUE(store);
  std::size_t cases = 0;
  for (const auto& [thread, began_ms] : threads.began_at_ms) {
    const auto case_id = (*store)->find_case_of_thread("x", thread);
    ASSERT_TRUE(case_id && *case_id) << thread;
    const CaseRow row = (*store)->load_case(**case_id)->row;
    EXPECT_EQ(row.episode_at_ms, began_ms) << thread;
    const auto expected = threads.first_reply_ms.find(thread);
    EXPECT_EQ(row.first_reply_met_at_ms, expected == threads.first_reply_ms.end() ? 0 : expected->second) << thread;
    ++cases;
  }
  EXPECT_EQ(cases, 645u);
  const Json report = Json::parse(*make_report(**store));
  const Json& line = report["first_reply"][0];
  EXPECT_EQ(line["episodes"], 645);
  EXPECT_EQ(line["within"]["PT15M"], 336);  // 52.1 %
  EXPECT_EQ(line["within"]["PT1H"], 465);   // 72.1 %
  EXPECT_EQ(line["within"]["PT24H"], 607);  // 94.1 %
  EXPECT_EQ(line["median_ms"], 809'000);    // 13.5 min
  EXPECT_TRUE(audit_store(**store)->faults.empty());
}

struct ReplayFolder {
  std::string path = std::filesystem::exists("/dev/shm") ? "/dev/shm/redress-history-XXXXXX" : "/tmp/redress-history-XXXXXX";
  ReplayFolder() { EXPECT_NE(::mkdtemp(path.data()), nullptr); }
  ~ReplayFolder() { std::filesystem::remove_all(path); }
};

TEST(History, OfPublicThreadsGivesTheFirstRepliesThatTheirRowsSay) {
  const Threads threads = read_threads();
  if (threads.rows.empty()) GTEST_SKIP() << data << "tweet_threads.csv is not here";
  const ReplayFolder folder;
  {
    Desk desk(folder.path + "/r.db");
    for (const Row& row : threads.rows) desk.take(row);
  }
  expect_the_figures(threads, folder.path + "/r.db");
}

TEST(History, OfPublicThreadsIsTheSameWhenKilledAtEveryHundredthRow) {
  const Threads threads = read_threads();
  if (threads.rows.empty()) GTEST_SKIP() << data << "tweet_threads.csv is not here";
  const ReplayFolder folder;
  replay_in_parts(threads, folder.path + "/r.db", 100);
  expect_the_figures(threads, folder.path + "/r.db");
}

// ---- a department's promises ----

const std::string manifest_of_city =
    R"json({ "id": "test.city", "version": "1.0.0", "abi": 1, "department": "city", "config": { "type": "object" },
  "actions": { "serve": { "title": "Serve a request", "dedupes": true, "reconciles": true,
    "input": { "type": "object", "required": ["request"], "additionalProperties": false, "properties": { "request": { "type": "string" } } },
    "evidence": { "type": "object", "required": ["request"], "additionalProperties": false, "properties": { "request": { "type": "string", "maxLength": 20 } } } } } })json";

// A commitment for each promised time, so that `due` is the workflow's own.
std::string workflow_of_promises(const std::set<std::int64_t>& promises_ms) {
  Json workflow =
      Json::parse(R"json({ "redress": 1, "id": "city", "version": "1.0.0", "default_language": "en", "owner": "desk",
    "intake": { "when": "true", "category": "any" }, "commitments": {}, "initial": "route",
    "states": { "route": { "entry": [ { "raise": "routed" } ], "on": { "routed": [] } }, "served": { "type": "final" } },
    "on": { "*.overdue": { "actions": [ { "escalate": "desk" } ] } } })json");
  for (const std::int64_t ms : promises_ms) {
    const std::string name = "within_" + std::to_string(ms / 1000);
    workflow["commitments"][name] = {{"department", "city"},
                                     {"action", "serve"},
                                     {"due", "PT" + std::to_string(ms / 1000) + "S"},
                                     {"input", {{"request", "{{ post.id }}"}}}};
    workflow["states"][name] = {{"entry", Json::array({{{"commit", name}}})},
                                {"on", {{name + ".fulfilled", {{"target", "served"}}}}}};
    workflow["states"]["route"]["on"]["routed"].push_back({{"guard", "post.text == '" + name + "'"}, {"target", name}});
  }
  return workflow.dump();
}

TEST(History, OfServiceRequestsIsLateWhereTheyWereClosedAfterTheyWereDue) {
  std::vector<Row> rows;
  std::set<std::int64_t> promises_ms;
  std::map<std::string, std::int64_t> closed_at_ms;
  for (Row& row : history::rows_of(data + "service_requests.csv")) {
    if (row["due"].empty() || instant_ms(row["due"]) == instant_ms(row["created"]))
      continue;  // No promise, or none of any length.
    promises_ms.insert(instant_ms(row["due"]) - instant_ms(row["created"]));
    if (!row["closed"].empty()) closed_at_ms[row["id"]] = instant_ms(row["closed"]);
    rows.push_back(row);
  }
  if (rows.empty()) GTEST_SKIP() << data << "service_requests.csv is not here";
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.at("created") < b.at("created"); });

  auto city = std::make_shared<ScriptedDepartment>(manifest_of_city);
  city->usual = [&](const Call& call) -> Outcome {
    const std::string request = Json::parse(call.input)["request"];
    const auto closed = closed_at_ms.find(request);
    if (closed == closed_at_ms.end()) return {.kind = OutcomeKind::waiting, .retry_at_ms = call.now_ms + 365 * day_ms};
    if (closed->second <= call.now_ms) return done(Json{{"request", request}}.dump());
    return {.kind = OutcomeKind::waiting, .retry_at_ms = closed->second};
  };
  auto clock = make_virtual_clock(instant_ms(rows.front().at("created")));
  std::shared_ptr<Store> store = make_memory_store();
  EngineOptions options;
  options.store = std::make_shared<StoredWorkflows>(store, std::vector<std::string>{workflow_of_promises(promises_ms)});
  options.departments = {city};
  options.clock = clock;
  options.random = make_seeded_random(1);
  options.virtual_time = true;
  auto engine = Engine::open(std::move(options));
  ASSERT_TRUE(engine) << engine.error().message;
  const auto pass_to = [&](std::int64_t at_ms) {
    for (;;) {
      ASSERT_TRUE((*engine)->run_until_idle());
      const auto next = store->next_due_at_ms();
      if (!*next || **next > at_ms) break;
      clock->advance_to(**next);
    }
    clock->advance_to(at_ms);
  };
  for (const Row& row : rows) {
    pass_to(instant_ms(row.at("created")));
    Post post{.id = row.at("id"), .channel = "city", .author = {.handle = "citizen" + row.at("id")}};
    post.created_at_ms = instant_ms(row.at("created"));
    post.text = "within_" + std::to_string((instant_ms(row.at("due")) - instant_ms(row.at("created"))) / 1000);
    ASSERT_TRUE((*engine)->receive(post));
  }
  pass_to(clock->now_ms() + 730 * day_ms);

  std::size_t late = 0, in_time = 0;
  for (const Row& row : rows) {
    const auto post = store->find_post("city", row.at("id"));
    const CaseRecord record = *store->load_case((*post)->case_id);
    const CommitmentRow& commitment = record.commitments.begin()->second;
    if (row.at("closed").empty()) {
      EXPECT_EQ(commitment.state, CommitmentState::in_progress) << row.at("id");
      continue;
    }
    ASSERT_EQ(commitment.state, CommitmentState::fulfilled) << row.at("id");
    const bool is_late = instant_ms(row.at("closed")) > instant_ms(row.at("due"));
    EXPECT_EQ(commitment.due == DueState::overdue, is_late) << row.at("id");
    ++(is_late ? late : in_time);
  }
  EXPECT_GT(late, 700u);
  EXPECT_GT(in_time, 3'000u);
}

}  // namespace
}  // namespace redress::house
