// What departments and people answer, and what becomes of a commitment and its effects by it.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "path/commitments.hpp"
#include "path/deadlines.hpp"
#include "path/instance.hpp"
#include "path/reply.hpp"
#include "redress/limits.hpp"

namespace redress::path {
namespace {

using enum lifecycle::CommitmentEvent;
using lifecycle::CommitmentFacts;

// Of undo, cancel and record, which have no due time of their own: some three hours at the longest backoff.
constexpr int attempts_max = 20;

// Somebody has to decide: always a task for the department's people.
void become_unknown(Draft& draft, const Draft::Held& held, EffectRow& effect, lifecycle::CommitmentEvent how,
                    const std::string& why) {
  draft.move(*held.commitment, how);
  held.commitment->reason = draft.put_text(why);
  effect.next_at_ms = 0;
  effect.reason = held.commitment->reason;
  draft.open_task(commitment_subject(held.commitment->id), held.commitment->department,
                  held.member->name + " is unknown: it may have happened; find out, then decide");
  raise_for(draft, held, "unknown");
}

void fulfil(Draft& draft, const Draft::Held& held, const std::string& evidence, const std::string& by) {
  CommitmentRow& row = *held.commitment;
  Json parsed = Json::parse(evidence, nullptr, false);
  row.evidence = draft.put_text(base::canonical_json(parsed));
  row.evidence_digest = row.evidence;
  row.evidence_by = by;
  if (row.accepted_at_ms == 0) row.accepted_at_ms = draft.now_ms;
  draft.move(row, done, {.evidence_valid = true});
  end(draft, held, "fulfilled");
}

// Evidence that fits its schema, and says what was asked for wherever the schema marks a field `same_as_input`.
Result<void> check_proof(const Draft& draft, const CommitmentRow& row, const Json& schema, std::string_view evidence) {
  if (auto fits = check_evidence(schema, evidence); !fits) return fits;
  const Json proof = Json::parse(evidence, nullptr, false);
  const Json input = Json::parse(draft.text(row.input), nullptr, false);
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return {};
  for (const auto& [name, field] : properties->items()) {
    if (!field.is_object() || !field.value("same_as_input", false) || !proof.contains(name)) continue;
    if (input.is_object() && input.contains(name) && input[name] != proof[name]) {
      return {Code::invalid,
              "/" + name + ": " + base::dump_json(proof[name]) + " is not what was asked for, " + base::dump_json(input[name])};
    }
  }
  return {};
}

void on_done(Draft& draft, const Draft::Held& held, EffectRow& effect, const std::string& evidence) {
  effect.state = EffectState::done;
  effect.next_at_ms = 0;
  const auto valid = check_proof(draft, *held.commitment, *draft.spec_of(held.commitment->id).contract.evidence, evidence);
  if (valid) return fulfil(draft, held, evidence, "");
  if (held.commitment->accepted_at_ms == 0) held.commitment->accepted_at_ms = draft.now_ms;
  become_unknown(draft, held, effect, done_unproved,
                 "done, but the evidence breaks the schema of " + held.commitment->action + ": " + valid.error().message);
}

std::int64_t backoff_ms(const workflow::Retry& retry, std::int64_t tries) {
  const double delay =
      static_cast<double>(retry.initial_ms) * std::pow(retry.factor, static_cast<double>(std::max<std::int64_t>(tries - 1, 0)));
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(delay, static_cast<double>(retry.max_ms))));
}

// Taken on by the department: asked again where it can be, else a report or a person tells.
void wait_for_answer(Draft& draft, const plugin::Action& contract, CommitmentRow& row, EffectRow& effect,
                     const Outcome& outcome) {
  if (!outcome.ticket.empty()) row.ticket = outcome.ticket;
  effect.state = EffectState::waiting;
  effect.uncertain_since_ms = 0;
  effect.lookups += 1;
  const workflow::Retry poll{.initial_ms = minute_ms, .factor = 2, .max_ms = 6 * hour_ms};
  const bool polled = contract.reconciles && !contract.waits_for_person;
  effect.next_at_ms = outcome.retry_at_ms > draft.now_ms ? outcome.retry_at_ms
                      : polled                           ? draft.now_ms + backoff_ms(poll, effect.lookups)
                                                         : 0;
  effect.reconciling = 1;
}

