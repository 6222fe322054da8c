// flock, since it belongs to the open file: two stores of one process exclude each other too; none outlives a crash.
#include "store/store_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "redress/inspection.hpp"

namespace redress::store {
namespace {

// The pid that the latest holder wrote; 0: none.
std::int64_t written_pid(int file) {
  std::array<char, 32> text{};
  const ssize_t read = ::pread(file, text.data(), text.size() - 1, 0);
  std::int64_t pid = 0;
  std::from_chars(text.data(), text.data() + std::max<ssize_t>(read, 0), pid);
  return pid;
}

std::string holder_of(int file) {
  const std::int64_t pid = written_pid(file);
  return pid <= 0 ? "another process" : "the process with pid " + std::to_string(pid);
}

// The holder by the system's list of locks: "1: FLOCK  ADVISORY  WRITE 4711 fe:00:10952869 0 EOF". Some file systems list
// another device than stat tells; there the inode and the pid in the file must agree. A pid of 0 lives in another container.
std::optional<std::int64_t> listed_holder(std::istream& locks, const struct stat& file, std::int64_t written) {
  std::string number, kind, mode, access, place, line;
  std::int64_t pid = 0;
  for (; std::getline(locks, line);) {
    std::istringstream words(line);
    if (!(words >> number >> kind >> mode >> access >> pid >> place) || kind != "FLOCK") continue;
    std::array<char, 32> device{};
    std::snprintf(device.data(), device.size(), "%02x:%02x:", major(file.st_dev), minor(file.st_dev));
    const std::string inode = ":" + std::to_string(file.st_ino);
    if (place.ends_with(inode) && (place.starts_with(device.data()) || (pid == written && pid > 0)))
      return pid > 0 ? pid : written;
  }
  return std::nullopt;
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

namespace redress {

Result<std::optional<std::int64_t>> find_writer(const std::string& database) {
  const std::string path = database + ".lock";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::int64_t>();
  if (file < 0) return {Code::unavailable, path + " cannot be opened: " + std::strerror(errno)};
  const store::StoreLock closed_at_the_end = store::StoreLock::adopt(file);
  struct stat found {};
  std::ifstream locks("/proc/locks");
  if (locks && ::fstat(file, &found) == 0) return store::listed_holder(locks, found, store::written_pid(file));
  if (::flock(file, LOCK_SH | LOCK_NB) == 0) return std::optional<std::int64_t>();
  if (errno != EWOULDBLOCK) return {Code::unavailable, path + " cannot be asked who holds it: " + std::strerror(errno)};
  return std::optional(store::written_pid(file));
}

}  // namespace redress
