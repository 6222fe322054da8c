// A Watch lets a call to a department take only so long: past that the caller goes on, and the call's thread is written off.
//
// A hung call cannot be stopped inside a process; it can only be left alone. It keeps what it needs alive until it ends.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "redress/department.hpp"

namespace redress::drive {

// Of one department. [any thread]
class Watch {
 public:
  // Runs `work`, a call under this idempotency key, on a thread of its own. Nothing: it was written off after `ms_max` and runs
  // on. Its answer then goes to `late`, on that thread; until `late` returns, the key hangs. What it answers is called after
  // that.
  [[nodiscard]] std::optional<Outcome> run(const std::string& key, std::function<Outcome()> work, std::int64_t ms_max,
                                           std::function<std::function<void()>(Outcome)> late);
  [[nodiscard]] bool hangs() const;  // A call was written off and has not ended yet.
  [[nodiscard]] bool hangs_on(const std::string& key) const;
  [[nodiscard]] int written_off() const;  // In all.

 private:
  struct Hanging;
  std::shared_ptr<Hanging> hanging_ = make_hanging();
  static std::shared_ptr<Hanging> make_hanging();
};

}  // namespace redress::drive
