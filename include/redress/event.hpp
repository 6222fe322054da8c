// What an engine tells its listeners: each durable step, after it is durable; and log lines.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace redress {

// One journaled step of a case. Borrowed: valid until the listener returns.
struct CaseEvent {
  std::int64_t id = 0;              // Of its journal row: rising over the whole store.
  std::string_view case_reference;  // Empty: what belongs to no case.
  std::int64_t seq = 0;
  std::int64_t at_ms = 0;
  std::string_view event;  // "post.opened", "refund.fulfilled", "manual.identified", ...
  std::string_view entry;  // JSON: what came, which rules fired, what changed. No personal text.
};

// A call that leaves the engine, just before it, and just after its answer came back (not yet durable).
struct CallEvent {
  enum class Phase { begins, ended } phase = Phase::begins;
  std::string_view verb;  // "perform", "reconcile", "undo", "cancel", "record", "publish", "lookup".
  std::string_view key;
  std::string_view outcome;  // ended: "done", "waiting", ...
};

enum class LogLevel { info, warning, error };

// Called by the thread that did the work, one at a time for each kind; must not call the engine back, nor throw. on_event may
// read the store: it shows that step, and perhaps later ones.
struct Listeners {
  std::function<void(const CaseEvent&)> on_event{};
  std::function<void(const CallEvent&)> on_call{};
  std::function<void(LogLevel, std::string_view message)> on_log{};
};

}  // namespace redress
