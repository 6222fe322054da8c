// The report: what it counts, and which side of each border an instant is on.
#include <nlohmann/json.hpp>

#include "engine/house.hpp"

namespace redress::house {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

Json report_of(const House& house) {
  const auto text = make_report(*house.store);
  EXPECT_TRUE(text) << text.error().message;
  return text ? Json::parse(*text) : Json();
}

// The line of a deadline for a class; null is the whole channel.
Json line_of(const Json& report, const char* deadline, const Json& category) {
  for (const Json& line : report[deadline])
    if (line["class"] == category) return line;
  ADD_FAILURE() << "no line for " << category;
  return {};
}

// A person answers a question; nobody is asked to do anything.
constexpr const char* answering = R"json({
  "redress": 1, "id": "answering", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
  "intake": { "when": "true", "category": "query" },
  "sla": { "first_reply": { "within": "PT15M" }, "resolution": { "within": "PT1H" } },
  "replies": { "answered": { "text": { "en": "We read you, {{ customer.handle }}." } } },
  "initial": "open",
  "states": {
    "open": { "manual": { "answer": { "role": "community" } },
              "on": { "manual.answer": { "target": "closed", "actions": [ { "reply": "answered" } ] } } },
    "closed": { "type": "final" } },
  "reopen": { "on": "customer.replied", "target": "open" } })json";

struct AnsweredHouse : House {
  AnsweredHouse() : House({answering}) {}
  void answer_after(std::int64_t ms) {
    post("P1");
    clock->advance_to(clock->now_ms() + ms);  // Nothing is run meanwhile: the reply comes at this very instant.
    ASSERT_TRUE(engine->send_event("C-000001", "manual.answer", "{}", as("carl")));
    go();
  }
};

TEST(Report, CountsAReplyAtTheBorderWithinAndOneMillisecondLaterNot) {
  for (const auto& [after_ms, within] : {std::pair{15 * minute_ms, 1}, std::pair{15 * minute_ms + 1, 0}}) {
    AnsweredHouse house;
    house.answer_after(after_ms);
    const Json line = line_of(report_of(house), "first_reply", "query");
    EXPECT_EQ(line["within"]["PT15M"], within) << after_ms;
    EXPECT_EQ(line["within"]["PT1H"], 1);
    EXPECT_EQ(line["median_ms"], after_ms);
  }
}

TEST(Report, CallsAReplyLateAfterItsDueInstant) {
  AnsweredHouse in_time;
  in_time.answer_after(15 * minute_ms);
  EXPECT_EQ(report_of(in_time)["late"]["count"], 0);
  EXPECT_EQ(line_of(report_of(in_time), "first_reply", "query")["target_met"], 1);
  AnsweredHouse late;
  late.answer_after(15 * minute_ms + 1);
  const Json report = report_of(late);
  EXPECT_EQ(report["late"]["listed"][0], Json::parse(R"({"case":"C-000001","episode":1,"late_ms":1})"));
  EXPECT_EQ(line_of(report, "first_reply", "query")["target_breached"], 1);
}

TEST(Report, SaysWhereTheCustomerWasAnsweredAndNothingWasDone) {
  AnsweredHouse house;
  house.answer_after(minute_ms);
  EXPECT_EQ(report_of(house)["replied_but_nothing_done"]["listed"][0],
            Json::parse(R"({"case":"C-000001","episode":1,"class":"query","why":"no commitment was made"})"));
  House refunded;
  refunded.post("P1");
  EXPECT_EQ(report_of(refunded)["replied_but_nothing_done"]["count"], 0);
}

TEST(Report, CountsEachEpisodeOfACase) {
  AnsweredHouse house;
  house.answer_after(minute_ms);
  house.clock->advance_to(house.clock->now_ms() + day_ms);
  house.answer("P2", "it is not solved");
  const Json report = report_of(house);
  const Json line = line_of(report, "first_reply", "query");
  EXPECT_EQ(line["episodes"], 2);
  EXPECT_EQ(line["not_yet"], 1);
  EXPECT_EQ(report["unanswered"]["listed"][0], Json::parse(R"({"case":"C-000001","episode":2})"));
}

TEST(Report, HasALineForEachClassAndOneForTheChannelButNoneOverChannels) {
  House house({answering, with(shipped_workflow(), "\"rank\": 20", "\"rank\": 30")});
  house.post("P1");
  Post elsewhere = house.make_post("M1", "a question", "ben");
  elsewhere.channel = "mastodon";
  house.receive(elsewhere);
  house.post("P2", "another question", "cem");
  const Json report = report_of(house);
  std::vector<std::string> lines;
  for (const Json& line : report["first_reply"])
    lines.push_back(line["channel"].get<std::string>() + " " + line["class"].dump() + " " + line["episodes"].dump());
  EXPECT_THAT(lines,
              testing::ElementsAre("mastodon null 1", "mastodon \"query\" 1", "x null 2", "x \"billing\" 1", "x \"query\" 1"));
}

// The line of an action, without those of its fields that are 0 or not there.
Json work_of(const House& house, const std::string& action) {
  const Json report = report_of(house);
  for (const Json& line : report["departments"]) {
    if (line["action"] != action) continue;
    Json counted = Json::object();
    for (const auto& [name, value] : line.items())
      if (value.is_number() && value != 0) counted[name] = value;
    return counted;
  }
  return "no line for " + action;
}

