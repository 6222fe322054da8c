// Listens to the engine's events and keeps a live table of what each department owes, in which case and by when.
#include <redress/engine.hpp>
#include <redress/limits.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

namespace {

constexpr std::int64_t minute_ms = 60'000, hour_ms = 60 * minute_ms;
constexpr std::int64_t monday_ms = 1'772'442'000'000;  // 2026-03-02T09:00:00Z.

std::string time_of(std::int64_t at_ms) {
  std::ostringstream text;
  text << std::setfill('0') << std::setw(2) << at_ms / hour_ms % 24 << ':' << std::setw(2) << at_ms / minute_ms % 60;
  return text.str();
}

// What each department owes now: the open commitments of all cases.
//
// An event says which case took a step; what the case says now stands in the store's rows, which a listener may read. So the
// feed need not know what each event changes, and one that begins late says the same as one that heard everything. It hears on
// whichever thread did the work, and may be read from another: hence the mutex.
class Feed {
 public:
  explicit Feed(redress::Store& store) : store_(store) {}

  // What was owed before it listened: once, page by page.
  redress::Result<void> begin() {
    for (std::int64_t after = 0;;) {
      const auto page = store_.cases(after, redress::limits::page_rows_max);
      if (!page) return page.error();
      for (std::size_t i = 0; i < page->size(); ++i) {
        const redress::CaseRow& row = (*page)[i];
        after = row.id;
        if (row.state == redress::CaseState::closed) continue;
        const auto record = store_.load_case(row.id);
        if (!record) return record.error();
        update(*record, nullptr);
      }
      if (page->size() < redress::limits::page_rows_max) return {};
    }
  }

  // For Listeners::on_event.
  void hear(const redress::CaseEvent& event) {
    if (event.case_reference.empty()) return;  // People and workflows.
    if (const auto id = store_.find_case(event.case_reference); id && *id) {
      if (const auto record = store_.load_case(**id)) return update(*record, &event);
    }
    std::cerr << event.case_reference << " cannot be read now; its next event brings it up to date\n";
  }

  void print_table(std::int64_t at_ms) const {
    const std::lock_guard lock(mutex_);
    std::cout << "\nat " << time_of(at_ms) << (owed_.empty() ? " nobody owes anything" : " these are owed") << '\n';
    for (const auto& [key, line] : owed_) std::cout << "        " << line << '\n';
    if (!owed_.empty()) std::cout << '\n';
  }

  bool operator==(const Feed& other) const {
    const std::scoped_lock lock(mutex_, other.mutex_);
    return owed_ == other.owed_;
  }

 private:
  // Brings the table up to date with one case, and says what changed where an event did it.
  void update(const redress::CaseRecord& record, const redress::CaseEvent* event) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, member] : record.members) {  // A member is a commitment by the workflow's name for it.
      const redress::CommitmentRow& promise = record.commitments.at(member.commitment_id);
      const Key key{promise.department, promise.id};
      const std::string line = line_of(record, member, promise);
      const auto old = owed_.find(key);
      const bool was_owed = old != owed_.end(), is_owed = is_open(promise.state);
      if (was_owed ? is_owed && old->second == line : !is_owed) continue;
      if (event != nullptr) std::cout << time_of(event->at_ms) << (!was_owed ? " + " : is_owed ? " ~ " : " - ") << line << '\n';
      if (is_owed)
        owed_[key] = line;
      else
        owed_.erase(old);
    }
  }

  static std::string line_of(const redress::CaseRecord& record, const redress::MemberRow& member,
                             const redress::CommitmentRow& promise) {
    std::ostringstream line;
    line << std::left << std::setw(6) << promise.department << ' ' << record.row.reference << ' ' << std::setw(8) << member.name
         << "by " << time_of(promise.due_at_ms) << ": " << to_string(promise.state);
    if (promise.due != redress::DueState::on_time) line << ", " << to_string(promise.due);
    return line.str();
  }

  using Key = std::pair<std::string, std::int64_t>;  // Department and commitment: the order of the table.
  redress::Store& store_;
  mutable std::mutex mutex_;  // Guards owed_.
  std::map<Key, std::string> owed_;
};

