// An Attempt is one way in which a case reacts to what happens: a macrostep as path/decide.cpp runs it, over sets of
// situations. Where something may turn out in two ways, the Forks say which.
#pragma once
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proof/reaction.hpp"
#include "statechart/microstep.hpp"

namespace redress::proof {

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

class Attempt : public statechart::Host {
 public:
  using Action = workflow::Action;
  using ReplySpec = workflow::ReplySpec;
  using Transition = workflow::Transition;
  using Moves = std::vector<const statechart::Move*>;

  Attempt(const Reactions& reactions, Forks& forks, const Standing& before);
  void run(const Happening& happening);

  Turn turn;

  // ---- Host ----
  void leave(int state) override { run_block(workflow_.state(state).exit); }
  void pass(const statechart::Move& move) override;
  void enter(int state) override;
  void begin(int state) override { run_block(workflow_.state(state).begin); }
  void done(int state) override;

 private:
  // ---- the macrostep: attempt.cpp ----
  void breach(std::string rule, std::string pointer, std::string subject, std::string message, std::string mend);
  static bool has_expressions(const Action& action);
  // An action that fails ends its block.
  void run_block(const std::vector<Action>& actions);
  void act(const Action& action);
  void take(const Moves& moves, bool wide);
  void begin();
  void react(const Happening& happening);
  void come_to_rest();
  // Of what is raised within, only work that is fulfilled already and asked for again is somebody's business.
  void is_not_taken(const std::string& event);
  // The same standing a second time within one reaction, with no event taken in between or with the same ones to come. What was
  // a loop once is not followed to its end again.
  bool is_loop(const std::string& pointer);
  void keep();
  void keep_active() { turn.after.active = memory_.active; }

  // ---- what is read: attempt_reads.cpp ----
  // The first thing that an expression needs and that may not be there, and the mend; empty: all is there.
  std::pair<std::string, std::string> lacking(const Needs& needs);
  void read(const Needs& needs, const std::string& pointer);
  // What the guard surely is.
  std::optional<bool> surely(const expression::Expression& guard, Guards::Data data = Guards::Data::any) const;
  // Where the commitment is in this one situation.
  std::optional<bool> surely_in(const expression::Expression& guard, std::size_t which, Situations one);
  // What a guard would read that may not be there, in those situations alone in which the rest of it does not settle it.
  void read_guard(const expression::Expression& guard, const std::string& pointer);
  // What is known once a guard has turned out so.
  void learn(const expression::Expression& guard, bool held);
  bool holds(const Transition& transition);
  static bool reads_event(const expression::Expression& guard);
  void fail(const std::string& pointer);
  const Transition* first(const std::vector<Transition>& transitions);
  const Transition* handled(const std::vector<workflow::Handler>& handlers, const std::string& event);
  // An expression that fails is told to the workflow; where nothing would take that, or it fails in turn, the reaction is
  // undone as if it had not begun (path/decide.cpp): then there is no way to follow.
  bool can_fail() const { return all_.takes_errors_ && reacting_to_ != error_event; }

  // ---- work and episodes: attempt_work.cpp ----
  // Of an instance that was begun after an episode was over, or in an earlier one.
  void settle_earlier(const Happening& happening);
  void count_earlier(std::size_t which);
  void forget_earlier(std::size_t which);
  void commit(std::size_t which);
  // A case is resolved with nothing open: what is open in the next episode was begun after that.
  void is_begun(std::size_t which);
  // At once where no call is out; else the department is asked, which may have no way to do it: then it stays as it is.
  void cancel(std::size_t which);
  void undo(std::size_t which);
  void set(const Action& action);
  void end_episode();
  void begin_episode();

  // ---- replies: attempt_replies.cpp ----
  static Drafts after_publishing(Drafts now);
  void draft(const ReplySpec& reply, const std::string& pointer);
  // A correction is, where there is something to correct; then there is nothing any more. What is revoked late was told in its
  // own episode.
  bool is_surely_drafted(const ReplySpec& reply);
  std::size_t index_of(const std::string& reply) const;
  // Its own events come later; only that its text cannot go out is known at once.
  void watch(const ReplySpec& reply, std::size_t index);
  void check_claim(const ReplySpec& reply, const workflow::ClaimSpec& claim, const std::string& pointer);
  static std::string mend_of(const workflow::ClaimSpec& claim);
  // A path with a claim that is false already says what is wrong.
  void read_text(const ReplySpec& reply, const expression::Template& text, const std::string& pointer);
  // What a reply tells of work that a new episode knows no more; but for what is being taken back.
  void forget_told();

  Situations& situations(std::size_t which) { return turn.after.commitments[which]; }
  const workflow::CommitmentSpec& spec(std::size_t which) const { return workflow_.commitments[which]; }

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

}  // namespace redress::proof
