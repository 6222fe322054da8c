// The routes over HTTP: who may do what, what is answered, what happens once, and what nobody is told.
#include <set>

#include "redress/limits.hpp"
#include "service/acts.hpp"
#include "service/openapi.hpp"
#include "service/router.hpp"
#include "service/served_house.hpp"
#include "service/signature.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> everybody = {"adam", "audrey", "bridge", "prom", "comm", "nina",
                                            "sam",  "carl",   "cora",   "bill", "lea"};

TEST(Posts, AreTakenOnceAndAnsweredWithTheirFate) {
  const ServedHouse house;
  const auto first = house.ask("bridge", "POST", "/v1/posts", ServedHouse::post_line("P1"));
  EXPECT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(house.json(first)["fate"], "opened");
  EXPECT_EQ(house.json(first)["case"], "C-000001");
  const auto again = house.ask("bridge", "POST", "/v1/posts", ServedHouse::post_line("P1"));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(house.json(again)["redelivered"], true);
  EXPECT_EQ(house.json(house.ask("audrey", "GET", "/v1/posts/x/P1"))["case"], "C-000001");
  EXPECT_EQ(house.ask("audrey", "GET", "/v1/posts/x/P2").status, 404);
}

TEST(Posts, ThatBreakARuleAreRefusedAndKeptNowhere) {
  const ServedHouse house;
  for (const char* body :
       {"", "{}", "[]", "nonsense", R"({"id":"1","channel":"x","author":"a","created_at":"yesterday","text":"t"})"}) {
    const auto answer = house.ask("bridge", "POST", "/v1/posts", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(house.json(answer)["status"], 400);
  }
  EXPECT_TRUE(house.store->posts(0, 10)->empty());
}

TEST(IdempotencyKey, MakesTheSameRequestOneAndRefusesAnotherUnderIt) {
  const ServedHouse house;
  const std::string key = "Idempotency-Key: k-1\r\n";
  EXPECT_EQ(house.ask("bridge", "POST", "/v1/posts", ServedHouse::post_line("P1"), key).status, 201);
  EXPECT_EQ(house.ask("bridge", "POST", "/v1/posts", ServedHouse::post_line("P1"), key).status, 200);
  EXPECT_EQ(house.ask("bridge", "POST", "/v1/posts", ServedHouse::post_line("P2"), key).status, 422);
  EXPECT_EQ(house.ask("adam", "POST", "/v1/posts", ServedHouse::post_line("P3"), key).status, 201)
      << "another person's key is another key";
  EXPECT_EQ(house
                .ask("bridge", "POST", "/v1/posts", ServedHouse::post_line("P4"),
                     "Idempotency-Key: " + std::string(256, 'k') + "\r\n")
                .status,
            400);
}

TEST(Tokens, AreNeededForAllButHealth) {
  const ServedHouse house;
  for (const service::Route& route : service::routes()) {
    std::string path = route.pattern;
    for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{'))
      path.replace(at, path.find('}') - at + 1, "1");
    const auto without = house.ask("", route.method, path, route.body == service::Route::Body::none ? "" : "{}");
    const auto bad = house.ask("", route.method, path, route.body == service::Route::Body::none ? "" : "{}",
                               "Authorization: Bearer redress_0123\r\n");
    if (route.access == service::Route::Access::open) {
      EXPECT_EQ(without.status, 200) << path;
    } else if (route.access == service::Route::Access::signature) {
      EXPECT_TRUE(without.status == 401 || without.status == 404) << path;
    } else {
      EXPECT_EQ(without.status, 401) << path;
      EXPECT_EQ(without.header("WWW-Authenticate"), "Bearer") << path;
      EXPECT_EQ(bad.status, 401) << path;
    }
  }
}

TEST(Tokens, ThatExpiredOrWereRevokedAreGoodNoMore) {
  ServedHouse house;
  house.tokens["short"] = *house.engine->add_token({.person = "adam", .expires_at_ms = house.clock->now_ms() + hour_ms});
  EXPECT_EQ(house.ask("short", "GET", "/v1/tokens").status, 200);
  house.clock->advance_to(house.clock->now_ms() + hour_ms);
  EXPECT_EQ(house.ask("short", "GET", "/v1/tokens").status, 401);
  const Json tokens = house.json(house.ask("adam", "GET", "/v1/tokens"))["tokens"];
  const Json& mine = *std::find_if(tokens.begin(), tokens.end(), [](const Json& t) { return t["person"] == "audrey"; });
  EXPECT_EQ(house.ask("audrey", "GET", "/v1/report").status, 200);
  EXPECT_EQ(house.ask("adam", "DELETE", "/v1/tokens/" + std::to_string(mine["id"].get<int>())).status, 204);
  EXPECT_EQ(house.ask("audrey", "GET", "/v1/report").status, 401);
}

TEST(Tokens, AreMadeAndShownOnce) {
  const ServedHouse house;
  const auto made = house.ask("adam", "POST", "/v1/tokens", R"({"person":"cora","roles":["community"],"note":"n"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.header("Cache-Control"), "no-store");
  const std::string token = house.json(made)["token"];
  EXPECT_THAT(house.ask("adam", "GET", "/v1/tokens").body, Not(HasSubstr(token)));
  EXPECT_EQ(house.ask("adam", "POST", "/v1/tokens", R"({"person":"cora","roles":["supervisor"]})").status, 403);
  EXPECT_EQ(house.ask("adam", "POST", "/v1/tokens", R"({"person":"ghost"})").status, 404);
}

TEST(Tokens, ThatWouldHaveExpiredAreNotMade) {
  const ServedHouse house;
  const std::int64_t now = house.clock->now_ms();
  for (const std::int64_t past : {std::int64_t{-1}, now - hour_ms, now}) {
    const auto answer = house.ask("adam", "POST", "/v1/tokens", Json{{"person", "carl"}, {"expires_at_ms", past}}.dump());
    EXPECT_EQ(answer.status, 400) << past;
    EXPECT_THAT(answer.body, HasSubstr("expires_at_ms " + std::to_string(past)));
    EXPECT_THAT(answer.body, HasSubstr("it is " + std::to_string(now)));
  }
  EXPECT_EQ(house.ask("adam", "POST", "/v1/tokens", Json{{"person", "carl"}, {"expires_at_ms", now + 1}}.dump()).status, 201);
}

TEST(Tokens, ComeInPages) {
  const ServedHouse house;
  EXPECT_EQ(house.json(house.ask("adam", "GET", "/v1/tokens"))["next"], nullptr);
  for (std::size_t i = 0; i < limits::page_rows_max; ++i) ASSERT_TRUE(house.engine->add_token({.person = "carl"}));
  const Json first = house.json(house.ask("adam", "GET", "/v1/tokens"));
  ASSERT_TRUE(first["next"].is_string());
  EXPECT_EQ(first["tokens"].size(), limits::page_rows_max);
  const Json rest = house.json(house.ask("adam", "GET", first["next"]));
  EXPECT_EQ(rest["tokens"].size(), house.tokens.size());
  EXPECT_EQ(rest["next"], nullptr);
}

// ---- every route × person -----------------------------------------------------------------------------------------------

struct Probe {
  const char* id;
  std::function<std::unique_ptr<ServedHouse>()> open;
  const char* method;
  std::function<std::string(const ServedHouse&)> path;
  std::string body;
  std::set<std::string> may;  // Whose request succeeds.
  std::set<std::string> see =
      {};  // Of the others, those who are told 403 or 409, since they see the thing; the rest: 403 or 404.
};

std::string here(const ServedHouse&, const char* path) { return path; }
auto at(const char* path) {
  return [path](const ServedHouse& house) { return here(house, path); };
}
template <class HouseType>
auto opened() {
  return [] { return std::make_unique<HouseType>(); };
}

std::vector<Probe> probes() {
  const std::set<std::string> admin = {"adam"}, readers = {"adam", "audrey"};
  const std::set<std::string> whole = {"adam", "audrey", "carl", "cora", "lea"};
  std::set<std::string> part = whole;
  part.insert({"bill", "sam"});
  return {
      {"receivePost", opened<ServedHouse>(), "POST", at("/v1/posts"), ServedHouse::post_line("P1"), {"bridge", "adam"}},
      {"showPost", opened<Approving>(), "GET", at("/v1/posts/x/P1"), "", {"bridge", "adam", "audrey"}},
      {"listCases", opened<ServedHouse>(), "GET", at("/v1/cases"), "", {everybody.begin(), everybody.end()}},
      {"showCase", opened<Approving>(), "GET", at("/v1/cases/C-000001"), "", part},
      {"explainCase", opened<Approving>(), "GET", at("/v1/cases/C-000001/why"), "", whole},
      {"sendEvent",
       opened<Asking>(),
       "POST",
       at("/v1/cases/C-000001/events"),
       R"({"event":"manual.identified","form":{"account":"A-1"}})",
       {"carl", "cora"}},
      {"say",
       opened<Approving>(),
       "POST",
       at("/v1/cases/C-000001/replies"),
       R"({"text":"we are on it"})",
       {"carl", "cora", "lea"}},
      {"listTasks", opened<ServedHouse>(), "GET", at("/v1/tasks"), "", {everybody.begin(), everybody.end()}},
      {"settleCommitment",
       opened<Unknown>(),
       "POST",
       [](const ServedHouse& h) { return commitment_path(h, "refund", "/outcome"); },
       R"({"outcome":"failed","reason":"the bank says no"})",
       {"bill", "lea"}},
      {"approveCommitment",
       opened<Approving>(),
       "POST",
       [](const ServedHouse& h) { return commitment_path(h, "refund", "/approval"); },
       R"({"approve":true})",
       {"sam"}},
      {"reviewReply",
       opened<Offering>(),
       "POST",
       [](const ServedHouse& h) { return "/v1/replies/" + std::to_string(h.reply("offered").id) + "/review"; },
       R"({"approve":true})",
       {"carl", "cora"}},
      {"showReport", opened<ServedHouse>(), "GET", at("/v1/report"), "", readers},
      {"listWorkflows", opened<ServedHouse>(), "GET", at("/v1/workflows"), "", readers},
      {"publishWorkflow", opened<ServedHouse>(), "POST", at("/v1/workflows"), shipped_workflow(), admin},
      {"switchWorkflow", opened<ServedHouse>(), "POST", at("/v1/workflows/billing-overcharge/switches"),
       R"({"new_cases":"shut","automatic_replies":"open"})", admin},
      {"listPeople", opened<ServedHouse>(), "GET", at("/v1/people"), "", readers},
      {"addPerson", opened<ServedHouse>(), "PUT", at("/v1/people/zoe"), R"({"roles":["community"]})", admin},
      {"listTokens", opened<ServedHouse>(), "GET", at("/v1/tokens"), "", admin},
      {"addToken", opened<ServedHouse>(), "POST", at("/v1/tokens"), R"({"person":"carl"})", admin},
      {"showOpenapi", opened<ServedHouse>(), "GET", at("/v1/openapi.json"), "", {everybody.begin(), everybody.end()}},
      {"showMetrics", opened<ServedHouse>(), "GET", at("/metrics"), "", {"prom", "adam", "audrey"}},
  };
}

TEST(EveryRoute, IsOpenToThoseWhoMayAndToNobodyElse) {
  for (const Probe& probe : probes()) {
    for (const std::string& person : everybody) {
      const auto house = probe.open();
      const auto answer = house->ask(person, probe.method, probe.path(*house), probe.body);
      const bool may = probe.may.contains(person);
      EXPECT_EQ(may, answer.status >= 200 && answer.status < 300)
          << probe.id << " by " << person << ": " << answer.status << " " << answer.body;
      if (!may) {
        EXPECT_TRUE(answer.status == 403 || answer.status == 404)
            << probe.id << " by " << person << ": " << answer.status << " " << answer.body;
      }
    }
  }
}

TEST(ACase, IsShownToADepartmentAsFarAsItsOwnWorkGoes) {
  const Approving house;
  const auto whole = house.json(house.ask("carl", "GET", "/v1/cases/C-000001"));
  EXPECT_THAT(whole["posts"][0]["text"], "they charged me twice");
  const auto part = house.ask("bill", "GET", "/v1/cases/C-000001");
  EXPECT_THAT(part.body, Not(HasSubstr("they charged me")));
  EXPECT_THAT(part.body, Not(HasSubstr("\"replies\"")));
  EXPECT_THAT(part.body, Not(HasSubstr("\"posts\"")));
  EXPECT_EQ(house.json(part)["commitments"].size(), 3u);
  EXPECT_EQ(house.json(part)["commitments"][1]["input"]["account"], "A-1") << "what the department was asked for";
  const auto approver = house.json(house.ask("sam", "GET", "/v1/cases/C-000001"));
  ASSERT_EQ(approver["commitments"].size(), 1u);
  EXPECT_EQ(approver["commitments"][0]["name"], "refund");
  EXPECT_EQ(house.ask("comm", "GET", "/v1/cases/C-000001").status, 404);
  EXPECT_EQ(house.ask("comm", "GET", "/v1/cases/C-999999").status, 404);
}

TEST(ACase, HasAnETagThatIfNoneMatchAndIfMatchGoBy) {
  const Approving house;
  const auto shown = house.ask("carl", "GET", "/v1/cases/C-000001");
  const std::string tag = shown.header("ETag");
  ASSERT_FALSE(tag.empty());
  EXPECT_EQ(house.ask("carl", "GET", "/v1/cases/C-000001", "", "If-None-Match: " + tag + "\r\n").status, 304);
  const std::string path = commitment_path(house, "refund", "/approval");
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})", "If-Match: \"1\"\r\n").status, 412);
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})", "If-Match: 7\r\n").status, 400);
  const auto done = house.ask("sam", "POST", path, R"({"approve":true})", "If-Match: " + tag + "\r\n");
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_NE(done.header("ETag"), tag);
}

