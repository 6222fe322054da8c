// The wording of replies: that each fits its channels with its longest values, and breaks no rule of the brand. Private to this room.
#pragma once
#include "expression/expression.hpp"
#include "workflow/findings.hpp"
#include "workflow/shape.hpp"
#include "workflow/workflow.hpp"

namespace redress::workflow {

// The channels that the workflow names, those that its rules expect where it names none.
[[nodiscard]] std::vector<const wording::Profile*> channels_of(const Workflow& workflow);

// `scope`: of the names in replies. `replies`: their place in the file. Texts whose types are not known are left out: each has
// a finding of its own.
void check_wording(const Workflow& workflow, const expression::Scope& scope, const Place& replies, Findings& findings);

}  // namespace redress::workflow