void on_waiting(Draft& draft, const Draft::Held& held, EffectRow& effect, const Outcome& outcome) {
  CommitmentRow& row = *held.commitment;
  const auto& contract = draft.spec_of(row.id).contract;
  const bool first = row.accepted_at_ms == 0;
  const bool past = outcome.promised_at_ms != 0 && outcome.promised_at_ms <= draft.now_ms;
  if (past) draft.note("the promised time lies in the past: it is no promise");
  const bool moved = !past && outcome.promised_at_ms != 0 && outcome.promised_at_ms != row.promised_at_ms;
  draft.move(row, wait);
  if (first) row.accepted_at_ms = draft.now_ms;
  if (moved) row.promised_at_ms = outcome.promised_at_ms;
  wait_for_answer(draft, contract, row, effect, outcome);
  if (contract.waits_for_person && first) {
    draft.open_task(commitment_subject(row.id), row.department, held.member->name + " waits for a decision", row.due_at_ms);
  }
  if (first) raise_for(draft, held, "accepted");
  if (!first && moved) raise_for(draft, held, "progress");
}

void on_declined(Draft& draft, const Draft::Held& held, EffectRow& effect, const std::string& reason) {
  effect.state = EffectState::declined;
  effect.next_at_ms = 0;
  held.commitment->reason = draft.put_text(reason);
  draft.move(*held.commitment, decline);
  end(draft, held, "declined");
}

void on_failed(Draft& draft, const Draft::Held& held, EffectRow* effect, const std::string& reason) {
  if (effect != nullptr) {
    effect->state = EffectState::failed;
    effect->next_at_ms = 0;
  }
  held.commitment->reason = draft.put_text(reason);
  draft.move(*held.commitment, fail);
  end(draft, held, "failed");
}

void on_retry(Draft& draft, const Draft::Held& held, EffectRow& effect, const Outcome& outcome) {
  CommitmentRow& row = *held.commitment;
  if (row.state != CommitmentState::attempting) {  // Taken on, and now not known there: neither done nor safe to repeat.
    effect.state = EffectState::unknown;
    return become_unknown(draft, held, effect, lose, "the department took it on, and does not know it any more");
  }
  const std::int64_t next =
      std::max(draft.now_ms + backoff_ms(draft.spec_of(row.id).retry, effect.attempt), outcome.retry_at_ms);
  effect.uncertain_since_ms = 0;
  effect.reconciling = 0;
  effect.lookups = 0;
  if (next >= row.due_at_ms) return on_failed(draft, held, &effect, "not done by its due time; last: " + outcome.reason);
  draft.move(row, retry);
  effect.state = EffectState::planned;
  effect.reason = draft.put_text(outcome.reason);
  effect.next_at_ms = next;
}

// Uncertain: looked up with backoff until one hour later or `due`, whichever is first (at least five minutes); then a person
// decides.
void on_unknown(Draft& draft, const Draft::Held& held, EffectRow& effect, const std::string& reason,
                std::int64_t not_before_ms = 0) {
  CommitmentRow& row = *held.commitment;
  const bool of_undo = effect.verb == "undo";
  const workflow::CommitmentSpec& spec = draft.spec_of(row.id);
  const plugin::Action& contract = of_undo ? spec.undo_contract : spec.contract;
  effect.state = EffectState::unknown;
  effect.reason = draft.put_text(reason);
  if (effect.uncertain_since_ms == 0) {
    effect.uncertain_since_ms = draft.now_ms;
    effect.lookups = 0;
  }
  const std::int64_t limit = finding_out_ends_at_ms(draft, effect);
  effect.lookups += 1;
  const bool can_find_out = contract.reconciles || contract.dedupes;
  if (!can_find_out || draft.now_ms >= limit) {
    return become_unknown(draft, held, effect, of_undo ? undo_lose : lose, "nobody knows whether it happened; last: " + reason);
  }
  effect.reconciling = contract.reconciles ? 1 : 0;
  const std::int64_t next = std::max(draft.now_ms + backoff_ms({}, effect.lookups), not_before_ms);
  effect.next_at_ms = std::min(next, limit);
}

