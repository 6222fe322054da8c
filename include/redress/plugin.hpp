// What an author of a department plugin writes: a class and one macro. Header-only; needs plugin.h and the standard library.
//
//   #include <redress/plugin.hpp>
//   using namespace redress::plugin;
//
//   class Lamps : public Department {
//    public:
//     Lamps(Host& host, std::string_view config_json);  // Throws to refuse; the host outlives the department.
//     Outcome perform(const Call& call) override {
//       if (call.action != "mend") return Outcome::declined("no such action");
//       return Outcome::done(R"({"lamp": "L-7"})");     // JSON is text: bring the library that you like.
//     }
//     Outcome reconcile(const Call& call) override;     // Optional, as are undo, cancel and record: see the defaults below.
//   };
//
//   REDRESS_PLUGIN(Lamps, R"json({
//     "id": "com.example.lamps", "version": "1.0.0", "abi": 1, "department": "lamps",
//     "actions": {
//       "mend": {
//         "input":    { "type": "object", "required": ["street"], "additionalProperties": false,
//                       "properties": { "street": { "type": "string", "maxLength": 80 } } },
//         "evidence": { "type": "object", "required": ["lamp"], "additionalProperties": false,
//                       "properties": { "lamp": { "type": "string", "maxLength": 12 } } },
//         "dedupes": true, "reconciles": true
//       }
//     }
//   })json")
//
// Build it with redress_add_plugin() (CMake). plugins/README.md explains each field of the manifest. Whatever a method throws
// becomes `unknown` with the exception's text; nothing that is thrown leaves the library.
#pragma once
#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "redress/plugin.h"

namespace redress::plugin {

// One call. Borrowed: valid until the method returns. See redress_call in plugin.h.
struct Call {
  std::string_view key;  // Idempotency key: the same key again is the same work. Never holds the attempt.
  std::string_view case_reference;
  std::int64_t commitment_id = 0;
  std::string_view action;       // As the manifest names it.
  std::string_view input;        // A JSON object that fits the action's input schema.
  std::string_view evidence;     // undo, record: the commitment's evidence. Else empty.
  std::string_view ticket;       // Of an earlier `waiting`. Else empty.
  std::int64_t attempt = 1;      // From 1.
  std::int64_t now_ms = 0;       // Your only clock for business dates. Unix ms, UTC.
  std::int64_t deadline_ms = 0;  // On the same clock: answer before. 0: none.
};

// The answer to one call. Make it with the functions named after the kinds.
struct Outcome {
  std::uint32_t kind = REDRESS_UNKNOWN;
  std::string evidence;
  std::string reason;
  std::string ticket;
  std::int64_t promised_at_ms = 0;
  std::int64_t retry_at_ms = 0;

  // It happened. `evidence_json`: a JSON object that fits the action's evidence schema.
  [[nodiscard]] static Outcome done(std::string evidence_json) {
    return {REDRESS_DONE, std::move(evidence_json), {}, {}, 0, 0};
  }
  // Taken on. You are asked again through reconcile with the ticket (not before retry_at_ms), or report it.
  [[nodiscard]] static Outcome waiting(std::string ticket, std::int64_t promised_at_ms = 0, std::int64_t retry_at_ms = 0) {
    return {REDRESS_WAITING, {}, {}, std::move(ticket), promised_at_ms, retry_at_ms};
  }
  // The department says no: a business outcome, never tried again. `reason`: one line for people.
  [[nodiscard]] static Outcome declined(std::string reason) { return {REDRESS_DECLINED, {}, std::move(reason), {}, 0, 0}; }
  // Nothing happened (from reconcile: and no earlier attempt can still make it happen); it may work later.
  [[nodiscard]] static Outcome retry(std::string reason, std::int64_t retry_at_ms = 0) {
    return {REDRESS_RETRY, {}, std::move(reason), {}, 0, retry_at_ms};
  }
  // It may have happened. The safe answer whenever you cannot tell.
  [[nodiscard]] static Outcome unknown(std::string reason, std::int64_t retry_at_ms = 0) {
    return {REDRESS_UNKNOWN, {}, std::move(reason), {}, 0, retry_at_ms};
  }
};

// A later word about a key.
struct Report {
  std::string_view key;
  std::uint32_t kind = REDRESS_REPORT_DONE;  // REDRESS_REPORT_DONE, _DECLINED, _FAILED or _REVOKED.
  std::string_view evidence;                 // DONE: a JSON object.
  std::string_view reason;
};

namespace detail {
inline redress_text text(std::string_view view) { return {view.data(), view.size()}; }
inline std::string_view view(redress_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, static_cast<std::size_t>(text.size));
}
}  // namespace detail