struct LateHouse : House {
  LateHouse() { billing->perform("refund", {waiting()}); }
  Result<void> tell(ReportKind kind) {
    return billing->report({.key = commitment("refund").key, .kind = kind, .evidence = refund_evidence, .reason = "told"});
  }
};

TEST(Department, WhoseWorkIsOpenIsOverdueFromItsDueInstantOn) {
  LateHouse house;
  house.post("P1");
  house.pass(12 * hour_ms - 1);
  EXPECT_EQ(work_of(house, "refund"), Json::parse(R"({"commitments":1,"open":1})"));
  house.pass(1);
  EXPECT_EQ(work_of(house, "refund"), Json::parse(R"({"commitments":1,"open":1,"overdue_now":1})"));
}

TEST(Department, ThatWasLateIsLateByTheMedian) {
  LateHouse house;
  house.post("P1");
  house.pass(13 * hour_ms);
  ASSERT_TRUE(house.tell(ReportKind::done));
  EXPECT_EQ(work_of(house, "refund"), Json::parse(R"({"commitments":1,"late":1,"median_late_ms":3600000})"));
  EXPECT_EQ(work_of(house, "find_account"), Json::parse(R"({"commitments":1,"on_time":1})"));
}

TEST(Department, ThatWasInTimeStaysSoWhenItsWorkIsRevokedLater) {
  LateHouse house;
  house.post("P1");
  ASSERT_TRUE(house.tell(ReportKind::done));
  const std::int64_t settled_at_ms = house.commitment("refund").settled_at_ms;
  house.pass(3 * day_ms);
  ASSERT_TRUE(house.tell(ReportKind::revoked));
  ASSERT_EQ(house.state("refund"), CommitmentState::revoked);
  EXPECT_EQ(house.commitment("refund").settled_at_ms, settled_at_ms);
  EXPECT_EQ(work_of(house, "refund"), Json::parse(R"({"commitments":1,"on_time":1})"));
  house.expect_sound();
}

TEST(Department, ThatWasInTimeStaysSoWhenItsWorkIsUndoneLater) {
  House house({undone_when_joined()});
  house.post("P1");
  house.pass(3 * day_ms);
  house.answer("P2", "look", "P1", "ben");
  ASSERT_EQ(house.state("refund"), CommitmentState::undone);
  EXPECT_EQ(work_of(house, "refund"), Json::parse(R"({"commitments":1,"on_time":1})"));
}

TEST(Department, ThatDidNotDoItWasNotInTime) {
  LateHouse declined;
  declined.post("P1");
  ASSERT_TRUE(declined.tell(ReportKind::declined));
  EXPECT_EQ(work_of(declined, "refund"), Json::parse(R"({"commitments":1,"declined":1})"));
  LateHouse failed;
  failed.post("P1");
  ASSERT_TRUE(failed.tell(ReportKind::failed));
  EXPECT_EQ(work_of(failed, "refund"), Json::parse(R"({"commitments":1,"failed":1})"));
  House cancelled(Unproved{{with(shipped_workflow(), R"("entry": [ { "commit": "identify" },)",
                                 R"("entry": [ { "commit": "identify" }, { "cancel": "identify" },)")}});
  cancelled.post("P1");
  EXPECT_EQ(work_of(cancelled, "find_account"), Json::parse(R"({"commitments":1,"cancelled":1})"));
}

TEST(Report, SetsApartWhatWasSaidWithoutAClaim) {
  House house;
  house.post("P1");
  const auto bare = house.engine->say("C-000001", {.text = "We are reading this, Ana."}, as("lea"));
  const auto backed =
      house.engine->say("C-000001", {.text = "You have it back.", .claims = {{"refund", ClaimLevel::fulfilled}}}, as("lea"));
  ASSERT_TRUE(bare && backed);
  EXPECT_EQ(report_of(house)["said_without_a_claim"]["count"], 0);  // Not public yet.
  ASSERT_TRUE(house.engine->add_person("olga", {"community-lead"}));
  for (const std::int64_t id : {*bare, *backed}) ASSERT_TRUE(house.engine->review(id, true, as("olga")));
  house.go();
  const Json said = report_of(house)["said_without_a_claim"];
  ASSERT_EQ(said["count"], 1);
  EXPECT_EQ(said["listed"][0]["by"], "lea");
  EXPECT_EQ(said["listed"][0]["text"], "We are reading this, Ana.");
}

TEST(Report, NamesWhatIsBlockedAndWhichWorkflowIsPaused) {
  House house;
  house.billing = nullptr;
  house.open();
  house.post("P1");
  ASSERT_TRUE(house.engine->set_switches("billing-overcharge", {.new_cases = true, .automatic_replies = false}));
  house.post("P2", "they charged me twice", "ben");
  const Json report = report_of(house);
  EXPECT_EQ(report["blocked"][0]["blocked"], "plugin billing missing");
  EXPECT_EQ(report["blocked"][0]["cases"], Json::parse(R"({"count":1,"listed":["C-000001"]})"));
  EXPECT_EQ(report["posts"]["paused"], Json::parse(R"({"paused: billing-overcharge":1})"));
}

TEST(Report, OfAnEmptyStoreIsEmptyAndIsTheSameTwice) {
  House house;
  const auto text = make_report(*house.store);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, *make_report(*house.store));
  EXPECT_EQ(Json::parse(*text)["first_reply"], Json::array());
}

}  // namespace
}  // namespace redress::house
