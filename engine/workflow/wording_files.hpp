// The files beside the workflows: the channels' profiles and the brand, read with positions as workflows are.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "redress/workflow.hpp"
#include "wording/rules.hpp"
#include "workflow/workflow.hpp"

namespace redress::workflow {

// Each answers every finding; where there is none, `rules` has what the file says in the place of what it had.
[[nodiscard]] std::vector<Finding> read_channels(std::string_view text, std::string_view file, wording::Rules& rules);
[[nodiscard]] std::vector<Finding> read_brand(std::string_view text, std::string_view file, wording::Rules& rules);

// Both, where they are given, over what Redress comes with. `invalid`: every finding of both, a line each.
[[nodiscard]] Result<std::shared_ptr<const wording::Rules>> read_rules(const Wording& wording);

// The channels that Redress comes with (workflows/channels.json, compiled in), and no brand.
[[nodiscard]] const std::shared_ptr<const wording::Rules>& default_rules();

}  // namespace redress::workflow
