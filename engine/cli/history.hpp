// What happened in a case, as explain_case tells it, for people: `why`, and a scenario that failed.
#pragma once
#include <iosfwd>

#include "cli/json_text.hpp"

namespace redress::cli {

// The steps, each with the rules that fired or did not; equal ones that follow each other once, with their number.
void print_history(std::ostream& out, const Json& history);

}  // namespace redress::cli
