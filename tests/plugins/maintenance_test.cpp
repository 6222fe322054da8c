// The department maintenance: one crew for one fault, promises that are kept or changed before they are broken, local shifts.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "books/places.hpp"
#include "books_probe.hpp"
#include "maintenance/field.hpp"

namespace redress {
namespace {

using maintenance::free_start;
using maintenance::read_field;
using testing::Desk;
using testing::Folder;
using testing::query;
using enum OutcomeKind;
using Json = nlohmann::json;

constexpr std::int64_t minute_ms = 60'000, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;
constexpr std::int64_t monday_ms = 1'772'409'600'000;  // 2026-03-02T00:00:00Z.

const char* const field = R"({
  "zones": [ { "zone": "north", "names": ["North Hill", "Monte Norte"], "time_zone": "Europe/Madrid" },
             { "zone": "south", "names": ["Lavapiés"], "time_zone": "Europe/Madrid" } ],
  "crews": [ { "crew": "A", "skills": ["internet"], "zones": ["north", "south"],
               "shifts": [ { "days": ["mon", "tue", "wed", "thu", "fri"], "from": "08:00", "to": "18:00" } ] },
             { "crew": "B", "skills": ["internet", "power"], "zones": ["north"],
               "shifts": [ { "days": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], "from": "22:00", "to": "06:00" } ] } ],
  "faults": [ { "fault": "F", "problem": "internet", "zones": ["north", "south"], "repair_minutes": 60, "crew": "A",
                "setbacks": [ { "after_minutes": 30, "extra_minutes": 90 } ] } ] })";

class MaintenanceTest : public ::testing::Test {
 protected:
  std::string config() const {
    testing::write_file(folder_.file("field.json"), field);
    return Json{{"database", folder_.file("m.db")}, {"seed", folder_.file("field.json")}}.dump();
  }
  static std::string input(const char* zone, const char* problem) { return Json{{"zone", zone}, {"problem", problem}}.dump(); }
  Outcome send(const std::string& key, const char* zone, std::int64_t now_ms, const char* problem = "internet") const {
    return desk_.answer(Verb::perform, "dispatch", "s/c/" + key + "/1/perform", input(zone, problem), {}, now_ms);
  }
  Outcome look(const std::string& key, const char* zone, std::int64_t now_ms) const {
    return desk_.answer(Verb::reconcile, "dispatch", "s/c/" + key + "/1/perform", input(zone, "internet"), {}, now_ms);
  }

  Folder folder_;
  Desk desk_{MAINTENANCE_PLUGIN, config()};
};

TEST_F(MaintenanceTest, PromisesChangesThePromiseWhenASetbackIsFoundAndSaysWhenItIsRestored) {
  const std::int64_t now = monday_ms + 9 * hour_ms;  // 10:00 in Madrid.
  const auto sent = send("k", "north", now);
  ASSERT_EQ(sent.kind, waiting) << sent.reason;
  EXPECT_EQ(sent.ticket, "WO-000001");
  EXPECT_EQ(sent.promised_at_ms, now + 75 * minute_ms);
  EXPECT_EQ(sent.retry_at_ms, now + 45 * minute_ms);  // When the setback is found.
  EXPECT_EQ(look("k", "north", now + 44 * minute_ms).promised_at_ms, now + 75 * minute_ms);
  const auto changed = look("k", "north", now + 45 * minute_ms);
  EXPECT_EQ(changed.promised_at_ms, now + 165 * minute_ms);
  EXPECT_EQ(look("k", "north", now + 164 * minute_ms).kind, waiting);
  const auto restored = look("k", "north", now + 165 * minute_ms);
  ASSERT_EQ(restored.kind, done);
  const Json evidence = Json::parse(restored.evidence);
  EXPECT_EQ(evidence["crew"], "A");
  EXPECT_EQ(evidence["zone_name"], "North Hill");
  EXPECT_EQ(evidence["started_at"], "2026-03-02T09:15:00Z");
  EXPECT_EQ(evidence["restored_at"], "2026-03-02T11:45:00Z");
}

TEST_F(MaintenanceTest, SendsOneCrewToOneFaultThatTwoZonesReport) {
  const std::int64_t now = monday_ms + 9 * hour_ms;
  EXPECT_EQ(send("k", "north", now).ticket, send("l", "south", now + minute_ms).ticket);
  EXPECT_EQ(Json::parse(look("l", "south", now + day_ms).evidence)["zone_name"], "Lavapiés");
  EXPECT_EQ(query(folder_.file("m.db"), "SELECT count(*) FROM orders").front(), "1");
}

