// A memory store filled by hand, journal and all.
#include "reading/hand_made.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "store/journal.hpp"

namespace redress::reading_tests {
namespace {

constexpr std::string_view workflow_text = R"json({
  "redress": 1, "id": "w", "version": "1.0.0",
  "states": {
    "checking": { "after": { "PT1H": { "target": "asking" }, "P5D": { "target": "done" } } },
    "asking": {
      "manual": { "identified": { "role": "community", "form": { "account": { "type": "string" },
                                                                 "note": { "type": "string", "optional": true } } },
                  "ask_again": { "role": "lead" } },
      "states": { "inner": {} } },
    "done": { "type": "final" } } })json";

constexpr std::string_view manifest_text = R"json({
  "id": "com.example.billing", "department": "billing",
  "actions": {
    "refund": { "revocable": true },
    "check": { "evidence": { "type": "object", "required": ["amount", "kind"],
      "properties": { "amount": { "type": "integer" }, "kind": { "enum": ["card", "cash"] },
                      "note": { "type": "string" } } } } } })json";

std::vector<Json> parsed(const std::vector<std::string>& lines) {
  std::vector<Json> out;
  for (const std::string& line : lines) out.push_back(Json::parse(line));
  return out;
}

DocumentRow document(std::int64_t id, const std::string& kind, const std::string& name, std::string_view content) {
  DocumentRow row;
  row.id = id;
  row.kind = kind;
  row.name = name;
  row.version = "1.0.0";
  row.hash = base::sha256_hex(content);
  row.content = content;
  row.active = 1;
  return row;
}

}  // namespace

HandMadeCase::HandMadeCase(std::shared_ptr<Store> store, std::int64_t id, std::string reference) : store_(std::move(store)) {
  now.row.id = id;
  now.row.reference = std::move(reference);
}

std::string HandMadeCase::text(const std::string& content) {
  TextRow row;
  row.id = store_->next_id(Table::texts);
  row.case_id = now.row.id;
  row.salt = "000102030405060708090a0b0c0d0e0f";
  row.content = content;
  row.digest = store::text_digest(row.salt, content);
  now.texts[row.digest] = row;
  return row.digest;
}

void HandMadeCase::erase_text(const std::string& digest) { now.texts.erase(digest); }

void HandMadeCase::record(const std::string& event, std::int64_t at_ms, const std::string& rules) {
  const Json changes = store::difference(before_, now).changes;
  JournalRow row;
  row.id = store_->next_id(Table::journal);
  row.case_id = now.row.id;
  row.seq = now.row.version + 1;
  row.at_ms = at_ms;
  row.event = event;
  row.workflow_hash = now.row.workflow_hash;
  Json entry;
  entry["what"]["by"] = "hand";
  entry["rules"] = Json::parse(rules);
  entry["ignored"] = Json::array();
  entry["changes"] = changes;
  row.entry = base::dump_json(entry);
  row.previous_id = now.row.head_id;
  row.digest = store::journal_digest(row, now.row.head_digest);
  now.row.version = row.seq;
  now.row.head_id = row.id;
  now.row.head_digest = row.digest;
  Unit unit = store::difference(before_, now).unit;
  unit.inserts.emplace_back(row);
  StoreMeta meta;
  meta.store_id = "0011223344556677";
  const auto done = store_->commit(std::span(&unit, 1), meta);
  ASSERT_TRUE(done.ok()) << done.error().message;
  ASSERT_TRUE(done->front().ok()) << done->front().error().message;
  before_ = now;
}

HandMade::HandMade() : store(make_memory_store()), nobody(store, 0, ""), one(store, 1, "C-000001") {
  nobody.now.documents[1] = document(1, "workflow", "w", workflow_text);
  nobody.now.documents[2] = document(2, "manifest", "billing", manifest_text);
  nobody.record("workflow.activated", start_ms);
  CaseRow& row = one.now.row;
  row.workflow = "w";
  row.workflow_version = "1.0.0";
  row.workflow_hash = base::sha256_hex(workflow_text);
  row.state = CaseState::active;
  row.configuration = R"(["checking"])";
  row.episode = 1;
  row.category = "billing";
  row.priority = "normal";
  row.language = "en";
  row.channel = "x";
  row.thread = "t1";
  row.opening_post = row.episode_post = row.latest_post = "p1";
  row.opened_at_ms = row.episode_at_ms = start_ms;
  row.first_reply = DeadlineState::running;
  row.first_reply_due_at_ms = start_ms + 15 * minute;
  PostRow post;
  post.id = 1;
  post.case_id = 1;
  post.channel = "x";
  post.post_id = "p1";
  post.thread = "t1";
  post.author_profile = one.text(R"({"handle":"ana"})");
  post.created_at_ms = post.received_at_ms = start_ms;
  post.text = one.text("they charged me twice");
  post.fate = PostFate::opened;
  one.now.posts[1] = post;
  one.record("post.opened", start_ms, R"([{"event":"post.opened","rule":"/intake","taken":true}])");
}

