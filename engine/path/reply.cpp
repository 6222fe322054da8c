// Replies: from the workflow's text to the channel's confirmation, with the gate in between.
#include "path/reply.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "path/commitments.hpp"
#include "path/deadlines.hpp"
#include "path/public_text.hpp"
#include "path/scope.hpp"
#include "store/gate.hpp"
#include "store/rows.hpp"
#include "workflow/names.hpp"

namespace redress::path {
namespace {

using lifecycle::ReplyEvent;

constexpr const char* drafted_again = "settle.again";  // A person's act, as the event of the draft.
constexpr std::int64_t approval_good_for_ms = day_ms;
constexpr std::int64_t lookups_for_ms = hour_ms;  // Then a person finds out.
constexpr std::int64_t retries_for_ms = day_ms;   // From the draft or its approval on; then it has failed.
constexpr std::int64_t retry_initial_ms = 5 * second_ms, retry_max_ms = 10 * minute_ms;

std::int64_t backoff_ms(std::int64_t tries) {
  return std::min(retry_max_ms, retry_initial_ms << std::min<std::int64_t>(std::max<std::int64_t>(tries - 1, 0), 10));
}

void raise_for(Draft& draft, const ReplyRow& reply, const char* what) {
  draft.raise(
      {.name = reply.name + "." + what, .subject = reply_subject(reply.id), .reason = reply.reason, .episode = reply.episode});
}

// ---- drafting ---------------------------------------------------------------------------------------------------------------

struct Chosen {
  std::string language;
  const expression::Template* text = nullptr;
};

// The first language that the reply has: the case's, then the workflow's default. "pt-BR" also finds "pt".
Chosen choose_text(const Draft& draft, const workflow::ReplySpec& spec) {
  const CaseRow& row = draft.record.row;
  const wording::Profile& profile = draft.workflow->rules->on(row.channel);
  for (const std::string& language :
       {row.language, row.language.substr(0, row.language.find('-')), draft.workflow->default_language}) {
    const auto texts = spec.texts.find(language);
    if (texts == spec.texts.end()) continue;
    const auto own = texts->second.find(row.channel);
    const auto* text = own != texts->second.end() ? &own->second : workflow::find_text(texts->second, profile);
    if (text != nullptr) return {language, text};
  }
  return {};
}

// The last one that was revoked, whatever was asked for anew since then; none: the last one.
Draft::Held latest_revoked(Draft& draft, const std::string& name) {
  Draft::Held best;
  for (auto& [id, member] : draft.record.members) {
    CommitmentRow& row = draft.record.commitments.at(member.commitment_id);
    if (member.name != name || row.state != CommitmentState::revoked) continue;
    if (!best || member.instance > best.member->instance) best = {&member, &row};
  }
  return best ? best : draft.latest_of_any(name);
}

// Names mean this episode's latest instance; only `revoked` reaches back.
Draft::Held claimed(Draft& draft, const workflow::ClaimSpec& claim) {
  if (claim.level == ClaimLevel::revoked) return latest_revoked(draft, claim.commitment);
  return draft.latest(claim.commitment, draft.record.row.episode);
}

// What keeps the reply from being released for good, as the case stands; empty: nothing does.
std::string broken_claim(const Draft& draft, const ReplyRow& reply) {
  for (const auto& verdict : store::check_claims(draft.record, reply)) {
    if (!verdict.holds) return verdict.reason;
  }
  for (const auto& [id, claim] : draft.record.claims) {
    if (claim.reply_id == reply.id && claim.promised_at_ms != 0 && claim.promised_at_ms <= draft.now_ms)
      return "the time that the text promises has passed";
  }
  const store::Books books = store::ask_books(draft.record, reply);
  if (books.answer != store::Books::Answer::refuse_it) return "";
  return store::described(draft.record, books.commitment_id) +
         " is claimed as fulfilled on a person's decision, but the books of " +
         draft.record.commitments.at(books.commitment_id).department + " do not have it";
}

// Writes the claims, frozen, and answers what is wrong with them; empty: every one holds.
std::string draft_claims(Draft& draft, const std::vector<workflow::ClaimSpec>& claimed_levels, ReplyRow& reply) {
  Json claims = Json::array();
  std::string wrong;
  for (const workflow::ClaimSpec& claim : claimed_levels) {
    const Draft::Held held = claimed(draft, claim);
    const std::string level(to_string(claim.level));
    if (!held) {
      wrong = claim.commitment + ": " + level + " is claimed, and there is no such commitment in this episode";
      continue;
    }
    const std::int64_t id = draft.supply.next_id(Table::claims);
    const std::string digest = claim.level == ClaimLevel::fulfilled ? held.commitment->evidence_digest : "";
    const std::int64_t promised_at_ms = claim.shows_promise ? held.commitment->promised_at_ms : 0;
    draft.record.claims[id] = {.id = id,
                               .case_id = draft.record.row.id,
                               .reply_id = reply.id,
                               .commitment_id = held.commitment->id,
                               .level = claim.level,
                               .evidence_digest = digest,
                               .promised_at_ms = promised_at_ms};
    claims.push_back({{"commitment_id", held.commitment->id}, {"level", level}, {"evidence_digest", digest}});
    if (promised_at_ms != 0) claims.back()["promised_at_ms"] = promised_at_ms;
  }
  reply.claims = base::dump_json(claims);
  return wrong.empty() ? broken_claim(draft, reply) : wrong;
}

// That the text fits was proved for values of one link each.
std::string too_many_links(const Draft& draft, const expression::Template& text, const std::vector<std::string>& rendered) {
  const wording::Profile& profile = draft.workflow->rules->on(draft.record.row.channel);
  const auto pieces = text.pieces();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].expression != nullptr && wording::links_on(profile, rendered[i]) > 1)
      return "{{ " + pieces[i].expression->text() + " }} brings more than one link into the text";
  }
  return "";
}