// ---- the other verbs --------------------------------------------------------------------------------------------------------

void on_undone(Draft& draft, const Draft::Held& held, EffectRow& effect, const std::string& evidence) {
  const auto valid = check_evidence(*draft.spec_of(held.commitment->id).undo_contract.evidence, evidence);
  if (!valid) {
    effect.state = EffectState::unknown;
    return become_unknown(draft, held, effect, undo_lose,
                          "taken back, but the evidence breaks the schema of the undo: " + valid.error().message);
  }
  effect.state = EffectState::done;
  effect.next_at_ms = 0;
  draft.what["undo_evidence"] = draft.put_text(base::canonical_json(Json::parse(evidence)));
  draft.move(*held.commitment, undone, {.undoing = true});
  end(draft, held, "undone");
}

void on_not_undone(Draft& draft, const Draft::Held& held, EffectRow& effect, const std::string& reason) {
  effect.next_at_ms = 0;
  effect.reason = draft.put_text(reason);
  draft.move(*held.commitment, undo_failed, {.undoing = true});
  draft.close_task(commitment_subject(held.commitment->id));
  draft.open_task(commitment_subject(held.commitment->id), held.commitment->department,
                  held.member->name + " could not be undone");
}

// Nothing happened: tried again, a bounded number of times.
bool plan_again(Draft& draft, EffectRow& effect, const Outcome& outcome) {
  if (effect.attempt >= attempts_max) return false;
  effect.state = EffectState::planned;
  effect.reconciling = 0;
  effect.uncertain_since_ms = 0;
  effect.lookups = 0;
  effect.reason = draft.put_text(outcome.reason);
  effect.next_at_ms = std::max(draft.now_ms + backoff_ms({}, effect.attempt), outcome.retry_at_ms);
  return true;
}

void settle_undo(Draft& draft, const Draft::Held& held, EffectRow& effect, const Outcome& outcome) {
  switch (outcome.kind) {
    case OutcomeKind::done:
      return on_undone(draft, held, effect, outcome.evidence);
    case OutcomeKind::declined:
      effect.state = EffectState::declined;
      return on_not_undone(draft, held, effect, outcome.reason);
    case OutcomeKind::retry:
      if (plan_again(draft, effect, outcome)) return;
      effect.state = EffectState::failed;
      return on_not_undone(draft, held, effect,
                           "not done after " + std::to_string(attempts_max) + " attempts; last: " + outcome.reason);
    case OutcomeKind::waiting:
      return wait_for_answer(draft, draft.spec_of(held.commitment->id).undo_contract, *held.commitment, effect, outcome);
    case OutcomeKind::unknown:
      return on_unknown(draft, held, effect, outcome.reason, outcome.retry_at_ms);
  }
}

