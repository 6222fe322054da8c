// Each sequence begins anew: an engine over a memory store, departments that take everything on, and people who review at once.
#include "proof/rehearsal.hpp"

#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/house.hpp"
#include "workflow/files.hpp"

namespace redress::proof {
namespace {

using house::ScriptedDepartment;
using Json = nlohmann::json;

constexpr std::int64_t opening_ms = 1'767'603'600'000;

const std::map<std::string, std::string> evidence = {
    {"billing/find_account", R"({"account":"A-1"})"},
    {"billing/check_charge",
     R"({"overcharged_minor":4500,"currency":"EUR","explanation":{"en":"Twice.","es":"Dos veces."},"charges":["c1"]})"},
    {"billing/refund", R"({"amount_minor":4500,"currency":"EUR","receipt":"R-1"})"},
    {"branches/locate", R"({"branch":"b1","branch_name":"Central"})"},
    {"branches/look_into", R"({"finding":"confirmed","answer":"we saw to it."})"},
    {"commercial/review", R"({"kind":"apology","answer":"we are sorry."})"},
    {"communications/publish_notice",
     R"({"notice":"N-1","about":"outage/north/internet","published_at":"2026-01-05T09:00:00Z"})"},
    {"communications/withdraw_notice", R"({"notice":"N-1","stands":false})"},
    {"maintenance/locate", R"({"zone":"north","zone_name":"North Hill","time_zone":"Europe/Madrid"})"},
    {"maintenance/dispatch",
     R"({"work_order":"WO-1","crew":"A","zone":"north","zone_name":"North Hill","time_zone":"Europe/Madrid","started_at":"2026-01-05T09:10:00Z","restored_at":"2026-01-05T09:30:00Z"})"},
};
const std::map<std::string, std::string> forms = {
    {"manual.identified", R"({"account":"A-1"})"},
    {"manual.located", R"({"zone":"north","zone_name":"North Hill","time_zone":"Europe/Madrid"})"},
};
const std::map<std::string, std::string> posts = {  // What opens a case of the workflow.
    {"billing-overcharge", "they charged me twice"},
    {"branch-service", "the queue at your branch was endless"},
    {"competitor-offer", "your competitor offers half the price"},
    {"service-down", "No internet in North Hill"}};

struct Channel final : redress::Channel {
  Outcome publish(const Publication&) override { return house::done("{}"); }
  Outcome lookup(const Publication&) override { return house::lost(); }
  bool dedupes() const override { return false; }
};

class Stage {
 public:
  explicit Stage(const std::string& text) : workflow_(Json::parse(text)) {
    EngineOptions options;
    options.store = std::make_shared<house::StoredWorkflows>(store_, std::vector<std::string>{text});
    for (const char* name : {"billing", "branches", "commercial", "communications", "maintenance"}) {
      auto department = std::make_shared<ScriptedDepartment>(
          workflow::files::read(workflow::files::folder / "manifests" / (std::string(name) + ".json")));
      department->usual = [](const Call& call) {
        const bool asked = call.verb == Verb::perform || call.verb == Verb::undo || call.verb == Verb::reconcile;
        return asked ? house::waiting() : house::done("{}");
      };
      departments_[name] = department;
      options.departments.push_back(department);
    }
    options.channel = std::make_shared<Channel>();
    options.clock = clock_;
    options.random = make_seeded_random(7);
    options.virtual_time = true;
    auto opened = Engine::open(std::move(options));
    if (!opened) return;
    engine_ = std::move(*opened);
    std::set<std::string> roles = {"billing", "branches", "commercial", "communications", "maintenance"};
    collect_roles(workflow_, roles);
    for (const char* name : {"ana", "ben"}) EXPECT_TRUE(engine_->add_person(name, {roles.begin(), roles.end()}));
    post();
  }

  [[nodiscard]] bool is_open() const { return engine_ != nullptr; }

  // Everything that can be done now, by name.
  std::vector<std::string> choices() const {
    std::vector<std::string> all;
    const CaseRecord record = this->record();
    for (const auto& [id, row] : record.commitments) {
      const std::string name = std::to_string(id);
      if (row.state == CommitmentState::awaiting_approval) all.insert(all.end(), {"approve " + name, "refuse " + name});
      if (row.state == CommitmentState::in_progress || row.state == CommitmentState::unknown)
        all.insert(all.end(), {"done " + name, "declined " + name, "failed " + name});
      if (row.state == CommitmentState::undoing) all.push_back("undone " + name);
      if (row.state == CommitmentState::fulfilled && is_revocable(row)) all.push_back("revoked " + name);
    }
    for (const std::string& act : acts()) all.push_back(act);
    all.insert(all.end(), {"post", "time"});
    if (workflow_.at("on").contains("post.joined")) all.push_back("joined");
    return all;
  }

  void choose(const std::string& choice) {
    const std::string verb = choice.substr(0, choice.find(' '));
    if (verb == "post") {
      post();
    } else if (verb == "joined") {
      post("fay");
    } else if (verb == "time") {
      pass();
    } else if (verb.starts_with("manual.")) {
      const auto form = forms.find(verb);
      (void)engine_->send_event("C-000001", verb, form == forms.end() ? "" : form->second, house::as("ana"));
    } else {
      settle(verb, std::stoll(choice.substr(verb.size() + 1)));
    }
    go();
  }

