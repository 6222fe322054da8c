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

bool corrects(const workflow::Workflow& workflow, const Edge& edge, const workflow::ReplySpec& reply) {
  return std::any_of(edge.drafts.begin(), edge.drafts.end(),
                     [&](std::size_t each) { return workflow.replies[each].corrects == reply.name; });
}

// Where it is told, then revoked, and the episode can end without a correction.
void look_for_ways_without(const workflow::Workflow& workflow, Exploration& exploration, const workflow::ReplySpec& reply,
                           const workflow::CommitmentSpec& spec) {
  const auto& edges = exploration.edges;
  const auto index = static_cast<std::size_t>(&reply - workflow.replies.data());
  const std::string event = spec.name + ".revoked";
  const auto keeps_it = [&](const Edge& edge) { return !corrects(workflow, edge, reply); };
  const Graph within = exploration.graph([&](const Edge& edge) { return !edge.new_episode && keeps_it(edge); });
  const Graph beyond = exploration.graph(keeps_it);
  std::vector<std::size_t> ends;
  for (std::size_t place = 0; place < exploration.places.size(); ++place)
    if (exploration.places[place].ended) ends.push_back(place);
  const std::vector<char> ends_without = within.leading_to(ends);
  for (std::size_t revoked = 0; revoked < edges.size(); ++revoked) {
    const Edge& taken_back = edges[revoked];
    if (taken_back.happening.event != event || !keeps_it(taken_back) || ends_without[taken_back.to] == 0) continue;
    const Graph& graph = taken_back.happening.late ? beyond : within;
    const std::vector<char> leads = graph.leading_to({taken_back.from});
    const auto told = std::find_if(edges.begin(), edges.end(), [&](const Edge& edge) {
      return leads[edge.to] != 0 && std::find(edge.drafts.begin(), edge.drafts.end(), index) != edge.drafts.end();
    });
    if (told == edges.end()) continue;
    Path path = exploration.path_to(told->from);
    std::vector<std::size_t> way = {static_cast<std::size_t>(told - edges.begin())};
    for (const Arc& arc : graph.walk(told->to, taken_back.from)) way.push_back(arc.edge);
    way.push_back(revoked);
    for (const std::size_t end : ends) {
      if (end == taken_back.to) break;
      const auto rest = within.walk(taken_back.to, end);
      if (rest.empty()) continue;
      for (const Arc& arc : rest) way.push_back(arc.edge);
      break;
    }
    for (workflow::PathStep& step : exploration.along(way)) path.push_back(std::move(step));
    const workflow::State& state = exploration.innermost(taken_back.from);
    exploration.add({"no_correction", taken_back.rules.empty() ? state.pointer : taken_back.rules.front(), reply.name,
                     "here " + in_quotes(event) + " comes when the reply " + in_quotes(reply.name) +
                         " was told, and nothing corrects it before the episode ends",
                     "Draft the reply that corrects " + in_quotes(reply.name) + " here, or on each way from here to an end."},
                    std::move(path));
  }
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
      if (!tells(reply, spec.name)) continue;
      const bool corrected = std::any_of(drafted.begin(), drafted.end(),
                                         [&](std::size_t each) { return workflow.replies[each].corrects == reply.name; });
      if (corrected) {
        look_for_ways_without(workflow, exploration, reply, spec);
        continue;
      }
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
