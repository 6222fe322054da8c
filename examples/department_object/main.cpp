// A department as a C++ object of the host: it takes work on, answers the engine at once, and reports hours later what became
// of it. No plugin, no file, no thread.
#include <redress/engine.hpp>

#include <iomanip>
#include <iostream>
#include <map>
#include <string>

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t monday_ms = 1'772'442'000'000;  // 2026-03-02T09:00:00Z.

const char* const workflow = R"json({
  "redress": 1, "id": "dark-street", "version": "1.0.0", "default_language": "en", "owner": "community",
  "intake": { "when": "post.text.contains('lamp')", "category": "lamps" },
  "commitments": {
    "mending": { "department": "lamps", "action": "mend", "due": "P2D", "input": { "where": "{{ post.text }}" } } },
  "replies": {
    "told": { "claims": { "mending": "requested" },
              "text": { "en": "{{ customer.handle }}, we told our lamp crew. Case {{ case.reference }}." } },
    "lit":  { "text": { "en": "{{ customer.handle }}, your lamp shines again: {{ mending.evidence.job }}." } },
    "unlit": { "claims": { "mending": "declined" },
               "text": { "en": "{{ customer.handle }}, we cannot mend this lamp. Case {{ case.reference }}." } } },
  "initial": "waiting",
  "states": {
    "waiting": {
      "entry": [ { "commit": "mending" }, { "reply": "told" } ],
      "on": { "mending.fulfilled": { "target": "answered", "actions": [ { "reply": "lit" } ] },
              "mending.declined": { "target": "answered", "actions": [ { "reply": "unlit" } ] },
              "mending.failed": { "actions": [ { "escalate": "community" } ] },
              "manual.try_again": { "target": "waiting" } },
      "manual": { "try_again": { "role": "community" } } },
    "answered": { "type": "final" } },
  "on": { "*.overdue": { "actions": [ { "escalate": "community" } ] },
          "*.unknown": { "actions": [ { "escalate": "community" } ] } }
})json";

void print(std::int64_t at_ms, const std::string& line) {
  std::cout << std::setfill('0') << std::setw(2) << at_ms / hour_ms % 24 << ':' << std::setw(2) << at_ms / 60'000 % 60 << "  "
            << line << '\n';
}

// The lamp crew's book: one job for each key, so that the same call twice is one job. It lives in memory here; a real one must
// be as durable as the work that it stands for.
class Lamps : public redress::Department {
 public:
  std::string manifest() const override {
    return R"json({
      "id": "com.example.lamps", "version": "1.0.0", "abi": 1, "department": "lamps",
      "actions": { "mend": {
        "input": { "type": "object", "required": ["where"], "properties": { "where": { "type": "string" } } },
        "evidence": { "type": "object", "required": ["job"],
                      "properties": { "job": { "type": "string", "maxLength": 12, "public_text": true } } },
        "dedupes": true, "reconciles": true } } })json";
  }

  void connect(redress::ReportSink sink) override { report_ = std::move(sink); }

  redress::Outcome handle(const redress::Call& call) override {
    switch (call.verb) {
      case redress::Verb::perform:  // Do it, once for each key.
        if (!jobs_.contains(std::string(call.key))) take_on(call);
        return answer_of(call);
      case redress::Verb::reconcile:  // Only look: what became of it?
        return answer_of(call);
      default:  // undo, cancel and record are never asked for: the manifest does not offer them.
        return {.kind = redress::OutcomeKind::declined, .reason = "lamps cannot do that"};
    }
  }

  // The crew is back, hours after the call returned. Once report_ answers ok, the engine never forgets it.
  redress::Result<void> crew_is_back(const std::string& job_number, bool mended) {
    for (auto& [key, job] : jobs_) {
      if (job.number != job_number) continue;
      job.state = mended ? Job::mended : Job::beyond_repair;
      return mended ? report_({.key = key, .kind = redress::ReportKind::done, .evidence = evidence_of(job)})
                    : report_({.key = key, .kind = redress::ReportKind::declined, .reason = "the pole is rotten"});
    }
    return {redress::Code::not_found, "no job " + job_number};
  }

 private:
  struct Job {
    std::string number;
    std::int64_t promised_at_ms = 0;
    enum { out, mended, beyond_repair } state = out;
  };

  void take_on(const redress::Call& call) {
    const std::string number = "JOB-" + std::to_string(jobs_.size() + 1);
    jobs_[std::string(call.key)] = {.number = number, .promised_at_ms = call.now_ms + 4 * hour_ms};
    print(call.now_ms, "lamps took on " + number + ": " + std::string(call.input));
  }

  static std::string evidence_of(const Job& job) { return R"({"job": ")" + job.number + "\"}"; }

  redress::Outcome answer_of(const redress::Call& call) const {
    const auto found = jobs_.find(std::string(call.key));
    // Certain: it is not in the book, and no earlier call can still put it there. Where you cannot know, answer unknown.
    if (found == jobs_.end()) return {.kind = redress::OutcomeKind::retry, .reason = "not in the book"};
    const Job& job = found->second;
    if (job.state == Job::mended) return {.kind = redress::OutcomeKind::done, .evidence = evidence_of(job)};
    if (job.state == Job::beyond_repair) return {.kind = redress::OutcomeKind::declined, .reason = "the pole is rotten"};
    return {.kind = redress::OutcomeKind::waiting, .ticket = job.number, .promised_at_ms = job.promised_at_ms};
  }

  std::map<std::string, Job> jobs_;  // By key.
  redress::ReportSink report_;
};

