// Virtual time for a service, step by step as the run loop takes it.
#include "cli/rehearsal.hpp"

#include <algorithm>

namespace redress::cli {

Result<void> Rehearsal::run_until(std::int64_t to_ms) {
  for (;;) {
    const auto progress = engine_.run_until_idle();
    if (!progress) return progress.error();
    const std::int64_t now = clock_.now_ms();
    if (now >= to_ms) return {};
    const auto acted = people_.act(engine_, now);
    if (!acted) return acted.error();
    if (*acted) continue;
    auto next = progress->next_due_at_ms;
    if (const auto act = people_.next_due_at_ms(now)) next = std::min(next.value_or(*act), *act);
    if (!next || *next >= to_ms) return {};
    clock_.advance_to(*next);
  }
}

Result<Fate> Rehearsal::receive(const Post& post, const RequestKey& request) {
  const std::lock_guard lock(mutex_);
  if (const auto ran = run_until(post.created_at_ms); !ran) return ran.error();
  clock_.advance_to(post.created_at_ms);
  if (const auto idle = engine_.run_until_idle(); !idle)
    return idle.error();  // Effects and timers of this very instant go first.
  auto fate = engine_.receive(post, request);
  people_.look_for_posts();
  if (const auto idle = engine_.run_until_idle(); !idle) return idle.error();
  return fate;
}

Result<void> Rehearsal::settle() {
  const std::lock_guard lock(mutex_);
  if (const auto idle = engine_.run_until_idle(); !idle) return idle.error();
  return {};
}

Result<std::int64_t> Rehearsal::advance(std::int64_t to_ms) {
  const std::lock_guard lock(mutex_);
  if (const auto ran = run_until(to_ms); !ran) return ran.error();
  return clock_.now_ms();
}

}  // namespace redress::cli
