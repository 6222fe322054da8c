// Lines are read strictly: an unknown field is an error, so that a slip of the pen does not change what somebody decides.
#include "cli/people_script.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console.hpp"
#include "cli/instants.hpp"
#include "cli/json_text.hpp"
#include "redress/limits.hpp"

namespace redress::cli {
namespace {

using Kind = ScriptedAct::Kind;

constexpr std::size_t script_bytes_max = 8 * 1024 * 1024;

// FNV-1a: the same line under the same number gives the same id in every run.
std::string request_id_of(std::string_view line, std::int64_t number) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : line) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "people:%lld:%016llx", static_cast<long long>(number),
                static_cast<unsigned long long>(hash));
  return text.data();
}

// The fields of one line. Once one is missing, of another type or unknown, `wrong` says so.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {}

  std::string text(const char* name) {
    const Json* value = find(name);
    if (value != nullptr && value->is_string() && !value->get_ref<const std::string&>().empty())
      return value->get<std::string>();
    fail(std::string("\"") + name + "\" must be a text that is not empty");
    return "";
  }
  std::string text_or_nothing(const char* name) { return json_.contains(name) ? text(name) : ""; }
  bool flag(const char* name) {
    const Json* value = find(name);
    if (value != nullptr && value->is_boolean()) return value->get<bool>();
    fail(std::string("\"") + name + "\" must be true or false");
    return false;
  }
  std::string object_or_nothing(const char* name) {
    const Json* value = find(name);
    if (value == nullptr) return "";
    if (!value->is_object()) fail(std::string("\"") + name + "\" must be an object");
    return value->dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  std::vector<std::string> texts(const char* name) {
    const Json* value = find(name);
    std::vector<std::string> result;
    if (value != nullptr && value->is_array())
      for (const auto& item : *value)
        if (item.is_string()) result.push_back(item.get<std::string>());
    if (result.empty() || result.size() != value->size()) fail(std::string("\"") + name + "\" must be a list of texts");
    std::sort(result.begin(), result.end());
    return result;
  }
  [[nodiscard]] bool has(const char* name) const { return json_.contains(name); }
  void fail(std::string what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }
  // What is wrong with the line, fields that nobody asked for included.
  [[nodiscard]] std::string wrong() const {
    if (!wrong_.empty()) return wrong_;
    for (const auto& [key, value] : json_.items())
      if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) return "\"" + key + "\" is not a field of this act";
    return "";
  }

 private:
  const Json* find(const char* name) {
    asked_.emplace_back(name);
    const auto at = json_.find(name);
    return at == json_.end() ? nullptr : &*at;
  }

  const Json& json_;
  std::vector<std::string> asked_;
  std::string wrong_;
};

void read_decision(Fields& fields, ScriptedAct& act) {
  act.name = fields.text("commitment");
  const std::string outcome = fields.text("outcome");
  constexpr std::array<std::pair<std::string_view, Decision>, 4> known{{{"done", Decision::done},
                                                                        {"declined", Decision::declined},
                                                                        {"failed", Decision::failed},
                                                                        {"revoked", Decision::revoked}}};
  const auto* const found = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == outcome; });
  if (found == known.end())
    fields.fail("\"outcome\" must be done, declined, failed or revoked");
  else
    act.decision = found->second;
  act.json = fields.object_or_nothing("evidence");
  act.reason = fields.text_or_nothing("reason");
}

void read_settlement(Fields& fields, ScriptedAct& act) {
  act.name = fields.text("reply");
  act.yes = fields.has("again") && fields.flag("again");
  act.published = fields.has("published") && fields.flag("published");
  act.reason = fields.text_or_nothing("waive");
  if ((act.yes ? 1 : 0) + (act.published ? 1 : 0) + (act.reason.empty() ? 0 : 1) != 1)
    fields.fail(R"(settle needs one of "again": true, "published": true and "waive": "the reason")");
}

