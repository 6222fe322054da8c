// What is stored of a case is all that its statechart remembers: an engine that is closed after every event goes on as one that
// is not.
#include <filesystem>

#include "engine/house.hpp"
#include "statechart/random_chart.hpp"

namespace redress::statechart {
namespace {

using house::StoredWorkflows;

constexpr std::int64_t opening_ms = 1'767'603'600'000;

// Acts of people stand for the chart's events: each state offers those that it takes.
void offer_acts(Json& holder) {
  for (auto& [name, state] : holder.at("states").items()) {
    if (state.contains("states")) offer_acts(state);
    if (!state.contains("on")) continue;
    Json on = Json::object(), manual = Json::object();
    for (const auto& [event, transitions] : state.at("on").items()) {
      on["manual." + event] = transitions;
      manual[event] = {{"role", "lead"}};
    }
    state["manual"] = manual;
    state["on"] = on;
  }
}

std::string workflow_of(Json chart) {
  offer_acts(chart);
  Json workflow =
      Json::parse(R"json({ "redress": 1, "id": "random", "version": "1.0.0", "default_language": "en", "owner": "lead",
    "intake": { "when": "true", "category": "any" }, "data": { "n": { "type": "integer", "optional": true } } })json");
  workflow["initial"] = chart.at("states").begin().key();
  workflow.update(chart);
  workflow["states"]["end"] = {{"type", "final"}};
  for (auto& [name, state] : workflow.at("states").items())
    if (state.value("type", "") != "final") state["after"]["P1D"] = {{"target", "end"}};
  return as_workflow(workflow);
}

class Case {
 public:
  Case(std::string workflow, std::shared_ptr<Store> store) : workflow_(std::move(workflow)), store_(std::move(store)) {
    open();
  }

  void open() {
    engine_.reset();
    EngineOptions options;
    options.store = std::make_shared<StoredWorkflows>(store_, std::vector<std::string>{workflow_});
    options.clock = clock_;
    options.random = make_seeded_random(7);
    options.virtual_time = true;
    auto opened = Engine::open(std::move(options));
    ASSERT_TRUE(opened) << opened.error().message;
    engine_ = std::move(*opened);
  }

  void begin() {
    ASSERT_TRUE(engine_->add_person("lea", {"lead"}));
    Post post;
    post.id = "P1";
    post.channel = "x";
    post.created_at_ms = opening_ms;
    post.text = "hello";
    post.author.handle = "eva";
    const auto fate = engine_->receive(post);
    ASSERT_TRUE(fate) << fate.error().message;
    ASSERT_EQ(fate->fate, PostFate::opened) << fate->reason;
    ASSERT_TRUE(engine_->run_until_idle());
  }

  void take(const std::string& event, std::int64_t ms) {
    clock_->advance_to(clock_->now_ms() + ms);
    ASSERT_TRUE(engine_->run_until_idle());
    (void)engine_->send_event("C-000001", "manual." + event, "", house::as("lea"));  // May be offered, or not.
    ASSERT_TRUE(engine_->run_until_idle());
  }

  // Where it stands, with all that it remembers.
  [[nodiscard]] std::string told() const {
    const CaseRecord record = store_->load_case(1).value();
    std::string text = record.row.configuration + record.row.history + record.row.data + std::to_string(record.row.set_aside);
    for (const auto& [id, timer] : record.timers) text += timer.name + "@" + std::to_string(timer.due_at_ms) + " ";
    for (const auto& [id, task] : record.tasks) text += task.subject + "/" + task.role + (task.done_at_ms == 0 ? " " : "x ");
    return text;
  }

 private:
  std::string workflow_;
  std::shared_ptr<Store> store_;
  std::shared_ptr<VirtualClock> clock_ = make_virtual_clock(opening_ms);
  std::unique_ptr<Engine> engine_;
};

TEST(StoredStatechart, GoesOnAfterEachEventAsIfTheEngineHadNotBeenClosed) {
  const auto file = std::filesystem::temp_directory_path() / ("redress_stored_" + std::to_string(getpid()) + ".db");
  int played = 0, remembering = 0;
  for (unsigned seed = 1; played < 30 && seed < 200 && !testing::Test::HasFailure(); ++seed) {
    const std::string workflow = workflow_of(random_chart(seed, true));
    // Else some state of it cannot be reached, or leads nowhere: no workflow.
    if (!workflow::read_workflow(workflow, "random", workflow::Surroundings{}).workflow) continue;
    Case whole(workflow, make_memory_store());
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + workflow);
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
    auto stored = open_sqlite_store(file.string(), OpenMode::write);
    ASSERT_TRUE(stored) << stored.error().message;
    Case broken(workflow, std::move(*stored));
    whole.begin();
    broken.begin();
    std::mt19937 random(seed);
    for (int i = 0; i < 8; ++i) {
      const std::string event = random_event(random);
      const std::int64_t ms = static_cast<std::int64_t>(random() % 3) * 60'000;
      whole.take(event, ms);
      broken.open();
      broken.take(event, ms);
      ASSERT_EQ(whole.told(), broken.told()) << "event " << i << ": " << event;
    }
    ++played;
    remembering +=
        whole.told().find("\"history\"") != std::string::npos || workflow.find("\"history\"") != std::string::npos ? 1 : 0;
  }
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
  EXPECT_EQ(played, 30);
  EXPECT_GT(remembering, 5);
}

}  // namespace
}  // namespace redress::statechart
