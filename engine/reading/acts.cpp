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

Result<std::vector<PersonAct>> decisions(const CaseRecord& record, const CommitmentRow& row, Documents& documents) {
  const std::string decide = "redress decide " + std::to_string(row.id) + " --outcome ";
  if (is_undo_in_doubt(record, row.id)) {
    const auto schema = documents.undo_evidence_schema(row.department, row.action);
    if (!schema) return schema.error();
    return std::vector<PersonAct>{
        {row.department, decide + "done --evidence " + sample_argument(*schema) + " --as NAME", *schema},
        {row.department, decide + "failed --as NAME", nullptr}};
  }
  const auto schema = documents.evidence_schema(row.department, row.action);
  if (!schema) return schema.error();
  return std::vector<PersonAct>{
      {row.department, decide + "done --evidence " + sample_evidence(record, row, *schema) + " --as NAME", *schema},
      {row.department, decide + "declined|failed --as NAME", nullptr}};
}

Result<std::vector<PersonAct>> revocation(const CommitmentRow& row, Documents& documents) {
  const Result<bool> revocable = documents.is_revocable(row.department, row.action);
  if (!revocable) return revocable.error();
  if (!*revocable) return std::vector<PersonAct>{};
  const std::string decide = "redress decide " + std::to_string(row.id);
  return std::vector<PersonAct>{{row.department, decide + " --outcome revoked --as NAME", nullptr}};
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
  const std::string id = std::to_string(commitment_id);
  switch (row.state) {
    case CommitmentState::awaiting_approval:
      return std::vector<PersonAct>{{row.approval_role, "redress approve " + id + " --approve|--refuse --as NAME", nullptr}};
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
  const std::string waive = "--waive REASON --as NAME";
  switch (row.state) {
    case ReplyState::awaiting_review:
      return {{row.review_role, "redress review " + id + " --approve|--refuse --as NAME", nullptr}};
    case ReplyState::blocked:
    case ReplyState::refused:
    case ReplyState::failed:
      // One of an earlier episode cannot be drafted anew: its names mean other commitments now.
      return {{"", "redress settle " + id + (row.episode == record.row.episode ? " --again|" : " ") + waive, nullptr}};
    case ReplyState::unknown:  // It may be public: drafting it anew could tell the customer twice.
      return {{"", "redress settle " + id + " --published|" + waive, nullptr}};
    default:
      return {};
  }
}

std::vector<PersonAct> acts_of_set_aside(const CaseRecord& record, const std::string& role) {
  return {{role, "redress case retry|skip " + record.row.reference + " --as NAME", nullptr}};
}

PersonAct act_of_manual(const CaseRecord& record, const Manual& manual) {
  const std::string form = manual.form ? " --form " + sample_argument(manual.form) : "";
  return {manual.role, "redress event " + record.row.reference + " manual." + manual.name + form + " --as NAME", manual.form};
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
  const std::string finish = "redress task done " + std::to_string(task.id) + " --as NAME";
  out->push_back({task.role, finish, nullptr});
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
    to["act_role"] = text_json(act.role);
    to["form"] = act.form ? *act.form : Json();
  };
  if (acts.empty()) {
    for (const char* name : {"act", "act_role", "form"}) out[name] = Json();
    return;
  }
  put(out, acts.front());
  if (acts.size() < 2) return;
  out["acts"] = Json::array();
  for (const PersonAct& act : acts) put(out["acts"].emplace_back(Json::object()), act);
}

}  // namespace redress::reading
