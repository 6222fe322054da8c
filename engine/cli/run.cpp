// redress run: posts in, cases driven as far as they go, replies published, and a summary of what happened and what waits.
#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "cli/instants.hpp"
#include "cli/json_text.hpp"
#include "cli/run_loop.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress::cli {
namespace {

constexpr std::size_t tasks_shown_max = 20;

// Where a virtual store without any post starts: no instant of 0, which means "not set".
constexpr std::int64_t first_instant_ms = 1000;

Result<std::vector<std::string>> read_workflows(const std::string& folder) {
  namespace fs = std::filesystem;
  if (folder.empty()) return std::vector<std::string>{};
  std::vector<std::string> paths;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(".json") && !name.ends_with(".schema.json")) paths.push_back(entry->path().string());
  }
  if (failed) return {Code::invalid, "the workflows folder " + folder + " cannot be read: " + failed.message()};
  if (paths.empty()) return {Code::invalid, "the workflows folder " + folder + " has no *.json file"};
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    auto text = read_file(path, limits::workflow_bytes_max);
    if (!text) return text.error();
    texts.push_back(std::move(*text));
  }
  return texts;
}

Result<std::vector<std::shared_ptr<Department>>> load(const RunOptions& options) {
  std::string config = "{}";
  if (!options.department_config.empty()) {
    auto text = read_file(options.department_config, limits::document_bytes_max);
    if (!text) return text.error();
    auto json = parse_json(*text, options.department_config);
    if (!json) return json.error();
    config = std::move(*text);
  }
  return load_departments(options.plugins.empty() ? plugins_beside_program() : options.plugins, config);
}

// Counts what was published, and hands each event on to the hooks.
Listeners listen(Console& console, std::int64_t& published) {
  const Listeners& next = console.hooks.listeners;
  Listeners listeners = next;
  listeners.on_call = [&published, &next](const CallEvent& call) {
    const bool of_channel = call.verb == "publish" || call.verb == "lookup";
    if (of_channel && call.phase == CallEvent::Phase::ended && call.outcome == "done") ++published;
    if (next.on_call) next.on_call(call);
  };
  listeners.on_log = [&console, &next](LogLevel level, std::string_view message) {
    if (level != LogLevel::info)
      console.err << "redress: " << (level == LogLevel::error ? "error: " : "warning: ") << printable(message) << '\n';
    if (next.on_log) next.on_log(level, message);
  };
  return listeners;
}

Result<std::string> cases_by_state(Store& store) {
  std::array<std::int64_t, 5> counts{};
  std::int64_t total = 0;
  std::int64_t set_aside = 0;
  std::int64_t after = 0;
  for (;;) {
    auto page = store.cases(after, limits::page_rows_max);
    if (!page) return page.error();
    for (const auto& row : *page) {
      after = row.id;
      ++total;
      ++counts.at(static_cast<std::size_t>(row.state));
      set_aside += row.set_aside != 0 ? 1 : 0;
    }
    if (page->size() < limits::page_rows_max) break;
  }
  std::string text = std::to_string(total);
  const char* separator = ": ";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    text += separator + std::to_string(counts[i]) + " " + std::string(to_string(static_cast<CaseState>(i)));
    separator = ", ";
  }
  if (set_aside > 0) text += "; " + std::to_string(set_aside) + " set aside";
  return text;
}

Result<std::int64_t> count_tasks(Store& store) {
  std::int64_t count = 0;
  std::int64_t after = 0;
  for (;;) {
    auto page = store.open_tasks("", after, limits::page_rows_max);
    if (!page) return page.error();
    count += static_cast<std::int64_t>(page->size());
    if (page->size() < limits::page_rows_max) return count;
    after = page->back().id;
  }
}

Result<void> print_tasks(Store& store, std::ostream& out) {
  auto count = count_tasks(store);
  if (!count) return count.error();
  out << "waits for people " << *count << '\n';
  auto shown = list_tasks(store, "", 0, tasks_shown_max);
  if (!shown) return shown.error();
  for (const auto& line : *shown) {
    auto task = parse_json(line, "a task");
    if (!task) return task.error();
    out << "  " << printable(cell(*task, "case")) << "  " << printable(cell(*task, "role")) << ": "
        << printable(cell(*task, "what")) << '\n';
  }
  if (*count > static_cast<std::int64_t>(tasks_shown_max))
    out << "  and " << *count - static_cast<std::int64_t>(tasks_shown_max) << " more: redress tasks\n";
  return {};
}

