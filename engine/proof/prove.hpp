// Proves what has to hold on every path of a workflow: first over all that may be so at once, then, where that is not enough,
// standing by standing, with the shortest path to what is wrong.
#pragma once
#include "workflow/workflow.hpp"

namespace redress::proof {

// Reads the file, and proves it where it has no error. `workflow` is there only where nothing is wrong and nothing unproved.
[[nodiscard]] workflow::Checked check(std::string_view text, std::string_view file, const workflow::Surroundings& surroundings);

}  // namespace redress::proof