// The text in its language; what is wrong with it otherwise.
std::string draft_text(Draft& draft, const workflow::ReplySpec& spec, const Event& event, ReplyRow& reply) {
  const Chosen chosen = choose_text(draft, spec);
  if (chosen.text == nullptr) return "reply " + spec.name + " has no text in " + draft.workflow->default_language;
  reply.language = chosen.language;
  const auto pieces = chosen.text->render_pieces(scope_of(draft, event), {.language = chosen.language});
  if (!pieces) return "error.expression: " + pieces.error().message;
  std::string text;
  for (const std::string& piece : *pieces) text += piece;
  text += wording::signature_in(draft.workflow->rules->brand, reply.language);
  reply.text = draft.put_text(text);
  const std::string why = unfit_for_public(draft, {reply.channel, reply.language, text});
  return why.empty() ? too_many_links(draft, *chosen.text, *pieces) : why;
}

// A fresh row, answering the customer's latest post.
ReplyRow& add_reply(Draft& draft, const std::string& name, const std::string& by) {
  CaseRow& row = draft.record.row;
  const std::int64_t id = draft.supply.next_id(Table::replies);
  ReplyRow& reply = draft.record.replies[id];
  reply = {.id = id,
           .case_id = row.id,
           .name = name,
           .ordinal = ++row.replies_drafted,
           .episode = row.episode,
           .channel = row.channel,
           .in_reply_to = row.latest_post,
           .drafted_by = by,
           .drafted_at_ms = draft.now_ms};
  reply.key = draft.supply.store_id() + "/" + row.reference + "/" + name + "/" + std::to_string(reply.ordinal);
  return reply;
}

void block(Draft& draft, ReplyRow& reply, const std::string& why) {
  if (!draft.move(reply, ReplyEvent::block)) return;
  reply.reason = draft.put_text(why);
  if (EffectRow* effect = draft.effect_of("publish", reply.id)) {
    effect->state = EffectState::cancelled;
    effect->next_at_ms = 0;
  }
  draft.drop_timer("review:" + std::to_string(reply.id));
  draft.drop_timer("approval:" + std::to_string(reply.id));
  draft.close_task(reply_subject(reply.id));
  raise_for(draft, reply, "blocked");
}