struct Ended {
  Engine& engine;
  const Tally& tally;
  const PeopleScript& people;
  std::int64_t published;
  std::int64_t now_ms;
  bool stopped;
};

Result<void> print_summary(const Ended& ended, Console& console) {
  const Tally& t = ended.tally;
  std::ostream& out = console.out;
  for (const auto& reason : t.reasons) console.err << "rejected: " << printable(reason) << '\n';
  const std::int64_t unsaid = t.rejected + t.rejected_before - static_cast<std::int64_t>(t.reasons.size());
  if (unsaid > 0) console.err << "rejected: and " << unsaid << " more; redress export lists each\n";
  if (ended.stopped) out << "stopped by a signal; start it again to go on\n";
  out << "posts read       " << t.read << ": " << t.opened << " opened, " << t.attached << " attached, " << t.not_wanted
      << " not wanted, " << t.rejected << " rejected, " << t.redelivered << " redelivered";
  if (t.edited > 0) out << ", " << t.edited << " of them edited";
  if (t.rejected_before > 0) out << ", " << t.rejected_before << " of them rejected before, as now";
  auto cases = cases_by_state(ended.engine.store());
  if (!cases) return cases.error();
  out << "\ncases            " << *cases << "\nreplies          " << ended.published
      << " published in this run\nended at         " << format_instant(ended.now_ms) << '\n';
  if (auto printed = print_tasks(ended.engine.store(), out); !printed) return printed;
  std::ostringstream left;
  ended.people.list_what_was_left(left);
  if (!left.str().empty()) out << "scripted acts that were not done\n" << left.str();
  return {};
}

Result<PeopleScript> read_people(const RunOptions& options) {
  return options.people.empty() ? PeopleScript() : PeopleScript::read(options.people);
}

Result<PostQueue> open_posts(const RunOptions& options, const StopSignal& stop) {
  if (options.posts.empty()) return PostQueue(std::nullopt);
  auto reader = LineReader::open(options.posts, stop);
  if (!reader) return reader.error();
  return PostQueue(std::move(*reader));
}

// The store's own time; a new virtual one starts with the first post.
Result<Timing> start_time(Store& store, const RunOptions& options, PostQueue& posts) {
  auto meta = store.meta();
  if (!meta) return meta.error();
  auto timing = timing_of(*meta, options.write);
  if (!timing || !timing->virtual_clock || meta->last_at_ms != 0) return timing;
  auto first = posts.first_created_at_ms();
  if (!first) return first.error();
  timing->virtual_clock->advance_to(first->value_or(first_instant_ms));
  return timing;
}

Result<std::unique_ptr<Engine>> open_engine(std::unique_ptr<Store> store, const Timing& timing, const RunOptions& options,
                                            Listeners listeners) {
  auto workflows = read_workflows(options.workflows);
  if (!workflows) return workflows.error();
  auto departments = load(options);
  if (!departments) return departments.error();
  auto channel = make_file_channel(options.outbox);
  if (!channel) return channel.error();
  EngineOptions parts;
  parts.store = std::move(store);
  parts.departments = std::move(*departments);
  parts.channel = std::move(*channel);
  parts.workflows = std::move(*workflows);
  parts.clock = timing.clock;
  parts.random = timing.random;
  parts.virtual_time = timing.virtual_clock != nullptr;
  parts.watch_calls = timing.virtual_clock == nullptr;  // Virtual time never moves while a call is out.
  parts.listeners = std::move(listeners);
  return Engine::open(std::move(parts));
}

}  // namespace

Result<int> run(const RunOptions& options, Console& console) {
  const StopSignal stop;
  auto people = read_people(options);
  if (!people) return people.error();
  auto posts = open_posts(options, stop);
  if (!posts) return posts.error();
  auto store = open_sqlite_store(options.write.db, OpenMode::write);
  if (!store) return store.error();
  auto timing = start_time(**store, options, *posts);
  if (!timing) return timing.error();

  std::int64_t published = 0;
  auto engine = open_engine(std::move(*store), *timing, options, listen(console, published));
  if (!engine) return engine.error();
  if (auto added = people->add_people(**engine); !added) return added.error();
  RunLoop loop({**engine, *posts, *people, stop, *timing, options.until_ms});
  if (auto done = loop.run(); !done) return done.error();

  const Ended ended{**engine, loop.tally(), *people, published, timing->clock->now_ms(), stop.raised()};
  if (auto printed = print_summary(ended, console); !printed) return printed.error();
  return loop.tally().any_rejected || people->any_refused() ? 3 : 0;
}

}  // namespace redress::cli
