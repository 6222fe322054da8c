// Replies: drafted from evidence, reviewed where the workflow asks for it, gated by their claims, published once.
#pragma once
#include <string>
#include <string_view>

#include "path/draft.hpp"
#include "redress/channel.hpp"
#include "redress/engine.hpp"

namespace redress::path {

// Drafts the reply from today's state. Always leaves a row: blocked, with the reason, where a claim is false or the text has a
// hole. Answers its id; 0: nothing to correct.
std::int64_t draft_reply(Draft& draft, const workflow::ReplySpec& spec, const Event& event);

// A person's own words: a reply of this reserved name, which waits for somebody else's review. `invalid`: they cannot be
// public; `conflict`: a claim does not hold. The draft is then to be thrown away.
inline constexpr std::string_view said_reply = "said";
[[nodiscard]] Result<std::int64_t> draft_said(Draft& draft, const Statement& statement, const std::string& by);

// A reply's claims became false before it was released: blocked, in this same transaction.
void block_broken_replies(Draft& draft);

// ---- the effect protocol (verb publish) ----
// The gate: every claim holds, with the evidence digest that was approved. False: it is blocked, goes back to review, or waits
// until the department's books have the person's decision that it rests on.
[[nodiscard]] bool begin_publishing(Draft& draft, EffectRow& effect);
// Of one that may be public: until when it is looked up. Then an answer that says nothing makes it unknown.
[[nodiscard]] std::int64_t lookups_end_at_ms(const EffectRow& publication);
void settle_publication(Draft& draft, EffectRow& effect, const Outcome& outcome);
void publish_what_waited(Draft& draft);  // The books have answered.
void lose_publication(Draft& draft, EffectRow& effect);

// ---- people ----
// Approved or refused; an approval of what was overtaken meanwhile blocks it, in the same transaction.
[[nodiscard]] Result<void> settle_review(Draft& draft, std::int64_t reply_id, bool approved, const std::string& by);
[[nodiscard]] Result<void> redraft(Draft& draft, std::int64_t reply_id, const std::string& by);
// A person saw that a reply whose fate is unknown is public.
[[nodiscard]] Result<void> confirm_published(Draft& draft, std::int64_t reply_id, const std::string& by);
[[nodiscard]] Result<void> waive(Draft& draft, std::int64_t reply_id, std::string_view reason, const std::string& by);

// ---- timers ----
void on_review_late(Draft& draft, std::int64_t reply_id);
void on_approval_expired(Draft& draft, std::int64_t reply_id);

}  // namespace redress::path
