// What a reply says of a department without claiming it, so that nothing blocks or corrects it when it is so no more.
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "proof/analyses.hpp"
#include "workflow/locate.hpp"
#include "workflow/names.hpp"

namespace redress::proof {
namespace {

using workflow::Action;
using workflow::in_quotes;

std::set<std::string> read_by(const workflow::ReplySpec& reply) {
  std::set<std::string> reads;
  for (const auto& [language, by_channel] : reply.texts)
    for (const auto& [channel, text] : by_channel)
      for (const std::string& path : text.reads()) reads.insert(path);
  return reads;
}

void each_action(const workflow::Workflow& workflow, const std::function<void(const Action&)>& see) {
  const auto all = [&](const std::vector<Action>& actions) { std::for_each(actions.begin(), actions.end(), see); };
  const auto of = [&](const std::vector<workflow::Transition>& transitions) {
    for (const workflow::Transition& transition : transitions) all(transition.actions);
  };
  for (const workflow::State& state : workflow.states) {
    for (const auto* actions : {&state.entry, &state.exit, &state.begin}) all(*actions);
    for (const workflow::Handler& handler : state.on) of(handler.transitions);
    for (const workflow::After& after : state.after) of(after.transitions);
    of(state.always);
  }
}

// By field of the data: the commitments whose evidence is kept there, and can be revoked.
std::map<std::string, std::set<std::string>> kept_evidence(const workflow::Workflow& workflow) {
  std::map<std::string, std::set<std::string>> kept;
  each_action(workflow, [&](const Action& action) {
    for (const auto& [field, value] : action.values)
      for (const std::string& path : value.reads())
        for (const workflow::CommitmentSpec& spec : workflow.commitments)
          if (spec.contract.revocable && (path == spec.name + ".evidence" || path.starts_with(spec.name + ".evidence.")))
            kept[field].insert(spec.name);
  });
  return kept;
}

bool claims(const workflow::ReplySpec& reply, const std::string& commitment) {
  return std::any_of(reply.claims.begin(), reply.claims.end(),
                     [&](const workflow::ClaimSpec& claim) { return claim.commitment == commitment; });
}

}  // namespace

void look_for_hearsay(const workflow::Workflow& workflow, Exploration& exploration) {
  const auto kept = kept_evidence(workflow);
  for (const workflow::ReplySpec& reply : workflow.replies) {
    const std::string pointer = "/replies" + workflow::pointer_part(reply.name) + "/text";
    for (const std::string& path : read_by(reply)) {
      const std::string name = path.substr(0, path.find('.'));
      if (workflow.find_commitment(name) != nullptr && path == name + ".state")
        exploration.add({"unclaimed", pointer, path,
                         "the text of " + in_quotes(reply.name) + " depends on " + in_quotes(path) +
                             ", which may be another one once it is published, and no claim says so",
                         "Write a reply for each outcome, with \"claims\", and draft it where that outcome has come."},
                        {});
      const auto evidence = name == "case" ? kept.find(path.substr(std::min(path.size(), std::size_t{5}))) : kept.end();
      if (evidence == kept.end()) continue;
      for (const std::string& commitment : evidence->second)
        if (!claims(reply, commitment))
          exploration.add(
              {"unclaimed", pointer, path + "/" + commitment,
               "the text of " + in_quotes(reply.name) + " shows " + in_quotes(path) + ", which may hold the evidence of " +
                   in_quotes(commitment) + ": that can be revoked, and the reply does not claim it",
               "Add \"claims\": { \"" + commitment + "\": \"fulfilled\" }, or leave it out."},
              {});
    }
  }
}

}  // namespace redress::proof
