// A store of one's own: SQLite, decorated with a metric of what each transaction carries. The engine notices nothing.
//
// Usage: redress_metered_store FILE. FILE is made, and must not be there yet. Times differ from run to run, and go to standard
// error.
#include <redress/engine.hpp>
#include <redress/forwarding_store.hpp>
#include <redress/reading.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <string>

namespace {

constexpr std::int64_t monday_ms = 1'772'442'000'000;  // 2026-03-02T09:00:00Z.

// Overrides the one verb that writes; ForwardingStore hands the others on. commit() is called by one thread at a time, but a
// metrics page reads from another: hence the atomics.
class MeteredStore : public redress::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  redress::Result<std::vector<redress::Result<void>>> commit(std::span<const redress::Unit> units,
                                                             const redress::StoreMeta& meta) override {
    const auto began = std::chrono::steady_clock::now();
    auto answers = ForwardingStore::commit(units, meta);
    microseconds += std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began).count();
    if (!answers) {
      ++failures;  // Nothing at all was written.
      return answers;
    }
    ++transactions;
    for (std::size_t i = 0; i < units.size(); ++i) {
      ++((*answers)[i] ? kept : refused);  // A unit stands or falls alone.
      if ((*answers)[i]) rows += static_cast<std::int64_t>(units[i].inserts.size() + units[i].updates.size());
    }
    return answers;
  }

  std::atomic<std::int64_t> transactions = 0, kept = 0, refused = 0, failures = 0, rows = 0, microseconds = 0;
};

const char* const workflow = R"json({
  "redress": 1, "id": "dark-street", "version": "1.0.0", "default_language": "en", "owner": "community",
  "intake": { "when": "post.text.contains('lamp')", "category": "lamps" },
  "replies": { "heard": { "text": { "en": "{{ customer.handle }}, we heard you. Case {{ case.reference }}." } } },
  "initial": "answered",
  "states": { "answered": { "type": "final", "entry": [ { "reply": "heard" } ] } }
})json";

// Takes every reply and shows it to nobody: this example is about the store.
class Drain : public redress::Channel {
 public:
  redress::Outcome publish(const redress::Publication&) override {
    return {.kind = redress::OutcomeKind::done, .evidence = "{}"};
  }
  redress::Outcome lookup(const redress::Publication&) override { return {.reason = "a drain cannot be asked"}; }
  bool dedupes() const override { return false; }
};

void show(const char* when, const MeteredStore& store) {
  std::cout << when << '\n'
            << "  redress_store_transactions_total " << store.transactions << '\n'
            << "  redress_store_units_total{answer=\"kept\"} " << store.kept << '\n'
            << "  redress_store_units_total{answer=\"refused\"} " << store.refused << '\n'
            << "  redress_store_transactions_failed_total " << store.failures << '\n'
            << "  redress_store_rows_total " << store.rows << '\n';
  std::cerr << when << ": " << store.microseconds << " us in commit\n";
}

int fail(const redress::Error& error) {
  std::cerr << error.message << '\n';
  return redress::exit_status(error.code);
}

redress::Post complaint(int number) {
  redress::Post post;
  post.id = std::to_string(number);
  post.channel = "x";
  post.author.handle = "neighbour_" + std::to_string(number);
  post.created_at_ms = monday_ms;
  post.language = "en";
  post.text = "The lamp at " + std::to_string(number) + " Mill Lane is out";
  return post;
}

redress::Result<void> receive_ten(redress::Engine& engine) {
  for (int number = 1; number <= 10; ++number) {
    if (auto fate = engine.receive(complaint(number)); !fate) return fate.error();
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto sqlite = redress::open_sqlite_store(argv[1], redress::OpenMode::write);
  if (!sqlite) return fail(sqlite.error());
  const auto store = std::make_shared<MeteredStore>(std::move(*sqlite));
  redress::EngineOptions options;
  options.store = store;
  options.channel = std::make_shared<Drain>();
  options.workflows = {workflow};
  options.clock = redress::make_virtual_clock(monday_ms);
  options.virtual_time = true;
  auto engine = redress::Engine::open(options);
  if (!engine) return fail(engine.error());
  show("open, with its workflow kept", *store);

  if (auto stored = receive_ten(**engine); !stored) return fail(stored.error());
  show("ten posts received", *store);

  if (auto again = receive_ten(**engine); !again) return fail(again.error());  // Nothing is written.
  show("the same ten again", *store);

  if (auto idle = (*engine)->run_until_idle(); !idle) return fail(idle.error());
  show("ten replies published", *store);

  // A store that decorates keeps every promise of the one that it decorates.
  const auto audit = redress::audit_store(*store);
  if (!audit) return fail(audit.error());
  std::cout << audit->cases << " cases, " << audit->journal_rows << " journal rows, the audit "
            << (audit->faults.empty() ? "passes" : "fails") << '\n';
  return 0;
}

// Expected output:
// open, with its workflow kept
//   redress_store_transactions_total 1
//   redress_store_units_total{answer="kept"} 1
//   redress_store_units_total{answer="refused"} 0
//   redress_store_transactions_failed_total 0
//   redress_store_rows_total 3
// ten posts received
//   redress_store_transactions_total 11
//   redress_store_units_total{answer="kept"} 11
//   redress_store_units_total{answer="refused"} 0
//   redress_store_transactions_failed_total 0
//   redress_store_rows_total 93
// the same ten again
//   redress_store_transactions_total 11
//   redress_store_units_total{answer="kept"} 11
//   redress_store_units_total{answer="refused"} 0
//   redress_store_transactions_failed_total 0
//   redress_store_rows_total 93
// ten replies published
//   redress_store_transactions_total 31
//   redress_store_units_total{answer="kept"} 31
//   redress_store_units_total{answer="refused"} 0
//   redress_store_transactions_failed_total 0
//   redress_store_rows_total 183
// 10 cases, 31 journal rows, the audit passes
