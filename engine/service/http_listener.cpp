// Listening sockets: loopback addresses, any others that somebody asks for by name, and Unix sockets.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "service/http_front.hpp"

namespace redress::service {
namespace {

constexpr int listen_queue = 512;  // Connections that the kernel holds for us.

Error failed(const std::string& address, const std::string& what) {
  const Code code = errno == EADDRINUSE || errno == EADDRNOTAVAIL ? Code::unavailable : Code::invalid;
  return {code, address + ": " + what + ": " + std::strerror(errno) +
                    (errno == EADDRINUSE ? "; another program listens there: stop it, or listen elsewhere" : "")};
}

Error failed_to_listen(int fd, const std::string& name) {
  const Error error = failed(name, "cannot listen");
  ::close(fd);
  return error;
}

// A socket's file that refuses is one that a killed process left; one that fails in any other way is somebody's. What is no
// socket nobody listens at, and is no server's to remove.
Result<void> remove_dead_socket(const sockaddr_un& address, const std::string& name) {
  struct stat found {};
  if (::stat(address.sun_path, &found) != 0 && ::lstat(address.sun_path, &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode))
    return {Code::unavailable, name + ": " +
                                   (S_ISDIR(found.st_mode)   ? "a folder"
                                    : S_ISLNK(found.st_mode) ? "a link"
                                                             : "a file") +
                                   " is there, and no socket: remove it, or listen elsewhere"};
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return failed(name, "no socket");
  const int error = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
  ::close(probe);
  if (error == 0 || error == EAGAIN || error == ENOENT) return {};  // Listened at, with a full queue too: bind() says so.
  if (error != ECONNREFUSED)
    return {Code::unavailable, name + ": a socket is there, and whether somebody listens at it cannot be told: " +
                                   std::strerror(error) + "; remove it if nobody does"};
  if (::unlink(address.sun_path) != 0 && errno != ENOENT)
    return {Code::unavailable, name + ": a socket that nobody listens at cannot be removed: " + std::strerror(errno)};
  return {};
}

Result<int> listen_on_unix(const std::string& path, const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return {Code::invalid, name + ": a Unix socket's path has 1 to " + std::to_string(sizeof address.sun_path - 1) + " bytes"};
  std::memcpy(address.sun_path, path.data(), path.size());
  if (const auto removed = remove_dead_socket(address, name); !removed) return removed.error();
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return failed(name, "no socket");
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return failed_to_listen(fd, name);
  // For the owner and the group. Before listen() everybody is refused, whatever the mode was made; umask() would be the whole
  // process's, whose other threads make files meanwhile.
  if (::chmod(path.c_str(), 0660) != 0 || ::listen(fd, listen_queue) != 0) {
    const Error error = failed_to_listen(fd, name);
    ::unlink(path.c_str());
    return error;
  }
  return fd;
}

}  // namespace

Result<int> open_listener(const std::string& address) {
  if (address.starts_with("unix:")) return listen_on_unix(address.substr(5), address);
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  const std::string port_text = colon == std::string::npos ? "" : address.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, wrong] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (wrong != std::errc{} || end != port_text.data() + port_text.size() || host.empty())
    return {Code::invalid, address + " is no address to listen at: write 127.0.0.1:8080, [::1]:8080 or unix:/run/redress.sock"};
  const bool six = host.front() == '[' && host.back() == ']';
  if (six) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (auto* in6 = reinterpret_cast<sockaddr_in6*>(&storage); six && ::inet_pton(AF_INET6, host.c_str(), &in6->sin6_addr) == 1) {
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(port);
    size = sizeof *in6;
  } else if (auto* in4 = reinterpret_cast<sockaddr_in*>(&storage);
             !six && ::inet_pton(AF_INET, host.c_str(), &in4->sin_addr) == 1) {
    in4->sin_family = AF_INET;
    in4->sin_port = htons(port);
    size = sizeof *in4;
  } else {
    return {Code::invalid, address + ": " + host + " is no IP address; names are not looked up for listening"};
  }
  const int fd = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return failed(address, "no socket");
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (six) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&storage), size) != 0 || ::listen(fd, listen_queue) != 0)
    return failed_to_listen(fd, address);
  return fd;
}

SocketFile::SocketFile(std::string path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)) {}

SocketFile::SocketFile(SocketFile&& other) noexcept : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

SocketFile::~SocketFile() {
  if (file_ < 0) return;
  struct stat ours {};
  struct stat there {};
  const bool is_ours = ::fstat(file_, &ours) == 0 && ::lstat(path_.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
                       ours.st_ino == there.st_ino;
  if (is_ours) ::unlink(path_.c_str());
  ::close(file_);
}

}  // namespace redress::service
