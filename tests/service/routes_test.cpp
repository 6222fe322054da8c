// The routes over HTTP: who may do what, what is answered, what happens once, and what nobody is told.
#include <set>

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

TEST(Tokens, AreNotMadeForNoRoleAtAll) {
  const ServedHouse house;
  const auto none = house.ask("adam", "POST", "/v1/tokens", R"({"person":"cora","roles":[]})");
  EXPECT_EQ(none.status, 400);
  EXPECT_THAT(none.body, HasSubstr("leave the field out"));
  EXPECT_EQ(house.ask("adam", "POST", "/v1/tokens", R"({"person":"cora"})").status, 201);
}

TEST(Lists, OfTokensAndPeopleComeInPages) {
  ServedHouse house;
  for (const char* list : {"tokens", "people"}) {
    std::set<std::int64_t> ids;
    std::size_t pages = 0;
    std::size_t rows = 0;
    for (Json next = std::string("/v1/") + list + "?limit=3"; next.is_string() && pages < 20; ++pages) {
      const Json page = house.json(house.ask("adam", "GET", next));
      EXPECT_LE(page[list].size(), 3u);
      for (const Json& each : page[list]) ids.insert(each["id"].get<std::int64_t>());
      rows += page[list].size();
      next = page["next"];
    }
    EXPECT_EQ(rows, ids.size()) << list;
    EXPECT_EQ(rows, house.tokens.size()) << list;
    EXPECT_EQ(pages, (rows + 2) / 3) << list;
    EXPECT_EQ(house.ask("adam", "GET", std::string("/v1/") + list + "?limit=201").status, 400);
  }
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(house.engine->add_token({.person = "carl"}));
  EXPECT_EQ(house.json(house.ask("adam", "GET", "/v1/tokens"))["tokens"].size(), 50u);
}

TEST(AQuery, HasOnlyWhatTheRouteTakesAndThatOnce) {
  const ServedHouse house;
  const auto detail = [&](const std::string& path, const std::string& method = "GET", const std::string& body = "") {
    const auto answer = house.ask("adam", method, path, body);
    EXPECT_EQ(answer.status, 400) << path;
    return house.json(answer)["detail"].get<std::string>();
  };
  EXPECT_EQ(detail("/v1/tasks?rolle=lead"), "there is no query parameter \"rolle\"; this path takes after, limit, role");
  EXPECT_EQ(detail("/v1/cases?role=lead"), "there is no query parameter \"role\"; this path takes after, limit");
  EXPECT_EQ(detail("/v1/cases?limit=1&limit=2"), "the query parameter \"limit\" is there twice; this path takes after, limit");
  EXPECT_THAT(detail("/v1/cases?limit=1&limit=1"), HasSubstr("there twice"));
  EXPECT_THAT(detail("/v1/cases?limit=1&l%69mit=1"), HasSubstr("there twice"));
  EXPECT_EQ(detail("/v1/report?x"), "there is no query parameter \"x\"; this path takes none");
  EXPECT_THAT(detail("/metrics?verbose"), HasSubstr("takes none"));
  EXPECT_THAT(detail("/v1/posts?dry_run=1", "POST", ServedHouse::post_line("P1")), HasSubstr("takes none"));
  EXPECT_TRUE(house.store->posts(0, 10)->empty());
  EXPECT_EQ(house.ask("adam", "GET", "/v1/cases?&limit=1&").status, 200);
  for (const char* probe : {"/livez?verbose", "/readyz?verbose&verbose", "/livez?a?b"})
    EXPECT_EQ(house.ask("", "GET", probe).status, 200);
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
  EXPECT_THAT(house.ask("adam", "POST", "/v1/tokens", R"({"person":"cora","expires_at_ms":18446744073709551615})").body,
              HasSubstr("a number beyond 9223372036854775807"));
  EXPECT_EQ(house.ask("sam", "POST", path, std::string(200, '[')).status, 400);
  EXPECT_EQ(house.ask("sam", "POST", path, "approve=true", "").status, 400);
  EXPECT_EQ(house.state("refund"), CommitmentState::awaiting_approval);
}

