// redress audit: does the database keep what it promises about history? Exit status 1 when it does not.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/session.hpp"
#include "redress/reading.hpp"

namespace redress::cli {

Result<int> audit(const ReadOptions& options, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  auto result = audit_store(**store);
  if (!result) return result.error();
  if (options.json) {
    const Json json{{"cases", result->cases},
                    {"journal_rows", result->journal_rows},
                    {"texts_erased", result->texts_erased},
                    {"faults", result->faults}};
    console.out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    for (const auto& fault : result->faults) console.out << printable(fault) << '\n';
    console.out << (result->faults.empty() ? "the audit passes: " : "the audit fails: ") << result->cases << " cases, "
                << result->journal_rows << " journal rows, " << result->texts_erased << " texts erased, "
                << result->faults.size() << " faults\n";
  }
  return result->faults.empty() ? 0 : 1;
}

}  // namespace redress::cli
