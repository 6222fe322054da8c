// A thread for each call: tens of microseconds, beside the hundreds that a sync takes.
#include "drive/watch.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace redress::drive {

struct Watch::Hanging {
  std::mutex mutex;
  std::multiset<std::string> keys;
  int written_off = 0;
};

std::shared_ptr<Watch::Hanging> Watch::make_hanging() { return std::make_shared<Hanging>(); }

namespace {

// Shared by the caller and the call's thread: whoever comes second sees what the first one did.
struct Errand {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Outcome> outcome;
  bool abandoned = false;

  // False: nobody waits for it any more, and it is left with the call's thread.
  bool take(Outcome& answer) {
    const std::lock_guard lock(mutex);
    if (abandoned) return false;
    outcome = std::move(answer);
    changed.notify_all();
    return true;
  }
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

std::optional<Outcome> Watch::run(const std::string& key, std::function<Outcome()> work, std::int64_t ms_max,
                                  std::function<std::function<void()>(Outcome)> late) {
  const auto errand = std::make_shared<Errand>();
  std::thread thread([errand, hanging = hanging_, key, work = std::move(work), late = std::move(late)] {
    Outcome outcome = outcome_of(work);
    if (errand->take(outcome)) return;
    const std::function<void()> afterwards = late(std::move(outcome));
    {
      const std::lock_guard hanging_lock(hanging->mutex);
      hanging->keys.erase(hanging->keys.find(key));
    }
    afterwards();
  });
  std::unique_lock lock(errand->mutex);
  errand->changed.wait_for(lock, std::chrono::milliseconds(ms_max), [&] { return errand->outcome.has_value(); });
  if (!errand->outcome) {
    errand->abandoned = true;
    const std::lock_guard hanging_lock(hanging_->mutex);
    hanging_->keys.insert(key);
    ++hanging_->written_off;
    thread.detach();
    return std::nullopt;
  }
  std::optional<Outcome> outcome = std::move(errand->outcome);
  lock.unlock();
  thread.join();
  return outcome;
}

bool Watch::hangs() const {
  const std::lock_guard lock(hanging_->mutex);
  return !hanging_->keys.empty();
}

bool Watch::hangs_on(const std::string& key) const {
  const std::lock_guard lock(hanging_->mutex);
  return hanging_->keys.contains(key);
}

int Watch::written_off() const {
  const std::lock_guard lock(hanging_->mutex);
  return hanging_->written_off;
}

}  // namespace redress::drive
