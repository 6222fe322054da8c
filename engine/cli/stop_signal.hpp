// A StopSignal turns SIGINT and SIGTERM into a clean stop: a flag to ask, and a descriptor to wait on. A second signal kills.
//
// Lives while a run does; at most one in the process, since signal handlers belong to the process.
#pragma once
#include <csignal>
#include <cstdint>

namespace redress::cli {

class StopSignal {
 public:
  StopSignal();
  ~StopSignal();  // Puts the earlier handlers back.
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] bool raised() const { return number() != 0; }
  [[nodiscard]] int number() const;  // Of the signal that came; 0: none did.
  // Waits until `fd` (-1: none) can be read, a signal comes, or `wait_ms` has passed (-1: for ever). True: `fd` can be read.
  [[nodiscard]] bool wait(int fd, std::int64_t wait_ms) const;

 private:
  int read_end_ = -1;
  struct sigaction old_int_ = {};
  struct sigaction old_term_ = {};
};

}  // namespace redress::cli