void read_kind(Fields& fields, ScriptedAct& act) {
  const std::string kind = fields.text("act");
  if (kind == "approve" || kind == "review") {
    act.kind = kind == "approve" ? Kind::approve : Kind::review;
    act.name = fields.text(kind == "approve" ? "commitment" : "reply");
    act.yes = fields.flag("approve");
  } else if (kind == "decide") {
    act.kind = Kind::decide;
    read_decision(fields, act);
  } else if (kind == "settle") {
    act.kind = Kind::settle;
    read_settlement(fields, act);
  } else if (kind == "event") {
    act.kind = Kind::event;
    act.name = fields.text("event");
    act.json = fields.object_or_nothing("form");
  } else if (kind == "retry" || kind == "skip") {
    act.kind = kind == "retry" ? Kind::retry : Kind::skip;
  } else {
    fields.fail("\"act\" must be approve, review, decide, settle, event, retry or skip");
  }
}

ScriptedAct read_act(Fields& fields, std::string_view line, std::int64_t number) {
  ScriptedAct act;
  act.line = line;
  act.number = number;
  act.request_id = request_id_of(line, number);
  act.as = fields.text("as");
  if (fields.has("after")) {
    const auto after = parse_duration(fields.text("after"));
    if (!after) fields.fail("\"after\" must be a duration as in P1DT2H");
    act.after_ms = after.value_or(0);
  }
  const std::string post = fields.text("post");
  const std::size_t slash = post.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == post.size())
    fields.fail("\"post\" must be a channel, a slash and the post's id, as in x/123");
  act.channel = post.substr(0, slash);
  act.post = slash == std::string::npos ? "" : post.substr(slash + 1);
  read_kind(fields, act);
  return act;
}

// The commitment that the act means: the latest of that name.
const CommitmentRow* find_commitment(const CaseRecord& record, const std::string& name) {
  const CommitmentRow* latest = nullptr;
  for (const auto& [id, member] : record.members) {
    const auto row = record.commitments.find(member.commitment_id);
    if (member.name == name && row != record.commitments.end()) latest = &row->second;
  }
  return latest;
}

const ReplyRow* find_reply(const CaseRecord& record, const std::string& name) {
  const ReplyRow* latest = nullptr;
  for (const auto& [id, reply] : record.replies)
    if (reply.name == name) latest = &reply;
  return latest;
}

bool waits_for_decision(const CommitmentRow& row, Decision decision) {
  if (decision == Decision::revoked) return row.state == CommitmentState::fulfilled;
  return row.state == CommitmentState::in_progress || row.state == CommitmentState::unknown;
}

bool ended_badly(ReplyState state) {
  return state == ReplyState::blocked || state == ReplyState::refused || state == ReplyState::failed ||
         state == ReplyState::unknown;
}

// Does the act if its thing waits for it; else `conflict` says what it waits for.
Result<void> perform(Engine& engine, const CaseRecord& record, const ScriptedAct& act) {
  const Act by{act.as, act.request_id};
  const CommitmentRow* commitment = find_commitment(record, act.name);
  const ReplyRow* reply = find_reply(record, act.name);
  const Error too_early{Code::conflict, act.name + " does not wait for this"};
  switch (act.kind) {
    case Kind::approve:
      if (commitment == nullptr || commitment->state != CommitmentState::awaiting_approval) return too_early;
      return engine.approve(commitment->id, act.yes, by);
    case Kind::decide:
      if (commitment == nullptr || !waits_for_decision(*commitment, act.decision)) return too_early;
      return engine.decide(commitment->id, act.decision, act.json, act.reason, by);
    case Kind::review:
      if (reply == nullptr || reply->state != ReplyState::awaiting_review) return too_early;
      return engine.review(reply->id, act.yes, by);
    case Kind::settle:
      if (reply == nullptr || !ended_badly(reply->state)) return too_early;
      if (act.published) return engine.settle_published(reply->id, by);
      return act.yes ? engine.settle_again(reply->id, by) : engine.settle_waive(reply->id, act.reason, by);
    case Kind::event:
      return engine.send_event(record.row.reference, act.name, act.json, by);
    case Kind::retry:
    case Kind::skip:
      if (record.row.set_aside == 0) return {Code::conflict, "the case is not set aside"};
      return act.kind == Kind::retry ? engine.retry_case(record.row.reference, by) : engine.skip_case(record.row.reference, by);
  }
  return {Code::internal, "an act of no kind"};
}

