// What of a case a person may see: all of it, what their department needs, or not even that it is there.
//
// Whole: admin and auditor, and the people of the case's workflow (its owner, reviewers, who does its manual acts). A part: who
// has the role of a department that has a commitment in it, of an approval, or of one of its open tasks: the case's bare facts,
// those commitments with their input, those tasks. Never the customer's words, the replies, or another department's work.
#pragma once
#include "service/context.hpp"

namespace redress::service {

// `shown`: show_case's JSON. Nothing: this viewer does not see the case.
[[nodiscard]] Result<std::optional<Json>> visible_case(Context& context, const Viewer& viewer, Json shown);
// The same for list_tasks' JSON: a task of another role is not seen; the texts that it shows, only by who sees the case whole.
[[nodiscard]] Result<std::optional<Json>> visible_task(Context& context, const Viewer& viewer, Json task);
// Whether a fact may be told to this viewer.
[[nodiscard]] Result<bool> is_visible(Context& context, const Viewer& viewer, const Fact& fact);
[[nodiscard]] Result<bool> sees_whole(Context& context, const Viewer& viewer, std::string_view case_reference);

}  // namespace redress::service
