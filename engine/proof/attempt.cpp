// The macrostep: which transitions are taken, and what their contents do.
#include "proof/attempt.hpp"

#include <algorithm>

#include "redress/limits.hpp"
#include "workflow/names.hpp"

namespace redress::proof {

using workflow::Action;
using workflow::in_quotes;
using workflow::State;
using workflow::Transition;

namespace {

// Where one macrostep goes beyond this, only a loop can be the reason: then it is looked for.
constexpr std::size_t steps_without_doubt = 24;

}  // namespace

Attempt::Attempt(const Reactions& reactions, Forks& forks, const Standing& before)
    : all_(reactions), workflow_(reactions.workflow_), forks_(forks) {
  turn.after = before;
  memory_ = {before.active, before.history};
  begins_ended_ = reactions.is_ended(before);
}

void Attempt::run(const Happening& happening) {
  if (happening.commitment != Terms::npos && happening.becomes != 0)
    turn.after.commitments[happening.commitment] = happening.becomes;
  if (happening.silent) return;
  reacting_to_ = happening.event;
  if (happening.commitment != Terms::npos) settle_earlier(happening);
  if (happening.reply != Terms::npos && !happening.late && happening.event.ends_with(".published"))
    turn.after.drafted[happening.reply] = after_publishing(turn.after.drafted[happening.reply]);
  if (happening.event.ends_with(".revoked")) revoked_now_ = happening.commitment;
  revoked_late_ = happening.late;
  if (happening.event == "case.opened") {
    begin();
  } else if (happening.event == "reopen") {
    turn.taken = reopening_ = true;
    if (holds(workflow_.reopen->transition)) take({&workflow_.reopen->transition}, false);
    reopening_ = false;
  } else {
    react(happening);
  }
  come_to_rest();
  keep();
}

void Attempt::pass(const statechart::Move& move) {
  const auto& transition = static_cast<const Transition&>(move);
  if (!transition.pointer.empty()) turn.rules.push_back(transition.pointer);
  ending_ = transition.pointer;
  run_block(transition.actions);
}

void Attempt::enter(int state) {
  turn.entered.insert(state);
  run_block(workflow_.state(state).entry);
  keep_active();
}

void Attempt::done(int state) {
  if (state == statechart::root) return end_episode();
  internal_.push_back("done.state." + workflow_.state(state).path);
}

void Attempt::breach(std::string rule, std::string pointer, std::string subject, std::string message, std::string mend) {
  if (!failed_at_.empty()) message += ", where " + failed_at_ + " fails and that is taken as " + std::string(error_event);
  turn.breaches.push_back({std::move(rule), std::move(pointer), std::move(subject), std::move(message), std::move(mend)});
}

bool Attempt::has_expressions(const Action& action) {
  return action.kind == Action::Kind::commit || action.kind == Action::Kind::set;
}

void Attempt::run_block(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    if (has_expressions(action) && can_fail() && !forks_.choose()) return fail(action.pointer);
    act(action);
  }
}

void Attempt::act(const Action& action) {
  switch (action.kind) {
    case Action::Kind::commit:
      return commit(all_.terms_.commitment(action.name));
    case Action::Kind::cancel:
      return cancel(all_.terms_.commitment(action.name));
    case Action::Kind::undo:
      return undo(all_.terms_.commitment(action.name));
    case Action::Kind::reply:
      return draft(*workflow_.find_reply(action.name), action.pointer);
    case Action::Kind::set:
      return set(action);
    case Action::Kind::raise:
      internal_.push_back(action.name);
      return;
    case Action::Kind::escalate:
      return;
  }
}

void Attempt::take(const Moves& moves, bool wide) {
  drafted_ = Terms::npos;
  const bool moving = std::any_of(moves.begin(), moves.end(), [](const auto* move) { return !move->targets.empty(); });
  turn.wide = turn.wide || (wide && moving);
  // Before the case is resolved it is the same episode still.
  if (moving && all_.is_ended(turn.after) && (reopening_ || forks_.choose())) begin_episode();
  begins_ended_ = begins_ended_ && !moving;
  statechart::microstep(workflow_.chart, memory_, moves, *this);
  keep_active();
}

void Attempt::begin() {
  turn.taken = true;
  initial_.targets = workflow_.chart.at(statechart::root).initial;
  initial_.actions = workflow_.root().begin;
  take({&initial_}, false);
}

void Attempt::react(const Happening& happening) {
  if (happening.event == any_event) return;
  Moves moves = statechart::select(workflow_.chart, memory_, [&](int state) -> const Transition* {
    if (happening.late) return nullptr;
    if (happening.state == statechart::nothing) return handled(workflow_.state(state).on, happening.event);
    return state == happening.state ? first(workflow_.state(state).after[happening.after].transitions) : nullptr;
  });
  bool wide = false;
  if (moves.empty() && happening.state == statechart::nothing) {
    if (const Transition* transition = handled(workflow_.root().on, happening.event)) {
      moves = {transition};
      wide = true;
    }
  }
  turn.taken = !moves.empty();
  turn.guarded = guarded_;
  if (turn.taken) take(moves, wide);
}

void Attempt::come_to_rest() {
  for (;;) {
    Moves moves = statechart::select(workflow_.chart, memory_, [&](int state) { return first(workflow_.state(state).always); });
    if (!moves.empty()) {
      if (is_loop(static_cast<const Transition*>(moves.front())->pointer)) return;
      take(moves, false);
      continue;
    }
    if (internal_.empty()) return;
    const std::string event = internal_.front();
    internal_.pop_front();
    reacting_to_ = event;
    ++taken_within_;
    moves = statechart::select(workflow_.chart, memory_, [&](int state) { return handled(workflow_.state(state).on, event); });
    if (moves.empty()) {
      if (const Transition* transition = handled(workflow_.root().on, event)) moves = {transition};
    }
    if (moves.empty() && event == error_event) turn.undone = true;
    if (turn.undone) return;
    if (moves.empty()) {
      is_not_taken(event);
      continue;
    }
    if (is_loop(static_cast<const Transition*>(moves.front())->pointer)) return;
    take(moves, false);
  }
}

void Attempt::is_not_taken(const std::string& event) {
  if (!event.ends_with(".fulfilled")) return;
  const auto state =
      std::find_if(memory_.active.begin(), memory_.active.end(), [&](int each) { return workflow_.chart.is_atomic(each); });
  const State& here = workflow_.state(state == memory_.active.end() ? statechart::root : *state);
  breach("unhandled", here.pointer, event,
         in_quotes(event) + " can come again at once in the state " + in_quotes(here.path) +
             ", where the work is committed though it is fulfilled, and nothing takes it there",
         "Commit it only where it is not fulfilled yet, or add \"" + event + "\" to this state's \"on\".");
}

bool Attempt::is_loop(const std::string& pointer) {
  if (++steps_ <= steps_without_doubt) return false;
  keep();
  const bool is_new = all_.loops_.count(pointer) == 0 && seen_taken_.emplace(turn.after, taken_within_).second &&
                      seen_.emplace(turn.after, std::vector<std::string>(internal_.begin(), internal_.end())).second;
  if (is_new && steps_ < limits::macrostep_steps_max) return false;
  all_.loops_.insert(pointer);
  breach("loop", pointer, "", "this is taken again and again in one reaction, and nothing waits in between",
         "Wait for something on the way: a person (\"manual\"), time (\"after\"), or a department.");
  return true;
}

void Attempt::keep() {
  turn.after.active = memory_.active;
  turn.after.history = memory_.history;
}

}  // namespace redress::proof
