// `why`: what a case waits for and who can act, and from its journal which rules fired or did not, and on which part.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "reading/rows.hpp"
#include "reading/waits.hpp"
#include "redress/reading.hpp"

namespace redress {
namespace {

using namespace reading;

constexpr std::int64_t history_rows = 50;  // The latest; the whole is in the export.

// A member of the entry as it stands; an empty array where the entry does not have it.
Json list_of(const Json& entry, const char* name) {
  const auto found = entry.is_object() ? entry.find(name) : entry.end();
  return entry.is_object() && found != entry.end() ? *found : Json::array();
}

// Why a rule fired or not may quote people, and is then kept apart.
Json rules_json(const CaseRecord& record, Json rules) {
  for (Json& rule : rules)
    if (rule.is_object() && rule.contains("why") && rule["why"].is_string())
      rule["why"] = line_json(record, rule["why"].get<std::string>());
  return rules;
}

Json step_json(const CaseRecord& record, const JournalRow& row) {
  const Json entry = stored_json(row.entry);
  Json out;
  out["seq"] = row.seq;
  out["at"] = instant_json(row.at_ms);
  out["event"] = row.event;
  out["what"] = entry.is_object() && entry.contains("what") ? entry["what"] : Json();
  out["rules"] = rules_json(record, list_of(entry, "rules"));
  out["ignored"] = list_of(entry, "ignored");
  return out;
}

Result<Json> history_json(Store& store, const CaseRecord& record) {
  const CaseRow& row = record.row;
  const std::int64_t before = std::max<std::int64_t>(row.version - history_rows, 0);
  const auto page = store.journal(row.id, before, static_cast<std::size_t>(history_rows));
  if (!page) return page.error();
  Json out = Json::array();
  for (const JournalRow& step : *page) out.push_back(step_json(record, step));
  return out;
}

}  // namespace

Result<std::string> explain_case(Store& store, std::string_view reference) {
  const Result<CaseRecord> record = load_reference(store, reference);
  if (!record) return record.error();
  Documents documents(store);
  const auto waits = waits_for(*record, documents);
  if (!waits) return waits.error();
  const Result<Json> history = history_json(store, *record);
  if (!history) return history.error();
  const Json row = case_json(*record, "");
  Json out;
  for (const char* name :
       {"reference", "workflow", "version", "state", "configuration", "episode", "set_aside", "set_aside_reason"})
    out[name] = row[name];
  out["post"] = opening_text_json(*record);
  out["waits_for"] = *waits;
  out["history"] = *history;
  return base::dump_json(out);
}

}  // namespace redress
