// What a workflow's reactions read is learned once; a reaction is every way in which an attempt can go.
#include "proof/reaction.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "proof/attempt.hpp"
#include "workflow/scopes.hpp"

namespace redress::proof {

using workflow::Action;
using workflow::CommitmentSpec;
using workflow::ReplySpec;
using workflow::State;
using workflow::Transition;

namespace {

// Does nothing else.
bool calls_a_person(const workflow::Handler& handler) {
  return std::all_of(handler.transitions.begin(), handler.transitions.end(), [](const Transition& transition) {
    return !transition.guard && transition.targets.empty() &&
           std::all_of(transition.actions.begin(), transition.actions.end(),
                       [](const Action& action) { return action.kind == Action::Kind::escalate; });
  });
}

}  // namespace

Reactions::Reactions(const workflow::Workflow& workflow) : workflow_(workflow), terms_(workflow), guards_(workflow, terms_) {
  takes_errors_ = std::any_of(workflow.states.begin(), workflow.states.end(), [](const State& state) {
    return std::any_of(state.on.begin(), state.on.end(), [](const auto& handler) { return handler.takes(error_event); });
  });
  for (const State& state : workflow.states) {
    for (const auto* actions : {&state.entry, &state.exit, &state.begin}) learn(*actions);
    for (const auto& handler : state.on) learn(handler.transitions);
    for (const auto& after : state.after) learn(after.transitions);
    learn(state.always);
  }
  if (workflow.reopen && workflow.reopen->transition.guard) learn(*workflow.reopen->transition.guard);
  for (const CommitmentSpec& spec : workflow.commitments) {
    for (const auto& [pointer, text] : spec.input.templates) needs_[&text] = terms_.of(text);
    if (spec.approval && spec.approval->when) needs_[&*spec.approval->when] = terms_.of(*spec.approval->when);
  }
  for (const ReplySpec& reply : workflow.replies) {
    for (const auto& [language, by_channel] : reply.texts)
      for (const auto& [channel, text] : by_channel) needs_[&text] = terms_.of(text);
    if (reply.review && reply.review->when) needs_[&*reply.review->when] = terms_.of(*reply.review->when);
    const bool watched = std::any_of(std::begin(workflow::reply_events), std::end(workflow::reply_events),
                                     [&](auto kind) { return is_watched(reply.name + "." + std::string(kind)); });
    watched_.push_back(watched ? 1 : 0);
    blockable_.push_back(is_watched(reply.name + ".blocked") ? 1 : 0);
    const bool corrected = std::any_of(workflow.replies.begin(), workflow.replies.end(),
                                       [&](const ReplySpec& other) { return other.corrects == reply.name; });
    corrected_.push_back(corrected ? 1 : 0);
  }
}

bool Reactions::tells(std::size_t reply, std::size_t commitment) const {
  const auto& claims = workflow_.replies[reply].claims;
  return std::any_of(claims.begin(), claims.end(), [&](const workflow::ClaimSpec& claim) {
    return claim.level == ClaimLevel::fulfilled && terms_.commitment(claim.commitment) == commitment;
  });
}

bool Reactions::is_watched(const std::string& event) const {
  return std::any_of(workflow_.states.begin(), workflow_.states.end(), [&](const State& state) {
    return std::any_of(state.on.begin(), state.on.end(),
                       [&](const workflow::Handler& handler) { return !calls_a_person(handler) && handler.takes(event); });
  });
}

void Reactions::learn(const expression::Expression& guard) {
  needs_[&guard] = terms_.of(guard);
  guards_.learn(guard);
}

void Reactions::learn(const std::vector<Action>& actions) {
  for (const Action& action : actions)
    for (const auto& [field, value] : action.values) needs_[&value] = terms_.of(value);
}

void Reactions::learn(const std::vector<Transition>& transitions) {
  for (const Transition& transition : transitions) {
    if (transition.guard) learn(*transition.guard);
    learn(transition.actions);
  }
}

const Needs& Reactions::needs_of(const void* expression) const {
  static const Needs nothing;
  const auto found = needs_.find(expression);
  return found == needs_.end() ? nothing : found->second;
}

Standing Reactions::before_all() const {
  Standing standing;
  standing.commitments.assign(workflow_.commitments.size(), absent);
  standing.earlier.assign(workflow_.commitments.size(), 0);
  standing.left.assign(workflow_.commitments.size(), 0);
  standing.set.assign(terms_.fields.size(), 0);
  standing.drafted.assign(workflow_.replies.size(), no_draft);
  standing.to_correct.assign(workflow_.replies.size(), 0);
  standing.untold.assign(workflow_.replies.size(), 0);
  return standing;
}

bool Reactions::is_ended(const Standing& standing) const {
  return std::any_of(standing.active.begin(), standing.active.end(), [&](int state) {
    const statechart::Node& node = workflow_.chart.at(state);
    return node.kind == statechart::Kind::final && node.parent == statechart::root;
  });
}

bool Reactions::is_named(const Standing& standing, const std::string& event) const {
  const auto takes = [&](const State& state) {
    return std::any_of(state.on.begin(), state.on.end(), [&](const auto& handler) { return handler.takes(event); });
  };
  return takes(workflow_.root()) ||
         std::any_of(standing.active.begin(), standing.active.end(), [&](int state) { return takes(workflow_.state(state)); });
}

bool Reactions::has_always(const Standing& standing) const {
  return std::any_of(standing.active.begin(), standing.active.end(),
                     [&](int state) { return !workflow_.state(state).always.empty(); });
}

bool Reactions::is_harmless(const Standing& standing, const std::string& event) const {
  if (has_always(standing)) return false;
  const auto harmless = [&](const State& state) {
    return std::all_of(state.on.begin(), state.on.end(),
                       [&](const workflow::Handler& handler) { return !handler.takes(event) || calls_a_person(handler); });
  };
  return harmless(workflow_.root()) && std::all_of(standing.active.begin(), standing.active.end(),
                                                   [&](int state) { return harmless(workflow_.state(state)); });
}

std::optional<std::vector<Turn>> Reactions::to(const Standing& standing, const Happening& happening) const {
  std::vector<Turn> turns;
  std::size_t ways = 0;
  Forks forks;
  do {
    if (++ways > turns_max) return std::nullopt;
    Attempt attempt(*this, forks, standing);
    attempt.run(happening);
    if (!attempt.turn.undone) turns.push_back(std::move(attempt.turn));
  } while (forks.advance());
  return turns;
}

}  // namespace redress::proof
