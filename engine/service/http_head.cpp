// Line by line through a head: request line, fields, framing.
#include "service/http_head.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace redress::service {
namespace {

constexpr std::string_view line_end = "\r\n";

HeadOutcome refuse(int status, std::string why) { return {.refusal = Refusal{status, std::move(why)}}; }

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != std::string_view::npos;
  });
}

// Visible ASCII, spaces, tabs and obs-text; no other control character (RFC 9110, section 5.5).
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u == '\t' || (u >= 0x20 && u != 0x7f);
  });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::optional<Refusal> read_request_line(std::string_view line, const HeadLimits& limits, Head& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Refusal{400, "the request line is METHOD TARGET VERSION"};
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(head.method)) return Refusal{400, "the method is no token"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return Refusal{505, "the version is HTTP/1.1 or HTTP/1.0"};
  if (head.target.size() > limits.target_bytes_max) return Refusal{414, "the target is too long"};
  const bool plain = std::all_of(head.target.begin(), head.target.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!plain || head.target.front() != '/') return Refusal{400, "the target is a path that begins with /, percent-encoded"};
  head.keep_alive = version == "HTTP/1.1";
  return std::nullopt;
}

std::optional<Refusal> read_field(std::string_view line, Head& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return Refusal{400, "a header line is NAME: VALUE, without a space before the colon or a folded line"};
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!is_field_value(value)) return Refusal{400, "a header's value has a control character"};
  const std::string name = lower(line.substr(0, colon));
  constexpr std::array single{"content-length", "host", "authorization", "transfer-encoding", "idempotency-key"};
  const bool must_be_one = std::find(single.begin(), single.end(), name) != single.end();
  const auto [at, is_new] = head.headers.emplace(name, value);
  if (!is_new && must_be_one) return Refusal{400, "the header " + name + " is there twice"};
  if (!is_new) at->second += ", " + std::string(value);
  return std::nullopt;
}

std::optional<Refusal> read_framing(const HeadLimits& limits, bool is_1_1, Head& head) {
  const auto field = [&](const char* name) {
    const auto found = head.headers.find(name);
    return found == head.headers.end() ? nullptr : &found->second;
  };
  if (is_1_1 && field("host") == nullptr) return Refusal{400, "HTTP/1.1 needs a Host header"};
  if (field("transfer-encoding") != nullptr)
    return Refusal{411, "send the body with a Content-Length; Transfer-Encoding is not taken"};
  if (const std::string* length = field("content-length")) {
    const bool digits = !length->empty() && length->size() <= 18 &&
                        std::all_of(length->begin(), length->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return Refusal{400, "Content-Length is a decimal number"};
    head.body_bytes = std::stoull(*length);
    if (head.body_bytes > limits.body_bytes_max)
      return Refusal{413, "a body has at most " + std::to_string(limits.body_bytes_max) + " bytes"};
  }
  if (const std::string* encoding = field("content-encoding"); encoding != nullptr && lower(*encoding) != "identity")
    return Refusal{415, "send the body without a Content-Encoding"};
  if (const std::string* connection = field("connection")) {
    const std::string wish = lower(*connection);
    if (wish.find("close") != std::string::npos) head.keep_alive = false;
    if (!is_1_1 && wish.find("keep-alive") != std::string::npos) head.keep_alive = true;
  }
  if (const std::string* expect = field("expect")) {
    if (lower(*expect) != "100-continue") return Refusal{417, "the only expectation is 100-continue"};
    head.expects_continue = true;
  }
  return std::nullopt;
}

}  // namespace

HeadOutcome read_head(std::string_view bytes, const HeadLimits& limits) {
  const std::size_t end = bytes.substr(0, limits.head_bytes_max).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() >= limits.head_bytes_max)
      return refuse(431, "a head has at most " + std::to_string(limits.head_bytes_max) + " bytes");
    // A line that ends without a carriage return, or a control character, will not get better.
    const std::size_t bare = bytes.find('\n');
    if (bare != std::string_view::npos && (bare == 0 || bytes[bare - 1] != '\r')) return refuse(400, "lines end in CR LF");
    return {};
  }
  std::string_view rest = bytes.substr(0, end + line_end.size());
  HeadOutcome out;
  out.bytes = end + 2 * line_end.size();
  Head head;
  bool first = true;
  for (std::size_t lines = 0; !rest.empty(); ++lines) {
    if (lines > limits.head_lines_max)
      return refuse(431, "a head has at most " + std::to_string(limits.head_lines_max) + " lines");
    const std::size_t stop = rest.find(line_end);
    const std::string_view line = rest.substr(0, stop);
    rest.remove_prefix(stop + line_end.size());
    if (line.find('\n') != std::string_view::npos || line.find('\r') != std::string_view::npos)
      return refuse(400, "lines end in CR LF");
    const auto wrong = first ? read_request_line(line, limits, head) : read_field(line, head);
    if (wrong) return refuse(wrong->status, wrong->why);
    first = false;
  }
  const bool is_1_1 = bytes.substr(0, bytes.find(line_end)).ends_with("1.1");
  if (const auto wrong = read_framing(limits, is_1_1, head)) return refuse(wrong->status, wrong->why);
  out.head = std::move(head);
  return out;
}

}  // namespace redress::service
