// A Profile is how a channel counts a text, and how much it takes. Plain data, from workflows/channels.json.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace redress::wording {

enum class Counting {
  code_points,
  graphemes,   // What readers take for one sign, as Bluesky.
  mastodon,    // Graphemes, every link alike, of @name@server the name alone: Mastodon's StatusLengthValidator.
  x_weighted,  // twitter-text, configuration v3: composed, wide signs and emoji 2, every link alike, also without https://.
};

struct Profile {
  std::string name;
  std::vector<std::string> other_names;  // Posts may call the channel so, too.
  Counting counting = Counting::code_points;
  std::size_t length_max = 0;              // As it counts.
  std::size_t bytes_max = 0;               // Besides; 0: it does not matter.
  std::size_t link_length = 0;             // Of every link; 0: links count as any other text.
  bool leading_mentions_count = true;      // False: the mentions that a reply begins with are left out.
  std::size_t handle_length_max = 0;       // Its authors' names, of letters, digits and _ alone where links or mentions matter; 0: unknown.
  bool expected = false;                   // Every workflow that names no channels of its own must fit it.
};

[[nodiscard]] std::size_t length_on(const Profile& profile, std::string_view text);
[[nodiscard]] std::size_t links_on(const Profile& profile, std::string_view text);  // That count alike; 0 where none does.

}  // namespace redress::wording
