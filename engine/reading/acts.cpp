// Acts: which command settles what waits for a person.
#include "reading/acts.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "reading/rows.hpp"
#include "store/tasks.hpp"

namespace redress::reading {
namespace {

constexpr int sample_depth_max = 8;  // Deeper forms are for a file, not for a command line.

// An act as the command line and the HTTP service name it; {}: its subject.
struct Way {
  const char* command;
  const char* path;
};
constexpr Way decide{"redress decide {}", "/v1/commitments/{}/outcome"};
constexpr Way approve{"redress approve {}", "/v1/commitments/{}/approval"};
constexpr Way review{"redress review {}", "/v1/replies/{}/review"};
constexpr Way settle{"redress settle {}", "/v1/replies/{}/settlement"};
constexpr Way send_event{"redress event {}", "/v1/cases/{}/events"};
constexpr Way retry_or_skip{"redress case retry|skip {}", "/v1/cases/{}/retry"};
constexpr Way skip{"redress case skip {}", "/v1/cases/{}/skip"};
constexpr Way finish{"redress task done {}", "/v1/tasks/{}/done"};

std::string filled(std::string text, const std::string& subject) { return text.replace(text.find("{}"), 2, subject); }

// `options`: what the command takes besides.
PersonAct act_of(const Way& way, const std::string& role, const std::string& subject, const std::string& options = "",
                 std::shared_ptr<const Json> form = nullptr) {
  return {.role = role,
          .command = filled(way.command, subject) + (options.empty() ? "" : " ") + options + " --as NAME",
          .request = {.path = filled(way.path, subject)},
          .form = std::move(form)};
}

// The act with a field of its request that tells it from the other acts of its path.
PersonAct fixed(PersonAct act, const char* field, const std::string& value) {
  act.request.body[field] = value;
  return act;
}

PersonAct chosen(PersonAct act, const char* field, Json values) {
  act.request.choices[field] = std::move(values);
  return act;
}

PersonAct needing(PersonAct act, const char* field) {
  act.request.needs.emplace_back(field);
  return act;
}

Json sample_of(const Json& schema, int depth);

Json sample_object(const Json& schema, int depth) {
  Json out = Json::object();
  const auto required = schema.find("required");
  const auto properties = schema.find("properties");
  if (required == schema.end() || properties == schema.end()) return out;
  for (const Json& name : *required) {
    const auto property = properties->find(name.get<std::string>());
    out[name.get<std::string>()] = property == properties->end() ? Json("...") : sample_of(*property, depth + 1);
  }
  return out;
}

// The smallest thing that shows the schema's shape: required members alone, "..." for what a person writes.
Json sample_of(const Json& schema, int depth) {
  if (!schema.is_object() || depth > sample_depth_max) return "...";
  if (const auto one = schema.find("const"); one != schema.end()) return *one;
  if (const auto some = schema.find("enum"); some != schema.end() && !some->empty()) return some->front();
  const auto found = schema.find("type");
  const std::string type = found != schema.end() && found->is_string() ? found->get<std::string>() : "";
  if (type == "object") return sample_object(schema, depth);
  if (type == "array") return Json::array();
  if (type == "integer" || type == "number") return 0;
  if (type == "boolean") return false;
  return "...";
}

// In single quotes for a shell.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string sample_argument(const std::shared_ptr<const Json>& schema) {
  return schema ? shell_quoted(base::dump_json(sample_of(*schema, 0))) : std::string("'{...}'");
}

// The evidence of a commitment: what must be as in its input is filled in.
std::string sample_evidence(const CaseRecord& record, const CommitmentRow& row, const std::shared_ptr<const Json>& schema) {
  if (!schema) return "'{...}'";
  Json sample = sample_of(*schema, 0);
  const auto stored = record.texts.find(row.input);
  const Json input = stored == record.texts.end() ? Json() : Json::parse(stored->second.content, nullptr, false);
  const auto properties = schema->find("properties");
  for (auto& [name, value] : sample.items()) {
    if (properties == schema->end() || !properties->contains(name) || !input.is_object() || !input.contains(name)) continue;
    if ((*properties)[name].value("same_as_input", false)) value = input[name];
  }
  return shell_quoted(base::dump_json(sample));
}

bool is_undo_in_doubt(const CaseRecord& record, std::int64_t commitment_id) {
  for (const auto& [id, effect] : record.effects)
    if (effect.verb == "undo" && effect.subject_id == commitment_id && effect.state == EffectState::unknown) return true;
  return false;
}

bool is_blocked(const CaseRecord& record, std::int64_t commitment_id) {
  return std::any_of(record.effects.begin(), record.effects.end(), [&](const auto& entry) {
    const EffectRow& effect = entry.second;
    return effect.verb == "perform" && effect.subject_id == commitment_id && !effect.blocked.empty();
  });
}

PersonAct act_of_done(const CommitmentRow& row, const std::string& sample, const std::shared_ptr<const Json>& schema) {
  auto act = act_of(decide, row.department, std::to_string(row.id), "--outcome done --evidence " + sample, schema);
  return needing(fixed(std::move(act), "outcome", "done"), "evidence");
}

PersonAct verdict(const Way& way, const std::string& role, const std::string& id) {
  return chosen(act_of(way, role, id, "--approve|--refuse"), "approve", Json::array({true, false}));
}

Result<std::vector<PersonAct>> decisions(const CaseRecord& record, const CommitmentRow& row, Documents& documents) {
  const std::string id = std::to_string(row.id);
  if (is_undo_in_doubt(record, row.id)) {
    const auto schema = documents.undo_evidence_schema(row.department, row.action);
    if (!schema) return schema.error();
    return std::vector<PersonAct>{act_of_done(row, sample_argument(*schema), *schema),
                                  fixed(act_of(decide, row.department, id, "--outcome failed"), "outcome", "failed")};
  }
  const auto schema = documents.evidence_schema(row.department, row.action);
  if (!schema) return schema.error();
  return std::vector<PersonAct>{
      act_of_done(row, sample_evidence(record, row, *schema), *schema),
      chosen(act_of(decide, row.department, id, "--outcome declined|failed"), "outcome", Json::array({"declined", "failed"}))};
}

Result<std::vector<PersonAct>> revocation(const CommitmentRow& row, Documents& documents) {
  const Result<bool> revocable = documents.is_revocable(row.department, row.action);
  if (!revocable) return revocable.error();
  if (!*revocable) return std::vector<PersonAct>{};
  auto act = act_of(decide, row.department, std::to_string(row.id), "--outcome revoked");
  return std::vector<PersonAct>{fixed(std::move(act), "outcome", "revoked")};
}

}  // namespace

