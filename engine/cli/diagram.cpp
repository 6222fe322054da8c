// redress diagram: a workflow drawn; with --finding, the way to what check found, marked.
#include <filesystem>
#include <fstream>
#include <ostream>

#include "cli/config.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"
#include "cli/verbs.hpp"
#include "redress/diagram.hpp"
#include "redress/limits.hpp"

namespace redress::cli {
namespace {

// Of those findings that have a path, in check's order, the one of this number.
Result<std::vector<WorkflowPathStep>> path_of(int number, const std::string& text, const std::string& file,
                                              const std::vector<std::string>& manifests) {
  const auto wording = wording_in(std::filesystem::path(file).parent_path().string());
  if (!wording) return wording.error();
  int found = 0;
  for (WorkflowFinding& finding : check_workflow(text, file, manifests, *wording)) {
    if (finding.path.empty()) continue;
    if (++found == number) return std::move(finding.path);
  }
  return {Code::not_found, "redress check " + file + " gives " + std::to_string(found) +
                               (found == 1 ? " finding" : " findings") + " with a way to it: there is no " +
                               std::to_string(number)};
}

Result<void> write(const std::string& picture, const std::string& path, Console& console) {
  if (path.empty()) {
    console.out << picture;
    return {};
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << picture;
  file.close();
  if (!file) return {Code::invalid, path + " cannot be written"};
  return {};
}

}  // namespace

Result<int> diagram(const DiagramOptions& options, Console& console) {
  const auto text = read_file(options.file, limits::workflow_bytes_max);
  if (!text) return text.error();
  auto plugins = options.plugins;
  if (plugins.empty()) {
    const auto config = find_config(options.config);
    if (!config) return config.error();
    if (*config) plugins = (*config)->plugins;
  }
  const auto manifests = manifests_in(plugins);
  if (!manifests) return manifests.error();
  std::vector<WorkflowPathStep> path;
  if (options.finding > 0) {
    auto marked = path_of(options.finding, *text, options.file, *manifests);
    if (!marked) return marked.error();
    path = std::move(*marked);
  }
  const auto picture = draw_workflow(*text, *manifests, options.mermaid ? DiagramFormat::mermaid : DiagramFormat::svg, path);
  if (!picture) {
    console.err << printable(picture.error().message, true) << '\n';
    return 1;
  }
  if (const auto written = write(*picture, options.output, console); !written) return written.error();
  return 0;
}

}  // namespace redress::cli
