// redress workflow: which versions take new cases, and which ways are shut.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "cli/json_text.hpp"
#include "cli/remote.hpp"
#include "cli/session.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"
#include "redress/workflow.hpp"

namespace redress::cli {
namespace {

Result<Switches> switches_of(const std::string& db, const std::string& id) {
  auto store = open_for_reading(db);
  if (!store) return store.error();
  const auto listed = redress::list_workflows(**store);
  if (!listed) return listed.error();
  for (const std::string& line : *listed) {
    const auto json = parse_json(line, "a workflow");
    if (!json) return json.error();
    if (cell(*json, "workflow") == id)
      return Switches{cell(*json, "new_cases") == "shut", cell(*json, "automatic_replies") == "shut"};
  }
  return Switches{};
}

// The text as it stands: its hash is that of the file.
Result<std::string> publish_text(const ServerOptions& server, const std::string& text) {
  const auto answer = ask_server_text(server, "POST", "/v1/workflows", text);
  if (!answer) return answer.error();
  return cell(*answer, "workflow") + " " + cell(*answer, "version");
}

// `published`: "praise 1.0.0". `workflows`: as they are listed, whence it is known whether that is the active one.
void tell_published(const std::string& published, const std::vector<nlohmann::ordered_json>& workflows, Console& console) {
  const bool is_active = std::any_of(workflows.begin(), workflows.end(), [&](const auto& one) {
    return cell(one, "workflow") + " " + cell(one, "version") == published && cell(one, "active") == "true";
  });
  console.out << published << " is published"
              << (is_active ? ", and is the active one already"
                            : "; redress workflow activate " + published + " gives it the new cases")
              << '\n';
}

std::vector<nlohmann::ordered_json> listed_by(const ServerOptions& server) {
  const auto listed = ask_server(server, "GET", "/v1/workflows", nullptr);
  if (!listed || !listed->contains("workflows")) return {};  // It is published all the same.
  return {listed->at("workflows").begin(), listed->at("workflows").end()};
}

std::vector<nlohmann::ordered_json> listed_in(Store& store) {
  std::vector<nlohmann::ordered_json> all;
  if (const auto lines = redress::list_workflows(store))
    for (const std::string& line : *lines)
      if (auto json = parse_json(line, "a workflow")) all.push_back(std::move(*json));
  return all;
}

// The server has no act that turns one switch alone: both ways are said, as they are now but for this one.
Result<int> switch_on_server(const ServerOptions& server, const SwitchOptions& what, Console& console) {
  const auto listed = ask_server(server, "GET", "/v1/workflows", nullptr);
  if (!listed) return listed.error();
  nlohmann::ordered_json ways;
  for (const auto& workflow : listed->at("workflows"))
    if (cell(workflow, "workflow") == what.id)
      ways = {{"new_cases", cell(workflow, "new_cases")}, {"automatic_replies", cell(workflow, "automatic_replies")}};
  if (ways.is_null()) return {Code::not_found, "no workflow " + what.id + " is published"};
  ways[what.replies ? "automatic_replies" : "new_cases"] = what.open ? "open" : "shut";
  if (const auto done = ask_server(server, "POST", "/v1/workflows/" + segment(what.id) + "/switches", ways); !done)
    return done.error();
  console.out << what.id << ": new cases " << cell(ways, "new_cases") << ", automatic replies "
              << cell(ways, "automatic_replies") << '\n';
  return 0;
}

// How many posts opened no case since the workflow was paused, and were not taken up since.
Result<std::int64_t> count_kept_out(Store& store, const std::string& id) {
  std::int64_t count = 0;
  std::int64_t after = 0;
  for (;;) {
    const auto page = store.posts(after, limits::page_rows_max);
    if (!page) return page.error();
    count += std::count_if(page->begin(), page->end(), [&](const PostRow& post) {
      return post.fate == PostFate::not_wanted && post.reason == "paused: " + id;
    });
    if (page->size() < limits::page_rows_max) return count;
    after = page->back().id;
  }
}

// Every finding of every file, before anything is kept. Departments that are not here now are known to the database.
Result<void> check_all(Store& store, const std::vector<std::string>& files, const std::vector<std::string>& texts,
                       std::vector<std::string> manifests) {
  std::set<std::string> departments;
  for (const std::string& manifest : manifests) {
    const auto json = parse_json(manifest, "a manifest");
    if (!json) return json.error();
    departments.insert(cell(*json, "department"));
  }
  const auto stored = store.documents("manifest", 0, limits::page_rows_max);
  if (!stored) return stored.error();
  for (const DocumentRow& row : *stored)
    if (row.active != 0 && departments.insert(row.name).second) manifests.push_back(row.content);
  std::string wrong;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto wording = wording_in(std::filesystem::path(files[i]).parent_path().string());
    if (!wording) return wording.error();
    for (const WorkflowFinding& f : check_workflow(texts[i], files[i], manifests, *wording))
      if (f.severity != "warning")
        wrong += (wrong.empty() ? "" : "\n") + f.file + ":" + std::to_string(f.line) + ":" + std::to_string(f.column) + ": " +
                 f.message + " (" + f.pointer + "). " + f.mend;
  }
  return wrong.empty() ? Result<void>{} : Result<void>{Code::invalid, wrong};
}

}  // namespace