void plan_publication(Draft& draft, const ReplyRow& reply) {
  if (EffectRow* effect = draft.effect_of("publish", reply.id)) {
    effect->next_at_ms = draft.now_ms;
    return;
  }
  const std::int64_t id = draft.supply.next_id(Table::outbox);
  draft.record.effects[id] = {.id = id,
                              .case_id = draft.record.row.id,
                              .verb = "publish",
                              .subject_id = reply.id,
                              .key = reply.key,
                              .next_at_ms = draft.now_ms,
                              .request = reply.text};
}

// A condition that cannot be evaluated asks for the review: the careful side.
bool needs_review(Draft& draft, const workflow::ReplySpec& spec, const Event& event) {
  if (!spec.review) return false;
  if (!spec.review->when) return true;
  const auto value = spec.review->when->evaluate(scope_of(draft, event));
  const bool* needed = value ? value->get_if<bool>() : nullptr;
  return needed == nullptr || *needed;
}

void ask_for_review(Draft& draft, const ReplyRow& reply, std::int64_t within_ms) {
  const std::int64_t due = within_ms > 0 ? draft.now_ms + within_ms : 0;
  draft.open_task(reply_subject(reply.id), reply.review_role, "review the reply " + reply.name, due);
  if (due != 0) draft.set_timer("review:" + std::to_string(reply.id), due);
}

// What a person has a say in must be true of today, not only of some earlier day.
bool has_waited(const ReplyRow& reply) { return !reply.review_role.empty(); }

void release(Draft& draft, const workflow::ReplySpec& spec, const Event& event, ReplyRow& reply) {
  const bool asks = needs_review(draft, spec, event) || draft.replies_frozen;
  if (asks || event.name == drafted_again) {
    if (const std::string why = store::overtaken(draft.record, reply); !why.empty()) return block(draft, reply, why);
  }
  if (asks) {
    reply.review_role = spec.review ? spec.review->role : draft.workflow->owner;
    draft.move(reply, ReplyEvent::ask_review, {.review_needed = true});
    return ask_for_review(draft, reply, spec.review ? spec.review->within_ms : 0);
  }
  draft.move(reply, ReplyEvent::approve, {});
  plan_publication(draft, reply);
}

// ---- the gate ---------------------------------------------------------------------------------------------------------------

// What a person's approval binds; any change voids it.
std::string binding_of(const Draft& draft, const ReplyRow& reply) {
  return base::sha256_hex(reply.text + "\n" + reply.channel + "\n" + reply.claims + "\n" +
                          std::to_string(draft.record.row.changes));
}

void back_to_review(Draft& draft, ReplyRow& reply, const std::string& why) {
  if (!draft.move(reply, ReplyEvent::expire)) return;
  draft.note("reply " + reply.name + " goes back to review: " + why);
  reply.reviewed_by.clear();
  reply.approved_binding.clear();
  reply.approved_at_ms = 0;
  draft.drop_timer("approval:" + std::to_string(reply.id));
  if (EffectRow* effect = draft.effect_of("publish", reply.id)) effect->next_at_ms = 0;
  ask_for_review(draft, reply, 0);
}

// ---- corrections ------------------------------------------------------------------------------------------------------------

bool may_be_public(const ReplyRow& reply) {
  return reply.state == ReplyState::publishing || reply.state == ReplyState::unknown || reply.state == ReplyState::published;
}

bool is_alive(ReplyState state) {
  return state != ReplyState::refused && state != ReplyState::failed && state != ReplyState::blocked &&
         state != ReplyState::waived && state != ReplyState::replaced;
}

// A correction is of all that said the same before it: what was published twice is corrected once.
bool corrects(const Draft& draft, const ReplyRow& correction, const ReplyRow& reply) {
  const auto original = draft.record.replies.find(correction.corrects_id);
  return original != draft.record.replies.end() && reply.ordinal < correction.ordinal && original->second.name == reply.name &&
         original->second.claims == reply.claims;
}

