// What leaves the service by itself: live streams and webhooks, each from where it left off.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "service/http_front.hpp"
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
  bool all_signed = true;
  std::unique_ptr<service::Front> front;

 private:
  service::Response take(const service::Request& request) {
    const std::lock_guard lock(mutex);
    const std::int64_t at_s = std::atoll(request.header("webhook-timestamp").c_str());
    all_signed = all_signed && service::is_signed(request.header("webhook-signature"), hook_secret,
                                                  request.header("webhook-id"), at_s, request.body);
    int status = 200;
    if (!answers.empty()) {
      status = answers.front();
      answers.erase(answers.begin());
    }
    if (status == 200) bodies.push_back(Json::parse(request.body));
    ids.push_back(request.header("webhook-id"));
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

TEST(Subscription, NamesTypesFamiliesOrAll) {
  EXPECT_TRUE(service::is_wanted({"*"}, "reply.published"));
  EXPECT_TRUE(service::is_wanted({"reply.*"}, "reply.published"));
  EXPECT_TRUE(service::is_wanted({"x", "reply.published"}, "reply.published"));
  EXPECT_FALSE(service::is_wanted({"reply.*"}, "replyx.published"));
  EXPECT_FALSE(service::is_wanted({}, "reply.published"));
}

}  // namespace
}  // namespace redress::house
