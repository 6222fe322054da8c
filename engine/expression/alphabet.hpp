// The Alphabet of a string: which signs its schema leaves, as far as that bounds its length on a channel. Private to this room.
#pragma once
#include <optional>
#include <string_view>

#include "base/json.hpp"

namespace redress::expression {

struct Alphabet {
  bool light = true;      // All below U+0300.
  bool has_dots = false;
};

[[nodiscard]] Alphabet alphabet_of(std::string_view text);
// Of a pattern (RE2) that is a row of signs and classes from ^ to $, as "^[A-Z0-9-]+$"; nothing where it is any other.
[[nodiscard]] std::optional<Alphabet> alphabet_of_pattern(std::string_view pattern);
// By pattern, enum or const; nothing where the schema leaves every sign.
[[nodiscard]] std::optional<Alphabet> alphabet_of_schema(const Json& schema);
[[nodiscard]] Alphabet both(const Alphabet& a, const Alphabet& b);

}  // namespace redress::expression
