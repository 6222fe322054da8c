// Which act settles an open task.
#include "store/tasks.hpp"

#include <charconv>
#include <string_view>

namespace redress::store {
namespace {

std::int64_t id_after(const std::string& subject, std::string_view prefix) {
  std::int64_t id = 0;
  if (subject.starts_with(prefix)) std::from_chars(subject.data() + prefix.size(), subject.data() + subject.size(), id);
  return id;
}

std::string settled_by(const CommitmentRow& row) {
  if (row.state == CommitmentState::awaiting_approval) return "approve commitment " + std::to_string(row.id);
  return row.state == CommitmentState::unknown ? "decide commitment " + std::to_string(row.id) : "";
}

std::string settled_by(const ReplyRow& row) {
  switch (row.state) {
    case ReplyState::awaiting_review:
      return "review reply " + std::to_string(row.id);
    case ReplyState::blocked:
    case ReplyState::refused:
    case ReplyState::failed:
    case ReplyState::unknown:
      return "settle reply " + std::to_string(row.id);
    default:
      return "";
  }
}

}  // namespace

std::string settled_by(const CaseRecord& record, const TaskRow& task) {
  if (const auto found = record.commitments.find(id_after(task.subject, "commitment:")); found != record.commitments.end())
    return settled_by(found->second);
  if (const auto found = record.replies.find(id_after(task.subject, "reply:")); found != record.replies.end())
    return settled_by(found->second);
  if (task.subject.starts_with("state:")) return "event " + record.row.reference + ", with what the state offers";
  if (task.subject == "case:set_aside") return "case retry or case skip";
  if (task.subject == "case:nothing_wakes") return "any act that moves the case; nothing else will";
  return "";
}

}  // namespace redress::store
