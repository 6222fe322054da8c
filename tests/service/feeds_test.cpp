// What leaves the service by itself: live streams and webhooks, each from where it left off.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "redress/forwarding_store.hpp"
#include "service/http_front.hpp"
#include "service/live.hpp"
#include "service/outbound.hpp"
#include "service/served_house.hpp"
#include "service/signature.hpp"

namespace redress::house {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// The ids of the events in a stream's text so far, in their order.
std::vector<std::string> ids_in(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find("\nid: "); at != std::string::npos; at = text.find("\nid: ", at + 1))
    out.push_back(text.substr(at + 5, text.find('\n', at + 5) - at - 5));
  return out;
}

wire::Wire listen_as(const ServedHouse& house, const std::string& person, const std::string& after = "") {
  wire::Wire wire = house.connect();
  EXPECT_TRUE(
      wire.send(wire::get("/v1/events", house.bearing(person) + (after.empty() ? "" : "Last-Event-ID: " + after + "\r\n"))));
  EXPECT_TRUE(wire.receive_until("\n\n"));
  return wire;
}

TEST(Live, TellsWhatComesTrueFromNowOn) {
  ServedHouse house;
  house.post("P1");
  auto stream = listen_as(house, "audrey");
  EXPECT_THAT(stream.so_far(), HasSubstr("text/event-stream"));
  house.post("P2", "they charged me twice", "ben");
  house.service->wake();
  ASSERT_TRUE(stream.receive_until("event: case.resolved"));
  EXPECT_THAT(stream.so_far(), HasSubstr("C-000002"));
  EXPECT_THAT(stream.so_far(), Not(HasSubstr("C-000001")));
}

TEST(Live, GoesOnWhereAClientLeftOffWithoutAGapOrARepeat) {
  ServedHouse house;
  house.post("P1");
  house.post("P2", "they charged me twice", "ben");
  const auto all = list_facts(*house.store, 0, 1000);
  ASSERT_TRUE(all);
  std::vector<std::string> wanted;
  for (const Fact& fact : all->facts) wanted.push_back(fact.id);
  for (std::size_t cut : {std::size_t{0}, std::size_t{1}, wanted.size() / 2, wanted.size() - 2}) {
    auto stream = listen_as(house, "adam", wanted[cut]);
    ASSERT_TRUE(stream.receive_until("id: " + wanted.back() + "\n"));
    EXPECT_EQ(ids_in(stream.so_far()),
              std::vector<std::string>(wanted.begin() + static_cast<std::ptrdiff_t>(cut) + 1, wanted.end()))
        << cut;
  }
}

TEST(Live, EndsWhenItsTokenIsGoodNoMore) {
  ServedHouse house;
  auto stream = listen_as(house, "audrey");
  ASSERT_TRUE(
      house.engine->revoke_token(find_bearer(*house.store, house.tokens["audrey"], house.clock->now_ms()).value()->token_id));
  house.post("P1");
  house.service->wake();
  EXPECT_TRUE(stream.closes());
}

TEST(Live, ShowsADepartmentItsOwnCommitmentsAlone) {
  ServedHouse house;
  auto stream = listen_as(house, "bill", "0-0");
  house.post("P1");
  house.service->wake();
  ASSERT_TRUE(stream.receive_until("commitment.fulfilled"));
  ASSERT_TRUE(stream.receive_until("\"name\":\"refund\""));
  EXPECT_THAT(stream.so_far(), Not(HasSubstr("event: reply.")));
  EXPECT_THAT(stream.so_far(), Not(HasSubstr("event: case.")));
  EXPECT_EQ(house.ask("bill", "GET", "/v1/events", "", "Last-Event-ID: nonsense\r\n").status, 400);
}

TEST(Live, RefusesAPlaceThatTheJournalHasNotReached) {
  ServedHouse house;
  house.post("P1");
  const std::string latest = std::to_string(house.store->latest_journal_id().value());
  const std::string beyond = std::to_string(house.store->latest_journal_id().value() + 1) + "-0";
  for (const auto& refused : {house.ask("audrey", "GET", "/v1/events", "", "Last-Event-ID: " + beyond + "\r\n"),
                              house.ask("audrey", "GET", "/v1/events?after=" + beyond)}) {
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body, HasSubstr("no event here is " + beyond +
                                        ": it is of another database, or of this one before a backup was put back; the latest "
                                        "here is " +
                                        latest + "-"));
    EXPECT_THAT(refused.body, HasSubstr("0-0 begins at the beginning"));
  }
  EXPECT_EQ(house.ask("audrey", "GET", "/v1/events?after=" + latest + "-0").status, 200);
}

