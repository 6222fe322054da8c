// redress decide: a person settles what is open or unknown at a department, or revokes what was fulfilled.
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "cli/json_text.hpp"
#include "cli/remote.hpp"
#include "cli/session.hpp"

namespace redress::cli {
namespace {

std::optional<Decision> decision_named(std::string_view name) {
  if (name == "done") return Decision::done;
  if (name == "declined") return Decision::declined;
  if (name == "failed") return Decision::failed;
  if (name == "revoked") return Decision::revoked;
  return std::nullopt;
}

}  // namespace

Result<int> decide(const ActOptions& options, const DecideOptions& decision, Console& console) {
  if (options.write.server.named()) {
    nlohmann::ordered_json body = {{"outcome", decision.outcome}};
    if (!decision.reason.empty()) body["reason"] = decision.reason;
    if (!decision.evidence.empty()) {
      auto evidence = parse_json(decision.evidence, "--evidence");
      if (!evidence) return evidence.error();
      body["evidence"] = std::move(*evidence);
    }
    return act_on_server(options, "/v1/commitments/" + std::to_string(decision.commitment) + "/outcome", body, console);
  }
  const auto outcome = decision_named(decision.outcome);
  if (!outcome) return {Code::invalid, "the outcome \"" + decision.outcome + "\" is none of done, declined, failed, revoked"};
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    auto done =
        engine.decide(decision.commitment, *outcome, decision.evidence, decision.reason, Act{options.by, options.request_id});
    if (!done) return done.error();
    tell_commitment(engine, decision.commitment, console);
    return 0;
  });
}

}  // namespace redress::cli
