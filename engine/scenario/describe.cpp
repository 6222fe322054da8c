// One line for each thing, the state first.
#include "scenario/describe.hpp"

#include <nlohmann/json.hpp>

#include "scenario/words.hpp"

namespace redress::scenario {
namespace {

std::string joined(const Json& list) {
  std::string all;
  if (!list.is_array()) return all;
  for (const Json& one : list)
    all += (all.empty() ? "" : " and ") + (one.is_string() ? one.get<std::string>() : base::dump_json(one));
  return all;
}

std::string listed(std::string_view what, const std::string& all) {
  return all.empty() ? "no " + std::string(what) : std::string(what) + " " + all;
}

}  // namespace

std::string text_of(const CaseRecord& record, const std::string& digest) {
  const auto found = record.texts.find(digest);
  return found == record.texts.end() ? "" : found->second.content;
}

std::string quoted(const std::string& text) { return base::dump_json(Json(text)); }

std::string describe_case(const CaseRecord& record) {
  const CaseRow& row = record.row;
  std::string line = "case " + row.reference + " " + std::string(to_string(row.state)) + ", in " +
                     joined(Json::parse(row.configuration, nullptr, false)) + ", episode " + std::to_string(row.episode) +
                     ", priority " + row.priority + ", language " + row.language;
  if (row.set_aside != 0) line += ", set_aside " + quoted(text_of(record, row.set_aside_reason));
  if (const std::string data = text_of(record, row.data); !data.empty()) line += ", data " + data;
  return line;
}

std::string describe(const CaseRecord& record, const std::string& name, const CommitmentRow& row, std::int64_t now_ms) {
  std::string line = "commitment " + name + " " + std::string(to_string(row.state)) + " " + std::string(to_string(row.due)) +
                     ", due " + format_span(row.due_at_ms - now_ms) + ", attempts " + std::to_string(row.attempts);
  if (row.promised_at_ms != 0) line += ", promised " + format_span(row.promised_at_ms - now_ms);
  if (const std::string reason = text_of(record, row.reason); !reason.empty()) line += ", reason " + quoted(reason);
  if (const std::string evidence = text_of(record, row.evidence); !evidence.empty()) line += ", evidence " + evidence;
  return line;
}

std::string describe(const CaseRecord& record, const ReplyRow& row) {
  std::string line = "reply " + row.name + " " + std::string(to_string(row.state)) + " on " + row.channel + " to " +
                     row.in_reply_to + ", language " + row.language;
  if (const std::string reason = text_of(record, row.reason); !reason.empty()) line += ", reason " + quoted(reason);
  return line + ", says " + quoted(text_of(record, row.text));
}

std::string describe_commitments(const CaseRecord& record) {
  std::string all;
  for (const auto& [id, member] : record.members) {
    const auto row = record.commitments.find(member.commitment_id);
    if (row == record.commitments.end()) continue;
    all += (all.empty() ? "" : ", ") + member.name + " " + std::string(to_string(row->second.state));
    if (const std::string reason = text_of(record, row->second.reason); !reason.empty()) all += " since " + quoted(reason);
  }
  return listed("commitments", all);
}

std::string describe_replies(const CaseRecord& record) {
  std::string all;
  for (const auto& [id, row] : record.replies)
    all += (all.empty() ? "" : ", ") + row.name + " " + std::string(to_string(row.state));
  return listed("replies", all);
}

std::string describe_tasks(const CaseRecord& record) {
  std::string all;
  for (const auto& [id, task] : record.tasks)
    if (task.done_at_ms == 0) all += (all.empty() ? "" : ", ") + task.role + " " + quoted(task.what);
  return listed("tasks", all);
}

}  // namespace redress::scenario