TEST(IfNoneMatch, TakesEveryFormOfAnETagAndComparesWeakly) {
  const Approving house;
  const std::string tag = house.ask("carl", "GET", "/v1/cases/C-000001").header("ETag");
  const auto status = [&](const std::string& value) {
    return house.ask("carl", "GET", "/v1/cases/C-000001", "", "If-None-Match: " + value + "\r\n").status;
  };
  const std::string is_known[] = {
      tag, "*", "W/" + tag, "\"1\", " + tag, "\"a,b\",W/" + tag + ",", ",, \t" + tag, "\"1\"\r\nIf-None-Match: " + tag};
  for (const std::string& value : is_known) EXPECT_EQ(status(value), 304) << value;
  for (const char* value : {"\"1\"", "W/\"1\"", "\"1\", \"2\"", "\"\"", "\"\xc3\xa9\""}) EXPECT_EQ(status(value), 200) << value;
  for (const char* value :
       {"", ",", "12", "\"12", "12\"", "w/\"12\"", "W/12", "W/ \"12\"", "\"1\" \"2\"", "*, \"1\"", "\"1\", *", "\"a b\"", "**"})
    EXPECT_EQ(status(value), 400) << value;
  const auto known = house.ask("carl", "GET", "/v1/cases/C-000001", "", "If-None-Match: *\r\n");
  EXPECT_EQ(known.header("ETag"), tag);
  EXPECT_EQ(known.body, "");
}

