// The right to write a store: an exclusive lock on PATH.lock, which holds the writer's pid. It goes with the process.
#pragma once
#include <string>

#include "redress/result.hpp"

namespace redress::store {

class StoreLock {
 public:
  // `unavailable`, naming the holder's pid, where another store has it; `not_found` where the folder is not there.
  [[nodiscard]] static Result<StoreLock> take(const std::string& store_path);

  // Of an open lock file that is only looked at: closed with it.
  [[nodiscard]] static StoreLock adopt(int file) { return StoreLock(file); }

  StoreLock(StoreLock&& other) noexcept;
  StoreLock& operator=(StoreLock&&) = delete;
  ~StoreLock();

 private:
  explicit StoreLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace redress::store
