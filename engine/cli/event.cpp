// redress event: a person's act that the workflow offers in the case's present state, with its form.
#include "cli/session.hpp"

namespace redress::cli {

Result<int> send_event(const ActOptions& options, const EventOptions& event, Console& console) {
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.send_event(event.reference, event.event, event.form, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_case(engine, event.reference, console);
    return 0;
  });
}

}  // namespace redress::cli
