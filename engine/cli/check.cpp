// redress check: every error of workflow files at once, each with its place and its mend. Exit status 1 when there is an error.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/config.hpp"
#include "cli/json_text.hpp"
#include "cli/sarif.hpp"
#include "cli/session.hpp"
#include "redress/department.hpp"
#include "redress/limits.hpp"
#include "redress/wording.hpp"

namespace redress::cli {

namespace {

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

}  // namespace

bool is_workflow_file(const std::string& path) {
  const std::string name = file_name(path);
  return !name.ends_with(".schema.json") && name != channels_name && name != brand_name;
}

Result<Wording> wording_in(const std::string& folder) {
  Wording wording;
  for (const auto& [name, text] : {std::pair{channels_name, &wording.channels}, {brand_name, &wording.brand}}) {
    const std::string path = (std::filesystem::path(folder) / name).string();
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) continue;
    auto read = read_file(path, limits::document_bytes_max);
    if (!read) return read.error();
    *text = std::move(*read);
  }
  return wording;
}

Result<std::vector<std::string>> manifests_in(const std::string& plugins) {
  namespace fs = std::filesystem;
  const std::string folder = plugins.empty() ? plugins_beside_program() : plugins;
  std::error_code failed;
  std::vector<std::string> paths;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
    if (entry->path().extension() == ".so") paths.push_back(entry->path().string());
  if (failed && !plugins.empty())
    return {Code::invalid, "the plugins folder " + folder + " cannot be read: " + failed.message()};
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> manifests;
  for (const auto& path : paths) {
    auto manifest = read_manifest(path);
    if (!manifest) return manifest.error();
    manifests.push_back(std::move(*manifest));
  }
  return manifests;
}

Result<std::vector<std::string>> workflows_in(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> paths;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() == ".json" && is_workflow_file(entry->path().string()))
      paths.push_back(entry->path().string());
  }
  if (failed) return {Code::invalid, "the workflows folder " + folder + " cannot be read: " + failed.message()};
  if (paths.empty()) return {Code::invalid, "the workflows folder " + folder + " has no *.json file"};
  std::sort(paths.begin(), paths.end());
  return paths;
}

namespace {

// What the command line leaves out, the configuration gives.
Result<CheckOptions> completed(CheckOptions options) {
  if (options.config.empty() && !options.files.empty() && !options.plugins.empty()) return options;
  const auto config = find_config(options.config);
  if (!config) return config.error();
  if (!*config && options.files.empty())
    return {Code::invalid,
            "name the files to check; or a configuration that names their folder: --config FILE, else redress.json here"};
  if (*config && options.plugins.empty()) options.plugins = (*config)->plugins;
  if (!options.files.empty()) return options;
  auto files = workflows_in((*config)->workflows);
  if (!files) return files.error();
  options.files = std::move(*files);
  return options;
}

Json as_json(const WorkflowFinding& f) {
  Json path = Json::array();
  for (const WorkflowPathStep& step : f.path)
    path.push_back({{"event", step.event},
                    {"configuration", step.configuration},
                    {"rules", step.rules},
                    {"line", step.line},
                    {"column", step.column}});
  return Json{{"file", f.file},       {"line", f.line}, {"column", f.column},
              {"pointer", f.pointer}, {"rule", f.rule}, {"severity", f.severity},
              {"message", f.message}, {"mend", f.mend}, {"path", std::move(path)}};
}

Json as_json(const std::vector<WorkflowFinding>& all) {
  Json findings = Json::array();
  for (const WorkflowFinding& finding : all) findings.push_back(as_json(finding));
  return findings;
}

void print_json(std::ostream& out, const Json& json) {
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

void print_in_order(std::ostream& out, const std::vector<std::string>& files) {
  const auto checked =
      std::count_if(files.begin(), files.end(), [](const auto& file) { return !file.ends_with(".schema.json"); });
  out << checked << (checked == 1 ? " file is" : " files are") << " in order\n";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// How a case comes to it, event by event.
void print_path(std::ostream& out, const std::vector<WorkflowPathStep>& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    out << "  " << i + 1 << ". " << printable(path[i].event) << " -> " << printable(joined(path[i].configuration));
    if (path[i].rules.empty() && i > 0) out << " (nothing takes it)";
    out << '\n';
  }
}

void print_finding(std::ostream& out, const WorkflowFinding& f) {
  out << printable(f.file) << ':' << f.line << ':' << f.column << ": " << (f.severity == "error" ? "" : f.severity + ": ")
      << printable(f.message) << (f.pointer.empty() ? "" : " (" + printable(f.pointer) + ")") << ".";
  if (!f.mend.empty()) out << ' ' << printable(f.mend);
  out << '\n';
  print_path(out, f.path);
}

// By its name: a schema is left alone, the two files of rules are looked at as such.
Result<std::vector<WorkflowFinding>> findings_of(const std::string& file, const std::vector<std::string>& manifests) {
  if (file.ends_with(".schema.json")) return std::vector<WorkflowFinding>();
  auto text = read_file(file, limits::workflow_bytes_max);
  if (!text) return text.error();
  if (file_name(file) == channels_name) return check_channels(*text, file);
  if (file_name(file) == brand_name) return check_brand(*text, file);
  const auto wording = wording_in(std::filesystem::path(file).parent_path().string());
  if (!wording) return wording.error();
  return check_workflow(*text, file, manifests, *wording);
}

}  // namespace

Result<int> check(const CheckOptions& asked, Console& console) {
  const auto settled = completed(asked);
  if (!settled) return settled.error();
  const CheckOptions& options = *settled;
  auto manifests = manifests_in(options.plugins);
  if (!manifests) return manifests.error();
  std::vector<WorkflowFinding> all;
  for (const auto& file : options.files) {
    auto found = findings_of(file, *manifests);
    if (!found) return found.error();
    std::move(found->begin(), found->end(), std::back_inserter(all));
  }
  const bool any_error = std::any_of(all.begin(), all.end(), [](const auto& finding) { return finding.severity != "warning"; });
  switch (options.format) {
    case CheckOptions::Format::sarif:
      print_json(console.out, sarif(all));
      break;
    case CheckOptions::Format::json:
      print_json(console.out, as_json(all));
      break;
    case CheckOptions::Format::text:
      for (const WorkflowFinding& finding : all) print_finding(console.out, finding);
      if (!any_error) print_in_order(console.out, options.files);
      break;
  }
  return any_error ? 1 : 0;
}

}  // namespace redress::cli
