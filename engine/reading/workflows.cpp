// The published workflows: which versions there are, what takes new cases, and what is shut.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress {
namespace {

Result<std::vector<DocumentRow>> all_of(Store& store, std::string_view kind) {
  std::vector<DocumentRow> all;
  for (;;) {
    auto page = store.documents(kind, all.empty() ? 0 : all.back().id, limits::page_rows_max);
    if (!page) return page.error();
    if (page->empty()) return all;
    all.insert(all.end(), page->begin(), page->end());
  }
}

// Cases that are not closed, by their workflow's hash.
Result<std::map<std::string, std::int64_t>> open_cases(Store& store) {
  std::map<std::string, std::int64_t> count;
  for (std::int64_t after = 0;;) {
    const auto page = store.cases(after, limits::page_rows_max);
    if (!page) return page.error();
    for (const CaseRow& row : *page) count[row.workflow_hash] += row.state == CaseState::closed ? 0 : 1;
    if (page->size() < limits::page_rows_max) return count;
    after = page->back().id;
  }
}

}  // namespace

Result<std::vector<std::string>> list_workflows(Store& store) {
  auto documents = all_of(store, "workflow");
  if (!documents) return documents.error();
  const auto switches = all_of(store, "switch");
  if (!switches) return switches.error();
  const auto cases = open_cases(store);
  if (!cases) return cases.error();
  std::map<std::string, Json> shut;
  for (const DocumentRow& row : *switches) {
    if (row.active != 0) shut[row.name] = Json::parse(row.content, nullptr, false);
  }
  const auto way = [&](const std::string& name, const char* which) {
    const auto found = shut.find(name);
    return found != shut.end() && found->second.is_object() && found->second.value(which, false) ? "shut" : "open";
  };
  std::stable_sort(documents->begin(), documents->end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  std::vector<std::string> out;
  for (const DocumentRow& row : *documents) {
    const auto open = cases->find(row.hash);
    out.push_back(base::dump_json({{"workflow", row.name},
                                   {"version", row.version},
                                   {"hash", row.hash},
                                   {"active", row.active != 0},
                                   {"new_cases", way(row.name, "new_cases")},
                                   {"automatic_replies", way(row.name, "automatic_replies")},
                                   {"open_cases", open == cases->end() ? 0 : open->second}}));
  }
  return out;
}

}  // namespace redress
