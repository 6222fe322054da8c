// The two ways to drive an engine to the end of its input.
#include "cli/run_loop.hpp"

#include <algorithm>

#include "redress/post.hpp"

namespace redress::cli {
namespace {

constexpr std::int64_t quiet_after_last_post_ms = 14 * 86'400'000LL;
constexpr std::size_t bytes_ahead_max = 8 * 1024 * 1024;
constexpr std::size_t reasons_max = 20;

}  // namespace

Result<LineReader::Got> PostQueue::read_one(std::int64_t wait_ms) {
  if (!reader_ || ended_) return LineReader::Got::end;
  Line line;
  auto got = reader_->next(line, wait_ms);
  if (!got) return got;
  if (*got == LineReader::Got::end) ended_ = true;
  if (*got == LineReader::Got::line) {
    const auto post = parse_post(line.text);
    ahead_.push_back({std::move(line), post ? std::optional(post->created_at_ms) : std::nullopt});
  }
  return got;
}

Result<bool> PostQueue::peek(std::int64_t wait_ms) {
  if (ahead_.empty()) {
    auto got = read_one(wait_ms);
    if (!got) return got.error();
  }
  return !ahead_.empty();
}

Result<std::optional<std::int64_t>> PostQueue::first_created_at_ms() {
  std::size_t bytes = 0;
  while (bytes < bytes_ahead_max) {
    auto got = read_one(-1);
    if (!got) return got.error();
    if (*got != LineReader::Got::line) break;
    bytes += ahead_.back().line.text.size() + sizeof(Incoming);
    if (ahead_.back().created_at_ms) return ahead_.back().created_at_ms;
  }
  return std::optional<std::int64_t>{};
}

Result<void> RunLoop::run() { return parts_.timing.virtual_clock ? run_virtual() : run_real(); }

std::int64_t RunLoop::until_ms() const {
  if (parts_.until_ms) return *parts_.until_ms;
  const std::int64_t now = parts_.timing.clock->now_ms();
  if (!parts_.timing.virtual_clock || !last_post_at_ms_) return now;
  return *last_post_at_ms_ + quiet_after_last_post_ms;
}

// The earliest instant at which something happens by itself, before `until`; the posts' own time has no such bound.
std::optional<std::int64_t> RunLoop::next_at_ms(const Progress& progress) const {
  const bool more_posts = !parts_.posts.at_end();
  std::optional<std::int64_t> next;
  const auto consider = [&](std::optional<std::int64_t> at_ms) {
    if (at_ms && (more_posts || *at_ms < until_ms()) && (!next || *at_ms < *next)) next = at_ms;
  };
  consider(progress.next_due_at_ms);
  consider(parts_.people.next_due_at_ms(parts_.timing.clock->now_ms()));
  return next;
}

Result<void> RunLoop::receive(const Incoming& incoming) {
  auto fate = parts_.engine.receive_line(incoming.line.text, incoming.line.number);
  if (!fate) return fate.error();
  ++tally_.read;
  if (incoming.created_at_ms)
    last_post_at_ms_ = std::max(last_post_at_ms_.value_or(*incoming.created_at_ms), *incoming.created_at_ms);
  tally_.any_rejected = tally_.any_rejected || fate->fate == PostFate::rejected;
  if (fate->fate == PostFate::rejected && tally_.reasons.size() < reasons_max)
    tally_.reasons.push_back(fate->reason);  // It begins with the line that it was first rejected at.
  if (fate->edited) ++tally_.edited;
  if (fate->redelivered || fate->edited) {
    ++tally_.redelivered;
    if (fate->fate == PostFate::rejected) ++tally_.rejected_before;
    parts_.people.look_for_posts();
    return {};
  }
  switch (fate->fate) {
    case PostFate::opened:
      ++tally_.opened;
      break;
    case PostFate::attached:
      ++tally_.attached;
      break;
    case PostFate::not_wanted:
      ++tally_.not_wanted;
      break;
    case PostFate::rejected:
      ++tally_.rejected;
      break;
  }
  parts_.people.look_for_posts();
  return {};
}

// Takes the next post in, where there is one (`only_due`: and its time has come).
Result<bool> RunLoop::take_post(std::int64_t wait_ms, bool only_due) {
  auto there = parts_.posts.peek(wait_ms);
  if (!there || !*there) return there;
  const Incoming& front = parts_.posts.front();
  if (only_due && front.created_at_ms.value_or(0) > parts_.timing.clock->now_ms()) return false;
  auto received = receive(front);
  if (!received) return received.error();
  parts_.posts.pop();
  return true;
}

Result<void> RunLoop::run_virtual() {
  while (!parts_.stop.raised()) {
    auto progress = parts_.engine.run_until_idle();
    if (!progress) return progress.error();
    const std::int64_t now = parts_.timing.clock->now_ms();
    auto took = take_post(-1, true);
    if (!took) return took.error();
    if (*took) continue;
    auto acted = parts_.people.act(parts_.engine, now);
    if (!acted) return acted.error();
    if (*acted) continue;
    if (!parts_.posts.has_front() && !parts_.posts.at_end()) continue;  // Reading was broken off: a stop, or a signal.

    std::optional<std::int64_t> next = next_at_ms(*progress);
    if (next && *next <= now) return {Code::internal, "the engine is idle and yet has something due; time cannot move on"};
    if (parts_.posts.has_front()) {
      const std::int64_t post_at_ms = *parts_.posts.front().created_at_ms;  // A line without one was taken above.
      next = std::min(next.value_or(post_at_ms), post_at_ms);
    }
    if (!next) break;
    parts_.timing.virtual_clock->advance_to(*next);
  }
  return {};
}

Result<void> RunLoop::run_real() {
  while (!parts_.stop.raised()) {
    auto progress = parts_.engine.poll();
    if (!progress) return progress.error();
    auto took = take_post(0, false);
    if (!took) return took.error();
    auto acted = parts_.people.act(parts_.engine, parts_.timing.clock->now_ms());
    if (!acted) return acted.error();
    if (progress->worked > 0 || *took || *acted) continue;

    const std::optional<std::int64_t> next = next_at_ms(*progress);
    if (!next && parts_.posts.at_end()) break;
    const std::int64_t now = parts_.timing.clock->now_ms();
    [[maybe_unused]] const bool readable =
        parts_.stop.wait(parts_.posts.fd(), next ? std::max<std::int64_t>(0, *next - now) : -1);
  }
  return {};
}

}  // namespace redress::cli
