// A Bound is how long a text can get before its values are known: what the checker compares with a channel's limit.
//
// It counts by the very functions that count the finished text (counting.cpp). It holds where each value keeps its type,
// has one link at most (links_on), and no sign that grows in normal form (find_flaw): at run time what has is kept back.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wording/profile.hpp"

namespace redress::wording {

// What is known of a value before it is there.
struct Span {
  std::size_t signs_max = 0;  // Code points.
  bool light = false;         // No sign weighs more than a Latin letter, however wide the channel counts others.
  bool has_dots = true;       // So that it may bring a link, or make one with what stands beside it.
  bool handle = false;        // An author's name: the channel may say how long it gets.
};

// A part of a text: written, or a value.
struct Piece {
  std::string written;
  std::optional<Span> value;
};

struct Bound {
  std::size_t length_max = 0;
  std::size_t bytes_max = 0;
  std::vector<std::size_t> by_piece;  // What each adds to length_max.
};

[[nodiscard]] Bound bound_of(const Profile& profile, std::span<const Piece> pieces);

}  // namespace redress::wording
