// Rows as the JSON objects of docs/formats.md: one spelling for export, lists and explanations. Internal to this room.
//
// Times are RFC 3339; what is not set, not there or erased is null. Key order is fixed: the same row gives the same bytes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "redress/store.hpp"

namespace redress::reading {

[[nodiscard]] Json instant_json(std::int64_t at_ms);    // null where 0.
[[nodiscard]] Json text_json(std::string_view text);    // null where empty.
[[nodiscard]] Json stored_json(std::string_view text);  // Parsed; the text itself where it is not JSON; null where empty.
// A [text] field's content.
[[nodiscard]] Json content_json(const CaseRecord& record, std::string_view digest);
// What the customer wrote first; null where erased.
[[nodiscard]] Json opening_text_json(const CaseRecord& record);
// A line that is kept apart, as its digest, where it may quote people: its content, null where erased, else the line itself.
[[nodiscard]] Json line_json(const CaseRecord& record, std::string_view line);

// The reference that people say of a case id; empty for 0, `corrupt` where there is no such case.
[[nodiscard]] Result<std::string> reference_of(Store& store, std::int64_t case_id);
// The whole record of a reference; not_found names it.
[[nodiscard]] Result<CaseRecord> load_reference(Store& store, std::string_view reference);
// Case 0's row; an empty one where nothing was ever written there.
[[nodiscard]] Result<CaseRow> load_case_0(Store& store);

// The membership by which `episode` knows the commitment: its own, else the latest. Null: none in this case.
[[nodiscard]] const MemberRow* find_member(const CaseRecord& record, std::int64_t commitment_id, std::int64_t episode);
// "refund (12)": the workflow's name and the id that acts take.
[[nodiscard]] std::string commitment_label(const CaseRecord& record, std::int64_t commitment_id);
[[nodiscard]] std::string reply_label(const CaseRecord& record, std::int64_t reply_id);

[[nodiscard]] Json post_json(const PostRow& post, std::string_view reference);
[[nodiscard]] Json case_json(const CaseRecord& record, std::string_view prior_reference);
[[nodiscard]] Json reply_json(const CaseRecord& record, const ReplyRow& reply);
[[nodiscard]] Json task_json(const TaskRow& task, std::string_view reference);
[[nodiscard]] Json timer_json(const TimerRow& timer, std::string_view reference);
[[nodiscard]] Json effect_json(const CaseRecord& record, const EffectRow& effect);
[[nodiscard]] Json journal_json(const JournalRow& row, std::string_view reference);
// `corrupt` where the record lacks the member's commitment.
[[nodiscard]] Result<Json> commitment_json(const CaseRecord& record, const MemberRow& member);

// A case's parts in export's order; tasks only open ones.
[[nodiscard]] Result<std::vector<Json>> commitments_json(const CaseRecord& record);
[[nodiscard]] std::vector<Json> replies_json(const CaseRecord& record);
[[nodiscard]] std::vector<Json> tasks_json(const CaseRecord& record);
[[nodiscard]] std::vector<Json> timers_json(const CaseRecord& record);

}  // namespace redress::reading
