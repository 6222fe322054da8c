// Acts from another process, where the server does not answer: what is said of a request that may have been done.
#include <gmock/gmock.h>

#include <thread>

#include "redress/service.hpp"
#include "service/wire.hpp"

namespace redress {
namespace {

// A port that takes one connection, reads a request up to `end`, says `text` and closes.
class Rude {
 public:
  Rude(std::string end, std::string text) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this, end = std::move(end), text = std::move(text)] {
      const int fd = ::accept(listener_, nullptr, nullptr);
      std::string request;
      char buffer[4096];
      while (!request.ends_with(end)) {
        const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
        if (got <= 0) break;
        request.append(buffer, static_cast<std::size_t>(got));
      }
      EXPECT_EQ(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
      ::shutdown(fd, SHUT_WR);
      while (::recv(fd, buffer, sizeof buffer, 0) > 0) {
      }
      ::close(fd);
    });
  }
  Rude(const Rude&) = delete;
  Rude& operator=(const Rude&) = delete;
  ~Rude() {
    thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  int listener_;
  std::string url_;
  std::thread thread_;
};

Error error_of(const std::string& url, const char* method, const char* key) {
  const auto acts = RemoteActs::open(url, "token");
  EXPECT_TRUE(acts);
  const auto sent = (*acts)->send(method, "/v1/tasks/1/done", method == std::string("GET") ? "" : "{}", key);
  EXPECT_FALSE(sent);
  return sent ? Error{} : sent.error();
}

TEST(RemoteActs, SayThatNothingWasSentWhereNobodyListens) {
  for (const char* url : {"http://127.0.0.1:1", "unix:/nowhere/r.sock"}) {
    const Error error = error_of(url, "POST", "k");
    EXPECT_EQ(error.code, Code::unavailable);
    EXPECT_EQ(error.message,
              std::string("could not connect to ") + url + ": nobody listens there, or not for this user; nothing was sent");
  }
}

TEST(RemoteActs, SayWhatToDoWhereTheAnswerWasLost) {
  for (const char* text : {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"}) {
    const Rude with_key("{}", text), without("{}", text), reading("\r\n\r\n", text);
    EXPECT_EQ(error_of(with_key.url(), "POST", "k").message,
              with_key.url() +
                  " closed the connection without an answer: it may have been done; send it again under the same "
                  "--request-id");
    EXPECT_EQ(error_of(without.url(), "POST", "").message,
              without.url() +
                  " closed the connection without an answer: it may have been done; look whether it was before you "
                  "send it again");
    EXPECT_EQ(error_of(reading.url(), "GET", "").message, reading.url() + " closed the connection without an answer");
  }
}

}  // namespace
}  // namespace redress
