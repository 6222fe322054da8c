// Effects and timers: what is due, the calls that leave, and what their answers settle.
//
// Planned -> attempting is durable before the first byte leaves (T1, T2); the answer settles effect and commitment, and the
// workflow reacts (T3). Looking something up changes nothing outside, so it needs no intent of its own.
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "drive/driver.hpp"
#include "path/commitments.hpp"
#include "path/deadlines.hpp"
#include "path/decide.hpp"
#include "path/reply.hpp"
#include "redress/limits.hpp"
#include "store/rows.hpp"

namespace redress::drive {
namespace {

constexpr std::size_t due_page = 64;
constexpr std::int64_t never_ms = std::numeric_limits<std::int64_t>::max();  // Parked until the engine is opened anew.

Verb verb_of(const std::string& verb) {
  if (verb == "undo") return Verb::undo;
  if (verb == "cancel") return Verb::cancel;
  if (verb == "record" || verb == "record_undo") return Verb::record;
  return Verb::perform;
}

// Why an answer cannot be kept as it stands; empty: it can.
std::string breaks_bounds(const Outcome& outcome) {
  if (outcome.ticket.size() > limits::name_bytes_max)
    return "the answer's ticket is longer than " + std::to_string(limits::name_bytes_max) + " bytes";
  if (outcome.evidence.size() > limits::document_bytes_max || outcome.reason.size() > limits::document_bytes_max) {
    return "the answer is longer than " + std::to_string(limits::document_bytes_max) + " bytes";
  }
  const bool utf8 = base::is_utf8(outcome.ticket) && base::is_utf8(outcome.reason) && base::is_utf8(outcome.evidence);
  return utf8 ? "" : "the answer is not UTF-8";
}

Outcome within_bounds(Outcome outcome) {
  std::string wrong = breaks_bounds(outcome);
  return wrong.empty() ? std::move(outcome) : Outcome{.kind = OutcomeKind::unknown, .reason = std::move(wrong)};
}

// The department's own name for taking it back; its evidence is that of the commitment.
std::string undo_action(const path::Draft& draft, std::int64_t commitment_id) {
  for (const auto& [id, member] : draft.record.members) {
    if (member.commitment_id != commitment_id) continue;
    const workflow::CommitmentSpec* spec = draft.workflow->find_commitment(member.name);
    if (spec != nullptr) return spec->undo;
  }
  return "";
}

}  // namespace

// A call with its own copies of what it borrows out.
struct Driver::PreparedCall {
  bool leaves = false;                          // False: nothing to call after all.
  std::optional<std::int64_t> parked_until_ms;  // What it needs is not here: not taken up again before.
  bool lookup = false;                          // reconcile, or a channel's lookup: read-only.
  bool publish = false;
  bool is_private = false;  // Of a publication.
  bool uncertain = false;   // An earlier attempt may have happened.
  std::int64_t case_id = 0, effect_id = 0, attempt = 0, commitment_id = 0;
  std::string verb, key, reference, department, action, input, evidence, ticket;
  std::string reply, channel, in_reply_to, text;
  std::int64_t now_ms = 0;
};

// ---- what is due ------------------------------------------------------------------------------------------------------------

Result<std::optional<Due>> Driver::take_due() {
  const std::lock_guard lock(due_mutex_);
  const std::int64_t now_ms = options_.clock->now_ms();
  std::erase_if(parked_, [&](const auto& entry) { return entry.second <= now_ms && in_hand_.erase(entry.first) == 1; });
  const auto due = options_.store->due(now_ms, due_page + in_hand_.size());
  if (!due) return due.error();
  for (const Due& one : *due) {
    if (in_hand_.emplace(static_cast<int>(one.kind), one.id).second) return std::optional(one);
  }
  return std::optional<Due>();
}

void Driver::give_back(const Due& due) {
  const std::lock_guard lock(due_mutex_);
  in_hand_.erase({static_cast<int>(due.kind), due.id});
}

// When there is something to take up by itself; what is in hand does not count.
Result<std::optional<std::int64_t>> Driver::next_due_at_ms() {
  const std::lock_guard lock(due_mutex_);
  if (in_hand_.empty()) return options_.store->next_due_at_ms();
  const auto due = options_.store->due(never_ms, in_hand_.size() + 1);
  if (!due) return due.error();
  std::int64_t next_ms = never_ms;
  for (const auto& [item, until_ms] : parked_) next_ms = std::min(next_ms, until_ms);
  for (const Due& one : *due) {
    if (in_hand_.contains({static_cast<int>(one.kind), one.id})) continue;
    next_ms = std::min(next_ms, one.at_ms);
    break;
  }
  return next_ms == never_ms ? std::optional<std::int64_t>() : std::optional(next_ms);
}

void Driver::park(const Due& due, std::int64_t until_ms) {
  const std::lock_guard lock(due_mutex_);
  parked_[{static_cast<int>(due.kind), due.id}] = until_ms;
}

void Driver::keep_unsettled(std::function<Result<void>()> settle) {
  const std::lock_guard lock(due_mutex_);
  unsettled_.push_back(std::move(settle));
}

Result<bool> Driver::step() {
  if (const auto settled = settle_left(); !settled) return settled.error();
  const auto due = take_due();
  if (!due) return due.error();
  if (!*due) return false;
  bool in_doubt = false;
  const auto handled = handle(**due, in_doubt);
  if (handled && *handled) {
    park(**due, **handled);
    return true;
  }
  if (!in_doubt && (handled || handled.error().code == Code::unavailable)) give_back(**due);
  if (!handled && handled.error().code == Code::unavailable) return handled.error();
  // One broken case stands still alone: what is due of it is not taken up again until the engine is opened anew.
  if (!handled) log(LogLevel::error, handled.error().message);
  wake();
  return true;
}

// Answers until when the item must be left alone, where it must.
Result<std::optional<std::int64_t>> Driver::handle(const Due& due, bool& in_doubt) {
  if (due.kind == Due::Kind::effect) return run_effect(due, in_doubt);
  if (const auto fired = fire_timer(due); !fired) return fired.error();
  return std::optional<std::int64_t>();
}

Result<void> Driver::fire_timer(const Due& due) {
  return writer_->execute([&](Turn& turn) -> Result<void> {
    const auto before = turn.load(due.case_id);
    if (!before) return before.error();
    const auto timer = before->timers.find(due.id);
    if (timer == before->timers.end() || timer->second.due_at_ms > turn.now_ms()) return {};  // Dropped or moved meanwhile.
    auto draft = draft_of(turn, *before);
    if (!draft) return draft.error();
    draft->record.timers.erase(due.id);
    draft->event = "timer." + timer->second.name;
    draft->what = {{"due_at_ms", timer->second.due_at_ms}};
    path::on_timer(*draft, timer->second.name);
    path::react(*draft);
    turn.put(*before, std::move(*draft));
    return {};
  });
}

// ---- one effect -------------------------------------------------------------------------------------------------------------

Result<std::optional<std::int64_t>> Driver::run_effect(const Due& due, bool& in_doubt) {
  PreparedCall call;
  const auto prepared = writer_->execute([&](Turn& turn) { return prepare(turn, due, call); });
  if (!prepared && prepared.error().code == Code::unavailable && call.leaves && !call.lookup) {
    // The intent may stand in the store all the same. The effect stays in hand: nobody takes it up before that is known.
    in_doubt = true;
    keep_unsettled([this, call, due] {
      const Outcome not_made{.kind = call.uncertain ? OutcomeKind::unknown : OutcomeKind::retry,
                             .reason = "not called: the store did not say that it had the intent"};
      auto settled = settle_call(call, not_made, false);
      if (settled) give_back(due);
      return settled;
    });
  }
  if (!prepared) return prepared.error();
  if (!call.leaves) return call.parked_until_ms;
  const auto settled = settle_or_keep(call, make_call(call));
  if (!settled) return settled.error();
  return std::optional<std::int64_t>();
}

// The answer is here and must not be lost while the store cannot take it. Where it never will, the case stands still alone.
Result<void> Driver::settle_or_keep(const PreparedCall& call, const Outcome& outcome) {
  auto settled = settle_call(call, outcome);
  if (!settled && settled.error().code == Code::unavailable)
    keep_unsettled([this, call, outcome] { return settle_call(call, outcome); });
  return settled;
}

// All of them: they are due, and nothing else tells when to come again.
Result<void> Driver::settle_left() {
  for (;;) {
    std::function<Result<void>()> settle;
    {
      const std::lock_guard lock(due_mutex_);
      if (unsettled_.empty()) return {};
      settle = std::move(unsettled_.front());
      unsettled_.pop_front();
    }
    const auto settled = settle();
    if (!settled && settled.error().code == Code::unavailable) {
      keep_unsettled(std::move(settle));
      return settled;
    }
    if (!settled) log(LogLevel::error, settled.error().message);
  }
}

Result<void> Driver::prepare(Turn& turn, const Due& due, PreparedCall& call) {
  call = {};
  const auto before = turn.load(due.case_id);
  if (!before) return before.error();
  const auto known = before->effects.find(due.id);
  if (known == before->effects.end() || known->second.next_at_ms == 0 || known->second.next_at_ms > turn.now_ms()) return {};
  auto draft = draft_of(turn, *before);
  if (!draft) return draft.error();
  EffectRow& effect = draft->record.effects.at(due.id);
  const bool publish = effect.verb == "publish";
  const std::string department = publish ? "" : draft->commitment(effect.subject_id).department;
  if (const Obstacle obstacle = obstacle_of(department, effect.key); !obstacle.what.empty()) {
    call.parked_until_ms = put_off(*draft, effect, obstacle);
    if (!draft->event.empty()) turn.put(*before, std::move(*draft));
    return {};
  }
  effect.blocked.clear();
  const bool lookup = effect.reconciling != 0 && effect.state != EffectState::planned;
  if (lookup) {
    fill(*draft, effect, true, call);
    return {};
  }
  draft->event = "effect.attempting";
  draft->what = {{"effect", effect.id}, {"verb", effect.verb}};
  const bool leaves = publish ? path::begin_publishing(*draft, effect) : path::begin_attempt(*draft, effect);
  if (!leaves && effect.next_at_ms == known->second.next_at_ms) effect.next_at_ms = 0;  // It must not come again by itself.
  draft->what["leaves"] = leaves;
  if (leaves) fill(*draft, effect, false, call);
  path::react(*draft);
  turn.put(*before, std::move(*draft));
  return {};
}

// What cannot be asked now waits. Where nobody knows whether it happened, that lasts no longer than looking it up would: then a
// person decides. Answers until when it waits; leaves the draft's event empty where nothing changed.
std::optional<std::int64_t> Driver::put_off(path::Draft& draft, EffectRow& effect, const Obstacle& obstacle) {
  const bool publish = effect.verb == "publish";
  const bool uncertain = effect.uncertain_since_ms != 0;
  const std::int64_t limit_ms = !uncertain ? never_ms
                                : publish  ? path::lookups_end_at_ms(effect)
                                           : path::finding_out_ends_at_ms(draft, effect);
  const bool over = draft.now_ms >= limit_ms;
  if (!over && effect.blocked == obstacle.what) return std::min(obstacle.until_ms, limit_ms);
  draft.event = "effect.blocked";
  draft.what = {{"effect", effect.id}, {"verb", effect.verb}, {"blocked", obstacle.what}};
  effect.blocked = over ? "" : obstacle.what;
  if (!over) return std::min(obstacle.until_ms, limit_ms);
  const Outcome nothing{.kind = OutcomeKind::unknown, .reason = obstacle.what};
  publish ? path::settle_publication(draft, effect, nothing) : path::settle(draft, effect, nothing);
  path::react(draft);
  return std::nullopt;
}

void Driver::fill(const path::Draft& draft, const EffectRow& effect, bool lookup, PreparedCall& call) {
  call.leaves = true;
  call.lookup = lookup;
  call.publish = effect.verb == "publish";
  call.uncertain = effect.uncertain_since_ms != 0;
  call.case_id = effect.case_id;
  call.effect_id = effect.id;
  call.attempt = effect.attempt;
  call.verb = lookup ? (call.publish ? "lookup" : "reconcile") : effect.verb;
  call.key = effect.key;
  call.reference = draft.record.row.reference;
  call.now_ms = draft.now_ms;
  if (call.publish) {
    const ReplyRow& reply = draft.record.replies.at(effect.subject_id);
    call.reply = std::to_string(reply.id);
    call.channel = reply.channel;
    call.in_reply_to = reply.in_reply_to;
    call.is_private = store::is_private(draft.record, reply);
    call.text = draft.text(effect.request);
    return;
  }
  const CommitmentRow& row = draft.record.commitments.at(effect.subject_id);
  call.commitment_id = row.id;
  call.department = row.department;
  const bool of_undo = effect.verb == "undo" || effect.verb == "record_undo";
  call.action = of_undo ? undo_action(draft, row.id) : row.action;
  call.input = draft.text(row.input);
  if (of_undo || effect.verb == "record") call.evidence = draft.text(effect.request);
  call.ticket = row.ticket;
}

// What keeps a department (empty: the channel) from being called under this key. A call that hangs may still act: until it
// ended, looking it up would tell nothing, and repeating it could do the work twice.
Driver::Obstacle Driver::obstacle_of(const std::string& department, const std::string& key) {
  if (department.empty()) return options_.channel ? Obstacle{} : Obstacle{"no channel is connected", never_ms};
  if (find_department(department) == nullptr) return {"plugin " + department + " missing", never_ms};
  const Watch& watch = watches_.find(department)->second;
  if (watch.written_off() >= limits::written_off_max)
    return {
        "plugin " + department + " is stopped: " + std::to_string(limits::written_off_max) + " calls gave no answer in time",
        never_ms};
  const plugin::Manifest* manifest = library_.manifest_of(department);
  const bool alone = manifest == nullptr || !manifest->concurrent;
  if (watch.hangs_on(key) || (alone && watch.hangs()))
    return {"plugin " + department + " is still in a call that gave no answer in time",
            options_.clock->now_ms() + path::minute_ms};
  return {};
}

// With its own copies: a call that is written off goes on with them.
Outcome Driver::call_department(const PreparedCall& call) {
  const auto department = departments_.find(call.department)->second;
  auto work = [department, call, deadline_ms = call.now_ms + options_.call_ms_max] {
    return department->handle({.verb = call.lookup ? Verb::reconcile : verb_of(call.verb),
                               .key = call.key,
                               .case_reference = call.reference,
                               .commitment_id = call.commitment_id,
                               .action = call.action,
                               .input = call.input,
                               .evidence = call.evidence,
                               .ticket = call.ticket,
                               .attempt = static_cast<int>(call.attempt),
                               .now_ms = call.now_ms,
                               .deadline_ms = deadline_ms});
  };
  if (!options_.watch_calls) return work();
  Watch& watch = watches_.find(call.department)->second;
  const plugin::Manifest* manifest = library_.manifest_of(call.department);
  if (watch.hangs() && (manifest == nullptr || !manifest->concurrent))  // It began to hang while this call waited for it.
    return {.kind = call.lookup || call.uncertain ? OutcomeKind::unknown : OutcomeKind::retry,
            .reason = "not called: the department is in a call that gave no answer in time"};
  auto late = [reports = reports_, call](const Outcome& outcome) {
    const std::lock_guard lock(reports->mutex);
    const std::string told = reports->driver == nullptr ? "" : reports->driver->take_late(call, outcome);
    return [reports, told] {  // Once the department counts as free.
      const std::lock_guard freed_lock(reports->mutex);
      if (reports->driver == nullptr || told.empty()) return;
      reports->driver->log(LogLevel::warning, told);
      reports->driver->wake();
    };
  };
  auto outcome = watch.run(call.key, std::move(work), options_.call_ms_max, std::move(late));
  if (outcome) return std::move(*outcome);
  log(LogLevel::error, "department " + call.department + " gave no answer to " + call.verb + " " + call.key + " within " +
                           std::to_string(options_.call_ms_max) + " ms: its thread is written off");
  return {.kind = OutcomeKind::unknown, .reason = "no answer within " + std::to_string(options_.call_ms_max) + " ms"};
}

Outcome Driver::make_call(const PreparedCall& call) {
  const auto tell = [&](CallEvent::Phase phase, std::string_view outcome) {
    if (!options_.listeners.on_call) return;
    const std::lock_guard lock(listener_mutex_);
    options_.listeners.on_call({.phase = phase, .verb = call.verb, .key = call.key, .outcome = outcome});
  };
  tell(CallEvent::Phase::begins, "");
  Outcome outcome;
  try {
    if (call.publish) {
      const std::lock_guard lock(channel_mutex_);
      const Publication publication{.key = call.key,
                                    .reply = call.reply,
                                    .case_reference = call.reference,
                                    .channel = call.channel,
                                    .in_reply_to = call.in_reply_to,
                                    .text = call.text,
                                    .is_private = call.is_private,
                                    .now_ms = call.now_ms};
      outcome = call.lookup ? options_.channel->lookup(publication) : options_.channel->publish(publication);
    } else {
      const plugin::Manifest* manifest = library_.manifest_of(call.department);
      std::unique_lock<std::mutex> alone;
      if (manifest == nullptr || !manifest->concurrent)
        alone = std::unique_lock(one_call_at_a_time_.find(call.department)->second);
      outcome = call_department(call);
    }
  } catch (const std::exception& thrown) {
    outcome = {.kind = OutcomeKind::unknown, .reason = std::string("the call threw: ") + thrown.what()};
  } catch (...) {
    outcome = {.kind = OutcomeKind::unknown, .reason = "the call threw something that is no std::exception"};
  }
  outcome = within_bounds(std::move(outcome));
  tell(CallEvent::Phase::ended, to_string(outcome.kind));
  return outcome;
}

// The answer of a call that was written off, while the engine is still there to hear it.
// Answers what is to be logged.
std::string Driver::take_late(const PreparedCall& call, const Outcome& outcome) {
  const Outcome bounded = within_bounds(outcome);
  const auto settled = settle_or_keep(call, bounded);
  return "department " + call.department + " answered " + std::string(to_string(bounded.kind)) + " to " + call.verb + " " +
         call.key + ", too late" + (settled ? "" : ": " + settled.error().message);
}

// `made` false: the call never left; then only its intent is settled, where it stands.
Result<void> Driver::settle_call(const PreparedCall& call, const Outcome& outcome, bool made) {
  return writer_->execute([&](Turn& turn) -> Result<void> {
    const auto before = turn.load(call.case_id);
    if (!before) return before.error();
    const auto known = before->effects.find(call.effect_id);
    if (known == before->effects.end())
      return {Code::corrupt, "effect " + std::to_string(call.effect_id) + " is gone while its call was out"};
    auto draft = draft_of(turn, *before);
    if (!draft) return draft.error();
    EffectRow& effect = draft->record.effects.at(call.effect_id);
    effect.blocked.clear();
    const bool expected = effect.attempt == call.attempt &&
                          (call.lookup ? effect.state == EffectState::unknown || effect.state == EffectState::waiting
                                       : effect.state == EffectState::attempting);
    if (!made && !expected) return {};
    draft->event = "effect.answered";
    draft->what = {{"effect", effect.id}, {"verb", call.verb}, {"outcome", to_string(outcome.kind)}};
    if (!outcome.reason.empty()) draft->what["reason"] = draft->put_text(outcome.reason);
    if (!expected && call.publish) {
      draft->note("a late answer: the effect is " + std::string(to_string(effect.state)) + " already");
    } else if (!expected) {
      path::settle_late(*draft, effect, outcome, call.attempt);
    } else if (call.publish) {
      path::settle_publication(*draft, effect, outcome);
    } else {
      path::settle(*draft, effect, outcome);
    }
    path::react(*draft);
    turn.put(*before, std::move(*draft));
    return {};
  });
}

// ---- after a crash ----------------------------------------------------------------------------------------------------------

// Puts effects back that were out when the process ended, through the same door as any uncertain answer.
Result<void> Driver::recover() {
  std::set<std::int64_t> broken;  // Of cases that cannot be worked on: they stand still, the others go on.
  for (;;) {
    const auto lost = options_.store->effects_attempting(due_page + broken.size());
    if (!lost) return lost.error();
    if (lost->size() == broken.size()) return {};
    for (const EffectRow& row : *lost) {
      if (broken.contains(row.id)) continue;
      const auto put_back = writer_->execute([&](Turn& turn) -> Result<void> {
        const auto before = turn.load(row.case_id);
        if (!before) return before.error();
        auto draft = draft_of(turn, *before);
        if (!draft) return draft.error();
        EffectRow& effect = draft->record.effects.at(row.id);
        draft->event = "effect.lost";
        draft->what = {{"effect", effect.id}, {"verb", effect.verb}};
        if (effect.verb == "publish") {
          path::lose_publication(*draft, effect);
        } else {
          path::lose_attempt(*draft, effect);
        }
        if (effect.state == EffectState::attempting) effect.state = EffectState::unknown;  // Settled meanwhile, by a late word.
        path::react(*draft);
        turn.put(*before, std::move(*draft));
        return {};
      });
      if (put_back) continue;
      if (put_back.error().code == Code::unavailable) return put_back;
      log(LogLevel::error, put_back.error().message);
      broken.insert(row.id);
    }
  }
}

// ---- driving ----------------------------------------------------------------------------------------------------------------

Result<Progress> Driver::poll(std::size_t steps_max) {
  Progress progress;
  while (progress.worked < steps_max) {
    const auto worked = step();
    if (!worked) return worked.error();
    if (!*worked) break;
    ++progress.worked;
  }
  const auto next = next_due_at_ms();
  if (!next) return next.error();
  progress.next_due_at_ms = *next;
  return progress;
}

Result<Progress> Driver::run_until_idle() {
  Progress total;
  for (;;) {
    auto progress = poll(due_page);
    if (!progress) return progress;
    total.worked += progress->worked;
    total.next_due_at_ms = progress->next_due_at_ms;
    if (progress->worked == 0) return total;
  }
}

Result<void> Driver::start(int workers) {
  if (options_.virtual_time) return {Code::invalid, "threads of its own need real time: drive a virtual clock with poll()"};
  if (workers < 1) return {Code::invalid, "start() needs at least one worker"};
  const std::lock_guard lock(due_mutex_);
  if (!workers_.empty()) return {Code::conflict, "the engine has its threads already"};
  stopping_ = false;
  for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
  return {};
}

void Driver::work() {
  constexpr std::int64_t look_again_ms = 1'000;
  for (;;) {
    std::uint64_t wakes = 0;
    {
      const std::lock_guard lock(due_mutex_);
      if (stopping_) return;
      wakes = wakes_;
    }
    const auto worked = step();
    if (worked && *worked) continue;
    if (!worked) log(LogLevel::error, worked.error().message);
    const auto next = next_due_at_ms();
    const std::int64_t ahead = next && *next ? **next - options_.clock->now_ms() : look_again_ms;
    std::unique_lock lock(due_mutex_);
    const auto wait = std::chrono::milliseconds(std::clamp<std::int64_t>(worked ? ahead : look_again_ms, 1, look_again_ms));
    due_changed_.wait_for(lock, wait, [&] { return stopping_ || (worked && wakes != wakes_); });
  }
}

void Driver::stop() {
  std::vector<std::thread> ending;
  {
    const std::lock_guard lock(due_mutex_);
    stopping_ = true;
    ending.swap(workers_);
  }
  due_changed_.notify_all();
  for (std::thread& thread : ending) thread.join();
}

void Driver::wake() {
  const std::lock_guard lock(due_mutex_);
  ++wakes_;
  due_changed_.notify_all();
}

}  // namespace redress::drive
