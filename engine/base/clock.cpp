// The clocks: the system's, and one that moves only when told to.
#include "redress/clock.hpp"

#include <atomic>
#include <chrono>

namespace redress {
namespace {

class SystemClock final : public Clock {
 public:
  std::int64_t now_ms() const override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::floor<std::chrono::milliseconds>(since_epoch).count();
  }
};

class SteppedClock final : public VirtualClock {
 public:
  explicit SteppedClock(std::int64_t start_ms) : now_ms_(start_ms) {}

  std::int64_t now_ms() const override { return now_ms_.load(); }

  void advance_to(std::int64_t at_ms) override {
    std::int64_t seen = now_ms_.load();
    while (seen < at_ms && !now_ms_.compare_exchange_weak(seen, at_ms)) {
    }
  }

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace

std::shared_ptr<Clock> make_system_clock() { return std::make_shared<SystemClock>(); }

std::shared_ptr<VirtualClock> make_virtual_clock(std::int64_t start_ms) { return std::make_shared<SteppedClock>(start_ms); }

}  // namespace redress
