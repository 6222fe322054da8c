// redress task done: somebody looked at what no other act settles.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/remote.hpp"
#include "cli/session.hpp"

namespace redress::cli {

Result<int> finish_task(const ActOptions& options, std::int64_t task, const std::string& note, Console& console) {
  if (options.write.server.named())
    return act_on_server(options, "/v1/tasks/" + std::to_string(task) + "/done", {{"note", note}}, console);
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.finish_task(task, note, Act{options.by, options.request_id});
    if (!done) return done.error();
    console.out << "task " << task << " is done\n";
    return 0;
  });
}

}  // namespace redress::cli
