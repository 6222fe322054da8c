// The commitment's machine: every state of both regions, every event, every fact, against the table below.
#include "written_table.hpp"

namespace redress::lifecycle {
namespace {

const WrittenTable written = {
    {"commitment", "proposed", "request", "requested", "approval_not_needed"},
    {"commitment", "proposed", "ask_approval", "awaiting_approval", ""},
    {"commitment", "proposed", "cancel", "cancelled", "nothing_in_flight"},
    {"commitment", "awaiting_approval", "approve", "requested", "approved"},
    {"commitment", "awaiting_approval", "refuse", "declined", ""},
    {"commitment", "awaiting_approval", "cancel", "cancelled", "nothing_in_flight"},
    {"commitment", "requested", "attempt", "attempting", ""},
    {"commitment", "requested", "fail", "failed", ""},
    {"commitment", "requested", "cancel", "cancelled", "nothing_in_flight"},
    {"commitment", "attempting", "retry", "requested", ""},
    {"commitment", "attempting", "wait", "in_progress", ""},
    {"commitment", "attempting", "done", "fulfilled", "evidence_valid"},
    {"commitment", "attempting", "done_unproved", "unknown", ""},
    {"commitment", "attempting", "decline", "declined", ""},
    {"commitment", "attempting", "fail", "failed", ""},
    {"commitment", "attempting", "lose", "unknown", ""},
    {"commitment", "in_progress", "wait", "in_progress", ""},
    {"commitment", "in_progress", "done", "fulfilled", "evidence_valid"},
    {"commitment", "in_progress", "done_unproved", "unknown", ""},
    {"commitment", "in_progress", "decline", "declined", ""},
    {"commitment", "in_progress", "fail", "failed", ""},
    {"commitment", "in_progress", "lose", "unknown", ""},
    {"commitment", "in_progress", "cancel", "cancelled", "nothing_in_flight"},
    {"commitment", "unknown", "done", "fulfilled", "evidence_valid"},
    {"commitment", "unknown", "decline", "declined", ""},
    {"commitment", "unknown", "fail", "failed", ""},
    {"commitment", "unknown", "undone", "undone", "verb_is_undo"},
    {"commitment", "unknown", "undo_failed", "fulfilled", "verb_is_undo"},
    {"commitment", "fulfilled", "revoke", "revoked", "revocable"},
    {"commitment", "fulfilled", "undo", "undoing", "undoable"},
    {"commitment", "undoing", "undone", "undone", ""},
    {"commitment", "undoing", "undo_failed", "fulfilled", ""},
    {"commitment", "undoing", "undo_lose", "unknown", ""},
    {"due", "on_time", "due_risk", "at_risk", ""},
    {"due", "on_time", "due_pass", "overdue", ""},
    {"due", "at_risk", "due_pass", "overdue", ""},
    {"due", "at_risk", "due_move", "on_time", ""},
    {"due", "overdue", "due_move", "on_time", ""},
};

const Guards<CommitmentFacts> guards = {
    {"approval_not_needed", [](const CommitmentFacts& facts) { return !facts.approval_needed; }},
    {"approved", [](const CommitmentFacts& facts) { return facts.approved; }},
    {"evidence_valid", [](const CommitmentFacts& facts) { return facts.evidence_valid; }},
    {"revocable", [](const CommitmentFacts& facts) { return facts.revocable; }},
    {"undoable", [](const CommitmentFacts& facts) { return facts.undoable; }},
    {"verb_is_undo", [](const CommitmentFacts& facts) { return facts.undoing; }},
    {"nothing_in_flight", [](const CommitmentFacts& facts) { return facts.nothing_in_flight; }},
};

std::vector<CommitmentFacts> all_facts() {
  std::vector<CommitmentFacts> facts;
  for (unsigned bits = 0; bits < 128; ++bits) {
    const auto bit = [&](unsigned index) { return ((bits >> index) & 1U) != 0; };
    facts.push_back({bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6)});
  }
  return facts;
}

TEST(CommitmentMachine, AgreesWithTheWrittenTableInEveryStateAndForEveryEvent) {
  for (const auto event : all<CommitmentEvent>(21)) {
    const std::string_view region = region_of(written, to_string(event));
    ASSERT_FALSE(region.empty()) << to_string(event);
    for (const auto state : all<CommitmentState>(13)) {
      for (const auto due : all<DueState>(3)) {
        const std::string_view name = region == "due" ? to_string(due) : to_string(state);
        for (const CommitmentFacts& facts : all_facts()) {
          const Expected want = expected(written, guards, name, to_string(event), facts);
          CommitmentStates to{state, due};
          if (region == "due")
            to.due = from_string<DueState>(want.to).value();
          else
            to.state = from_string<CommitmentState>(want.to).value();
          const auto got = step(CommitmentStates{state, due}, event, facts);
          ASSERT_EQ(got.verdict, want.verdict) << name << " " << to_string(event);
          ASSERT_EQ(got.states, to) << name << " " << to_string(event);
          ASSERT_TRUE(reason_fits(got.verdict, got.reason, to_string(event), name)) << got.reason;
        }
      }
    }
  }
}

TEST(CommitmentMachine, TellsItsOwnTable) { expect_same_rows(commitment_transitions(), written); }

TEST(CommitmentMachine, NamesThePromiseThatForbids) {
  using enum CommitmentState;
  struct Row {
    CommitmentState state;
    CommitmentEvent event;
    CommitmentFacts facts;
    const char* reason;
  };
  const Row table[] = {
      {proposed,
       CommitmentEvent::request,
       {.approval_needed = true},
       "a person must approve this commitment before it is requested"},
      {awaiting_approval, CommitmentEvent::approve, {}, "no person's approval is recorded"},
      {attempting, CommitmentEvent::done, {}, "the evidence does not fit the schema of its action"},
      {fulfilled, CommitmentEvent::revoke, {}, "the department does not declare that this action can be revoked"},
      {fulfilled, CommitmentEvent::undo, {}, "the department declares no undo for this action"},
      {unknown, CommitmentEvent::undone, {}, "the call whose outcome is unknown was not an undo"},
      {unknown, CommitmentEvent::undo_failed, {}, "the call whose outcome is unknown was not an undo"},
      {in_progress, CommitmentEvent::cancel, {.nothing_in_flight = false}, "a call of this commitment is at the department"},
  };
  for (const Row& row : table) {
    const auto got = step(CommitmentStates{row.state, DueState::on_time}, row.event, row.facts);
    EXPECT_EQ(got.verdict, Verdict::refused) << row.reason;
    EXPECT_EQ(got.reason, row.reason);
  }
}

TEST(CommitmentMachine, CannotBeCancelledWhileItIsBeingAttempted) {
  const auto got = step(CommitmentStates{CommitmentState::attempting, DueState::overdue}, CommitmentEvent::cancel, {});
  EXPECT_EQ(got.verdict, Verdict::illegal);
  EXPECT_EQ(got.reason, "no cancel in attempting");
}

TEST(CommitmentMachine, BecomesLateWithoutALookAtWhatWasDone) {
  for (const auto state : all<CommitmentState>(13)) {
    const auto got = step(CommitmentStates{state, DueState::on_time}, CommitmentEvent::due_pass, {});
    EXPECT_EQ(got.states, (CommitmentStates{state, DueState::overdue})) << to_string(state);
  }
}

}  // namespace
}  // namespace redress::lifecycle
