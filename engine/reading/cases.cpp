// Lists of cases, and one case whole.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "reading/rows.hpp"
#include "reading/waits.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress {
namespace {

using namespace reading;

// What keeps the case's effects from being called, each once: ["plugin maintenance missing"].
Json blocked_json(const CaseRecord& record) {
  Json out = Json::array();
  for (const auto& [id, effect] : record.effects) {
    if (!effect.blocked.empty() && std::find(out.begin(), out.end(), Json(effect.blocked)) == out.end())
      out.push_back(effect.blocked);
  }
  return out;
}

Result<Json> case_with_waits(Store& store, const CaseRecord& record, Documents& documents) {
  const Result<std::string> prior = reference_of(store, record.row.prior_case);
  if (!prior) return prior.error();
  const auto waits = waits_for(record, documents);
  if (!waits) return waits.error();
  Json out = case_json(record, *prior);
  out["blocked"] = blocked_json(record);
  out["waits_for"] = *waits;
  out["seq"] = record.row.version;  // Of its latest journal row: what an act may name as the state that it was decided on.
  return out;
}

// What people see of a post: export's fields, who wrote it and what. Null where erased.
Json whole_post_json(const CaseRecord& record, const PostRow& post) {
  Json out = post_json(post, record.row.reference);
  const Json profile = content_json(record, post.author_profile);
  out["author"] = profile.is_string() ? stored_json(profile.get<std::string>()) : Json();
  out["verified"] = post.verified != 0;
  out["followers"] = post.followers;
  out["url"] = text_json(post.url);
  out["text"] = content_json(record, post.text);
  return out;
}

Json effects_json(const CaseRecord& record) {
  Json out = Json::array();
  for (const auto& [id, effect] : record.effects) out.push_back(effect_json(record, effect));
  return out;
}

}  // namespace

Result<std::vector<std::string>> list_cases(Store& store, std::int64_t after, std::size_t limit) {
  const auto page = store.cases(after, std::min(limit, limits::page_rows_max));
  if (!page) return page.error();
  Documents documents(store);
  std::vector<std::string> out;
  for (const CaseRow& row : *page) {
    const Result<CaseRecord> record = store.load_case(row.id);
    if (!record) return record.error();
    Result<Json> json = case_with_waits(store, *record, documents);
    if (!json) return json.error();
    (*json)["id"] = row.id;  // What the next page starts after.
    out.push_back(base::dump_json(*json));
  }
  return out;
}

Result<std::string> show_case(Store& store, std::string_view reference) {
  const Result<CaseRecord> record = load_reference(store, reference);
  if (!record) return record.error();
  Documents documents(store);
  Result<Json> json = case_with_waits(store, *record, documents);
  if (!json) return json.error();
  const Result<std::vector<Json>> commitments = commitments_json(*record);
  if (!commitments) return commitments.error();
  const Json data = content_json(*record, record->row.data);
  Json& out = *json;
  out["data"] = data.is_string() ? stored_json(data.get<std::string>()) : Json();
  out["pending"] = record->row.pending.empty() ? Json::array() : stored_json(record->row.pending);
  out["posts"] = Json::array();
  for (const auto& [id, post] : record->posts) out["posts"].push_back(whole_post_json(*record, post));
  out["commitments"] = *commitments;
  for (Json& commitment : out["commitments"]) {
    const auto row = record->commitments.find(commitment.at("id").get<std::int64_t>());
    const Json input = content_json(*record, row->second.input);
    commitment["input"] = input.is_string() ? stored_json(input.get<std::string>()) : Json();
  }
  out["replies"] = replies_json(*record);
  out["effects"] = effects_json(*record);
  out["timers"] = timers_json(*record);
  out["tasks"] = tasks_json(*record);
  return base::dump_json(out);
}

}  // namespace redress
