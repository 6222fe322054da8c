// The gate: whether a reply's frozen claims hold on what the commitments show. No reply is published past it.
//
// The same rule stands in SQL (migrations/0005_promises_stand.sql, claim_faults), so that the file itself refuses a false reply.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redress/store.hpp"

namespace redress::store {

// One claim as ReplyRow::claims froze it.
struct FrozenClaim {
  std::int64_t commitment_id = 0;
  ClaimLevel level = ClaimLevel::requested;
  std::string evidence_digest;      // Empty where the level is not fulfilled.
  std::int64_t promised_at_ms = 0;  // 0: the text shows no promise.
  auto operator<=>(const FrozenClaim&) const = default;
};
// ReplyRow::claims as values. `invalid` where it is not a JSON array of claims.
[[nodiscard]] Result<std::vector<FrozenClaim>> parse_claims(std::string_view claims);

struct ClaimVerdict {
  bool holds = false;
  std::string reason;  // Why not; empty where it holds.
};
// One verdict for each frozen claim, in order. Claims that cannot be read: one verdict that does not hold.
[[nodiscard]] std::vector<ClaimVerdict> check_claims(const CaseRecord& record, const ReplyRow& reply);

// Whether the reply's claim rows are its frozen claims, no more and no fewer.
[[nodiscard]] bool claim_rows_match(const CaseRecord& record, const ReplyRow& reply);

// Whether the step between two states releases something, so that the gate stands in it. No `from`: a new row.
[[nodiscard]] bool needs_gate(std::optional<ReplyState> from, ReplyState to);

// ok where every claim holds and the claim rows match; else `refused` with the first reason.
[[nodiscard]] Result<void> check_gate(const CaseRecord& record, const ReplyRow& reply);

}  // namespace redress::store
