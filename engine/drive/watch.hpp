// A Watch lets a call to a department take only so long: past that the caller goes on, and the call's thread is written off.
//
// A hung call cannot be stopped inside a process; it can only be left alone. It keeps what it needs alive until it ends.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "redress/department.hpp"

namespace redress::drive {

// Of one department. [any thread]
class Watch {
 public:
  // Runs `work` on a thread of its own. Nothing: it was written off after `ms_max` and runs on.
  [[nodiscard]] std::optional<Outcome> run(std::function<Outcome()> work, std::int64_t ms_max);
  [[nodiscard]] int hanging() const;      // Written off, and not ended yet.
  [[nodiscard]] int written_off() const;  // In all.

 private:
  struct Counts;
  std::shared_ptr<Counts> counts_ = make_counts();
  static std::shared_ptr<Counts> make_counts();
};

}  // namespace redress::drive
