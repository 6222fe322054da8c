// The stored text of each state.
#include <array>
#include <cstddef>

#include "redress/lifecycle.hpp"

namespace redress {
namespace {

// Names in the order of the enumerators.
template <class State>
inline constexpr std::array<std::string_view, 0> names{};
template <>
inline constexpr std::array<std::string_view, 5> names<CaseState>{"received", "active", "waiting_customer", "resolved",
                                                                  "closed"};
template <>
inline constexpr std::array<std::string_view, 6> names<DeadlineState>{"none", "running",  "at_risk",
                                                                      "met",  "breached", "paused"};
template <>
inline constexpr std::array<std::string_view, 13> names<CommitmentState>{
    "proposed", "awaiting_approval", "requested", "attempting", "in_progress", "fulfilled", "declined",
    "failed",   "unknown",           "cancelled", "revoked",    "undoing",     "undone"};
template <>
inline constexpr std::array<std::string_view, 3> names<DueState>{"on_time", "at_risk", "overdue"};
template <>
inline constexpr std::array<std::string_view, 12> names<ReplyState>{"drafted",   "awaiting_review", "approved", "publishing",
                                                                    "published", "unknown",         "failed",   "blocked",
                                                                    "refused",   "corrected",       "waived",   "replaced"};
template <>
inline constexpr std::array<std::string_view, 8> names<EffectState>{"planned",  "attempting", "waiting", "done",
                                                                    "declined", "failed",     "unknown", "cancelled"};
template <>
inline constexpr std::array<std::string_view, 6> names<ClaimLevel>{"requested", "accepted", "fulfilled",
                                                                   "declined",  "failed",   "revoked"};
template <>
inline constexpr std::array<std::string_view, 4> names<PostFate>{"opened", "attached", "not_wanted", "rejected"};

// The name of an enumerator, "?" for a number that is none.
template <class State>
std::string_view name_of(State state) {
  const auto index = static_cast<std::size_t>(state);
  return index < names<State>.size() ? names<State>[index] : "?";
}

template <class State>
std::optional<State> find(std::string_view name) {
  for (std::size_t i = 0; i < names<State>.size(); ++i) {
    if (names<State>[i] == name) return static_cast<State>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(CaseState state) { return name_of(state); }
std::string_view to_string(DeadlineState state) { return name_of(state); }
std::string_view to_string(CommitmentState state) { return name_of(state); }
std::string_view to_string(DueState state) { return name_of(state); }
std::string_view to_string(ReplyState state) { return name_of(state); }
std::string_view to_string(EffectState state) { return name_of(state); }
std::string_view to_string(ClaimLevel level) { return name_of(level); }
std::string_view to_string(PostFate fate) { return name_of(fate); }

template <>
std::optional<CaseState> from_string(std::string_view name) {
  return find<CaseState>(name);
}
template <>
std::optional<DeadlineState> from_string(std::string_view name) {
  return find<DeadlineState>(name);
}
template <>
std::optional<CommitmentState> from_string(std::string_view name) {
  return find<CommitmentState>(name);
}
template <>
std::optional<DueState> from_string(std::string_view name) {
  return find<DueState>(name);
}
template <>
std::optional<ReplyState> from_string(std::string_view name) {
  return find<ReplyState>(name);
}
template <>
std::optional<EffectState> from_string(std::string_view name) {
  return find<EffectState>(name);
}
template <>
std::optional<ClaimLevel> from_string(std::string_view name) {
  return find<ClaimLevel>(name);
}
template <>
std::optional<PostFate> from_string(std::string_view name) {
  return find<PostFate>(name);
}

}  // namespace redress
