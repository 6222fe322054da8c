// redress case: lists cases, shows one whole, and lets one that is set aside go on.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/remote.hpp"
#include "cli/session.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress::cli {
namespace {

// A deadline as one cell: "met 2026-03-02T09:00:00Z", "running, due 2026-03-04T09:00:00Z".
std::string deadline(const Json& one, const std::string& name) {
  const std::string state = cell(one, name + ".state");
  const std::string met = cell(one, name + ".met_at");
  const std::string due = cell(one, name + ".due_at");
  if (!met.empty()) return state + " " + met;
  return state.empty() || state == "none" || due.empty() ? state : state + ", due " + due;
}

void print_value(std::ostream& out, const std::string& name, const Json& value, int indent) {
  const std::string margin(static_cast<std::size_t>(indent) * 2, ' ');
  const bool nested = value.is_object() || (value.is_array() && !value.empty() && value.front().is_object());
  if (!nested) {
    out << margin << printable(name) << ": " << printable(cell(value)) << '\n';
    return;
  }
  out << margin << printable(name) << '\n';
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) print_value(out, key, inner, indent + 1);
    return;
  }
  for (const auto& item : value) {
    const char* mark = "- ";
    for (const auto& [key, inner] : item.items()) {
      if (inner.is_object() || inner.is_array()) {
        print_value(out, key, inner, indent + 2);
        continue;
      }
      out << margin << "  " << mark << printable(key) << ": " << printable(cell(inner)) << '\n';
      mark = "  ";
    }
  }
}

std::vector<std::string> row_of(const Json& one) {
  std::string waits;
  if (one.contains("blocked"))
    for (const auto& item : one["blocked"])
      waits += (waits.empty() ? "blocked: " : "; ") + (item.is_string() ? item.get<std::string>() : "");
  if (one.contains("waits_for"))
    for (const auto& item : one["waits_for"]) waits += (waits.empty() ? "" : "; ") + cell(item, "what");
  return {cell(one, "reference"),       cell(one, "state"),          cell(one, "configuration"),
          cell(one, "priority"),        cell(one, "language"),       cell(one, "opened_at"),
          deadline(one, "first_reply"), deadline(one, "resolution"), clipped(waits, 60)};
}

}  // namespace

Result<int> list_cases(const ReadOptions& options, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  Table table({"case", "state", "where", "priority", "language", "opened", "first reply", "resolution", "waits for"});
  std::int64_t after = 0;
  for (;;) {
    auto page = redress::list_cases(**store, after, limits::page_rows_max);
    if (!page) return page.error();
    for (const auto& line : *page) {
      auto one = parse_json(line, "a case");
      if (!one) return one.error();
      after = one->value("id", after);
      if (options.json)
        console.out << line << '\n';
      else
        table.add(row_of(*one));
    }
    if (page->size() < limits::page_rows_max) break;
  }
  if (!options.json && table.empty()) console.out << "no cases yet\n";
  if (!options.json && !table.empty()) table.print(console.out);
  return 0;
}

Result<int> show_case(const ReadOptions& options, const std::string& reference, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  auto text = redress::show_case(**store, reference);
  if (!text) return text.error();
  if (options.json) {
    console.out << *text << '\n';
    return 0;
  }
  auto whole = parse_json(*text, "the case");
  if (!whole) return whole.error();
  for (const auto& [key, value] : whole->items()) print_value(console.out, key, value, 0);
  return 0;
}

Result<int> retry_case(const ActOptions& options, const std::string& reference, Console& console) {
  if (options.write.server.named())
    return act_on_server(options, "/v1/cases/" + segment(reference) + "/retry", nlohmann::ordered_json::object(), console);
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.retry_case(reference, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_case(engine, reference, console);
    return 0;
  });
}

Result<int> skip_case(const ActOptions& options, const std::string& reference, Console& console) {
  if (options.write.server.named())
    return act_on_server(options, "/v1/cases/" + segment(reference) + "/skip", nlohmann::ordered_json::object(), console);
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.skip_case(reference, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_case(engine, reference, console);
    return 0;
  });
}

}  // namespace redress::cli
