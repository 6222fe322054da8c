// Marks of tú and of usted in Spanish. Private to this room.
#pragma once
#include <string_view>

#include "wording/brand.hpp"

namespace redress::wording {

// Whether the word (lowered) stands for this address and for nothing else: "su" may be hers, and "le" his, so neither does.
[[nodiscard]] bool marks(Address address, std::string_view word);

}  // namespace redress::wording