TEST(IfMatch, TakesAListOfWhichOneMustBeThePresentStateAndComparesStrongly) {
  const Approving house;
  const std::string tag = house.ask("carl", "GET", "/v1/cases/C-000001").header("ETag");
  const std::string path = commitment_path(house, "refund", "/approval");
  const auto status = [&](const std::string& value) {
    return house.ask("sam", "POST", path, R"({"approve":true})", "If-Match: " + value + "\r\n").status;
  };
  for (const std::string& value : {"W/" + tag, std::string("\"1\", \"2\""), std::string("\"x\""), "\"1\", W/" + tag})
    EXPECT_EQ(status(value), 412) << value;
  for (const char* value : {"", "7", "\"7", "W/7", "*, \"7\"", "\"7\" \"8\""}) EXPECT_EQ(status(value), 400) << value;
  EXPECT_EQ(house.state("refund"), CommitmentState::awaiting_approval);
  EXPECT_EQ(status("\"1\", W/\"2\"\r\nIf-Match: " + tag), 200);
  EXPECT_EQ(status("*"), 409) << "any state will do, but this one awaits no approval";
}

TEST(IfMatch, DoesNotRefuseARequestThatIsRepeatedUnderItsKey) {
  const Approving house;
  const std::string tag = house.ask("carl", "GET", "/v1/cases/C-000001").header("ETag");
  const std::string path = commitment_path(house, "refund", "/approval");
  const std::string headers = "Idempotency-Key: k\r\nIf-Match: \"1\", " + tag + "\r\n";
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})", headers).status, 200);
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})", headers).status, 200);
}

