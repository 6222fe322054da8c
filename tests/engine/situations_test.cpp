// The shipped workflows beside the wrong charge, with departments that answer as a test says.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Situation : House {
  explicit Situation(const std::string& workflow) {
    adjust = [this, workflow](EngineOptions& options) {
      for (const auto& each : {branches, maintenance, communications}) options.departments.push_back(each);
      options.workflows = {read_text("workflows/" + workflow + ".json")};
    };
    open();
    EXPECT_TRUE(engine->add_person("gema", {"branches", "maintenance"}));
  }
  static std::shared_ptr<ScriptedDepartment> department(const std::string& name) {
    return std::make_shared<ScriptedDepartment>(read_text("tests/workflow/manifests/" + name + ".json"));
  }
  // The inputs of the calls of an action, each as its field.
  static std::vector<std::string> inputs(const ScriptedDepartment& of, const std::string& action) {
    std::vector<std::string> all;
    for (const auto& call : of.calls(Verb::perform, action)) all.push_back(call.input);
    return all;
  }

  std::shared_ptr<ScriptedDepartment> branches = department("branches"), maintenance = department("maintenance"),
                                      communications = department("communications");
};

// ---- a branch ---------------------------------------------------------------------------------------------------------------

struct BranchSituation : Situation {
  BranchSituation() : Situation("branch-service") {
    branches->perform("locate", {says_no("the text names no branch")});
    post("P1", "Waited an hour in your branch and nobody served me.");
    answer("P2", "It was the one at the station.");
  }
  void locate(const std::string& branch) {
    ASSERT_TRUE(engine->send_event("C-000001", "manual.located",
                                   R"({"branch":")" + branch + R"(","branch_name":"Station Road"})", as("carl")));
    go();
  }
};

TEST(BranchService, SaysNothingOfAManagementThatNobodyAsked) {
  BranchSituation house;
  house.branches->perform("look_into", {says_no("there is no such branch")});
  house.locate("B-99");
  EXPECT_FALSE(house.has_reply("unable"));
  EXPECT_EQ(house.row().configuration, R"(["answered"])");
  EXPECT_TRUE(house.task("community", "state:answered"));
  house.locate("B-03");
  EXPECT_EQ(house.instances("look_into"), 2);
}

TEST(BranchService, SaysThatTheManagementAddsNothingOnceItWasAsked) {
  BranchSituation house;
  house.branches->perform("look_into", {waiting("R-1", opening_ms + 8 * hour_ms)});
  house.locate("B-03");
  EXPECT_THAT(house.texts().back(), HasSubstr("the management of Station Road has your complaint on its desk"));
  ASSERT_TRUE(house.engine->decide(house.commitment("look_into").id, Decision::declined, "", "no queue", as("gema")));
  house.go();
  EXPECT_EQ(house.reply("unable").state, ReplyState::published);
  EXPECT_THAT(house.texts().back(), HasSubstr("nothing to add from their side"));
  EXPECT_EQ(house.row().state, CaseState::resolved);
  house.expect_sound();
}

// ---- an outage --------------------------------------------------------------------------------------------------------------

const std::string zone_evidence = R"({"zone":"north","zone_name":"North Hill","time_zone":"Europe/Madrid"})";
const std::string repair_evidence =
    R"({"work_order":"WO-000001","crew":"A","zone":"north","zone_name":"North Hill","time_zone":"Europe/Madrid",)"
    R"("started_at":"2020-09-13T13:00:00Z","restored_at":"2020-09-13T14:00:00Z"})";

Outcome notice_of(const Call& call) {
  const std::string input(call.input);
  const std::size_t at = input.find("outage/");
  const std::string about = input.substr(at, input.find('"', at) - at);
  return done(R"({"notice":"N-1","about":")" + about + R"(","published_at":"2020-09-13T12:26:40Z"})");
}

struct Outage : Situation {
  Outage() : Situation("service-down") {
    maintenance->usual = [](const Call& call) {
      if (call.action == "locate") return done(zone_evidence);
      return call.verb == Verb::perform ? waiting("WO-000001", opening_ms + 3 * hour_ms) : lost();
    };
    communications->usual = [](const Call& call) {
      if (call.verb == Verb::perform) return notice_of(call);
      return done(R"({"notice":"N-1","stands":false,"withdrawn_at":"2020-09-13T14:30:00Z"})");
    };
  }
  Result<void> restore() {
    return maintenance->report({.key = commitment("dispatch").key, .kind = ReportKind::done, .evidence = repair_evidence});
  }
};

TEST(ServiceDown, WithdrawsItsNoticeOnceTheServiceIsBack) {
  Outage house;
  house.post("P1", "No power in North Hill.");
  ASSERT_EQ(house.state("notice"), CommitmentState::fulfilled);
  ASSERT_TRUE(house.restore());
  house.go();
  EXPECT_EQ(house.reply("restored").state, ReplyState::published);
  EXPECT_EQ(house.state("notice"), CommitmentState::undone);
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_THAT(house.tasks(), testing::IsEmpty());
  house.expect_sound();
}

TEST(ServiceDown, WithdrawsANoticeThatWasOutOnlyWhenTheServiceWasBack) {
  Outage house;
  house.communications->perform("publish_notice", {waiting("N")});
  house.post("P1", "No power in North Hill.");
  ASSERT_TRUE(house.restore());
  house.go();
  ASSERT_EQ(house.row().configuration, R"(["announcing"])");
  ASSERT_TRUE(house.communications->report(
      {.key = house.commitment("notice").key,
       .kind = ReportKind::done,
       .evidence = R"({"notice":"N-1","about":"outage/north/power","published_at":"2020-09-13T12:26:40Z"})"}));
  house.go();
  EXPECT_EQ(house.state("notice"), CommitmentState::undone);
  EXPECT_EQ(house.row().state, CaseState::resolved);
}

TEST(ServiceDown, LeavesTheNoticeOfAnotherCaseWithoutATask) {
  Outage house;
  house.communications->script(Verb::undo, "withdraw_notice", {done(R"({"notice":"N-1","stands":true})")});
  house.post("P1", "No power in North Hill.");
  ASSERT_TRUE(house.restore());
  house.go();
  EXPECT_EQ(house.row().state, CaseState::resolved);
  EXPECT_THAT(house.tasks(), testing::IsEmpty());
}

TEST(ServiceDown, TellsAPromiseThatComesSoonerAsWhatItIs) {
  Outage house;
  house.maintenance->reconcile("dispatch", {waiting("WO-000001", opening_ms + hour_ms)});
  house.post("P1", "No power in North Hill.");
  house.pass(10 * minute_ms);
  ASSERT_EQ(house.reply("update").state, ReplyState::published);
  EXPECT_THAT(house.texts().back(), HasSubstr("we now expect the service back by 15:26 on"));
  EXPECT_THAT(house.texts(), Not(Contains(HasSubstr("longer"))));
}

TEST(ServiceDown, ThatIsReopenedIsStillTheSameProblem) {
  Outage house;
  house.post("P1", "No power in North Hill.");
  ASSERT_TRUE(house.restore());
  house.go();
  ASSERT_EQ(house.row().state, CaseState::resolved);
  house.answer("P2", "Still nothing!");
  ASSERT_EQ(house.row().episode, 2);
  EXPECT_THAT(Situation::inputs(*house.maintenance, "dispatch"),
              ElementsAre(R"({"problem":"power","zone":"north"})", R"({"problem":"power","zone":"north"})"));
}

}  // namespace
}  // namespace redress::house