// Stopping a thing twice under one key is stopping it once, so an uncertain answer is asked for again.
void settle_cancel(Draft& draft, const Draft::Held& held, EffectRow& effect, const Outcome& outcome) {
  const bool again = outcome.kind == OutcomeKind::retry || outcome.kind == OutcomeKind::unknown;
  if (again && held.commitment->state == CommitmentState::in_progress && plan_again(draft, effect, outcome)) return;
  effect.next_at_ms = 0;
  if (outcome.kind == OutcomeKind::done &&
      draft.move(*held.commitment, lifecycle::CommitmentEvent::cancel, {.nothing_in_flight = true})) {
    effect.state = EffectState::done;
    if (EffectRow* performed = draft.effect_of("perform", held.commitment->id)) {
      performed->state = EffectState::cancelled;
      performed->next_at_ms = 0;
    }
    return end(draft, held, "cancelled");
  }
  effect.state = EffectState::failed;
  if (!is_open(held.commitment->state)) return draft.note("not cancelled: " + held.member->name + " ended by itself");
  draft.open_task(commitment_subject(held.commitment->id), held.commitment->department,
                  held.member->name + " could not be cancelled");
}

// Keeping a person's decision in the department's own books: told until it is kept; changes no commitment.
void settle_record(Draft& draft, EffectRow& effect, const Outcome& outcome) {
  const bool again = outcome.kind == OutcomeKind::retry || outcome.kind == OutcomeKind::unknown;
  if (again && plan_again(draft, effect, outcome)) return;
  effect.next_at_ms = 0;
  effect.state = outcome.kind == OutcomeKind::done ? EffectState::done : EffectState::failed;
  const Draft::Held held = draft.member_of(effect.subject_id);
  const std::string subject = commitment_subject(effect.subject_id);
  const std::string differ = held.member->name + ": the department's books do not have the decision; make them agree";
  if (effect.state == EffectState::done) {
    if (const TaskRow* task = draft.find_task(subject); task != nullptr && task->what == differ) draft.close_task(subject);
    return publish_what_waited(draft);
  }
  effect.reason = draft.put_text(outcome.reason);
  draft.open_task(subject, held.commitment->department, differ);
}

// A person decided in the department's stead, so its own books are told: the evidence says that it happened, none that it did
// not.
void plan_record(Draft& draft, const Draft::Held& held, bool happened) {
  if (!draft.spec_of(held.commitment->id).contract.records_decisions) return;
  const std::string evidence = happened ? held.commitment->evidence : "";
  if (EffectRow* earlier = draft.effect_of("record", held.commitment->id)) {
    earlier->request = evidence;
    return tell_books_again(draft, held.commitment->id);
  }
  plan(draft, "record", held.commitment->id, key_of(draft, *held.member, "record"), evidence);
}

// Likewise that a person found it taken back.
void plan_undo_record(Draft& draft, const Draft::Held& held, std::string_view evidence) {
  if (!draft.spec_of(held.commitment->id).undo_contract.records_decisions) return;
  if (draft.effect_of("record_undo", held.commitment->id) != nullptr) return;
  const std::string kept = draft.put_text(base::canonical_json(Json::parse(evidence)));
  plan(draft, "record_undo", held.commitment->id, key_of(draft, *held.member, "record_undo"), kept);
}

// Whether a word says again what is settled already.
bool says_the_same(const Draft& draft, const CommitmentRow& row, ReportKind kind, std::string_view evidence) {
  switch (kind) {
    case ReportKind::done: {
      const Json parsed = Json::parse(evidence, nullptr, false);
      return row.state == CommitmentState::fulfilled && base::canonical_json(parsed) == draft.text(row.evidence);
    }
    case ReportKind::declined:
      return row.state == CommitmentState::declined;
    case ReportKind::failed:
      return row.state == CommitmentState::failed;
    case ReportKind::revoked:
      return row.state == CommitmentState::revoked;
  }
  return false;
}

// Why a person's word has nothing to settle.
Error nothing_to_settle(const Draft::Held& held) {
  const CommitmentState state = held.commitment->state;
  const std::string is = held.member->name + " is " + std::string(to_string(state));
  if (state == CommitmentState::requested) return {Code::conflict, is + ": the next run asks the department; look again then"};
  if (state == CommitmentState::awaiting_approval) return {Code::conflict, is + ": approve or refuse it instead"};
  if (is_open(state)) return {Code::conflict, is + ": there is no answer of the department to settle yet"};
  return {Code::conflict, is + " already; what is settled is not decided again" +
                              (state == CommitmentState::fulfilled ? ", only revoked" : "")};
}

