// The public face of the checker: manifests as JSON text in, findings as plain strings out.
#include "redress/workflow.hpp"

#include "workflow/workflow.hpp"

namespace redress {
namespace {

WorkflowFinding published(workflow::Finding&& found) {
  return {std::move(found.file),
          found.line,
          found.column,
          std::move(found.pointer),
          std::move(found.rule),
          found.severity == workflow::Severity::error ? "error" : "warning",
          std::move(found.message),
          std::move(found.mend)};
}

}  // namespace

std::vector<WorkflowFinding> check_workflow(std::string_view text, std::string_view file,
                                            std::span<const std::string> manifests) {
  std::vector<WorkflowFinding> findings;
  std::vector<plugin::Manifest> read;
  for (const std::string& manifest : manifests) {
    auto result = plugin::read_manifest_text(manifest);
    if (result) {
      read.push_back(std::move(*result));
    } else {
      findings.push_back(
          {std::string(file), 1, 1, "", "manifest", "error", result.error().message, "Mend the department's manifest."});
    }
  }
  for (workflow::Finding& found : workflow::read_workflow(text, file, read).findings)
    findings.push_back(published(std::move(found)));
  return findings;
}

}  // namespace redress
