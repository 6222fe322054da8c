// redress workflow: which versions take new cases, and which ways are shut.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/session.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

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

}  // namespace

Result<int> publish_workflows(const WriteOptions& options, const PublishOptions& what, Console& console) {
  std::vector<std::string> texts;
  for (const std::string& file : what.files) {
    auto text = read_file(file, limits::workflow_bytes_max);
    if (!text) return text.error();
    texts.push_back(std::move(*text));
  }
  const auto manifests = manifests_in(what.plugins);
  if (!manifests) return manifests.error();
  return with_writer(
      options, console,
      [&](Engine& engine) -> Result<int> {
        for (std::size_t i = 0; i < texts.size(); ++i) {
          const auto published = engine.publish_workflow(texts[i]);
          if (!published) return {published.error().code, what.files[i] + ": " + published.error().message};
          console.out << *published << " is published; redress workflow activate " << *published << " gives it the new cases\n";
        }
        return 0;
      },
      *manifests);
}

Result<int> activate_workflow(const WriteOptions& options, const std::string& id, const std::string& version,
                              Console& console) {
  return with_writer(options, console, [&](Engine& engine) -> Result<int> {
    if (const auto done = engine.activate_workflow(id, version); !done) return done.error();
    console.out << id << ' ' << version << " takes the new cases; those that are open stay on their version\n";
    return 0;
  });
}

Result<int> switch_workflow(const WriteOptions& options, const SwitchOptions& what, Console& console) {
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
