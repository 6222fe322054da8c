// The strict reading of a request's head, before any library sees it: what is ambiguous is refused, not guessed.
//
// RFC 9112 leaves a server room; this one takes the narrow reading of each rule that request smuggling lives on.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace redress::service {

struct HeadLimits {
  std::size_t head_bytes_max = 16 * 1024;
  std::size_t head_lines_max = 100;
  std::size_t target_bytes_max = 2048;
  std::size_t body_bytes_max = 1024 * 1024;
};

struct Head {
  std::string method;
  std::string target;  // Origin form: "/v1/cases?after=3".
  bool keep_alive = true;
  bool expects_continue = false;
  std::size_t body_bytes = 0;
  std::map<std::string, std::string> headers;  // Names in lower case.
};

// Why a request is refused before any route sees it.
struct Refusal {
  int status = 400;
  std::string why;
};

struct HeadOutcome {
  std::optional<Head> head{};        // The head is whole and good.
  std::optional<Refusal> refusal{};  // It never will be.
  std::size_t bytes = 0;             // Of the head, its empty line included.
};                                   // Neither: more bytes are needed.

// `bytes`: all that came so far.
[[nodiscard]] HeadOutcome read_head(std::string_view bytes, const HeadLimits& limits);

}  // namespace redress::service
