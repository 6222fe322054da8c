// A House is one engine over a memory store and a virtual clock, with scripted departments and a channel that records.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "engine/stored_workflows.hpp"
#include "redress/engine.hpp"
#include "redress/reading.hpp"

namespace redress::house {

inline constexpr std::int64_t second_ms = 1'000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;
inline constexpr std::int64_t opening_ms = 1'600'000'000'000;

inline std::string read_text(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path << ": run from the project's folder";
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// `text` with its one `from` made `to`.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

inline std::string shipped_workflow() { return read_text("workflows/billing-overcharge.json"); }

// A post of somebody else in the thread takes the refund back, also when the case is resolved. Where the next episode asks for
// that refund, a person leads on.
inline std::string undone_when_joined() {
  const std::string undoing =
      with(shipped_workflow(), R"("*.overdue":)", R"("post.joined": { "actions": [ { "undo": "refund" } ] }, "*.overdue":)");
  return with(undoing, R"("entry": [ { "commit": "refund" } ],
      "on": {)",
              R"("entry": [ { "commit": "refund" } ],
      "manual": { "give_up": { "role": "billing-lead" } },
      "on": { "manual.give_up": { "guard": "refund.state in ['fulfilled', 'revoked', 'undone']", "target": "reviewing" },)");
}

// Its case is set aside once its account is found: a guard reads what is not there.
inline std::string with_a_guard_that_fails() {
  return with(shipped_workflow(), R"("identify.fulfilled": { "target": "checking",)",
              R"("identify.fulfilled": { "guard": "refund.evidence.amount_minor > 0", "target": "checking",)");
}

inline Outcome done(std::string evidence) { return {.kind = OutcomeKind::done, .evidence = std::move(evidence)}; }
inline Outcome waiting(std::string ticket = "T-1", std::int64_t promised_at_ms = 0) {
  return {.kind = OutcomeKind::waiting, .ticket = std::move(ticket), .promised_at_ms = promised_at_ms};
}
inline Outcome says_no(std::string reason = "no") { return {.kind = OutcomeKind::declined, .reason = std::move(reason)}; }
inline Outcome retry() { return {.kind = OutcomeKind::retry, .reason = "busy"}; }
inline Outcome lost() { return {.kind = OutcomeKind::unknown, .reason = "no answer"}; }
inline const std::string refund_evidence = R"({"amount_minor":4500,"currency":"EUR","receipt":"R-1"})";
inline const std::string reversal_evidence = R"({"reversal":"V-1","receipt":"R-1","amount_minor":4500,"currency":"EUR"})";
inline const std::string answer_evidence = R"({"kind":"offer","answer":"we give you a month for free."})";

inline std::string charge_evidence(int overcharged_minor) {
  return R"({"overcharged_minor":)" + std::to_string(overcharged_minor) +
         R"(,"currency":"EUR","explanation":{"en":"Seen in English.","es":"Visto en castellano."},"charges":["c1"]})";
}

// Answers each (verb, action) from its queue; an empty one with the usual answer. Remembers every call. [any thread]
class ScriptedDepartment final : public Department {
 public:
  struct Seen {
    Verb verb = Verb::perform;
    std::string action, key, input, evidence, ticket;
    int attempt = 0;
  };

  explicit ScriptedDepartment(std::string manifest) : manifest_(std::move(manifest)) {}

  void script(Verb verb, const std::string& action, std::vector<Outcome> outcomes) {
    const std::lock_guard lock(mutex_);
    for (Outcome& outcome : outcomes) scripts_[{verb, action}].push_back(std::move(outcome));
  }
  void perform(const std::string& action, std::vector<Outcome> outcomes) { script(Verb::perform, action, std::move(outcomes)); }
  void reconcile(const std::string& action, std::vector<Outcome> outcomes) {
    script(Verb::reconcile, action, std::move(outcomes));
  }

  std::string manifest() const override { return manifest_; }
  void connect(ReportSink sink) override { report = std::move(sink); }

  Outcome handle(const Call& call) override {
    Outcome outcome;
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back({call.verb, std::string(call.action), std::string(call.key), std::string(call.input),
                        std::string(call.evidence), std::string(call.ticket), call.attempt});
      auto& script = scripts_[{call.verb, std::string(call.action)}];
      if (!script.empty()) {
        outcome = script.front();
        script.pop_front();
      } else {
        outcome = usual ? usual(call) : usual_answer(call);
      }
    }
    if (during) during(call);
    return outcome;
  }

  std::vector<Seen> calls(Verb verb, const std::string& action) const {
    const std::lock_guard lock(mutex_);
    std::vector<Seen> found;
    for (const Seen& seen : calls_) {
      if (seen.verb == verb && seen.action == action) found.push_back(seen);
    }
    return found;
  }

  static Outcome usual_answer(const Call& call) {
    if (call.verb == Verb::reconcile) return lost();
    if (call.verb == Verb::cancel || call.verb == Verb::record) return done("{}");
    if (call.action == "find_account") return done(R"({"account":"A-1"})");
    if (call.action == "check_charge") return done(charge_evidence(4500));
    if (call.action == "refund") return done(refund_evidence);
    if (call.action == "reverse_refund") return done(reversal_evidence);
    return waiting();
  }

  std::function<Outcome(const Call&)> usual;  // None: usual_answer.
  std::function<void(const Call&)> during;    // While the call is out.
  ReportSink report;

 private:
  std::string manifest_;
  mutable std::mutex mutex_;
  std::map<std::pair<Verb, std::string>, std::deque<Outcome>> scripts_;
  std::vector<Seen> calls_;
};

// Takes every reply unless told otherwise, and dedupes nothing, so that a second publishing would show.
class RecordingChannel final : public Channel {
 public:
  struct Line {
    std::string key, text, in_reply_to;
    bool is_private = false;
  };
  Outcome publish(const Publication& publication) override {
    if (during) during(publication);
    const std::lock_guard lock(mutex_);
    const Outcome outcome = next(publishing, done("{}"));
    if (outcome.kind == OutcomeKind::done || posts_anyway) {
      lines.push_back({std::string(publication.key), std::string(publication.text), std::string(publication.in_reply_to),
                       publication.is_private});
    }
    return outcome;
  }
  Outcome lookup(const Publication&) override {
    const std::lock_guard lock(mutex_);
    ++lookups;
    return next(looking_up, lost());
  }
  bool dedupes() const override { return false; }

  std::deque<Outcome> publishing, looking_up;
  bool posts_anyway = false;  // Also where it answers otherwise.
  std::function<void(const Publication&)> during;
  std::vector<Line> lines;
  int lookups = 0;

 private:
  static Outcome next(std::deque<Outcome>& script, Outcome otherwise) {
    if (script.empty()) return otherwise;
    otherwise = script.front();
    script.pop_front();
    return otherwise;
  }
  std::mutex mutex_;
};

// Workflows that an earlier release let go live; today's check refuses them.
struct Unproved {
  std::vector<std::string> workflows;
};

class House {
 public:
  std::shared_ptr<Store> store = make_memory_store();
  std::shared_ptr<VirtualClock> clock = make_virtual_clock(opening_ms);
  std::shared_ptr<ScriptedDepartment> billing =
      std::make_shared<ScriptedDepartment>(read_text("tests/workflow/manifests/billing.json"));
  std::shared_ptr<ScriptedDepartment> commercial =
      std::make_shared<ScriptedDepartment>(read_text("tests/workflow/manifests/commercial.json"));
  std::shared_ptr<RecordingChannel> channel = std::make_shared<RecordingChannel>();
  std::vector<std::string> events;  // Of all cases, as the listener heard them: "C-000001 3 effect.answered".
  std::unique_ptr<Engine> engine;
  std::function<void(EngineOptions&)> adjust;  // Before each open() but the first.

  explicit House(Unproved unproved) : House({}, std::move(unproved)) {}
  explicit House(std::vector<std::string> workflows = {shipped_workflow()}) : House(std::move(workflows), {}) {}
  House(std::vector<std::string> workflows, Unproved unproved)
      : workflows_(std::move(workflows)), unproved_(std::move(unproved)) {
    open();
    const std::pair<const char*, std::vector<std::string>> people[] = {
        {"sam", {"supervisor"}},
        {"carl", {"community"}},
        {"cora", {"community", "commercial"}},
        {"bill", {"billing"}},
        {"lea", {"billing-lead", "commercial-lead", "community-lead"}}};
    for (const auto& [name, roles] : people) EXPECT_TRUE(engine->add_person(name, roles));
  }

  std::vector<std::shared_ptr<Department>> departments() const {
    std::vector<std::shared_ptr<Department>> all;
    for (const auto& each : {billing, commercial})
      if (each) all.push_back(each);
    return all;
  }

  void open() {
    engine.reset();
    EngineOptions options;
    options.store = unproved_.workflows.empty() ? store : std::make_shared<StoredWorkflows>(store, unproved_.workflows);
    options.departments = departments();
    options.channel = channel;
    options.workflows = workflows_;
    options.clock = clock;
    options.random = make_seeded_random(7);
    options.virtual_time = true;
    if (adjust) adjust(options);
    options.listeners.on_event = [this](const CaseEvent& event) {
      events.push_back(std::string(event.case_reference) + " " + std::to_string(event.seq) + " " + std::string(event.event));
    };
    auto opened = Engine::open(std::move(options));
    ASSERT_TRUE(opened) << opened.error().message;
    engine = std::move(*opened);
  }

  Post make_post(const std::string& id, const std::string& text = "they charged me twice",
                 const std::string& handle = "ana") const {
    Post post;
    post.id = id;
    post.channel = "x";
    post.created_at_ms = clock->now_ms();
    post.text = text;
    post.language = "en";
    post.author.handle = handle;
    return post;
  }
  Fate receive(const Post& post) {
    const auto fate = engine->receive(post);
    EXPECT_TRUE(fate) << fate.error().message;
    return fate ? *fate : Fate{};
  }
  // Posts, and does all that is due then.
  Fate post(const std::string& id, const std::string& text = "they charged me twice", const std::string& handle = "ana") {
    const Fate fate = receive(make_post(id, text, handle));
    go();
    return fate;
  }
  Fate answer(const std::string& id, const std::string& text, const std::string& thread = "P1",
              const std::string& handle = "ana") {
    Post post = make_post(id, text, handle);
    post.thread = thread;
    const Fate fate = receive(post);
    go();
    return fate;
  }

  void go() {
    const auto progress = engine->run_until_idle();
    ASSERT_TRUE(progress) << progress.error().message;
  }
  // Time passes, and each thing is done at its own instant.
  void pass(std::int64_t ms) {
    const std::int64_t end = clock->now_ms() + ms;
    for (int i = 0; i < 100'000; ++i) {
      const auto progress = engine->run_until_idle();
      ASSERT_TRUE(progress) << progress.error().message;
      if (!progress->next_due_at_ms || *progress->next_due_at_ms > end) break;
      clock->advance_to(*progress->next_due_at_ms);
    }
    clock->advance_to(end);
    go();
  }

  CaseRecord record(std::int64_t case_id = 1) const {
    const auto loaded = store->load_case(case_id);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? *loaded : CaseRecord{};
  }
  CaseRow row(std::int64_t case_id = 1) const { return record(case_id).row; }
  EffectRow effect(const std::string& verb, const std::string& commitment_name, std::int64_t case_id = 1) const {
    const std::int64_t subject = commitment(commitment_name, case_id).id;
    for (const auto& [id, each] : record(case_id).effects) {
      if (each.verb == verb && each.subject_id == subject) return each;
    }
    ADD_FAILURE() << "no effect " << verb << " of " << commitment_name;
    return {};
  }
  // The latest instance of the name.
  CommitmentRow commitment(const std::string& name, std::int64_t case_id = 1) const {
    const CaseRecord found = record(case_id);
    MemberRow best;
    for (const auto& [id, member] : found.members) {
      if (member.name == name && member.instance > best.instance) best = member;
    }
    EXPECT_NE(best.instance, 0) << "no commitment " << name;
    return best.instance == 0 ? CommitmentRow{} : found.commitments.at(best.commitment_id);
  }
  CommitmentState state(const std::string& name, std::int64_t case_id = 1) const { return commitment(name, case_id).state; }
  std::int64_t instances(const std::string& name, std::int64_t case_id = 1) const {
    std::int64_t count = 0;
    for (const auto& [id, member] : record(case_id).members) count += member.name == name ? 1 : 0;
    return count;
  }
  ReplyRow reply(const std::string& name, std::int64_t case_id = 1) const {
    ReplyRow best;
    for (const auto& [id, each] : record(case_id).replies) {
      if (each.name == name && each.ordinal > best.ordinal) best = each;
    }
    EXPECT_NE(best.ordinal, 0) << "no reply " << name;
    return best;
  }
  bool has_reply(const std::string& name, std::int64_t case_id = 1) const {
    for (const auto& [id, each] : record(case_id).replies) {
      if (each.name == name) return true;
    }
    return false;
  }
  std::string text(const std::string& digest, std::int64_t case_id = 1) const {
    const CaseRecord found = record(case_id);
    const auto text = found.texts.find(digest);
    return text == found.texts.end() ? "" : text->second.content;
  }
  std::vector<std::string> tasks(std::int64_t case_id = 1) const {  // "role: subject" of the open ones.
    std::vector<std::string> open;
    for (const auto& [id, task] : record(case_id).tasks) {
      if (task.done_at_ms == 0) open.push_back(task.role + ": " + task.subject);
    }
    return open;
  }
  bool task(const std::string& role, const std::string& subject, std::int64_t case_id = 1) const {
    const auto open = tasks(case_id);
    return std::find(open.begin(), open.end(), role + ": " + subject) != open.end();
  }
  std::string about(const std::string& name) const { return "commitment:" + std::to_string(commitment(name).id); }
  std::string about_reply(const std::string& name) const { return "reply:" + std::to_string(reply(name).id); }
  std::string journal(std::int64_t case_id = 1) const {
    std::string all;
    const auto rows = store->journal(case_id, 0, 1000);
    if (!rows) return all;
    for (const JournalRow& each : *rows) all += each.event + " " + each.entry + "\n";
    return all;
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& line : channel->lines) all.push_back(line.text);
    return all;
  }

  void expect_sound() const {
    const auto audit = audit_store(*store);
    ASSERT_TRUE(audit) << audit.error().message;
    EXPECT_THAT(audit->faults, testing::IsEmpty());
  }

 private:
  std::vector<std::string> workflows_;
  Unproved unproved_;
};

inline Act as(std::string person, std::string request_id = "") { return {std::move(person), std::move(request_id)}; }
inline bool failed_with(const Result<void>& result, Code code) { return !result && result.error().code == code; }

}  // namespace redress::house
