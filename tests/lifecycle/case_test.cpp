// The case's machine: every state of every region, every event, every fact, against the table below.
#include "written_table.hpp"

namespace redress::lifecycle {
namespace {

constexpr std::string_view resolve_guard = "no_open_commitment && no_unsettled_reply && final_reply_told";
constexpr std::string_view close_guard = "no_open_commitment && no_unsettled_reply";

const WrittenTable written = {
    {"case", "received", "open", "active", ""},
    {"case", "active", "wait", "waiting_customer", ""},
    {"case", "waiting_customer", "resume", "active", ""},
    {"case", "active", "resolve", "resolved", resolve_guard},
    {"case", "waiting_customer", "resolve", "resolved", resolve_guard},
    {"case", "resolved", "close", "closed", close_guard},
    {"case", "resolved", "reopen", "active", ""},
    {"case", "closed", "reopen", "active", ""},
    {"first_reply", "none", "first_reply_start", "running", ""},
    {"first_reply", "running", "first_reply_start", "running", ""},
    {"first_reply", "at_risk", "first_reply_start", "running", ""},
    {"first_reply", "paused", "first_reply_start", "running", ""},
    {"first_reply", "met", "first_reply_start", "running", ""},
    {"first_reply", "breached", "first_reply_start", "running", ""},
    {"first_reply", "running", "first_reply_risk", "at_risk", ""},
    {"first_reply", "running", "first_reply_breach", "breached", ""},
    {"first_reply", "at_risk", "first_reply_breach", "breached", ""},
    {"first_reply", "running", "first_reply_meet", "met", ""},
    {"first_reply", "at_risk", "first_reply_meet", "met", ""},
    {"first_reply", "paused", "first_reply_meet", "met", ""},
    {"first_reply", "breached", "first_reply_meet", "breached", ""},
    {"resolution", "none", "resolution_start", "running", ""},
    {"resolution", "running", "resolution_start", "running", ""},
    {"resolution", "at_risk", "resolution_start", "running", ""},
    {"resolution", "paused", "resolution_start", "running", ""},
    {"resolution", "met", "resolution_start", "running", ""},
    {"resolution", "breached", "resolution_start", "running", ""},
    {"resolution", "running", "resolution_risk", "at_risk", ""},
    {"resolution", "running", "resolution_breach", "breached", ""},
    {"resolution", "at_risk", "resolution_breach", "breached", ""},
    {"resolution", "running", "resolution_meet", "met", ""},
    {"resolution", "at_risk", "resolution_meet", "met", ""},
    {"resolution", "paused", "resolution_meet", "met", ""},
    {"resolution", "breached", "resolution_meet", "breached", ""},
    {"resolution", "running", "resolution_pause", "paused", ""},
    {"resolution", "at_risk", "resolution_pause", "paused", ""},
    {"resolution", "paused", "resolution_resume", "running", ""},
};

const Guards<CaseFacts> guards = {
    {resolve_guard,
     [](const CaseFacts& facts) {
       return facts.open_commitments == 0 && facts.unsettled_replies == 0 && facts.final_reply_told;
     }},
    {close_guard, [](const CaseFacts& facts) { return facts.open_commitments == 0 && facts.unsettled_replies == 0; }},
};

std::vector<CaseStates> all_states() {
  std::vector<CaseStates> states;
  for (const auto state : all<CaseState>(5)) {
    for (const auto first_reply : all<DeadlineState>(6)) {
      for (const auto resolution : all<DeadlineState>(6)) states.push_back({state, first_reply, resolution});
    }
  }
  return states;
}

std::vector<CaseFacts> all_facts() {
  std::vector<CaseFacts> facts;
  for (const bool told : {false, true}) {
    for (int i = 0; i < 9; ++i) facts.push_back({i % 3, i / 3, told});
  }
  return facts;
}

std::string_view state_in(const CaseStates& states, std::string_view region) {
  if (region == "case") return to_string(states.state);
  return to_string(region == "first_reply" ? states.first_reply : states.resolution);
}

// `from` with the state of one region changed to the one of that name.
CaseStates moved(CaseStates from, std::string_view region, std::string_view to) {
  if (region == "case") from.state = from_string<CaseState>(to).value();
  if (region == "first_reply") from.first_reply = from_string<DeadlineState>(to).value();
  if (region == "resolution") from.resolution = from_string<DeadlineState>(to).value();
  return from;
}

TEST(CaseMachine, AgreesWithTheWrittenTableInEveryStateAndForEveryEvent) {
  for (const auto event : all<CaseEvent>(16)) {
    const std::string_view region = region_of(written, to_string(event));
    ASSERT_FALSE(region.empty()) << to_string(event);
    for (const CaseStates& from : all_states()) {
      const std::string_view state = state_in(from, region);
      for (const CaseFacts& facts : all_facts()) {
        const Expected want = expected(written, guards, state, to_string(event), facts);
        const auto got = step(from, event, facts);
        ASSERT_EQ(got.verdict, want.verdict) << state << " " << to_string(event);
        ASSERT_EQ(got.states, moved(from, region, want.to)) << state << " " << to_string(event);
        ASSERT_TRUE(reason_fits(got.verdict, got.reason, to_string(event), state)) << got.reason;
      }
    }
  }
}

TEST(CaseMachine, TellsItsOwnTable) { expect_same_rows(case_transitions(), written); }

TEST(CaseMachine, NamesEveryPromiseThatForbidsToResolve) {
  const CaseStates active{.state = CaseState::active};
  const auto reason = [&](const CaseFacts& facts) { return step(active, CaseEvent::resolve, facts).reason; };
  EXPECT_EQ(reason({2, 0, true}), "2 commitments are open");
  EXPECT_EQ(reason({1, 0, true}), "1 commitment is open");
  EXPECT_EQ(reason({0, 1, true}), "1 reply is not settled");
  EXPECT_EQ(reason({0, 0, false}), "the customer has not been told the final reply, and nobody waived it");
  EXPECT_EQ(reason({3, 2, false}),
            "3 commitments are open; 2 replies are not settled; "
            "the customer has not been told the final reply, and nobody waived it");
}

TEST(CaseMachine, SaysWhichRegionsStateForbidsAnEvent) {
  const CaseStates states{CaseState::active, DeadlineState::met, DeadlineState::breached};
  EXPECT_EQ(step(states, CaseEvent::open, {}).reason, "no open in active");
  EXPECT_EQ(step(states, CaseEvent::first_reply_breach, {}).reason, "no first_reply_breach in met");
  EXPECT_EQ(step(states, CaseEvent::resolution_pause, {}).reason, "no resolution_pause in breached");
}

TEST(CaseMachine, KeepsABreachedDeadlineBreachedWhenItIsMetLate) {
  const CaseStates late{CaseState::active, DeadlineState::breached, DeadlineState::running};
  const auto met = step(late, CaseEvent::first_reply_meet, {});
  EXPECT_EQ(met.verdict, Verdict::applied);
  EXPECT_EQ(met.states, late);
}

TEST(CaseMachine, RefusesANumberThatIsNoState) {
  const CaseStates none{static_cast<CaseState>(5), DeadlineState::none, DeadlineState::none};
  const auto got = step(none, CaseEvent::open, {});
  EXPECT_EQ(got.verdict, Verdict::illegal);
  EXPECT_EQ(got.states, none);
}

}  // namespace
}  // namespace redress::lifecycle
