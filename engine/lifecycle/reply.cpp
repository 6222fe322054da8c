// The machine of a reply: no word reaches the public but through `publish`, and its guard asks of every claim.
#include "lifecycle/machine.hpp"

namespace redress::lifecycle {
namespace {

using machine::In;
using machine::Row;
using enum ReplyEvent;

struct Main {
  static constexpr std::string_view name = "reply";
  using State = ReplyState;
};

struct ReviewNotNeeded {
  static constexpr std::string_view name = "review_not_needed";
  static std::string why_not(const ReplyFacts& facts) {
    return facts.review_needed ? "a person must review this reply before it is approved" : "";
  }
};
struct Reviewed {
  static constexpr std::string_view name = "reviewed";
  static std::string why_not(const ReplyFacts& facts) {
    return facts.reviewed ? "" : "not reviewed by a person other than who drafted it or supplied its evidence";
  }
};
struct ClaimsHold {
  static constexpr std::string_view name = "claims_hold";
  static std::string why_not(const ReplyFacts& facts) { return facts.claims_hold ? "" : "a claim does not hold"; }
};
struct DigestsMatch {
  static constexpr std::string_view name = "digests_match";
  static std::string why_not(const ReplyFacts& facts) {
    return facts.digests_match ? "" : "the evidence changed since it was approved";
  }
};

template <ReplyState state>
using At = In<Main, state>;

struct Rows {
  using enum ReplyState;

  using Approving = boost::mp11::mp_list<  //
      Row<At<drafted>, ask_review, At<awaiting_review>>, Row<At<drafted>, approve, At<approved>, ReviewNotNeeded>,
      Row<At<awaiting_review>, approve, At<approved>, Reviewed>, Row<At<awaiting_review>, refuse, At<refused>>,
      Row<At<approved>, expire, At<awaiting_review>>>;

  using Publishing = boost::mp11::mp_list<  //
      Row<At<approved>, publish, At<publishing>, ClaimsHold, DigestsMatch>, Row<At<publishing>, retry, At<approved>>,
      Row<At<publishing>, confirm, At<published>>, Row<At<unknown>, confirm, At<published>>,
      Row<At<publishing>, fail, At<failed>>, Row<At<unknown>, fail, At<failed>>, Row<At<publishing>, lose, At<unknown>>>;

  using Ending = boost::mp11::mp_list<  //
      Row<At<drafted>, block, At<blocked>>, Row<At<awaiting_review>, block, At<blocked>>, Row<At<approved>, block, At<blocked>>,
      Row<At<published>, correct, At<corrected>>, Row<At<blocked>, waive, At<waived>>, Row<At<refused>, waive, At<waived>>,
      Row<At<failed>, waive, At<waived>>, Row<At<unknown>, waive, At<waived>>,
      Row<At<blocked>, ReplyEvent::replace, At<replaced>>, Row<At<refused>, ReplyEvent::replace, At<replaced>>,
      Row<At<failed>, ReplyEvent::replace, At<replaced>>>;
};

struct ReplyMachine : machine::Definition<ReplyMachine, ReplyFacts> {
  using Definition::Definition;
  using Event = ReplyEvent;
  static constexpr std::size_t event_count = static_cast<std::size_t>(replace) + 1;
  using regions = boost::mp11::mp_list<Main>;
  using transition_table = boost::mp11::mp_append<Rows::Approving, Rows::Publishing, Rows::Ending>;
  using initial_state = machine::InitialStates<ReplyMachine>::type;
};

}  // namespace

Step<ReplyState> step(ReplyState from, ReplyEvent event, const ReplyFacts& facts) {
  machine::Values<ReplyMachine> values{static_cast<int>(from)};
  auto [verdict, reason] = machine::run<ReplyMachine>(values, event, facts);
  return {verdict, static_cast<ReplyState>(values[0]), std::move(reason)};
}

std::vector<Transition> reply_transitions() { return machine::transitions<ReplyMachine>(); }

std::string_view to_string(ReplyEvent event) {
  switch (event) {
    case ask_review:
      return "ask_review";
    case approve:
      return "approve";
    case refuse:
      return "refuse";
    case expire:
      return "expire";
    case publish:
      return "publish";
    case retry:
      return "retry";
    case confirm:
      return "confirm";
    case fail:
      return "fail";
    case lose:
      return "lose";
    case block:
      return "block";
    case correct:
      return "correct";
    case waive:
      return "waive";
    case replace:
      return "replace";
  }
  return "?";
}

}  // namespace redress::lifecycle
