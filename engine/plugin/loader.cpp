// Loads departments from shared libraries. A library is read before it is run, and once loaded stays for the process's life.
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/schema.hpp"
#include "base/text.hpp"
#include "plugin/boundary.hpp"
#include "plugin/elf_section.hpp"
#include "plugin/host_side.hpp"
#include "plugin/manifest.hpp"
#include "redress/department.hpp"
#include "redress/inspection.hpp"
#include "redress/limits.hpp"
#include "redress/plugin.h"

namespace redress {
namespace plugin {
namespace {

constexpr std::size_t thrown_bytes_max = 1024;  // Of an exception's text in a reason.
constexpr std::size_t plugins_max = 256;        // In one folder.

Error refusal(const std::string& path, const std::string& why) { return {Code::invalid, "plugin " + path + ' ' + why}; }

void append(std::string& list, const std::string& item, const char* separator = "; ") {
  list += (list.empty() ? "" : separator) + item;
}

std::string hexadecimal(std::uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof(text), "0x%016llx", static_cast<unsigned long long>(number));
  return text;
}

class LoadedDepartment : public Department {
 public:
  LoadedDepartment(const redress_plugin_table& table, void* instance, HostSide& host, std::string manifest)
      : table_(table), instance_(instance), host_(host), manifest_(std::move(manifest)) {}
  LoadedDepartment(const LoadedDepartment&) = delete;
  LoadedDepartment& operator=(const LoadedDepartment&) = delete;
  ~LoadedDepartment() override {
    try {
      table_.close(instance_);
    } catch (...) {  // Nothing can be done about it, and the instance is not used again.
    }
    const std::unique_lock lock(host_.mutex);
    host_.sink = nullptr;
  }

  [[nodiscard]] std::string manifest() const override { return manifest_; }

  [[nodiscard]] Outcome handle(const Call& call) override {
    const redress_call passed = to_c(call);
    redress_outcome outcome = empty_outcome();
    Outcome answer;
    try {
      table_.call(instance_, &passed, &outcome);
      answer = from_c(outcome);
      table_.release(&outcome);
    } catch (const std::exception& thrown) {
      answer = Outcome{};
      answer.reason = "the plugin let an exception out: " + printable(thrown.what());
    } catch (...) {
      answer = Outcome{};
      answer.reason = "the plugin let out something that is no std::exception";
    }
    return answer;
  }

  void connect(ReportSink sink) override {
    const std::unique_lock lock(host_.mutex);
    host_.sink = std::move(sink);
  }

 private:
  static std::string printable(std::string_view text) {
    return base::is_utf8(text) ? std::string(base::utf8_prefix(text, thrown_bytes_max)) : "(text that is not UTF-8)";
  }

