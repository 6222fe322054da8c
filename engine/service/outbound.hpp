// Tells other systems what came true: one thread for each receiver, which reads the journal from its mark in the store.
//
// In order, and at least once: the mark moves after the receiver's 2xx, so that a crash tells the last fact again, under the
// same webhook-id. A receiver that fails is tried again, ever more seldom, and what comes after waits behind it.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "service/context.hpp"

namespace redress::service {

struct DeliveryCounts {
  std::string name;
  std::int64_t delivered = 0;  // Since the start.
  std::int64_t failures = 0;   // Tries that got no 2xx.
  bool gone = false;           // It answered 410: nothing more is sent until the next start.
};

class Outbound {
 public:
  Outbound(Context& context, std::vector<OutboundHook> hooks);
  ~Outbound();  // As end(now).

  void wake();  // [any thread]
  // Begins nothing more. What is out has until then for its answer; afterwards it is ended, and told again by the next start.
  void end(std::chrono::steady_clock::time_point until);
  [[nodiscard]] std::vector<DeliveryCounts> counts() const;

 private:
  class Receiver;
  std::vector<std::unique_ptr<Receiver>> receivers_;
};

// What a subscription names: "reply.published", "reply.*" or "*".
[[nodiscard]] bool is_wanted(const std::vector<std::string>& events, std::string_view type);

}  // namespace redress::service