TEST(AnAct, TakesOnlyTheWordsOfItsField) {
  const Approving house;
  const auto detail = [&](const std::string& person, const std::string& path, const std::string& body) {
    const auto answer = house.ask(person, "POST", path, body);
    EXPECT_EQ(answer.status, 400) << path;
    return house.json(answer)["detail"].get<std::string>();
  };
  const std::string outcome = commitment_path(house, "refund", "/outcome");
  EXPECT_EQ(detail("sam", outcome, R"({"outcome":"don"})"), "outcome is done, declined, failed or revoked");
  EXPECT_EQ(detail("sam", outcome, R"({"outcome":""})"), "outcome is done, declined, failed or revoked");
  EXPECT_EQ(detail("sam", outcome, R"({"outcome":"done|failed"})"), "outcome is done, declined, failed or revoked");
  EXPECT_THAT(detail("sam", outcome, R"({"outcome":1})"), HasSubstr("of type integer, it takes string"));
  EXPECT_EQ(detail("lea", "/v1/replies/1/settlement", R"({"settle":"no"})"), "settle is again, published or waived");
  EXPECT_EQ(detail("adam", "/v1/workflows/w/switches", R"({"new_cases":"on","automatic_replies":"open"})"),
            "new_cases is open or shut");
  EXPECT_THAT(detail("carl", "/v1/cases/C-000001/replies", R"({"text":"t","claims":{"refund":"paid"}})"),
              HasSubstr("claims.refund is requested, accepted, fulfilled, declined, failed or revoked"));
  EXPECT_THAT(detail("adam", "/v1/tokens", R"({"person":"cora","roles":["community",1]})"), HasSubstr("roles[1]"));
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
  const auto large = done(charge_evidence(20'000));
  house.billing->perform("check_charge", {large, large, large});
  for (int i = 1; i <= 3; ++i) house.post("P" + std::to_string(i), "they charged me twice", "a" + std::to_string(i));
  const auto first = house.json(house.ask("sam", "GET", "/v1/tasks?limit=1&role=super%76isor"));
  ASSERT_EQ(first["tasks"].size(), 1u);
  const std::string next = "/v1/tasks?after=" + first["tasks"][0]["id"].dump() + "&limit=1&role=supervisor";
  ASSERT_EQ(first["next"], next) << "decoded once, encoded once";
  EXPECT_EQ(house.json(house.ask("sam", "GET", next))["tasks"][0]["case"], "C-000002");
  EXPECT_EQ(service::encoded("caf\xc3\xa9 & co+50%=#?"), "caf%C3%A9%20%26%20co%2B50%25%3D%23%3F");
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

// The schema of a request's body, or the parameters of its operation by name.
Json described_body(const Json& document, const std::string& path) {
  return document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"];
}
Json described_parameters(const Json& document, const std::string& path, const std::string& method) {
  Json out = Json::object();
  for (const Json& each : document["paths"][path][method]["parameters"]) out[each["name"].get<std::string>()] = each;
  return out;
}

TEST(OpenApi, SaysWhatToSend) {
  const Json document = service::openapi_document();
  for (const char* path : {"/v1/posts", "/v1/hooks/{name}"})
    EXPECT_EQ(described_body(document, path)["$ref"], "#/components/schemas/NewPost") << path;
  EXPECT_EQ(described_body(document, "/v1/workflows")["$ref"], "#/components/schemas/NewWorkflow");
  const Json outcome = described_body(document, "/v1/commitments/{id}/outcome")["properties"]["outcome"];
  EXPECT_EQ(outcome["enum"], Json::parse(R"(["done","declined","failed","revoked"])"));
  const Json settle = described_body(document, "/v1/replies/{id}/settlement")["properties"]["settle"];
  EXPECT_EQ(settle["enum"], Json::parse(R"(["again","published","waived"])"));
  const Json switches = described_body(document, "/v1/workflows/{id}/switches");
  for (const char* way : {"new_cases", "automatic_replies"})
    EXPECT_EQ(switches["properties"][way]["enum"], Json::parse(R"(["open","shut"])"));
  EXPECT_EQ(described_body(document, "/v1/tokens")["properties"]["roles"]["items"]["type"], "string");
  EXPECT_EQ(switches["additionalProperties"], false);
}

TEST(OpenApi, DescribesThePostThatIsTaken) {
  const ServedHouse house;
  const Json document = service::openapi_document();
  const Json& schemas = document["components"]["schemas"];
  EXPECT_FALSE(schemas["NewPost"].contains("additionalProperties")) << "others are passed over";
  Json post = Json::parse(ServedHouse::post_line("P1"));
  for (const Json& name : schemas["NewPost"]["required"]) {
    Json without = post;
    without.erase(name.get<std::string>());
    EXPECT_EQ(house.ask("bridge", "POST", "/v1/posts", without.dump()).status, 400) << name;
  }
  for (const auto& [name, schema] : schemas["NewPost"]["properties"].items()) {
    const bool may_be_null = schema.contains("type") && schema.at("type").is_array();
    Json changed = post;
    changed[name] = nullptr;
    changed["more"] = 1;
    EXPECT_EQ(house.ask("bridge", "POST", "/v1/posts", changed.dump()).status < 300, may_be_null) << name;
    changed[name] = Json::array();
    EXPECT_EQ(house.ask("bridge", "POST", "/v1/posts", changed.dump()).status, 400) << name << " is read";
  }
  post["author"] = {{"handle", "ana"}, {"display_name", nullptr}, {"verified", true}, {"followers", 3}};
  for (const auto& [name, value] : post["author"].items()) EXPECT_TRUE(schemas["NewAuthor"]["properties"].contains(name));
  EXPECT_LT(house.ask("bridge", "POST", "/v1/posts", post.dump()).status, 300);
}

TEST(OpenApi, NamesTheHeadersThatARouteReads) {
  const Json document = service::openapi_document();
  EXPECT_TRUE(described_parameters(document, "/v1/events", "get").contains("Last-Event-ID"));
  EXPECT_TRUE(described_parameters(document, "/v1/cases/{ref}", "get").contains("If-None-Match"));
  const Json hook = described_parameters(document, "/v1/hooks/{name}", "post");
  for (const char* name : {"webhook-id", "webhook-timestamp", "webhook-signature"})
    EXPECT_EQ(hook[name]["required"], true) << name;
}

TEST(OpenApi, SaysOfEachOperationWhatARefusalLooksLike) {
  const Json document = service::openapi_document();
  EXPECT_EQ(document["components"]["responses"]["Refused"]["content"]["application/problem+json"]["schema"]["$ref"],
            "#/components/schemas/Problem");
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, operation] : methods.items())
      EXPECT_EQ(operation["responses"]["default"]["$ref"], "#/components/responses/Refused") << method << path;
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
