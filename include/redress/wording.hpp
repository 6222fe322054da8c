// What every public text must keep, beside what its workflow says: how channels count, and how the brand speaks.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "redress/api.hpp"
#include "redress/workflow.hpp"

namespace redress {

// Everything that is wrong with a channels file or a brand file (workflows/README.md, "Channels and brand"); empty: it is in
// order. `file` is only for the findings.
[[nodiscard]] REDRESS_API std::vector<WorkflowFinding> check_channels(std::string_view text, std::string_view file);
[[nodiscard]] REDRESS_API std::vector<WorkflowFinding> check_brand(std::string_view text, std::string_view file);

}  // namespace redress