// A word about something that is settled otherwise: recorded, a person's task, no state changed.
Result<void> contradiction(Draft& draft, const Draft::Held& held, std::string_view kind, const std::string& by) {
  if (!by.empty()) return nothing_to_settle(held);
  const std::string state(to_string(held.commitment->state));
  const std::string line = held.member->name + " is " + state + "; " + std::string(kind) + " contradicts that";
  draft.note(line);
  draft.open_task(commitment_subject(held.commitment->id), held.commitment->department, line);
  return {};
}

// An answer that came after a person was asked to find out: it counts as the department's own word.
void settle_given_up(Draft& draft, const Draft::Held& held, const EffectRow& effect, const Outcome& outcome) {
  draft.note("a late answer: " + held.member->name + " is unknown already");
  if (outcome.kind == OutcomeKind::waiting || outcome.kind == OutcomeKind::unknown) return;
  if (outcome.kind == OutcomeKind::retry) {
    const std::string subject = commitment_subject(held.commitment->id);
    const TaskRow* open = draft.find_task(subject);
    const std::string role = open == nullptr ? held.commitment->department : open->role;
    return draft.open_task(subject, role,
                           held.member->name + " is unknown, and its call said later that nothing happened; decide");
  }
  const auto told = settle_by_word(draft, held.commitment->id,
                                   {.kind = outcome.kind == OutcomeKind::done ? ReportKind::done : ReportKind::declined,
                                    .evidence = outcome.evidence,
                                    .reason = outcome.reason,
                                    .of_undo = effect.verb == "undo"});
  if (!told) draft.note(told.error().message);
}

bool awaits_an_answer(CommitmentState state) {
  return state == CommitmentState::attempting || state == CommitmentState::in_progress || state == CommitmentState::unknown;
}

// Nothing has left for the department, and nothing can: a person's word is the attempt, in its stead.
void attempt_in_its_stead(Draft& draft, CommitmentRow& row, EffectRow* effect) {
  if (row.state != CommitmentState::requested || effect == nullptr || effect->blocked.empty()) return;
  draft.move(row, attempt);
  effect->blocked.clear();
}

}  // namespace

std::int64_t finding_out_ends_at_ms(const Draft& draft, const EffectRow& effect) {
  const std::int64_t since = effect.uncertain_since_ms;
  if (effect.verb == "undo") return since + hour_ms;  // `due` is a promise about performing it; taking it back has none.
  const std::int64_t due = draft.record.commitments.at(effect.subject_id).due_at_ms;
  return std::max(since + 5 * minute_ms, std::min(since + hour_ms, due));
}

Result<void> check_evidence(const Json& schema, std::string_view evidence) {
  const auto parsed = base::parse_json(evidence, limits::document_bytes_max);
  if (!parsed) return parsed.error();
  const auto findings = base::validate(schema, *parsed);
  if (findings.empty()) return {};
  std::string message;
  for (const auto& finding : findings)
    message += (message.empty() ? "" : "; ") + (finding.pointer.empty() ? "" : finding.pointer + ": ") + finding.message;
  return {Code::invalid, message};
}

void tell_books_again(Draft& draft, std::int64_t commitment_id) {
  EffectRow* record = draft.effect_of("record", commitment_id);
  if (record == nullptr) return;
  record->state = EffectState::planned;
  record->attempt = 0;
  record->next_at_ms = draft.now_ms;
}

