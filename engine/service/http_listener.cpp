// Listening sockets: loopback addresses, any others that somebody asks for by name, and Unix sockets.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "service/http_front.hpp"

namespace redress::service {
namespace {

Error failed(const std::string& address, const std::string& what) {
  const Code code = errno == EADDRINUSE || errno == EADDRNOTAVAIL ? Code::unavailable : Code::invalid;
  return {code, address + ": " + what + ": " + std::strerror(errno) +
                    (errno == EADDRINUSE ? "; another program listens there: stop it, or listen elsewhere" : "")};
}

Result<int> listen_on(int fd, const sockaddr* address, socklen_t size, const std::string& name) {
  if (::bind(fd, address, size) != 0 || ::listen(fd, 512) != 0) {
    const Error error = failed(name, "cannot listen");
    ::close(fd);
    return error;
  }
  return fd;
}

Result<int> listen_on_unix(const std::string& path, const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return {Code::invalid, name + ": a Unix socket's path has 1 to " + std::to_string(sizeof address.sun_path - 1) + " bytes"};
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return failed(name, "no socket");
  // A socket file that nobody answers at is one that a killed process left.
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode)) {
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool answered = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(probe);
    if (!answered) ::unlink(path.c_str());
  }
  const mode_t before = ::umask(0117);  // The owner and the group.
  auto listening = listen_on(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address, name);
  ::umask(before);
  return listening;
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
  return listen_on(fd, reinterpret_cast<const sockaddr*>(&storage), size, address);
}

}  // namespace redress::service
