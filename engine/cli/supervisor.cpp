// Socket activation and notification, as systemd documents them.
#include "cli/supervisor.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace redress::cli {
namespace {

constexpr int first_handed_fd = 3;  // SD_LISTEN_FDS_START.
constexpr int handed_fds_max = 16;

std::int64_t number_in(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? 0 : std::atoll(value);
}

bool is_for_this_process(const char* name) {
  const std::int64_t pid = number_in(name);
  return pid == 0 || pid == ::getpid();
}

}  // namespace

std::vector<int> listening_sockets() {
  std::vector<int> fds;
  const std::int64_t count = number_in("LISTEN_FDS");
  if (count > 0 && count <= handed_fds_max && number_in("LISTEN_PID") == ::getpid()) {
    for (int fd = first_handed_fd; fd < first_handed_fd + count; ++fd) {
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
      ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
      fds.push_back(fd);
    }
  }
  for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}) ::unsetenv(name);
  return fds;
}

void notify(const std::string& state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // An abstract socket.
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  [[maybe_unused]] const auto sent =
      ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
               static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  ::close(fd);
}

std::int64_t watchdog_interval_ms() {
  if (!is_for_this_process("WATCHDOG_PID")) return 0;
  return number_in("WATCHDOG_USEC") / 1000 / 2;  // Half of what it waits for, as sd_watchdog_enabled(3) advises.
}

}  // namespace redress::cli