bool begin_attempt(Draft& draft, EffectRow& effect) {
  const Draft::Held held = draft.member_of(effect.subject_id);
  if (effect.state != EffectState::planned && effect.state != EffectState::unknown) return false;
  if (effect.verb == "cancel" && held.commitment->state != CommitmentState::in_progress) {
    effect.state = EffectState::cancelled;
    effect.next_at_ms = 0;
    draft.note("not cancelled at the department: " + held.member->name + " is " +
               std::string(to_string(held.commitment->state)));
    return false;
  }
  if (effect.verb == "perform") {
    const bool again = held.commitment->state == CommitmentState::attempting;  // Unknown, and the department dedupes our key.
    if (!again && !draft.move(*held.commitment, attempt)) {
      effect.next_at_ms = 0;
      draft.note("not attempted: " + draft.why_not);
      return false;
    }
    held.commitment->attempts += 1;
  }
  effect.state = EffectState::attempting;
  effect.attempt += 1;
  effect.next_at_ms = 0;
  return true;
}

void settle(Draft& draft, EffectRow& effect, const Outcome& outcome) {
  const Draft::Held held = draft.member_of(effect.subject_id);
  if (effect.verb == "record" || effect.verb == "record_undo") return settle_record(draft, effect, outcome);
  if (effect.verb == "cancel") return settle_cancel(draft, held, effect, outcome);
  const bool given_up = held.commitment->state == CommitmentState::unknown && effect.state == EffectState::unknown;
  if (given_up) return settle_given_up(draft, held, effect, outcome);
  if (effect.verb == "undo") {
    if (held.commitment->state != CommitmentState::undoing) return draft.note("a late answer: it is settled already");
    return settle_undo(draft, held, effect, outcome);
  }
  const CommitmentState state = held.commitment->state;
  if (state != CommitmentState::attempting && state != CommitmentState::in_progress) {
    return draft.note("a late answer: " + held.member->name + " is " + std::string(to_string(state)) + " already");
  }
  switch (outcome.kind) {
    case OutcomeKind::done:
      return on_done(draft, held, effect, outcome.evidence);
    case OutcomeKind::waiting:
      return on_waiting(draft, held, effect, outcome);
    case OutcomeKind::declined:
      return on_declined(draft, held, effect, outcome.reason);
    case OutcomeKind::retry:
      return on_retry(draft, held, effect, outcome);
    case OutcomeKind::unknown:
      return on_unknown(draft, held, effect, outcome.reason, outcome.retry_at_ms);
  }
}

void lose_attempt(Draft& draft, EffectRow& effect) {
  const Outcome lost{.kind = OutcomeKind::unknown, .reason = "no answer came back: the process ended while the call was out"};
  settle(draft, effect, lost);
  if (effect.next_at_ms > draft.now_ms) effect.next_at_ms = draft.now_ms;
}

void settle_late(Draft& draft, EffectRow& effect, const Outcome& outcome, std::int64_t attempt) {
  const Draft::Held held = draft.member_of(effect.subject_id);
  const bool tells = effect.state == EffectState::unknown && effect.attempt == attempt &&
                     (effect.verb == "perform" || effect.verb == "undo") && outcome.kind != OutcomeKind::unknown;
  if (tells) return settle(draft, effect, outcome);
  draft.note("a late answer: the effect is " + std::string(to_string(effect.state)) + " already");
  if (effect.verb != "perform" || outcome.kind == OutcomeKind::waiting || outcome.kind == OutcomeKind::unknown) return;
  const CommitmentState state = held.commitment->state;
  const bool happened = state == CommitmentState::fulfilled || state == CommitmentState::revoked ||
                        state == CommitmentState::undoing || state == CommitmentState::undone ||
                        state == CommitmentState::unknown;
  if ((outcome.kind == OutcomeKind::done) == happened) return;
  (void)contradiction(draft, held, to_string(outcome.kind), "");
}