Subject subject_of(const std::string& text) {
  Subject out;
  const std::size_t colon = text.find(':');
  out.kind = text.substr(0, colon);
  if (colon == std::string::npos) return out;
  out.name = text.substr(colon + 1);
  const char* const end = out.name.data() + out.name.size();
  if (const auto read = std::from_chars(out.name.data(), end, out.id); read.ec != std::errc() || read.ptr != end) out.id = 0;
  return out;
}

Result<std::vector<PersonAct>> acts_of_commitment(const CaseRecord& record, std::int64_t commitment_id, Documents& documents) {
  const auto found = record.commitments.find(commitment_id);
  if (found == record.commitments.end()) return std::vector<PersonAct>{};
  const CommitmentRow& row = found->second;
  switch (row.state) {
    case CommitmentState::awaiting_approval:
      return std::vector<PersonAct>{verdict(approve, row.approval_role, std::to_string(commitment_id))};
    case CommitmentState::requested:
      if (!is_blocked(record, commitment_id)) return std::vector<PersonAct>{};
      [[fallthrough]];
    case CommitmentState::attempting:
    case CommitmentState::in_progress:
    case CommitmentState::unknown:
      return decisions(record, row, documents);
    case CommitmentState::fulfilled:
      return revocation(row, documents);
    default:
      return std::vector<PersonAct>{};
  }
}