TEST(AnAct, IsOneUnderItsKeyAndAConflictWithout) {
  const Approving house;
  const std::string path = commitment_path(house, "refund", "/approval");
  const std::string key = "Idempotency-Key: yes-1\r\n";
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})", key).status, 200);
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})", key).status, 200);
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":false})", key).status, 422);
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})").status, 409);
}

TEST(AnAct, TakesOnlyTheFieldsOfItsRoute) {
  const Approving house;
  const std::string path = commitment_path(house, "refund", "/approval");
  EXPECT_THAT(house.ask("sam", "POST", path, R"({"approve":true,"sure":true})").body, HasSubstr("there is no field"));
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":"yes"})").status, 400);
  EXPECT_EQ(house.ask("sam", "POST", path, "{}").status, 400);
  EXPECT_EQ(house.ask("sam", "POST", path, "[true]").status, 400);
  EXPECT_EQ(house.ask("sam", "POST", path, std::string(200, '[')).status, 400);
  EXPECT_EQ(house.ask("sam", "POST", path, "approve=true", "").status, 400);
  EXPECT_EQ(house.state("refund"), CommitmentState::awaiting_approval);
}

TEST(AnAct, OnAnotherDepartmentsWorkIsOnWhatIsNotThere) {
  const Offering house;  // The commercial department has one commitment in it.
  const std::string yes = R"({"approve":true})";
  EXPECT_EQ(house.ask("comm", "POST", commitment_path(house, "identify", "/approval"), yes).status, 404);
  EXPECT_EQ(house.ask("comm", "POST", commitment_path(house, "charge_check", "/outcome"), R"({"outcome":"failed"})").status,
            404);
  EXPECT_EQ(house.ask("comm", "POST", "/v1/replies/" + std::to_string(house.reply("acknowledge").id) + "/review", yes).status,
            404);
  EXPECT_EQ(house.ask("comm", "POST", "/v1/cases/C-000001/events", R"({"event":"manual.identified"})").status, 404);
  EXPECT_EQ(house.ask("comm", "POST", "/v1/cases/C-000001/retry", "{}").status, 404);
  EXPECT_EQ(house.ask("comm", "POST", commitment_path(house, "by_hand", "/outcome"), R"({"outcome":"failed"})").status, 409);
}

