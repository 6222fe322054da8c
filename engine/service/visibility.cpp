// Whole, a part, or not there: decided from the case's workflow, commitments and tasks.
#include "service/visibility.hpp"

#include <array>

namespace redress::service {
namespace {

std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json only(const Json& json, std::initializer_list<const char*> names) {
  Json out = Json::object();
  for (const char* name : names)
    if (const auto found = json.find(name); found != json.end()) out[name] = *found;
  return out;
}

Json bare_case(const Json& shown) {
  return only(shown, {"reference", "id", "workflow", "version", "state", "episode", "category", "priority", "seq", "opened_at",
                      "resolved_at", "closed_at", "first_reply", "resolution"});
}

Result<bool> is_of_its_people(Context& context, const Viewer& viewer, const std::string& workflow_hash) {
  if (viewer.sees_everything()) return true;
  const auto people = context.people_of_workflow(workflow_hash);
  if (!people) return people.error();
  for (const std::string& role : *people)
    if (viewer.has(role)) return true;
  return false;
}

}  // namespace

Result<bool> sees_whole(Context& context, const Viewer& viewer, std::string_view case_reference) {
  if (viewer.sees_everything()) return true;
  const auto id = context.reader().find_case(case_reference);
  if (!id) return id.error();
  if (!*id) return false;
  const auto rows = context.reader().cases(**id - 1, 1);
  if (!rows) return rows.error();
  if (rows->empty()) return false;
  return is_of_its_people(context, viewer, rows->front().workflow_hash);
}

Result<std::optional<Json>> visible_case(Context& context, const Viewer& viewer, Json shown) {
  const auto whole = is_of_its_people(context, viewer, text_in(shown, "workflow_hash"));
  if (!whole) return whole.error();
  if (*whole) return std::optional(std::move(shown));
  Json out = bare_case(shown);
  out["commitments"] = Json::array();
  for (const Json& commitment : shown.value("commitments", Json::array())) {
    if (viewer.has(text_in(commitment, "department")) || viewer.has(text_in(commitment, "approval_role")))
      out["commitments"].push_back(commitment);
  }
  out["tasks"] = Json::array();
  for (const Json& task : shown.value("tasks", Json::array()))
    if (viewer.has(text_in(task, "role")))
      out["tasks"].push_back(only(task, {"id", "case", "role", "what", "since", "due_at", "subject"}));
  if (out["commitments"].empty() && out["tasks"].empty()) return std::optional<Json>();
  return std::optional(std::move(out));
}

Result<std::optional<Json>> visible_task(Context& context, const Viewer& viewer, Json task) {
  if (!viewer.has(text_in(task, "role")) && !viewer.sees_everything()) return std::optional<Json>();
  const auto whole = sees_whole(context, viewer, text_in(task, "case"));
  if (!whole) return whole.error();
  if (*whole) return std::optional(std::move(task));
  return std::optional(only(task, {"id", "case", "role", "what", "since", "due_at", "subject", "commitment", "reply", "act",
                                   "http", "act_role", "form", "acts"}));
}

Result<bool> is_visible(Context& context, const Viewer& viewer, const Fact& fact) {
  if (viewer.sees_everything()) return true;
  if (fact.case_reference.empty()) return false;
  if (viewer.has(fact.department) || viewer.has(fact.role)) return true;
  return sees_whole(context, viewer, fact.case_reference);
}

}  // namespace redress::service