  const redress_plugin_table& table_;
  void* instance_;
  HostSide& host_;
  std::string manifest_;
};

// A plugin file that was read but not run.
struct ReadPlugin {
  std::string path;
  std::string text;  // Of the manifest.
  Manifest manifest;
};

Result<ReadPlugin> read_plugin(const std::string& path) {
  Result<std::string> text = read_manifest(path);
  if (!text) return text.error();
  Result<Manifest> manifest = read_manifest_text(*text);
  if (!manifest) return refusal(path, "has a " + manifest.error().message);
  return ReadPlugin{path, *std::move(text), *std::move(manifest)};
}

// What in the configuration breaks the manifest's schema, as one line; empty: it fits.
std::string broken_by(const Json& config, const Manifest& manifest) {
  std::string broken;
  for (const base::SchemaFinding& finding : base::validate(*manifest.config, config)) {
    append(broken, (finding.pointer.empty() ? "the object" : finding.pointer) + ": " + finding.message);
  }
  return broken;
}

Result<void> check_config(const ReadPlugin& plugin, const Json& config) {
  const std::string broken = broken_by(config, plugin.manifest);
  if (broken.empty()) return {};
  return refusal(plugin.path,
                 "(" + plugin.manifest.department + ") does not take its configuration (--department-config): " + broken);
}

// The table of a loaded library. The symbol's own size is looked at first, then magic, ABI and size, then the rest.
Result<const redress_plugin_table*> find_table(void* library, const std::string& path) {
  void* symbol = ::dlsym(library, REDRESS_PLUGIN_SYMBOL);
  if (symbol == nullptr) return refusal(path, "exports no symbol " REDRESS_PLUGIN_SYMBOL "; end it with REDRESS_PLUGIN(...)");
  Dl_info info{};
  void* symbol_entry = nullptr;
  constexpr std::size_t head_bytes = offsetof(redress_plugin_table, manifest);
  const bool is_known = ::dladdr1(symbol, &info, &symbol_entry, RTLD_DL_SYMENT) != 0;
  const auto* entry = static_cast<const ElfW(Sym)*>(symbol_entry);
  if (!is_known || entry == nullptr || ELF64_ST_TYPE(entry->st_info) != STT_OBJECT || entry->st_size < head_bytes) {
    return refusal(path, "exports a " REDRESS_PLUGIN_SYMBOL " that is no table of plugin.h");
  }
  const auto* table = static_cast<const redress_plugin_table*>(symbol);
  if (table->magic != REDRESS_PLUGIN_MAGIC) {
    return refusal(
        path, "has magic " + hexadecimal(table->magic) + ", but a Redress plugin has " + hexadecimal(REDRESS_PLUGIN_MAGIC));
  }
  if (table->abi != REDRESS_PLUGIN_ABI) {
    return refusal(path, "has ABI " + std::to_string(table->abi) + ", but this host speaks ABI " +
                             std::to_string(REDRESS_PLUGIN_ABI) + "; build it with this host's plugin.h");
  }
  if (table->size < sizeof(redress_plugin_table) || entry->st_size < table->size) {
    return refusal(path, "has a table of " + std::to_string(table->size) +
                             " bytes (its symbol: " + std::to_string(entry->st_size) + "), but this host's ABI has " +
                             std::to_string(sizeof(redress_plugin_table)));
  }
  if (table->open == nullptr || table->close == nullptr || table->call == nullptr || table->release == nullptr) {
    return refusal(path, "has a table without open, close, call or release; fill all four");
  }
  return table;
}

Result<const redress_plugin_table*> run(const ReadPlugin& plugin) {
  // An absolute path: a bare name would be searched for in the system's folders.
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::canonical(plugin.path, failed);
  if (failed) return refusal(plugin.path, "cannot be found: " + failed.message());
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    return refusal(plugin.path, std::string("cannot be loaded: ") + (why != nullptr ? why : "no reason given"));
  }
  Result<const redress_plugin_table*> table = find_table(library, plugin.path);
  if (!table) return table;
  const redress_text copy = (*table)->manifest;
  if (copy.size != plugin.text.size() || copy.data == nullptr ||
      std::memcmp(copy.data, plugin.text.data(), plugin.text.size()) != 0) {
    return refusal(plugin.path, "says two things of itself: its table's manifest (" + std::to_string(copy.size) +
                                    " bytes) is not the one of its section " REDRESS_MANIFEST_SECTION " (" +
                                    std::to_string(plugin.text.size()) + " bytes)");
  }
  return table;
}

Result<std::shared_ptr<Department>> open_instance(const redress_plugin_table& table, const ReadPlugin& plugin,
                                                  const std::string& config) {
  HostSide& host = make_host_side(plugin.manifest.department);
  void* instance = nullptr;
  redress_outcome error = empty_outcome();
  std::int32_t status = REDRESS_INTERNAL;
  std::string why = "gave no reason";
  try {
    status = table.open(&host.table, to_c(config), &instance, &error);
    if (const Outcome told = from_c(error); status != REDRESS_OK && !told.reason.empty()) why = "said: " + told.reason;
    table.release(&error);
  } catch (...) {
    why = "let an exception out";
    status = REDRESS_INTERNAL;
  }
  if (status != REDRESS_OK) {
    return refusal(plugin.path,
                   "(" + plugin.manifest.department + ") did not open (status " + std::to_string(status) + ") and " + why);
  }
  return std::shared_ptr<Department>(std::make_shared<LoadedDepartment>(table, instance, host, plugin.text));
}

Result<std::shared_ptr<Department>> load(const ReadPlugin& plugin, const Json& config) {
  if (const Result<void> fits = check_config(plugin, config); !fits) return fits.error();
  const Result<const redress_plugin_table*> table = run(plugin);
  if (!table) return table.error();
  return open_instance(**table, plugin, base::dump_json(config));
}

Result<Json> parse_config(const std::string& text, const std::string& whose) {
  if (text.empty()) return Json(Json::object());
  Result<Json> config = base::parse_json(text, limits::document_bytes_max);
  if (!config) return {Code::invalid, "configuration of " + whose + ": " + config.error().message};
  if (!config->is_object()) {
    return {Code::invalid, "configuration of " + whose + " must be a JSON object, but is " + config->type_name()};
  }
  return config;
}

// The *.so of a folder, in name order.
Result<std::vector<std::string>> list_plugins(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code failed;
  std::filesystem::directory_iterator entries(folder, failed);
  for (; !failed && entries != std::filesystem::directory_iterator(); entries.increment(failed)) {
    if (entries->path().extension() == ".so") paths.push_back(entries->path().string());
  }
  if (failed) return {Code::invalid, "plugin folder " + folder + " cannot be read: " + failed.message()};
  if (paths.size() > plugins_max) {
    return {Code::invalid, "plugin folder " + folder + " has " + std::to_string(paths.size()) + " plugins; at most " +
                               std::to_string(plugins_max) + " are loaded"};
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Reads each file, running none. A symbolic link is refused: the folder's own files are what its owner put there.
std::vector<ReadPlugin> read_all(const std::vector<std::string>& paths, std::string& findings) {
  std::vector<ReadPlugin> plugins;
  for (const std::string& path : paths) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, failed))) {
      append(findings, "plugin " + path + " is no regular file; put the file itself there");
      continue;
    }
    Result<ReadPlugin> plugin = read_plugin(path);
    if (!plugin) {
      append(findings, plugin.error().message);
      continue;
    }
    const auto same = std::find_if(plugins.begin(), plugins.end(), [&](const ReadPlugin& other) {
      return other.manifest.department == plugin->manifest.department;
    });
    if (same != plugins.end()) {
      append(findings, "plugins " + same->path + " and " + path + " are both the department " + plugin->manifest.department +
                           "; keep one of them");
    }
    plugins.push_back(*std::move(plugin));
  }
  return plugins;
}

