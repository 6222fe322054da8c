// The layer between our step() and Boost.MSM: states by enumerator, guards that say why not, and the table read as data.
//
// Included by case.cpp, commitment.cpp and reply.cpp alone. A machine is a Definition with `regions` (each starts in the state
// that its first row leaves), `Event`, `event_count` and `transition_table`.
#pragma once
#include <algorithm>
#include <array>
#include <boost/mp11.hpp>
#include <boost/mp11/mpl.hpp>  // Makes mp_list a sequence for MPL: mpl::vector ends at 20 rows.
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lifecycle/lifecycle.hpp"

namespace redress::lifecycle::machine {

namespace mp = boost::mp11;
namespace msm = boost::msm;

// One state of one region. The region is part of the type, since two deadlines have states of the same names.
template <class InRegion, typename InRegion::State enumerator>
struct In : msm::front::state<> {
  using Region = InRegion;
  static constexpr auto value = enumerator;
};

template <auto event>
struct On {
  static constexpr auto value = event;
};

// A guard: the row may be taken when none of the promises says why not. A promise has a `name` and
// `static std::string why_not(const Facts&)`, which is empty where the promise holds.
template <class... Promises>
struct If {
  template <class Event, class Fsm, class From, class To>
  bool operator()(const Event&, Fsm& fsm, From&, To&) const {
    const auto ask = [&](const std::string& why_not) {
      if (why_not.empty()) return;
      fsm.reason += (fsm.reason.empty() ? "" : "; ") + why_not;
    };
    (ask(Promises::why_not(*fsm.facts)), ...);
    return fsm.reason.empty();
  }

  static std::string_view name() {
    static const std::string joined = [] {
      std::string names;
      ((names += (names.empty() ? "" : " && ") + std::string(Promises::name)), ...);
      return names;
    }();
    return joined;
  }
};

template <class From, auto event, class To, class... Promises>
using Row = msm::front::Row<From, On<event>, To, msm::front::none,
                            mp::mp_if_c<sizeof...(Promises) == 0, msm::front::none, If<Promises...>>>;

template <class Derived, class GivenFacts>
struct Definition : msm::front::state_machine_def<Derived> {
  using Facts = GivenFacts;
  using no_exception_thrown = int;  // Else MSM swallows exceptions.
  using no_message_queue = int;     // A machine lives for one event.

  explicit Definition(const Facts* given) : facts(given) {}

  template <class Fsm, class Event>
  void no_transition(const Event&, Fsm&, int) {}  // Else MSM asserts.

  const Facts* facts;
  std::string reason;
};

// ---- the table as data ------------------------------------------------------------------------------------------------------

template <class Def>
using Table = typename Def::transition_table;
template <class R>
using SourceOf = typename R::Source;
template <class R>
using TargetOf = typename R::Target;
template <class Def>
using States = mp::mp_unique<mp::mp_append<mp::mp_transform<SourceOf, Table<Def>>, mp::mp_transform<TargetOf, Table<Def>>>>;

// The first state of a region: the one that its first row leaves.
template <class Def, class Region>
struct InitialOf {
  template <class R>
  using InRegion = std::is_same<typename SourceOf<R>::Region, Region>;
  using type = SourceOf<mp::mp_at<Table<Def>, mp::mp_find_if<Table<Def>, InRegion>>>;
};

// The region that an event concerns.
template <class Def, auto event>
struct RegionOf {
  template <class R>
  using HasEvent = std::is_same<typename R::Evt, On<event>>;
  using type = typename SourceOf<mp::mp_at<Table<Def>, mp::mp_find_if<Table<Def>, HasEvent>>>::Region;
};

template <class Def>
std::vector<Transition> transitions() {
  std::vector<Transition> rows;
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, Table<Def>>>([&](auto identity) {
    using R = typename decltype(identity)::type;
    static_assert(std::is_same_v<typename R::Source::Region, typename R::Target::Region>);
    std::string_view guard;
    if constexpr (!std::is_same_v<typename R::Guard, msm::front::none>) guard = R::Guard::name();
    rows.push_back({R::Source::Region::name, redress::to_string(R::Source::value), lifecycle::to_string(R::Evt::value),
                    redress::to_string(R::Target::value), guard});
  });
  return rows;
}

// ---- one step ---------------------------------------------------------------------------------------------------------------

template <class Def>
inline constexpr std::size_t region_count = mp::mp_size<typename Def::regions>::value;

// The enumerator of each region's state, as a number.
template <class Def>
using Values = std::array<int, region_count<Def>>;

// MSM numbers its states in an order of its own; -1: the region has no such state.
template <class Def>
constexpr int id_of(std::size_t region, int value) {
  using Stt = typename msm::back::state_machine<Def>::stt;
  int id = -1;
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, States<Def>>>([&](auto identity) {
    using State = typename decltype(identity)::type;
    constexpr std::size_t index = mp::mp_find<typename Def::regions, typename State::Region>::value;
    if (index == region && static_cast<int>(State::value) == value) id = msm::back::get_state_id<Stt, State>::value;
  });
  return id;
}

constexpr int values_max = 16;  // More than any region has states.

template <class Def>
constexpr auto make_ids() {
  std::array<std::array<int, values_max>, region_count<Def>> ids{};
  for (std::size_t region = 0; region < ids.size(); ++region) {
    for (int value = 0; value < values_max; ++value) ids[region][static_cast<std::size_t>(value)] = id_of<Def>(region, value);
  }
  return ids;
}
template <class Def>
inline constexpr auto ids = make_ids<Def>();

// Takes the place of Boost.Serialization's archive: the array of state numbers comes first, the rest stays as it is.
template <std::size_t regions>
class Restore {
 public:
  explicit Restore(const std::array<int, regions>& states) : states_(states) {}

