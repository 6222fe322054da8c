// redress approve: a person lets a commitment go ahead, or refuses it.
#include <nlohmann/json.hpp>

#include "cli/remote.hpp"
#include "cli/session.hpp"

namespace redress::cli {

Result<int> approve(const ActOptions& options, std::int64_t commitment, bool approved, Console& console) {
  if (options.write.server.named())
    return act_on_server(options, "/v1/commitments/" + std::to_string(commitment) + "/approval", {{"approve", approved}},
                         console);
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.approve(commitment, approved, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_commitment(engine, commitment, console);
    return 0;
  });
}

}  // namespace redress::cli
