// redress run: posts in, cases driven as far as they go, replies published, and a summary of what happened and what waits.
#include <array>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "cli/instants.hpp"
#include "cli/json_text.hpp"
#include "cli/run_loop.hpp"
#include "cli/workplace.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress::cli {
namespace {

constexpr std::size_t tasks_shown_max = 20;

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

// What is due and was not done: how often each thing stands in its way, over as many cases as a page holds.
Result<std::map<std::string, std::int64_t>> count_blocked(Store& store, std::int64_t now_ms) {
  const auto due = store.due(now_ms, limits::page_rows_max);
  if (!due) return due.error();
  std::map<std::string, std::int64_t> counts;
  for (const Due& one : *due) {
    if (one.kind != Due::Kind::effect) continue;
    const auto record = store.load_case(one.case_id);
    if (!record) return record.error();
    const auto effect = record->effects.find(one.id);
    if (effect != record->effects.end() && !effect->second.blocked.empty()) ++counts[effect->second.blocked];
  }
  return counts;
}

Result<void> print_blocked(Store& store, std::int64_t now_ms, std::ostream& out) {
  const auto counts = count_blocked(store, now_ms);
  if (!counts) return counts.error();
  const char* label = "blocked          ";
  for (const auto& [what, count] : *counts) {
    out << label << count << ": " << printable(what) << '\n';
    label = "                 ";
  }
  return {};
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
  if (auto printed = print_blocked(ended.engine.store(), ended.now_ms, out); !printed) return printed;
  if (auto printed = print_tasks(ended.engine.store(), out); !printed) return printed;
  std::ostringstream left;
  ended.people.list_what_was_left(left);
  if (!left.str().empty()) out << "scripted acts that were not done\n" << left.str();
  return {};
}

Result<PostQueue> open_posts(const RunOptions& options, const StopSignal& stop) {
  if (options.posts.empty()) return PostQueue(std::nullopt);
  auto reader = LineReader::open(options.posts, stop);
  if (!reader) return reader.error();
  return PostQueue(std::move(*reader));
}

}  // namespace

Result<int> run(const RunOptions& asked, Console& console) {
  const StopSignal stop;
  const auto settled = completed(asked);
  if (!settled) return settled.error();
  const RunOptions& options = settled->first;
  auto people = read_people(options);
  if (!people) return people.error();
  auto posts = open_posts(options, stop);
  if (!posts) return posts.error();
  auto store = open_sqlite_store(options.write.db, OpenMode::write);
  if (!store) return store.error();
  auto timing = start_time(**store, options, [&] { return posts->first_created_at_ms(); });
  if (!timing) return timing.error();

  std::int64_t published = 0;
  auto engine = open_engine(std::move(*store), *timing, options, listen(console, published));
  if (!engine) return engine.error();
  if (auto added = people->add_people(**engine); !added) return added.error();
  RunLoop loop({**engine, *posts, *people, stop, *timing, options.until_ms});
  if (auto done = loop.run(); !done) return done.error();

  const int stopped_by = stop.number();
  const Ended ended{**engine, loop.tally(), *people, published, timing->clock->now_ms(), stopped_by != 0};
  if (auto printed = print_summary(ended, console); !printed) return printed.error();
  if (stopped_by != 0) return 128 + stopped_by;  // As a shell reports it.
  return loop.tally().any_rejected || people->any_refused() ? 3 : 0;
}

}  // namespace redress::cli