bool is_being_corrected(const Draft& draft, const ReplyRow& reply) {
  return std::any_of(draft.record.replies.begin(), draft.record.replies.end(),
                     [&](const auto& entry) { return is_alive(entry.second.state) && corrects(draft, entry.second, reply); });
}

// It takes back what the original told: then it is of no reply that is still true.
bool takes_back(const Draft& draft, const workflow::ReplySpec& correction) {
  const workflow::ReplySpec* original = draft.workflow->find_reply(correction.corrects);
  return std::any_of(correction.claims.begin(), correction.claims.end(), [&](const workflow::ClaimSpec& back) {
    return back.level == ClaimLevel::revoked && original != nullptr &&
           std::any_of(original->claims.begin(), original->claims.end(), [&](const workflow::ClaimSpec& told) {
             return told.level == ClaimLevel::fulfilled && told.commitment == back.commitment;
           });
  });
}

// Of the replies that may be public: the latest whose claims do not hold any more, else the latest.
const ReplyRow* find_to_correct(const Draft& draft, const workflow::ReplySpec& correction) {
  const bool only_broken = takes_back(draft, correction);
  const ReplyRow* best = nullptr;
  bool best_is_broken = false;
  for (const auto& [id, reply] : draft.record.replies) {
    if (reply.name != correction.corrects || !may_be_public(reply) || is_being_corrected(draft, reply)) continue;
    const bool is_broken = !broken_claim(draft, reply).empty();
    const bool is_better = best == nullptr || (is_broken != best_is_broken ? is_broken : reply.ordinal > best->ordinal);
    if (!is_better || (only_broken && !is_broken)) continue;
    best = &reply;
    best_is_broken = is_broken;
  }
  return best;
}

// ---- what the channel answered ----------------------------------------------------------------------------------------------

// One that is not published yet is corrected when it is.
void correct_originals(Draft& draft, const ReplyRow& correction) {
  for (auto& [id, other] : draft.record.replies)
    if (other.state == ReplyState::published && corrects(draft, correction, other)) draft.move(other, ReplyEvent::correct);
}

void on_published(Draft& draft, EffectRow& effect, ReplyRow& reply) {
  effect.state = EffectState::done;
  effect.next_at_ms = 0;
  draft.move(reply, ReplyEvent::confirm);
  reply.published_at_ms = draft.now_ms;
  draft.drop_timer("approval:" + std::to_string(reply.id));
  draft.close_task(reply_subject(reply.id));
  draft.close_task("event:customer.replied");
  if (reply.episode == draft.record.row.episode && !store::is_private(draft.record, reply)) meet_first_reply(draft);
  correct_originals(draft, reply);
  for (const auto& [id, other] : draft.record.replies)
    if (other.state == ReplyState::published && corrects(draft, other, reply)) draft.move(reply, ReplyEvent::correct);
  raise_for(draft, reply, "published");
}

void on_failed(Draft& draft, EffectRow& effect, ReplyRow& reply, const std::string& why) {
  effect.state = EffectState::failed;
  effect.next_at_ms = 0;
  draft.move(reply, ReplyEvent::fail);
  reply.reason = draft.put_text(why);
  draft.drop_timer("approval:" + std::to_string(reply.id));
  raise_for(draft, reply, "failed");
}

void on_not_taken(Draft& draft, EffectRow& effect, ReplyRow& reply, const Outcome& outcome) {
  const std::int64_t since = std::max(reply.drafted_at_ms, reply.approved_at_ms);
  if (draft.now_ms >= since + retries_for_ms)
    return on_failed(draft, effect, reply, "not taken for a day; last: " + outcome.reason);
  draft.move(reply, ReplyEvent::retry);
  effect.state = EffectState::planned;
  effect.reconciling = 0;
  effect.lookups = 0;
  effect.uncertain_since_ms = 0;
  effect.reason = draft.put_text(outcome.reason);
  effect.next_at_ms = std::max(draft.now_ms + backoff_ms(effect.attempt), outcome.retry_at_ms);
}