  Restore& operator&(int (&states)[regions]) {
    if (!done_) std::copy(states_.begin(), states_.end(), states);
    done_ = true;
    return *this;
  }
  template <int count>
  Restore& operator&(msm::back::NoHistoryImpl<count>&) {
    return *this;
  }
  Restore& operator&(bool&) { return *this; }

 private:
  const std::array<int, regions>& states_;
  bool done_ = false;
};

struct Outcome {
  Verdict verdict = Verdict::illegal;
  std::string reason;
};

template <class Def>
std::optional<Values<Def>> ids_of(const Values<Def>& values) {
  Values<Def> found{};
  for (std::size_t region = 0; region < found.size(); ++region) {
    const auto value = static_cast<std::size_t>(values[region]);
    found[region] = value < values_max ? ids<Def>[region][value] : -1;
    if (found[region] < 0) return std::nullopt;
  }
  return found;
}

template <class Def, auto event>
Outcome offer(msm::back::state_machine<Def>& fsm, const Values<Def>& from) {
  const auto handled = static_cast<unsigned>(fsm.process_event(On<event>{}));
  if ((handled & msm::back::HANDLED_TRUE) != 0) return {Verdict::applied, {}};
  if ((handled & msm::back::HANDLED_GUARD_REJECT) != 0) return {Verdict::refused, std::move(fsm.reason)};
  using Region = typename RegionOf<Def, event>::type;
  const int value = from[mp::mp_find<typename Def::regions, Region>::value];
  const std::string_view state = redress::to_string(static_cast<typename Region::State>(value));
  return {Verdict::illegal, "no " + std::string(lifecycle::to_string(event)) + " in " + std::string(state)};
}

// Restores the machine in `values`, offers it the event, and leaves its new states in `values`.
template <class Def>
Outcome run(Values<Def>& values, typename Def::Event event, const typename Def::Facts& facts) {
  const auto stored = ids_of<Def>(values);
  if (!stored || static_cast<std::size_t>(event) >= Def::event_count) return {Verdict::illegal, "no such state or event"};
  msm::back::state_machine<Def> fsm(&facts);
  Restore<region_count<Def>> archive(*stored);
  fsm.serialize(archive, 0);
  Outcome outcome = mp::mp_with_index<Def::event_count>(static_cast<std::size_t>(event), [&](auto index) {
    return offer<Def, static_cast<typename Def::Event>(index.value)>(fsm, values);
  });
  for (std::size_t region = 0; region < values.size(); ++region) {
    const auto& known = ids<Def>[region];
    values[region] = static_cast<int>(std::find(known.begin(), known.end(), fsm.current_state()[region]) - known.begin());
  }
  return outcome;
}

template <class Def>
struct InitialStates {
  template <class Region>
  using Of = typename InitialOf<Def, Region>::type;
  using type = mp::mp_transform<Of, typename Def::regions>;
};

}  // namespace redress::lifecycle::machine
