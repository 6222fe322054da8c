// One request to another system, bounded in time and size: for webhooks and for the command line's --server.
#pragma once
#include <cstdint>
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

struct Incoming {
  int status = 0;
  std::string body;
  std::int64_t retry_after_s = 0;
};

// `unavailable`: no answer (it may have been taken); `invalid`: the URL cannot be used. 5 s to connect, 15 s for the answer.
[[nodiscard]] Result<Incoming> send_request(const Outgoing& outgoing);

}  // namespace redress::service
