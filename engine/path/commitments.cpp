// What a workflow's actions do: a commitment is made, cancelled, undone.
#include "path/commitments.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "path/deadlines.hpp"
#include "path/instance.hpp"
#include "path/scope.hpp"
#include "redress/limits.hpp"

namespace redress::path {

namespace {

using enum lifecycle::CommitmentEvent;
using lifecycle::CommitmentFacts;

Json filled_input(Draft& draft, const workflow::CommitmentSpec& spec, const Event& event) {
  Json input = *spec.input.tree;
  const auto scope = scope_of(draft, event);
  for (const auto& [pointer, text] : spec.input.templates) {
    const auto value = text.evaluate(scope);
    if (!value) throw Error{Code::invalid, spec.name + ".input" + pointer + ": " + value.error().message};
    input[Json::json_pointer(pointer)] = expression::to_json(*value);
  }
  const auto findings = base::validate(*spec.contract.input, input);
  if (!findings.empty()) {
    throw Error{Code::invalid, spec.name + ".input" + findings.front().pointer + ": " + findings.front().message};
  }
  return input;
}

std::string approval_role(Draft& draft, const workflow::CommitmentSpec& spec, const Event& event) {
  if (!spec.approval) return "";
  if (!spec.approval->when) return spec.approval->role;
  const auto needed = spec.approval->when->evaluate(scope_of(draft, event));
  if (!needed) throw Error{Code::invalid, spec.name + ".approval.when: " + needed.error().message};
  const bool* is_needed = needed->get_if<bool>();
  return is_needed == nullptr || *is_needed ? spec.approval->role : "";
}

std::int64_t instances_in_episode(const Draft& draft, const std::string& name) {
  return std::count_if(draft.record.members.begin(), draft.record.members.end(), [&](const auto& entry) {
    return entry.second.name == name && entry.second.episode == draft.record.row.episode;
  });
}

void make_instance(Draft& draft, const workflow::CommitmentSpec& spec, const Event& event) {
  if (instances_in_episode(draft, spec.name) >= limits::instances_max) {
    throw ReactionError{spec.name + " was committed " + std::to_string(limits::instances_max) + " times in this episode"};
  }
  const Json input = filled_input(draft, spec, event);
  const std::string role = approval_role(draft, spec, event);
  const Draft::Held previous = draft.latest_of_any(spec.name);
  const std::int64_t instance = previous ? previous.member->instance + 1 : 1;
  const std::int64_t id = draft.supply.next_id(Table::commitments);
  const std::int64_t member_id = draft.supply.next_id(Table::members);
  const CaseRow& row = draft.record.row;
  MemberRow& member = draft.record.members[member_id];
  member = {
      .id = member_id, .case_id = row.id, .commitment_id = id, .name = spec.name, .instance = instance, .episode = row.episode};
  CommitmentRow& made = draft.record.commitments[id];
  made = {.id = id, .case_id = row.id, .department = spec.department, .action = spec.action};
  made.key = key_of(draft, member, "perform");
  made.committed_at_ms = draft.now_ms;
  made.due_at_ms = draft.now_ms + spec.due_ms;
  made.input = draft.put_text(base::canonical_json(input));
  made.approval_role = role;
  start_due(draft, made);
  const CommitmentFacts facts{.approval_needed = !role.empty()};
  if (role.empty()) {
    draft.move(made, request, facts);
    request_now(draft, {&member, &made});
  } else {
    draft.move(made, ask_approval, facts);
    draft.open_task(commitment_subject(id), role, spec.name + " needs an approval", made.due_at_ms);
  }
}

}  // namespace

void commit(Draft& draft, const workflow::CommitmentSpec& spec, const Event& event) {
  const std::int64_t episode = draft.record.row.episode;
  if (const Draft::Held any = draft.latest_of_any(spec.name); any && is_open(any.commitment->state)) {
    if (any.member->episode != episode) {
      any.member->episode = episode;  // An unknown one of an earlier episode is adopted into this one.
      draft.note("commit " + spec.name + ": an earlier episode's is still open; it belongs to this one now");
    } else {
      draft.note("commit " + spec.name + ": it is open already");
    }
    return;
  }
  if (const Draft::Held here = draft.latest(spec.name, episode); here && here.commitment->state == CommitmentState::fulfilled) {
    draft.note("commit " + spec.name + ": it is fulfilled in this episode");
    return raise_for(draft, here, "fulfilled");
  }
  make_instance(draft, spec, event);
}

void cancel(Draft& draft, std::string_view name) {
  const Draft::Held held = draft.latest(name, draft.record.row.episode);
  if (!held || !is_open(held.commitment->state)) return draft.note("cancel " + std::string(name) + ": nothing is open");
  CommitmentRow& row = *held.commitment;
  if (row.state == CommitmentState::in_progress) {
    if (!draft.spec_of(row.id).contract.cancellable)
      return draft.note("cancel " + std::string(name) + ": the department cannot stop it");
    EffectRow* earlier = draft.effect_of("cancel", row.id);
    if (earlier == nullptr) {
      plan(draft, "cancel", row.id, key_of(draft, *held.member, "cancel"), row.input);
    } else if (earlier->state == EffectState::failed) {
      earlier->state = EffectState::planned;
      earlier->attempt = 0;
      earlier->next_at_ms = draft.now_ms;
    } else {
      draft.note("cancel " + std::string(name) + ": the department is asked already");
    }
    return;
  }
  if (!draft.move(row, lifecycle::CommitmentEvent::cancel, {.nothing_in_flight = row.state != CommitmentState::attempting})) {
    return draft.note("cancel " + std::string(name) + ": too late, " + draft.why_not);
  }
  if (EffectRow* effect = draft.effect_of("perform", row.id)) {
    effect->state = EffectState::cancelled;
    effect->next_at_ms = 0;
  }
  end(draft, held, "cancelled");
}

void undo(Draft& draft, std::string_view name) {
  const Draft::Held held = draft.latest_of_any(name);
  if (!held) return draft.note("undo " + std::string(name) + ": there is none");
  const bool undoable = !draft.spec_of(held.commitment->id).undo.empty();
  if (!draft.move(*held.commitment, lifecycle::CommitmentEvent::undo, {.undoable = undoable})) {
    return draft.note("undo " + std::string(name) + ": " + draft.why_not);
  }
  if (EffectRow* earlier = draft.effect_of("undo", held.commitment->id)) {
    earlier->state = EffectState::planned;
    earlier->reconciling = 0;
    earlier->attempt = 0;
    earlier->uncertain_since_ms = 0;
    earlier->lookups = 0;
    earlier->next_at_ms = draft.now_ms;
    return;
  }
  plan(draft, "undo", held.commitment->id, key_of(draft, *held.member, "undo"), held.commitment->evidence);
}

}  // namespace redress::path
