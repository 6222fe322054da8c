// A Wire is one TCP connection to a served port, driven byte by byte: what well-behaved HTTP clients never send.
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace redress::wire {

class Wire {
 public:
  explicit Wire(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  Wire(Wire&& other) noexcept : fd_(other.fd_), in_(std::move(other.in_)) { other.fd_ = -1; }
  ~Wire() {
    if (fd_ >= 0) ::close(fd_);
  }

  // False: the other side takes nothing any more.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // More of what comes; false: the other side closed, or nothing came within ten seconds.
  bool receive() {
    pollfd watched{fd_, POLLIN, 0};
    if (::poll(&watched, 1, 10'000) <= 0) return false;
    char buffer[65536];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    in_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }
  // Reads on until the other side closes; false: it did not within ten seconds of silence.
  bool closes() {
    for (;;) {
      pollfd watched{fd_, POLLIN, 0};
      if (::poll(&watched, 1, 10'000) <= 0) return false;
      char buffer[65536];
      if (::recv(fd_, buffer, sizeof buffer, 0) <= 0) return true;
    }
  }
  bool receive_until(std::string_view text) {
    while (in_.find(text) == std::string::npos)
      if (!receive()) return false;
    return true;
  }
  std::string receive_all() {
    while (receive()) {
    }
    return std::move(in_);
  }
  [[nodiscard]] const std::string& so_far() const { return in_; }

  struct Answer {
    int status = 0;
    std::string head, body;
    [[nodiscard]] std::string header(const std::string& name) const {
      const std::size_t at = head.find("\r\n" + name + ": ");
      if (at == std::string::npos) return "";
      const std::size_t begin = at + name.size() + 4;
      return head.substr(begin, head.find("\r\n", begin) - begin);
    }
  };
  // The next whole answer of a Content-Length. Status 0: none came.
  Answer answer() {
    if (!receive_until("\r\n\r\n")) return {};
    Answer out;
    const std::size_t end = in_.find("\r\n\r\n") + 4;
    out.head = in_.substr(0, end);
    out.status = std::atoi(out.head.substr(9, 3).c_str());
    const auto length = static_cast<std::size_t>(std::atoll(out.header("Content-Length").c_str()));
    while (in_.size() < end + length)
      if (!receive()) return {};
    out.body = in_.substr(end, length);
    in_.erase(0, end + length);
    return out;
  }

 private:
  int fd_;
  std::string in_;
};

inline std::string get(const std::string& path, const std::string& headers = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n";
}
inline std::string post(const std::string& path, const std::string& body, const std::string& headers = "") {
  return "POST " + path +
         " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + headers + "\r\n" + body;
}

}  // namespace redress::wire