void on_uncertain(Draft& draft, EffectRow& effect, ReplyRow& reply, const std::string& why) {
  effect.state = EffectState::unknown;
  effect.reconciling = 1;
  effect.reason = draft.put_text(why);
  if (effect.uncertain_since_ms == 0) {
    effect.uncertain_since_ms = draft.now_ms;
    effect.lookups = 0;
  }
  effect.lookups += 1;
  const std::int64_t limit = lookups_end_at_ms(effect);
  if (draft.now_ms < limit) {
    effect.next_at_ms = std::min(draft.now_ms + backoff_ms(effect.lookups), limit);
    return;
  }
  effect.next_at_ms = 0;
  draft.move(reply, ReplyEvent::lose);
  reply.reason = effect.reason;
  draft.open_task(reply_subject(reply.id), draft.workflow->owner,
                  "reply " + reply.name + " is unknown: it may be public; find out, then settle it");
  raise_for(draft, reply, "unknown");
}

const workflow::ReplySpec& spec_of(const Draft& draft, const ReplyRow& reply) {
  const workflow::ReplySpec* spec = draft.workflow->find_reply(reply.name);
  if (spec == nullptr) throw ReactionError{"reply " + reply.name + " is not in workflow " + draft.workflow->id};
  return *spec;
}

bool supplied_evidence(const Draft& draft, const ReplyRow& reply, const std::string& person) {
  return std::any_of(draft.record.claims.begin(), draft.record.claims.end(), [&](const auto& entry) {
    if (entry.second.reply_id != reply.id) return false;
    const auto commitment = draft.record.commitments.find(entry.second.commitment_id);
    return commitment != draft.record.commitments.end() && commitment->second.evidence_by == person;
  });
}

}  // namespace

std::int64_t draft_reply(Draft& draft, const workflow::ReplySpec& spec, const Event& event) {
  const ReplyRow* original = spec.corrects.empty() ? nullptr : find_to_correct(draft, spec);
  if (!spec.corrects.empty() && original == nullptr) {
    draft.note("reply " + spec.name + ": nothing to correct");
    return 0;
  }
  ReplyRow& reply = add_reply(draft, spec.name, event.by.empty() ? draft.acting : event.by);
  reply.corrects_id = original == nullptr ? 0 : original->id;
  std::string wrong = draft_claims(draft, spec.claims, reply);
  const std::string wrong_text = draft_text(draft, spec, event, reply);
  if (wrong.empty()) wrong = wrong_text;
  if (wrong.empty()) {
    release(draft, spec, event, reply);
  } else {
    block(draft, reply, wrong);
  }
  return reply.id;
}

Result<std::int64_t> draft_said(Draft& draft, const Statement& statement, const std::string& by) {
  if (statement.text.empty() || !base::is_utf8(statement.text)) return {Code::invalid, "say needs a text, in UTF-8"};
  if (!statement.language.empty() && !workflow::is_language(statement.language))
    return {Code::invalid, statement.language + " is no language: write it as es or es-MX"};
  const std::string language = statement.language.empty() ? draft.record.row.language : statement.language;
  const std::string text = statement.text + wording::signature_in(draft.workflow->rules->brand, language);
  if (const std::string why = unfit_for_public(draft, {draft.record.row.channel, language, text}); !why.empty())
    return {Code::invalid, why};
  std::vector<workflow::ClaimSpec> claims;
  for (const auto& [commitment, level] : statement.claims) {
    if (draft.workflow->find_commitment(commitment) == nullptr)
      return {Code::invalid, "workflow " + draft.workflow->id + " has no commitment " + commitment + " to claim"};
    claims.push_back({commitment, level});
  }
  ReplyRow& reply = add_reply(draft, std::string(said_reply), by);
  std::string wrong = draft_claims(draft, claims, reply);
  if (wrong.empty()) wrong = store::overtaken(draft.record, reply);
  if (!wrong.empty()) return {Code::conflict, wrong};
  reply.language = language;
  reply.text = draft.put_text(text);
  reply.review_role = draft.workflow->owner;
  draft.move(reply, ReplyEvent::ask_review, {.review_needed = true});
  ask_for_review(draft, reply, 0);
  CaseRow& row = draft.record.row;
  if (draft.in_final_state() && row.final_reply_id == 0) {  // The closing reply that the workflow did not draft.
    row.final_reply_id = reply.id;
    draft.close_task("case");
  }
  return reply.id;
}

