// Runs a macrostep as path/decide.cpp does, over sets of situations; where something may turn out in two ways, both are
// followed.
#include "proof/reaction.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "redress/limits.hpp"
#include "workflow/locate.hpp"
#include "workflow/names.hpp"
#include "workflow/scopes.hpp"

namespace redress::proof {

using workflow::Action;
using workflow::CommitmentSpec;
using workflow::in_quotes;
using workflow::ReplySpec;
using workflow::State;
using workflow::Transition;
using Moves = std::vector<const statechart::Move*>;

// The ways in which a run went: what was chosen at each fork, in order. The next run takes the last other way that is left.
class Forks {
 public:
  bool choose() {
    if (next_ == chosen_.size()) chosen_.push_back(true);
    return chosen_[next_++];
  }
  // False: every way was gone.
  bool advance() {
    while (!chosen_.empty() && !chosen_.back()) chosen_.pop_back();
    if (chosen_.empty()) return false;
    chosen_.back() = false;
    next_ = 0;
    return true;
  }

 private:
  std::vector<bool> chosen_;
  std::size_t next_ = 0;
};

namespace {

// Does nothing else.
bool calls_a_person(const workflow::Handler& handler) {
  return std::all_of(handler.transitions.begin(), handler.transitions.end(), [](const Transition& transition) {
    return !transition.guard && transition.targets.empty() &&
           std::all_of(transition.actions.begin(), transition.actions.end(),
                       [](const Action& action) { return action.kind == Action::Kind::escalate; });
  });
}

// Where one macrostep goes beyond this, only a loop can be the reason: then it is looked for.
constexpr std::size_t steps_without_doubt = 24;

std::string pointer_to(std::string_view section, const std::string& name) {
  return "/" + std::string(section) + workflow::pointer_part(name);
}

}  // namespace

class Attempt : public statechart::Host {
 public:
  Attempt(const Reactions& reactions, Forks& forks, const Standing& before)
      : all_(reactions), workflow_(reactions.workflow_), forks_(forks) {
    turn.after = before;
    memory_ = {before.active, before.history};
    begins_ended_ = reactions.is_ended(before);
  }

  Turn turn;

