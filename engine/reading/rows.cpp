// Rows as the JSON objects of docs/formats.md.
#include "reading/rows.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/time.hpp"
#include "store/rows.hpp"

namespace redress::reading {
namespace {

constexpr std::size_t stored_bytes_max = 64 * 1024 * 1024;  // A journal entry is not bounded by a document's limit.

Json name_json(std::string_view name) { return std::string(name); }

Json deadline_json(DeadlineState state, std::int64_t due_at_ms, std::int64_t met_at_ms) {
  Json out;
  out["state"] = name_json(to_string(state));
  out["due_at"] = instant_json(due_at_ms);
  out["met_at"] = instant_json(met_at_ms);
  return out;
}

Json claim_json(const CaseRecord& record, const ReplyRow& reply, const ClaimRow& claim) {
  const MemberRow* member = find_member(record, claim.commitment_id, reply.episode);
  Json out;
  out["commitment"] = member ? text_json(member->name) : Json();
  out["instance"] = member ? Json(member->instance) : Json();
  out["commitment_id"] = claim.commitment_id;
  out["level"] = name_json(to_string(claim.level));
  out["evidence_digest"] = text_json(claim.evidence_digest);
  if (claim.promised_at_ms != 0) out["promised_at"] = instant_json(claim.promised_at_ms);
  return out;
}

}  // namespace

Json instant_json(std::int64_t at_ms) { return at_ms == 0 ? Json() : Json(base::format_instant(at_ms)); }

Json text_json(std::string_view text) { return text.empty() ? Json() : Json(std::string(text)); }

Json stored_json(std::string_view text) {
  if (text.empty()) return {};
  if (Result<Json> json = base::parse_json(text, stored_bytes_max)) return std::move(*json);
  return std::string(text);
}

Json content_json(const CaseRecord& record, std::string_view digest) {
  const auto found = record.texts.find(std::string(digest));
  return found == record.texts.end() || found->second.salt.empty() ? Json() : Json(found->second.content);
}

Json line_json(const CaseRecord& record, std::string_view line) {
  const bool is_digest = line.size() == 64 && line.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_digest ? content_json(record, line) : text_json(line);
}

Result<std::string> reference_of(Store& store, std::int64_t case_id) {
  if (case_id == 0) return std::string();
  const auto page = store.cases(case_id - 1, 1);
  if (!page) return page.error();
  if (page->empty() || page->front().id != case_id)
    return {Code::corrupt, "a row names the case of id " + std::to_string(case_id) + ", which is not there; run redress audit"};
  return page->front().reference;
}

Result<CaseRecord> load_reference(Store& store, std::string_view reference) {
  const auto id = store.find_case(reference);
  if (!id) return id.error();
  if (!*id) return {Code::not_found, "no case '" + std::string(reference) + "'; redress case list shows those that are there"};
  return store.load_case(**id);
}

Result<CaseRow> load_case_0(Store& store) {
  Result<CaseRecord> record = store.load_case(0);
  if (record) return std::move(record->row);
  if (record.error().code == Code::not_found) return CaseRow{};
  return record.error();
}

const MemberRow* find_member(const CaseRecord& record, std::int64_t commitment_id, std::int64_t episode) {
  const MemberRow* latest = nullptr;
  for (const auto& [id, member] : record.members) {
    if (member.commitment_id != commitment_id) continue;
    if (member.episode == episode) return &member;
    latest = &member;
  }
  return latest;
}

std::string commitment_label(const CaseRecord& record, std::int64_t commitment_id) {
  const MemberRow* member = find_member(record, commitment_id, record.row.episode);
  return (member ? member->name : std::string("commitment")) + " (" + std::to_string(commitment_id) + ")";
}

std::string reply_label(const CaseRecord& record, std::int64_t reply_id) {
  const auto found = record.replies.find(reply_id);
  return (found == record.replies.end() ? std::string("reply") : found->second.name) + " (" + std::to_string(reply_id) + ")";
}

Json opening_text_json(const CaseRecord& record) {
  for (const auto& [id, post] : record.posts)
    if (post.post_id == record.row.opening_post) return content_json(record, post.text);
  return {};
}

Json post_json(const PostRow& post, std::string_view reference) {
  Json out;
  out["channel"] = text_json(post.channel);
  out["id"] = post.post_id;
  out["thread"] = text_json(post.thread);
  out["fate"] = name_json(to_string(post.fate));
  out["reason"] = text_json(post.reason);
  out["case"] = text_json(reference);
  out["in_reply_to"] = text_json(post.in_reply_to);
  out["created_at"] = instant_json(post.created_at_ms);
  out["received_at"] = instant_json(post.received_at_ms);
  out["language"] = text_json(post.language);
  out["private"] = post.is_private != 0;
  return out;
}

Json case_json(const CaseRecord& record, std::string_view prior_reference) {
  const CaseRow& row = record.row;
  Json out;
  out["reference"] = row.reference;
  out["workflow"] = row.workflow;
  out["version"] = row.workflow_version;
  out["workflow_hash"] = row.workflow_hash;
  out["state"] = name_json(to_string(row.state));
  out["configuration"] = row.configuration.empty() ? Json::array() : stored_json(row.configuration);
  out["episode"] = row.episode;
  out["category"] = text_json(row.category);
  out["priority"] = text_json(row.priority);
  out["language"] = text_json(row.language);
  out["channel"] = text_json(row.channel);
  out["thread"] = text_json(row.thread);
  out["opening_post"] = text_json(row.opening_post);
  out["latest_post"] = text_json(row.latest_post);
  out["prior_case"] = text_json(prior_reference);
  out["opened_at"] = instant_json(row.opened_at_ms);
  out["episode_at"] = instant_json(row.episode_at_ms);
  out["resolved_at"] = instant_json(row.resolved_at_ms);
  out["closed_at"] = instant_json(row.closed_at_ms);
  out["first_reply"] = deadline_json(row.first_reply, row.first_reply_due_at_ms, row.first_reply_met_at_ms);
  out["resolution"] = deadline_json(row.resolution, row.resolution_due_at_ms, row.resolution_met_at_ms);
  out["resolution"]["paused_at"] = instant_json(row.resolution_paused_at_ms);
  out["set_aside"] = row.set_aside != 0;
  out["set_aside_reason"] = line_json(record, row.set_aside_reason);
  return out;
}

Result<Json> commitment_json(const CaseRecord& record, const MemberRow& member) {
  const auto found = record.commitments.find(member.commitment_id);
  if (found == record.commitments.end())
    return {Code::corrupt, "case " + record.row.reference + ": member " + member.name + " names commitment " +
                               std::to_string(member.commitment_id) + ", which is not there; run redress audit"};
  const CommitmentRow& row = found->second;
  const Json evidence = content_json(record, row.evidence);
  Json out;
  out["id"] = row.id;
  out["case"] = record.row.reference;
  out["name"] = member.name;
  out["instance"] = member.instance;
  out["episode"] = member.episode;
  out["department"] = row.department;
  out["action"] = row.action;
  out["state"] = name_json(to_string(row.state));
  out["due"] = name_json(to_string(row.due));
  out["due_at"] = instant_json(row.due_at_ms);
  out["attempts"] = row.attempts;
  out["evidence"] = evidence.is_string() ? stored_json(evidence.get<std::string>()) : Json();
  out["evidence_digest"] = text_json(row.evidence_digest);
  out["evidence_by"] = text_json(row.evidence_by);
  out["reason"] = line_json(record, row.reason);
  out["ticket"] = text_json(row.ticket);
  out["promised_at"] = instant_json(row.promised_at_ms);
  out["approval_role"] = text_json(row.approval_role);
  out["approved_by"] = text_json(row.approved_by);
  out["committed_at"] = instant_json(row.committed_at_ms);
  out["requested_at"] = instant_json(row.requested_at_ms);
  out["accepted_at"] = instant_json(row.accepted_at_ms);
  out["settled_at"] = instant_json(row.settled_at_ms);
  out["key"] = row.key;
  return out;
}

Json reply_json(const CaseRecord& record, const ReplyRow& reply) {
  Json out;
  out["id"] = reply.id;
  out["case"] = record.row.reference;
  out["name"] = reply.name;
  out["ordinal"] = reply.ordinal;
  out["episode"] = reply.episode;
  out["state"] = name_json(to_string(reply.state));
  out["channel"] = text_json(reply.channel);
  out["in_reply_to"] = text_json(reply.in_reply_to);
  out["private"] = store::is_private(record, reply);
  out["language"] = text_json(reply.language);
  out["text"] = content_json(record, reply.text);
  out["claims"] = Json::array();
  for (const auto& [id, claim] : record.claims)
    if (claim.reply_id == reply.id) out["claims"].push_back(claim_json(record, reply, claim));
  out["reason"] = line_json(record, reply.reason);
  out["review_role"] = text_json(reply.review_role);
  out["reviewed_by"] = text_json(reply.reviewed_by);
  out["corrects"] = reply.corrects_id == 0 ? Json() : Json(reply.corrects_id);
  out["drafted_at"] = instant_json(reply.drafted_at_ms);
  out["approved_at"] = instant_json(reply.approved_at_ms);
  out["published_at"] = instant_json(reply.published_at_ms);
  out["key"] = reply.key;
  return out;
}

Json task_json(const TaskRow& task, std::string_view reference) {
  Json out;
  out["id"] = task.id;
  out["case"] = text_json(reference);
  out["role"] = task.role;
  out["what"] = task.what;
  out["since"] = instant_json(task.since_ms);
  out["due_at"] = instant_json(task.due_at_ms);
  out["subject"] = task.subject;
  return out;
}

Json timer_json(const TimerRow& timer, std::string_view reference) {
  Json out;
  out["case"] = text_json(reference);
  out["name"] = timer.name;
  out["due_at"] = instant_json(timer.due_at_ms);
  return out;
}

Json effect_json(const CaseRecord& record, const EffectRow& effect) {
  Json out;
  out["id"] = effect.id;
  out["case"] = record.row.reference;
  out["verb"] = effect.verb;
  out["subject_id"] = effect.subject_id;
  out["state"] = name_json(to_string(effect.state));
  out["reconciling"] = effect.reconciling != 0;
  out["attempt"] = effect.attempt;
  out["next_at"] = instant_json(effect.next_at_ms);
  out["uncertain_since"] = instant_json(effect.uncertain_since_ms);
  out["reason"] = line_json(record, effect.reason);
  out["key"] = effect.key;
  return out;
}

Json journal_json(const JournalRow& row, std::string_view reference) {
  Json out;
  out["case"] = text_json(reference);
  out["seq"] = row.seq;
  out["at"] = instant_json(row.at_ms);
  out["event"] = row.event;
  out["workflow_hash"] = text_json(row.workflow_hash);
  out["entry"] = stored_json(row.entry);
  out["digest"] = row.digest;
  return out;
}

Result<std::vector<Json>> commitments_json(const CaseRecord& record) {
  std::vector<Json> out;
  for (const auto& [id, member] : record.members) {
    Result<Json> commitment = commitment_json(record, member);
    if (!commitment) return commitment.error();
    out.push_back(std::move(*commitment));
  }
  return out;
}

std::vector<Json> replies_json(const CaseRecord& record) {
  std::vector<Json> out;
  for (const auto& [id, reply] : record.replies) out.push_back(reply_json(record, reply));
  return out;
}

std::vector<Json> tasks_json(const CaseRecord& record) {
  std::vector<Json> out;
  for (const auto& [id, task] : record.tasks)
    if (task.done_at_ms == 0) out.push_back(task_json(task, record.row.reference));
  return out;
}

std::vector<Json> timers_json(const CaseRecord& record) {
  std::vector<Json> out;
  for (const auto& [id, timer] : record.timers) out.push_back(timer_json(timer, record.row.reference));
  return out;
}

}  // namespace redress::reading
