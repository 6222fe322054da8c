// A Rehearsal plays a workflow on the production engine, without the checker: every sequence of outcomes, acts, posts and
// timers up to a depth, and says which promise is broken first.
#pragma once
#include <string>

namespace redress::proof {

// Empty: none. Places where the case stands in the same way are gone on from once.
[[nodiscard]] std::string broken_promise(const std::string& workflow, int depth);

}  // namespace redress::proof