TEST(AnAct, TakesNoAmbiguousBody) {
  const Approving house;
  const std::string path = commitment_path(house, "refund", "/approval");
  EXPECT_THAT(house.ask("sam", "POST", path, R"({"approve":false,"approve":true})").body, HasSubstr("is there twice"));
  EXPECT_EQ(house.ask("carl", "POST", "/v1/cases/C-000001/events", R"({"event":"manual.x","form":{"a":1e999}})").status, 400);
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})", "If-Match: \r\n").status, 400);
  EXPECT_EQ(house.ask("sam", "POST", path, R"({"approve":true})", "Idempotency-Key: \r\n").status, 400);
  EXPECT_EQ(house.state("refund"), CommitmentState::awaiting_approval);
}

TEST(Administration, TakesNoRoleThatIsNoNameAndNoKeyThatItWouldPassOver) {
  const ServedHouse house;
  EXPECT_EQ(house.ask("adam", "PUT", "/v1/people/emp", R"({"roles":[""]})").status, 400);
  EXPECT_EQ(house.ask("adam", "PUT", "/v1/people/a%1bb", R"({"roles":["x"]})").status, 400);
  EXPECT_EQ(house.ask("adam", "PUT", "/v1/people/zoe", R"({"roles":["x"]})", "Idempotency-Key: k\r\n").status, 400);
  wire::Wire head = house.connect();
  ASSERT_TRUE(head.send("HEAD /v1/events HTTP/1.1\r\nHost: a\r\n" + house.bearing("adam") + "\r\n"));
  EXPECT_TRUE(head.receive_until("HTTP/1.1 405 "));
}

