// The kernel's own reader (inet_pton) judges addresses: no second grammar of them.
#include "cli/addresses.hpp"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace redress::cli {
namespace {

constexpr std::size_t url_bytes_max = 2048;

// All of the text, as a number of [0, 65535].
std::optional<int> port_of(std::string_view text) {
  int port = -1;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc() || end != text.data() + text.size() || text.empty() || text[0] == '-') return std::nullopt;
  return port <= 65535 ? std::optional(port) : std::nullopt;
}

bool is_address(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(family, host.c_str(), bytes.data()) == 1;
}

// "host:port" or "[host]:port"; without the port where `port_text` stays empty.
void split(std::string_view text, std::string& host, std::string_view& port_text, bool& bracketed) {
  bracketed = text.starts_with('[');
  const std::size_t close = bracketed ? text.find(']') : std::string_view::npos;
  const std::size_t colon = text.find(':', close == std::string_view::npos ? 0 : close);
  host = text.substr(0, colon);
  if (bracketed && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  port_text = colon == std::string_view::npos ? "" : text.substr(colon + 1);
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                  c == '_';
         });
}

Error no_url(std::string_view text, const std::string& why) {
  return {Code::invalid, '"' + std::string(text) + "\" is no address to post to: " + why};
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view text) {
  const auto refuse = [&](const std::string& why) -> Error {
    return {Code::invalid, '"' + std::string(text) + "\" is no address to listen on: " + why +
                               "; write 127.0.0.1:8080, [::1]:8080 or unix:FILE"};
  };
  ListenAddress address;
  if (text.starts_with("unix:")) {
    address.kind = ListenAddress::Kind::unix_socket;
    address.path = text.substr(5);
    constexpr std::size_t path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;
    if (address.path.empty()) return refuse("it names no file");
    if (address.path.size() > path_bytes_max)
      return refuse("the kernel takes socket files of at most " + std::to_string(path_bytes_max) + " bytes");
    if (address.path.find('\0') != std::string::npos) return refuse("the file's name has a zero byte");
    return address;
  }
  std::string_view port_text;
  bool bracketed = false;
  split(text, address.host, port_text, bracketed);
  address.kind = bracketed ? ListenAddress::Kind::ipv6 : ListenAddress::Kind::ipv4;
  if (address.host == "localhost" || address.host == "*")
    return refuse("names are not looked up, and every address is 0.0.0.0");
  if (!is_address(bracketed ? AF_INET6 : AF_INET, address.host))
    return refuse(bracketed ? "no IPv6 address stands between the brackets" : "it does not begin with an IPv4 address");
  const std::optional<int> port = port_of(port_text);
  if (!port) return refuse("its port is not a number from 0 to 65535");
  address.port = *port;
  return address;
}

std::string to_text(const ListenAddress& address) {
  if (address.kind == ListenAddress::Kind::unix_socket) return "unix:" + address.path;
  const bool six = address.kind == ListenAddress::Kind::ipv6;
  return (six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Result<Url> parse_url(std::string_view text) {
  Url url;
  url.tls = text.starts_with("https://");
  if (!url.tls && !text.starts_with("http://")) return no_url(text, "it begins with http:// or https://");
  if (text.size() > url_bytes_max) return no_url(text.substr(0, 40), "it is longer than 2048 bytes");
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!plain) return no_url(text, "spaces, control characters and non-ASCII are written as %20 and the like");
  if (text.find('#') != std::string_view::npos) return no_url(text, "a part behind # is never sent; leave it out");
  const std::string_view rest = text.substr(url.tls ? 8 : 7);
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos)
    return no_url(text.substr(0, url.tls ? 8 : 7), "names and passwords do not stand in it; the secret is the file's");
  std::string_view port_text;
  bool bracketed = false;
  split(authority, url.host, port_text, bracketed);
  if (bracketed ? !is_address(AF_INET6, url.host) : !is_host_name(url.host)) return no_url(text, "its host is none");
  const bool has_port = authority.size() > url.host.size() + (bracketed ? 2 : 0);
  const std::optional<int> port = has_port ? port_of(port_text) : std::optional(url.tls ? 443 : 80);
  if (!port || *port == 0) return no_url(text, "its port is not a number from 1 to 65535");
  url.port = *port;
  url.path = slash == rest.size() ? "/" : (rest[slash] == '?' ? "/" : "") + std::string(rest.substr(slash));
  return url;
}

}  // namespace redress::cli
