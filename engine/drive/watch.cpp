// A thread for each call: tens of microseconds, beside the hundreds that a sync takes.
#include "drive/watch.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace redress::drive {

struct Watch::Counts {
  std::atomic<int> hanging = 0, written_off = 0;
};

std::shared_ptr<Watch::Counts> Watch::make_counts() { return std::make_shared<Counts>(); }

namespace {

// Shared by the caller and the call's thread: whoever comes second sees what the first one did.
struct Errand {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Outcome> outcome;
  bool abandoned = false;
};

Outcome outcome_of(const std::function<Outcome()>& work) {
  try {
    return work();
  } catch (const std::exception& thrown) {
    return {.kind = OutcomeKind::unknown, .reason = std::string("the call threw: ") + thrown.what()};
  } catch (...) {
    return {.kind = OutcomeKind::unknown, .reason = "the call threw something that is no std::exception"};
  }
}

}  // namespace

std::optional<Outcome> Watch::run(std::function<Outcome()> work, std::int64_t ms_max) {
  const auto errand = std::make_shared<Errand>();
  std::thread thread([errand, counts = counts_, work = std::move(work)] {
    Outcome outcome = outcome_of(work);
    const std::lock_guard lock(errand->mutex);
    errand->outcome = std::move(outcome);
    if (errand->abandoned) --counts->hanging;
    errand->changed.notify_all();
  });
  std::unique_lock lock(errand->mutex);
  errand->changed.wait_for(lock, std::chrono::milliseconds(ms_max), [&] { return errand->outcome.has_value(); });
  if (!errand->outcome) {
    errand->abandoned = true;
    ++counts_->hanging;
    ++counts_->written_off;
    thread.detach();
    return std::nullopt;
  }
  std::optional<Outcome> outcome = std::move(errand->outcome);
  lock.unlock();
  thread.join();
  return outcome;
}

int Watch::hanging() const { return counts_->hanging; }
int Watch::written_off() const { return counts_->written_off; }

}  // namespace redress::drive
