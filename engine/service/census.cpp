// Pages through what is open; closed cases are only counted.
#include "service/census.hpp"

#include <algorithm>
#include <chrono>

#include "redress/limits.hpp"

namespace redress::service {
namespace {

std::int64_t tick_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

constexpr std::int64_t interval_ms_min = 2'000;

void count_record(const CaseRecord& record, Census& out) {
  for (const auto& [id, commitment] : record.commitments) {
    if (!is_open(commitment.state)) continue;
    ++out.commitments[{commitment.department, std::string(to_string(commitment.state))}];
    if (commitment.due == DueState::overdue) ++out.commitments[{commitment.department, "overdue"}];
  }
  for (const auto& [id, reply] : record.replies) {
    using enum ReplyState;
    const bool waits = is_unsettled(reply.state) || reply.state == blocked || reply.state == refused || reply.state == failed;
    if (waits) ++out.replies[std::string(to_string(reply.state))];
  }
  for (const auto& [id, effect] : record.effects) {
    if (!effect.blocked.empty() && effect.next_at_ms > 0) ++out.blocked[effect.blocked];
    if (effect.state == EffectState::unknown) ++out.unknown[effect.verb];
  }
}

Result<void> count_cases(Store& store, Census& out) {
  for (std::int64_t after = 0;;) {
    const auto page = store.cases(after, limits::page_rows_max);
    if (!page) return page.error();
    for (const CaseRow& row : *page) {
      after = row.id;
      ++out.cases[std::string(to_string(row.state))];
      if (row.set_aside != 0) ++out.cases["set_aside"];
      if (row.state == CaseState::closed) continue;
      ++out.deadlines[{"first_reply", std::string(to_string(row.first_reply))}];
      ++out.deadlines[{"resolution", std::string(to_string(row.resolution))}];
      const auto record = store.load_case(row.id);
      if (!record) return record.error();
      count_record(*record, out);
    }
    if (page->size() < limits::page_rows_max) return {};
  }
}

Result<void> count_tasks(Store& store, Census& out) {
  for (std::int64_t after = 0;;) {
    const auto page = store.open_tasks("", after, limits::page_rows_max);
    if (!page) return page.error();
    for (const TaskRow& row : *page) ++out.tasks[row.role];
    if (page->size() < limits::page_rows_max) return {};
    after = page->back().id;
  }
}

}  // namespace

Result<Census> take_census(Store& store, std::int64_t now_ms) {
  Census out;
  if (const auto counted = count_cases(store, out); !counted) return counted.error();
  if (const auto counted = count_tasks(store, out); !counted) return counted.error();
  const auto due = store.due(now_ms, limits::page_rows_max);
  if (!due) return due.error();
  for (const Due& one : *due) {
    if (one.kind != Due::Kind::effect) continue;
    ++out.effects_due;
    out.oldest_due_ms = std::max(out.oldest_due_ms, now_ms - one.at_ms);
  }
  return out;
}

Censuses::Censuses(std::function<std::int64_t()> tick_ms)
    : tick_ms_(tick_ms ? std::move(tick_ms) : std::function<std::int64_t()>(service::tick_ms)) {}

bool Censuses::is_fresh() const { return taken_ && tick_ms_() - taken_tick_ms_ < std::max(interval_ms_min, 20 * cost_ms_); }

Result<Census> Censuses::latest(Store& store, std::int64_t now_ms) {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [&] { return taken_ || !taking_; });
  if (is_fresh() || taking_) return latest_;
  taking_ = true;
  lock.unlock();
  const std::int64_t began = tick_ms_();
  auto census = [&]() -> Result<Census> {
    try {
      return take_census(store, now_ms);
    } catch (const std::exception& thrown) {  // Of an embedder's own store.
      return {Code::internal, std::string("counting threw: ") + thrown.what()};
    }
  }();
  lock.lock();
  taking_ = false;
  ended_.notify_all();  // Who waits for the first takes it, or takes one where this failed.
  if (!census) return census;
  latest_ = *census;
  taken_ = true;
  taken_tick_ms_ = tick_ms_();
  cost_ms_ = taken_tick_ms_ - began;
  return latest_;
}

}  // namespace redress::service
