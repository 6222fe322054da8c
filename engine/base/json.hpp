// The seam to nlohmann/json: key order kept, depth and size bounded, errors as Result.
#pragma once
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "redress/result.hpp"

namespace redress {
using Json = nlohmann::ordered_json;
}

namespace redress::base {

// Refuses with `invalid`: more than `bytes_max` bytes, nesting over limits::json_depth_max, a duplicate key, bytes that
// are not UTF-8, anything after the value. The message says line and column, counted from 1.
[[nodiscard]] Result<Json> parse_json(std::string_view text, std::size_t bytes_max);

// One line, no insignificant white space, key order kept, UTF-8 as it is.
[[nodiscard]] std::string dump_json(const Json& json);
// The same with keys sorted by bytes at every level: equal values give equal bytes. What is hashed.
[[nodiscard]] std::string canonical_json(const Json& json);

}  // namespace redress::base
