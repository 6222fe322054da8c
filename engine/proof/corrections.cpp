// What can be revoked after it was told: somebody must say so, in public.
#include <algorithm>

#include "proof/analyses.hpp"
#include "workflow/locate.hpp"
#include "workflow/names.hpp"

namespace redress::proof {
namespace {

using workflow::in_quotes;

bool tells(const workflow::ReplySpec& reply, const std::string& commitment) {
  return std::any_of(reply.claims.begin(), reply.claims.end(), [&](const workflow::ClaimSpec& claim) {
    return claim.commitment == commitment && claim.level == ClaimLevel::fulfilled;
  });
}

// The replies that are drafted when it is revoked.
std::set<std::size_t> drafted_at(const Exploration& exploration, const std::string& event) {
  std::set<std::size_t> drafted;
  for (const Edge& edge : exploration.edges)
    if (edge.happening.event == event) drafted.insert(edge.drafts.begin(), edge.drafts.end());
  return drafted;
}

}  // namespace

void look_for_missing_corrections(const workflow::Workflow& workflow, Exploration& exploration) {
  for (const workflow::CommitmentSpec& spec : workflow.commitments) {
    if (!spec.contract.revocable) continue;
    const std::string event = spec.name + ".revoked";
    const auto& wide = workflow.root().on;
    if (std::none_of(wide.begin(), wide.end(), [&](const auto& handler) { return handler.takes(event); })) {
      exploration.add({"unhandled_revocation", "/commitments" + workflow::pointer_part(spec.name), "",
                       spec.department + " can revoke " + in_quotes(spec.name) +
                           " at any time, also after the case is closed, and nothing takes " + in_quotes(event),
                       "Add \"" + event + "\" to the workflow's own \"on\", with a reply that corrects what was told."},
                      {});
      continue;
    }
    const std::set<std::size_t> drafted = drafted_at(exploration, event);
    for (const workflow::ReplySpec& reply : workflow.replies) {
      if (!tells(reply, spec.name) || !reply.corrects.empty()) continue;
      const bool corrected = std::any_of(drafted.begin(), drafted.end(),
                                         [&](std::size_t each) { return workflow.replies[each].corrects == reply.name; });
      if (corrected) continue;
      exploration.add({"no_correction", "/replies" + workflow::pointer_part(reply.name), "",
                       "the reply " + in_quotes(reply.name) + " tells that " + in_quotes(spec.name) + " is fulfilled, " +
                           spec.department + " can revoke that, and no reply to " + in_quotes(event) + " corrects it",
                       "Add a reply with \"corrects\": \"" + reply.name + "\" and \"claims\": { \"" + spec.name +
                           "\": \"revoked\" }, and draft it at \"" + event + "\"."},
                      {});
    }
  }
}

}  // namespace redress::proof
