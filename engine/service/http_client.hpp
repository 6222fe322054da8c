// One request to another system, bounded in time and size: for webhooks and for the command line's --server.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "redress/result.hpp"

namespace redress::service {

struct Outgoing {
  std::string url{};  // http://host:port/path, https://..., or unix:/path/of.sock with `path`.
  std::string method = "POST";
  std::string path{};  // Appended to the URL's own.
  std::string body{};  // JSON; empty: none.
  std::vector<std::pair<std::string, std::string>> headers{};
};

// Ends a request that is out, from another thread: its socket is shut down, so that whoever waits for it hears at once. Looking
// a name up cannot be ended. Once cancelled, for good.
class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;
  ~Cancellation();

  // Again from time to time until the request has ended: a socket that is about to be connected takes no notice of one. [any
  // thread]
  void cancel();
  [[nodiscard]] bool is_cancelled() const;
  void watch(int socket);  // The one that the request goes by now.

 private:
  mutable std::mutex mutex_;
  int socket_ = -1;  // A duplicate: the number of the other may be somebody else's by then.
  bool cancelled_ = false;
};

struct Incoming {
  int status = 0;
  std::string body;
  std::int64_t retry_after_s = 0;
};

// `unavailable`: no answer (it may have been taken); `invalid`: the URL cannot be used. 5 s to connect, 15 s for the answer.
// `cancellation`: as if there were no answer.
[[nodiscard]] Result<Incoming> send_request(const Outgoing& outgoing, Cancellation* cancellation = nullptr);

}  // namespace redress::service
