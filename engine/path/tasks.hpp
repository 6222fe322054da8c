// Tasks that no other act settles: somebody looked at what happened, and says so.
#pragma once
#include <string_view>

#include "path/draft.hpp"

namespace redress::path {

// Done, with what was found. `conflict` where it is done already, or where another act settles it.
[[nodiscard]] Result<void> finish_task(Draft& draft, std::int64_t task_id, std::string_view note);

}  // namespace redress::path
