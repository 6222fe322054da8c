// The three lifecycles that no workflow can change: plain functions in front of the Boost.MSM machines.
//
// Each call restores a machine from stored states, offers it one event, and answers the new states. Nothing is kept between
// calls. [any thread]
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "redress/lifecycle.hpp"

namespace redress::lifecycle {

enum class Verdict {
  applied,  // The state changed, or the machine has a row that stays.
  illegal,  // The machine has no such row: not here.
  refused,  // It has, but a guard said no: `reason` names the promise.
};

// ---- case: the main region, and a region for each deadline ------------------------------------------------------------------

struct CaseStates {
  CaseState state = CaseState::received;
  DeadlineState first_reply = DeadlineState::none;
  DeadlineState resolution = DeadlineState::none;
  bool operator==(const CaseStates&) const = default;
};

enum class CaseEvent {
  open,     // received -> active
  wait,     // active -> waiting_customer
  resume,   // waiting_customer -> active
  resolve,  // active, waiting_customer -> resolved      [no_open_commitment && no_unsettled_reply && final_reply_told]
  close,    // resolved -> closed
  reopen,   // resolved, closed -> active
  // The deadlines' regions, each from none, running, at_risk, paused, met, breached:
  first_reply_start,
  first_reply_risk,
  first_reply_breach,
  first_reply_meet,
  resolution_start,
  resolution_risk,
  resolution_breach,
  resolution_meet,
  resolution_pause,
  resolution_resume,
  // start: any -> running (a new episode starts anew); risk: running -> at_risk; breach: running, at_risk -> breached;
  // meet: running, at_risk, paused -> met (a breached one stays breached: breached -> breached);
  // pause: running, at_risk -> paused; resume: paused -> running.
};

struct CaseFacts {
  int open_commitments = 0;
  int unsettled_replies = 0;
  bool final_reply_told = false;  // The reply of the final transition was published, or a person waived it.
};

// ---- commitment: what was done, and in a second region whether it is late
// ----------------------------------------------------

struct CommitmentStates {
  CommitmentState state = CommitmentState::proposed;
  DueState due = DueState::on_time;
  bool operator==(const CommitmentStates&) const = default;
};

enum class CommitmentEvent {
  request,        // proposed -> requested               [approval not needed]
  ask_approval,   // proposed -> awaiting_approval
  approve,        // awaiting_approval -> requested      [a person's approval is recorded]
  refuse,         // awaiting_approval -> declined
  attempt,        // requested -> attempting
  retry,          // attempting -> requested
  wait,           // attempting, in_progress -> in_progress
  done,           // attempting, in_progress, unknown -> fulfilled     [evidence_valid]
  done_unproved,  // attempting, in_progress -> unknown   (it happened, the evidence breaks its schema)
  decline,        // attempting, in_progress, unknown -> declined
  fail,           // requested, attempting, in_progress, unknown -> failed
  lose,           // attempting, in_progress -> unknown   (reconciling ended without an answer)
  cancel,         // proposed, awaiting_approval, requested, in_progress -> cancelled   [nothing_in_flight]
  revoke,         // fulfilled -> revoked                [revocable]
  undo,           // fulfilled -> undoing                [undoable]
  undone,         // undoing -> undone; unknown -> undone              [verb is undo]
  undo_failed,    // undoing -> fulfilled; unknown -> fulfilled        [verb is undo]
  undo_lose,      // undoing -> unknown
  due_risk,       // on_time -> at_risk
  due_pass,       // on_time, at_risk -> overdue
  due_move,       // at_risk, overdue -> on_time          (the department changed its promise to a later time)
};

struct CommitmentFacts {
  bool approval_needed = false;
  bool approved = false;
  bool evidence_valid = false;
  bool revocable = false;
  bool undoable = false;
  bool undoing = false;           // The effect that became unknown was an undo.
  bool nothing_in_flight = true;  // No call of this commitment is at the department.
};

// ---- reply
// -------------------------------------------------------------------------------------------------------------------

enum class ReplyEvent {
  ask_review,  // drafted -> awaiting_review
  approve,     // drafted -> approved                     [review not needed]
               // awaiting_review -> approved             [reviewed by another person]
  refuse,      // awaiting_review -> refused
  expire,      // approved -> awaiting_review             (an approval is good for a day)
  publish,     // approved -> publishing                  [every claim holds, with the evidence digest that was approved]
  retry,       // publishing -> approved                  (the channel certainly has nothing; the gate is passed anew)
  confirm,     // publishing, unknown -> published
  fail,        // publishing, unknown -> failed
  lose,        // publishing -> unknown
  block,       // drafted, awaiting_review, approved -> blocked
  correct,     // published -> corrected
  waive,       // blocked, refused, failed, unknown -> waived
  replace,     // blocked, refused, failed -> replaced    (a person had it drafted again)
};

struct ReplyFacts {
  bool review_needed = false;
  bool reviewed = false;  // By a person who neither drafted it nor supplied its evidence.
  bool claims_hold = false;
  bool digests_match = false;  // The evidence is what it was when the reply was drafted and approved.
};

// ---- one step
// ----------------------------------------------------------------------------------------------------------------

template <class States>
struct Step {
  Verdict verdict = Verdict::illegal;
  States states;       // Unchanged unless applied.
  std::string reason;  // Of refused: the guard's promise. Of illegal: "no <event> in <state>".
};

[[nodiscard]] Step<CaseStates> step(const CaseStates& from, CaseEvent event, const CaseFacts& facts);
[[nodiscard]] Step<CommitmentStates> step(const CommitmentStates& from, CommitmentEvent event, const CommitmentFacts& facts);
[[nodiscard]] Step<ReplyState> step(ReplyState from, ReplyEvent event, const ReplyFacts& facts);

// ---- introspection: read off the machines' own tables
// ------------------------------------------------------------------------

struct Transition {
  std::string_view region;  // "case", "first_reply", "resolution", "commitment", "due", "reply".
  std::string_view from, event, to;
  std::string_view guard;  // Empty: none.
};
[[nodiscard]] std::vector<Transition> case_transitions();
[[nodiscard]] std::vector<Transition> commitment_transitions();
[[nodiscard]] std::vector<Transition> reply_transitions();

[[nodiscard]] std::string_view to_string(CaseEvent);
[[nodiscard]] std::string_view to_string(CommitmentEvent);
[[nodiscard]] std::string_view to_string(ReplyEvent);

}  // namespace redress::lifecycle
