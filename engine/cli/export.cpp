// redress export: everything as JSON Lines; the same state gives the same bytes.
#include <ostream>

#include "cli/session.hpp"
#include "redress/reading.hpp"

namespace redress::cli {

Result<int> export_lines(const ReadOptions& options, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  auto done = export_store(**store, [&](std::string_view line) {
    console.out << line << '\n';
    return console.out.good();
  });
  if (!done) return done.error();
  return 0;
}

}  // namespace redress::cli
