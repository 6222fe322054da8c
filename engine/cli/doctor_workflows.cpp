// The doctor's checks of what a brand brings: plugins, their configuration, workflows, and people for the roles.
#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/doctor.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"
#include "redress/department.hpp"
#include "redress/inspection.hpp"
#include "redress/limits.hpp"
#include "redress/workflow.hpp"

namespace redress::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t nesting_max = limits::json_depth_max;

std::string joined(const std::set<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

void add(std::vector<std::string>& list, const Json& text) {
  if (!text.is_string()) return;
  const auto word = text.get<std::string>();
  if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(word);
}

// Who a checked workflow turns to: its owner, and each role of an act, approval, review or escalation.
void collect_roles(const Json& json, std::vector<std::string>& roles, std::size_t depth) {
  if (depth > nesting_max) return;
  if (json.is_object()) {
    for (const auto& [key, value] : json.items())
      if (key == "role" || key == "owner" || key == "escalate") add(roles, value);
  }
  if (!json.is_structured()) return;
  for (const auto& value : json) collect_roles(value, roles, depth + 1);
}

std::vector<std::string> departments_of(const Json& workflow) {
  std::vector<std::string> departments;
  const auto commitments = workflow.find("commitments");
  if (commitments == workflow.end() || !commitments->is_object()) return departments;
  for (const auto& commitment : *commitments)
    if (commitment.is_object() && commitment.contains("department")) add(departments, commitment["department"]);
  return departments;
}

std::string compact(const std::string& text) {
  const auto json = parse_json(text, "a workflow");
  return json ? json->dump(-1, ' ', false, Json::error_handler_t::replace) : text;
}

// Every row of a kind; `read_page` takes the id to go on after.
template <class Row, class ReadPage>
Result<std::vector<Row>> all_rows(const ReadPage& read_page) {
  std::vector<Row> all;
  for (;;) {
    auto page = read_page(all.empty() ? 0 : all.back().id);
    if (!page) return page.error();
    const bool last = page->size() < limits::page_rows_max;
    all.insert(all.end(), std::make_move_iterator(page->begin()), std::make_move_iterator(page->end()));
    if (last) return all;
  }
}

}  // namespace

void Checkup::check_plugins() {
  const std::string folder = config_.plugins.empty() ? plugins_beside_program() : config_.plugins;
  std::vector<std::string> paths;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
    if (entry->path().extension() == ".so") paths.push_back(entry->path().string());
  if (failed)
    return fail("plugins", "the plugins folder " + folder + " cannot be read: " + failed.message(),
                "Name the folder of the departments' *.so as plugins");
  check_not_for_all("plugins", folder);
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) check_plugin(path);
  if (paths.empty())
    fail("plugins",
         "the plugins folder " + folder +
             " has no *.so: there is no department, so commitments stay planned, and a workflow with departments that the "
             "database "
             "never knew is not taken",
         "Put the departments' plugins there");
}

// By its manifest, without running any of its code.
void Checkup::check_plugin(const std::string& path) {
  std::error_code failed;
  if (!fs::is_regular_file(fs::symlink_status(path, failed)))
    return fail("plugins", path + " is no regular file", "Put the file itself there, not a link");
  check_not_for_all("plugins", path);
  const auto text = read_manifest(path);
  if (!text) return fail("plugins", text.error().message, "");
  const auto manifest = parse_json(*text, "the manifest of " + path);
  const std::string department = manifest ? cell(*manifest, "department") : "";
  if (department.empty())
    return fail("plugins", manifest ? "the manifest of " + path + " names no department" : manifest.error().message,
                "Build it anew");
  const auto same = std::find_if(plugins_.begin(), plugins_.end(), [&](const Plugin& p) { return p.department == department; });
  if (same != plugins_.end())
    return fail("plugins", path + " is the department " + department + ", as another file is", "Keep one of them");
  plugins_.push_back({department, *text});
  ok("plugins", department + " " + cell(*manifest, "version") + " (" + cell(*manifest, "id") + "), " + path);
}

void Checkup::check_departments() {
  const auto read = parse_json(config_.departments, "the departments");
  const Json all = read ? *read : Json::object();
  for (const auto& part : all.items()) {
    const auto is_its = [&](const Plugin& plugin) { return plugin.department == part.key(); };
    if (std::none_of(plugins_.begin(), plugins_.end(), is_its))
      fail("departments", "the configuration is for the department " + part.key() + ", and no plugin is that",
           "Add its plugin, or leave the configuration out");
  }
  for (Plugin& plugin : plugins_) {
    const bool given = all.contains(plugin.department);
    const auto fits = check_department_config(plugin.manifest, given ? all[plugin.department].dump() : "{}");
    plugin.left_out = !fits && !given && !all.empty();
    if (plugin.left_out)
      warn("departments", plugin.department + " has no configuration and needs one: it is left out, and its cases wait",
           "Configure it as departments." + plugin.department);
    else if (!fits)
      fail("departments", fits.error().message, "Mend departments." + plugin.department);
    else
      ok("departments", plugin.department + (given ? " fits its manifest" : " needs no configuration"));
  }
}

