// What the routes answer is what the OpenAPI document says, of every route, in houses where there is much to show.
#include <set>

#include "service/answers.hpp"
#include "service/openapi.hpp"
#include "service/served_house.hpp"
#include "service/signature.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;

// Asks (each answer is held against the document by ServedHouse) and keeps which routes have answered well.
class Asking {
 public:
  void ask(const ServedHouse& house, const std::string& person, const std::string& method, const std::string& path,
           const std::string& body = "", const std::string& headers = "") {
    const auto answer = house.ask(person, method, path, body, headers);
    EXPECT_TRUE(answer.status >= 200 && answer.status < 300) << method << " " << path << ": " << answer.status << answer.body;
    answered_.insert(route_of(method, path));
  }
  // All that shows the house, whole and in part.
  void look(const ServedHouse& house) {
    for (const char* path : {"/v1/cases", "/v1/tasks", "/v1/cases/C-000001", "/v1/cases/C-000001/why", "/v1/posts/x/P1",
                             "/v1/report", "/v1/workflows", "/v1/people", "/v1/openapi.json", "/metrics", "/livez", "/readyz"})
      ask(house, "audrey", "GET", path);
    for (const char* person : {"bill", "sam", "comm"}) {
      ask(house, person, "GET", "/v1/cases");
      ask(house, person, "GET", "/v1/tasks");
      (void)house.ask(person, "GET", "/v1/cases/C-000001");  // Their part, or 404.
    }
  }
  [[nodiscard]] const std::set<std::string>& answered() const { return answered_; }

 private:
  std::set<std::string> answered_;
};

std::string path_of(const char* list, std::int64_t id, const char* act) {
  return std::string("/v1/") + list + "/" + std::to_string(id) + act;
}

void ask_about_posts(Asking& asking) {
  ServedHouse house;
  const std::string post = ServedHouse::post_line("P1");
  asking.ask(house, "bridge", "POST", "/v1/posts", post);
  asking.ask(house, "bridge", "POST", "/v1/posts", post);
  asking.ask(house, "bridge", "POST", "/v1/posts", ServedHouse::post_line("P1", "they charged me thrice"));
  asking.ask(house, "bridge", "POST", "/v1/posts", ServedHouse::post_line("P2", "nice weather"));
  house.go();
  asking.look(house);
  const std::int64_t at_s = house.clock->now_ms() / 1000;
  asking.ask(house, "", "POST", "/v1/hooks/desk", post,
             "webhook-id: d1\r\nwebhook-timestamp: " + std::to_string(at_s) +
                 "\r\nwebhook-signature: " + service::sign(hook_secret, "d1", at_s, post) + "\r\n");
}