void block_broken_replies(Draft& draft) {
  for (auto& [id, reply] : draft.record.replies) {
    if (reply.state != ReplyState::awaiting_review && reply.state != ReplyState::approved) continue;
    if (const std::string why = broken_claim(draft, reply); !why.empty()) block(draft, reply, why);
  }
}

void publish_what_waited(Draft& draft) {
  for (const auto& [id, reply] : draft.record.replies) {
    if (reply.state != ReplyState::approved) continue;
    EffectRow* effect = draft.effect_of("publish", id);
    if (effect != nullptr && effect->state == EffectState::planned && effect->next_at_ms == 0)
      effect->next_at_ms = draft.now_ms;
  }
}

std::int64_t lookups_end_at_ms(const EffectRow& publication) { return publication.uncertain_since_ms + lookups_for_ms; }

bool begin_publishing(Draft& draft, EffectRow& effect) {
  ReplyRow& reply = draft.record.replies.at(effect.subject_id);
  if (effect.state != EffectState::planned || reply.state != ReplyState::approved) return false;
  std::string why = broken_claim(draft, reply);
  if (why.empty() && has_waited(reply)) why = store::overtaken(draft.record, reply);
  if (why.empty() && draft.replies_frozen && reply.review_role.empty()) {  // Released before the freeze, and not out yet.
    reply.review_role = draft.workflow->owner;
    back_to_review(draft, reply, "automatic replies are frozen");
    return false;
  }
  if (why.empty() && store::ask_books(draft.record, reply).answer == store::Books::Answer::are_being_told) {
    effect.next_at_ms = 0;  // Taken up again when they have answered.
    draft.note("reply " + reply.name + " waits until the department's books have the decision that it rests on");
    return false;
  }
  const bool bound = reply.review_role.empty() || reply.approved_binding == binding_of(draft, reply);
  if (!draft.move(reply, ReplyEvent::publish, {.claims_hold = why.empty(), .digests_match = bound})) {
    if (!why.empty()) {
      block(draft, reply, why);
    } else {
      back_to_review(draft, reply, draft.why_not);
    }
    return false;
  }
  effect.state = EffectState::attempting;
  effect.attempt += 1;
  effect.next_at_ms = 0;
  return true;
}

void settle_publication(Draft& draft, EffectRow& effect, const Outcome& outcome) {
  ReplyRow& reply = draft.record.replies.at(effect.subject_id);
  if (reply.state != ReplyState::publishing)
    return draft.note("a late answer: the reply is " + std::string(to_string(reply.state)) + " already");
  switch (outcome.kind) {
    case OutcomeKind::done:
      return on_published(draft, effect, reply);
    case OutcomeKind::retry:
      return on_not_taken(draft, effect, reply, outcome);
    case OutcomeKind::declined:
      return on_failed(draft, effect, reply, outcome.reason);
    case OutcomeKind::waiting:
    case OutcomeKind::unknown:
      return on_uncertain(draft, effect, reply, outcome.reason);
  }
}

void lose_publication(Draft& draft, EffectRow& effect) {
  settle_publication(draft, effect,
                     {.kind = OutcomeKind::unknown, .reason = "no answer came back: the process ended while the call was out"});
  if (effect.next_at_ms > draft.now_ms) effect.next_at_ms = draft.now_ms;
}

