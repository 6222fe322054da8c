// Findings as SARIF 2.1.0 (OASIS, 2020), which editors and code review services show beside the lines that they are about.
#pragma once
#include <vector>

#include "cli/json_text.hpp"
#include "redress/workflow.hpp"

namespace redress::cli {

// One run of one tool. A path that breaks a rule is a code flow. Columns are counted in code points: the files are read again.
[[nodiscard]] Json sarif(const std::vector<WorkflowFinding>& findings);

}  // namespace redress::cli
