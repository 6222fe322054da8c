// Options, time and engine of a run or a service.
#include "cli/workplace.hpp"

#include <filesystem>

#include "cli/json_text.hpp"
#include "cli/lines.hpp"
#include "redress/limits.hpp"

namespace redress::cli {
namespace {

// Where a virtual store without any post starts: no instant of 0, which means "not set".
constexpr std::int64_t first_instant_ms = 1000;

// What the command line names stays where it is, when the run goes to the configuration's folder.
Result<void> hold_paths(RunOptions& options) {
  std::error_code failed;
  for (std::string* path : {&options.write.db, &options.workflows, &options.plugins, &options.department_config, &options.posts,
                            &options.outbox, &options.people}) {
    if (!path->empty() && *path != "-" && !failed) *path = std::filesystem::absolute(*path, failed).string();
  }
  if (failed) return {Code::unavailable, "the folder that the program runs in is not there: " + failed.message()};
  return {};
}

struct WorkflowFiles {
  std::vector<std::string> texts, paths;
  Wording wording;
};

Result<WorkflowFiles> read_workflows(const std::string& folder) {
  WorkflowFiles files;
  if (folder.empty()) return files;
  auto paths = workflows_in(folder);
  if (!paths) return paths.error();
  files.paths = std::move(*paths);
  auto wording = wording_in(folder);
  if (!wording) return wording.error();
  files.wording = std::move(*wording);
  for (const auto& path : files.paths) {
    auto text = read_file(path, limits::workflow_bytes_max);
    if (!text) return text.error();
    files.texts.push_back(std::move(*text));
  }
  return files;
}

std::string folder_of(const RunOptions& options) {
  return options.plugins.empty() ? plugins_beside_program() : options.plugins;
}

Result<std::vector<std::shared_ptr<Department>>> load(const RunOptions& options) {
  std::string config = options.departments.empty() ? "{}" : options.departments;
  if (!options.department_config.empty()) {
    auto text = read_file(options.department_config, limits::document_bytes_max);
    if (!text) return text.error();
    auto json = parse_json(*text, options.department_config);
    if (!json) return json.error();
    config = std::move(*text);
  }
  return load_departments(folder_of(options), config);
}

}  // namespace

Result<std::pair<RunOptions, std::optional<Config>>> completed(RunOptions options) {
  std::optional<Config> config;
  if (options.write.db.empty() || !options.config.empty()) {
    auto found = find_config(options.config);
    if (!found) return found.error();
    config = std::move(*found);
  }
  const auto fill = [](std::string& option, const std::string& given) {
    if (option.empty()) option = given;
  };
  if (config) {
    if (!config->folder.empty())
      if (auto held = hold_paths(options); !held) return held.error();
    if (auto there = enter_folder(*config); !there) return there.error();
    fill(options.write.db, config->database);
    fill(options.workflows, config->workflows);
    fill(options.plugins, config->plugins);
    fill(options.outbox, config->outbox);
    if (options.department_config.empty()) options.departments = config->departments;
    options.call_ms_max = config->call_ms_max;
  }
  for (const auto& [option, name] : {std::pair(&options.write.db, "--db"), std::pair(&options.outbox, "--outbox")})
    if (option->empty())
      return {Code::invalid,
              std::string(name) +
                  " is missing; name the file, or a configuration that does: --config FILE, else redress.json here"};
  return std::pair(std::move(options), std::move(config));
}

Result<PeopleScript> read_people(const RunOptions& options) {
  return options.people.empty() ? PeopleScript() : PeopleScript::read(options.people);
}

Result<Timing> start_time(Store& store, const RunOptions& options,
                          const std::function<Result<std::optional<std::int64_t>>()>& first) {
  auto meta = store.meta();
  if (!meta) return meta.error();
  auto timing = timing_of(*meta, options.write);
  if (!timing || !timing->virtual_clock || meta->last_at_ms != 0) return timing;
  auto start_ms = first();
  if (!start_ms) return start_ms.error();
  timing->virtual_clock->advance_to(start_ms->value_or(first_instant_ms));
  return timing;
}

Result<std::unique_ptr<Engine>> open_engine(std::unique_ptr<Store> store, const Timing& timing, const RunOptions& options,
                                            Listeners listeners) {
  auto workflows = read_workflows(options.workflows);
  if (!workflows) return workflows.error();
  auto departments = load(options);
  if (!departments) return departments.error();
  if (departments->empty() && listeners.on_log)
    listeners.on_log(LogLevel::warning, "no department: " + folder_of(options) +
                                            " has no *.so; commitments stay planned, and say so, until their plugin is there");
  auto channel = make_file_channel(options.outbox);
  if (!channel) return channel.error();
  EngineOptions parts;
  parts.store = std::move(store);
  parts.departments = std::move(*departments);
  parts.channel = std::move(*channel);
  parts.workflows = std::move(workflows->texts);
  parts.workflow_names = std::move(workflows->paths);
  parts.wording = std::move(workflows->wording);
  parts.clock = timing.clock;
  parts.random = timing.random;
  parts.virtual_time = timing.virtual_clock != nullptr;
  parts.watch_calls = timing.virtual_clock == nullptr;  // Virtual time never moves while a call is out.
  parts.call_ms_max = options.call_ms_max;
  parts.listeners = std::move(listeners);
  return Engine::open(std::move(parts));
}

}  // namespace redress::cli