void ask_about_approvals(Asking& asking) {
  ServedHouse house;
  house.billing->perform("check_charge", {done(charge_evidence(20'000))});
  house.post("P1");
  asking.look(house);
  asking.ask(house, "carl", "POST", "/v1/cases/C-000001/replies", R"({"text":"we are on it"})");
  asking.look(house);
  asking.ask(house, "sam", "POST", path_of("commitments", house.commitment("refund").id, "/approval"), R"({"approve":true})");
  house.go();
  asking.look(house);
}

void ask_about_what_is_unknown(Asking& asking) {
  ServedHouse house;
  house.billing->perform("refund", {lost()});
  house.billing->script(Verb::record, "refund", {says_no("the books have another receipt")});
  house.post("P1");
  house.pass(2 * hour_ms);
  asking.look(house);
  asking.ask(house, "bill", "POST", path_of("commitments", house.commitment("refund").id, "/outcome"),
             Json{{"outcome", "done"}, {"evidence", Json::parse(refund_evidence)}}.dump());
  house.go();
  asking.look(house);
  for (const auto& [id, task] : house.record().tasks)
    if (task.subject == house.about("refund") && task.done_at_ms == 0)
      asking.ask(house, "bill", "POST", path_of("tasks", id, "/done"), R"({"note":"corrected by hand"})");
  asking.look(house);
}

void ask_about_reviews_and_reports(Asking& asking) {
  ServedHouse house;
  house.billing->perform("check_charge", {says_no()});
  house.commercial->perform("review", {waiting("T-1", opening_ms + hour_ms)});
  house.post("P1");
  asking.look(house);
  const Json report{{"key", house.commitment("by_hand").key}, {"outcome", "done"}, {"evidence", Json::parse(answer_evidence)}};
  asking.ask(house, "comm", "POST", "/v1/reports", report.dump());
  house.go();
  asking.look(house);
  asking.ask(house, "carl", "POST", path_of("replies", house.reply("offered").id, "/review"), R"({"approve":false})");
  house.go();
  asking.look(house);
}

void ask_about_replies_that_failed(Asking& asking) {
  ServedHouse house;
  house.billing->perform("check_charge", {done(charge_evidence(0))});
  house.channel->publishing = {done("{}"), says_no("too long")};
  house.post("P1");
  asking.look(house);
  asking.ask(house, "lea", "POST", path_of("replies", house.reply("explained").id, "/settlement"),
             R"({"settle":"waived","reason":"told by telephone"})");
  asking.look(house);
}

void ask_about_cases_set_aside(Asking& asking) {
  ServedHouse house({}, {}, {}, {{with_a_guard_that_fails()}});
  house.post("P1");
  asking.look(house);
  asking.ask(house, "lea", "POST", "/v1/cases/C-000001/retry", "{}");
  asking.ask(house, "lea", "POST", "/v1/cases/C-000001/skip", "{}");
  asking.look(house);
}

void ask_about_customers_who_wait(Asking& asking) {
  ServedHouse house;
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  house.answer("P2", "it is A-1");
  asking.look(house);
  asking.ask(house, "carl", "POST", "/v1/cases/C-000001/events", R"({"event":"manual.identified","form":{"account":"A-1"}})");
  house.go();
  asking.look(house);
}

void ask_about_administration(Asking& asking) {
  ServedHouse house(
      [](ServiceOptions& options) { options.advance = [](std::int64_t to_ms) { return Result<std::int64_t>(to_ms); }; });
  asking.ask(house, "adam", "POST", "/v1/workflows", shipped_workflow());
  const Json workflow = house.json(house.ask("adam", "GET", "/v1/workflows"))["workflows"][0];
  const std::string path = "/v1/workflows/" + workflow["workflow"].get<std::string>();
  asking.ask(house, "adam", "POST", path + "/activation", Json{{"version", workflow["version"]}}.dump());
  asking.ask(house, "adam", "POST", path + "/switches", R"({"new_cases":"shut","automatic_replies":"open"})");
  asking.ask(house, "adam", "GET", "/v1/workflows");
  asking.ask(house, "adam", "PUT", "/v1/people/zoe", R"({"roles":["community"]})");
  asking.ask(house, "adam", "POST", "/v1/tokens", R"({"person":"zoe","expires_at_ms":1900000000000,"note":"n"})");
  asking.ask(house, "adam", "GET", "/v1/tokens");
  const Json token = house.json(house.ask("adam", "GET", "/v1/tokens"))["tokens"][0];
  asking.ask(house, "adam", "POST", "/v1/clock", R"({"advance_to_ms":1900000000000})");
  asking.ask(house, "adam", "DELETE", "/v1/tokens/" + std::to_string(token["id"].get<std::int64_t>()));
}

TEST(Answers, OfEveryRouteAreWhatTheDocumentSays) {
  Asking asking;
  for (auto* ask :
       {ask_about_posts, ask_about_approvals, ask_about_what_is_unknown, ask_about_reviews_and_reports,
        ask_about_replies_that_failed, ask_about_cases_set_aside, ask_about_customers_who_wait, ask_about_administration})
    ask(asking);
  for (const service::Route& route : service::routes()) {
    if (std::string(route.id) == "openEvents") continue;  // A stream of text: feeds_test.cpp reads it.
    EXPECT_TRUE(asking.answered().contains(route.id)) << route.id << " was not asked";
  }
}

TEST(Answers, WithAFieldThatIsNotDescribedAreFound) {
  EXPECT_EQ(undocumented("POST", "/v1/clock", 200, "application/json", R"({"now_ms":1})"), "");
  EXPECT_THAT(undocumented("POST", "/v1/clock", 200, "application/json", R"({"now_ms":1,"more":1})"), HasSubstr("/more"));
  EXPECT_THAT(undocumented("POST", "/v1/clock", 200, "application/json", "{}"), HasSubstr("now_ms"));
  EXPECT_THAT(undocumented("POST", "/v1/clock", 200, "application/json", R"({"now_ms":"1"})"), HasSubstr("/now_ms"));
  EXPECT_THAT(undocumented("POST", "/v1/clock", 204, "", ""), HasSubstr("not documented"));
}

TEST(Answers, NameShapesThatAreThereAndEachShapeIsNamed) {
  const Json document = service::openapi_document();
  const Json& schemas = document["components"]["schemas"];
  std::set<std::string> named;
  const std::function<void(const Json&)> walk = [&](const Json& json) {
    if (json.is_object() && json.contains("$ref") && json["$ref"] != "#/components/responses/Refused") {
      const std::string name = json["$ref"].get<std::string>().substr(std::string("#/components/schemas/").size());
      EXPECT_TRUE(schemas.contains(name)) << name;
      named.insert(name);
    }
    if (json.is_structured())
      for (const Json& inner : json) walk(inner);
  };
  walk(document);
  for (const service::Shape& shape : service::shapes()) {
    EXPECT_TRUE(named.contains(shape.name)) << shape.name;
    for (const service::Field& field : shape.fields)
      EXPECT_TRUE(std::string_view(field.description).ends_with('.')) << shape.name << "." << field.name;
  }
  EXPECT_EQ(service::shapes().size(), schemas.size());
}

// A program that knows tasks, and of an act only its `http` and its form: no route, no role, no word of an act.
class Worker {
 public:
  // `which`: of several acts and choices, the first or the second.
  enum class Which { first, second };
  Worker(ServedHouse& house, Which which) : house_(house), which_(which) {}

  // Does one task after another; false: after these, there is more.
  bool is_done_after(int tasks_max) {
    for (int done = 0; done < tasks_max; ++done)
      if (!work_one()) return true;
    return false;
  }
  [[nodiscard]] const std::set<std::string>& sent() const { return sent_; }

 private:
  bool work_one() {
    for (const char* person : {"sam", "carl", "bill", "comm", "lea"}) {
      const Json tasks = house_.json(house_.ask(person, "GET", "/v1/tasks"))["tasks"];
      if (tasks.empty()) continue;
      const Json& task = tasks[0];
      const Json& act = which_ == Which::second && task.contains("acts") ? task["acts"][1] : task;
      const Json& http = act["http"];
      const Json body = body_of(http, act["form"], task.value("input", Json::object()));
      const auto answer = house_.ask(person, http["method"], http["path"], body.dump());
      EXPECT_EQ(answer.status, 200) << person << " " << http << " " << body << " " << answer.body;
      sent_.insert(route_of(http["method"], http["path"]));
      house_.go();
      const Json left = house_.json(house_.ask(person, "GET", "/v1/tasks"))["tasks"];
      for (const Json& each : left) EXPECT_NE(each["id"], task["id"]) << http << body;
      return answer.status == 200;
    }
    return false;
  }
  Json body_of(const Json& http, const Json& form, const Json& input) const {
    Json body = http["body"];
    const Json choices = http.value("choices", Json::object());
    for (const auto& [field, values] : choices.items()) body[field] = values[which_ == Which::first ? 0 : 1];
    const Json needs = http.value("needs", Json::array());
    for (const Json& field : needs) body[field] = field == "reason" ? Json("told by telephone") : filled(form, input);
    return body;
  }
  // What a form's schema asks for; as the commitment's input where it has to be.
  static Json filled(const Json& schema, const Json& input) {
    Json out = Json::object();
    for (const Json& name : schema.value("required", Json::array())) {
      const Json& property = schema["properties"][name];
      if (property.value("same_as_input", false) && input.contains(name))
        out[name] = input[name];
      else if (property.contains("enum"))
        out[name] = property["enum"].front();
      else
        out[name] = property["type"] == "integer" ? property.value("minimum", Json(1)) : Json("EUR");
    }
    return out;
  }

  ServedHouse& house_;
  Which which_;
  std::set<std::string> sent_;
};

TEST(Task, IsDoneByAProgramThatKnowsItsHttpAndItsFormAlone) {
  std::set<std::string> sent;
  for (const auto which : {Worker::Which::first, Worker::Which::second}) {
    const auto work = [&](ServedHouse& house) {
      Worker worker(house, which);
      const bool tries_again = which == Worker::Which::second;  // What is refused, without an end.
      const bool is_over = worker.is_done_after(tries_again ? 3 : 20);
      if (!tries_again) {
        EXPECT_TRUE(is_over);
      }
      EXPECT_FALSE(worker.sent().empty());
      sent.insert(worker.sent().begin(), worker.sent().end());
    };
    Approving approving;
    work(approving);
    Unknown unknown;
    work(unknown);
    ::redress::house::Asking asking;
    work(asking);
    Offering offering;
    work(offering);
    ServedHouse failing;  // The apology cannot go out.
    failing.billing->perform("check_charge", {done(charge_evidence(0))});
    failing.channel->publishing = {done("{}"), says_no("too long")};
    failing.post("P1");
    work(failing);
    ServedHouse aside({}, {}, {}, {{with_a_guard_that_fails()}});
    aside.post("P1");
    if (which == Worker::Which::second) work(aside);  // Tried again, it is set aside again.
  }
  for (const char* route : {"approveCommitment", "settleCommitment", "sendEvent", "reviewReply", "settleReply", "skipCase"})
    EXPECT_TRUE(sent.contains(route)) << route;
}

TEST(Task, TellsADepartmentAllItsActs) {
  ServedHouse house;
  house.billing->perform("check_charge", {says_no()});
  house.post("P1");
  const Json tasks = house.json(house.ask("comm", "GET", "/v1/tasks"))["tasks"];
  ASSERT_EQ(tasks.size(), 1u);
  ASSERT_EQ(tasks[0]["acts"].size(), 3u) << "done, or not, or only looked at";
  EXPECT_EQ(tasks[0]["acts"][1]["http"]["choices"]["outcome"], Json::array({"declined", "failed"}));
}

}  // namespace
}  // namespace redress::house
