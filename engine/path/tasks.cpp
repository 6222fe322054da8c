// Finishing tasks by hand.
#include "path/tasks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "store/tasks.hpp"

namespace redress::path {

Result<void> finish_task(Draft& draft, std::int64_t task_id, std::string_view note) {
  TaskRow& task = draft.record.tasks.at(task_id);
  const std::string name = "task " + std::to_string(task_id);
  if (task.done_at_ms != 0) return {Code::conflict, name + " is done already"};
  if (const std::string other = store::settled_by(draft.record, task); !other.empty()) {
    return {Code::conflict, name + " (" + task.what + ") is settled by another act: " + other};
  }
  task.done_at_ms = std::max<std::int64_t>(draft.now_ms, 1);
  if (!note.empty()) draft.what["note"] = draft.put_text(note);
  return {};
}

}  // namespace redress::path