TEST(Live, LetsOnePersonHaveSoManyStreamsAndNoMore) {
  ServedHouse house([](ServiceOptions& options) { options.streams_per_person_max = 2; });
  auto first = std::make_unique<wire::Wire>(listen_as(house, "audrey"));
  const auto second = listen_as(house, "audrey");
  const auto refused = house.ask("audrey", "GET", "/v1/events");
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("audrey has 2 live streams open, as many as one person may"));
  EXPECT_THAT(listen_as(house, "adam").so_far(), HasSubstr("200 OK"));
  first.reset();
  bool is_free = false;  // Once the feed has seen that it went.
  for (int i = 0; i < 10'000 && !is_free; ++i) {
    house.service->wake();
    is_free = house.ask("audrey", "GET", "/v1/events").status == 200;
  }
  EXPECT_TRUE(is_free);
}

TEST(Live, LeavesHalfOfTheConnectionsToRequests) {
  const ServedHouse house([](ServiceOptions& options) { options.connections_max = 4; });
  const auto first = listen_as(house, "audrey");
  const auto second = listen_as(house, "adam");
  const auto refused = house.ask("bill", "GET", "/v1/events");
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("2 live streams are open, half of all connections"));
}

// Counts who asks for which rows, and can make each of them long.
class WatchedJournal final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  std::string entry;  // In the place of each row's own, if set.

  Result<std::vector<JournalRow>> journal_since(std::int64_t after_id, std::size_t limit) override {
    auto rows = ForwardingStore::journal_since(after_id, limit);
    if (!rows || rows->empty()) return rows;
    if (!entry.empty())
      for (JournalRow& row : *rows) row.entry = entry;
    const std::lock_guard lock(mutex_);
    ++reads_[after_id];
    return rows;
  }
  // Of rows that were there, by the row before them.
  std::map<std::int64_t, int> reads() const {
    const std::lock_guard lock(mutex_);
    return reads_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::int64_t, int> reads_;
};

// Whose cases are read no faster than it lets them be.
class SlowStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::vector<CaseRow>> cases(std::int64_t after, std::size_t limit) override {
    std::unique_lock lock(mutex_);
    ++inside_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !holds_; });
    return ForwardingStore::cases(after, limit);
  }
  void hold(bool holds) {
    const std::lock_guard lock(mutex_);
    holds_ = holds;
    changed_.notify_all();
  }
  bool wait_inside() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return inside_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool holds_ = false;
  int inside_ = 0;
};

TEST(Service, GivesEachAskerWhoseTokenWasGoodALineOfTheirOwn) {
  std::shared_ptr<SlowStore> slow;
  ServedHouse house(
      [&](ServiceOptions& options) {
        options.reader = slow;
        options.http_workers = 2;  // What one asker reads holds one of them.
      },
      {shipped_workflow()}, [&](const std::shared_ptr<Store>& store) { slow = std::make_shared<SlowStore>(store); });
  for (const char* person : {"audrey", "adam"}) EXPECT_EQ(house.ask(person, "GET", "/v1/people").status, 200);
  slow->hold(true);
  std::thread held([&] { EXPECT_EQ(house.ask("audrey", "GET", "/v1/cases").status, 200); });
  EXPECT_TRUE(slow->wait_inside());
  EXPECT_EQ(house.ask("adam", "GET", "/v1/people").status, 200);
  slow->hold(false);
  held.join();
}

TEST(Live, ReadsAPageOnceForAllWhoStandAtItsBeginning) {
  std::shared_ptr<WatchedJournal> journal;
  ServedHouse house([&](ServiceOptions& options) { options.reader = journal; }, {shipped_workflow()},
                    [&](const std::shared_ptr<Store>& store) { journal = std::make_shared<WatchedJournal>(store); });
  std::vector<wire::Wire> readers;
  for (int i = 0; i < 20; ++i) readers.push_back(listen_as(house, i % 2 == 0 ? "audrey" : "adam"));
  house.post("P1");
  house.service->wake();
  for (wire::Wire& reader : readers) ASSERT_TRUE(reader.receive_until("event: case.resolved"));
  const std::int64_t before = *house.store->latest_journal_id();  // All have come here.
  house.post("P2", "they charged me twice", "ben");
  house.service->wake();
  const std::string last = list_facts(*house.store, before, 1000)->facts.back().id;
  for (wire::Wire& reader : readers) ASSERT_TRUE(reader.receive_until("id: " + last + "\n"));
  int pages = 0;
  for (const auto& [after, count] : journal->reads()) {
    if (after < before) continue;
    ++pages;
    EXPECT_EQ(count, 1) << "after " << after;
  }
  EXPECT_GE(pages, 1);
}

