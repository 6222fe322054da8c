// What a store holds, counted for /metrics: cases and deadlines, open commitments, replies that wait, tasks, what is late.
#pragma once
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
  std::int64_t effects_due = 0;                 // To be called now; at most the page counted.
  std::int64_t oldest_due_ms = 0;               // How late the oldest of them is.
};

[[nodiscard]] Result<Census> take_census(Store& store, std::int64_t now_ms);

// Takes a census at most so often that it costs a twentieth of the time.
class Censuses {
 public:
  [[nodiscard]] Result<Census> latest(Store& store, std::int64_t now_ms);

 private:
  std::mutex mutex_;
  Census latest_;
  std::int64_t taken_tick_ms_ = 0, cost_ms_ = 0;
  bool taken_ = false;
};

}  // namespace redress::service
