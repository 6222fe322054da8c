// redress review: a reviewer lets a reply go out, or refuses it.
#include <nlohmann/json.hpp>

#include "cli/remote.hpp"
#include "cli/session.hpp"

namespace redress::cli {

Result<int> review(const ActOptions& options, std::int64_t reply, bool approved, Console& console) {
  if (options.write.server.named())
    return act_on_server(options, "/v1/replies/" + std::to_string(reply) + "/review", {{"approve", approved}}, console);
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.review(reply, approved, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_reply(engine, reply, console);
    return 0;
  });
}

}  // namespace redress::cli