// A reader that takes all that it was sent, each time that it is asked to.
class SlowReader final : public service::Stream {
 public:
  void send(std::string text) override {
    const std::lock_guard lock(mutex_);
    pending_ += text.size();
    text_ += text;
    most_pending_ = std::max(most_pending_, pending_);
    sent_.notify_all();
  }
  void end() override { ended_ = true; }
  bool ended() const override { return ended_; }
  std::size_t pending() const override {
    const std::lock_guard lock(mutex_);
    return pending_;
  }
  // Takes what is there, or comes within ten seconds; false: nothing.
  bool take() {
    std::unique_lock lock(mutex_);
    if (!sent_.wait_for(lock, std::chrono::seconds(10), [&] { return pending_ > 0; })) return false;
    pending_ = 0;
    return true;
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  std::size_t most_pending() const {
    const std::lock_guard lock(mutex_);
    return most_pending_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable sent_;
  std::string text_;
  std::size_t pending_ = 0, most_pending_ = 0;
  std::atomic<bool> ended_ = false;
};

TEST(Live, GoesOnWithinAPageThatIsLongerThanAReaderMayLeaveUntaken) {
  ServedHouse house;
  house.post("P1");
  const auto journal = std::make_shared<WatchedJournal>(house.store);
  Json changes = Json::array();
  for (int i = 0; i < 5; ++i)
    changes.push_back(
        {{"row", "posts"}, {"id", i}, {"new", true}, {"set", {{"channel", "x"}, {"post_id", std::string(5'000, 'x')}}}});
  journal->entry = Json{{"changes", changes}}.dump();
  const auto all = list_facts(*journal, 0, 100);  // One page.
  ASSERT_TRUE(all);
  const std::size_t bound = service::FrontLimits{}.stream_bytes_max;
  ASSERT_GT(all->facts.size() * 5'000, 2 * bound);
  std::vector<std::string> wanted;
  for (const Fact& fact : all->facts) wanted.push_back(fact.id);

  ServiceOptions options;
  options.reader = journal;
  options.clock = house.clock;
  service::Context context(*house.engine, options);
  service::Live live(context, {});
  const auto reader = std::make_shared<SlowReader>();
  live.add(reader, {.person = "adam", .roles = {"admin"}}, house.tokens["adam"], {}, *live.take_seat("adam"));
  for (std::size_t i = 0; i < wanted.size() && ids_in(reader->text()).size() < wanted.size(); ++i)
    ASSERT_TRUE(reader->take()) << i;
  EXPECT_EQ(ids_in(reader->text()), wanted);
  EXPECT_LE(reader->most_pending(), bound);
}

// A receiver that records what it is sent, and answers as it is told.
class Receiver {
 public:
  Receiver() {
    const auto listener = service::open_listener("127.0.0.1:0");
    EXPECT_TRUE(listener);
    front = service::Front::make({*listener}, {}, [this](const service::Request& request) { return take(request); });
    EXPECT_TRUE(front->start());
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(front->port()) + "/hook"; }
  bool wait_for(const std::string& type, std::size_t times = 1) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] {
      std::size_t count = 0;
      for (const Json& body : bodies) count += body["type"] == type ? 1 : 0;
      return count >= times;
    });
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Json> bodies;
  std::vector<std::string> ids;
  std::vector<int> answers;  // For the next requests; then 200.
  bool holds = false;        // Answers nothing until it does no more.
  bool all_signed = true;
  std::unique_ptr<service::Front> front;

 private:
  service::Response take(const service::Request& request) {
    std::unique_lock lock(mutex);
    ids.push_back(request.header("webhook-id"));
    changed.notify_all();
    changed.wait(lock, [&] { return !holds; });
    const std::int64_t at_s = std::atoll(request.header("webhook-timestamp").c_str());
    all_signed = all_signed && service::is_signed(request.header("webhook-signature"), hook_secret,
                                                  request.header("webhook-id"), at_s, request.body);
    int status = 200;
    if (!answers.empty()) {
      status = answers.front();
      answers.erase(answers.begin());
    }
    if (status == 200) bodies.push_back(Json::parse(request.body));
    changed.notify_all();
    service::Response response{.status = status};
    if (status != 200) response.headers.emplace_back("Retry-After", "1");
    return response;
  }
};

TEST(Webhook, TellsWhatItsReceiverWantsSignedAndInOrder) {
  Receiver receiver;
  ServedHouse house([&](ServiceOptions& options) {
    options.outbound = {{.name = "crm", .url = receiver.url(), .secret = hook_secret, .events = {"case.*", "reply.published"}}};
  });
  house.post("P1");
  house.service->wake();
  ASSERT_TRUE(receiver.wait_for("case.resolved")) << testing::PrintToString(house.log);
  const std::lock_guard lock(receiver.mutex);
  EXPECT_TRUE(receiver.all_signed);
  std::vector<std::string> types;
  for (const Json& body : receiver.bodies) types.push_back(body["type"]);
  EXPECT_THAT(types, ElementsAre("case.opened", "reply.published", "reply.published", "case.resolved"));
  EXPECT_EQ(receiver.bodies[0]["data"]["case"], "C-000001");
}

TEST(Webhook, ThatFailsIsToldTheSameAgainUnderTheSameId) {
  Receiver receiver;
  receiver.answers = {503, 500};
  ServedHouse house([&](ServiceOptions& options) {
    options.outbound = {{.name = "crm", .url = receiver.url(), .secret = hook_secret, .events = {"case.opened"}}};
  });
  house.post("P1");
  house.service->wake();
  ASSERT_TRUE(receiver.wait_for("case.opened"));
  const std::lock_guard lock(receiver.mutex);
  ASSERT_EQ(receiver.ids.size(), 3u);
  EXPECT_EQ(receiver.ids[0], receiver.ids[1]);
  EXPECT_EQ(receiver.ids[0], receiver.ids[2]);
  EXPECT_EQ(receiver.bodies.size(), 1u);
}

// A store that does not say what it is while it is in doubt.
class DoubtfulStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<StoreMeta> meta() override {
    const std::lock_guard lock(mutex_);
    if (!in_doubt_) return ForwardingStore::meta();
    ++refused_;
    changed_.notify_all();
    return {Code::unavailable, "in doubt"};
  }
  void doubt() {
    const std::lock_guard lock(mutex_);
    in_doubt_ = true;
  }
  bool wait_until_refused() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return refused_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool in_doubt_ = false;
  int refused_ = 0;
};

TEST(Webhook, IsToldUnderTheStoresIdOrNotAtAll) {
  Receiver receiver;
  std::shared_ptr<DoubtfulStore> doubtful;
  ServedHouse house(
      [&](ServiceOptions& options) {
        options.reader = doubtful;
        options.outbound = {{.name = "crm", .url = receiver.url(), .secret = hook_secret, .events = {"case.opened"}}};
      },
      {shipped_workflow()}, [&](const std::shared_ptr<Store>& store) { doubtful = std::make_shared<DoubtfulStore>(store); });
  doubtful->doubt();
  house.post("P1");
  house.service->wake();
  ASSERT_TRUE(doubtful->wait_until_refused());
  house.service->drain(20'000);
  const std::lock_guard lock(receiver.mutex);
  EXPECT_THAT(receiver.ids, testing::IsEmpty());
}

TEST(Webhook, GoesOnFromItsMarkAfterARestart) {
  Receiver receiver;
  ServedHouse house([&](ServiceOptions& options) {
    options.outbound = {{.name = "crm", .url = receiver.url(), .secret = hook_secret, .events = {"case.opened"}}};
  });
  house.post("P1");
  house.service->wake();
  ASSERT_TRUE(receiver.wait_for("case.opened"));
  house.service.reset();
  house.post("P2", "they charged me twice", "ben");  // While nobody tells.
  ServiceOptions options;
  options.listen = {"127.0.0.1:0"};
  options.clock = house.clock;
  options.outbound = {{.name = "crm", .url = receiver.url(), .secret = hook_secret, .events = {"case.opened"}}};
  auto again = Service::open(*house.engine, std::move(options));
  ASSERT_TRUE(again);
  // C-000001 may be told again: the first service may have been stopped before it kept its mark.
  std::set<std::string> cases;
  std::unique_lock lock(receiver.mutex);
  EXPECT_TRUE(receiver.changed.wait_for(lock, std::chrono::seconds(10), [&] {
    for (const Json& body : receiver.bodies) cases.insert(body["data"]["case"].get<std::string>());
    return cases.contains("C-000002");
  }));
  lock.unlock();
  (*again)->drain(0);
  EXPECT_THAT(cases, ElementsAre("C-000001", "C-000002"));
}

TEST(Webhook, ThatIsOutAtTheEndIsEndedAndToldAgainByTheNextStart) {
  Receiver receiver;
  receiver.holds = true;
  const auto hook = [&](ServiceOptions& options) {
    options.outbound = {{.name = "crm", .url = receiver.url(), .secret = hook_secret, .events = {"case.opened"}}};
  };
  ServedHouse house(hook);
  house.post("P1");
  house.service->wake();
  {
    std::unique_lock lock(receiver.mutex);
    ASSERT_TRUE(receiver.changed.wait_for(lock, std::chrono::seconds(20), [&] { return !receiver.ids.empty(); }));
  }
  const auto began = std::chrono::steady_clock::now();
  house.service->drain(50);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10)) << "an answer is waited for 15 s";
  {
    const std::lock_guard lock(receiver.mutex);
    receiver.holds = false;
    receiver.bodies.clear();
    receiver.changed.notify_all();
  }
  ServiceOptions options;
  options.listen = {"127.0.0.1:0"};
  options.clock = house.clock;
  hook(options);
  const auto again = Service::open(*house.engine, std::move(options));
  ASSERT_TRUE(again);
  {
    std::unique_lock lock(receiver.mutex);
    ASSERT_TRUE(receiver.changed.wait_for(lock, std::chrono::seconds(20), [&] { return receiver.ids.size() == 2; }));
    EXPECT_EQ(receiver.ids[0], receiver.ids[1]);
  }
  EXPECT_TRUE(receiver.wait_for("case.opened"));
}

TEST(Subscription, ThatNamesNoEventIsRefused) {
  ServedHouse house;
  for (const auto& [event, said] :
       {std::pair("reply.publishd", "did you mean 'reply.published'?"), std::pair("reply", "names no event"),
        std::pair("replys.*", "did you mean 'reply.*'?"), std::pair("", "names no event")}) {
    ServiceOptions options;
    options.listen = {"127.0.0.1:0"};
    options.outbound = {{.name = "crm", .url = "http://127.0.0.1:1", .secret = hook_secret, .events = {"*", event}}};
    const auto opened = Service::open(*house.engine, std::move(options));
    ASSERT_FALSE(opened) << event;
    EXPECT_EQ(opened.error().code, Code::invalid);
    EXPECT_THAT(opened.error().message, testing::AllOf(HasSubstr("outbound hook crm"), HasSubstr(said)));
  }
}

// The types that docs/service.md lists: "post.FATE", "case.opened|active|...".
std::vector<std::string> types_on_the_page() {
  const std::string page = read_text("docs/service.md");
  const std::size_t begin = page.find("\nTypes: ");
  const std::string list = page.substr(begin, page.find(". They", begin) - begin);
  std::vector<std::string> out;
  for (std::size_t at = list.find('`'); at != std::string::npos; at = list.find('`', list.find('`', at + 1) + 1)) {
    const std::string item = list.substr(at + 1, list.find('`', at + 1) - at - 1);
    const std::string noun = item.substr(0, item.find('.') + 1);
    std::istringstream states(item.substr(noun.size()));
    for (std::string state; std::getline(states, state, '|');) out.push_back(noun + state);
  }
  return out;
}

TEST(FactTypes, AreThoseThatThePageLists) {
  EXPECT_THAT(types_on_the_page(), testing::UnorderedElementsAreArray(fact_types()));
}

TEST(FactTypes, HoldWhatTheJournalTells) {
  ServedHouse house;
  house.post("P1");
  house.post("P2", "they charged me twice", "ben");
  const auto facts = list_facts(*house.store, 0, 1000);
  ASSERT_TRUE(facts);
  for (const Fact& fact : facts->facts) EXPECT_THAT(fact_types(), testing::Contains(fact.type));
}

TEST(Subscription, NamesTypesFamiliesOrAll) {
  EXPECT_TRUE(service::is_wanted({"*"}, "reply.published"));
  EXPECT_TRUE(service::is_wanted({"reply.*"}, "reply.published"));
  EXPECT_TRUE(service::is_wanted({"x", "reply.published"}, "reply.published"));
  EXPECT_FALSE(service::is_wanted({"reply.*"}, "replyx.published"));
  EXPECT_FALSE(service::is_wanted({}, "reply.published"));
}

}  // namespace
}  // namespace redress::house
