// The machine of a case: its main region, and one region for each deadline.
#include "lifecycle/machine.hpp"

namespace redress::lifecycle {
namespace {

using machine::In;
using machine::Row;
using enum CaseEvent;

struct Main {
  static constexpr std::string_view name = "case";
  using State = CaseState;
};
struct FirstReply {
  static constexpr std::string_view name = "first_reply";
  using State = DeadlineState;
};
struct Resolution {
  static constexpr std::string_view name = "resolution";
  using State = DeadlineState;
};

// "1 commitment is open", "2 commitments are open".
std::string counted(int count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

struct NoOpenCommitment {
  static constexpr std::string_view name = "no_open_commitment";
  static std::string why_not(const CaseFacts& facts) {
    if (facts.open_commitments == 0) return {};
    return counted(facts.open_commitments, "commitment is open", "commitments are open");
  }
};
struct NoUnsettledReply {
  static constexpr std::string_view name = "no_unsettled_reply";
  static std::string why_not(const CaseFacts& facts) {
    if (facts.unsettled_replies == 0) return {};
    return counted(facts.unsettled_replies, "reply is not settled", "replies are not settled");
  }
};
struct FinalReplyTold {
  static constexpr std::string_view name = "final_reply_told";
  static std::string why_not(const CaseFacts& facts) {
    return facts.final_reply_told ? "" : "the customer has not been told the final reply, and nobody waived it";
  }
};

template <CaseState state>
using At = In<Main, state>;

template <class Region, CaseEvent start, CaseEvent risk, CaseEvent breach, CaseEvent meet>
struct Deadline {
  template <DeadlineState state>
  using D = In<Region, state>;
  using enum DeadlineState;

  using Rows = boost::mp11::mp_list<    //
      Row<D<none>, start, D<running>>,  // A new episode starts anew, whatever became of the last one.
      Row<D<running>, start, D<running>>, Row<D<at_risk>, start, D<running>>, Row<D<paused>, start, D<running>>,
      Row<D<met>, start, D<running>>, Row<D<breached>, start, D<running>>, Row<D<running>, risk, D<at_risk>>,
      Row<D<running>, breach, D<breached>>, Row<D<at_risk>, breach, D<breached>>, Row<D<running>, meet, D<met>>,
      Row<D<at_risk>, meet, D<met>>, Row<D<paused>, meet, D<met>>,
      Row<D<breached>, meet, D<breached>>>;  // Told late is still late.
};

struct CaseMachine : machine::Definition<CaseMachine, CaseFacts> {
  using Definition::Definition;
  using Event = CaseEvent;
  static constexpr std::size_t event_count = static_cast<std::size_t>(resolution_resume) + 1;
  using regions = boost::mp11::mp_list<Main, FirstReply, Resolution>;

  template <class From>
  using Resolve = Row<From, resolve, At<CaseState::resolved>, NoOpenCommitment, NoUnsettledReply, FinalReplyTold>;
  using MainRows =
      boost::mp11::mp_list<Row<At<CaseState::received>, open, At<CaseState::active>>,
                           Row<At<CaseState::active>, wait, At<CaseState::waiting_customer>>,
                           Row<At<CaseState::waiting_customer>, resume, At<CaseState::active>>, Resolve<At<CaseState::active>>,
                           Resolve<At<CaseState::waiting_customer>>,
                           Row<At<CaseState::resolved>, close, At<CaseState::closed>, NoOpenCommitment, NoUnsettledReply>,
                           Row<At<CaseState::resolved>, reopen, At<CaseState::active>>,
                           Row<At<CaseState::closed>, reopen, At<CaseState::active>>>;
  using FirstReplyRows = Deadline<FirstReply, first_reply_start, first_reply_risk, first_reply_breach, first_reply_meet>::Rows;
  using ResolutionRows = Deadline<Resolution, resolution_start, resolution_risk, resolution_breach, resolution_meet>::Rows;
  using PauseRows = boost::mp11::mp_list<
      Row<In<Resolution, DeadlineState::running>, resolution_pause, In<Resolution, DeadlineState::paused>>,
      Row<In<Resolution, DeadlineState::at_risk>, resolution_pause, In<Resolution, DeadlineState::paused>>,
      Row<In<Resolution, DeadlineState::paused>, resolution_resume, In<Resolution, DeadlineState::running>>>;

  using transition_table = boost::mp11::mp_append<MainRows, FirstReplyRows, ResolutionRows, PauseRows>;
  using initial_state = machine::InitialStates<CaseMachine>::type;
};

}  // namespace

Step<CaseStates> step(const CaseStates& from, CaseEvent event, const CaseFacts& facts) {
  machine::Values<CaseMachine> values{static_cast<int>(from.state), static_cast<int>(from.first_reply),
                                      static_cast<int>(from.resolution)};
  auto [verdict, reason] = machine::run<CaseMachine>(values, event, facts);
  const CaseStates to{static_cast<CaseState>(values[0]), static_cast<DeadlineState>(values[1]),
                      static_cast<DeadlineState>(values[2])};
  return {verdict, to, std::move(reason)};
}

std::vector<Transition> case_transitions() { return machine::transitions<CaseMachine>(); }

std::string_view to_string(CaseEvent event) {
  switch (event) {
    case open:
      return "open";
    case wait:
      return "wait";
    case resume:
      return "resume";
    case resolve:
      return "resolve";
    case close:
      return "close";
    case reopen:
      return "reopen";
    case first_reply_start:
      return "first_reply_start";
    case first_reply_risk:
      return "first_reply_risk";
    case first_reply_breach:
      return "first_reply_breach";
    case first_reply_meet:
      return "first_reply_meet";
    case resolution_start:
      return "resolution_start";
    case resolution_risk:
      return "resolution_risk";
    case resolution_breach:
      return "resolution_breach";
    case resolution_meet:
      return "resolution_meet";
    case resolution_pause:
      return "resolution_pause";
    case resolution_resume:
      return "resolution_resume";
  }
  return "?";
}

}  // namespace redress::lifecycle
