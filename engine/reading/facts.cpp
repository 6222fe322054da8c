// What came true, read from the journal: each patch of a row that people or other systems care about is one fact.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/time.hpp"
#include "expression/near.hpp"
#include "reading/rows.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress {
namespace {

using namespace reading;

// One journal row being read, and its case as it is now: names and texts come from there, states from the patch.
struct Page {
  Store& store;
  std::map<std::int64_t, CaseRecord> cases{};
  FactPage out{};
};

struct Here {
  const JournalRow& row;
  const CaseRecord& record;
  std::vector<Fact>& out;
  int number = 0;
};

std::string string_in(const Json& set, const char* field) {
  const auto found = set.find(field);
  return found != set.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_in(const Json& set, const char* field) {
  const auto found = set.find(field);
  return found != set.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

void add(Here& here, const std::string& type, const char* what, Json thing, const std::string& department = "",
         const std::string& role = "") {
  const std::string id = std::to_string(here.row.id) + "-" + std::to_string(++here.number);
  Json json = {{"id", id}, {"type", type}, {"at", instant_json(here.row.at_ms)}, {"seq", here.row.seq}};
  json["case"] = text_json(here.record.row.reference);
  json["event"] = here.row.event;
  json[what] = std::move(thing);
  here.out.push_back({.row_id = here.row.id,
                      .number = here.number,
                      .id = id,
                      .type = type,
                      .case_reference = here.record.row.reference,
                      .department = department,
                      .role = role,
                      .json = base::dump_json(json)});
}

void add_case(Here& here, const Json& set, bool is_new) {
  const CaseRow& row = here.record.row;
  Json thing = {{"workflow", row.workflow}, {"category", text_json(row.category)}, {"priority", text_json(row.priority)}};
  if (is_new) add(here, "case.opened", "what", thing);
  if (const std::string state = string_in(set, "state"); !state.empty() && !is_new) add(here, "case." + state, "what", thing);
  if (number_in(set, "set_aside") != 0) add(here, "case.set_aside", "what", thing);
  for (const char* deadline : {"first_reply", "resolution"}) {
    const std::string state = string_in(set, deadline);
    if (state == "at_risk" || state == "met" || state == "breached")
      add(here, std::string(deadline) + "." + state, "what",
          {{"due_at",
            instant_json(std::string(deadline) == "first_reply" ? row.first_reply_due_at_ms : row.resolution_due_at_ms)}});
  }
}

void add_commitment(Here& here, std::int64_t id, const Json& set) {
  const auto found = here.record.commitments.find(id);
  if (found == here.record.commitments.end()) return;
  const CommitmentRow& row = found->second;
  const MemberRow* member = find_member(here.record, id, here.record.row.episode);
  const std::string state = string_in(set, "state");
  const auto tell = [&](const std::string& type) {
    Json thing = {{"id", id}, {"department", row.department}, {"action", row.action}};
    thing["name"] = member ? text_json(member->name) : Json();
    thing["due_at"] = instant_json(row.due_at_ms);
    thing["promised_at"] = instant_json(row.promised_at_ms);
    add(here, type, "commitment", std::move(thing), row.department);
  };
  if (!state.empty()) tell("commitment." + state);
  if (const std::string due = string_in(set, "due"); due == "at_risk" || due == "overdue") tell("commitment." + due);
  if (state.empty() && number_in(set, "promised_at_ms") != 0) tell("commitment.promised");
}

void add_reply(Here& here, std::int64_t id, const Json& set) {
  const auto found = here.record.replies.find(id);
  const std::string state = string_in(set, "state");
  if (found == here.record.replies.end() || state.empty()) return;
  const ReplyRow& row = found->second;
  Json thing = {
      {"id", id}, {"name", row.name}, {"channel", text_json(row.channel)}, {"in_reply_to", text_json(row.in_reply_to)}};
  if (state == "published") thing["text"] = content_json(here.record, row.text);  // It is public.
  add(here, "reply." + state, "reply", std::move(thing));
}

void add_task(Here& here, std::int64_t id, const Json& set, bool is_new) {
  const auto found = here.record.tasks.find(id);
  if (found == here.record.tasks.end()) return;
  const TaskRow& row = found->second;
  const bool done = number_in(set, "done_at_ms") != 0;
  if (!is_new && !done && string_in(set, "role").empty()) return;
  Json thing = {{"id", id}, {"role", row.role}, {"what", row.what}, {"due_at", instant_json(row.due_at_ms)}};
  add(here, done ? "task.done" : is_new ? "task.opened" : "task.readdressed", "task", std::move(thing), "", row.role);
}

void add_post(Here& here, const Json& set, bool is_new) {
  if (!is_new) return;
  const std::string fate = string_in(set, "fate");
  Json thing = {{"channel", text_json(string_in(set, "channel"))}, {"id", string_in(set, "post_id")}};
  add(here, "post." + (fate.empty() ? std::string(to_string(PostRow{}.fate)) : fate), "post", std::move(thing));
}

// A case's own change comes after what led to it in the same row, but for its opening.
void add_patch(Here& here, const Json& patch, bool of_case) {
  const auto set = patch.find("set");
  if (set == patch.end() || !set->is_object()) return;
  const std::string table = string_in(patch, "row");
  const std::int64_t id = number_in(patch, "id");
  const auto fresh = patch.find("new");
  const bool is_new = fresh != patch.end() && fresh->is_boolean() && fresh->get<bool>();
  if (table == "cases" && id != 0 && is_new != of_case) add_case(here, *set, is_new);
  if (of_case) return;
  if (table == "posts") add_post(here, *set, is_new);
  if (table == "commitments") add_commitment(here, id, *set);
  if (table == "replies") add_reply(here, id, *set);
  if (table == "tasks") add_task(here, id, *set, is_new);
}

Result<void> add_row(Page& page, const JournalRow& row) {
  const auto entry = base::parse_json(row.entry, limits::workflow_bytes_max * 16);
  const auto changes = entry && entry->is_object() ? entry->find("changes") : Json::const_iterator();
  if (!entry || !entry->is_object() || changes == entry->end() || !changes->is_array())
    return {Code::corrupt, "journal row " + std::to_string(row.id) + " cannot be read; run redress audit"};
  auto known = page.cases.find(row.case_id);
  if (known == page.cases.end()) {
    auto loaded = page.store.load_case(row.case_id);
    if (!loaded) return loaded.error();
    known = page.cases.emplace(row.case_id, std::move(*loaded)).first;
  }
  Here here{row, known->second, page.out.facts};
  for (const bool of_case : {false, true}) {
    for (const Json& patch : *changes)
      if (patch.is_object()) add_patch(here, patch, of_case);
  }
  page.out.last_row_id = row.id;
  return {};
}

// States of a row, told as they stand.
template <class State>
void add_types(const std::string& noun, State last, std::vector<std::string>& out) {
  for (int i = 0; i <= static_cast<int>(last); ++i) out.push_back(noun + "." + std::string(to_string(static_cast<State>(i))));
}

std::vector<std::string> all_types() {
  std::vector<std::string> out;
  add_types("post", PostFate::rejected, out);
  // A case that is new is opened, whatever its state.
  for (const char* state : {"opened", "active", "waiting_customer", "resolved", "closed", "set_aside"})
    out.push_back(std::string("case.") + state);
  for (const char* deadline : {"first_reply", "resolution"})
    for (const char* state : {"at_risk", "met", "breached"}) out.push_back(std::string(deadline) + "." + state);
  add_types("commitment", CommitmentState::undone, out);
  for (const char* what : {"at_risk", "overdue", "promised"}) out.push_back(std::string("commitment.") + what);
  add_types("reply", ReplyState::replaced, out);
  for (const char* what : {"opened", "readdressed", "done"}) out.push_back(std::string("task.") + what);
  return out;
}

std::vector<std::string> names_of_facts() {
  std::vector<std::string> out;
  for (const std::string& type : fact_types()) {
    std::string noun = type.substr(0, type.find('.')) + ".*";
    if (std::find(out.begin(), out.end(), noun) == out.end()) out.push_back(std::move(noun));
  }
  out.insert(out.end(), fact_types().begin(), fact_types().end());
  return out;
}

}  // namespace

const std::vector<std::string>& fact_types() {
  static const std::vector<std::string> types = all_types();
  return types;
}

Result<void> check_fact_name(std::string_view name) {
  const std::vector<std::string> names = names_of_facts();
  if (name == "*" || std::find(names.begin(), names.end(), name) != names.end()) return {};
  return {Code::invalid, "\"" + std::string(name.substr(0, limits::name_bytes_max)) + "\" names no event" +
                             expression::advice(name, names, "there are")};
}

Result<FactPage> list_facts(Store& store, std::int64_t after_row_id, std::size_t rows_max) {
  Page page{store};
  page.out.last_row_id = after_row_id;
  const auto rows = store.journal_since(after_row_id, std::min(rows_max, limits::page_rows_max));
  if (!rows) return rows.error();
  for (const JournalRow& row : *rows) {
    if (const auto added = add_row(page, row); !added) return added.error();
  }
  return std::move(page.out);
}

}  // namespace redress
