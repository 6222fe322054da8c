// The workflows and manifests that a store keeps, read as plain JSON.
#include "reading/documents.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/schema.hpp"
#include "reading/rows.hpp"
#include "redress/limits.hpp"

namespace redress::reading {
namespace {

std::shared_ptr<const Json> parse_document(const DocumentRow& document) {
  Result<Json> json = base::parse_json(document.content, limits::workflow_bytes_max);
  return json && json->is_object() ? std::make_shared<const Json>(std::move(*json)) : nullptr;
}

// Null where `json` is null, is not an object, or has no such member.
const Json* member(const Json* json, std::string_view name) {
  if (!json || !json->is_object()) return nullptr;
  const auto found = json->find(std::string(name));
  return found == json->end() ? nullptr : &*found;
}

std::string string_member(const Json& json, std::string_view name) {
  const Json* found = member(&json, name);
  return found && found->is_string() ? found->get<std::string>() : std::string();
}

// A full state path, "a.b.c", down the nested `states`.
const Json* find_state(const Json* workflow, std::string_view path) {
  const Json* state = workflow;
  while (state && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    state = member(member(state, "states"), path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return state;
}

// "a.b.c", "a.b", "a" for each active state: a parent's acts are offered as well, once.
std::vector<std::string> active_states(const CaseRow& row) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  const Json configuration = stored_json(row.configuration);
  if (!configuration.is_array()) return out;
  for (const Json& item : configuration) {
    if (!item.is_string()) continue;
    for (std::string path = item.get<std::string>(); !path.empty();) {
      if (seen.insert(path).second) out.push_back(path);
      const std::size_t dot = path.rfind('.');
      path.resize(dot == std::string::npos ? 0 : dot);
    }
  }
  return out;
}

std::shared_ptr<const Json> form_schema(const Json& manual) {
  const Json* form = member(&manual, "form");
  return form && form->is_object() ? std::make_shared<const Json>(base::schema_of_fields(*form)) : nullptr;
}

}  // namespace

Result<std::shared_ptr<const Json>> Documents::workflow(const std::string& hash) {
  if (const auto found = workflows_.find(hash); found != workflows_.end()) return found->second;
  const auto document = store_.find_document("workflow", hash);
  if (!document) return document.error();
  return workflows_[hash] = *document ? parse_document(**document) : nullptr;
}

Result<void> Documents::read_manifests() {
  if (manifests_read_) return {};
  std::set<std::string> active;
  for (std::int64_t after = 0;;) {
    const auto page = store_.documents("manifest", after, limits::page_rows_max);
    if (!page) return page.error();
    if (page->empty()) break;
    for (const DocumentRow& document : *page) {
      if (document.active == 0 && active.contains(document.name)) continue;
      if (document.active != 0) active.insert(document.name);
      manifests_[document.name] = parse_document(document);
    }
    after = page->back().id;
  }
  manifests_read_ = true;
  return {};
}

Result<std::vector<Manual>> Documents::manuals(const CaseRow& row) {
  const auto text = workflow(row.workflow_hash);
  if (!text) return text.error();
  std::vector<Manual> out;
  for (const std::string& path : active_states(row)) {
    const Json* manual = member(find_state(text->get(), path), "manual");
    if (!manual || !manual->is_object()) continue;
    for (const auto& item : manual->items())
      out.push_back({path, item.key(), string_member(item.value(), "role"), form_schema(item.value())});
  }
  return out;
}

Result<const Json*> Documents::contract(const std::string& department, const std::string& action) {
  if (const Result<void> read = read_manifests(); !read) return read.error();
  const auto found = manifests_.find(department);
  return found == manifests_.end() ? nullptr : member(member(found->second.get(), "actions"), action);
}

Result<std::shared_ptr<const Json>> Documents::evidence_schema(const std::string& department, const std::string& action) {
  const Result<const Json*> found = contract(department, action);
  if (!found) return found.error();
  const Json* evidence = member(*found, "evidence");
  return evidence ? std::make_shared<const Json>(*evidence) : std::shared_ptr<const Json>();
}

Result<std::shared_ptr<const Json>> Documents::undo_evidence_schema(const std::string& department, const std::string& action) {
  const Result<const Json*> found = contract(department, action);
  if (!found) return found.error();
  const Json* undo = member(*found, "undo");
  if (!undo || !undo->is_string()) return std::shared_ptr<const Json>();
  return evidence_schema(department, undo->get<std::string>());
}

Result<bool> Documents::is_revocable(const std::string& department, const std::string& action) {
  const Result<const Json*> found = contract(department, action);
  if (!found) return found.error();
  const Json* revocable = member(*found, "revocable");
  return revocable && revocable->is_boolean() && revocable->get<bool>();
}

Result<std::string> Documents::after_delay(const CaseRow& row, std::string_view state, std::size_t index) {
  const auto text = workflow(row.workflow_hash);
  if (!text) return text.error();
  const Json* after = member(find_state(text->get(), state), "after");
  if (!after || !after->is_object() || index >= after->size()) return std::string();
  return std::next(after->begin(), static_cast<std::ptrdiff_t>(index)).key();
}

}  // namespace redress::reading