// A department whose people do the work: it takes everything on, and reports when they are done.
class Crew : public redress::Department {
 public:
  explicit Crew(std::string name) : name_(std::move(name)) {}
  std::string manifest() const override {
    return R"json({ "id": "com.example.)json" + name_ + R"json(", "version": "1.0.0", "abi": 1, "department": ")json" + name_ +
           R"json(", "actions": { "attend": { "waits_for_person": true,
             "input": { "type": "object", "properties": { "where": { "type": "string" } } },
             "evidence": { "type": "object" } } } })json";
  }
  void connect(redress::ReportSink sink) override { report_ = std::move(sink); }
  redress::Outcome handle(const redress::Call& call) override {
    keys_[std::string(call.case_reference)] = call.key;
    return {.kind = redress::OutcomeKind::waiting, .ticket = "T-" + std::to_string(call.commitment_id)};
  }
  redress::Result<void> done(const std::string& case_reference) {
    return report_({.key = keys_[case_reference], .kind = redress::ReportKind::done, .evidence = "{}"});
  }

 private:
  std::string name_;
  redress::ReportSink report_;
  std::map<std::string, std::string> keys_;  // By case.
};

const char* const dark_street = R"json({
  "redress": 1, "id": "dark-street", "version": "1.0.0", "default_language": "en", "owner": "community",
  "intake": { "when": "post.text.contains('lamp')", "category": "lamps" },
  "commitments": {
    "mending": { "department": "lamps", "action": "attend", "due": "PT8H", "input": { "where": "{{ post.text }}" } } },
  "replies": {
    "lit": { "claims": { "mending": "fulfilled" }, "text": { "en": "{{ customer.handle }}, your lamp shines again." } } },
  "initial": "waiting",
  "states": { "waiting": { "entry": [ { "commit": "mending" } ],
                           "on": { "mending.fulfilled": { "target": "answered", "actions": [ { "reply": "lit" } ] },
                                   "manual.try_again": { "target": "waiting" } },
                           "manual": { "try_again": { "role": "community" } } },
              "answered": { "type": "final" } },
  "on": { "*.declined": { "actions": [ { "escalate": "community" } ] },
          "*.failed": { "actions": [ { "escalate": "community" } ] },
          "*.overdue": { "actions": [ { "escalate": "community" } ] },
          "*.unknown": { "actions": [ { "escalate": "community" } ] } }
})json";

const char* const hole_in_road = R"json({
  "redress": 1, "id": "hole-in-road", "version": "1.0.0", "default_language": "en", "owner": "community",
  "intake": { "when": "post.text.contains('hole')", "category": "roads" },
  "commitments": {
    "barrier": { "department": "roads", "action": "attend", "due": "PT2H", "input": { "where": "{{ post.text }}" } },
    "light":   { "department": "lamps", "action": "attend", "due": "PT4H", "input": { "where": "{{ post.text }}" } } },
  "replies": {
    "safe": { "claims": { "barrier": "fulfilled", "light": "fulfilled" },
              "text": { "en": "{{ customer.handle }}, the hole is fenced in and lit." } } },
  "initial": "waiting",
  "states": {
    "waiting": {
      "entry": [ { "commit": "barrier" }, { "commit": "light" } ],
      "on": {
        "barrier.fulfilled": [ { "guard": "light.state == 'fulfilled'",
                                 "target": "answered", "actions": [ { "reply": "safe" } ] }, { "actions": [] } ],
        "light.fulfilled": [ { "guard": "barrier.state == 'fulfilled'",
                               "target": "answered", "actions": [ { "reply": "safe" } ] }, { "actions": [] } ],
        "manual.try_again": { "target": "waiting" } },
      "manual": { "try_again": { "role": "community" } } },
    "answered": { "type": "final" } },
  "on": { "*.declined": { "actions": [ { "escalate": "community" } ] },
          "*.failed": { "actions": [ { "escalate": "community" } ] },
          "*.overdue": { "actions": [ { "escalate": "community" } ] },
          "*.unknown": { "actions": [ { "escalate": "community" } ] } }
})json";

class Drain : public redress::Channel {
 public:
  redress::Outcome publish(const redress::Publication&) override {
    return {.kind = redress::OutcomeKind::done, .evidence = "{}"};
  }
  redress::Outcome lookup(const redress::Publication&) override { return {.reason = "a drain cannot be asked"}; }
  bool dedupes() const override { return false; }
};

int fail(const redress::Error& error) {
  std::cerr << error.message << '\n';
  return redress::exit_status(error.code);
}

redress::Post complaint(const char* id, const char* handle, const char* text) {
  redress::Post post;
  post.id = id;
  post.channel = "x";
  post.author.handle = handle;
  post.created_at_ms = monday_ms;
  post.language = "en";
  post.text = text;
  return post;
}

