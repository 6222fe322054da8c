// redress tasks: what waits for people, each with the command that settles it.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/session.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress::cli {
namespace {

void print_task(std::ostream& out, const Json& task) {
  out << printable(cell(task, "case")) << "  for " << printable(cell(task, "role")) << ", since "
      << printable(cell(task, "since"));
  const std::string due = cell(task, "due_at");
  if (!due.empty()) out << ", due " << printable(due);
  out << "\n  " << printable(cell(task, "what")) << '\n';
  print_quoted(out, "  ", task);
  const std::string act = cell(task, "act");
  if (!act.empty()) out << "  " << printable(act) << '\n';
}

}  // namespace

Result<int> tasks(const ReadOptions& options, const std::string& role, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  std::int64_t after = 0;
  std::size_t count = 0;
  for (;;) {
    auto page = list_tasks(**store, role, after, limits::page_rows_max);
    if (!page) return page.error();
    for (const auto& line : *page) {
      auto task = parse_json(line, "a task");
      if (!task) return task.error();
      after = task->value("id", after);
      ++count;
      if (options.json)
        console.out << line << '\n';
      else
        print_task(console.out, *task);
    }
    if (page->size() < limits::page_rows_max) break;
  }
  if (count == 0 && !options.json) console.out << "no task is open" << (role.empty() ? "" : " for " + printable(role)) << '\n';
  return 0;
}

}  // namespace redress::cli
