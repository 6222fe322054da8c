// The gate: whether a reply's frozen claims hold on what the commitments show. No reply is published past it.
//
// The same rule stands in SQL (migrations/0005_promises_stand.sql, claim_faults), so that the file itself refuses a false
// reply.
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

// Whether the departments' own books have what people decided in their stead, wherever the reply claims that as fulfilled.
// In C++ alone: the data path asks before it publishes, since the effect that tells the books is its own.
struct Books {
  enum class Answer { have_it, are_being_told, refuse_it };
  Answer answer = Answer::have_it;  // The worst over all claims.
  std::int64_t commitment_id = 0;   // The first one with that answer; 0: the books have all of it.
};
[[nodiscard]] Books ask_books(const CaseRecord& record, const ReplyRow& reply);

// Why the reply speaks of work under way that is so no more: a commitment that it claims as accepted is not at the department
// any longer. Empty: it is, or none is claimed so. The claim itself still holds; only what waited for a person is held to this.
[[nodiscard]] std::string overtaken(const CaseRecord& record, const ReplyRow& reply);

// "commitment 3 (refund)".
[[nodiscard]] std::string described(const CaseRecord& record, std::int64_t commitment_id);

// Whether the reply's claim rows are its frozen claims, no more and no fewer.
[[nodiscard]] bool claim_rows_match(const CaseRecord& record, const ReplyRow& reply);

// Whether the step between two states releases something, so that the gate stands in it. No `from`: a new row.
[[nodiscard]] bool needs_gate(std::optional<ReplyState> from, ReplyState to);

// ok where every claim holds and the claim rows match; else `refused` with the first reason.
[[nodiscard]] Result<void> check_gate(const CaseRecord& record, const ReplyRow& reply);

}  // namespace redress::store
