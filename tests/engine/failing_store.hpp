// A Store whose writes fail after a number of them, as if the process had died or the disk were full; reads go on. Or one write
// is answered as if it had failed, though it landed: a disk whose answer was lost. Or one case's writes are refused.
#pragma once
#include <atomic>

#include "redress/forwarding_store.hpp"

namespace redress::house {

class FailingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  std::atomic<int> commits_left = -1;         // -1: it never fails.
  std::atomic<int> commits_until_doubt = -1;  // Of so many the answers come; that of the next one is lost.

  std::atomic<std::int64_t> refused_case = 0;  // 0: none.

  Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta) override {
    if (units.size() == 1 && units.front().case_id == refused_case && refused_case != 0)
      return std::vector<Result<void>>{Error{Code::refused, "a trigger refuses it"}};
    if (commits_left == 0) return {Code::unavailable, "the disk is full"};
    if (commits_left > 0) --commits_left;
    auto answers = ForwardingStore::commit(units, meta);
    if (commits_until_doubt >= 0 && commits_until_doubt-- == 0) return {Code::unavailable, "the disk's answer was lost"};
    return answers;
  }
};

}  // namespace redress::house
