// The parts of a running service that its own routes show: connections, deliveries, the live feed.
#pragma once
#include <atomic>
#include <map>
#include <mutex>

#include "service/census.hpp"
#include "service/http_front.hpp"
#include "service/live.hpp"
#include "service/outbound.hpp"

namespace redress::service {

struct Parts {
  std::unique_ptr<Front> front;
  std::unique_ptr<Live> live;
  std::unique_ptr<Outbound> outbound;
  Censuses censuses;
  std::atomic<bool> draining = false;

  void count(const std::string& route, int status) {
    const std::lock_guard lock(mutex);
    ++answers[{route, status}];
  }
  [[nodiscard]] std::map<std::pair<std::string, int>, std::int64_t> counted() {
    const std::lock_guard lock(mutex);
    return answers;
  }

 private:
  std::mutex mutex;
  std::map<std::pair<std::string, int>, std::int64_t> answers;  // (operationId, status).
};

}  // namespace redress::service
