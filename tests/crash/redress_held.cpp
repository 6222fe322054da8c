// The redress program as a test watches it: a letter goes down a pipe for each durable step and each call, and one may be held.
//
// REDRESS_WATCH_FD  the pipe's number. Letters: T a step is durable; a small letter as a call begins, its capital when it ended
//                   and its answer is not yet durable: p perform, r reconcile, u undo, x cancel, o record, b publish, l lookup.
// REDRESS_HOLD      which letter's moment is held open: its place in the pipe, from 0, or "rl": the first that is among these.
// REDRESS_HOLD_MS   for how long.
#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <string>

#include "cli/cli.hpp"

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class Watch {
 public:
  Watch() : fd_(std::atoi(variable("REDRESS_WATCH_FD").c_str())), hold_(variable("REDRESS_HOLD")) {
    hold_ms_ = std::atol(variable("REDRESS_HOLD_MS").c_str());
    if (!hold_.empty() && hold_.find_first_not_of("0123456789") == std::string::npos) place_ = std::atol(hold_.c_str());
  }
  void tell(char letter) {
    if (fd_ <= 2) return;
    const long place = told_++;
    const bool of_place = place == place_;
    const bool of_letter = place_ < 0 && hold_.find(letter) != std::string::npos;
    if (::write(fd_, &letter, 1) == 1 && (of_place || (of_letter && !held_.exchange(true)))) hold();
  }

 private:
  // The one place where sleeping is the purpose: the moment stays open until the kill comes, however slow the machine is.
  void hold() const {
    timespec left{.tv_sec = hold_ms_ / 1000, .tv_nsec = hold_ms_ % 1000 * 1'000'000};
    while (::nanosleep(&left, &left) != 0 && errno == EINTR) continue;
  }

  int fd_;
  std::string hold_;
  long place_ = -1;
  long hold_ms_ = 0;
  std::atomic<long> told_ = 0;
  std::atomic<bool> held_ = false;
};

char letter_of(const redress::CallEvent& call) {
  const bool begins = call.phase == redress::CallEvent::Phase::begins;
  if (call.verb == "perform") return begins ? 'p' : 'P';
  if (call.verb == "reconcile") return begins ? 'r' : 'R';
  if (call.verb == "undo") return begins ? 'u' : 'U';
  if (call.verb == "cancel") return begins ? 'x' : 'X';
  if (call.verb == "record") return begins ? 'o' : 'O';
  if (call.verb == "publish") return begins ? 'b' : 'B';
  return begins ? 'l' : 'L';
}

}  // namespace

int main(int argc, char** argv) {
  // glibc gives memory back and asks for it again at each transaction; a hundred runs in a row wait for that most of the time.
  ::mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
  ::mallopt(M_TOP_PAD, 16 * 1024 * 1024);
  Watch watch;
  redress::cli::Hooks hooks;
  hooks.listeners.on_event = [&watch](const redress::CaseEvent&) { watch.tell('T'); };
  hooks.listeners.on_call = [&watch](const redress::CallEvent& call) { watch.tell(letter_of(call)); };
  return redress::cli::main(argc, argv, hooks);
}