  std::string broken() const {
    const CaseRecord record = this->record();
    if (record.row.set_aside != 0) return "the case is set aside";
    for (const auto& [id, reply] : record.replies)
      if (reply.state == ReplyState::blocked) return "the reply " + reply.name + " is blocked";
    if (record.row.state == CaseState::resolved || record.row.state == CaseState::closed) {
      for (const auto& [id, claim] : record.claims) {
        const ReplyRow& reply = record.replies.at(claim.reply_id);
        const bool is_taken_back = record.commitments.at(claim.commitment_id).state == CommitmentState::revoked;
        if (is_taken_back && claim.level == ClaimLevel::fulfilled && reply.state == ReplyState::published)
          return "the reply " + reply.name + " tells what was revoked, and is not corrected";
      }
    }
    for (const auto& [id, task] : record.tasks) {
      for (const char* sign : {"nothing in the workflow takes it", "without a closing reply", "nothing will move this case"})
        if (task.what.find(sign) != std::string::npos && task.what.find("customer.replied") == std::string::npos)
          return task.what;
    }
    return "";
  }

  // Where the case stands, as far as what can come next depends on it.
  std::string standing() const {
    const CaseRecord record = this->record();
    std::string text = record.row.configuration + record.row.data + std::to_string(static_cast<int>(record.row.state));
    std::map<std::string, std::pair<std::int64_t, std::string>> latest;
    for (const auto& [id, member] : record.members)
      if (member.episode == record.row.episode && member.instance >= latest[member.name].first)
        latest[member.name] = {member.instance, std::string(to_string(record.commitments.at(member.commitment_id).state))};
    for (const auto& [name, each] : latest) text += name + each.second;
    for (const auto& [id, timer] : record.timers) text += timer.name;
    return text;
  }

 private:
  static void collect_roles(const Json& json, std::set<std::string>& roles) {
    for (const auto& [key, value] : json.items()) {
      if ((key == "role" || key == "escalate" || key == "owner") && value.is_string()) roles.insert(value);
      if (value.is_structured()) collect_roles(value, roles);
    }
  }

  std::vector<std::string> acts() const {
    std::vector<std::string> all;
    const Json configuration = Json::parse(record().row.configuration);
    for (const auto& [name, state] : workflow_.at("states").items()) {
      if (std::find(configuration.begin(), configuration.end(), name) == configuration.end() || !state.contains("manual"))
        continue;
      for (const auto& [act, spec] : state.at("manual").items()) all.push_back("manual." + act);
    }
    return all;
  }

  CaseRecord record() const { return store_->load_case(1).value(); }

  [[nodiscard]] bool is_revocable(const CommitmentRow& row) const {
    return Json::parse(departments_.at(row.department)->manifest()).at("actions").at(row.action).value("revocable", false);
  }

  void post(const char* author = "eva") {
    Post post;
    post.id = "P" + std::to_string(++posts_);
    post.channel = "x";
    post.thread = posts_ == 1 ? "" : "P1";
    post.created_at_ms = clock_->now_ms();
    post.text = posts_ == 1 ? posts.at(workflow_.at("id")) : "and now?";
    post.language = "en";
    post.author.handle = author;
    const auto fate = engine_->receive(post);
    EXPECT_TRUE(fate) << fate.error().message;
    go();
  }

  void go() {
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(engine_->run_until_idle());
      bool reviewed = false;
      for (const auto& [id, reply] : record().replies)
        if (reply.state == ReplyState::awaiting_review)
          reviewed = static_cast<bool>(engine_->review(id, true, house::as("ben"))) || reviewed;
      if (!reviewed) return;
    }
  }

  void pass() {
    const auto next = engine_->run_until_idle();
    if (next && next->next_due_at_ms) clock_->advance_to(*next->next_due_at_ms);
  }

  void settle(const std::string& verb, std::int64_t id) {
    const CommitmentRow row = record().commitments.at(id);
    const std::string action = row.department + "/" + row.action;
    if (verb == "approve" || verb == "refuse") return (void)engine_->approve(id, verb == "approve", house::as("ben"));
    std::string key = row.key;
    if (verb == "undone") key.replace(key.rfind('/') + 1, std::string::npos, "undo");
    const auto undo = action == "communications/publish_notice" ? "communications/withdraw_notice" : action;
    const ReportKind kind = verb == "declined"  ? ReportKind::declined
                            : verb == "failed"  ? ReportKind::failed
                            : verb == "revoked" ? ReportKind::revoked
                                                : ReportKind::done;
    (void)departments_.at(row.department)
        ->report({.key = key,
                  .kind = kind,
                  .evidence = kind == ReportKind::done ? evidence.at(verb == "undone" ? undo : action) : "",
                  .reason = kind == ReportKind::done ? "" : "so it is"});
  }

  Json workflow_;
  std::shared_ptr<Store> store_ = make_memory_store();
  std::shared_ptr<VirtualClock> clock_ = make_virtual_clock(opening_ms);
  std::map<std::string, std::shared_ptr<ScriptedDepartment>> departments_;
  std::unique_ptr<Engine> engine_;
  int posts_ = 0;
};

}  // namespace

std::string broken_promise(const std::string& workflow, int depth) {
  std::set<std::string> seen;
  std::deque<std::vector<std::string>> open = {{}};
  while (!open.empty()) {
    const std::vector<std::string> path = open.front();
    open.pop_front();
    Stage stage(workflow);
    if (!stage.is_open()) return "it cannot be read";
    std::string told;
    for (const std::string& choice : path) {
      stage.choose(choice);
      told += (told.empty() ? "" : ", ") + choice;
    }
    if (const std::string broken = stage.broken(); !broken.empty()) return "after " + told + ": " + broken;
    if (!seen.insert(stage.standing()).second || static_cast<int>(path.size()) == depth) continue;
    for (const std::string& choice : stage.choices()) {
      open.push_back(path);
      open.back().push_back(choice);
    }
  }
  return "";
}

}  // namespace redress::proof
