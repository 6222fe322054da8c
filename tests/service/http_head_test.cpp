// The strict reading of heads: what is good, what needs more bytes, what is refused with which status.
#include <gtest/gtest.h>

#include "service/http_head.hpp"

namespace redress::service {
namespace {

HeadOutcome read(const std::string& bytes) { return read_head(bytes, HeadLimits{}); }
int refusal_of(const std::string& bytes) {
  const HeadOutcome outcome = read(bytes);
  return outcome.refusal ? outcome.refusal->status : outcome.head ? 0 : -1;
}
std::string with(const std::string& line) { return "POST /v1/posts HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n"; }

TEST(HttpHead, NeedsMoreBytesUntilItsEmptyLine) {
  const std::string whole = "GET /v1/cases?after=3 HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n";
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(refusal_of(whole.substr(0, i)), -1) << i;
  const HeadOutcome outcome = read(whole + "rest");
  ASSERT_TRUE(outcome.head);
  EXPECT_EQ(outcome.bytes, whole.size());
  EXPECT_EQ(outcome.head->method, "GET");
  EXPECT_EQ(outcome.head->target, "/v1/cases?after=3");
  EXPECT_EQ(outcome.head->headers.at("x-y"), "z");
  EXPECT_TRUE(outcome.head->keep_alive);
}

TEST(HttpHead, KeepsPercentSignsInValuesAsTheyCame) {
  EXPECT_EQ(read(with("Idempotency-Key: a%0d%0ab")).head->headers.at("idempotency-key"), "a%0d%0ab");
}

struct Refused {
  const char* what;
  std::string bytes;
  int status;
};

TEST(HttpHead, RefusesWhatIsAmbiguousOrTooLarge) {
  const Refused table[] = {
      {"Content-Length beside Transfer-Encoding", with("Content-Length: 5\r\nTransfer-Encoding: chunked"), 411},
      {"Transfer-Encoding", with("Transfer-Encoding: chunked"), 411},
      {"two lengths", with("Content-Length: 5\r\nContent-Length: 6"), 400},
      {"two equal lengths", with("Content-Length: 5\r\nContent-Length: 5"), 400},
      {"a list of lengths", with("Content-Length: 5, 5"), 400},
      {"a signed length", with("Content-Length: +5"), 400},
      {"a negative length", with("Content-Length: -5"), 400},
      {"a hexadecimal length", with("Content-Length: 0x5"), 400},
      {"an empty length", with("Content-Length:"), 400},
      {"a length that overflows", with("Content-Length: 99999999999999999999"), 400},
      {"too long a body", with("Content-Length: 1048577"), 413},
      {"a space before the colon", with("Content-Length : 5"), 400},
      {"a folded line", with("X: a\r\n b"), 400},
      {"a header without a name", with(": a"), 400},
      {"a header without a colon", with("nonsense"), 400},
      {"a NUL in a value", with(std::string("X: a\0b", 6)), 400},
      {"a bare CR in a value", with("X: a\rb"), 400},
      {"a bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"two hosts", with("Host: b"), 400},
      {"no host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 400},
      {"two Authorization headers", with("Authorization: Bearer a\r\nAuthorization: Bearer b"), 400},
      {"a coded body", with("Content-Encoding: gzip"), 415},
      {"another expectation", with("Expect: the-inquisition"), 417},
      {"no version", "GET /\r\n\r\n", 400},
      {"HTTP/2 in clear", "PRI * HTTP/2.0\r\n\r\n", 505},
      {"HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", 505},
      {"an absolute target", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a target with a space", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a target that is too long", "GET /" + std::string(2048, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"a method that is no token", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12), 400},
  };
  for (const Refused& each : table) EXPECT_EQ(refusal_of(each.bytes), each.status) << each.what;
}

TEST(HttpHead, IsBoundedInBytesAndLines) {
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(16 * 1024, 'a')), 431);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 101; ++i) many += "X" + std::to_string(i) + ": a\r\n";
  EXPECT_EQ(refusal_of(many + "\r\n"), 431);
}

TEST(HttpHead, ClosesAsTheVersionAndTheConnectionHeaderSay) {
  EXPECT_FALSE(read("GET / HTTP/1.0\r\n\r\n").head->keep_alive);
  EXPECT_TRUE(read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").head->keep_alive);
  EXPECT_FALSE(read(with("Connection: close")).head->keep_alive);
}

}  // namespace
}  // namespace redress::service
