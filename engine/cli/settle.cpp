// redress settle: a reply that ended badly is drafted again from today's state, waived with a reason, or known to be public.
#include <nlohmann/json.hpp>

#include "cli/remote.hpp"
#include "cli/session.hpp"

namespace redress::cli {

Result<int> settle_again(const ActOptions& options, std::int64_t reply, Console& console) {
  if (options.write.server.named())
    return act_on_server(options, "/v1/replies/" + std::to_string(reply) + "/settlement", {{"settle", "again"}}, console);
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.settle_again(reply, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_reply(engine, reply, console);
    return 0;
  });
}

Result<int> settle_published(const ActOptions& options, std::int64_t reply, Console& console) {
  if (options.write.server.named())
    return act_on_server(options, "/v1/replies/" + std::to_string(reply) + "/settlement", {{"settle", "published"}}, console);
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.settle_published(reply, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_reply(engine, reply, console);
    return 0;
  });
}

Result<int> settle_waive(const ActOptions& options, std::int64_t reply, const std::string& reason, Console& console) {
  if (options.write.server.named())
    return act_on_server(options, "/v1/replies/" + std::to_string(reply) + "/settlement",
                         {{"settle", "waived"}, {"reason", reason}}, console);
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.settle_waive(reply, reason, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_reply(engine, reply, console);
    return 0;
  });
}

}  // namespace redress::cli
