// Addresses that people write: where a service listens, and where it posts to. Read, never looked up.
#pragma once
#include <string>
#include <string_view>

#include "redress/result.hpp"

namespace redress::cli {

// Where a service listens: "127.0.0.1:8080", "[::1]:8080", "unix:run/redress.sock".
struct ListenAddress {
  enum class Kind { ipv4, ipv6, unix_socket } kind = Kind::ipv4;
  std::string host;  // Without brackets; unix_socket: empty.
  int port = 0;      // 0..65535; 0: the system picks a free one. unix_socket: 0.
  std::string path;  // unix_socket: 1..107 bytes, as the kernel takes it. Else empty.
};
// `invalid` names the rule; names of hosts are not looked up, so "localhost" is refused.
[[nodiscard]] Result<ListenAddress> parse_listen(std::string_view text);
[[nodiscard]] std::string to_text(const ListenAddress& address);  // As it is written in the file.

// An http or https address, in parts.
struct Url {
  bool tls = false;  // https.
  std::string host;  // A name or an address; IPv6 without brackets.
  int port = 0;      // As written, or 80 and 443.
  std::string path;  // From "/" on, with its query.
};
[[nodiscard]] Result<Url> parse_url(std::string_view text);

}  // namespace redress::cli
