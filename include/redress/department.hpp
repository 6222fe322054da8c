// A Department carries out a company's actions: refunds, dispatches, reviews. A plugin, or a C++ object of the embedder.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "redress/api.hpp"
#include "redress/result.hpp"

namespace redress {

// What a department (or channel) answers to one call.
enum class OutcomeKind {
  done,      // It happened; evidence is given.
  waiting,   // Taken on; ticket and promised time. Asked again through reconcile, or reported later.
  declined,  // The department says no, with a reason: a business outcome, never tried again.
  retry,     // Nothing happened (from reconcile: and no earlier attempt can still make it happen); it may work later.
  unknown,   // It may have happened.
};
[[nodiscard]] REDRESS_API std::string_view to_string(OutcomeKind kind);

struct Outcome {
  OutcomeKind kind = OutcomeKind::unknown;
  std::string evidence{};           // done: a JSON object that fits the action's evidence schema.
  std::string reason{};             // declined, retry, unknown: one line for people.
  std::string ticket{};             // waiting: the department's own reference, handed back in later calls.
  std::int64_t promised_at_ms = 0;  // waiting: when it will be done, as the department promises. 0: no promise.
  std::int64_t retry_at_ms = 0;     // retry, waiting, unknown: ask not before. 0: as the engine sees fit.
};

enum class Verb {
  perform,    // Do it. Idempotent on the key.
  reconcile,  // Did it happen? Read-only.
  undo,       // Take back what `evidence` shows.
  cancel,     // Stop what was taken on (waiting); done: it is stopped.
  record,     // A person decided it (`evidence`): keep it in your own books. Idempotent on the key.
};
[[nodiscard]] REDRESS_API std::string_view to_string(Verb verb);

// One call. Borrowed: valid until the call returns.
struct Call {
  Verb verb = Verb::perform;
  std::string_view key;  // Idempotency key: store/case/commitment/instance/verb. Never the attempt.
  std::string_view case_reference;
  std::int64_t commitment_id = 0;
  std::string_view action;       // As the manifest names it.
  std::string_view input;        // A JSON object that fits the action's input schema.
  std::string_view evidence;     // undo, record: the commitment's evidence. Else empty.
  std::string_view ticket;       // Of an earlier `waiting`. Else empty.
  int attempt = 1;               // From 1.
  std::int64_t now_ms = 0;       // The department's only clock for business dates. Unix ms, UTC.
  std::int64_t deadline_ms = 0;  // On the same clock: answer before. 0: none.
};

// Carries a later word about a key to the engine: done, declined, failed, or revoked (took back what was fulfilled).
enum class ReportKind { done, declined, failed, revoked };
[[nodiscard]] REDRESS_API std::string_view to_string(ReportKind kind);

struct Report {
  std::string key{};
  ReportKind kind = ReportKind::done;
  std::string evidence{};  // done: JSON object.
  std::string reason{};
};

// Durable when it returns ok. [any thread], also from within a call.
using ReportSink = std::function<Result<void>(const Report&)>;

// What a department is and can do. See docs in plugins/README.md for the manifest's fields.
class REDRESS_API Department {
 public:
  virtual ~Department() = default;
  // The JSON manifest; the same text at each call. Read once, when the engine takes the department on.
  [[nodiscard]] virtual std::string manifest() const = 0;
  // Called by one thread at a time, unless the manifest says "concurrent": true. What it throws counts as unknown.
  [[nodiscard]] virtual Outcome handle(const Call& call) = 0;
  // Where later words go. Called once, before the first call; the sink stays valid until the department is destroyed.
  virtual void connect(ReportSink /*sink*/) {}  // NOLINT(performance-unnecessary-value-param): who keeps it moves it.
};

// Loads one plugin file (a shared library with the table of redress/plugin.h) and opens it with its configuration (a JSON
// object that fits the manifest's config schema). Refuses with `invalid`, naming both sides: no such file, not a plugin, wrong
// magic, ABI or size, a manifest that differs from the ELF section's copy, or breaks the manifest's own rules.
[[nodiscard]] REDRESS_API Result<std::shared_ptr<Department>> load_department(const std::string& path,
                                                                              const std::string& config_json);

// Each plugin of a folder (*.so, in name order) with its part of `config_json`: {"billing": {...}, "commercial": {...}}, keyed
// by department. One that cannot be loaded fails the whole: the error names each. Where some are configured, a plugin that
// needs a configuration and has none is left out.
[[nodiscard]] REDRESS_API Result<std::vector<std::shared_ptr<Department>>> load_departments(const std::string& folder,
                                                                                            const std::string& config_json);

// The manifest of a plugin file, read from its ELF section without running any of its code.
[[nodiscard]] REDRESS_API Result<std::string> read_manifest(const std::string& path);

}  // namespace redress