TEST(AReport, SettlesTheKeyOfItsOwnDepartmentAlone) {
  ServedHouse house;
  house.billing->perform("refund", {waiting()});
  house.post("P1");
  const std::string key = house.commitment("refund").key;
  const std::string body = Json{{"key", key}, {"outcome", "done"}, {"evidence", Json::parse(refund_evidence)}}.dump();
  for (const char* person : {"comm", "carl", "adam", "nina"})
    EXPECT_EQ(house.ask(person, "POST", "/v1/reports", body).status, 404) << person;
  EXPECT_EQ(house.ask("bill", "POST", "/v1/reports", body).status, 200);
  EXPECT_EQ(house.state("refund"), CommitmentState::fulfilled);
}

TEST(Lists, ComeInPagesThatRepeatNothing) {
  ServedHouse house;
  for (int i = 1; i <= 7; ++i) house.post("P" + std::to_string(i), "they charged me twice", "a" + std::to_string(i));
  std::vector<std::string> seen;
  std::string path = "/v1/cases?limit=3";
  for (int pages = 0; pages < 10 && !path.empty(); ++pages) {
    const auto page = house.json(house.ask("audrey", "GET", path));
    for (const Json& each : page["cases"]) seen.push_back(each["reference"]);
    path = page["next"].is_string() ? page["next"].get<std::string>() : "";
  }
  EXPECT_EQ(seen.size(), 7u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 7u);
  for (const char* wrong : {"?limit=0", "?limit=201", "?limit=x", "?after=-1"})
    EXPECT_EQ(house.ask("audrey", "GET", std::string("/v1/cases") + wrong).status, 400) << wrong;
}

TEST(Lists, NameTheNextPageOfARoleAsAUrlTakesIt) {
  ServedHouse house;
  for (int i = 1; i <= 3; ++i) house.post("P" + std::to_string(i), "they charged me twice", "a" + std::to_string(i));
  const std::string role = "caf%C3%A9%20%26%20co%2B50%25%3D%23%3F";  // "café & co+50%=#?"
  const auto first = house.json(house.ask("audrey", "GET", "/v1/cases?limit=1&role=" + role));
  ASSERT_EQ(first["next"], "/v1/cases?after=1&limit=1&role=" + role);
  const auto second = house.json(house.ask("audrey", "GET", first["next"]));
  EXPECT_EQ(second["cases"][0]["reference"], "C-000002");
  EXPECT_EQ(second["next"], "/v1/cases?after=2&limit=1&role=" + role) << "decoded once, encoded once";
}

TEST(Paths, ThatAreNotThereSaySo) {
  const ServedHouse house;
  EXPECT_EQ(house.ask("adam", "GET", "/").status, 404);
  EXPECT_EQ(house.ask("adam", "GET", "/v1/cases/").status, 404);
  EXPECT_EQ(house.ask("adam", "GET", "/v1/cases/C-1/why/not").status, 404);
  const auto wrong = house.ask("adam", "DELETE", "/v1/cases");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("Allow"), "GET");
  EXPECT_EQ(house.ask("adam", "GET", "/v1/cases/%00").status, 404);
  EXPECT_EQ(house.ask("adam", "GET", "/v1/cases/%zz").status, 404);
}

// ---- signed hooks ---------------------------------------------------------------------------------------------------------

std::string signed_headers(const ServedHouse& house, const std::string& id, const std::string& body,
                           const std::string& secret = hook_secret, std::int64_t off_s = 0) {
  const std::int64_t at_s = house.clock->now_ms() / 1000 + off_s;
  return "webhook-id: " + id + "\r\nwebhook-timestamp: " + std::to_string(at_s) +
         "\r\nwebhook-signature: " + service::sign(secret, id, at_s, body) + "\r\n";
}

TEST(AHook, TakesWhatIsSignedWithItsSecretOnce) {
  const ServedHouse house;
  const std::string body = ServedHouse::post_line("P1");
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", body, signed_headers(house, "d1", body)).status, 201);
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", body, signed_headers(house, "d1", body)).status, 200);
  const std::string other = ServedHouse::post_line("P2");
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", other, signed_headers(house, "d1", other)).status, 422);
  EXPECT_EQ(house.store->posts(0, 10)->size(), 1u);
}