// What the engine gives to the department. Outlives it. [any thread]
class Host {
 public:
  explicit Host(const redress_host* host) : host_(host) {}
  // REDRESS_OK: durable. REDRESS_UNAVAILABLE: not taken, report it again later (always so within the constructor). Else: never.
  [[nodiscard]] std::int32_t report(const Report& report) const {
    const redress_report passed{sizeof(redress_report), report.kind, detail::text(report.key), detail::text(report.evidence),
                                detail::text(report.reason)};
    return host_->report(host_, &passed);
  }
  void log_info(std::string_view line) const { host_->log(host_, REDRESS_LOG_INFO, detail::text(line)); }
  void log_warning(std::string_view line) const { host_->log(host_, REDRESS_LOG_WARNING, detail::text(line)); }
  void log_error(std::string_view line) const { host_->log(host_, REDRESS_LOG_ERROR, detail::text(line)); }
  // Null where the host does not offer it.
  [[nodiscard]] const void* extension(std::string_view id) const { return host_->extension(host_, detail::text(id)); }

 private:
  const redress_host* host_;
};

// Derive from it. Called by one thread at a time, unless the manifest says "concurrent": true.
class Department {
 public:
  Department() = default;
  Department(const Department&) = delete;
  Department& operator=(const Department&) = delete;
  virtual ~Department() = default;

  // Do it. The same key again must not do it twice: answer what was answered.
  virtual Outcome perform(const Call& call) = 0;
  // Did it happen? Read-only. Manifest: "reconciles".
  virtual Outcome reconcile(const Call&) { return Outcome::unknown("this department cannot look an outcome up"); }
  // Take back what call.evidence shows. Manifest: "undo".
  virtual Outcome undo(const Call&) { return Outcome::declined("this department cannot take it back"); }
  // Stop what was taken on. Manifest: "cancellable".
  virtual Outcome cancel(const Call&) { return Outcome::declined("this department cannot stop what it has taken on"); }
  // A person decided it: keep call.evidence in your books. Manifest: "records_decisions".
  virtual Outcome record(const Call&) { return Outcome::declined("this department keeps no book of decisions"); }
};

