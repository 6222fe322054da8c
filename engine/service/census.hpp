// What a store holds, counted for /metrics: cases and deadlines, open commitments, replies that wait, tasks, what is late.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "redress/store.hpp"

namespace redress::service {

struct Census {
  std::map<std::string, std::int64_t> cases;  // By state; and "set_aside".
  std::map<std::pair<std::string, std::string>, std::int64_t>
      deadlines;  // (first_reply | resolution, state) of cases not closed.
  std::map<std::pair<std::string, std::string>, std::int64_t>
      commitments;                              // (department, state) of the open ones; "overdue" apart.
  std::map<std::string, std::int64_t> replies;  // By state: those that wait, are blocked or unknown.
  std::map<std::string, std::int64_t> tasks;    // Open, by role.
  std::map<std::string, std::int64_t> blocked;  // Effects by what keeps them from being called.
  std::map<std::string, std::int64_t>
      unknown;                     // Calls whose outcome nobody knows, by verb; those that a person must find out, too.
  std::int64_t effects_due = 0;    // To be called now; at most the page counted.
  std::int64_t oldest_due_ms = 0;  // How late the oldest of them is.
};

[[nodiscard]] Result<Census> take_census(Store& store, std::int64_t now_ms);

// Takes a census at most so often that it costs a twentieth of the time. Who asks while one is being taken gets the one before
// it; the first is waited for. [any thread]
class Censuses {
 public:
  // `tick_ms`: a clock that only rises. None: the machine's.
  explicit Censuses(std::function<std::int64_t()> tick_ms = {});
  [[nodiscard]] Result<Census> latest(Store& store, std::int64_t now_ms);

 private:
  [[nodiscard]] bool is_fresh() const;

  std::function<std::int64_t()> tick_ms_;
  std::mutex mutex_;
  std::condition_variable ended_;
  Census latest_;
  std::int64_t taken_tick_ms_ = 0, cost_ms_ = 0;
  bool taken_ = false;
  bool taking_ = false;  // By one of those that ask, who does not hold the mutex meanwhile.
};

}  // namespace redress::service
