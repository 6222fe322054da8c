// By states alone, and every way out of them: more than can happen, never less.
#include "proof/relevance.hpp"

#include <algorithm>
#include <utility>

namespace redress::proof {
namespace {

using workflow::Action;
using workflow::State;
using workflow::Transition;

// Three places of each state: to be in it, to enter it, and to come into it, where it begins with what lies within.
constexpr int places_of_a_state = 3;
int being_in(int state) { return places_of_a_state * state; }
int entering(int state) { return places_of_a_state * state + 1; }
int coming_into(int state) { return places_of_a_state * state + 2; }

class Ways {
 public:
  explicit Ways(const workflow::Workflow& workflow)
      : workflow_(workflow), chart_(workflow.chart), next_(static_cast<std::size_t>(places_of_a_state * chart_.size())) {
    for (int state = statechart::root; state < chart_.size(); ++state) {
      add_within(state);
      add_transitions(state);
    }
  }

  [[nodiscard]] const std::vector<int>& next(int place) const { return next_[static_cast<std::size_t>(place)]; }
  [[nodiscard]] std::size_t size() const { return next_.size(); }

 private:
  void add(int from, int to) { next_[static_cast<std::size_t>(from)].push_back(to); }

  // What lies around the target within what stays, `domain`, is entered, too; of a parallel state all regions.
  void add_target(int from, int domain, int target) {
    add(from, coming_into(target));
    for (int around = chart_.at(target).parent; around != domain; around = chart_.at(around).parent) {
      add(from, entering(around));
      if (chart_.at(around).kind != statechart::Kind::parallel) continue;
      for (const int region : chart_.at(around).children) add(from, coming_into(region));
    }
  }

  void add_within(int state) {
    const statechart::Node& node = chart_.at(state);
    add(coming_into(state), entering(state));
    add(entering(state), being_in(state));
    const int domain = node.kind == statechart::Kind::history ? node.parent : state;
    for (const int inner : node.initial) add_target(coming_into(state), domain, inner);
    if (node.kind == statechart::Kind::parallel)
      for (const int region : node.children) add(coming_into(state), coming_into(region));
    if (node.kind == statechart::Kind::history)
      for (int inner = node.parent + 1; inner < chart_.at(node.parent).end; ++inner)
        add(coming_into(state), coming_into(inner));
    if (node.parent > statechart::root) add(being_in(state), being_in(node.parent));
  }

  void add_transitions(int state) {
    const State& content = workflow_.state(state);
    const auto all = [&](const std::vector<Transition>& transitions) {
      for (const Transition& transition : transitions) {
        const int domain = statechart::domain_of(chart_, transition, transition.targets);
        for (const int target : transition.targets) add_target(being_in(state), domain, target);
      }
    };
    for (const workflow::Handler& handler : content.on) all(handler.transitions);
    for (const workflow::After& after : content.after) all(after.transitions);
    all(content.always);
  }

