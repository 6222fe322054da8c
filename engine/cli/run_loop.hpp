// A RunLoop feeds an engine from a file of posts and a script of people until nothing is left to do.
//
// Under virtual time it owns the clock's hands: time jumps to the earliest of next post, next due effect or timer and next
// scripted act, and never moves while a call is in flight. At one instant: effects, then timers, then posts, then people. Under
// real time it sleeps until then.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "cli/lines.hpp"
#include "cli/people_script.hpp"
#include "cli/session.hpp"

namespace redress::cli {

struct Incoming {
  Line line;
  std::optional<std::int64_t> created_at_ms;  // Nothing: it cannot be a post; it is handled at the present time.
};

// The posts still to come, read ahead no further than needed.
class PostQueue {
 public:
  explicit PostQueue(std::optional<LineReader> reader) : reader_(std::move(reader)) {}

  // Waits at most `wait_ms` (-1: for ever). True: front() is there.
  [[nodiscard]] Result<bool> peek(std::int64_t wait_ms);
  [[nodiscard]] bool has_front() const { return !ahead_.empty(); }
  [[nodiscard]] const Incoming& front() const { return ahead_.front(); }
  void pop() { ahead_.pop_front(); }
  [[nodiscard]] bool at_end() const { return ahead_.empty() && (ended_ || !reader_); }
  [[nodiscard]] int fd() const { return at_end() ? -1 : reader_->fd(); }
  // created_at of the first line that is a post; lines before it are kept. Nothing: there is none within 8 MiB.
  [[nodiscard]] Result<std::optional<std::int64_t>> first_created_at_ms();

 private:
  Result<LineReader::Got> read_one(std::int64_t wait_ms);

  std::optional<LineReader> reader_;
  std::deque<Incoming> ahead_;
  bool ended_ = false;
};

// What became of the lines: each has one fate, so read = opened + attached + not_wanted + rejected + redelivered.
struct Tally {
  std::int64_t read = 0, opened = 0, attached = 0, not_wanted = 0, rejected = 0, redelivered = 0;
  std::int64_t edited = 0;  // Of the redelivered, as the next.
  std::int64_t rejected_before = 0;
  bool any_rejected = false;         // Now, or when it was here before.
  std::vector<std::string> reasons;  // Of rejected lines, "line 7: ..."; the first 20.
};

class RunLoop {
 public:
  // All of them outlive the loop.
  struct Parts {
    Engine& engine;
    PostQueue& posts;
    PeopleScript& people;
    const StopSignal& stop;
    const Timing& timing;
    std::optional<std::int64_t> until_ms;
  };
  explicit RunLoop(const Parts& parts) : parts_(parts) {}

  [[nodiscard]] Result<void> run();
  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  Result<void> run_virtual();
  Result<void> run_real();
  Result<bool> take_post(std::int64_t wait_ms, bool only_due);
  Result<void> receive(const Incoming& incoming);
  [[nodiscard]] std::int64_t until_ms() const;
  [[nodiscard]] std::optional<std::int64_t> next_at_ms(const Progress& progress) const;

  Parts parts_;
  Tally tally_;
  std::optional<std::int64_t> last_post_at_ms_;
};

}  // namespace redress::cli
