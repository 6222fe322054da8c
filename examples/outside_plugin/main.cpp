// A host that loads a plugin which was built outside of Redress's tree, and has it carry out what a case promises.
//
// Usage: redress_outside_plugin PLUGIN_FILE. The plugin keeps its book, lamps.book, in the folder that this runs in.
#include <redress/engine.hpp>
#include <redress/reading.hpp>

#include <iostream>
#include <string>

namespace {

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
    "waiting": { "entry": [ { "commit": "mending" }, { "reply": "told" } ],
                 "on": { "mending.fulfilled": { "target": "answered", "actions": [ { "reply": "lit" } ] },
                         "mending.declined": { "target": "answered", "actions": [ { "reply": "unlit" } ] },
                         "mending.failed": { "actions": [ { "escalate": "community" } ] },
                         "manual.try_again": { "target": "waiting" } },
                 "manual": { "try_again": { "role": "community" } } },
    "answered": { "type": "final" } },
  "on": { "*.overdue": { "actions": [ { "escalate": "community" } ] },
          "*.unknown": { "actions": [ { "escalate": "community" } ] } }
})json";

class Screen : public redress::Channel {
 public:
  redress::Outcome publish(const redress::Publication& publication) override {
    std::cout << "> " << publication.text << '\n';
    return {.kind = redress::OutcomeKind::done, .evidence = "{}"};
  }
  redress::Outcome lookup(const redress::Publication&) override { return {.reason = "a screen cannot be asked"}; }
  bool dedupes() const override { return false; }
};

int fail(const redress::Error& error) {
  std::cerr << error.message << '\n';
  return redress::exit_status(error.code);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  // What a file is can be read before any of its code runs; whoever administers plugins does that first.
  const auto manifest = redress::read_manifest(argv[1]);
  if (!manifest) return fail(manifest.error());
  for (const auto& finding : redress::check_workflow(workflow, "dark-street.json", std::span(&*manifest, 1)))
    std::cout << finding.severity << ": " << finding.message << '\n';
  auto lamps = redress::load_department(argv[1], "{}");
  if (!lamps) return fail(lamps.error());

  redress::EngineOptions options;
  options.store = redress::make_memory_store();
  options.departments = {*lamps};
  options.channel = std::make_shared<Screen>();
  options.workflows = {workflow};
  options.clock = redress::make_virtual_clock(monday_ms);
  options.virtual_time = true;
  options.random = redress::make_seeded_random(1);  // For the example alone: each run gives the plugin the same key, and so
                                                    // finds the same job in its book.
  options.listeners.on_call = [](const redress::CallEvent& call) {
    if (call.phase == redress::CallEvent::Phase::ended && call.verb != "publish")
      std::cout << "lamps.so was called: " << call.verb << ", " << call.outcome << '\n';
  };
  auto engine = redress::Engine::open(options);
  if (!engine) return fail(engine.error());

  redress::Post post;
  post.id = "1";
  post.channel = "x";
  post.author.handle = "ana";
  post.created_at_ms = monday_ms;
  post.language = "en";
  post.text = "The lamp at 12 Mill Lane is out";
  const auto fate = (*engine)->receive(post);
  if (!fate) return fail(fate.error());
  if (auto idle = (*engine)->run_until_idle(); !idle) return fail(idle.error());

  const auto id = (*engine)->store().find_case(fate->case_reference);
  if (!id || !*id) return 1;
  const auto record = (*engine)->store().load_case(**id);
  if (!record) return fail(record.error());
  std::cout << fate->case_reference << " is " << to_string(record->row.state) << '\n';
  return 0;
}

// Expected output:
// lamps.so was called: perform, done
// > ana, we told our lamp crew. Case C-000001.
// > ana, your lamp shines again: JOB-1.
// C-000001 is resolved
