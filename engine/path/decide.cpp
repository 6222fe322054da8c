// The reaction: which transition an event takes, its actions, and the end of an episode.
#include "path/decide.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "path/commitments.hpp"
#include "path/deadlines.hpp"
#include "path/reply.hpp"
#include "path/scope.hpp"
#include "redress/limits.hpp"
#include "statechart/steps.hpp"

namespace redress::path {
namespace {

using workflow::Action;
using workflow::Handler;
using workflow::State;
using workflow::Transition;

constexpr std::int64_t reopen_within_default_ms = 7 * day_ms;
constexpr std::string_view nothing_wakes = "case:nothing_wakes";  // A task's subject.

// A line for the decision record. Operands may quote personal text: then the line itself is a text, apart.
std::string kept(Draft& draft, const std::string& why) {
  return why.find_first_of("\"'") == std::string::npos ? why : draft.put_text(why);
}

void record_rule(Draft& draft, const Event& event, const Transition& transition, bool taken, const std::string& why) {
  Json rule = {{"event", event.name}, {"state", draft.state_names()}, {"rule", transition.pointer}, {"taken", taken}};
  if (!why.empty()) rule["why"] = kept(draft, why);
  draft.rules.push_back(std::move(rule));
}

void raise_expression_error(Draft& draft, const Event& cause, const std::string& message) {
  draft.note("error.expression, for " + cause.name);
  draft.raise({.name = "error.expression",
               .subject = cause.subject,
               .reason = draft.put_text(message),
               .episode = cause.episode,
               .by = cause.by});
}

bool guard_holds(Draft& draft, const Event& event, const Transition& transition) {
  if (!transition.guard) {
    record_rule(draft, event, transition, true, "");
    return true;
  }
  const auto scope = scope_of(draft, event);
  const auto value = transition.guard->evaluate(scope);
  if (!value) {
    record_rule(draft, event, transition, false, "error: " + value.error().message);
    if (event.name == "error.expression") throw ReactionError{value.error().message};
    raise_expression_error(draft, event, value.error().message);
    return false;
  }
  const bool* holds = value->get_if<bool>();
  const bool taken = holds != nullptr && *holds;
  record_rule(draft, event, transition, taken, transition.guard->explain(scope));
  return taken;
}

const Transition* choose(Draft& draft, const Event& event, const std::vector<Transition>& transitions) {
  for (const Transition& transition : transitions) {
    if (guard_holds(draft, event, transition)) return &transition;
  }
  return nullptr;
}

// ---- actions ----------------------------------------------------------------------------------------------------------------

// The value of a data field, which keeps the field's own schema, whatever the schema of what it came from says.
Json fitting(const workflow::Workflow& workflow, const std::string& field, Json value) {
  if (!workflow.data_schema) return value;
  const auto findings = base::validate(workflow.data_schema->at("properties").at(field), value);
  if (!findings.empty())
    throw Error{Code::invalid, "set " + field + findings.front().pointer + ": " + findings.front().message};
  return value;
}

void set_data(Draft& draft, const Action& action, const Event& event) {
  Json data = Json::parse(draft.text(draft.record.row.data), nullptr, false);
  if (!data.is_object()) data = Json::object();
  for (const auto& [field, value_of] : action.values) {
    const auto value = value_of.evaluate(scope_of(draft, event));
    if (!value) throw Error{Code::invalid, "set " + field + ": " + value.error().message};
    data[field] = fitting(*draft.workflow, field, expression::to_json(*value));
    draft.record.row.data = draft.put_text(base::canonical_json(data));
    draft.data_changed = true;  // Also where a later field fails.
  }
}

// A task that asks for an approval stays with who may give it: the escalation is one beside it.
void escalate(Draft& draft, const std::string& role, const Event& event) {
  std::string subject = event.subject.empty() ? "case" : event.subject;
  for (const auto& [id, row] : draft.record.commitments) {
    if (row.state == CommitmentState::awaiting_approval && subject == commitment_subject(id)) subject = late_subject(subject);
  }
  draft.open_task(subject, role, event.name + ": please look at it");
}

void reply(Draft& draft, const std::string& name, const Event& event) {
  const std::int64_t id = draft_reply(draft, *draft.workflow->find_reply(name), event);
  if (id != 0) draft.drafted_in_transition = id;
}

void run(Draft& draft, const Action& action, const Event& event) {
  switch (action.kind) {
    case Action::Kind::commit:
      return commit(draft, *draft.workflow->find_commitment(action.name), event);
    case Action::Kind::cancel:
      return cancel(draft, action.name);
    case Action::Kind::undo:
      return undo(draft, action.name);
    case Action::Kind::reply:
      return reply(draft, action.name, event);
    case Action::Kind::set:
      return set_data(draft, action, event);
    case Action::Kind::escalate:
      return escalate(draft, action.name, event);
    case Action::Kind::raise:
      return draft.raise({.name = action.name, .by = event.by});
  }
}

// An action whose expression fails ends its block; the transition goes on (SCXML, "executable content").
void run_block(Draft& draft, const std::vector<Action>& actions, const Event& event) {
  for (const Action& action : actions) {
    try {
      run(draft, action, event);
    } catch (const Error& error) {
      if (event.name == "error.expression") throw ReactionError{error.message};
      return raise_expression_error(draft, event, action.pointer + ": " + error.message);
    }
  }
}

// ---- states -----------------------------------------------------------------------------------------------------------------

void offer_manual_acts(Draft& draft, const State& state) {
  if (state.manual.empty()) return;
  std::string acts;
  for (const workflow::Manual& manual : state.manual) acts += (acts.empty() ? "" : " or ") + ("manual." + manual.name);
  draft.open_task("state:" + state.path, state.manual.front().role, acts);
}

// What a case does when its workflow moves from state to state.
class Mover : public statechart::Host {
 public:
  Mover(Draft& draft, const Event& event) : draft_(draft), event_(event) {}

