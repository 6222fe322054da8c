// A Channel publishes replies where the customer wrote: a file, a network, a mailbox.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "redress/api.hpp"
#include "redress/department.hpp"
#include "redress/result.hpp"

namespace redress {

// One reply to publish, with its final bytes. Borrowed: valid until the call returns.
struct Publication {
  std::string_view key;    // Idempotency key: store/case/reply/ordinal. Never the attempt.
  std::string_view reply;  // The reply's id, as text.
  std::string_view case_reference;
  std::string_view channel;      // The channel's name in the post: "x".
  std::string_view in_reply_to;  // The id of the post that it answers.
  std::string_view text;         // UTF-8.
  bool is_private = false;       // It answers a private post: for its author alone, never for the public.
  std::int64_t now_ms = 0;
};

class REDRESS_API Channel {
 public:
  virtual ~Channel() = default;
  // done: it is public (a private one: with its addressee). retry: the channel certainly has nothing. declined: it never will
  // take this. unknown: it may have. Where dedupes() holds, the same key twice publishes once.
  [[nodiscard]] virtual Outcome publish(const Publication& publication) = 0;
  // Is it there? Read-only. done, retry (it is certainly not there and cannot appear any more) or unknown.
  [[nodiscard]] virtual Outcome lookup(const Publication& publication) = 0;
  [[nodiscard]] virtual bool dedupes() const = 0;
};

// Appends one JSON line for each reply to `path`, synced before it answers done; the same key twice is one line; a torn last
// line is mended when it is opened. One process at a time may have it open (a lock; `unavailable` names the file).
[[nodiscard]] REDRESS_API Result<std::shared_ptr<Channel>> make_file_channel(const std::string& path);

}  // namespace redress
