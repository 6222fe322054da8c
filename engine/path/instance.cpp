// The parts of an effect protocol that every verb has.
#include "path/instance.hpp"

#include "path/deadlines.hpp"

namespace redress::path {

std::string key_of(Draft& draft, const MemberRow& member, std::string_view verb) {
  return draft.supply.store_id() + "/" + draft.record.row.reference + "/" + member.name + "/" +
         std::to_string(member.instance) + "/" + std::string(verb);
}

void raise_for(Draft& draft, const Draft::Held& held, const char* what) {
  draft.raise({.name = held.member->name + "." + what,
               .subject = commitment_subject(held.commitment->id),
               .reason = held.commitment->reason,
               .instance = held.member->instance,
               .episode = held.member->episode,
               .by = held.commitment->evidence_by});
}

EffectRow& plan(Draft& draft, const std::string& verb, std::int64_t subject_id, const std::string& key,
                const std::string& request) {
  const std::int64_t id = draft.supply.next_id(Table::outbox);
  EffectRow& effect = draft.record.effects[id];
  effect = {.id = id,
            .case_id = draft.record.row.id,
            .verb = verb,
            .subject_id = subject_id,
            .key = key,
            .next_at_ms = draft.now_ms,
            .request = request};
  return effect;
}

void request_now(Draft& draft, const Draft::Held& held) {
  held.commitment->requested_at_ms = draft.now_ms;
  plan(draft, "perform", held.commitment->id, held.commitment->key, held.commitment->input);
}

void end(Draft& draft, const Draft::Held& held, const char* event) {
  if (held.commitment->settled_at_ms == 0) held.commitment->settled_at_ms = draft.now_ms;  // Revoked or undone: the first end.
  stop_due(draft, *held.commitment);
  draft.close_task(commitment_subject(held.commitment->id));
  raise_for(draft, held, event);
}

}  // namespace redress::path