// Lets the time pass until `at_ms`, each thing at its own instant.
redress::Result<void> pass(redress::Engine& engine, redress::VirtualClock& clock, std::int64_t at_ms) {
  for (;;) {
    const auto idle = engine.run_until_idle();
    if (!idle) return idle.error();
    const std::int64_t next_ms = std::min(idle->next_due_at_ms.value_or(at_ms), at_ms);
    if (clock.now_ms() >= at_ms) return {};
    clock.advance_to(next_ms);
  }
}

}  // namespace

int main() {
  const std::shared_ptr<redress::Store> store = redress::make_memory_store();
  const auto clock = redress::make_virtual_clock(monday_ms);
  const auto lamps = std::make_shared<Crew>("lamps"), roads = std::make_shared<Crew>("roads");
  Feed feed(*store);
  if (auto begun = feed.begin(); !begun) return fail(begun.error());

  redress::EngineOptions options;
  options.store = store;
  options.departments = {lamps, roads};
  options.channel = std::make_shared<Drain>();
  options.workflows = {dark_street, hole_in_road};
  options.clock = clock;
  options.virtual_time = true;
  options.listeners.on_event = [&feed](const redress::CaseEvent& event) { feed.hear(event); };
  auto opened = redress::Engine::open(options);
  if (!opened) return fail(opened.error());
  redress::Engine& engine = **opened;

  for (const auto& post :
       {complaint("1", "ana", "The lamp at 12 Mill Lane is out"), complaint("2", "ben", "There is a hole in Station Road")}) {
    if (auto fate = engine.receive(post); !fate) return fail(fate.error());
  }
  if (auto passed = pass(engine, *clock, monday_ms + hour_ms); !passed) return fail(passed.error());
  feed.print_table(clock->now_ms());

  if (auto passed = pass(engine, *clock, monday_ms + 3 * hour_ms); !passed) return fail(passed.error());
  if (auto done = roads->done("C-000002"); !done) return fail(done.error());
  feed.print_table(clock->now_ms());
  Feed late(*store);  // As after a restart of the host.
  if (auto begun = late.begin(); !begun) return fail(begun.error());
  std::cout << "a feed that begins now says " << (late == feed ? "the same" : "something else") << "\n\n";

  if (auto passed = pass(engine, *clock, monday_ms + 4 * hour_ms); !passed) return fail(passed.error());
  if (auto done = lamps->done("C-000001"); !done) return fail(done.error());
  if (auto done = lamps->done("C-000002"); !done) return fail(done.error());
  feed.print_table(clock->now_ms());
  return 0;
}

// Expected output:
// 09:00 + lamps  C-000001 mending by 17:00: requested
// 09:00 + roads  C-000002 barrier by 11:00: requested
// 09:00 + lamps  C-000002 light   by 13:00: requested
// 09:00 ~ lamps  C-000001 mending by 17:00: attempting
// 09:00 ~ lamps  C-000001 mending by 17:00: in_progress
// 09:00 ~ roads  C-000002 barrier by 11:00: attempting
// 09:00 ~ roads  C-000002 barrier by 11:00: in_progress
// 09:00 ~ lamps  C-000002 light   by 13:00: attempting
// 09:00 ~ lamps  C-000002 light   by 13:00: in_progress
//
// at 10:00 these are owed
//         lamps  C-000001 mending by 17:00: in_progress
//         lamps  C-000002 light   by 13:00: in_progress
//         roads  C-000002 barrier by 11:00: in_progress
//
// 10:30 ~ roads  C-000002 barrier by 11:00: in_progress, at_risk
// 11:00 ~ roads  C-000002 barrier by 11:00: in_progress, overdue
// 12:00 ~ lamps  C-000002 light   by 13:00: in_progress, at_risk
// 12:00 - roads  C-000002 barrier by 11:00: fulfilled, overdue
//
// at 12:00 these are owed
//         lamps  C-000001 mending by 17:00: in_progress
//         lamps  C-000002 light   by 13:00: in_progress, at_risk
//
// a feed that begins now says the same
//
// 13:00 ~ lamps  C-000002 light   by 13:00: in_progress, overdue
// 13:00 - lamps  C-000001 mending by 17:00: fulfilled
// 13:00 - lamps  C-000002 light   by 13:00: fulfilled, overdue
//
// at 13:00 nobody owes anything