  const workflow::Workflow& workflow_;
  const statechart::Chart& chart_;
  std::vector<std::vector<int>> next_;
};

// The places that some lead to, themselves among them.
std::vector<int> reach(const Ways& ways, std::vector<int> ahead) {
  std::vector<char> seen(ways.size(), 0);
  std::vector<int> reached;
  while (!ahead.empty()) {
    const int place = ahead.back();
    ahead.pop_back();
    if (std::exchange(seen[static_cast<std::size_t>(place)], char{1}) != 0) continue;
    reached.push_back(place);
    ahead.insert(ahead.end(), ways.next(place).begin(), ways.next(place).end());
  }
  return reached;
}

}  // namespace

void Relevance::Uses::add(const Uses& other) {
  for (std::size_t i = 0; i < commitments.size(); ++i) commitments[i] = std::max(commitments[i], other.commitments[i]);
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = std::max(fields[i], other.fields[i]);
}

Relevance::Relevance(const workflow::Workflow& workflow, const Reactions& reactions)
    : workflow_(workflow), reactions_(reactions) {
  std::vector<Uses> own;
  for (int state = statechart::root; state < workflow.chart.size(); ++state) {
    own.push_back(of_being_in(state));
    own.push_back(of(workflow.state(state).entry));
    own.push_back(of(workflow.state(state).begin));
  }
  const Ways ways(workflow);
  const auto uses_from = [&](std::vector<int> places) {
    Uses uses = nothing();
    for (const int place : reach(ways, std::move(places))) uses.add(own[static_cast<std::size_t>(place)]);
    return uses;
  };
  for (int state = statechart::root; state < workflow.chart.size(); ++state) from_.push_back(uses_from({being_in(state)}));
  learn_ends();
  always_ = from_.front();  // Workflow-wide transitions; not where the workflow begins, which comes once.
  if (!workflow.reopen) return;
  const Transition& reopen = workflow.reopen->transition;
  if (reopen.guard) add(always_, &*reopen.guard, by_guards);
  for (const int target : reopen.targets) {  // A new episode begins without commitments, and with the data.
    std::vector<int> places = {coming_into(target)};
    for (int around = workflow.chart.at(target).parent; around > statechart::root; around = workflow.chart.at(around).parent)
      places.push_back(coming_into(around));
    Uses uses = uses_from(std::move(places));
    std::fill(uses.commitments.begin(), uses.commitments.end(), char{0});
    always_.add(uses);
  }
}

void Relevance::learn_ends() {
  constexpr Situations settled = declined_unasked | declined | declined_accepted | failed | failed_accepted;
  for (std::size_t which = 0; which < workflow_.commitments.size(); ++which) {
    std::map<std::vector<bool>, Situations> by_answers;
    const bool lasts = !workflow_.commitments[which].contract.revocable;
    for (Situations bits = settled | (lasts ? fulfilled : 0); bits != 0; bits &= bits - 1) {
      const Situations one = bits & (~bits + 1);
      if (const auto answers = reactions_.guards().answers_about(which, one)) by_answers[*answers] |= one;
    }
    ends_.emplace_back();
    for (const auto& [answers, alike] : by_answers) ends_.back().push_back(alike);
  }
}

Relevance::Uses Relevance::nothing() const {
  return {std::vector<char>(workflow_.commitments.size(), 0), std::vector<char>(reactions_.terms().fields.size(), 0)};
}

Relevance::Uses Relevance::of(const std::vector<Action>& actions) const {
  Uses uses = nothing();
  add(uses, actions);
  return uses;
}

Relevance::Uses Relevance::of_being_in(int index) const {
  const State& state = workflow_.state(index);
  Uses uses = nothing();
  add(uses, state.exit);
  for (const workflow::Handler& handler : state.on) add(uses, handler.transitions);
  for (const workflow::After& after : state.after) add(uses, after.transitions);
  add(uses, state.always);
  return uses;
}

void Relevance::add(Uses& uses, const std::vector<Transition>& transitions) const {
  for (const Transition& transition : transitions) {
    if (transition.guard) add(uses, &*transition.guard, by_guards);
    add(uses, transition.actions);
  }
}

void Relevance::add(Uses& uses, const std::vector<Action>& actions) const {
  for (const Action& action : actions) add(uses, action);
}

void Relevance::add(Uses& uses, const Action& action) const {
  for (const auto& [field, value] : action.values) add(uses, &value);
  if (action.kind == Action::Kind::reply) add(uses, *workflow_.find_reply(action.name));
  const std::size_t which = reactions_.terms().commitment(action.name);
  const bool is_work =
      action.kind == Action::Kind::commit || action.kind == Action::Kind::cancel || action.kind == Action::Kind::undo;
  if (!is_work) return;
  uses.commitments[which] = otherwise;
  const workflow::CommitmentSpec& spec = workflow_.commitments[which];
  for (const auto& [pointer, text] : spec.input.templates) add(uses, &text);
  if (spec.approval && spec.approval->when) add(uses, &*spec.approval->when);
}

void Relevance::add(Uses& uses, const workflow::ReplySpec& reply) const {
  for (const workflow::ClaimSpec& claim : reply.claims)
    uses.commitments[reactions_.terms().commitment(claim.commitment)] = otherwise;
  for (const auto& [language, by_channel] : reply.texts)
    for (const auto& [channel, text] : by_channel) add(uses, &text);
  if (reply.review && reply.review->when) add(uses, &*reply.review->when);
}

void Relevance::add(Uses& uses, const void* expression, Use use) const {
  const Needs& needs = reactions_.needs_of(expression);
  for (const std::size_t which : needs.read) {
    char& known = uses.commitments[which];
    known = std::max<char>(known, needs.evidence.contains(which) ? otherwise : use);
  }
  for (const std::size_t field : needs.read_fields) uses.fields[field] = 1;
}

void Relevance::forget(Standing& standing) const {
  Uses uses = always_;
  for (const int state : standing.active) uses.add(from_[static_cast<std::size_t>(state)]);
  for (std::size_t which = 0; which < standing.commitments.size(); ++which) {
    Situations& now = standing.commitments[which];
    const bool may_come_back =
        (now & (open | cancelled | cancelled_unasked)) != 0 || workflow_.commitments[which].contract.revocable;
    if (!may_come_back && uses.commitments[which] == never) now = absent;
    if (uses.commitments[which] == otherwise) continue;
    for (const Situations alike : ends_[which])
      if ((now & alike) != 0) now |= alike;
  }
  for (std::size_t field = 0; field < standing.set.size(); ++field)
    if (uses.fields[field] == 0) standing.set[field] = 0;
}

}  // namespace redress::proof