std::vector<PersonAct> acts_of_reply(const CaseRecord& record, std::int64_t reply_id) {
  const auto found = record.replies.find(reply_id);
  if (found == record.replies.end()) return {};
  const ReplyRow& row = found->second;
  const std::string id = std::to_string(reply_id);
  const std::string waive = "--waive REASON";
  const PersonAct waived = needing(fixed(act_of(settle, "", id, waive), "settle", "waived"), "reason");
  switch (row.state) {
    case ReplyState::awaiting_review:
      return {verdict(review, row.review_role, id)};
    case ReplyState::blocked:
    case ReplyState::refused:
    case ReplyState::failed:
      // One of an earlier episode cannot be drafted anew: its names mean other commitments now.
      if (row.episode != record.row.episode) return {waived};
      return {fixed(act_of(settle, "", id, "--again|" + waive), "settle", "again"), waived};
    case ReplyState::unknown:  // It may be public: drafting it anew could tell the customer twice.
      return {fixed(act_of(settle, "", id, "--published|" + waive), "settle", "published"), waived};
    default:
      return {};
  }
}

std::vector<PersonAct> acts_of_set_aside(const CaseRecord& record, const std::string& role) {
  return {act_of(retry_or_skip, role, record.row.reference), act_of(skip, role, record.row.reference)};
}

PersonAct act_of_manual(const CaseRecord& record, const Manual& manual) {
  const std::string form = manual.form ? " --form " + sample_argument(manual.form) : "";
  const std::string event = "manual." + manual.name;
  auto act = fixed(act_of(send_event, manual.role, record.row.reference, event + form, manual.form), "event", event);
  return manual.form ? needing(std::move(act), "form") : act;
}

namespace {

// What moves the thing that the task is about.
Result<std::vector<PersonAct>> acts_of_subject(const CaseRecord& record, const TaskRow& task, Documents& documents) {
  const Subject subject = subject_of(task.subject);
  if (subject.kind == "late") return std::vector<PersonAct>{};  // Its own task, beside this one, has the acts.
  if (subject.kind == "commitment") return acts_of_commitment(record, subject.id, documents);
  std::vector<PersonAct> out;
  if (subject.kind == "reply") {
    out = acts_of_reply(record, subject.id);
    for (PersonAct& act : out)
      if (act.role.empty()) act.role = task.role;
    return out;
  }
  if (subject.kind == "case" && record.row.set_aside != 0) return acts_of_set_aside(record, task.role);
  const auto manuals = documents.manuals(record.row);
  if (!manuals) return manuals.error();
  for (const Manual& manual : *manuals)
    if (subject.kind != "state" || manual.state == subject.name) out.push_back(act_of_manual(record, manual));
  // The task's own role first: the command that this person may give.
  std::stable_partition(out.begin(), out.end(), [&](const PersonAct& act) { return act.role == task.role; });
  return out;
}

}  // namespace

Result<std::vector<PersonAct>> acts_of_task(const CaseRecord& record, const TaskRow& task, Documents& documents) {
  auto out = acts_of_subject(record, task, documents);
  if (!out || !store::settled_by(record, task).empty()) return out;
  out->push_back(act_of(finish, task.role, std::to_string(task.id)));
  return out;
}

void put_what_is_judged(Json& out, const CaseRecord& record, const Subject& subject) {
  if (subject.kind == "commitment") {
    const auto found = record.commitments.find(subject.id);
    if (found != record.commitments.end()) out["reason"] = line_json(record, found->second.reason);
  } else if (subject.kind == "reply") {
    const auto found = record.replies.find(subject.id);
    if (found == record.replies.end()) return;
    out["text"] = content_json(record, found->second.text);
    out["reason"] = line_json(record, found->second.reason);
  }
}

void put_acts(Json& out, const std::vector<PersonAct>& acts) {
  const auto put = [](Json& to, const PersonAct& act) {
    to["act"] = act.command;
    Json& http = to["http"] = {{"method", "POST"}, {"path", act.request.path}, {"body", act.request.body}};
    if (!act.request.choices.empty()) http["choices"] = act.request.choices;
    if (!act.request.needs.empty()) http["needs"] = act.request.needs;
    to["act_role"] = text_json(act.role);
    to["form"] = act.form ? *act.form : Json();
  };
  if (acts.empty()) {
    for (const char* name : {"act", "http", "act_role", "form"}) out[name] = Json();
    return;
  }
  put(out, acts.front());
  if (acts.size() < 2) return;
  out["acts"] = Json::array();
  for (const PersonAct& act : acts) put(out["acts"].emplace_back(Json::object()), act);
}

}  // namespace redress::reading
