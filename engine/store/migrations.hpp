// The schema's history: migration n takes a database from user_version n to n + 1.
#pragma once
#include <string_view>
#include <vector>

namespace redress::store {

[[nodiscard]] const std::vector<std::string_view>& migrations();

}  // namespace redress::store
