// A Store whose writes fail after a number of them, as if the process had died or the disk were full; reads go on.
#pragma once
#include <atomic>

#include "redress/forwarding_store.hpp"

namespace redress::house {

class FailingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  std::atomic<int> commits_left = -1;  // -1: it never fails.

  Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta) override {
    if (commits_left == 0) return {Code::unavailable, "the disk is full"};
    if (commits_left > 0) --commits_left;
    return ForwardingStore::commit(units, meta);
  }
};

}  // namespace redress::house
