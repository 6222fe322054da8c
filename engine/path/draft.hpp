// A Draft is one case while something is decided about it: its record, which changes in place, and the trace of why.
//
// Everything in this room works on a Draft and touches nothing else: no store, clock, thread or plugin. What changed is found
// afterwards by comparing records (store::difference), so the journal cannot say less than what was done.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "expression/expression.hpp"
#include "lifecycle/lifecycle.hpp"
#include "redress/store.hpp"
#include "workflow/workflow.hpp"

namespace redress::path {

// Gives ids and salts: from the store and the handed-in random source. [writer]
class Supply {
 public:
  virtual ~Supply() = default;
  [[nodiscard]] virtual std::int64_t next_id(Table table) = 0;
  [[nodiscard]] virtual std::string salt() = 0;             // 32 hexadecimal digits.
  [[nodiscard]] virtual const std::string& store_id() = 0;  // First part of every idempotency key.
};

// What a workflow can react to. Its texts are digests into the record's texts, so that it can wait in the case's row.
struct Event {
  std::string name{};  // "refund.fulfilled", "customer.replied", "manual.identified".
  std::int64_t at_ms = 0;
  std::string subject{};      // What a task about it is about: "commitment:3", "reply:2", "case".
  std::string form{};         // [text] manual.*: JSON object.
  std::string text{};         // [text] customer.replied, post.*.
  std::string reason{};       // [text] Of a commitment's end; error.expression: of the error.
  std::int64_t instance = 0;  // Of a commitment.
  std::int64_t episode = 0;   // Of a commitment's membership, or a reply; 0: this one.
  std::string by{};           // The person whose act it is; empty: nobody's.
};
[[nodiscard]] Json to_json(const Event& event);
[[nodiscard]] Event event_from_json(const Json& json);

// The workflow's reaction cannot go on: caught where the reaction began, which is then undone. Never leaves this room.
struct ReactionError {
  std::string message;
};

class Draft {
 public:
  Draft(CaseRecord before, std::shared_ptr<const workflow::Workflow> workflow, Supply& supply, std::int64_t now_ms);

  CaseRecord record;
  std::shared_ptr<const workflow::Workflow> workflow;  // Null for case 0.
  Supply& supply;
  const std::int64_t now_ms;

  // What is active now; the row has it once the reaction is over (keep_memory).
  statechart::Memory memory;

  std::deque<Event> raised;  // Internal events, not yet reacted to.
  // The trace, which the journal keeps.
  std::string event;  // The journal row's event.
  Json what, rules, ignored;

  // What the macrostep did, for CaseRow::changes.
  bool configuration_changed = false;
  bool data_changed = false;
  std::set<std::int64_t> commitments_changed;

  // The reply that was drafted last by the transition being taken; 0: none.
  std::int64_t drafted_in_transition = 0;
  bool replies_frozen = false;  // An admin wants a person to see each reply of this workflow before it goes out.
  std::string acting;           // The person whose act is being reacted to; empty: nobody.

  // ---- texts ----
  [[nodiscard]] std::string put_text(std::string_view content);   // Answers its digest; "" for "".
  [[nodiscard]] std::string text(std::string_view digest) const;  // "" where it is erased or not set.

  // ---- finding ----
  struct Held {
    MemberRow* member = nullptr;
    CommitmentRow* commitment = nullptr;
    explicit operator bool() const { return member != nullptr; }
  };
  [[nodiscard]] Held latest(std::string_view name, std::int64_t episode);  // This episode's latest instance.
  [[nodiscard]] Held latest_of_any(std::string_view name);
  [[nodiscard]] Held member_of(std::int64_t commitment_id);
  [[nodiscard]] CommitmentRow& commitment(std::int64_t id);
  [[nodiscard]] EffectRow* effect_of(std::string_view verb, std::int64_t subject_id);
  [[nodiscard]] const workflow::CommitmentSpec& spec_of(std::int64_t commitment_id);
  [[nodiscard]] std::string state_names() const;     // "paying.refund, paying.repair": the configuration in words.
  [[nodiscard]] bool in_final_state() const;         // The episode is at its end.
  [[nodiscard]] lifecycle::CaseFacts facts() const;  // What is still open, for the case's own moves.

  // ---- timers and tasks: one of a name, one open for a subject ----
  void set_timer(const std::string& name, std::int64_t due_at_ms);
  void drop_timer(std::string_view name);
  void drop_timers_of(std::string_view prefix);
  void open_task(const std::string& subject, const std::string& role, const std::string& what, std::int64_t due_at_ms = 0);
  void close_task(std::string_view subject);
  [[nodiscard]] const TaskRow* find_task(std::string_view subject) const;  // Open ones only.

  void raise(Event event);
  void note(std::string line);  // Into the journal entry's `what`: something that was left undone, and why. No personal text.

  // ---- lifecycles: the only places where these states change; false: the machine refused (`why` says the promise) ----
  bool move(lifecycle::CaseEvent event, const lifecycle::CaseFacts& facts = {});
  bool move(CommitmentRow& row, lifecycle::CommitmentEvent event, const lifecycle::CommitmentFacts& facts = {});
  bool move(ReplyRow& row, lifecycle::ReplyEvent event, const lifecycle::ReplyFacts& facts = {});
  void load_memory();   // From the row; states that the workflow has not are left out.
  void keep_memory();   // Into the row.
  void keep_episode();  // The one that is over, before the next begins.
  std::string why_not;  // Of the latest move that answered false.

 private:
  std::map<std::string, std::string> digest_of_content_;  // Of this draft's own puts: the same text twice is one row.
};

// ---- names of things, in one place ----
[[nodiscard]] std::string reference_of(std::int64_t case_id);        // "C-000017".
[[nodiscard]] std::string late_subject(const std::string& subject);  // Beside a task that only its own role settles.
[[nodiscard]] std::string commitment_subject(std::int64_t id);
[[nodiscard]] std::string reply_subject(std::int64_t id);

}  // namespace redress::path
