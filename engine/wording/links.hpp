// Links and mentions in a text, as channels find them. Private to this room.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "wording/profile.hpp"

namespace redress::wording {

// A part [begin, end) of a text that a channel does not count sign by sign.
struct Entity {
  std::size_t begin = 0, end = 0;
  bool link = true;      // Else a mention.
  bool certain = true;   // False: the channel may take it for a link, and may not.
  std::size_t kept = 0;  // Of a mention: the bytes at its front that count.
};

// In text order, without overlap. Of x_weighted: links with and without a scheme, after twitter-text. Of mastodon: links with a
// scheme, and mentions of other servers.
[[nodiscard]] std::vector<Entity> find_entities(Counting counting, std::string_view text);

// The mentions that the text begins with, at most 50, and the blanks behind each; 0: it begins with none.
[[nodiscard]] std::size_t leading_mentions_bytes(std::string_view text);

// The shortest text that is a link there: "a.co", "http://a.co".
[[nodiscard]] std::size_t shortest_link(Counting counting);

}  // namespace redress::wording