  void leave(int index) override {
    const State& state = draft_.workflow->state(index);
    run_block(draft_, state.exit, event_);
    draft_.drop_timers_of("after:" + state.path + ":");
    draft_.close_task("state:" + state.path);
  }

  void pass(const statechart::Move& move) override { run_block(draft_, static_cast<const Transition&>(move).actions, event_); }

  void enter(int index) override {
    const State& state = draft_.workflow->state(index);
    draft_.record.row.final_reply_id = 0;
    draft_.configuration_changed = true;
    run_block(draft_, state.entry, event_);
    for (std::size_t i = 0; i < state.after.size(); ++i)
      draft_.set_timer("after:" + state.path + ":" + std::to_string(i), draft_.now_ms + state.after[i].delay_ms);
    offer_manual_acts(draft_, state);
  }

  void begin(int index) override { run_block(draft_, draft_.workflow->state(index).begin, event_); }

  void done(int index) override {
    if (index == statechart::root) return end_episode();
    draft_.raise({.name = "done.state." + draft_.workflow->state(index).path});
  }

 private:
  void end_episode() {
    CaseRow& row = draft_.record.row;
    row.final_reply_id = draft_.drafted_in_transition;
    if (row.final_reply_id == 0) draft_.open_task("case", draft_.workflow->owner, "the episode ended without a closing reply");
  }

