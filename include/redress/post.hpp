// A Post is what a customer wrote in public (or, `is_private`, by direct message): what cases begin with.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "redress/api.hpp"
#include "redress/lifecycle.hpp"
#include "redress/result.hpp"

namespace redress {

struct Author {
  std::string handle{};  // Required; 1..limits::name_bytes_max bytes.
  std::string display_name{};
  bool verified = false;
  std::int64_t followers = 0;
};

struct Post {
  std::string id{};           // The channel's own; required. (channel, id) is one post for ever.
  std::string channel{};      // "x", "mastodon", "mail"; required.
  std::string thread{};       // Empty: the post's own id.
  std::string in_reply_to{};  // Empty: none.
  Author author;
  std::int64_t created_at_ms = 0;  // On the channel, not when it came here. Unix ms, UTC.
  std::string text{};              // Required.
  std::string language{};          // BCP 47; empty: detected.
  std::string url{};
  bool is_private = false;
};

// One JSON object as docs/formats.md's post. `invalid` names the field and the rule.
[[nodiscard]] REDRESS_API Result<Post> parse_post(std::string_view json);

// What became of a post. Each (channel, id) has one fate.
struct Fate {
  PostFate fate = PostFate::not_wanted;
  std::string case_reference{};  // opened, attached.
  std::string reason{};          // not_wanted, rejected; else which workflow, or how it was attached.
  bool redelivered = false;      // It was here before: nothing was stored.
  bool edited = false;           // It was here before with another text.
};

}  // namespace redress
