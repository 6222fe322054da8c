// The name that somebody most likely meant.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redress::expression {

// The candidate at most two edits away (one for words under four letters; a swap of neighbours is one), the first where several
// are; nothing where none is near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean 'account'?", or a list of what there is: "; it has: account, priority".
[[nodiscard]] std::string advice(std::string_view word, const std::vector<std::string>& candidates, std::string_view lead);

}  // namespace redress::expression
