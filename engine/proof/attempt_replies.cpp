// Replies are drafted: whether their claims hold, their texts are whole, and what becomes of them.
#include "proof/attempt.hpp"

#include <algorithm>

#include "workflow/locate.hpp"
#include "workflow/names.hpp"

namespace redress::proof {

using workflow::in_quotes;
using workflow::ReplySpec;

Drafts Attempt::after_publishing(Drafts now) {
  Drafts after = now & earlier_drafts;
  if ((now & one_draft) != 0) after |= no_draft;
  if ((now & some_drafts) != 0) after |= no_draft | one_draft | some_drafts;
  return after;
}

void Attempt::draft(const ReplySpec& reply, const std::string& pointer) {
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
    read(all_.needs_of(&*reply.review->when), "/replies" + workflow::pointer_part(reply.name) + "/review/when");
}

bool Attempt::is_surely_drafted(const ReplySpec& reply) {
  if (reply.corrects.empty()) return true;
  const std::size_t original = index_of(reply.corrects);
  if (revoked_late_ && all_.tells(original, revoked_now_)) return turn.after.untold[original] == 0;
  return std::exchange(turn.after.to_correct[original], char{0}) != 0;
}

std::size_t Attempt::index_of(const std::string& reply) const {
  return static_cast<std::size_t>(workflow_.find_reply(reply) - workflow_.replies.data());
}

void Attempt::watch(const ReplySpec& reply, std::size_t index) {
  if (all_.corrected_[index] != 0) turn.after.to_correct[index] = 1;
  if (all_.watched_[index] == 0) return;
  Drafts& now = turn.after.drafted[index];
  Drafts after = now & earlier_drafts;
  if ((now & no_draft) != 0) after |= one_draft;
  if ((now & (one_draft | some_drafts)) != 0) after |= some_drafts;
  now = reply.corrects.empty() ? after : after | now;
  if (all_.blockable_[index] != 0 && !forks_.choose()) internal_.push_back(reply.name + ".blocked");
}

void Attempt::check_claim(const ReplySpec& reply, const workflow::ClaimSpec& claim, const std::string& pointer) {
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

std::string Attempt::mend_of(const workflow::ClaimSpec& claim) {
  if (claim.level == ClaimLevel::requested)
    return "Commit " + in_quotes(claim.commitment) +
           " before it; where it waits for an approval or can be cancelled, send another reply.";
  return "Send it where " + in_quotes(claim.commitment + "." + std::string(to_string(claim.level))) +
         " has come, or send another reply here.";
}

void Attempt::read_text(const ReplySpec& reply, const expression::Template& text, const std::string& pointer) {
  Needs needs = all_.needs_of(&text);
  for (const workflow::ClaimSpec& claim : reply.claims) {
    needs.commitments.erase(all_.terms_.commitment(claim.commitment));
    needs.evidence.erase(all_.terms_.commitment(claim.commitment));
  }
  const auto [why, mend] = lacking(needs);
  if (!why.empty())
    breach("unset", pointer, reply.name, "the reply " + in_quotes(reply.name) + " would have a hole: " + why, mend);
}

void Attempt::forget_told() {
  for (std::size_t reply = 0; reply < workflow_.replies.size(); ++reply) {
    const bool is_taken_back = revoked_now_ != Terms::npos && !revoked_late_ && all_.tells(reply, revoked_now_);
    if (all_.corrected_[reply] == 0 || is_taken_back) continue;
    const bool is_told = turn.after.to_correct[reply] != 0;
    for (std::size_t which = 0; which < workflow_.commitments.size(); ++which) {
      if (!all_.tells(reply, which)) continue;
      turn.after.to_correct[reply] = 0;
      if (!is_told && (situations(which) & fulfilled) != 0) turn.after.untold[reply] = 1;
    }
  }
}

}  // namespace redress::proof