  Draft& draft_;
  const Event& event_;
};

// The one that is being reacted to: by its text, since later ones may have come while the case was set aside; else the latest.
const PostRow& post_of(const Draft& draft, const Event& event) {
  const auto& posts = draft.record.posts;
  const auto found =
      std::find_if(posts.begin(), posts.end(), [&](const auto& entry) { return entry.second.text == event.text; });
  return found == posts.end() ? posts.rbegin()->second : found->second;
}

void begin_episode(Draft& draft, const Event& event) {
  CaseRow& row = draft.record.row;
  if (!draft.move(lifecycle::CaseEvent::reopen)) return;
  draft.keep_episode();
  row.episode += 1;
  const bool by_post = event.name == "customer.replied";
  const PostRow& post = post_of(draft, event);
  row.episode_post = by_post ? post.post_id : row.opening_post;
  row.episode_at_ms = by_post ? post.created_at_ms : draft.now_ms;
  row.resolved_at_ms = row.closed_at_ms = row.resolution_met_at_ms = 0;
  draft.memory.history.clear();
  draft.drop_timer(close_timer);
  draft.drop_timer(close_late_timer);
  start_clocks(draft);
}

using Moves = std::vector<const statechart::Move*>;

void take(Draft& draft, const Moves& moves, const Event& event) {
  draft.drafted_in_transition = 0;
  const CaseState state = draft.record.row.state;
  const bool moving = std::any_of(moves.begin(), moves.end(), [](const auto* move) { return !move->targets.empty(); });
  if (moving && (state == CaseState::resolved || state == CaseState::closed)) begin_episode(draft, event);
  Mover mover(draft, event);
  statechart::microstep(draft.workflow->chart, draft.memory, moves, mover);
  if (moving) follow_pauses(draft);
}

// ---- which transitions ------------------------------------------------------------------------------------------------------

// "after:asking:0": the transitions of that timer, where the event is its own.
const std::vector<Transition>* after_transitions(const State& state, const std::string& name) {
  const std::string prefix = "after:" + state.path + ":";
  if (!name.starts_with(prefix)) return nullptr;
  std::size_t index = state.after.size();
  std::from_chars(name.data() + prefix.size(), name.data() + name.size(), index);
  return index < state.after.size() ? &state.after[index].transitions : nullptr;
}

const Transition* choose_handled(Draft& draft, const Event& event, const std::vector<Handler>& handlers) {
  for (const Handler& handler : handlers) {
    if (!handler.takes(event.name)) continue;
    if (const Transition* chosen = choose(draft, event, handler.transitions)) return chosen;
  }
  return nullptr;
}

Moves choose_in_states(Draft& draft, const Event& event) {
  const bool late = event.episode != 0 && event.episode != draft.record.row.episode;
  if (late) return {};
  const bool timer = event.name.starts_with("after:");
  return statechart::select(draft.workflow->chart, draft.memory, [&](int index) -> const Transition* {
    const State& state = draft.workflow->state(index);
    if (!timer) return choose_handled(draft, event, state.on);
    const auto* transitions = after_transitions(state, event.name);
    return transitions != nullptr ? choose(draft, event, *transitions) : nullptr;
  });
}

// Transitions without an event. Only the guard that holds is worth a line: each is looked at after each step.
const Transition* choose_always(Draft& draft, const Event& event, const State& state) {
  for (const Transition& transition : state.always) {
    const std::size_t rules = draft.rules.size();
    if (guard_holds(draft, event, transition)) return &transition;
    const bool failed = draft.rules.back().value("why", "").starts_with("error:");
    if (!failed) draft.rules.erase(draft.rules.begin() + static_cast<std::ptrdiff_t>(rules), draft.rules.end());
  }
  return nullptr;
}

Moves choose_always(Draft& draft, const Event& event) {
  return statechart::select(draft.workflow->chart, draft.memory,
                            [&](int index) { return choose_always(draft, event, draft.workflow->state(index)); });
}

// What no active state takes.
const Transition* choose_workflow_wide(Draft& draft, const Event& event) {
  const bool lasting = event.name.ends_with(".revoked") || event.name.starts_with("post.");
  if (event.name.starts_with("after:") || (draft.record.row.state == CaseState::closed && !lasting)) return nullptr;
  return choose_handled(draft, event, draft.workflow->root().on);
}

enum class Reopening { not_armed, left_attached, taken };

Reopening try_reopen(Draft& draft, const Event& event) {
  const auto& reopen = draft.workflow->reopen;
  if (!reopen || draft.record.row.state != CaseState::resolved || event.name != reopen->event) return Reopening::not_armed;
  if (is_past_reopening(draft.record, draft.now_ms)) return Reopening::not_armed;
  if (!guard_holds(draft, event, reopen->transition)) return Reopening::left_attached;
  take(draft, {&reopen->transition}, event);
  return Reopening::taken;
}

bool needs_a_person(const std::string& name) {
  static constexpr std::string_view ends[] = {".fulfilled", ".declined", ".failed",  ".unknown",
                                              ".revoked",   ".overdue",  ".blocked", ".refused"};
  return name == "customer.replied" ||
         std::any_of(std::begin(ends), std::end(ends), [&](auto end) { return name.ends_with(end); });
}

void ignore(Draft& draft, const Event& event) {
  draft.ignored.push_back(event.name);
  if (event.name == "error.expression") throw ReactionError{draft.text(event.reason)};
  if (!needs_a_person(event.name)) return;
  const std::string subject = event.subject.empty() ? "event:" + event.name : event.subject;
  if (draft.find_task(subject) != nullptr) return;  // Somebody looks at it already.
  draft.open_task(subject, draft.workflow->owner, event.name + ": nothing in the workflow takes it here");
}

// Enters where the workflow begins. An initial transition's own actions run first.
void begin_workflow(Draft& draft, const Event& event) {
  const workflow::Workflow& workflow = *draft.workflow;
  Transition initial;
  initial.targets = workflow.chart.at(statechart::root).initial;
  initial.actions = workflow.root().begin;
  take(draft, {&initial}, event);
}

void react_to(Draft& draft, const Event& event) {
  if (event.name == case_opened) return begin_workflow(draft, event);
  const Reopening reopening = try_reopen(draft, event);
  if (reopening == Reopening::taken) return;
  Moves chosen = choose_in_states(draft, event);
  if (chosen.empty()) {
    if (const Transition* wide = choose_workflow_wide(draft, event)) chosen = {wide};
  }
  if (!chosen.empty()) return take(draft, chosen, event);
  if (reopening == Reopening::left_attached) {
    draft.ignored.push_back(event.name);
  } else {
    ignore(draft, event);
  }
}

// ---- the end of each reaction -----------------------------------------------------------------------------------------------

void resolve_if_ended(Draft& draft) {
  CaseRow& row = draft.record.row;
  if ((row.state != CaseState::active && row.state != CaseState::waiting_customer) || !draft.in_final_state()) return;
  lifecycle::CaseFacts facts = draft.facts();
  if (const auto found = draft.record.replies.find(row.final_reply_id); found != draft.record.replies.end()) {
    const ReplyState state = found->second.state;
    facts.final_reply_told = state == ReplyState::published || state == ReplyState::corrected || state == ReplyState::waived;
  }
  if (!draft.move(lifecycle::CaseEvent::resolve, facts)) return;
  row.resolved_at_ms = draft.now_ms;
  meet_resolution(draft);
  draft.close_task("case");
  draft.set_timer(std::string(close_timer),
                  draft.now_ms + (draft.workflow->reopen ? draft.workflow->reopen->within_ms : reopen_within_default_ms));
}

bool changed_what_is_claimed(const Draft& draft) {
  if (draft.configuration_changed || draft.data_changed) return true;
  return std::any_of(draft.record.claims.begin(), draft.record.claims.end(),
                     [&](const auto& entry) { return draft.commitments_changed.contains(entry.second.commitment_id); });
}

void count(statechart::Steps& steps, const std::string& step) {
  if (const auto loop = steps.count(step)) throw ReactionError{*loop};
}

bool take_always(Draft& draft, const Event& event, statechart::Steps& steps) {
  const Moves moves = choose_always(draft, event);
  for (const statechart::Move* move : moves) count(steps, static_cast<const Transition*>(move)->pointer);
  if (!moves.empty()) take(draft, moves, event);
  return !moves.empty();
}

std::optional<Event> take_first(std::deque<Event>& events) {
  if (events.empty()) return std::nullopt;
  Event first = std::move(events.front());
  events.pop_front();
  return first;
}

// SCXML's order: transitions without an event, then what was raised within, then what came from outside.
void run_to_completion(Draft& draft, std::deque<Event> facts) {
  statechart::Steps steps;
  for (;;) {
    std::optional<Event> event = take_first(draft.raised);
    if (!event) event = take_first(facts);
    if (!event) {
      block_broken_replies(draft);
      if (draft.raised.empty()) break;
      continue;
    }
    count(steps, event->name);
    react_to(draft, *event);
    while (take_always(draft, *event, steps)) {
    }
  }
  draft.keep_memory();
  resolve_if_ended(draft);
}

Json pending_of(const Draft& draft) {
  Json pending = Json::parse(draft.record.row.pending, nullptr, false);
  return pending.is_array() ? pending : Json::array();
}

void append_pending(Draft& draft, const std::deque<Event>& events) {
  Json pending = pending_of(draft);
  for (const Event& event : events) pending.push_back(to_json(event));
  draft.record.row.pending = pending.empty() ? "" : base::dump_json(pending);
}

// Blocks what rests on broken claims; its events wait behind those that wait already.
void block_while_set_aside(Draft& draft) {
  block_broken_replies(draft);
  append_pending(draft, draft.raised);
  draft.raised.clear();
}

bool is_awaited(const Draft& draft) {
  using enum EffectState;
  const auto& record = draft.record;
  const bool called = std::any_of(record.effects.begin(), record.effects.end(), [](const auto& entry) {
    const EffectRow& effect = entry.second;
    return effect.state == attempting ||
           (effect.next_at_ms > 0 && (effect.state == planned || effect.state == waiting || effect.state == unknown));
  });
  const bool timed = std::any_of(record.timers.begin(), record.timers.end(), [](const auto& entry) {
    return entry.second.name != close_late_timer;  // Which moves nothing of what it waits for.
  });
  return called || timed || std::any_of(record.tasks.begin(), record.tasks.end(), [](const auto& entry) {
           return entry.second.done_at_ms == 0 && entry.second.subject != nothing_wakes;
         });
}

// What is not called any more has nothing that keeps it from being called.
void forget_obstacles(Draft& draft) {
  for (auto& [id, effect] : draft.record.effects)
    if (effect.next_at_ms == 0) effect.blocked.clear();
}

// Every open case has a wake-up: where the workflow left none, a person looks.
void see_to_a_wake_up(Draft& draft) {
  if (draft.record.row.state == CaseState::closed || is_awaited(draft)) return draft.close_task(nothing_wakes);
  draft.open_task(std::string(nothing_wakes), draft.workflow->owner, "nothing will move this case by itself: see to it");
}

// What the reaction took before it failed was not taken after all.
void undo_rules(Draft& draft, std::size_t first) {
  for (std::size_t i = first; i < draft.rules.size(); ++i) {
    if (!draft.rules[i].value("taken", false)) continue;
    draft.rules[i]["taken"] = false;
    draft.rules[i]["undone"] = true;
  }
  draft.rules.push_back({{"set_aside", true}});
}

void set_aside(Draft& draft, const std::string& reason) {
  draft.record.row.set_aside = 1;
  draft.record.row.set_aside_reason = draft.put_text(reason);
  draft.open_task("case:set_aside", draft.workflow->owner, "the case is set aside: retry or skip its pending event");
}

}  // namespace

void react(Draft& draft) {
  const std::deque<Event> facts = draft.raised;
  CaseRecord before = draft.record;
  const std::set<std::int64_t> changed_before = draft.commitments_changed;
  const std::size_t rules_before = draft.rules.size();
  if (before.row.set_aside != 0) {
    append_pending(draft, facts);
    draft.raised.clear();
    block_while_set_aside(draft);
  } else {
    try {
      draft.raised.clear();
      run_to_completion(draft, facts);
    } catch (const ReactionError& error) {
      before.texts = std::move(draft.record.texts);  // The trace may refer to them.
      draft.record = std::move(before);
      draft.load_memory();
      draft.commitments_changed = changed_before;
      draft.configuration_changed = draft.data_changed = false;
      draft.raised.clear();
      append_pending(draft, facts);
      set_aside(draft, error.message);
      undo_rules(draft, rules_before);
      block_while_set_aside(draft);
    }
  }
  forget_obstacles(draft);
  see_to_a_wake_up(draft);
  if (changed_what_is_claimed(draft)) draft.record.row.changes += 1;
}

bool is_past_reopening(const CaseRecord& record, std::int64_t now_ms) {
  if (record.row.state == CaseState::closed) return true;
  return std::any_of(record.timers.begin(), record.timers.end(), [&](const auto& entry) {
    const TimerRow& timer = entry.second;
    return timer.name == close_late_timer || (timer.name == close_timer && timer.due_at_ms <= now_ms);
  });
}

void resume_set_aside(Draft& draft, bool skip) {
  CaseRow& row = draft.record.row;
  const Json pending = pending_of(draft);
  row.set_aside = 0;
  row.set_aside_reason.clear();
  row.pending.clear();
  draft.close_task("case:set_aside");
  std::size_t next = skip ? 1 : 0;
  for (; next < pending.size() && row.set_aside == 0; ++next) {
    draft.raised = {event_from_json(pending.at(next))};
    react(draft);
  }
  if (next < pending.size()) {
    Json rest = pending_of(draft);
    for (; next < pending.size(); ++next) rest.push_back(pending.at(next));
    row.pending = base::dump_json(rest);
  }
}

}  // namespace redress::path
