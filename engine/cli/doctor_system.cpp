// The doctor's checks of the machine: versions, clock, limits, and whether the address is free.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "cli/doctor.hpp"
#include "cli/instants.hpp"
#include "cli/open_files.hpp"
#include "cli/verbs.hpp"
#include "redress/clock.hpp"
#include "redress/inspection.hpp"

namespace redress::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t year_2024_ms = 1'704'067'200'000;
constexpr std::int64_t year_2100_ms = 4'102'444'800'000;
constexpr int processes_max = 100'000;
constexpr int files_of_process_max = 100'000;

// A socket, closed at the end.
class Socket {
 public:
  explicit Socket(int family) : file_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] int file() const { return file_; }

 private:
  int file_;
};

// The inode of the socket that listens on this port, by the kernel's table; 0: none.
unsigned long listening_inode(const char* table, int port) {
  std::ifstream sockets(table);
  std::string line;
  std::array<char, 8> wanted{};
  std::snprintf(wanted.data(), wanted.size(), ":%04X", static_cast<unsigned>(port));
  for (std::getline(sockets, line); std::getline(sockets, line);) {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
    std::istringstream words(line);
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout;
    unsigned long inode = 0;
    words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    if (local.ends_with(wanted.data()) && state == "0A") return inode;
  }
  return 0;
}

// The process that has the socket open, of those that we may look at; 0: none.
long holder_of_socket(unsigned long inode) {
  const std::string wanted = "socket:[" + std::to_string(inode) + "]";
  std::error_code failed;
  int processes = 0;
  for (fs::directory_iterator process("/proc", failed), end; !failed && process != end; process.increment(failed)) {
    const std::string name = process->path().filename().string();
    long pid = 0;
    std::from_chars(name.data(), name.data() + name.size(), pid);
    if (pid == 0 || ++processes > processes_max) continue;
    std::error_code hidden;
    int files = 0;
    for (fs::directory_iterator file(process->path() / "fd", hidden); !hidden && file != end && ++files < files_of_process_max;
         file.increment(hidden)) {
      std::error_code gone;
      if (fs::read_symlink(file->path(), gone).string() == wanted) return pid;
    }
  }
  return 0;
}

std::string holder_of_port(int port, long& pid) {
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const unsigned long inode = listening_inode(table, port);
    if (inode == 0) continue;
    pid = holder_of_socket(inode);
    if (pid != 0) return name_of_process(pid);
  }
  return "a process that is not shown to this user";
}

// 0, or why it cannot be bound.
int bind_error(const ListenAddress& address) {
  sockaddr_in four{};
  sockaddr_in6 six{};
  const bool is_six = address.kind == ListenAddress::Kind::ipv6;
  four.sin_family = AF_INET;
  six.sin6_family = AF_INET6;
  four.sin_port = six.sin6_port = htons(static_cast<std::uint16_t>(address.port));
  ::inet_pton(is_six ? AF_INET6 : AF_INET, address.host.c_str(),
              is_six ? static_cast<void*>(&six.sin6_addr) : static_cast<void*>(&four.sin_addr));
  const Socket socket(is_six ? AF_INET6 : AF_INET);
  if (socket.file() < 0) return errno;
  const int yes = 1;
  ::setsockopt(socket.file(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);  // As a server does: a port just left is free.
  const auto* bound = is_six ? reinterpret_cast<const sockaddr*>(&six) : reinterpret_cast<const sockaddr*>(&four);
  return ::bind(socket.file(), bound, is_six ? sizeof six : sizeof four) == 0 ? 0 : errno;
}

// Whether somebody answers at the socket file.
bool is_answered(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const Socket socket(AF_UNIX);
  return socket.file() >= 0 && ::connect(socket.file(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool is_of_this_machine_alone(const ListenAddress& address) {
  return address.host.starts_with("127.") || address.host == "::1";
}

}  // namespace

void Checkup::check_versions() { ok("versions", std::string(version_text()) + ", SQLite " + sqlite_version()); }

void Checkup::check_clock() {
  const std::int64_t now_ms = make_system_clock()->now_ms();
  const std::string now = format_instant(now_ms);
  if (now_ms < year_2024_ms || now_ms >= year_2100_ms)
    fail("clock", "the system's clock says " + now, "Set it; deadlines and signatures go by it");
  else
    ok("clock", "the system's clock says " + now);
  if (const auto zones = check_time_zones(); !zones) fail("clock", zones.error().message, "");
}

void Checkup::check_listen() {
  const ListenAddress& address = config_.service.listen;
  if (address.kind == ListenAddress::Kind::unix_socket) return check_socket(address);
  check_port(address);
  if (!is_of_this_machine_alone(address))
    warn("listen", to_text(address) + " is reached from other machines, without TLS",
         "Listen on 127.0.0.1 and let a proxy with TLS stand before it");
}

void Checkup::check_port(const ListenAddress& address) {
  const std::string name = to_text(address);
  const int error = bind_error(address);
  if (error == 0) return ok("listen", name + (address.port == 0 ? ": the system picks a free port" : " is free"));
  if (error == EADDRINUSE) {
    long pid = 0;
    const std::string holder = holder_of_port(address.port, pid);
    if (pid != 0 && pid == writer_) return ok("listen", name + " is served by " + holder + ", which writes the database");
    return fail("listen", name + " is taken by " + holder, "Stop it, or give service.listen another port");
  }
  if (error == EACCES)
    return fail("listen", name + " is not for this user: ports below 1024 need a right",
                "Take a port from 1024 on, or socket activation");
  fail("listen", name + " cannot be listened on: " + std::strerror(error),
       error == EADDRNOTAVAIL ? "Take an address of this machine" : "");
}

void Checkup::check_socket(const ListenAddress& address) {
  const std::string name = to_text(address);
  struct stat found {};
  if (::stat(address.path.c_str(), &found) != 0) {
    if (check_folder_of("listen", address.path)) ok("listen", name + " is free");
  } else if (!S_ISSOCK(found.st_mode)) {
    fail("listen", address.path + " is a file, and no socket", "Give service.listen another name");
  } else if (!is_answered(address.path)) {
    warn("listen", address.path + " is there, and nobody answers: a server left it behind", "Remove it if the server does not");
  } else if (writer_ != 0) {
    ok("listen", name + " is answered, and the database is being written: the service runs");
  } else {
    fail("listen", name + " is taken: somebody answers there", "Stop it, or give service.listen another name");
  }
}

// The service raises the soft limit by itself, as far as the hard one lets.
void Checkup::check_limits() {
  const std::size_t files = open_files().hard;
  const std::size_t needed = static_cast<std::size_t>(config_.service.connections_max) + files_beside_connections;
  const std::string found = "open files: up to " + (files == SIZE_MAX ? "any number" : std::to_string(files));
  const std::string wanted = std::to_string(config_.service.connections_max) + " connections need " + std::to_string(needed);
  if (files >= needed) return ok("limits", found + "; " + wanted);
  warn("limits", found + "; " + wanted,
       "ulimit -Hn " + std::to_string(needed) + " (systemd: LimitNOFILE), or a smaller service.connections_max");
}

}  // namespace redress::cli
