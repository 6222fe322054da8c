// Clock and RandomSource are the engine's only sources of time and chance; the embedder may hand in its own.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "redress/api.hpp"

namespace redress {

// Tells the present time. [any thread]
class REDRESS_API Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t now_ms() const = 0;  // Unix milliseconds, UTC.
};

// A clock that moves only when told to: for simulation, tests and replays. [any thread]
class REDRESS_API VirtualClock : public Clock {
 public:
  // Moves to `at_ms`; an earlier instant is ignored, since this clock never goes back.
  virtual void advance_to(std::int64_t at_ms) = 0;
};

// Gives unpredictable bytes: salts and the store's id. Called by the writer only, never by two threads at once.
class REDRESS_API RandomSource {
 public:
  virtual ~RandomSource() = default;
  // `counter` is the store's own count of draws so far: a seeded source answers the same for the same counter, so that a
  // run that is started again draws what it would have drawn.
  virtual void fill(std::uint64_t counter, std::span<std::byte> bytes) = 0;
};

[[nodiscard]] REDRESS_API std::shared_ptr<Clock> make_system_clock();
[[nodiscard]] REDRESS_API std::shared_ptr<VirtualClock> make_virtual_clock(std::int64_t start_ms);
[[nodiscard]] REDRESS_API std::shared_ptr<RandomSource> make_system_random();  // The operating system's.
[[nodiscard]] REDRESS_API std::shared_ptr<RandomSource> make_seeded_random(
    std::uint64_t seed);  // For simulation and tests only.

}  // namespace redress
