// Carries values over the C boundary. What comes from a plugin is checked before it is believed.
#pragma once
#include <string_view>

#include "redress/department.hpp"
#include "redress/plugin.h"
#include "redress/result.hpp"

namespace redress::plugin {

[[nodiscard]] redress_text to_c(std::string_view text);
[[nodiscard]] redress_call to_c(const Call& call);
// What the host hands to a plugin to be filled: zeros, its size, and kind unknown.
[[nodiscard]] redress_outcome empty_outcome();

// Copies. An answer that breaks a rule (a kind that is none, text that is too long or not UTF-8, an instant out of range)
// becomes `unknown` with the reason: it may have happened all the same.
[[nodiscard]] Outcome from_c(const redress_outcome& outcome);
// Copies. Refuses with `invalid` what breaks a rule.
[[nodiscard]] Result<Report> from_c(const redress_report* report);

}  // namespace redress::plugin
