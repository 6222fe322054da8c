// redress event: a person's act that the workflow offers in the case's present state, with its form.
#include <nlohmann/json.hpp>

#include "cli/json_text.hpp"
#include "cli/remote.hpp"
#include "cli/session.hpp"

namespace redress::cli {

Result<int> send_event(const ActOptions& options, const EventOptions& event, Console& console) {
  if (options.write.server.named()) {
    nlohmann::ordered_json body = {{"event", event.event}};
    if (!event.form.empty()) {
      auto form = parse_json(event.form, "--form");
      if (!form) return form.error();
      body["form"] = std::move(*form);
    }
    return act_on_server(options, "/v1/cases/" + segment(event.reference) + "/events", body, console);
  }
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done = engine.send_event(event.reference, event.event, event.form, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_case(engine, event.reference, console);
    return 0;
  });
}

}  // namespace redress::cli
