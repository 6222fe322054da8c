// A House with its front door open: the engine of the other tests, served on a loopback port, with a token for each person.
#pragma once
#include <nlohmann/json.hpp>

#include "engine/house.hpp"
#include "redress/service.hpp"
#include "service/described.hpp"
#include "service/wire.hpp"

namespace redress::house {

using Json = nlohmann::json;

inline constexpr const char* hook_secret = "a secret of at least 24 bytes";

class ServedHouse : public House {
 public:
  std::map<std::string, std::string> tokens;  // By person.
  std::unique_ptr<Service> service;
  std::vector<std::string> log;

  // `look`: at the store, before it is served.
  explicit ServedHouse(const std::function<void(ServiceOptions&)>& change = {},
                       std::vector<std::string> workflows = {shipped_workflow()},
                       const std::function<void(const std::shared_ptr<Store>&)>& look = {}, Unproved unproved = {})
      : House(std::move(workflows), std::move(unproved)) {
    if (look) look(store);
    const std::pair<const char*, std::vector<std::string>> more[] = {{"adam", {"admin"}},      {"audrey", {"auditor"}},
                                                                     {"bridge", {"channel"}},  {"prom", {"metrics"}},
                                                                     {"comm", {"commercial"}}, {"nina", {"nothing"}}};
    for (const auto& [name, roles] : more) EXPECT_TRUE(engine->add_person(name, roles));
    for (const char* name : {"adam", "audrey", "bridge", "prom", "comm", "nina", "sam", "carl", "cora", "bill", "lea"}) {
      const auto token = engine->add_token({.person = name});
      EXPECT_TRUE(token) << token.error().message;
      tokens[name] = *token;
    }
    ServiceOptions options;
    options.listen = {"127.0.0.1:0"};
    options.clock = clock;
    options.inbound = {{.name = "desk", .secret = hook_secret}};
    options.on_log = [this](LogLevel, std::string_view message) { log.emplace_back(message); };
    if (change) change(options);
    auto opened = Service::open(*engine, std::move(options));
    EXPECT_TRUE(opened) << opened.error().message;
    service = std::move(*opened);
  }

  virtual ~ServedHouse() = default;

  wire::Wire connect() const { return wire::Wire(service->port()); }
  std::string bearing(const std::string& person) const { return "Authorization: Bearer " + tokens.at(person) + "\r\n"; }

  // `headers`: whole lines. Without a body it is sent without one. Each answer is held against the OpenAPI document.
  wire::Wire::Answer ask(const std::string& person, const std::string& method, const std::string& path,
                         const std::string& body = "", const std::string& headers = "") const {
    wire::Wire wire = connect();
    std::string text = method + " " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n" + headers;
    if (!person.empty()) text += bearing(person);
    if (!body.empty()) text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    EXPECT_TRUE(wire.send(text + "\r\n" + body));
    auto answer = wire.answer();
    if (answer.status != 0) {
      EXPECT_EQ(undocumented(method, path, answer.status, answer.header("Content-Type"), answer.body), "");
    }
    return answer;
  }
  Json json(const wire::Wire::Answer& answer) const {
    Json out = Json::parse(answer.body, nullptr, false);
    EXPECT_FALSE(out.is_discarded()) << answer.body;
    return out;
  }

  static std::string post_line(const std::string& id, const std::string& text = "they charged me twice",
                               const std::string& author = "ana") {
    return Json{{"id", id},     {"channel", "x"},  {"author", author}, {"created_at", "2020-09-13T12:26:40Z"},
                {"text", text}, {"language", "en"}}
        .dump();
  }
};

// A house whose one case waits for the supervisor's approval of a refund, and has an unknown and an open commitment besides.
struct Approving : ServedHouse {
  Approving() {
    billing->perform("check_charge", {done(charge_evidence(20'000))});
    post("P1");
  }
};

struct Unknown : ServedHouse {
  Unknown() {
    billing->perform("refund", {lost()});
    post("P1");
    pass(2 * hour_ms);
  }
};
struct Asking : ServedHouse {
  Asking() {
    billing->perform("find_account", {says_no()});
    post("P1");
    answer("P2", "it is A-1");
  }
};
struct Offering : ServedHouse {  // A reply that waits for the community's review; cora supplied its evidence.
  Offering() {
    billing->perform("check_charge", {says_no()});
    post("P1");
    EXPECT_TRUE(engine->decide(commitment("by_hand").id, Decision::done, answer_evidence, "", as("comm")));
    go();
  }
};

inline std::string commitment_path(const ServedHouse& house, const char* name, const char* what) {
  return "/v1/commitments/" + std::to_string(house.commitment(name).id) + what;
}

}  // namespace redress::house
