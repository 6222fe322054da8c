// The states that cases, deadlines, commitments, replies and effects can be in. An enumerator equals its stored text.
//
// Changed only through the compiled machines of engine/lifecycle; docs/lifecycles.md draws them.
#pragma once
#include <optional>
#include <string_view>

#include "redress/api.hpp"

namespace redress {

enum class CaseState { received, active, waiting_customer, resolved, closed };

// A deadline of a case (first_reply, resolution). `none`: the workflow sets no such target.
enum class DeadlineState { none, running, at_risk, met, breached, paused };

enum class CommitmentState {
  proposed,
  awaiting_approval,
  requested,
  attempting,
  in_progress,
  fulfilled,
  declined,
  failed,
  unknown,
  cancelled,
  revoked,
  undoing,
  undone,
};

// A commitment's own due time: the orthogonal region of its machine. What is done at `due_at_ms` is in time; what is not done
// then is overdue.
enum class DueState { on_time, at_risk, overdue };

enum class ReplyState {
  drafted,
  awaiting_review,
  approved,
  publishing,
  published,
  unknown,
  failed,
  blocked,
  refused,
  corrected,
  waived,
  replaced,
};

// The protocol of one effect on the outside world. The row is durable before the first byte leaves.
enum class EffectState { planned, attempting, waiting, done, declined, failed, unknown, cancelled };

// What a claim asserts of a commitment.
enum class ClaimLevel { requested, accepted, fulfilled, declined, failed, revoked };

enum class PostFate { opened, attached, not_wanted, rejected };

[[nodiscard]] REDRESS_API std::string_view to_string(CaseState);
[[nodiscard]] REDRESS_API std::string_view to_string(DeadlineState);
[[nodiscard]] REDRESS_API std::string_view to_string(CommitmentState);
[[nodiscard]] REDRESS_API std::string_view to_string(DueState);
[[nodiscard]] REDRESS_API std::string_view to_string(ReplyState);
[[nodiscard]] REDRESS_API std::string_view to_string(EffectState);
[[nodiscard]] REDRESS_API std::string_view to_string(ClaimLevel);
[[nodiscard]] REDRESS_API std::string_view to_string(PostFate);

// The state of that name, or nothing: `from_string<CaseState>("active")`.
template <class State>
[[nodiscard]] std::optional<State> from_string(std::string_view name);
template <>
REDRESS_API std::optional<CaseState> from_string(std::string_view);
template <>
REDRESS_API std::optional<DeadlineState> from_string(std::string_view);
template <>
REDRESS_API std::optional<CommitmentState> from_string(std::string_view);
template <>
REDRESS_API std::optional<DueState> from_string(std::string_view);
template <>
REDRESS_API std::optional<ReplyState> from_string(std::string_view);
template <>
REDRESS_API std::optional<EffectState> from_string(std::string_view);
template <>
REDRESS_API std::optional<ClaimLevel> from_string(std::string_view);
template <>
REDRESS_API std::optional<PostFate> from_string(std::string_view);

// Not fulfilled, declined, failed, cancelled, undone or revoked: so unknown and undoing are open.
[[nodiscard]] constexpr bool is_open(CommitmentState s) {
  using enum CommitmentState;
  return s != fulfilled && s != declined && s != failed && s != cancelled && s != undone && s != revoked;
}
// May still be published, or may have been: a case does not resolve while a reply is unsettled.
[[nodiscard]] constexpr bool is_unsettled(ReplyState s) {
  using enum ReplyState;
  return s == drafted || s == awaiting_review || s == approved || s == publishing || s == unknown;
}

}  // namespace redress
