// What one sign or one link adds to a length. Private to this room.
#pragma once
#include <cstddef>
#include <string_view>

#include "wording/links.hpp"

namespace redress::wording {

[[nodiscard]] bool is_light(char32_t point);                                          // Weighs 1 on X; else 2.
[[nodiscard]] std::size_t signs_on(Counting counting, std::string_view text);  // As if nothing in it were a link.
// `may_differ`: what stands around it is not known, so that it counts as the longer of a link and a text.
[[nodiscard]] std::size_t entity_length(const Profile& profile, std::string_view text, const Entity& entity, bool may_differ);

}  // namespace redress::wording
