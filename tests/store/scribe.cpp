// How the tests write: as the engine does, and as a stranger does.
#include "store/scribe.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "store/journal.hpp"

namespace redress::tests {

CaseRecord Scribe::new_case() {
  CaseRecord record;
  record.row.id = store_.next_id(Table::cases);
  const std::string number = std::to_string(record.row.id);
  record.row.reference = "C-" + std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number;
  record.row.state = CaseState::active;
  record.row.episode = 1;
  record.row.configuration = "[\"checking\"]";
  record.row.pending = "[]";
  record.row.channel = "x";
  record.row.customer = "ana";
  record.row.opened_at_ms = 1000;
  PostRow post{.id = store_.next_id(Table::posts),
               .case_id = record.row.id,
               .channel = "x",
               .post_id = "p" + number,
               .thread = "t" + number,
               .fate = PostFate::opened};
  post.text = add_text(record, "they charged me twice, case " + number);
  record.posts.emplace(post.id, post);
  add_timer(record, "resolution:breach", 100'000 + record.row.id);
  return record;
}

CommitmentRow& Scribe::add_commitment(CaseRecord& record, CommitmentState state) {
  CommitmentRow row{
      .id = store_.next_id(Table::commitments), .case_id = record.row.id, .department = "billing", .action = "refund"};
  row.key = "key-" + std::to_string(row.id);
  row.state = state;
  row.requested_at_ms = 2000;
  const MemberRow member{.id = store_.next_id(Table::members),
                         .case_id = record.row.id,
                         .commitment_id = row.id,
                         .name = "refund",
                         .instance = static_cast<std::int64_t>(record.members.size()) + 1,
                         .episode = record.row.episode};
  record.members.emplace(member.id, member);
  return record.commitments.emplace(row.id, row).first->second;
}

ReplyRow& Scribe::add_reply(CaseRecord& record, const CommitmentRow& commitment, ClaimLevel level) {
  ReplyRow row{.id = store_.next_id(Table::replies),
               .case_id = record.row.id,
               .name = "refunded",
               .ordinal = ++record.row.replies_drafted,
               .episode = record.row.episode};
  row.key = "reply-" + std::to_string(row.id);
  row.text = add_text(record, "we refunded you, reply " + std::to_string(row.id));
  ClaimRow claim{.id = store_.next_id(Table::claims),
                 .case_id = record.row.id,
                 .reply_id = row.id,
                 .commitment_id = commitment.id,
                 .level = level};
  if (level == ClaimLevel::fulfilled) claim.evidence_digest = commitment.evidence_digest;
  const Json claims = Json::array(
      {{{"commitment_id", claim.commitment_id}, {"level", to_string(level)}, {"evidence_digest", claim.evidence_digest}}});
  row.claims = base::dump_json(claims);
  record.claims.emplace(claim.id, claim);
  return record.replies.emplace(row.id, row).first->second;
}

EffectRow& Scribe::add_effect(CaseRecord& record, EffectState state, std::int64_t next_at_ms) {
  EffectRow row{.id = store_.next_id(Table::outbox), .case_id = record.row.id, .verb = "perform", .subject_id = 1};
  row.key = "effect-" + std::to_string(row.id);
  row.state = state;
  row.next_at_ms = next_at_ms;
  return record.effects.emplace(row.id, row).first->second;
}

TimerRow& Scribe::add_timer(CaseRecord& record, const std::string& name, std::int64_t due_at_ms) {
  const TimerRow row{.id = store_.next_id(Table::timers), .case_id = record.row.id, .name = name, .due_at_ms = due_at_ms};
  return record.timers.emplace(row.id, row).first->second;
}

TaskRow& Scribe::add_task(CaseRecord& record, const std::string& role) {
  TaskRow row{
      .id = store_.next_id(Table::tasks), .case_id = record.row.id, .subject = "case", .role = role, .what = "look at it"};
  return record.tasks.emplace(row.id, row).first->second;
}

std::string Scribe::add_text(CaseRecord& record, const std::string& content) {
  TextRow text{.id = store_.next_id(Table::texts), .case_id = record.row.id};
  std::string salt = std::to_string(++salts_);
  text.salt = std::string(32 - salt.size(), '0') + salt;
  text.content = content;
  text.digest = store::text_digest(text.salt, text.content);
  return record.texts.emplace(text.digest, text).first->first;
}

Unit Scribe::unit(const CaseRecord& before, CaseRecord& after) {
  store::Difference difference = store::difference(before, after);
  JournalRow journal{.id = store_.next_id(Table::journal),
                     .case_id = after.row.id,
                     .seq = before.row.version + 1,
                     .at_ms = 5000,
                     .event = "test",
                     .previous_id = before.row.head_id};
  journal.entry = base::dump_json(Json{{"what", "test"}, {"changes", difference.changes}});
  journal.digest = store::journal_digest(journal, before.row.head_digest);
  after.row.version = journal.seq;
  after.row.head_id = journal.id;
  after.row.head_digest = journal.digest;
  Unit& unit = difference.unit;
  (before.row.version == 0 ? unit.inserts : unit.updates).front() = after.row;
  unit.inserts.emplace_back(journal);
  return unit;
}

Result<void> Scribe::commit(const Unit& unit) {
  auto meta = store_.meta();
  if (!meta) return meta.error();
  auto answers = store_.commit(std::span(&unit, 1), *meta);
  if (!answers) return answers.error();
  return answers->front();
}

Result<void> Scribe::write(const CaseRecord& before, CaseRecord& after) { return commit(unit(before, after)); }

CaseRecord Scribe::written_case() {
  CaseRecord record = new_case();
  const auto written = write(CaseRecord{}, record);
  EXPECT_TRUE(written.ok()) << written.error().message;
  return record;
}

CaseRecord Scribe::case_0() {
  CaseRecord record;
  record.row.pending = "[]";
  const auto written = write(CaseRecord{}, record);
  EXPECT_TRUE(written.ok()) << written.error().message;
  return record;
}

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "redress-store-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

std::string tamper(const std::string& path, const std::string& sql) {
  sqlite3* file = nullptr;
  std::string message;
  if (sqlite3_open(path.c_str(), &file) != SQLITE_OK ||
      sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    message = sqlite3_errmsg(file);
  }
  sqlite3_close(file);
  return message;
}

}  // namespace redress::tests