Result<int> publish_workflows(const WriteOptions& options, const PublishOptions& what, Console& console) {
  std::vector<std::string> files = what.files;
  std::erase_if(files, [](const std::string& file) { return !is_workflow_file(file); });
  std::vector<std::string> texts;
  for (const std::string& file : files) {
    auto text = read_file(file, limits::workflow_bytes_max);
    if (!text) return text.error();
    texts.push_back(std::move(*text));
  }
  if (options.server.named()) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto json = parse_json(texts[i], files[i]);
      if (!json) return json.error();
      const auto published = publish_text(options.server, texts[i]);
      if (!published) return {published.error().code, files[i] + ": " + published.error().message};
      tell_published(*published, listed_by(options.server), console);
    }
    return 0;
  }
  const auto manifests = manifests_in(what.plugins);
  if (!manifests) return manifests.error();
  if (const auto made = make_database(options.db); !made) return made.error();
  return with_writer(
      options, console,
      [&](Engine& engine) -> Result<int> {
        if (const auto in_order = check_all(engine.store(), files, texts, *manifests); !in_order) return in_order.error();
        for (std::size_t i = 0; i < texts.size(); ++i) {
          const auto published = engine.publish_workflow(texts[i]);
          if (!published) return {published.error().code, files[i] + ": " + published.error().message};
          tell_published(*published, listed_in(engine.store()), console);
        }
        return 0;
      },
      *manifests);
}

Result<int> activate_workflow(const WriteOptions& options, const std::string& id, const std::string& version,
                              Console& console) {
  if (options.server.named()) {
    const auto answer =
        ask_server(options.server, "POST", "/v1/workflows/" + segment(id) + "/activation", {{"version", version}});
    if (!answer) return answer.error();
    console.out << id << ' ' << version << " takes the new cases; those that are open stay on their version\n";
    return 0;
  }
  return with_writer(options, console, [&](Engine& engine) -> Result<int> {
    if (const auto done = engine.activate_workflow(id, version); !done) return done.error();
    console.out << id << ' ' << version << " takes the new cases; those that are open stay on their version\n";
    return 0;
  });
}

Result<int> switch_workflow(const WriteOptions& options, const SwitchOptions& what, Console& console) {
  if (options.server.named()) return switch_on_server(options.server, what, console);
  return with_writer(options, console, [&](Engine& engine) -> Result<int> {
    auto switches = switches_of(options.db, what.id);  // Read within the writer's lock: nobody else turns the other one.
    if (!switches) return switches.error();
    (what.replies ? switches->automatic_replies : switches->new_cases) = !what.open;
    if (const auto done = engine.set_switches(what.id, *switches); !done) return done.error();
    console.out << what.id << ": new cases " << (switches->new_cases ? "shut" : "open") << ", automatic replies "
                << (switches->automatic_replies ? "shut" : "open") << '\n';
    const auto kept_out = count_kept_out(engine.store(), what.id);
    if (!kept_out) return kept_out.error();
    if (*kept_out > 0 && !switches->new_cases)
      console.out << *kept_out << (*kept_out == 1 ? " post" : " posts")
                  << " came while it was paused and opened no case; hand the same posts in again, and they do\n";
    return 0;
  });
}

Result<int> list_workflows(const ReadOptions& options, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  const auto lines = redress::list_workflows(**store);
  if (!lines) return lines.error();
  for (const std::string& line : *lines) {
    if (options.json) {
      console.out << line << '\n';
      continue;
    }
    const auto json = parse_json(line, "a workflow");
    if (!json) return json.error();
    console.out << printable(cell(*json, "workflow")) << ' ' << printable(cell(*json, "version")) << "  "
                << cell(*json, "hash").substr(0, 12) << (json->value("active", false) ? "  active" : "  published")
                << ", new cases " << cell(*json, "new_cases") << ", automatic replies " << cell(*json, "automatic_replies")
                << ", open cases " << json->value("open_cases", 0) << '\n';
  }
  if (lines->empty() && !options.json) console.out << "no workflow is published\n";
  return 0;
}

}  // namespace redress::cli
