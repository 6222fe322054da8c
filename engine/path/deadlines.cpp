// The clocks of a case and of its commitments.
#include "path/deadlines.hpp"

#include <algorithm>
#include <charconv>

#include "path/reply.hpp"

namespace redress::path {
namespace {

using lifecycle::CaseEvent;
using lifecycle::CommitmentEvent;

// One of the two clocks, so that both run through the same code.
struct Clock {
  const char* name;
  const std::optional<workflow::Deadline>& target;
  DeadlineState CaseRow::*state;
  std::int64_t CaseRow::*due_at_ms;
  std::int64_t CaseRow::*met_at_ms;
  CaseEvent start, risk, breach, meet;
};

Clock first_reply_clock(const Draft& draft) {
  return {"first_reply",
          draft.workflow->first_reply,
          &CaseRow::first_reply,
          &CaseRow::first_reply_due_at_ms,
          &CaseRow::first_reply_met_at_ms,
          CaseEvent::first_reply_start,
          CaseEvent::first_reply_risk,
          CaseEvent::first_reply_breach,
          CaseEvent::first_reply_meet};
}
Clock resolution_clock(const Draft& draft) {
  return {"resolution",
          draft.workflow->resolution,
          &CaseRow::resolution,
          &CaseRow::resolution_due_at_ms,
          &CaseRow::resolution_met_at_ms,
          CaseEvent::resolution_start,
          CaseEvent::resolution_risk,
          CaseEvent::resolution_breach,
          CaseEvent::resolution_meet};
}

std::string timer_name(const Clock& clock, const char* what) { return std::string(clock.name) + ":" + what; }

void breach(Draft& draft, const Clock& clock) {
  if (draft.move(clock.breach))
    draft.raise({.name = std::string("sla.") + clock.name + ".breached", .subject = std::string("sla:") + clock.name});
}

void arm(Draft& draft, const Clock& clock) {
  const std::int64_t due = draft.record.row.*clock.due_at_ms;
  draft.set_timer(timer_name(clock, "breach"), due);
  if (clock.target->at_risk_ms > 0) {
    draft.set_timer(timer_name(clock, "risk"), due - clock.target->within_ms + clock.target->at_risk_ms);
  }
}

void disarm(Draft& draft, const Clock& clock) {
  draft.drop_timer(timer_name(clock, "breach"));
  draft.drop_timer(timer_name(clock, "risk"));
}

void start(Draft& draft, const Clock& clock) {
  if (!clock.target) return;
  CaseRow& row = draft.record.row;
  if (!draft.move(clock.start)) return;
  disarm(draft, clock);
  row.*clock.met_at_ms = 0;
  row.*clock.due_at_ms = row.episode_at_ms + clock.target->within_ms;
  if (row.*clock.due_at_ms <= draft.now_ms) {
    breach(draft, clock);
  } else {
    arm(draft, clock);
  }
}

void meet(Draft& draft, const Clock& clock) {
  CaseRow& row = draft.record.row;
  if (!clock.target || row.*clock.met_at_ms != 0) return;
  draft.move(clock.meet);
  row.*clock.met_at_ms = draft.now_ms;
  disarm(draft, clock);
  draft.close_task(std::string("sla:") + clock.name);
}

std::int64_t id_in(std::string_view name, std::string_view prefix) {
  std::int64_t id = 0;
  std::from_chars(name.data() + prefix.size(), name.data() + name.size(), id);
  return id;
}

void raise_for_commitment(Draft& draft, std::int64_t id, const char* what) {
  const Draft::Held held = draft.member_of(id);
  draft.raise({.name = held.member->name + "." + what,
               .subject = commitment_subject(id),
               .instance = held.member->instance,
               .episode = held.member->episode});
}

void on_clock_timer(Draft& draft, const Clock& clock, bool is_breach) {
  if (is_breach) {
    breach(draft, clock);
  } else if (draft.move(clock.risk)) {
    draft.raise({.name = std::string("sla.") + clock.name + ".at_risk", .subject = std::string("sla:") + clock.name});
  }
}

}  // namespace

void start_clocks(Draft& draft) {
  start(draft, first_reply_clock(draft));
  start(draft, resolution_clock(draft));
  draft.record.row.resolution_paused_at_ms = 0;
}

void meet_first_reply(Draft& draft) { meet(draft, first_reply_clock(draft)); }
void meet_resolution(Draft& draft) { meet(draft, resolution_clock(draft)); }

void follow_pauses(Draft& draft) {
  if (!draft.workflow->resolution) return;
  CaseRow& row = draft.record.row;
  const auto& pauses = draft.workflow->resolution->pause_in;
  const bool waits = std::any_of(pauses.begin(), pauses.end(), [&](int state) { return draft.memory.active.contains(state); });
  const Clock clock = resolution_clock(draft);
  if (waits && row.state == CaseState::active) {
    draft.move(CaseEvent::wait);
    if (draft.move(CaseEvent::resolution_pause)) {
      row.resolution_paused_at_ms = draft.now_ms;
      disarm(draft, clock);
    }
  } else if (!waits && row.state == CaseState::waiting_customer) {
    draft.move(CaseEvent::resume);
    if (draft.move(CaseEvent::resolution_resume)) {
      row.resolution_due_at_ms += draft.now_ms - row.resolution_paused_at_ms;
      row.resolution_paused_at_ms = 0;
      arm(draft, clock);
    }
  }
}

void start_due(Draft& draft, const CommitmentRow& row) {
  const std::string id = std::to_string(row.id);
  draft.set_timer("due_risk:" + id, row.committed_at_ms + (row.due_at_ms - row.committed_at_ms) / 4 * 3);
  draft.set_timer("due:" + id, row.due_at_ms);
}

void stop_due(Draft& draft, const CommitmentRow& row) {
  const std::string id = std::to_string(row.id);
  draft.drop_timer("due_risk:" + id);
  draft.drop_timer("due:" + id);
}

void on_timer(Draft& draft, std::string_view name) {
  if (name.starts_with("after:")) return draft.raise({.name = std::string(name)});
  if (name.starts_with("first_reply:")) return on_clock_timer(draft, first_reply_clock(draft), name.ends_with("breach"));
  if (name.starts_with("resolution:")) return on_clock_timer(draft, resolution_clock(draft), name.ends_with("breach"));
  if (name.starts_with("due_risk:")) {
    const std::int64_t id = id_in(name, "due_risk:");
    if (draft.move(draft.commitment(id), CommitmentEvent::due_risk)) raise_for_commitment(draft, id, "at_risk");
  } else if (name.starts_with("due:")) {
    const std::int64_t id = id_in(name, "due:");
    if (draft.move(draft.commitment(id), CommitmentEvent::due_pass)) raise_for_commitment(draft, id, "overdue");
  } else if (name.starts_with("review:")) {
    on_review_late(draft, id_in(name, "review:"));
  } else if (name.starts_with("approval:")) {
    on_approval_expired(draft, id_in(name, "approval:"));
  } else if (name == close_timer || name == close_late_timer) {
    if (draft.move(CaseEvent::close, draft.facts()))
      draft.record.row.closed_at_ms = draft.now_ms;
    else  // What was begun after the case was resolved is still open.
      draft.set_timer(std::string(close_late_timer), draft.now_ms + day_ms);
  }
}

}  // namespace redress::path
