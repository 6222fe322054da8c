// Breadth first, so that the first path to a place is a shortest one.
#include "proof/explore.hpp"

#include <algorithm>
#include <utility>

#include "base/time.hpp"
#include "redress/limits.hpp"
#include "workflow/names.hpp"
#include "workflow/scopes.hpp"

namespace redress::proof {

using workflow::in_quotes;

namespace {

// Those that a workflow has to take wherever they can come; the others only move the commitment on.
bool is_outcome(std::string_view kind) {
  return kind == "fulfilled" || kind == "declined" || kind == "failed" || kind == "overdue" || kind == "unknown";
}

// What a commitment passes through by itself, where nothing minds.
bool is_passing(std::string_view kind) {
  return kind == "accepted" || kind == "progress" || kind == "unknown" || kind == "undone" || kind == "cancelled";
}

// What a workflow-wide target leaves open becomes a task, when it ends.
workflow::Severity severity_of(const std::string& rule, bool wide) {
  const bool is_left_open = rule == "unhandled" || rule == "open_work";
  return wide && is_left_open ? workflow::Severity::warning : workflow::Severity::error;
}

// As one standing that is all of them.
bool join(Standing& into, const Standing& other) {
  const Standing before = into;
  for (std::size_t i = 0; i < into.commitments.size(); ++i) into.commitments[i] |= other.commitments[i];
  for (std::size_t i = 0; i < into.earlier.size(); ++i) into.earlier[i] = std::max(into.earlier[i], other.earlier[i]);
  for (std::size_t i = 0; i < into.left.size(); ++i) into.left[i] |= other.left[i];
  for (std::size_t i = 0; i < into.set.size(); ++i) into.set[i] = std::min(into.set[i], other.set[i]);
  for (std::size_t i = 0; i < into.untold.size(); ++i) into.untold[i] = std::max(into.untold[i], other.untold[i]);
  for (std::size_t i = 0; i < into.to_correct.size(); ++i)
    into.to_correct[i] = std::min(into.to_correct[i], other.to_correct[i]);
  into.told = into.told && other.told;
  return into != before;
}

// As paths say it: an `after` by its delay, a reopening by what reopens.
std::string name_of(const workflow::Workflow& workflow, const Happening& happening) {
  if (happening.event == "reopen") return workflow.reopen->event;
  if (happening.state == statechart::nothing) return happening.event;
  const workflow::State& state = workflow.state(happening.state);
  return "after " + base::format_duration(state.after[happening.after].delay_ms) + " in " + state.path;
}

}  // namespace

// Of what differs most; the rest is compared.
std::size_t StandingHash::operator()(const Standing& standing) const {
  std::size_t hash = standing.told ? 1 : 0;
  const auto add = [&](std::size_t value) { hash = (hash ^ value) * 0x9E3779B97F4A7C15U; };
  for (const int state : standing.active) add(static_cast<std::size_t>(state));
  for (const Situations each : standing.commitments) add(each);
  for (const char each : standing.set) add(static_cast<std::size_t>(each));
  return hash ^ (hash >> 32U);
}

Exploration::Exploration(const workflow::Workflow& workflow, const Reactions& reactions, Precision precision,
                         std::size_t places_max)
    : workflow_(workflow),
      reactions_(reactions),
      precision_(precision),
      places_max_(places_max),
      relevance_(workflow, reactions) {
  learn_events();
  run();
}

// Of all that can come beside a commitment's outcomes, what anything in the workflow names.
void Exploration::learn_events() {
  std::vector<std::string> all = {"customer.replied"};
  all.insert(all.end(), std::begin(workflow::post_events), std::end(workflow::post_events));
  for (const auto* target : {"first_reply", "resolution"})
    for (const auto* kind : {"at_risk", "breached"}) all.push_back(std::string("sla.") + target + "." + kind);
  for (const std::string& event : all) {
    const bool named = std::any_of(workflow_.states.begin(), workflow_.states.end(), [&](const workflow::State& state) {
      return std::any_of(state.on.begin(), state.on.end(), [&](const auto& handler) { return handler.takes(event); });
    });
    if (named) others_.push_back(event);
  }
}

void Exploration::run() {
  Place before{.standing = reactions_.before_all()};
  known_.emplace(before.standing, 0);
  places.push_back(std::move(before));
  waits_.push_back(0);
  happen(0, {.event = "case.opened"});
  for (;;) {
    while (!open_.empty() && complete) {
      const std::size_t place = open_.front();
      open_.pop_front();
      waits_[place] = 0;
      look_at(place);
    }
    if (later_.empty() || !complete) return;
    wide_ = true;
    for (auto& [edge, standing] : std::exchange(later_, {})) lead(std::move(edge), std::move(standing));
  }
}

workflow::PathStep Exploration::step(const Happening& happening, const std::set<int>& active,
                                     const std::vector<std::string>& rules) const {
  workflow::PathStep step{.event = name_of(workflow_, happening), .configuration = {}, .rules = rules};
  for (const int state : active)
    if (workflow_.chart.is_atomic(state)) step.configuration.push_back(workflow_.state(state).path);
  return step;
}

Path Exploration::along(const std::vector<std::size_t>& some_edges) const {
  Path path;
  for (const std::size_t each : some_edges) {
    const Edge& edge = edges[each];
    path.push_back(step(edge.happening, places[edge.to].standing.active, edge.rules));
  }
  return path;
}

Path Exploration::path_to(std::size_t place) const {
  std::vector<std::size_t> back;
  while (places[place].reached_by != Terms::npos) {
    back.push_back(places[place].reached_by);
    place = edges[back.back()].from;
  }
  std::reverse(back.begin(), back.end());
  return along(back);
}

Graph Exploration::graph(const std::function<bool(const Edge&)>& counts) const {
  std::vector<Arc> arcs;
  for (std::size_t edge = 0; edge < edges.size(); ++edge)
    if (counts(edges[edge])) arcs.push_back({edges[edge].from, edges[edge].to, edge});
  return {places.size(), std::move(arcs)};
}

const workflow::State& Exploration::innermost(std::size_t place) const {
  const std::set<int>& active = places[place].standing.active;
  const auto first = std::find_if(active.begin(), active.end(), [&](int state) { return workflow_.chart.is_atomic(state); });
  return workflow_.state(first == active.end() ? statechart::root : *first);
}

std::string Exploration::key_of(const Breach& breach) {
  const bool everywhere = breach.subject.starts_with("*.");  // One line mends it in all places.
  return breach.rule + "\n" + (everywhere ? "" : breach.pointer) + "\n" + breach.subject;
}

void Exploration::add(Breach breach, Path path, workflow::Severity severity) {
  if (!reported_.insert(key_of(breach)).second) return;
  found.push_back({std::move(breach), severity, std::move(path)});
}

void Exploration::look_at(std::size_t place) {
  look_at_outcomes(place);
  look_at_the_rest(place);
}

void Exploration::look_at_outcomes(std::size_t place) {
  for (std::size_t which = 0; which < workflow_.commitments.size(); ++which) {
    const workflow::CommitmentSpec& spec = workflow_.commitments[which];
    const Standing& before = places[place].standing;
    if ((before.commitments[which] & ~not_here) == 0 && before.earlier[which] == 0 && before.left[which] == 0) continue;
    for (const std::string_view kind : workflow::commitment_events) {
      const std::string event = spec.name + "." + std::string(kind);
      const Standing& standing = places[place].standing;
      if (const Situations becomes = after_event(standing.commitments[which], kind, spec.contract.revocable); becomes != 0) {
        const bool named = reactions_.is_named(standing, event);
        const bool nothing_new = (becomes & ~standing.commitments[which]) == 0 && reactions_.is_harmless(standing, event);
        const bool matters = is_outcome(kind) || reactions_.has_always(standing);
        if (named ? !nothing_new : matters) happen(place, {.event = event, .commitment = which, .becomes = becomes});
      }
      if (kind == "undone" && (places[place].standing.commitments[which] & undoing) != 0)
        happen(place, {.event = spec.name + " cannot be undone", .commitment = which, .becomes = fulfilled, .silent = true});
      if (may_come_late(place, which, kind)) {
        const Situations now = places[place].standing.commitments[which];
        const bool takes_back = kind == "revoked" && (now & not_here) == now;
        happen(place, {.event = event, .commitment = which, .becomes = takes_back ? revoked_before : now, .late = true});
      }
    }
  }
}

// Of an instance of an earlier episode: one that was fulfilled then can be revoked; one that was left open has all its events.
bool Exploration::may_come_late(std::size_t place, std::size_t which, std::string_view kind) const {
  const Standing& standing = places[place].standing;
  if (kind == "revoked") return standing.earlier[which] != 0 && workflow_.commitments[which].contract.revocable;
  // What is here was begun later, or is what was left: then it is no earlier episode's.
  return (standing.commitments[which] & not_here) != 0 && after_event(standing.left[which], kind, false) != 0;
}

void Exploration::look_at_the_rest(std::size_t place) {
  for (const std::string& event : others_)
    if (reactions_.is_named(places[place].standing, event)) happen(place, {.event = event});
  for (std::size_t reply = 0; reply < workflow_.replies.size(); ++reply) {
    const Drafts drafted = places[place].standing.drafted[reply];
    for (const std::string_view kind : workflow::reply_events) {
      const std::string event = workflow_.replies[reply].name + "." + std::string(kind);
      if (drafted == no_draft || !reactions_.is_named(places[place].standing, event)) continue;
      if ((drafted & (one_draft | some_drafts)) != 0) happen(place, {.event = event, .reply = reply});
      if ((drafted & earlier_drafts) != 0) happen(place, {.event = event, .reply = reply, .late = true});
    }
  }
  if (reactions_.has_always(places[place].standing)) happen(place, {.event = any_event});
  const std::set<int> active = places[place].standing.active;
  for (const workflow::Manual* act : workflow_.acts_in(active)) {
    const std::string event = "manual." + act->name;
    if (reactions_.is_named(places[place].standing, event)) happen(place, {.event = event});
  }
  for (const int state : active)
    for (std::size_t after = 0; after < workflow_.state(state).after.size(); ++after)
      happen(place, {.event = "after", .state = state, .after = after});
  if (workflow_.reopen && places[place].ended) happen(place, {.event = "reopen"});
}

void Exploration::happen(std::size_t place, const Happening& happening) {
  if (!complete) return;
  std::optional<std::vector<Turn>> turns = reactions_.to(places[place].standing, happening);
  turns_ += turns ? turns->size() : 0;
  if (!turns || reactions_.is_spent() || turns_ > turns_for_each_place * places_max_) {
    complete = false;
    return;
  }
  for (Turn& turn : *turns) take(place, happening, std::move(turn));
}

void Exploration::take(std::size_t place, const Happening& happening, Turn&& turn) {
  if (!turn.taken && not_taken(place, happening, turn.guarded) == workflow::Severity::error) return;
  Edge edge{.from = place,
            .to = place,
            .happening = happening,
            .rules = std::move(turn.rules),
            .commits = std::move(turn.commits),
            .drafts = std::move(turn.drafts),
            .first = turn.first,
            .closing = turn.closing,
            .new_episode = turn.new_episode,
            .asks_event = turn.asks_event};
  entered.insert(turn.entered.begin(), turn.entered.end());
  bool looping = false;
  for (Breach& breach : turn.breaches) {
    looping = looping || breach.rule == "loop";
    const workflow::Severity severity = severity_of(breach.rule, places[place].wide || turn.wide);
    edge.broken = edge.broken || severity == workflow::Severity::error;
    if (severity == workflow::Severity::warning && places[place].broken) continue;
    if (reported_.contains(key_of(breach))) continue;
    Path path = path_to(place);
    path.push_back(step(happening, turn.after.active, edge.rules));
    add(std::move(breach), std::move(path), severity);
  }
  if (looping) return;
  const std::vector<Situations> found_out = turn.after.commitments;
  close(turn.after);
  if (edge.rules.empty() && turn.after == places[place].standing) {
    if (!passes(turn.after, found_out)) unmoved.push_back({place, happening, turn.asks_event});
    return;
  }
  if (turn.wide && !wide_) {
    later_.emplace_back(std::move(edge), std::move(turn.after));
  } else {
    lead(std::move(edge), std::move(turn.after));
  }
}

// Whether what a guard found out of commitments is not so for long: wherever they are, they come by themselves to where it is
// not.
bool Exploration::passes(const Standing& standing, const std::vector<Situations>& found_out) const {
  bool passes = false;
  for (std::size_t which = 0; which < found_out.size(); ++which) {
    if (found_out[which] == standing.commitments[which]) continue;
    for (Situations bits = found_out[which]; bits != 0; bits &= bits - 1) {
      Standing one = standing;
      one.commitments[which] = bits & (~bits + 1);
      close(one);
      passes = (one.commitments[which] & ~found_out[which]) != 0;
      if (!passes) return false;
    }
  }
  return passes;
}

void Exploration::lead(Edge&& edge, Standing&& standing) {
  edge.to = find_or_add(std::move(standing), edges.size(), edge.broken || places[edge.from].broken);
  const Happening& happening = edge.happening;
  const std::string name = happening.event + (happening.after != 0 ? std::to_string(happening.after) : "");
  const std::size_t kind = (happening.late ? 2 : 0) + (edge.new_episode ? 1 : 0);
  if (seen_.emplace(edge.from, edge.to, name, kind, edge.rules, edge.drafts, edge.commits).second)
    edges.push_back(std::move(edge));
}

// What it is where nothing takes the event: no finding most often.
std::optional<workflow::Severity> Exploration::not_taken(std::size_t place, const Happening& happening, bool guarded) {
  const Place& here = places[place];
  const std::string& event = happening.event;
  if (happening.commitment == Terms::npos || happening.late || here.ended) return std::nullopt;
  const std::string kind = event.substr(event.rfind('.') + 1);
  if (!is_outcome(kind)) return std::nullopt;
  const workflow::State& state = innermost(place);
  Path path = path_to(place);
  path.push_back(step(happening, here.standing.active, {}));
  const bool late = kind == "overdue" || kind == "unknown";  // Most often told to somebody, in one line for all.
  std::string mend = "Add \"" + event + "\": { \"target\": ... } to this state's \"on\".";
  if (late) mend = "Add \"*." + kind + "\": { \"actions\": [ { \"escalate\": ROLE } ] } to the workflow's own \"on\".";
  if (guarded) mend = "Add a last transition without a guard.";
  const workflow::Severity severity = severity_of("unhandled", here.wide);
  if (severity == workflow::Severity::warning && here.broken) return severity;
  add({"unhandled", state.pointer, late ? "*." + kind : event,
       in_quotes(event) + " can come in the state " + in_quotes(state.path) + ", and " +
           (guarded ? "no guard that asks for it needs to hold" : "nothing takes it there"),
       std::move(mend)},
      std::move(path), severity);
  return severity;
}

std::size_t Exploration::find_or_add(Standing&& standing, std::size_t edge, bool broken) {
  Standing key = standing;
  if (precision_ == Precision::joined) {
    for (Situations& each : key.commitments) each = phases_of(each);
    std::fill(key.earlier.begin(), key.earlier.end(), char{0});
    std::fill(key.left.begin(), key.left.end(), Situations{0});
    std::fill(key.set.begin(), key.set.end(), char{0});
    std::fill(key.to_correct.begin(), key.to_correct.end(), char{0});
    std::fill(key.untold.begin(), key.untold.end(), char{0});
    key.told = false;
  }
  const auto [at, is_new] = known_.emplace(std::move(key), places.size());
  const std::size_t index = at->second;
  if (is_new) {
    const bool ended = reactions_.is_ended(standing);
    places.push_back({.standing = std::move(standing), .reached_by = edge, .ended = ended, .wide = wide_, .broken = broken});
    waits_.push_back(0);
    if (places.size() > places_max_) complete = false;
  } else if (precision_ == Precision::each || !join(places[index].standing, standing)) {
    return index;
  }
  close(places[index].standing);
  if (waits_[index] == 0) open_.push_back(index);
  waits_[index] = 1;
  return index;
}

// What comes by itself, and changes nothing but the commitment, is so at once; what does not matter any more is forgotten.
void Exploration::close(Standing& standing) const {
  for (std::size_t which = 0; which < workflow_.commitments.size(); ++which) {
    const workflow::CommitmentSpec& spec = workflow_.commitments[which];
    Situations& now = standing.commitments[which];
    if ((now & ~not_here) == 0) continue;
    now = with_silent(now);
    for (const std::string_view kind : workflow::commitment_events) {
      if (!is_passing(kind)) continue;
      const Situations becomes = after_event(now, kind, spec.contract.revocable);
      if ((becomes & ~now) != 0 && reactions_.is_harmless(standing, spec.name + "." + std::string(kind))) now |= becomes;
    }
  }
  relevance_.forget(standing);
}

}  // namespace redress::proof
