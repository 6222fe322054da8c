// The self-pipe: a handler may only write a byte, and poll(2) sees it without a race between asking and waiting.
#include "cli/stop_signal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

namespace redress::cli {
namespace {

volatile std::sig_atomic_t asked_by = 0;  // The signal's number.
volatile std::sig_atomic_t write_end = -1;

void note_signal(int number) {
  const int saved = errno;
  asked_by = number;
  const char byte = 1;
  if (write_end >= 0) [[maybe_unused]]
    const auto written = ::write(static_cast<int>(write_end), &byte, 1);
  errno = saved;
}

}  // namespace

StopSignal::StopSignal() {
  asked_by = 0;
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
    read_end_ = ends[0];
    write_end = ends[1];
  }
  struct sigaction action = {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, &old_int_);
  ::sigaction(SIGTERM, &action, &old_term_);
}

StopSignal::~StopSignal() {
  ::sigaction(SIGINT, &old_int_, nullptr);
  ::sigaction(SIGTERM, &old_term_, nullptr);
  const int end = static_cast<int>(write_end);
  write_end = -1;
  if (end >= 0) ::close(end);
  if (read_end_ >= 0) ::close(read_end_);
}

int StopSignal::number() const { return static_cast<int>(asked_by); }

bool StopSignal::wait(int fd, std::int64_t wait_ms) const {
  if (raised()) return false;
  std::array<pollfd, 2> watched{{{read_end_, POLLIN, 0}, {fd, POLLIN, 0}}};
  const auto bounded = static_cast<int>(std::clamp<std::int64_t>(wait_ms, -1, std::numeric_limits<int>::max()));
  const int ready = ::poll(watched.data(), watched.size(), bounded);
  return ready > 0 && (watched[1].revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

}  // namespace redress::cli