TEST_F(MaintenanceTest, GivesOneKeyOneOrderHoweverOftenItIsAsked) {
  const std::int64_t now = monday_ms + 9 * hour_ms;
  const auto first = send("k", "north", now);
  const auto again = send("k", "north", now + minute_ms);
  EXPECT_EQ(first.ticket, again.ticket);
  EXPECT_EQ(first.promised_at_ms, again.promised_at_ms);
  EXPECT_EQ(look("other", "north", now).kind, retry);
}

TEST_F(MaintenanceTest, DeclinesAZoneThatIsNotThereAndWhatNoCrewCanDo) {
  EXPECT_EQ(send("k", "moon", monday_ms).kind, declined);
  const auto water = send("l", "south", monday_ms, "water");
  EXPECT_EQ(water.kind, declined);
  EXPECT_NE(water.reason.find("no crew for water in Lavapiés"), std::string::npos) << water.reason;
}

TEST_F(MaintenanceTest, CanBeCancelledUntilTheCrewHasBegun) {
  const std::int64_t now = monday_ms + 9 * hour_ms;
  ASSERT_EQ(send("k", "north", now).kind, waiting);
  const auto cancel = [&](std::int64_t at_ms) {
    return desk_.answer(Verb::cancel, "dispatch", "s/c/k/1/cancel", input("north", "internet"), {}, at_ms).kind;
  };
  EXPECT_EQ(cancel(now + 15 * minute_ms), declined);
  EXPECT_EQ(cancel(now + 14 * minute_ms), done);
  EXPECT_EQ(look("k", "north", now + day_ms).kind, declined);
  EXPECT_NE(send("l", "north", now + 16 * minute_ms).ticket, "WO-000001");
}

TEST_F(MaintenanceTest, KeepsADispatchersWordAndRefusesACrewThatDoesNotExist) {
  ASSERT_EQ(send("k", "north", monday_ms).kind, waiting);
  const auto word = [&](const char* crew) {
    const Json evidence{{"work_order", "WO-000001"},
                        {"crew", crew},
                        {"zone", "north"},
                        {"zone_name", "North Hill"},
                        {"time_zone", "Europe/Madrid"},
                        {"started_at", "2026-03-02T08:00:00Z"},
                        {"restored_at", "2026-03-02T09:00:00Z"}};
    return desk_.answer(Verb::record, "dispatch", "s/c/k/1/record", input("north", "internet"), evidence.dump(), monday_ms);
  };
  const auto stranger = word("Z");
  EXPECT_EQ(stranger.kind, declined);
  EXPECT_NE(stranger.reason.find("there is no crew \"Z\""), std::string::npos);
  EXPECT_EQ(word("B").kind, done);
  EXPECT_EQ(Json::parse(look("k", "north", monday_ms).evidence)["crew"], "B");
}

TEST_F(MaintenanceTest, TellsADispatchersWordToEachZoneAsItsOwn) {
  ASSERT_EQ(send("k", "north", monday_ms).ticket, send("l", "south", monday_ms).ticket);
  const Json word{{"work_order", "WO-000001"},
                  {"crew", "A"},
                  {"zone", "north"},
                  {"zone_name", "The North"},
                  {"time_zone", "Europe/Madrid"},
                  {"started_at", "2026-03-02T08:00:00Z"},
                  {"restored_at", "2026-03-02T09:00:00Z"}};
  ASSERT_EQ(desk_.answer(Verb::record, "dispatch", "s/c/k/1/record", input("north", "internet"), word.dump(), monday_ms).kind,
            done);
  EXPECT_EQ(Json::parse(look("k", "north", monday_ms).evidence), word);
  Json south = word;
  south["zone"] = "south";
  south["zone_name"] = "Lavapi\u00e9s";
  EXPECT_EQ(Json::parse(look("l", "south", monday_ms).evidence), south);
}

TEST_F(MaintenanceTest, FindsTheZoneThatATextNamesAccentsAside) {
  const auto locate = [&](const char* text) {
    return desk_.answer(Verb::perform, "locate", "s/c/l/1/perform", Json{{"text", text}}.dump());
  };
  EXPECT_EQ(Json::parse(locate("sin internet en LAVAPIES!").evidence)["zone"], "south");
  EXPECT_EQ(Json::parse(locate("nothing works on north hill.").evidence)["zone"], "north");
  EXPECT_EQ(locate("up north hillside").kind, declined);
  EXPECT_EQ(locate("Lavapiés and North Hill").kind, declined);
}

