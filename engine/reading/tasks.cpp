// People's task lists: what is asked of a role, and the command and form that settle it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "reading/acts.hpp"
#include "reading/rows.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress {
namespace {

using namespace reading;

// The subject by its kind, with what a commitment was asked for.
void put_subject(Json& out, const CaseRecord& record, const TaskRow& task) {
  const Subject subject = subject_of(task.subject);
  if (subject.kind == "commitment") {
    out["commitment"] = subject.id;
    const auto found = record.commitments.find(subject.id);
    if (found == record.commitments.end()) return;
    const MemberRow* member = find_member(record, subject.id, record.row.episode);
    out["name"] = member ? Json(member->name) : Json();
    const Json input = content_json(record, found->second.input);
    out["input"] = input.is_string() ? stored_json(input.get<std::string>()) : Json();
  } else if (subject.kind == "reply") {
    out["reply"] = subject.id;
    const auto found = record.replies.find(subject.id);
    if (found == record.replies.end()) return;
    out["name"] = found->second.name;
  } else if (subject.kind == "state" || subject.kind == "event") {
    out[subject.kind] = subject.name;
  } else if (subject.kind == "sla") {
    out["deadline"] = subject.name;
  }
}

Result<Json> whole_task_json(const CaseRecord& record, const TaskRow& task, Documents& documents) {
  const auto acts = acts_of_task(record, task, documents);
  if (!acts) return acts.error();
  Json out = task_json(task, record.row.reference);
  put_subject(out, record, task);
  put_what_is_judged(out, record, subject_of(task.subject));
  out["post"] = opening_text_json(record);
  put_acts(out, *acts);
  return out;
}

}  // namespace

Result<std::vector<std::string>> list_tasks(Store& store, std::string_view role, std::int64_t after, std::size_t limit) {
  const auto page = store.open_tasks(role, after, std::min(limit, limits::page_rows_max));
  if (!page) return page.error();
  Documents documents(store);
  std::optional<CaseRecord> record;  // The last one: a case's tasks mostly follow each other.
  std::vector<std::string> out;
  for (const TaskRow& task : *page) {
    if (!record || record->row.id != task.case_id) {
      Result<CaseRecord> loaded = store.load_case(task.case_id);
      if (!loaded) return loaded.error();
      record = std::move(*loaded);
    }
    const Result<Json> json = whole_task_json(*record, task, documents);
    if (!json) return json.error();
    out.push_back(base::dump_json(*json));
  }
  return out;
}

}  // namespace redress