  void run(const Happening& happening) {
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

  // ---- Host ----
  void leave(int state) override { run_block(workflow_.state(state).exit); }
  void pass(const statechart::Move& move) override {
    const auto& transition = static_cast<const Transition&>(move);
    if (!transition.pointer.empty()) turn.rules.push_back(transition.pointer);
    ending_ = transition.pointer;
    run_block(transition.actions);
  }
  void enter(int state) override {
    turn.entered.insert(state);
    run_block(workflow_.state(state).entry);
    keep_active();
  }
  void begin(int state) override { run_block(workflow_.state(state).begin); }
  void done(int state) override {
    if (state == statechart::root) return end_episode();
    internal_.push_back("done.state." + workflow_.state(state).path);
  }

 private:
  void breach(std::string rule, std::string pointer, std::string subject, std::string message, std::string mend) {
    if (!failed_at_.empty()) message += ", where " + failed_at_ + " fails and that is taken as " + std::string(error_event);
    turn.breaches.push_back({std::move(rule), std::move(pointer), std::move(subject), std::move(message), std::move(mend)});
  }

  static Drafts after_publishing(Drafts now) {
    Drafts after = now & earlier_drafts;
    if ((now & one_draft) != 0) after |= no_draft;
    if ((now & some_drafts) != 0) after |= no_draft | one_draft | some_drafts;
    return after;
  }

  // Of an instance that was begun after an episode was over, or in an earlier one.
  void settle_earlier(const Happening& happening) {
    const std::string_view kind = std::string_view(happening.event).substr(happening.event.rfind('.') + 1);
    const std::size_t which = happening.commitment;
    if (happening.late && kind == "fulfilled") count_earlier(which);
    if (happening.late && kind == "revoked") forget_earlier(which);
    if (kind == "fulfilled" || kind == "declined" || kind == "failed" || kind == "cancelled" || kind == "undone")
      turn.after.left[which] = 0;
  }
  void count_earlier(std::size_t which) {
    if (spec(which).contract.revocable || !spec(which).undo.empty())
      turn.after.earlier[which] = turn.after.earlier[which] == 0 ? 1 : 2;
  }
  void forget_earlier(std::size_t which) {
    if (turn.after.earlier[which] == 1) turn.after.earlier[which] = 0;
  }

  Situations& situations(std::size_t which) { return turn.after.commitments[which]; }
  const CommitmentSpec& spec(std::size_t which) const { return workflow_.commitments[which]; }

  // ---- what is read ----

  // The first thing that an expression needs and that may not be there, and the mend; empty: all is there.
  std::pair<std::string, std::string> lacking(const Needs& needs) {
    for (const std::size_t field : needs.fields) {
      const std::string name = "case." + all_.terms_.fields[field];
      if (turn.after.set[field] == 0)
        return {in_quotes(name) + " may not be set yet", "Set it on every way to here, or ask for it with has(" + name + ")."};
    }
    for (const std::size_t which : needs.commitments)
      if ((situations(which) & not_here) != 0)
        return {in_quotes(spec(which).name) + " may not be committed yet",
                "Commit it on every way to here, or ask for it with has(" + spec(which).name + ".state)."};
    for (const std::size_t which : needs.evidence) {
      const std::string& name = spec(which).name;
      if (const Situations without = situations(which) & ~with_evidence; without != 0)
        return {"there may be no evidence of " + in_quotes(name) + ": it can be " + describe(without),
                "Read it only where " + in_quotes(name + ".fulfilled") + " has come, or ask for it with has(" + name +
                    ".evidence)."};
    }
    return {};
  }

  void read(const Needs& needs, const std::string& pointer) {
    auto [why, mend] = lacking(needs);
    if (!why.empty()) breach("unset", pointer, "", std::move(why), std::move(mend));
  }

  // What the guard surely is.
  std::optional<bool> surely(const expression::Expression& guard, Guards::Data data = Guards::Data::any) const {
    return all_.guards_.surely(guard, turn.after.commitments, memory_.active, data);
  }

  // Where the commitment is in this one situation.
  std::optional<bool> surely_in(const expression::Expression& guard, std::size_t which, Situations one) {
    const Situations all = std::exchange(situations(which), one);
    const auto sure = surely(guard);
    situations(which) = all;
    return sure;
  }

  // What a guard would read that may not be there, in those situations alone in which the rest of it does not settle it.
  void read_guard(const expression::Expression& guard, const std::string& pointer) {
    Needs needs = all_.needs_of(&guard);
    const auto is_settled_in = [&](std::size_t which, Situations without) {
      for (; without != 0; without &= without - 1)
        if (!surely_in(guard, which, without & (~without + 1))) return false;
      return true;
    };
    std::erase_if(needs.evidence, [&](auto which) { return is_settled_in(which, situations(which) & ~with_evidence); });
    std::erase_if(needs.commitments, [&](auto which) { return is_settled_in(which, situations(which) & not_here); });
    read(needs, pointer);
  }

  // What is known once a guard has turned out so.
  void learn(const expression::Expression& guard, bool held) {
    for (const std::size_t which : all_.needs_of(&guard).read) {
      Situations left = 0;
      for (Situations bits = situations(which); bits != 0; bits &= bits - 1) {
        const Situations one = bits & (~bits + 1);
        if (surely_in(guard, which, one).value_or(held) == held) left |= one;
      }
      if (left != 0) situations(which) = left;
    }
    const std::size_t field = all_.guards_.only_field(guard);
    if (field == Terms::npos) return;
    // Were it not set, it had turned out otherwise.
    if (surely(guard, Guards::Data::unset).value_or(held) != held) turn.after.set[field] = 1;
  }

  bool holds(const Transition& transition) {
    if (!transition.guard) return true;
    guarded_ = true;
    const expression::Expression& guard = *transition.guard;
    if (const auto sure = surely(guard)) return *sure;
    turn.asks_event = turn.asks_event || reads_event(guard);
    read_guard(guard, transition.pointer + "/guard");
    const bool held = forks_.choose();
    learn(guard, held);
    if (!held && can_fail() && forks_.choose()) fail(transition.pointer + "/guard");
    return held;
  }

  static bool reads_event(const expression::Expression& guard) {
    const auto reads = guard.reads();
    return std::any_of(reads.begin(), reads.end(),
                       [](const std::string& path) { return path == "event" || path.starts_with("event."); });
  }

  // An expression that fails is told to the workflow; where nothing would take that, or it fails in turn, the reaction is
  // undone as if it had not begun (path/decide.cpp): then there is no way to follow.
  bool can_fail() const { return all_.takes_errors_ && reacting_to_ != error_event; }
  void fail(const std::string& pointer) {
    internal_.emplace_back(error_event);
    failed_at_ = pointer;
  }

  const Transition* first(const std::vector<Transition>& transitions) {
    for (const Transition& transition : transitions)
      if (holds(transition)) return &transition;
    return nullptr;
  }

  const Transition* handled(const std::vector<workflow::Handler>& handlers, const std::string& event) {
    for (const workflow::Handler& handler : handlers) {
      if (!handler.takes(event)) continue;
      if (const Transition* transition = first(handler.transitions)) return transition;
    }
    return nullptr;
  }

  // ---- what is done ----

  static bool has_expressions(const Action& action) {
    return action.kind == Action::Kind::commit || action.kind == Action::Kind::set;
  }

  // An action that fails ends its block.
  void run_block(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      if (has_expressions(action) && can_fail() && !forks_.choose()) return fail(action.pointer);
      act(action);
    }
  }