namespace detail {

inline Outcome dispatch(Department& department, const redress_call& passed) {
  const Call call{view(passed.key),   view(passed.case_reference), passed.commitment_id, view(passed.action),
                  view(passed.input), view(passed.evidence),       view(passed.ticket),  passed.attempt,
                  passed.now_ms,      passed.deadline_ms};
  switch (passed.verb) {
    case REDRESS_PERFORM:
      return department.perform(call);
    case REDRESS_RECONCILE:
      return department.reconcile(call);
    case REDRESS_UNDO:
      return department.undo(call);
    case REDRESS_CANCEL:
      return department.cancel(call);
    case REDRESS_RECORD:
      return department.record(call);
    default:
      return Outcome::unknown("the plugin does not know verb " + std::to_string(passed.verb));
  }
}

// Hands `answer` over: its texts live in `owner` until release. Without memory, the static reason alone.
inline void hand_over(redress_outcome& outcome, Outcome answer) noexcept {
  auto* owner = new (std::nothrow) Outcome(std::move(answer));
  if (owner == nullptr) {
    outcome.kind = REDRESS_UNKNOWN;
    outcome.reason = text("the plugin ran out of memory");
    return;
  }
  outcome.kind = owner->kind;
  outcome.evidence = text(owner->evidence);
  outcome.reason = text(owner->reason);
  outcome.ticket = text(owner->ticket);
  outcome.promised_at_ms = owner->promised_at_ms;
  outcome.retry_at_ms = owner->retry_at_ms;
  outcome.owner = owner;
}

// Runs `work` and hands its answer over; what it throws becomes unknown.
template <class Work>
void guarded(redress_outcome& outcome, const Work& work) noexcept {
  try {
    try {
      hand_over(outcome, work());
    } catch (const std::exception& error) {
      hand_over(outcome, Outcome::unknown(std::string("the plugin threw: ") + error.what()));
    } catch (...) {
      hand_over(outcome, Outcome::unknown("the plugin threw something that is no std::exception"));
    }
  } catch (...) {
    outcome.kind = REDRESS_UNKNOWN;
    outcome.reason = text("the plugin ran out of memory");
  }
}

template <class Class>
struct Instance {
  Instance(const redress_host* from, std::string_view config) : host(from), department(host, config) {}
  Host host;
  Class department;
};

template <class Class>
std::int32_t open(const redress_host* host, redress_text config, void** instance, redress_outcome* error) noexcept {
  std::int32_t status = REDRESS_INVALID;
  try {
    *instance = new Instance<Class>(host, view(config));
    status = REDRESS_OK;
  } catch (const std::exception& thrown) {
    guarded(*error, [&] { return Outcome::declined(thrown.what()); });
  } catch (...) {
    guarded(*error, [] { return Outcome::declined("its constructor threw something that is no std::exception"); });
  }
  return status;
}

template <class Class>
void close(void* instance) noexcept {
  delete static_cast<Instance<Class>*>(instance);
}

template <class Class>
void call(void* instance, const redress_call* passed, redress_outcome* outcome) noexcept {
  guarded(*outcome, [&] { return dispatch(static_cast<Instance<Class>*>(instance)->department, *passed); });
}

inline void release(redress_outcome* outcome) noexcept {
  delete static_cast<Outcome*>(outcome->owner);
  outcome->owner = nullptr;
}

inline const void* extension(redress_text) noexcept { return nullptr; }

}  // namespace detail
}  // namespace redress::plugin

#if defined(__has_attribute)
#if __has_attribute(retain)
#define REDRESS_RETAIN_ __attribute__((retain))
#endif
#endif
#ifndef REDRESS_RETAIN_
#define REDRESS_RETAIN_
#endif

// Once in a plugin, outside of any namespace, after the class. `manifest` is a string literal: the JSON text.
#define REDRESS_PLUGIN(Class, manifest)                                                                               \
  namespace {                                                                                                         \
  __attribute__((section(REDRESS_MANIFEST_SECTION), used)) REDRESS_RETAIN_ const char redress_manifest_[] = manifest; \
  }                                                                                                                   \
  extern "C" REDRESS_EXPORT __attribute__((used))                                                                     \
  REDRESS_RETAIN_ const redress_plugin_table redress_plugin = {sizeof(redress_plugin_table),                          \
                                                               REDRESS_PLUGIN_ABI,                                    \
                                                               REDRESS_PLUGIN_MAGIC,                                  \
                                                               {redress_manifest_, sizeof(redress_manifest_) - 1},    \
                                                               &::redress::plugin::detail::open<Class>,               \
                                                               &::redress::plugin::detail::close<Class>,              \
                                                               &::redress::plugin::detail::call<Class>,               \
                                                               &::redress::plugin::detail::release,                   \
                                                               &::redress::plugin::detail::extension};
