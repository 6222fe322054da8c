// The Draft: finders, texts, timers, tasks, and the one door to the lifecycles.
#include "path/draft.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace redress::path {

Json to_json(const Event& event) {
  Json json = {{"name", event.name}, {"at_ms", event.at_ms}};
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  put("subject", event.subject);
  put("form", event.form);
  put("text", event.text);
  put("reason", event.reason);
  put("by", event.by);
  if (event.instance != 0) json["instance"] = event.instance;
  if (event.episode != 0) json["episode"] = event.episode;
  return json;
}

Event event_from_json(const Json& json) {
  Event event;
  event.name = json.value("name", "");
  event.at_ms = json.value("at_ms", std::int64_t{0});
  event.subject = json.value("subject", "");
  event.form = json.value("form", "");
  event.text = json.value("text", "");
  event.reason = json.value("reason", "");
  event.by = json.value("by", "");
  event.instance = json.value("instance", std::int64_t{0});
  event.episode = json.value("episode", std::int64_t{0});
  return event;
}

std::string reference_of(std::int64_t case_id) {
  std::string number = std::to_string(case_id);
  if (number.size() < 6) number.insert(0, 6 - number.size(), '0');
  return "C-" + number;
}

std::string late_subject(const std::string& subject) { return "late:" + subject; }
std::string commitment_subject(std::int64_t id) { return "commitment:" + std::to_string(id); }
std::string reply_subject(std::int64_t id) { return "reply:" + std::to_string(id); }

Draft::Draft(CaseRecord before, std::shared_ptr<const workflow::Workflow> the_workflow, Supply& the_supply, std::int64_t at_ms)
    : record(std::move(before)),
      workflow(std::move(the_workflow)),
      supply(the_supply),
      now_ms(at_ms),
      what(Json::object()),
      rules(Json::array()),
      ignored(Json::array()) {
  load_memory();
}

std::string Draft::put_text(std::string_view content) {
  if (content.empty()) return "";
  std::string& known = digest_of_content_[std::string(content)];
  if (known.empty()) {
    TextRow row;
    row.id = supply.next_id(Table::texts);
    row.case_id = record.row.id;
    row.salt = supply.salt();
    row.content = content;
    row.digest = base::sha256_hex(row.salt + row.content);
    known = row.digest;
    record.texts.emplace(row.digest, row);
  }
  return known;
}

std::string Draft::text(std::string_view digest) const {
  const auto found = record.texts.find(std::string(digest));
  return found == record.texts.end() ? "" : found->second.content;
}

Draft::Held Draft::latest(std::string_view name, std::int64_t episode) {
  Held best;
  for (auto& [id, member] : record.members) {
    if (member.name != name || member.episode != episode) continue;
    if (!best || member.instance > best.member->instance) best = {&member, &commitment(member.commitment_id)};
  }
  return best;
}

Draft::Held Draft::latest_of_any(std::string_view name) {
  Held best;
  for (auto& [id, member] : record.members) {
    if (member.name != name) continue;
    if (!best || member.instance > best.member->instance) best = {&member, &commitment(member.commitment_id)};
  }
  return best;
}

Draft::Held Draft::member_of(std::int64_t commitment_id) {
  for (auto& [id, member] : record.members) {
    if (member.commitment_id == commitment_id) return {&member, &commitment(commitment_id)};
  }
  return {};
}

CommitmentRow& Draft::commitment(std::int64_t id) { return record.commitments.at(id); }

lifecycle::CaseFacts Draft::facts() const {
  lifecycle::CaseFacts facts;
  for (const auto& [id, commitment] : record.commitments) facts.open_commitments += is_open(commitment.state) ? 1 : 0;
  for (const auto& [id, reply] : record.replies) facts.unsettled_replies += is_unsettled(reply.state) ? 1 : 0;
  return facts;
}

EffectRow* Draft::effect_of(std::string_view verb, std::int64_t subject_id) {
  for (auto& [id, effect] : record.effects) {
    if (effect.verb == verb && effect.subject_id == subject_id) return &effect;
  }
  return nullptr;
}

const workflow::CommitmentSpec& Draft::spec_of(std::int64_t commitment_id) {
  const Held held = member_of(commitment_id);
  const workflow::CommitmentSpec* spec = held ? workflow->find_commitment(held.member->name) : nullptr;
  if (spec == nullptr)
    throw ReactionError{"commitment " + std::to_string(commitment_id) + " is not in workflow " + workflow->id};
  return *spec;
}

std::string Draft::state_names() const {
  std::string names;
  for (const int state : workflow ? statechart::atomic_states(workflow->chart, memory) : std::vector<int>{})
    names += (names.empty() ? "" : ", ") + workflow->state(state).path;
  return names;
}

bool Draft::in_final_state() const {
  const statechart::Chart& chart = workflow->chart;
  return std::any_of(memory.active.begin(), memory.active.end(), [&](int state) {
    return chart.at(state).kind == statechart::Kind::final && chart.at(state).parent == statechart::root;
  });
}

