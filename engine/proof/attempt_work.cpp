// Work is asked for, cancelled and undone, and belongs to an episode.
#include "proof/attempt.hpp"

#include <algorithm>

#include "workflow/locate.hpp"
#include "workflow/names.hpp"

namespace redress::proof {

using workflow::Action;
using workflow::in_quotes;

namespace {

std::string pointer_to_commitment(const std::string& name) { return "/commitments" + workflow::pointer_part(name); }

}  // namespace

void Attempt::settle_earlier(const Happening& happening) {
  const std::string_view kind = std::string_view(happening.event).substr(happening.event.rfind('.') + 1);
  const std::size_t which = happening.commitment;
  if (happening.late && kind == "fulfilled") count_earlier(which);
  if (happening.late && kind == "revoked") forget_earlier(which);
  if (kind == "fulfilled" || kind == "declined" || kind == "failed" || kind == "cancelled" || kind == "undone")
    turn.after.left[which] = 0;
}

void Attempt::count_earlier(std::size_t which) {
  if (spec(which).contract.revocable || !spec(which).undo.empty())
    turn.after.earlier[which] = turn.after.earlier[which] == 0 ? 1 : 2;
}

void Attempt::forget_earlier(std::size_t which) {
  if (turn.after.earlier[which] == 1) turn.after.earlier[which] = 0;
}

void Attempt::commit(std::size_t which) {
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
    read(all_.needs_of(&text), pointer_to_commitment(spec(which).name) + "/input" + at);
  Situations begins = requested;
  if (const auto& approval = spec(which).approval) {
    begins = approval->when ? awaiting | requested : awaiting;
    if (approval->when) read(all_.needs_of(&*approval->when), pointer_to_commitment(spec(which).name) + "/approval/when");
  }
  now |= begins;
  for (std::size_t reply = 0; reply < workflow_.replies.size(); ++reply)
    if (which != revoked_now_ && all_.tells(reply, which)) turn.after.to_correct[reply] = 0;
  is_begun(which);
}

void Attempt::is_begun(std::size_t which) {
  if (begins_ended_) turn.after.left[which] |= lasting(situations(which));
}

void Attempt::cancel(std::size_t which) {
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

void Attempt::undo(std::size_t which) {
  Situations& now = situations(which);
  if ((now & fulfilled) != 0) now = (now & ~fulfilled) | undoing;
  is_begun(which);
  if ((now & not_here) == 0 || turn.after.earlier[which] == 0 || forks_.choose()) return;
  forget_earlier(which);
  turn.after.left[which] |= undoing;
}

void Attempt::set(const Action& action) {
  for (const auto& [field, value] : action.values) {
    read(all_.needs_of(&value), action.pointer + "/set" + workflow::pointer_part(field));
    if (const std::size_t which = all_.terms_.field(field); which != Terms::npos) turn.after.set[which] = 1;
  }
}

void Attempt::end_episode() {
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

void Attempt::begin_episode() {
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

}  // namespace redress::proof
