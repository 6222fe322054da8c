// A Request and its Response, as the routes see them: whole, decoded, bounded. No socket and no HTTP library shows through.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace redress::service {

// Of a hexadecimal digit; -1: it is none.
[[nodiscard]] constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct Request {
  std::string method;                          // "GET"; HEAD is answered as GET without its body.
  std::string path;                            // As sent, without the query: segments are decoded by the router.
  std::map<std::string, std::string> query;    // Decoded; of a name that comes twice, the first.
  std::set<std::string> repeated_query;        // The names that come twice: the router refuses them.
  std::map<std::string, std::string> headers;  // Names in lower case, values as sent.
  std::string body;                            // Raw bytes.

  // Empty where absent. `name` in lower case.
  [[nodiscard]] const std::string& header(const std::string& name) const {
    static const std::string none;
    const auto found = headers.find(name);
    return found == headers.end() ? none : found->second;
  }
};

// A connection that was answered with a stream. Shared by the front, which sends, and by who feeds it. [any thread]
class Stream {
 public:
  virtual ~Stream() = default;
  virtual void send(std::string text) = 0;
  virtual void end() = 0;
  [[nodiscard]] virtual bool ended() const = 0;           // The client went, or end() was called.
  [[nodiscard]] virtual std::size_t pending() const = 0;  // Bytes that the client has not taken yet.
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  bool of_known_asker = false;  // The request's token was good: its bearer's next requests have lines of their own.
  // Where set, the answer is a stream of this content type: called once with the open stream, which must not be waited for
  // here.
  std::function<void(std::shared_ptr<Stream>)> on_stream{};
};

using Handler = std::function<Response(const Request&)>;

}  // namespace redress::service