TEST(Shift, OverAChangeOfTheClocksBeginsAtTheRightInstant) {
  const auto read = read_field(R"({ "zones": [ { "zone": "m", "names": ["M"], "time_zone": "Europe/Madrid" } ], "faults": [],
    "crews": [ { "crew": "N", "skills": ["power"], "zones": ["m"],
                 "shifts": [ { "days": ["sun"], "from": "02:30", "to": "05:00" } ] } ] })");
  ASSERT_TRUE(read) << read.error().message;
  const auto start = [&](std::int64_t not_before_ms) {
    return free_start(read->crews[0], read->zones[0], not_before_ms, hour_ms, {});
  };
  // 29 March 2026: 02:30 does not exist; the clocks leap at 01:00Z. 25 October: 02:30 comes twice; the first is at 00:30Z.
  EXPECT_EQ(start(1'774'656'000'000), 1'774'746'000'000);
  EXPECT_EQ(start(1'792'800'000'000), 1'792'888'200'000);
}

TEST(Seed, IsRefusedWithThePlaceOfWhatIsWrong) {
  const auto refusal = [](const std::string& from, const std::string& to) {
    std::string text = field;
    text.replace(text.find(from), from.size(), to);
    const auto read = read_field(text);
    return read ? std::string("nothing") : read.error().message;
  };
  EXPECT_NE(refusal(R"("crew": "A", "skills")", R"("crew": "C", "skills")").find("names the crew \"A\", which is not among"),
            std::string::npos);
  EXPECT_NE(refusal("Europe/Madrid", "Europe/Nowhere").find("does not exist"), std::string::npos);
  EXPECT_NE(refusal(R"("from": "08:00", "to": "18:00")", R"("from": "08:00", "to": "08:00")").find("never comes"),
            std::string::npos);
  EXPECT_NE(refusal("08:00", "25:00").find("no time of day"), std::string::npos);
  EXPECT_NE(refusal(R"("zones": ["north"])", R"("zones": ["west"])").find("zone \"west\""), std::string::npos);
  EXPECT_NE(refusal(R"("after_minutes": 30)", R"("after_minutes": 60)").find("done already"), std::string::npos);
  EXPECT_NE(refusal(R"("mon", "tue")", R"("moon", "tue")").find("no day"), std::string::npos);
}

// For all seeds: whoever asks when, no crew is in two places at once, and no promise lies in the past or is broken unannounced.
TEST(Dispatching, KeepsItsRulesWhateverIsAskedWhen) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Folder folder;
    testing::write_file(folder.file("field.json"), field);
    const Desk desk(MAINTENANCE_PLUGIN, Json{{"database", folder.file("m.db")}, {"seed", folder.file("field.json")}}.dump());
    std::mt19937 random(seed);
    std::map<std::string, std::int64_t> promised;
    std::int64_t now = monday_ms;
    for (int i = 0; i < 60; ++i) {
      now += static_cast<std::int64_t>(random() % 200) * minute_ms;
      const std::string key = "s/c/d" + std::to_string(random() % 20) + "/1/perform";
      const Json input{{"zone", random() % 2 == 0 ? "north" : "south"}, {"problem", random() % 3 == 0 ? "power" : "internet"}};
      const auto outcome =
          desk.answer(promised.contains(key) ? Verb::reconcile : Verb::perform, "dispatch", key, input.dump(), {}, now);
      if (outcome.kind == waiting) {
        EXPECT_GT(outcome.promised_at_ms, now) << seed;
        promised[key] = outcome.promised_at_ms;
      } else if (outcome.kind == done && promised.contains(key)) {
        EXPECT_GE(now, promised[key]) << seed;
      }
    }
    EXPECT_EQ(
        query(folder.file("m.db"),
              "SELECT a.id FROM orders a JOIN orders b ON a.crew = b.crew AND a.id < b.id AND a.closed = '' AND b.closed = '' "
              "AND a.start_ms < b.end_ms AND b.start_ms < a.end_ms")
            .size(),
        0u)
        << seed;
  }
}

TEST(Places, CountTheLongerNameWhereTheShorterStandsInIt) {
  const std::vector<books::Place> places{{"a", {"Norte"}}, {"b", {"Plaza Norte"}}};
  EXPECT_EQ(books::places_in("en Plaza Norte", places), std::vector<std::string>{"b"});
  EXPECT_EQ(books::places_in("en el norte", places), std::vector<std::string>{"a"});
  EXPECT_TRUE(books::places_in("nortear", places).empty());
}

}  // namespace
}  // namespace redress