  void act(const Action& action) {
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

  void commit(std::size_t which) {
    Situations& now = situations(which);
    Situations& left = turn.after.left[which];
    if ((now & not_here) != 0 && left != 0 && !forks_.choose()) {  // Still open: it belongs to this episode now.
      now = std::exchange(left, 0);
      return;
    }
    if ((now & not_here) != 0) left = 0;
    const bool may_be_fulfilled = (now & fulfilled) != 0;
    if (may_be_fulfilled && (now == fulfilled || forks_.choose())) {
      now = fulfilled;
      internal_.push_back(spec(which).name + ".fulfilled");
      return;
    }
    const Situations kept = now & open;
    const bool anew = (now & ~(open | fulfilled)) != 0;
    now = kept;
    if (!anew) return;
    turn.commits.insert(which);
    for (const auto& [at, text] : spec(which).input.templates)
      read(all_.needs_of(&text), pointer_to("commitments", spec(which).name) + "/input" + at);
    Situations begins = requested;
    if (const auto& approval = spec(which).approval) {
      begins = approval->when ? awaiting | requested : awaiting;
      if (approval->when) read(all_.needs_of(&*approval->when), pointer_to("commitments", spec(which).name) + "/approval/when");
    }
    now |= begins;
    for (std::size_t reply = 0; reply < workflow_.replies.size(); ++reply)
      if (which != revoked_now_ && all_.tells(reply, which)) turn.after.to_correct[reply] = 0;
    is_begun(which);
  }

  // A case is resolved with nothing open: what is open in the next episode was begun after that.
  void is_begun(std::size_t which) {
    if (begins_ended_) turn.after.left[which] |= lasting(situations(which));
  }

  // At once where no call is out; else the department is asked, which may have no way to do it: then it stays as it is.
  void cancel(std::size_t which) {
    Situations& now = situations(which);
    const Situations at_once = now & (awaiting | requested);
    const bool always_at_once = (now & open & ~awaiting) == 0 && at_once != 0;
    if (at_once != 0 && (always_at_once || !forks_.choose())) {
      now = called_off_unasked | ((at_once & requested) != 0 ? called_off : 0);
      internal_.push_back(spec(which).name + ".cancelled");
      return;
    }
    if ((now & in_progress) != 0) now |= cancelled;
    now &= ~awaiting;
  }

  void undo(std::size_t which) {
    Situations& now = situations(which);
    if ((now & fulfilled) != 0) now = (now & ~fulfilled) | undoing;
    is_begun(which);
    if ((now & not_here) == 0 || turn.after.earlier[which] == 0 || forks_.choose()) return;
    forget_earlier(which);
    turn.after.left[which] |= undoing;
  }

  void set(const Action& action) {
    for (const auto& [field, value] : action.values) {
      read(all_.needs_of(&value), action.pointer + "/set" + workflow::pointer_part(field));
      if (const std::size_t which = all_.terms_.field(field); which != Terms::npos) turn.after.set[which] = 1;
    }
  }

  void draft(const ReplySpec& reply, const std::string& pointer) {
    const auto index = static_cast<std::size_t>(&reply - workflow_.replies.data());
    turn.drafts.push_back(index);
    const bool is_sure = is_surely_drafted(reply);
    if (is_sure) drafted_ = index;
    if (is_sure || revoked_now_ != Terms::npos) {  // Of what is taken back and was never told, nobody waits for a word.
      if (turn.first == Terms::npos) turn.first = index;
      turn.after.told = true;
    }
    watch(reply, index);
    for (const workflow::ClaimSpec& claim : reply.claims) check_claim(reply, claim, pointer);
    for (const auto& [language, by_channel] : reply.texts)
      for (const auto& [channel, text] : by_channel) read_text(reply, text, pointer);
    if (reply.review && reply.review->when)
      read(all_.needs_of(&*reply.review->when), pointer_to("replies", reply.name) + "/review/when");
  }

  // A correction is, where there is something to correct; then there is nothing any more. What is revoked late was told in its
  // own episode.
  bool is_surely_drafted(const ReplySpec& reply) {
    if (reply.corrects.empty()) return true;
    const std::size_t original = index_of(reply.corrects);
    if (revoked_late_ && all_.tells(original, revoked_now_)) return turn.after.untold[original] == 0;
    return std::exchange(turn.after.to_correct[original], char{0}) != 0;
  }

  std::size_t index_of(const std::string& reply) const {
    return static_cast<std::size_t>(workflow_.find_reply(reply) - workflow_.replies.data());
  }

  // Its own events come later; only that its text cannot go out is known at once.
  void watch(const ReplySpec& reply, std::size_t index) {
    if (all_.corrected_[index] != 0) turn.after.to_correct[index] = 1;
    if (all_.watched_[index] == 0) return;
    Drafts& now = turn.after.drafted[index];
    Drafts after = now & earlier_drafts;
    if ((now & no_draft) != 0) after |= one_draft;
    if ((now & (one_draft | some_drafts)) != 0) after |= some_drafts;
    now = reply.corrects.empty() ? after : after | now;
    if (all_.blockable_[index] != 0 && !forks_.choose()) internal_.push_back(reply.name + ".blocked");
  }

  void check_claim(const ReplySpec& reply, const workflow::ClaimSpec& claim, const std::string& pointer) {
    const std::size_t which = all_.terms_.commitment(claim.commitment);
    if (claim.level == ClaimLevel::revoked && which == revoked_now_) return;
    const Situations false_in = situations(which) & ~holding(claim.level);
    if (false_in == 0) return;
    breach("false_claim", pointer, reply.name + "/" + claim.commitment,
           "the reply " + in_quotes(reply.name) + " says that " + in_quotes(claim.commitment) + " is " +
               std::string(to_string(claim.level)) + (claim.implied ? " (its text shows that)" : "") + ", and here it can be " +
               describe(false_in),
           mend_of(claim));
  }

  static std::string mend_of(const workflow::ClaimSpec& claim) {
    if (claim.level == ClaimLevel::requested)
      return "Commit " + in_quotes(claim.commitment) +
             " before it; where it waits for an approval or can be cancelled, send another reply.";
    return "Send it where " + in_quotes(claim.commitment + "." + std::string(to_string(claim.level))) +
           " has come, or send another reply here.";
  }

  // A path with a claim that is false already says what is wrong.
  void read_text(const ReplySpec& reply, const expression::Template& text, const std::string& pointer) {
    Needs needs = all_.needs_of(&text);
    for (const workflow::ClaimSpec& claim : reply.claims) {
      needs.commitments.erase(all_.terms_.commitment(claim.commitment));
      needs.evidence.erase(all_.terms_.commitment(claim.commitment));
    }
    const auto [why, mend] = lacking(needs);
    if (!why.empty())
      breach("unset", pointer, reply.name, "the reply " + in_quotes(reply.name) + " would have a hole: " + why, mend);
  }

  void end_episode() {
    std::fill(turn.after.left.begin(), turn.after.left.end(), Situations{0});
    for (std::size_t which = 0; which < workflow_.commitments.size(); ++which) {
      if (const Situations left = situations(which) & open & ~undoing; left != 0)
        breach("open_work", ending_.empty() ? "/initial" : ending_, spec(which).name,
               "the episode ends here while " + in_quotes(spec(which).name) + " can be " + describe(left),
               "Wait for its outcome before this: also a department that is asked to stop may not be able to.");
    }
    turn.closing = drafted_;
    if (drafted_ == Terms::npos)
      breach("no_closing_reply", ending_.empty() ? "/initial" : ending_, "",
             "the episode ends here, and the customer is not told", "Add { \"reply\": ... } to this transition's actions.");
  }

  // ---- the macrostep ----

  void take(const Moves& moves, bool wide) {
    drafted_ = Terms::npos;
    const bool moving = std::any_of(moves.begin(), moves.end(), [](const auto* move) { return !move->targets.empty(); });
    turn.wide = turn.wide || (wide && moving);
    // Before the case is resolved it is the same episode still.
    if (moving && all_.is_ended(turn.after) && (reopening_ || forks_.choose())) begin_episode();
    begins_ended_ = begins_ended_ && !moving;
    statechart::microstep(workflow_.chart, memory_, moves, *this);
    keep_active();
  }

  void begin_episode() {
    memory_.history.clear();
    turn.new_episode = true;
    turn.after.told = false;
    forget_told();
    for (std::size_t which = 0; which < workflow_.commitments.size(); ++which) {
      Situations& each = situations(which);
      if ((each & fulfilled) != 0) count_earlier(which);
      each = ((each & (revoked | revoked_before)) != 0 ? revoked_before : 0) |
             ((each & ~(revoked | revoked_before)) != 0 ? absent : 0);
    }
    for (Drafts& each : turn.after.drafted) each = no_draft | (each != no_draft ? earlier_drafts : 0);
  }

  // What a reply tells of work that a new episode knows no more; but for what is being taken back.
  void forget_told() {
    for (std::size_t reply = 0; reply < workflow_.replies.size(); ++reply) {
      if (all_.corrected_[reply] == 0) continue;
      for (std::size_t which = 0; which < workflow_.commitments.size(); ++which) {
        if (!all_.tells(reply, which) || (which == revoked_now_ && !revoked_late_)) continue;
        const bool is_told = std::exchange(turn.after.to_correct[reply], char{0}) != 0;
        if (!is_told && (situations(which) & fulfilled) != 0) turn.after.untold[reply] = 1;
      }
    }
  }

  void begin() {
    turn.taken = true;
    initial_.targets = workflow_.chart.at(statechart::root).initial;
    initial_.actions = workflow_.root().begin;
    take({&initial_}, false);
  }

  void react(const Happening& happening) {
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

  void come_to_rest() {
    for (;;) {
      Moves moves =
          statechart::select(workflow_.chart, memory_, [&](int state) { return first(workflow_.state(state).always); });
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
      moves =
          statechart::select(workflow_.chart, memory_, [&](int state) { return handled(workflow_.state(state).on, event); });
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

  // Of what is raised within, only work that is fulfilled already and asked for again is somebody's business.
  void is_not_taken(const std::string& event) {
    if (!event.ends_with(".fulfilled")) return;
    const auto state =
        std::find_if(memory_.active.begin(), memory_.active.end(), [&](int each) { return workflow_.chart.is_atomic(each); });
    const State& here = workflow_.state(state == memory_.active.end() ? statechart::root : *state);
    breach("unhandled", here.pointer, event,
           in_quotes(event) + " can come again at once in the state " + in_quotes(here.path) +
               ", where the work is committed though it is fulfilled, and nothing takes it there",
           "Commit it only where it is not fulfilled yet, or add \"" + event + "\" to this state's \"on\".");
  }

  // The same standing a second time within one reaction, with no event taken in between or with the same ones to come. What was
  // a loop once is not followed to its end again.
  bool is_loop(const std::string& pointer) {
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

  void keep_active() { turn.after.active = memory_.active; }
  void keep() {
    turn.after.active = memory_.active;
    turn.after.history = memory_.history;
  }

  const Reactions& all_;
  const workflow::Workflow& workflow_;
  Forks& forks_;
  statechart::Memory memory_;
  std::string reacting_to_;
  std::string failed_at_;  // The last expression that failed.
  std::deque<std::string> internal_;
  Transition initial_;
  std::string ending_;                 // The transition that is being taken.
  std::size_t drafted_ = Terms::npos;  // The last reply of the microstep that is being taken.
  bool guarded_ = false;
  bool reopening_ = false;
  bool begins_ended_ = false;              // In an episode that was over.
  std::size_t revoked_now_ = Terms::npos;  // Of this or an earlier episode.
  bool revoked_late_ = false;
  std::size_t steps_ = 0;
  std::size_t taken_within_ = 0;  // Events of internal_.
  std::set<std::pair<Standing, std::size_t>> seen_taken_;
  std::set<std::pair<Standing, std::vector<std::string>>> seen_;
};

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
