// Lines are made here and wrapped where they are drawn.
#include "diagram/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace redress::diagram {
namespace {

using workflow::Action;
using workflow::CommitmentSpec;
using workflow::ReplySpec;
using workflow::Transition;
using workflow::Workflow;

std::string commit_in_words(const CommitmentSpec& spec) {
  std::string text = "commit " + spec.name + ": " + spec.department + ", " + spec.action + ", due in " + in_words(spec.due_ms);
  if (spec.approval)
    text += ", approved by " + spec.approval->role + (spec.approval->when ? " if " + spec.approval->when->text() : "");
  return text;
}

std::string reply_in_words(const ReplySpec& spec) {
  std::string text = "reply " + spec.name;
  std::string claims;
  for (const workflow::ClaimSpec& claim : spec.claims)
    claims += (claims.empty() ? "" : ", ") + claim.commitment + " " + std::string(to_string(claim.level));
  if (!claims.empty()) text += ": says " + claims;
  if (!spec.corrects.empty()) text += ", corrects " + spec.corrects;
  if (spec.review) {
    text += ", reviewed by " + spec.review->role;
    if (spec.review->within_ms > 0) text += " within " + in_words(spec.review->within_ms);
    if (spec.review->when) text += " if " + spec.review->when->text();
  }
  return text;
}

std::string in_words(const Workflow& workflow, const Action& action) {
  switch (action.kind) {
    case Action::Kind::commit:
      return commit_in_words(*workflow.find_commitment(action.name));
    case Action::Kind::cancel:
      return "cancel " + action.name;
    case Action::Kind::undo:
      return "undo " + action.name;
    case Action::Kind::reply:
      return reply_in_words(*workflow.find_reply(action.name));
    case Action::Kind::escalate:
      return "escalate to " + action.name;
    case Action::Kind::raise:
      return "raise " + action.name;
    case Action::Kind::set:
      break;
  }
  std::string text = "set ";
  for (const auto& [field, value] : action.values) text += (text.size() > 4 ? ", " : "") + field;
  return text;
}

void add_rows(const Workflow& workflow, const std::string& when, const std::vector<Transition>& transitions, Card& card) {
  for (const Transition& transition : transitions) {
    Row row{.when = when, .does = {}, .targets = transition.targets, .pointer = transition.pointer};
    if (transition.guard) row.when += " [" + transition.guard->text() + "]";
    for (const Action& action : transition.actions) row.does.push_back(in_words(workflow, action));
    card.rows.push_back(std::move(row));
  }
}

std::string kind_of(const statechart::Node& node) {
  switch (node.kind) {
    case statechart::Kind::final:
      return "final";
    case statechart::Kind::parallel:
      return "parallel";
    case statechart::Kind::history:
      return node.deep ? "deep history" : "history";
    case statechart::Kind::atomic:
    case statechart::Kind::compound:
      break;
  }
  return "";
}

}  // namespace

std::string in_words(std::int64_t duration_ms) {
  static constexpr std::pair<std::int64_t, const char*> units[] = {
      {86'400'000, " d"}, {3'600'000, " h"}, {60'000, " min"}, {1'000, " s"}, {1, " ms"}};
  std::string text;
  for (const auto& [unit_ms, name] : units) {
    if (duration_ms < unit_ms) continue;
    text += (text.empty() ? "" : " ") + std::to_string(duration_ms / unit_ms) + name;
    duration_ms %= unit_ms;
  }
  return text.empty() ? "0 s" : text;
}

std::string names_of(const Workflow& workflow, const std::vector<int>& states) {
  std::string text;
  for (const int state : states) text += (text.empty() ? "" : ", ") + workflow.state(state).path;
  return text;
}

Card card_of(const Workflow& workflow, int index) {
  const statechart::Node& node = workflow.chart.at(index);
  const workflow::State& state = workflow.state(index);
  Card card{.name = node.name, .kind = kind_of(node), .facts = {}, .rows = {}};
  for (const Action& action : state.entry) card.facts.push_back(in_words(workflow, action));
  for (const Action& action : state.exit) card.facts.push_back("on leaving: " + in_words(workflow, action));
  for (const workflow::Manual& act : state.manual) card.facts.push_back("act " + act.name + ": " + act.role);
  if (node.kind == statechart::Kind::history) card.facts.push_back("at first: " + names_of(workflow, node.initial));
  if (index != statechart::root && node.kind == statechart::Kind::compound)
    card.facts.push_back("begins in " + names_of(workflow, node.initial));
  for (const Action& action : state.begin) card.facts.push_back("on beginning: " + in_words(workflow, action));
  for (const workflow::Handler& handler : state.on) {
    std::string events;
    for (const std::string& event : handler.events) events += (events.empty() ? "" : " or ") + event;
    add_rows(workflow, events, handler.transitions, card);
  }
  for (const workflow::After& after : state.after)
    add_rows(workflow, "after " + in_words(after.delay_ms), after.transitions, card);
  add_rows(workflow, "always", state.always, card);
  return card;
}

std::vector<std::string> heading_of(const Workflow& workflow) {
  const auto title = workflow.title.find(workflow.default_language);
  std::vector<std::string> lines = {title == workflow.title.end() ? workflow.id : title->second,
                                    workflow.id + " " + workflow.version};
  const auto deadline = [&](const char* name, const std::optional<workflow::Deadline>& each) {
    if (!each) return;
    std::string text = std::string(name) + " within " + in_words(each->within_ms);
    if (each->at_risk_ms > 0) text += ", at risk after " + in_words(each->at_risk_ms);
    if (!each->pause_in.empty()) text += ", paused in " + names_of(workflow, each->pause_in);
    lines.push_back(text);
  };
  deadline("First reply", workflow.first_reply);
  deadline("Resolution", workflow.resolution);
  return lines;
}

Marks::Marks(std::span<const WorkflowPathStep> path) {
  for (const WorkflowPathStep& step : path) {
    rules.insert(step.rules.begin(), step.rules.end());
    for (std::string state : step.configuration) {
      for (;;) {
        states.insert(state);
        const std::size_t dot = state.rfind('.');
        if (dot == std::string::npos) break;
        state.resize(dot);
      }
    }
  }
}

}  // namespace redress::diagram
