// The report as one page for a browser: nothing is fetched, no script runs, and every figure is also text.
#pragma once
#include <string>

#include "cli/json_text.hpp"

namespace redress::cli {

[[nodiscard]] std::string report_page(const Json& report);

// "13 min 30 s", "2 d 4 h"; "-" for null.
[[nodiscard]] std::string spoken_duration(const Json& ms);

}  // namespace redress::cli