// Tries one act. True: it was done now. Fails only where the whole run must stop.
Result<bool> try_act(Engine& engine, ScriptedAct& act) {
  auto post = engine.store().find_post(act.channel, act.post);
  if (!post) return post.error();
  if (!*post || (*post)->case_id == 0) {
    act.waiting = "the post has no case";
    return false;
  }
  auto record = engine.store().load_case((*post)->case_id);
  if (!record) return record.error();
  const Result<void> done = perform(engine, *record, act);
  if (done) {
    act.over = true;
    return true;
  }
  switch (done.error().code) {
    case Code::conflict:
    case Code::not_found:
      act.waiting = done.error().message;
      return false;
    case Code::refused:
    case Code::invalid:
      act.over = true;
      act.refusal = done.error().message;
      return false;
    case Code::unavailable:
    case Code::corrupt:
    case Code::internal:
      break;
  }
  return done.error();
}

}  // namespace

Result<PeopleScript> PeopleScript::read(const std::string& path) {
  auto text = read_file(path, script_bytes_max);
  if (!text) return text.error();
  PeopleScript script;
  std::string_view rest = *text;
  for (std::int64_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = path + ":" + std::to_string(number);
    auto json = parse_json(line, where);
    if (!json) return json.error();
    if (!json->is_object()) return {Code::invalid, where + ": a line must be one JSON object"};
    Fields fields(*json);
    if (fields.has("person"))
      script.people_.push_back({fields.text("person"), fields.texts("roles")});
    else
      script.acts_.push_back(read_act(fields, line, number));
    if (const std::string wrong = fields.wrong(); !wrong.empty()) return {Code::invalid, where + ": " + wrong};
  }
  return script;
}

Result<void> PeopleScript::add_people(Engine& engine) const {
  for (const auto& person : people_) {
    auto known = engine.store().find_person(person.name);
    if (!known) return known.error();
    if (*known && (*known)->roles == Json(person.roles).dump()) continue;
    if (auto added = engine.add_person(person.name, person.roles); !added) return added;
  }
  return {};
}

Result<void> PeopleScript::find_due_times(Store& store) {
  if (!new_posts_) return {};
  for (auto& act : acts_) {
    if (act.over || act.due_at_ms) continue;
    auto post = store.find_post(act.channel, act.post);
    if (!post) return post.error();
    if (!*post) continue;
    auto earlier = store.find_request(act.request_id);
    if (!earlier) return earlier.error();
    act.over = earlier->has_value();
    act.due_at_ms = (*post)->created_at_ms + act.after_ms;
  }
  new_posts_ = false;
  return {};
}

Result<bool> PeopleScript::act(Engine& engine, std::int64_t now_ms) {
  if (auto found = find_due_times(engine.store()); !found) return found.error();
  for (auto& act : acts_) {
    if (act.over || !act.due_at_ms || *act.due_at_ms > now_ms) continue;
    auto done = try_act(engine, act);
    if (!done || *done) return done;
  }
  return false;
}

std::optional<std::int64_t> PeopleScript::next_due_at_ms(std::int64_t now_ms) const {
  std::optional<std::int64_t> next;
  for (const auto& act : acts_)
    if (!act.over && act.due_at_ms && *act.due_at_ms > now_ms && (!next || *act.due_at_ms < *next)) next = act.due_at_ms;
  return next;
}

bool PeopleScript::any_refused() const {
  return std::any_of(acts_.begin(), acts_.end(), [](const auto& act) { return !act.refusal.empty(); });
}

void PeopleScript::list_what_was_left(std::ostream& out) const {
  for (const auto& act : acts_) {
    if (act.over && act.refusal.empty()) continue;
    const std::string why = !act.refusal.empty()  ? "refused: " + act.refusal
                            : !act.due_at_ms      ? "the post never came"
                            : act.waiting.empty() ? "its time did not come"
                                                  : act.waiting;
    out << "  line " << act.number << ": " << printable(clipped(act.line, 90)) << "\n    " << printable(why) << '\n';
  }
}

}  // namespace redress::cli
