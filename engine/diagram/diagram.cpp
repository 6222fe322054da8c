// The public face: reads the workflow, without proving it.
#include "redress/diagram.hpp"

#include "diagram/sheet.hpp"
#include "workflow/findings.hpp"

namespace redress {

Result<std::string> draw_workflow(std::string_view text, std::span<const std::string> manifests, DiagramFormat format,
                                  std::span<const WorkflowPathStep> path) {
  std::vector<plugin::Manifest> read;
  for (const std::string& manifest : manifests) {
    auto result = plugin::read_manifest_text(manifest);
    if (!result) return result.error();
    read.push_back(std::move(*result));
  }
  const auto checked = workflow::read_workflow(text, "workflow", {.manifests = read, .rules = nullptr, .prove_wording = false});
  if (!checked.workflow) return {Code::invalid, workflow::in_lines(checked.findings)};
  const diagram::Marks marks(path);
  if (format == DiagramFormat::mermaid) return diagram::as_mermaid(*checked.workflow, marks);
  const auto heading = diagram::heading_of(*checked.workflow);
  return diagram::as_svg(diagram::lay_out(*checked.workflow, marks), heading[0] + ", " + heading[1]);
}

}  // namespace redress