CommitmentRow& HandMade::add_commitment(const std::string& name, CommitmentState state) {
  const std::int64_t id = store->next_id(Table::commitments);
  CommitmentRow& row = one.now.commitments[id];
  row.id = id;
  row.case_id = 1;
  row.department = "billing";
  row.action = "check";
  row.key = "s/C-000001/" + name + "/1/perform";
  row.state = state;
  row.due_at_ms = start_ms + 60 * minute;
  row.committed_at_ms = start_ms;
  const std::int64_t member = store->next_id(Table::members);
  one.now.members[member] = {.id = member, .case_id = 1, .commitment_id = id, .name = name, .instance = 1, .episode = 1};
  return row;
}

ReplyRow& HandMade::add_reply(const std::string& name, ReplyState state, const std::string& content) {
  const std::int64_t id = store->next_id(Table::replies);
  ReplyRow& row = one.now.replies[id];
  row.id = id;
  row.case_id = 1;
  row.name = name;
  row.ordinal = ++one.now.row.replies_drafted;
  row.episode = 1;
  row.state = state;
  row.channel = "x";
  row.in_reply_to = "p1";
  row.language = "en";
  row.text = one.text(content);
  row.claims = "[]";
  row.key = "s/C-000001/reply/" + std::to_string(row.ordinal);
  row.drafted_at_ms = start_ms;
  return row;
}

EffectRow& HandMade::add_effect(const std::string& verb, std::int64_t subject_id, EffectState state, std::int64_t next_at_ms) {
  const std::int64_t id = store->next_id(Table::outbox);
  EffectRow& row = one.now.effects[id];
  row.id = id;
  row.case_id = 1;
  row.verb = verb;
  row.subject_id = subject_id;
  row.key = "s/C-000001/effect/" + std::to_string(id);
  row.state = state;
  row.next_at_ms = next_at_ms;
  return row;
}

TaskRow& HandMade::add_task(const std::string& subject, const std::string& role, const std::string& what) {
  const std::int64_t id = store->next_id(Table::tasks);
  TaskRow& row = one.now.tasks[id];
  row.id = id;
  row.case_id = 1;
  row.subject = subject;
  row.role = role;
  row.what = what;
  row.since_ms = start_ms + minute;
  return row;
}

void HandMade::add_timer(const std::string& name, std::int64_t due_at_ms) {
  const std::int64_t id = store->next_id(Table::timers);
  one.now.timers[id] = {.id = id, .case_id = 1, .name = name, .due_at_ms = due_at_ms};
}

Json HandMade::explained() {
  const auto text = explain_case(*store, "C-000001");
  return text ? Json::parse(*text) : Json(text.error().message);
}

std::vector<Json> HandMade::waits() {
  const Json all = explained();
  return std::vector<Json>(all["waits_for"].begin(), all["waits_for"].end());
}

Json HandMade::wait_that(std::string_view what_begins) {
  Json found;
  for (const Json& wait : waits()) {
    if (!wait["what"].get<std::string>().starts_with(what_begins)) continue;
    if (!found.is_null()) return {};
    found = wait;
  }
  return found;
}

std::vector<Json> HandMade::tasks(std::string_view role) {
  const auto lines = list_tasks(*store, role, 0, 100);
  return lines ? parsed(*lines) : std::vector<Json>{Json(lines.error().message)};
}

std::vector<std::string> HandMade::exported() {
  std::vector<std::string> lines;
  const auto done = export_store(*store, [&](std::string_view line) { return lines.emplace_back(line), true; });
  if (!done) lines.push_back(done.error().message);
  return lines;
}

}  // namespace redress::reading_tests
