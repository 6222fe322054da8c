// The public face of the checker: manifests as JSON text in, findings as plain strings out.
#include "proof/prove.hpp"
#include "redress/wording.hpp"
#include "workflow/wording_files.hpp"

namespace redress {
namespace {

std::string_view word_for(workflow::Severity severity) {
  switch (severity) {
    case workflow::Severity::warning:
      return "warning";
    case workflow::Severity::unproved:
      return "unproved";
    case workflow::Severity::error:
      break;
  }
  return "error";
}

std::vector<WorkflowPathStep> published(std::vector<workflow::PathStep>&& path) {
  std::vector<WorkflowPathStep> steps;
  for (workflow::PathStep& step : path)
    steps.push_back({std::move(step.event), std::move(step.configuration), std::move(step.rules), step.line, step.column});
  return steps;
}

WorkflowFinding published(workflow::Finding&& found) {
  return {std::move(found.file),
          found.line,
          found.column,
          std::move(found.pointer),
          std::move(found.rule),
          std::string(word_for(found.severity)),
          std::move(found.message),
          std::move(found.mend),
          published(std::move(found.path))};
}

std::vector<WorkflowFinding> published(std::vector<workflow::Finding>&& found) {
  std::vector<WorkflowFinding> all;
  for (workflow::Finding& finding : found) all.push_back(published(std::move(finding)));
  return all;
}

}  // namespace

std::vector<WorkflowFinding> check_channels(std::string_view text, std::string_view file) {
  wording::Rules rules;
  return published(workflow::read_channels(text, file, rules));
}

std::vector<WorkflowFinding> check_brand(std::string_view text, std::string_view file) {
  wording::Rules rules;
  return published(workflow::read_brand(text, file, rules));
}

std::vector<WorkflowFinding> check_workflow(std::string_view text, std::string_view file,
                                            std::span<const std::string> manifests, const Wording& wording) {
  std::vector<WorkflowFinding> findings;
  std::vector<plugin::Manifest> read;
  for (const std::string& manifest : manifests) {
    auto result = plugin::read_manifest_text(manifest);
    if (result) {
      read.push_back(std::move(*result));
    } else {
      findings.push_back(
          {std::string(file), 1, 1, "", "manifest", "error", result.error().message, "Mend the department's manifest.", {}});
    }
  }
  const auto rules = workflow::read_rules(wording);
  if (!rules) {
    findings.push_back(
        {std::string(file), 1, 1, "", "wording", "error", rules.error().message, "Mend the file that it names.", {}});
    return findings;
  }
  for (workflow::Finding& found : proof::check(text, file, {.manifests = read, .rules = *rules}).findings)
    findings.push_back(published(std::move(found)));
  return findings;
}

}  // namespace redress