Result<void> settle_by_word(Draft& draft, std::int64_t commitment_id, const Word& word) {
  const auto& [kind, evidence, reason, by, of_undo] = word;
  const Draft::Held held = draft.member_of(commitment_id);
  CommitmentRow& row = *held.commitment;
  const auto& contract = draft.spec_of(commitment_id).contract;
  EffectRow* undo_effect = draft.effect_of("undo", commitment_id);
  const bool undo_unknown =
      row.state == CommitmentState::unknown && undo_effect != nullptr && undo_effect->state == EffectState::unknown;
  const bool undo_open = undo_unknown || row.state == CommitmentState::undoing;
  if (by.empty() && of_undo != undo_open && (of_undo || undo_unknown)) return contradiction(draft, held, to_string(kind), by);
  const bool was_undo = by.empty() ? of_undo : undo_unknown;
  EffectRow* effect = was_undo ? undo_effect : draft.effect_of("perform", commitment_id);
  if (!by.empty() && effect != nullptr && effect->state == EffectState::attempting) {
    return {Code::conflict, held.member->name + ": a call is at the department just now; look again when it has answered"};
  }
  if (by.empty() && !was_undo && says_the_same(draft, row, kind, evidence)) {
    draft.note(held.member->name + ": said again");
    return {};
  }
  if (kind == ReportKind::revoked) {
    if (!draft.move(row, revoke, {.revocable = contract.revocable})) {
      if (!by.empty()) return {Code::conflict, held.member->name + " cannot be revoked: " + draft.why_not};
      return contradiction(draft, held, "revoked", by);
    }
    row.reason = draft.put_text(reason);
    if (!by.empty()) plan_record(draft, held, false);
    end(draft, held, "revoked");
    return {};
  }
  if (!by.empty() && !was_undo) attempt_in_its_stead(draft, row, effect);
  if (effect == nullptr || (!was_undo && !awaits_an_answer(row.state))) return contradiction(draft, held, to_string(kind), by);
  if (was_undo) {
    if (kind == ReportKind::done && (!by.empty() || row.state == CommitmentState::unknown)) {
      const auto valid = check_evidence(*draft.spec_of(commitment_id).undo_contract.evidence, evidence);
      if (!valid) return {Code::invalid, "evidence of taking " + held.member->name + " back: " + valid.error().message};
    }
    settle_undo(draft, held, *effect,
                {.kind = kind == ReportKind::done ? OutcomeKind::done : OutcomeKind::declined,
                 .evidence = std::string(evidence),
                 .reason = std::string(reason)});
    if (!by.empty() && kind == ReportKind::done) plan_undo_record(draft, held, evidence);
    return {};
  }
  if (kind == ReportKind::done) {
    const auto valid = check_proof(draft, row, *contract.evidence, evidence);
    if (!valid && (!by.empty() || row.state == CommitmentState::unknown)) {
      return {Code::invalid, "evidence of " + held.member->name + ": " + valid.error().message};
    }
    if (!valid) {  // It happened, and cannot be shown.
      on_done(draft, held, *effect, std::string(evidence));
      return {};
    }
    effect->state = EffectState::done;
    effect->next_at_ms = 0;
    fulfil(draft, held, std::string(evidence), by);
  } else if (kind == ReportKind::declined) {
    on_declined(draft, held, *effect, std::string(reason));
  } else {
    on_failed(draft, held, effect, std::string(reason));
  }
  if (!by.empty()) plan_record(draft, held, kind == ReportKind::done);
  return {};
}

Result<void> settle_approval(Draft& draft, std::int64_t commitment_id, bool approved, const std::string& by) {
  const Draft::Held held = draft.member_of(commitment_id);
  CommitmentRow& row = *held.commitment;
  if (!draft.move(row, approved ? approve : refuse, {.approval_needed = true, .approved = approved})) {
    return {Code::conflict, held.member->name + " is " + std::string(to_string(row.state)) + ", not awaiting_approval"};
  }
  row.approved_by = approved ? by : "";
  if (approved) {
    draft.close_task(commitment_subject(row.id));
    request_now(draft, held);
  } else {
    row.reason = draft.put_text("approval_refused");
    end(draft, held, "declined");
  }
  return {};
}

}  // namespace redress::path
