// A Rehearsal drives an engine under virtual time for a service: each post moves time to when it was written.
//
// The same order as `redress run --clock virtual`: at one instant effects, then timers, then posts, then the scripted people.
// So the same posts, sent in their order, come to the same end. One caller at a time is let in; the others wait.
#pragma once
#include <mutex>

#include "cli/people_script.hpp"
#include "cli/session.hpp"

namespace redress::cli {

class Rehearsal {
 public:
  // All of them outlive it.
  Rehearsal(Engine& engine, PeopleScript& people, VirtualClock& clock) : engine_(engine), people_(people), clock_(clock) {}

  [[nodiscard]] Result<Fate> receive(const Post& post, const RequestKey& request);
  [[nodiscard]] Result<void> settle();  // Does what is due now, after an act.
  // Does all that is due before `to_ms`; answers the time then, which is that of the last thing done.
  [[nodiscard]] Result<std::int64_t> advance(std::int64_t to_ms);

 private:
  // Goes on until nothing is due before `to_ms`.
  Result<void> run_until(std::int64_t to_ms);

  Engine& engine_;
  PeopleScript& people_;
  VirtualClock& clock_;
  std::mutex mutex_;
};

}  // namespace redress::cli
