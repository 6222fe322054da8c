// The machine of a commitment: what became of it, and in a second region whether it is late.
#include "lifecycle/machine.hpp"

namespace redress::lifecycle {
namespace {

using machine::In;
using machine::Row;
using enum CommitmentEvent;

struct Main {
  static constexpr std::string_view name = "commitment";
  using State = CommitmentState;
};
struct Due {
  static constexpr std::string_view name = "due";
  using State = DueState;
};

struct ApprovalNotNeeded {
  static constexpr std::string_view name = "approval_not_needed";
  static std::string why_not(const CommitmentFacts& facts) {
    return facts.approval_needed ? "a person must approve this commitment before it is requested" : "";
  }
};
struct Approved {
  static constexpr std::string_view name = "approved";
  static std::string why_not(const CommitmentFacts& facts) { return facts.approved ? "" : "no person's approval is recorded"; }
};
struct EvidenceValid {
  static constexpr std::string_view name = "evidence_valid";
  static std::string why_not(const CommitmentFacts& facts) {
    return facts.evidence_valid ? "" : "the evidence does not fit the schema of its action";
  }
};
struct Revocable {
  static constexpr std::string_view name = "revocable";
  static std::string why_not(const CommitmentFacts& facts) {
    return facts.revocable ? "" : "the department does not declare that this action can be revoked";
  }
};
struct Undoable {
  static constexpr std::string_view name = "undoable";
  static std::string why_not(const CommitmentFacts& facts) {
    return facts.undoable ? "" : "the department declares no undo for this action";
  }
};
struct VerbIsUndo {
  static constexpr std::string_view name = "verb_is_undo";
  static std::string why_not(const CommitmentFacts& facts) {
    return facts.undoing ? "" : "the call whose outcome is unknown was not an undo";
  }
};
struct NothingInFlight {
  static constexpr std::string_view name = "nothing_in_flight";
  static std::string why_not(const CommitmentFacts& facts) {
    return facts.nothing_in_flight ? "" : "a call of this commitment is at the department";
  }
};

template <CommitmentState state>
using At = In<Main, state>;
template <DueState state>
using DueAt = In<Due, state>;

struct Rows {
  using enum CommitmentState;

  using Asking = boost::mp11::mp_list<  //
      Row<At<proposed>, request, At<requested>, ApprovalNotNeeded>, Row<At<proposed>, ask_approval, At<awaiting_approval>>,
      Row<At<awaiting_approval>, approve, At<requested>, Approved>, Row<At<awaiting_approval>, refuse, At<declined>>>;

  using Doing = boost::mp11::mp_list<  //
      Row<At<requested>, attempt, At<attempting>>, Row<At<attempting>, retry, At<requested>>,
      Row<At<attempting>, wait, At<in_progress>>, Row<At<in_progress>, wait, At<in_progress>>,
      Row<At<attempting>, done, At<fulfilled>, EvidenceValid>, Row<At<in_progress>, done, At<fulfilled>, EvidenceValid>,
      Row<At<unknown>, done, At<fulfilled>, EvidenceValid>, Row<At<attempting>, done_unproved, At<unknown>>,
      Row<At<in_progress>, done_unproved, At<unknown>>, Row<At<attempting>, decline, At<declined>>,
      Row<At<in_progress>, decline, At<declined>>, Row<At<unknown>, decline, At<declined>>,
      Row<At<requested>, fail, At<failed>>, Row<At<attempting>, fail, At<failed>>, Row<At<in_progress>, fail, At<failed>>,
      Row<At<unknown>, fail, At<failed>>, Row<At<attempting>, lose, At<unknown>>, Row<At<in_progress>, lose, At<unknown>>>;

  using TakingBack = boost::mp11::mp_list<  //
      Row<At<proposed>, cancel, At<cancelled>, NothingInFlight>,
      Row<At<awaiting_approval>, cancel, At<cancelled>, NothingInFlight>,
      Row<At<requested>, cancel, At<cancelled>, NothingInFlight>, Row<At<in_progress>, cancel, At<cancelled>, NothingInFlight>,
      Row<At<fulfilled>, revoke, At<revoked>, Revocable>, Row<At<fulfilled>, undo, At<undoing>, Undoable>,
      Row<At<undoing>, CommitmentEvent::undone, At<CommitmentState::undone>>,
      Row<At<unknown>, CommitmentEvent::undone, At<CommitmentState::undone>, VerbIsUndo>,
      Row<At<undoing>, undo_failed, At<fulfilled>>, Row<At<unknown>, undo_failed, At<fulfilled>, VerbIsUndo>,
      Row<At<undoing>, undo_lose, At<unknown>>>;

  using Lateness = boost::mp11::mp_list<  //
      Row<DueAt<DueState::on_time>, due_risk, DueAt<DueState::at_risk>>,
      Row<DueAt<DueState::on_time>, due_pass, DueAt<DueState::overdue>>,
      Row<DueAt<DueState::at_risk>, due_pass, DueAt<DueState::overdue>>,
      Row<DueAt<DueState::at_risk>, due_move, DueAt<DueState::on_time>>,
      Row<DueAt<DueState::overdue>, due_move, DueAt<DueState::on_time>>>;
};

struct CommitmentMachine : machine::Definition<CommitmentMachine, CommitmentFacts> {
  using Definition::Definition;
  using Event = CommitmentEvent;
  static constexpr std::size_t event_count = static_cast<std::size_t>(due_move) + 1;
  using regions = boost::mp11::mp_list<Main, Due>;
  using transition_table = boost::mp11::mp_append<Rows::Asking, Rows::Doing, Rows::TakingBack, Rows::Lateness>;
  using initial_state = machine::InitialStates<CommitmentMachine>::type;
};

}  // namespace

Step<CommitmentStates> step(const CommitmentStates& from, CommitmentEvent event, const CommitmentFacts& facts) {
  machine::Values<CommitmentMachine> values{static_cast<int>(from.state), static_cast<int>(from.due)};
  auto [verdict, reason] = machine::run<CommitmentMachine>(values, event, facts);
  return {verdict, {static_cast<CommitmentState>(values[0]), static_cast<DueState>(values[1])}, std::move(reason)};
}

std::vector<Transition> commitment_transitions() { return machine::transitions<CommitmentMachine>(); }

std::string_view to_string(CommitmentEvent event) {
  switch (event) {
    case request:
      return "request";
    case ask_approval:
      return "ask_approval";
    case approve:
      return "approve";
    case refuse:
      return "refuse";
    case attempt:
      return "attempt";
    case retry:
      return "retry";
    case wait:
      return "wait";
    case done:
      return "done";
    case done_unproved:
      return "done_unproved";
    case decline:
      return "decline";
    case fail:
      return "fail";
    case lose:
      return "lose";
    case cancel:
      return "cancel";
    case revoke:
      return "revoke";
    case undo:
      return "undo";
    case undone:
      return "undone";
    case undo_failed:
      return "undo_failed";
    case undo_lose:
      return "undo_lose";
    case due_risk:
      return "due_risk";
    case due_pass:
      return "due_pass";
    case due_move:
      return "due_move";
  }
  return "?";
}

}  // namespace redress::lifecycle
