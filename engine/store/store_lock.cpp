// flock, since it belongs to the open file: two stores of one process exclude each other too; none outlives a crash.
#include "store/store_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace redress::store {
namespace {

std::string holder_of(int file) {
  std::array<char, 32> text{};
  const ssize_t read = ::pread(file, text.data(), text.size() - 1, 0);
  std::string pid(text.data(), read > 0 ? static_cast<std::size_t>(read) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "another process" : "the process with pid " + pid;
}

}  // namespace

Result<StoreLock> StoreLock::take(const std::string& store_path) {
  const std::string path = store_path + ".lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) {
    const int why = errno;
    if (why == ENOENT || why == ENOTDIR) {
      return {Code::not_found, store_path + ": there is no such folder to keep the store in; make it first"};
    }
    return {Code::unavailable, path + " cannot be opened: " + std::strerror(why) + "; the lock lies beside the store"};
  }
  StoreLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return {Code::unavailable, store_path + " is being written by " + holder_of(file) +
                                   "; a store has one writer: stop it, or hand the act to it"};
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return {Code::unavailable, path + " cannot be written: " + std::strerror(errno)};
  }
  return lock;
}

StoreLock::StoreLock(StoreLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

// The file stays: to remove it would let two writers hold the locks of two files of one name.
StoreLock::~StoreLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace redress::store