void Draft::load_memory() {
  memory = {};
  if (!workflow) return;
  const statechart::Chart& chart = workflow->chart;
  const auto states_of = [&](const Json& paths) {
    std::vector<int> states;
    for (const Json& path : paths.is_array() ? paths : Json::array()) {
      const int state = path.is_string() ? chart.find(path.get<std::string>()) : statechart::nothing;
      if (state != statechart::nothing) states.push_back(state);
    }
    return states;
  };
  memory.active = statechart::with_ancestors(chart, states_of(Json::parse(record.row.configuration, nullptr, false)));
  const Json history = Json::parse(record.row.history, nullptr, false);
  if (!history.is_object()) return;
  for (const auto& [path, behind] : history.items()) {
    if (const int state = chart.find(path); state != statechart::nothing) memory.history[state] = states_of(behind);
  }
}

void Draft::keep_memory() {
  const statechart::Chart& chart = workflow->chart;
  const auto paths_of = [&](const std::vector<int>& states) {
    Json paths = Json::array();
    for (const int state : states) paths.push_back(chart.at(state).path);
    return paths;
  };
  record.row.configuration = base::dump_json(paths_of(statechart::atomic_states(chart, memory)));
  Json history = Json::object();
  for (const auto& [state, behind] : memory.history) history[chart.at(state).path] = paths_of(behind);
  record.row.history = history.empty() ? "" : base::dump_json(history);
}

void Draft::set_timer(const std::string& name, std::int64_t due_at_ms) {
  for (auto& [id, timer] : record.timers) {
    if (timer.name != name) continue;
    timer.due_at_ms = due_at_ms;
    return;
  }
  const std::int64_t id = supply.next_id(Table::timers);
  record.timers[id] = {.id = id, .case_id = record.row.id, .name = name, .due_at_ms = due_at_ms};
}

void Draft::drop_timer(std::string_view name) {
  std::erase_if(record.timers, [&](const auto& entry) { return entry.second.name == name; });
}

void Draft::drop_timers_of(std::string_view prefix) {
  std::erase_if(record.timers, [&](const auto& entry) { return entry.second.name.starts_with(prefix); });
}

void Draft::open_task(const std::string& subject, const std::string& role, const std::string& what_to_do,
                      std::int64_t due_at_ms) {
  for (auto& [id, task] : record.tasks) {
    if (task.subject != subject || task.done_at_ms != 0) continue;
    task.role = role;
    task.what = what_to_do;
    if (due_at_ms != 0) task.due_at_ms = due_at_ms;
    return;
  }
  const std::int64_t id = supply.next_id(Table::tasks);
  record.tasks[id] = {.id = id,
                      .case_id = record.row.id,
                      .subject = subject,
                      .role = role,
                      .what = what_to_do,
                      .since_ms = now_ms,
                      .due_at_ms = due_at_ms};
}

void Draft::close_task(std::string_view subject) {
  const std::string late = late_subject(std::string(subject));
  for (auto& [id, task] : record.tasks) {
    if ((task.subject == subject || task.subject == late) && task.done_at_ms == 0)
      task.done_at_ms = std::max<std::int64_t>(now_ms, 1);
  }
}

const TaskRow* Draft::find_task(std::string_view subject) const {
  for (const auto& [id, task] : record.tasks) {
    if (task.subject == subject && task.done_at_ms == 0) return &task;
  }
  return nullptr;
}

void Draft::raise(Event raised_event) {
  raised_event.at_ms = now_ms;
  raised.push_back(std::move(raised_event));
}

void Draft::note(std::string line) { what["notes"].push_back(std::move(line)); }

void Draft::keep_episode() {
  const CaseRow& row = record.row;
  const std::int64_t id = supply.next_id(Table::episodes);
  record.episodes[id] = {.id = id,
                         .case_id = row.id,
                         .episode = row.episode,
                         .began_at_ms = row.episode_at_ms,
                         .resolved_at_ms = row.resolved_at_ms,
                         .first_reply = row.first_reply,
                         .first_reply_due_at_ms = row.first_reply_due_at_ms,
                         .first_reply_met_at_ms = row.first_reply_met_at_ms,
                         .resolution = row.resolution,
                         .resolution_due_at_ms = row.resolution_due_at_ms,
                         .resolution_met_at_ms = row.resolution_met_at_ms};
}

bool Draft::move(lifecycle::CaseEvent case_event, const lifecycle::CaseFacts& facts) {
  CaseRow& row = record.row;
  const auto step = lifecycle::step({row.state, row.first_reply, row.resolution}, case_event, facts);
  why_not = step.reason;
  if (step.verdict != lifecycle::Verdict::applied) return false;
  row.state = step.states.state;
  row.first_reply = step.states.first_reply;
  row.resolution = step.states.resolution;
  return true;
}

bool Draft::move(CommitmentRow& row, lifecycle::CommitmentEvent commitment_event, const lifecycle::CommitmentFacts& facts) {
  const auto step = lifecycle::step({row.state, row.due}, commitment_event, facts);
  why_not = step.reason;
  if (step.verdict != lifecycle::Verdict::applied) return false;
  row.state = step.states.state;
  row.due = step.states.due;
  commitments_changed.insert(row.id);
  return true;
}

bool Draft::move(ReplyRow& row, lifecycle::ReplyEvent reply_event, const lifecycle::ReplyFacts& facts) {
  const auto step = lifecycle::step(row.state, reply_event, facts);
  why_not = step.reason;
  if (step.verdict != lifecycle::Verdict::applied) return false;
  row.state = step.states;
  return true;
}

}  // namespace redress::path