void Checkup::check_workflows() {
  const auto paths = workflows_in(config_.workflows);
  if (!paths) return fail("workflows", paths.error().message, "Put workflow files there, or name their folder as workflows");
  check_not_for_all("workflows", config_.workflows);
  for (const auto& path : *paths) check_workflow_file(path);
  for (const Workflow& workflow : workflows_)
    for (const Plugin& plugin : plugins_)
      if (plugin.left_out &&
          std::find(workflow.departments.begin(), workflow.departments.end(), plugin.department) != workflow.departments.end())
        warn("workflows", workflow.id + " needs the department " + plugin.department + ", which is left out",
             "Configure it as departments." + plugin.department);
  if (!store_) return;
  const auto published =
      all_rows<DocumentRow>([&](std::int64_t after) { return store_->documents("workflow", after, limits::page_rows_max); });
  if (!published) return fail("workflows", published.error().message, "");
  check_active(*published);
}

void Checkup::check_workflow_file(const std::string& path) {
  const auto text = read_file(path, limits::workflow_bytes_max);
  if (!text) return fail("workflows", text.error().message, "");
  check_not_for_all("workflows", path);
  std::vector<std::string> manifests;
  for (const Plugin& plugin : plugins_) manifests.push_back(plugin.manifest);
  bool broken = false;
  const auto wording = wording_in(config_.workflows);
  if (!wording) return fail("workflows", wording.error().message, "");
  for (const WorkflowFinding& f : check_workflow(*text, path, manifests, *wording)) {
    const std::string message = f.file + ":" + std::to_string(f.line) + ":" + std::to_string(f.column) + ": " + f.message;
    if (f.severity == "warning") {
      warn("workflows", message, f.mend);
    } else {
      fail("workflows", message, f.mend);
      broken = true;
    }
  }
  const auto json = parse_json(*text, path);
  if (broken || !json) return;
  Workflow workflow{cell(*json, "id"), cell(*json, "version"), path, compact(*text), {}, departments_of(*json)};
  collect_roles(*json, workflow.roles, 0);
  ok("workflows", workflow.id + " " + workflow.version + " is in order, " + path);
  workflows_.push_back(std::move(workflow));
}

// The folder against the database, by the rule of what a run and the service take: a version that is new to the database
// becomes the active one, one that is published already stays behind the one that `activate` chose.
void Checkup::check_active(const std::vector<DocumentRow>& published) {
  std::set<std::string> in_folder;
  for (const Workflow& workflow : workflows_) {
    in_folder.insert(workflow.id);
    std::string active;
    bool same = false, conflict = false;
    for (const DocumentRow& row : published) {
      if (row.name != workflow.id) continue;
      if (row.active != 0) active = row.version;
      if (row.version != workflow.version) continue;
      same = compact(row.content) == workflow.compact;
      conflict = !same;
    }
    const std::string found =
        workflow.id + ": " + (active.empty() ? "no version" : active) + " is active, and the folder has " + workflow.version;
    if (conflict)
      fail("workflows", workflow.id + " " + workflow.version + " is published with another content than " + workflow.file,
           "Give the file a new version: a published one never changes");
    else if (active == workflow.version || published.empty())
      continue;
    else if (same && !active.empty())
      warn("workflows", found + ", which is published too: " + active + " was chosen, and goes on taking the new cases",
           "redress workflow activate " + workflow.id + " " + workflow.version + " gives them to the folder's");
    else
      warn("workflows", found, "The next run makes it active");
  }
  for (const DocumentRow& row : published)
    if (row.active != 0 && !in_folder.contains(row.name))
      warn("workflows", row.name + " " + row.version + " is active, and not in the folder in order",
           "A run or service by this folder opens no new cases of it; those that are open go on. Put its file there if it is "
           "to");
}

void Checkup::check_people() {
  if (workflows_.empty()) return;
  std::map<std::string, std::set<std::string>> asked;  // By role: the workflows.
  for (const Workflow& workflow : workflows_)
    for (const std::string& role : workflow.roles) asked[role].insert(workflow.id);
  if (!store_)
    return warn("people", "nobody is known before the first run",
                "redress run --people FILE, or redress person add NAME --role R");
  const auto people = all_rows<PersonRow>([&](std::int64_t after) { return store_->people(after, limits::page_rows_max); });
  if (!people) return fail("people", people.error().message, "");
  std::set<std::string> there;
  for (const PersonRow& person : *people) {
    const auto roles = parse_json(person.roles, "the roles of " + person.name);
    if (!roles || !roles->is_array()) continue;
    for (const Json& role : *roles) there.insert(cell(role));
  }
  bool all = true;
  for (const auto& [role, workflows] : asked) {
    if (there.contains(role)) continue;
    all = false;
    warn("people",
         "nobody has the role " + role + ", which " + joined(workflows) + (workflows.size() == 1 ? " asks for" : " ask for"),
         "redress person add NAME --role " + role);
  }
  if (all) ok("people", std::to_string(people->size()) + " are known; each role that the workflows ask for has somebody");
}

}  // namespace redress::cli
