// Proves what has to hold on every path of a workflow: standing by standing, with the shortest path to what is wrong; then,
// where those are too many, over all at once that are so in one configuration.
#pragma once
#include "workflow/workflow.hpp"

namespace redress::proof {

// How many standings are followed.
struct Bounds {
  std::size_t each = 3'000;     // One by one; 0: none.
  std::size_t joined = 10'000;  // Where those of one configuration are taken together.
};

// Reads the file, and proves it where it has no error. `workflow` is there only where nothing is wrong and nothing unproved.
[[nodiscard]] workflow::Checked check(std::string_view text, std::string_view file, const workflow::Surroundings& surroundings,
                                      const Bounds& bounds = {});

}  // namespace redress::proof