TEST(AHook, KeepsTheIdOfADeliveryForThirtyDays) {
  const ServedHouse house;
  const std::string body = ServedHouse::post_line("P1"), other = ServedHouse::post_line("P2");
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", body, signed_headers(house, "d1", body)).status, 201);
  house.clock->advance_to(house.clock->now_ms() + service::key_kept_ms);
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", other, signed_headers(house, "d1", other)).status, 422);
  house.clock->advance_to(house.clock->now_ms() + 1);
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", other, signed_headers(house, "d1", other)).status, 201);
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", body, signed_headers(house, "d1", body)).status, 422);
}

TEST(AHook, RefusesWhatIsNotSignedSo) {
  const ServedHouse house;
  const std::string body = ServedHouse::post_line("P1");
  std::string changed = body;
  changed[changed.size() / 2] ^= 1;
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", changed, signed_headers(house, "d1", body)).status, 401)
      << "one byte changed";
  EXPECT_EQ(
      house.ask("", "POST", "/v1/hooks/desk", body, signed_headers(house, "d1", body, "another secret of some length")).status,
      401);
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", body, signed_headers(house, "d1", body, hook_secret, -301)).status, 401)
      << "too old";
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", body, signed_headers(house, "d1", body, hook_secret, 301)).status, 401)
      << "of the future";
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/desk", body).status, 401) << "unsigned";
  EXPECT_EQ(house.ask("adam", "POST", "/v1/hooks/desk", body).status, 401) << "a token is no signature";
  EXPECT_EQ(house.ask("", "POST", "/v1/hooks/other", body, signed_headers(house, "d1", body)).status, 404);
  EXPECT_TRUE(house.store->posts(0, 10)->empty());
}

TEST(Signature, IsThatOfTheStandardsOwnExample) {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Signature scheme".
  const auto secret = secret_bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(secret);
  EXPECT_EQ(service::sign(*secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

// ---- described and counted ------------------------------------------------------------------------------------------------

TEST(OpenApi, DescribesEachRouteAndNoOther) {
  const ServedHouse house;
  const Json document = house.json(house.ask("nina", "GET", "/v1/openapi.json"));
  EXPECT_EQ(document["openapi"], "3.1.0");
  std::size_t operations = 0;
  std::set<std::string> ids;
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      ++operations;
      ids.insert(operation["operationId"]);
      EXPECT_FALSE(operation["summary"].get<std::string>().empty()) << path;
      EXPECT_FALSE(operation["responses"].empty()) << path;
      std::string upper = method;
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      std::string real = path;
      for (std::size_t at = real.find('{'); at != std::string::npos; at = real.find('{'))
        real.replace(at, real.find('}') - at + 1, "1");
      const auto answer = house.ask("adam", upper, real, operation.contains("requestBody") ? "{}" : "");
      EXPECT_NE(answer.status, 405) << upper << " " << path;
      EXPECT_TRUE(operation["responses"].contains(std::to_string(answer.status)))
          << upper << " " << path << " answered " << answer.status;
    }
  }
  EXPECT_EQ(operations, service::routes().size());
  EXPECT_EQ(ids.size(), operations);
}

TEST(Metrics, CountWhatWaits) {
  const Approving house;
  const auto answer = house.ask("prom", "GET", "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.header("Content-Type"), HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(answer.body, HasSubstr("redress_cases{state=\"active\"} 1\n"));
  EXPECT_THAT(answer.body, HasSubstr("redress_commitments_open{department=\"billing\",state=\"awaiting_approval\"} 1\n"));
  EXPECT_THAT(answer.body, HasSubstr("redress_tasks_open{role=\"supervisor\"} 1\n"));
  EXPECT_THAT(answer.body, HasSubstr("# TYPE redress_cases gauge\n"));
}

TEST(Metrics, CountWhatNobodyKnows) {
  const Unknown house;
  EXPECT_THAT(house.ask("prom", "GET", "/metrics").body, HasSubstr("redress_effects_unknown{verb=\"perform\"} 1\n"));
}

TEST(Ready, IsNoMoreWhatDrains) {
  ServedHouse house;
  EXPECT_EQ(house.ask("", "GET", "/readyz").status, 200);
  const int port = house.service->port();
  house.service->drain(0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_NE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << "nobody listens any more";
  ::close(fd);
}

}  // namespace
}  // namespace redress::house