// Where replies go: here, to standard output.
class Screen : public redress::Channel {
 public:
  redress::Outcome publish(const redress::Publication& publication) override {
    print(publication.now_ms, "> " + std::string(publication.text));
    return {.kind = redress::OutcomeKind::done, .evidence = "{}"};
  }
  redress::Outcome lookup(const redress::Publication&) override { return {.reason = "a screen cannot be asked"}; }
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

}  // namespace

int main() {
  const auto lamps = std::make_shared<Lamps>();
  const auto clock = redress::make_virtual_clock(monday_ms);  // The example's day passes in no time.
  redress::EngineOptions options;
  options.store = redress::make_memory_store();
  options.departments = {lamps};
  options.channel = std::make_shared<Screen>();
  options.workflows = {workflow};
  options.clock = clock;
  options.virtual_time = true;
  auto engine = redress::Engine::open(options);
  if (!engine) return fail(engine.error());

  for (const auto& post : {complaint("1", "ana", "The lamp at 12 Mill Lane is out"),
                           complaint("2", "ben", "Who mends the lamp by the old bridge?")}) {
    if (auto fate = (*engine)->receive(post); !fate) return fail(fate.error());
  }
  if (auto idle = (*engine)->run_until_idle(); !idle) return fail(idle.error());

  clock->advance_to(monday_ms + 3 * hour_ms);
  print(clock->now_ms(), "the crews are back");
  if (auto told = lamps->crew_is_back("JOB-1", true); !told) return fail(told.error());
  if (auto told = lamps->crew_is_back("JOB-2", false); !told) return fail(told.error());
  if (auto again = lamps->crew_is_back("JOB-1", true); !again) return fail(again.error());  // Told twice: nothing happens.
  if (auto idle = (*engine)->run_until_idle(); !idle) return fail(idle.error());
  return 0;
}

// Expected output:
// 09:00  lamps took on JOB-1: {"where":"The lamp at 12 Mill Lane is out"}
// 09:00  > ana, we told our lamp crew. Case C-000001.
// 09:00  lamps took on JOB-2: {"where":"Who mends the lamp by the old bridge?"}
// 09:00  > ben, we told our lamp crew. Case C-000002.
// 12:00  the crews are back
// 12:00  > ana, your lamp shines again: JOB-1.
// 12:00  > ben, we cannot mend this lamp. Case C-000002.
