// Commitments: made by the workflow, carried out through the effect protocol, settled by what the department answers.
#pragma once
#include <string>
#include <string_view>

#include "path/draft.hpp"
#include "redress/department.hpp"

namespace redress::path {

// ---- the workflow's actions ----
void commit(Draft& draft, const workflow::CommitmentSpec& spec, const Event& event);
void cancel(Draft& draft, std::string_view name);
void undo(Draft& draft, std::string_view name);

// ---- the effect protocol (verbs perform, undo, cancel, record, record_undo) ----
// The intent becomes durable: a call of the verb itself may leave now. False: it must not any more (cancelled, settled).
[[nodiscard]] bool begin_attempt(Draft& draft, EffectRow& effect);
// What came back, of the verb itself or of looking it up. Settles effect and commitment, and raises the commitment's event.
void settle(Draft& draft, EffectRow& effect, const Outcome& outcome);
// Of one whose outcome is uncertain: until when it is looked up. Then an answer that says nothing makes it unknown.
[[nodiscard]] std::int64_t finding_out_ends_at_ms(const Draft& draft, const EffectRow& effect);
// A crash, a cut or a deadline came between intent and answer: unknown, looked up at once.
void lose_attempt(Draft& draft, EffectRow& effect);

// ---- words that come from elsewhere ----
struct Word {
  ReportKind kind = ReportKind::done;
  std::string_view evidence{}, reason{};
  std::string by{};      // The person; empty: the department.
  bool of_undo = false;  // The department's: about its undo, by that effect's key. A person's is about what is unknown.
};
// A department's later word, or a person's. Answers what was wrong, with nothing changed.
[[nodiscard]] Result<void> settle_by_word(Draft& draft, std::int64_t commitment_id, const Word& word);
// The answer of a call of the verb itself that came when its effect was settled otherwise. Where nobody knew by then, and
// nothing was asked since its `attempt`, it tells; where the two contradict each other, it is a person's task.
void settle_late(Draft& draft, EffectRow& effect, const Outcome& outcome, std::int64_t attempt);
[[nodiscard]] Result<void> settle_approval(Draft& draft, std::int64_t commitment_id, bool approved, const std::string& by);

// The department's books refused a person's decision: they are asked once more.
void tell_books_again(Draft& draft, std::int64_t commitment_id);

// The evidence breaks nothing of its schema; else what it breaks. Of forms too.
[[nodiscard]] Result<void> check_evidence(const Json& schema, std::string_view evidence);

}  // namespace redress::path