bool needs_config(const Manifest& manifest) {
  const auto required = manifest.config->find("required");
  return required != manifest.config->end() && !required->empty();
}

void refuse_strangers(const Json& config, const std::vector<ReadPlugin>& plugins, std::string& findings) {
  std::string names;
  for (const ReadPlugin& plugin : plugins) append(names, plugin.manifest.department, ", ");
  for (const auto& part : config.items()) {
    const auto is_its = [&](const ReadPlugin& plugin) { return plugin.manifest.department == part.key(); };
    if (std::any_of(plugins.begin(), plugins.end(), is_its)) continue;
    append(findings, "the configuration is for the department " + part.key() + ", but the plugins are " +
                         (names.empty() ? "none" : names) +
                         "; put its plugin beside them, or take its part out of the configuration");
  }
}

}  // namespace
}  // namespace plugin

Result<std::string> read_manifest(const std::string& path) {
  return plugin::read_elf_section(path, REDRESS_MANIFEST_SECTION, limits::document_bytes_max);
}

Result<void> check_department_config(std::string_view manifest_json, std::string_view config_json) {
  const Result<plugin::Manifest> manifest = plugin::read_manifest_text(std::string(manifest_json));
  if (!manifest) return manifest.error();
  const Result<Json> config = plugin::parse_config(std::string(config_json), "the department " + manifest->department);
  if (!config) return config.error();
  const std::string broken = plugin::broken_by(*config, *manifest);
  if (broken.empty()) return {};
  return {Code::invalid, "the department " + manifest->department + " does not take its configuration: " + broken};
}

Result<std::shared_ptr<Department>> load_department(const std::string& path, const std::string& config_json) {
  const Result<plugin::ReadPlugin> read = plugin::read_plugin(path);
  if (!read) return read.error();
  const Result<Json> config = plugin::parse_config(config_json, "the department " + read->manifest.department);
  if (!config) return config.error();
  return plugin::load(*read, *config);
}

Result<std::vector<std::shared_ptr<Department>>> load_departments(const std::string& folder, const std::string& config_json) {
  const Result<Json> config = plugin::parse_config(config_json, "the departments");
  if (!config) return config.error();
  const Result<std::vector<std::string>> paths = plugin::list_plugins(folder);
  if (!paths) return paths.error();
  std::string findings;
  const std::vector<plugin::ReadPlugin> plugins = plugin::read_all(*paths, findings);
  if (findings.empty()) plugin::refuse_strangers(*config, plugins, findings);
  if (!findings.empty()) return {Code::invalid, findings};
  std::vector<std::shared_ptr<Department>> departments;
  for (const plugin::ReadPlugin& plugin : plugins) {
    const auto part = config->find(plugin.manifest.department);
    if (part == config->end() && !config->empty() && plugin::needs_config(plugin.manifest)) continue;
    auto department = plugin::load(plugin, part != config->end() ? *part : Json(Json::object()));
    if (!department)
      plugin::append(findings, department.error().message);
    else
      departments.push_back(*std::move(department));
  }
  if (!findings.empty()) return {Code::invalid, findings};
  return departments;
}

}  // namespace redress
