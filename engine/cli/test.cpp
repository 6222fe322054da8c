// redress test: scenarios rehearsed on the workflows that they name; what is not as they say, and what none of them came to.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <set>

#include "cli/config.hpp"
#include "cli/json_text.hpp"
#include "cli/scenario_report.hpp"
#include "cli/session.hpp"
#include "cli/stop_signal.hpp"
#include "redress/limits.hpp"
#include "redress/scenario.hpp"

namespace redress::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_bytes_max = 16 * 1024 * 1024;  // run_scenarios refuses less than that, and says so with its place.
constexpr std::size_t files_max = 10'000;
constexpr std::int64_t look_again_ms = 300;

// The scenario files of a folder and of those in it, by name.
Result<std::vector<std::string>> scenarios_in(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() == ".scenario") paths.push_back(entry->path().lexically_normal().string());
    if (paths.size() > files_max)
      return {Code::invalid, folder + " has more than " + std::to_string(files_max) + " scenario files"};
  }
  if (failed) return {Code::invalid, "the folder " + folder + " cannot be read: " + failed.message()};
  if (paths.empty()) return {Code::invalid, "the folder " + folder + " has no *.scenario file"};
  std::sort(paths.begin(), paths.end());
  return paths;
}

// What the command line leaves out, the configuration gives.
Result<TestOptions> completed(TestOptions options) {
  if (options.config.empty() && !options.files.empty() && !options.plugins.empty()) return options;
  const auto config = find_config(options.config);
  if (!config) return config.error();
  if (!*config && options.files.empty())
    return {Code::invalid,
            "name scenario files or folders; or a configuration whose workflows have them beside: --config FILE, else "
            "redress.json here"};
  if (*config && options.plugins.empty()) options.plugins = (*config)->plugins;
  if (options.files.empty()) options.files = {(*config)->workflows};
  return options;
}

Result<std::vector<std::string>> expanded(const std::vector<std::string>& named) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const std::string& name : named) {
    if (!fs::is_directory(name, ignored)) {
      files.push_back(name);
      continue;
    }
    auto found = scenarios_in(name);
    if (!found) return found.error();
    files.insert(files.end(), found->begin(), found->end());
  }
  return files;
}

// The workflow that a scenario file names; where it names none, the one of its own name, beside it or in the folder above.
std::string workflow_path(const std::string& scenario_file, const std::string& named) {
  const fs::path folder = fs::path(scenario_file).parent_path();
  if (!named.empty()) return (folder / named).lexically_normal().string();
  const std::string name = fs::path(scenario_file).stem().string() + ".json";
  std::error_code ignored;
  const fs::path beside = (folder / name).lexically_normal();
  const fs::path above = (folder / ".." / name).lexically_normal();
  return (fs::exists(beside, ignored) || !fs::exists(above, ignored) ? beside : above).string();
}

// One rehearsal of all files; remembers what it read.
class Rehearsing {
 public:
  explicit Rehearsing(const TestOptions& options) : options_(options) {}

  Result<ScenarioReport> rehearse() {
    read_.clear();
    auto manifests = manifests_in(options_.plugins);
    if (!manifests) return manifests.error();
    auto files = expanded(options_.files);
    if (!files) return files.error();
    std::vector<NamedText> texts;
    for (const std::string& file : *files) {
      read_.insert(file);
      auto text = read_file(file, file_bytes_max);
      if (!text) return text.error();
      texts.push_back({file, std::move(*text)});
    }
    return run_scenarios(texts,
                         {.manifests = std::move(*manifests),
                          .load_workflow = [this](const auto& file, const auto& named) { return load_workflow(file, named); },
                          .load_wording = [](const std::string& file) { return wording_in(fs::path(file).parent_path().string()); }});
  }

  // How the files are that were read, and which there are: another answer, and there is something new.
  [[nodiscard]] std::map<std::string, std::string> stamps() const {
    std::map<std::string, std::string> all;
    std::set<std::string> watched = read_;
    if (const auto files = expanded(options_.files)) watched.insert(files->begin(), files->end());
    for (const std::string& file : watched) {
      std::error_code gone;
      const auto written = fs::last_write_time(file, gone);
      const auto bytes = gone ? 0 : fs::file_size(file, gone);
      all[file] = gone ? "" : std::to_string(written.time_since_epoch().count()) + " " + std::to_string(bytes);
    }
    return all;
  }

 private:
  Result<NamedText> load_workflow(const std::string& scenario_file, const std::string& named) {
    const std::string path = workflow_path(scenario_file, named);
    read_.insert(path);
    auto text = read_file(path, limits::workflow_bytes_max);
    if (!text) return text.error();
    return NamedText{path, std::move(*text)};
  }

  const TestOptions& options_;
  std::set<std::string> read_;
};

Result<void> write_junit(const std::string& path, const ScenarioReport& report) {
  std::ofstream file(path, std::ios::binary);
  print_scenarios_junit(file, report);
  file.close();
  if (!file) return {Code::unavailable, path + " cannot be written; check its folder and the space on the disk"};
  return {};
}

Result<int> rehearse_once(Rehearsing& rehearsing, const TestOptions& options, Console& console) {
  const auto report = rehearsing.rehearse();
  if (!report) return report.error();
  options.json ? print_scenarios_json(console.out, *report) : print_scenarios(console.out, *report);
  if (!options.junit.empty())
    if (const auto written = write_junit(options.junit, *report); !written) return written.error();
  const int covered = least_coverage(*report);
  const bool too_little = covered < options.coverage_min;
  if (too_little && !options.json)
    console.out << "covered is " << covered << " %, and --coverage-min asks for " << options.coverage_min << " %\n";
  return all_hold(*report) && !too_little ? 0 : 1;
}

// Again whenever a file changes, until a signal. A file that cannot be read now may be there in an instant: it is waited for.
Result<int> watch(Rehearsing& rehearsing, const TestOptions& options, Console& console) {
  const StopSignal stop;
  for (;;) {
    const auto before = rehearsing.stamps();
    auto status = rehearse_once(rehearsing, options, console);
    if (!status) console.err << "redress: " << printable(status.error().message, true) << '\n';
    const int last = status ? *status : exit_status(status.error().code);
    auto seen = rehearsing.stamps();
    for (const auto& [file, stamp] : before)
      if (const auto now = seen.find(file); now != seen.end()) now->second = stamp;  // Changed while it ran: once more.
    console.out << "waiting for a change; Ctrl-C ends it" << std::endl;
    while (!stop.raised() && rehearsing.stamps() == seen) [[maybe_unused]] const bool readable = stop.wait(-1, look_again_ms);
    if (stop.raised()) return last;
    console.out << '\n';
  }
}

}  // namespace

Result<int> test(const TestOptions& asked, Console& console) {
  const auto options = completed(asked);
  if (!options) return options.error();
  Rehearsing rehearsing(*options);
  return options->watch ? watch(rehearsing, *options, console) : rehearse_once(rehearsing, *options, console);
}

}  // namespace redress::cli
