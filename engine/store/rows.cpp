// The rules that a unit meets before any store takes it.
#include "store/rows.hpp"

#include <algorithm>
#include <array>

#include "store/gate.hpp"

namespace redress::store {
namespace {

struct Range {
  std::string_view field;
  std::int64_t least, most;
};
constexpr std::int64_t unbounded = INT64_MAX;
// The same bounds stand as CHECKs in migrations/0001_first.sql. Times have none: a post may bear any date.
constexpr std::array ranges{
    Range{"verified", 0, 1},
    Range{"is_private", 0, 1},
    Range{"reconciling", 0, 1},
    Range{"set_aside", 0, 1},
    Range{"active", 0, 1},
    Range{"followers", 0, unbounded},
    Range{"language_percent", 0, 100},
    Range{"episode", 0, unbounded},
    Range{"changes", 0, unbounded},
    Range{"version", 0, unbounded},
    Range{"attempts", 0, unbounded},
    Range{"attempt", 0, unbounded},
    Range{"lookups", 0, unbounded},
    Range{"seq", 1, unbounded},
    Range{"instance", 1, unbounded},
    Range{"ordinal", 1, unbounded},
    Range{"replies_drafted", 0, unbounded},
};

template <class RowType>
Result<void> check_values(const RowType& row) {
  const std::int64_t least_id = std::is_same_v<RowType, CaseRow> ? 0 : 1;
  if (row.id < least_id) return {Code::invalid, name_of(row) + ": an id is drawn from the store, from 1"};
  std::string fault;
  RowType::each_field(row, [&](std::string_view field, const auto& value) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::int64_t>) {
      const auto range = std::find_if(ranges.begin(), ranges.end(), [&](const Range& r) { return r.field == field; });
      if (range != ranges.end() && (value < range->least || value > range->most)) fault = field;
    }
  });
  if (fault.empty()) return {};
  return {Code::invalid, name_of(row) + ": " + fault + " is outside its range; see include/redress/store.hpp"};
}

Result<void> check_row(const Unit& unit, const Row& row, bool is_update) {
  return std::visit(
      [&](const auto& r) -> Result<void> {
        using RowType = std::remove_cvref_t<decltype(r)>;
        if (case_of(r) != unit.case_id) {
          return {Code::invalid, name_of(r) + " belongs to case " + std::to_string(case_of(r)) + ", the unit to case " +
                                     std::to_string(unit.case_id) + "; a unit writes one case"};
        }
        if constexpr (std::is_same_v<RowType, JournalRow>) {
          if (is_update) return {Code::invalid, name_of(r) + ": the journal is only appended to"};
        }
        if constexpr (std::is_same_v<RowType, ReplyRow>) {
          if (auto claims = parse_claims(r.claims); !claims) return {Code::invalid, name_of(r) + ": " + claims.error().message};
        }
        if constexpr (std::is_same_v<RowType, CaseRow>) {
          if (is_update != (unit.expected_version > 0)) {
            return {Code::invalid, name_of(r) + ": its row is inserted at expected version 0 and updated after that"};
          }
        }
        return check_values(r);
      },
      row);
}

}  // namespace

Result<void> check_unit(const Unit& unit) {
  for (const Row& row : unit.inserts) {
    if (auto checked = check_row(unit, row, false); !checked) return checked;
  }
  for (const Row& row : unit.updates) {
    if (auto checked = check_row(unit, row, true); !checked) return checked;
  }
  return {};
}

std::string_view changed_frozen_column(const ReplyRow& before, const ReplyRow& after) {
  if (before.case_id != after.case_id) return "case_id";
  if (before.name != after.name) return "name";
  if (before.episode != after.episode) return "episode";
  if (before.text != after.text) return "text";
  if (before.claims != after.claims) return "claims";
  if (before.key != after.key) return "key";
  return "";
}

Result<void> check_claim_row(const ReplyRow& reply, const ClaimRow& claim) {
  using enum ReplyState;
  if (reply.state != drafted && reply.state != awaiting_review && reply.state != approved && reply.state != blocked) {
    return {Code::refused, name_of(claim) + ": the claims of " + name_of(reply) + " were frozen when it was drafted"};
  }
  const auto frozen = parse_claims(reply.claims);
  const FrozenClaim wanted{claim.commitment_id, claim.level, claim.evidence_digest, claim.promised_at_ms};
  if (!frozen || std::find(frozen->begin(), frozen->end(), wanted) == frozen->end()) {
    return {Code::refused, name_of(claim) + " is not among the frozen claims of " + name_of(reply)};
  }
  return {};
}

bool is_private(const CaseRecord& record, const ReplyRow& reply) {
  return std::any_of(record.posts.begin(), record.posts.end(), [&](const auto& entry) {
    return entry.second.post_id == reply.in_reply_to && entry.second.is_private != 0;
  });
}

Error version_conflict(const Unit& unit, std::int64_t found) {
  return {Code::conflict, "case " + std::to_string(unit.case_id) + " is at version " + std::to_string(found) +
                              ", the command at " + std::to_string(unit.expected_version) + "; load it again and decide anew"};
}

Error timer_conflict(std::int64_t timer_id) {
  return {Code::conflict, "timers " + std::to_string(timer_id) + " is not there; it fired or was dropped before"};
}

Error row_missing(const std::string& row) { return {Code::conflict, row + " is not there to be updated; load the case again"}; }

}  // namespace redress::store
