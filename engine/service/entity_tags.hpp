// The entity tags that If-Match and If-None-Match name (RFC 9110, 8.8.3 and 13.1).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "redress/result.hpp"

namespace redress::service {

struct EntityTag {
  bool weak = false;
  std::string opaque;  // What stands between the quotes.
};

struct EntityTags {
  bool any = false;               // "*": whatever is there.
  std::vector<EntityTag> tags{};  // Not empty, unless `any`.

  // If-Match: two tags are one if both are strong.
  [[nodiscard]] bool match_strongly(std::string_view opaque) const;
  // If-None-Match: whether either is weak does not matter.
  [[nodiscard]] bool match_weakly(std::string_view opaque) const;
};

// `*`, or a list such as `"12", W/"13"`. `invalid`: it is neither; the text names `header` and the form.
[[nodiscard]] Result<EntityTags> parse_entity_tags(std::string_view header, std::string_view value);

// A case's tag: its seq.
[[nodiscard]] inline std::string opaque_of(std::int64_t seq) { return std::to_string(seq); }
[[nodiscard]] inline std::string etag_of(std::int64_t seq) { return "\"" + opaque_of(seq) + "\""; }

}  // namespace redress::service
