// Lengths as channels count them.
#include "base/text.hpp"
#include "wording/links.hpp"
#include "wording/profile.hpp"
#include "wording/unicode.hpp"
#include "wording/weights.hpp"

#include <algorithm>

namespace redress::wording {

// twitter-text, configuration v3: what weighs 100 of 200.
bool is_light(char32_t point) {
  return point <= 4351 || (point >= 8192 && point <= 8205) || (point >= 8208 && point <= 8223) ||
         (point >= 8242 && point <= 8247);
}

std::size_t signs_on(Counting counting, std::string_view text) {
  if (counting == Counting::code_points) return base::utf8_length(text);
  if (counting != Counting::x_weighted) return graphemes(text);
  std::size_t weight = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t emoji = emoji_bytes(text.substr(at)); emoji > 0) {
      at += emoji;
      weight += 2;
    } else {
      weight += is_light(next_point(text, at)) ? 1 : 2;
    }
  }
  return weight;
}

std::size_t entity_length(const Profile& profile, std::string_view text, const Entity& entity, bool may_differ) {
  const std::size_t written = signs_on(profile.counting, text.substr(entity.begin, entity.end - entity.begin));
  const std::size_t counted = entity.link ? profile.link_length : entity.kept;
  return may_differ || !entity.certain ? std::max(written, counted) : counted;
}

std::size_t length_on(const Profile& profile, std::string_view written) {
  const std::string normal = profile.counting == Counting::x_weighted ? composed(written) : std::string(written);
  std::string_view text = normal;
  if (!profile.leading_mentions_count) text.remove_prefix(leading_mentions_bytes(text));
  std::size_t length = 0, at = 0;
  for (const Entity& entity : profile.link_length > 0 ? find_entities(profile.counting, text) : std::vector<Entity>()) {
    length += signs_on(profile.counting, text.substr(at, entity.begin - at)) + entity_length(profile, text, entity, false);
    at = entity.end;
  }
  return length + signs_on(profile.counting, text.substr(at));
}

std::size_t links_on(const Profile& profile, std::string_view text) {
  if (profile.link_length == 0) return 0;
  const auto found = find_entities(profile.counting, composed(text));
  return static_cast<std::size_t>(std::ranges::count_if(found, &Entity::link));
}

}  // namespace redress::wording