Result<void> settle_review(Draft& draft, std::int64_t reply_id, bool approved, const std::string& by) {
  ReplyRow& reply = draft.record.replies.at(reply_id);
  if (reply.state != ReplyState::awaiting_review) {
    return {Code::conflict, "reply " + reply.name + " is " + std::string(to_string(reply.state)) + ", not awaiting_review"};
  }
  if (!approved) {
    draft.move(reply, ReplyEvent::refuse);
    reply.reviewed_by = by;
    draft.drop_timer("review:" + std::to_string(reply.id));
    draft.close_task(reply_subject(reply.id));
    raise_for(draft, reply, "refused");
    return {};
  }
  const bool other = reply.drafted_by != by && !supplied_evidence(draft, reply, by);
  if (!draft.move(reply, ReplyEvent::approve, {.review_needed = true, .reviewed = other})) {
    return {Code::refused, by + " cannot approve reply " + reply.name + ": " + draft.why_not};
  }
  if (const std::string why = store::overtaken(draft.record, reply); !why.empty()) {
    block(draft, reply, why);
    return {};
  }
  reply.reviewed_by = by;
  reply.approved_at_ms = draft.now_ms;
  reply.approved_binding = binding_of(draft, reply);
  draft.drop_timer("review:" + std::to_string(reply.id));
  draft.close_task(reply_subject(reply.id));
  draft.set_timer("approval:" + std::to_string(reply.id), draft.now_ms + approval_good_for_ms);
  plan_publication(draft, reply);
  return {};
}

Result<void> redraft(Draft& draft, std::int64_t reply_id, const std::string& by) {
  ReplyRow& old = draft.record.replies.at(reply_id);
  if (old.name == said_reply)
    return {Code::conflict, "a person's own words are not drafted again: say it anew, and waive this one"};
  if (old.episode != draft.record.row.episode)
    return {Code::conflict, "reply " + old.name + " belongs to an earlier episode: waive it"};
  if (!draft.move(old, ReplyEvent::replace)) {
    return {Code::conflict, "reply " + old.name + " is " + std::string(to_string(old.state)) +
                                ": only one that is blocked, refused or failed is drafted again"};
  }
  draft.close_task(reply_subject(old.id));
  if (const store::Books books = store::ask_books(draft.record, old); books.answer == store::Books::Answer::refuse_it)
    tell_books_again(draft, books.commitment_id);  // Somebody may have made them agree meanwhile.
  const bool was_final = draft.record.row.final_reply_id == old.id;
  const Event event{.name = drafted_again, .at_ms = draft.now_ms, .by = by};
  const std::int64_t fresh = draft_reply(draft, spec_of(draft, old), event);
  if (fresh == 0) return {Code::conflict, "reply " + old.name + " has nothing to correct any more: waive it"};
  if (was_final) draft.record.row.final_reply_id = fresh;
  return {};
}

Result<void> confirm_published(Draft& draft, std::int64_t reply_id, const std::string& by) {
  ReplyRow& reply = draft.record.replies.at(reply_id);
  EffectRow* effect = draft.effect_of("publish", reply_id);
  if (reply.state != ReplyState::unknown || effect == nullptr) {
    return {Code::conflict, "reply " + reply.name + " is " + std::string(to_string(reply.state)) +
                                ": a person can say only of an unknown one that it is public"};
  }
  reply.reviewed_by = by;
  on_published(draft, *effect, reply);
  return {};
}

Result<void> waive(Draft& draft, std::int64_t reply_id, std::string_view reason, const std::string& by) {
  ReplyRow& reply = draft.record.replies.at(reply_id);
  if (!draft.move(reply, ReplyEvent::waive)) {
    return {Code::conflict, "reply " + reply.name + " is " + std::string(to_string(reply.state)) +
                                ": only one that is blocked, refused, failed or unknown is waived"};
  }
  reply.reason = draft.put_text(reason);
  reply.reviewed_by = by;
  draft.close_task(reply_subject(reply.id));
  return {};
}

void on_review_late(Draft& draft, std::int64_t reply_id) {
  const ReplyRow& reply = draft.record.replies.at(reply_id);
  if (reply.state != ReplyState::awaiting_review) return;
  draft.note("the review of reply " + reply.name + " is late");
  draft.open_task(reply_subject(reply.id), draft.workflow->owner, "the review of reply " + reply.name + " is late: see to it");
}

void on_approval_expired(Draft& draft, std::int64_t reply_id) {
  ReplyRow& reply = draft.record.replies.at(reply_id);
  if (reply.state == ReplyState::approved) back_to_review(draft, reply, "the approval is older than a day");
}

}  // namespace redress::path
