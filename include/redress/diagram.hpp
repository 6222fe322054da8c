// Drawing workflows: states with their commitments, replies and deadlines, and where each transition leads.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redress/api.hpp"
#include "redress/result.hpp"
#include "redress/workflow.hpp"

namespace redress {

enum class DiagramFormat {
  svg,      // A standalone picture, for light and dark pages; its texts can be searched and copied.
  mermaid,  // Text for a stateDiagram-v2, which README pages and wikis draw.
};

// `text` is a workflow's JSON, `manifests` are as for check_workflow. `path` is marked, as a finding of check_workflow has it:
// the states where it comes by, and the transitions that it takes. The same for the same input. `invalid`: the workflow cannot
// be read (what is only unproved or disproved can be drawn).
[[nodiscard]] REDRESS_API Result<std::string> draw_workflow(std::string_view text, std::span<const std::string> manifests,
                                                            DiagramFormat format, std::span<const WorkflowPathStep> path = {});

}  // namespace redress
