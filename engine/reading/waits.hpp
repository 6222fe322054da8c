// What a case waits for: each thing that will move it, until when, who can act and with which command. Internal to this room.
#pragma once
#include <vector>

#include "reading/documents.hpp"

namespace redress::reading {

// Objects {"what", "until", "who", "act", "act_role", "form"}; "who" is a role, a department, "channel" or "time". In order:
// set aside, tasks by id, other acts of people, effects by id, approved replies that nothing publishes, timers by due time.
[[nodiscard]] Result<std::vector<Json>> waits_for(const CaseRecord& record, Documents& documents);

}  // namespace redress::reading
