// The gate in C++: for the decision before the transaction, and for the memory store.
#include "store/gate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "redress/limits.hpp"

namespace redress::store {
namespace {

std::optional<FrozenClaim> read_claim(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const auto id = json.find("commitment_id");
  const auto level = json.find("level");
  if (id == json.end() || !id->is_number_integer() || level == json.end() || !level->is_string()) return std::nullopt;
  const auto known = from_string<ClaimLevel>(level->get_ref<const std::string&>());
  if (!known) return std::nullopt;
  FrozenClaim claim{.commitment_id = id->get<std::int64_t>(), .level = *known, .evidence_digest = ""};
  if (const auto digest = json.find("evidence_digest"); digest != json.end()) {
    if (!digest->is_string()) return std::nullopt;
    claim.evidence_digest = digest->get<std::string>();
  }
  if (const auto promised = json.find("promised_at_ms"); promised != json.end()) {
    if (!promised->is_number_integer()) return std::nullopt;
    claim.promised_at_ms = promised->get<std::int64_t>();
  }
  return claim;
}

bool is_member(const CaseRecord& record, const ReplyRow& reply, const FrozenClaim& claim) {
  return std::any_of(record.members.begin(), record.members.end(), [&](const auto& entry) {
    const MemberRow& member = entry.second;
    return member.case_id == reply.case_id && member.commitment_id == claim.commitment_id &&
           (claim.level == ClaimLevel::revoked || member.episode == reply.episode);
  });
}

// Why the promise that a text shows is none any more; empty: it stands, or the text shows none.
std::string fallen_promise(const CommitmentRow& commitment, const FrozenClaim& claim) {
  if (claim.promised_at_ms == 0) return "";
  if (claim.promised_at_ms != commitment.promised_at_ms) return "the promise that the text shows is not its promise any more";
  const bool stands = commitment.state == CommitmentState::attempting || commitment.state == CommitmentState::in_progress ||
                      commitment.state == CommitmentState::fulfilled;
  return stands ? "" : "the text shows a promise, and it is " + std::string(to_string(commitment.state));
}

// Why a commitment does not show what the claim asserts; empty: it does.
std::string contradiction(const CommitmentRow& commitment, const FrozenClaim& claim) {
  const auto state_is = [&](CommitmentState state) -> std::string {
    if (commitment.state == state) return "";
    return "it is " + std::string(to_string(commitment.state));
  };
  if (std::string why = fallen_promise(commitment, claim); !why.empty()) return why;
  switch (claim.level) {
    case ClaimLevel::requested:
      if (commitment.requested_at_ms <= 0) return "it was not requested";
      if (commitment.state == CommitmentState::cancelled && commitment.attempts == 0)
        return "it was cancelled before an attempt";
      return "";
    case ClaimLevel::accepted:
      return commitment.accepted_at_ms > 0 ? "" : "it was not accepted";
    case ClaimLevel::fulfilled:
      if (commitment.state != CommitmentState::fulfilled) return state_is(CommitmentState::fulfilled);
      if (commitment.evidence_digest.empty()) return "it has no evidence";
      return commitment.evidence_digest == claim.evidence_digest ? "" : "its evidence is not what the claim was frozen with";
    case ClaimLevel::declined:
      return state_is(CommitmentState::declined);
    case ClaimLevel::failed:
      return state_is(CommitmentState::failed);
    case ClaimLevel::revoked:
      return state_is(CommitmentState::revoked);
  }
  return "its level is none";
}

ClaimVerdict check_claim(const CaseRecord& record, const ReplyRow& reply, const FrozenClaim& claim) {
  const std::string subject = described(record, claim.commitment_id) + " is claimed as " + std::string(to_string(claim.level));
  const auto found = record.commitments.find(claim.commitment_id);
  if (found == record.commitments.end()) return {false, subject + ", but it is not there"};
  if (!is_member(record, reply, claim)) {
    return {false, subject + ", but it does not belong to episode " + std::to_string(reply.episode) + " of the case"};
  }
  const std::string why = contradiction(found->second, claim);
  return why.empty() ? ClaimVerdict{true, ""} : ClaimVerdict{false, subject + ", but " + why};
}

Books::Answer answer_of(const CaseRecord& record, const FrozenClaim& claim) {
  const auto found = record.commitments.find(claim.commitment_id);
  if (claim.level != ClaimLevel::fulfilled || found == record.commitments.end() || found->second.evidence_by.empty())
    return Books::Answer::have_it;
  for (const auto& [id, effect] : record.effects) {
    if (effect.verb != "record" || effect.subject_id != claim.commitment_id || effect.state == EffectState::done) continue;
    const bool ended = effect.state == EffectState::failed || effect.state == EffectState::declined;
    return ended ? Books::Answer::refuse_it : Books::Answer::are_being_told;
  }
  return Books::Answer::have_it;
}

// Another claim of the same reply says how the commitment ended.
bool tells_its_end(const std::vector<FrozenClaim>& claims, const FrozenClaim& accepted) {
  return std::any_of(claims.begin(), claims.end(), [&](const FrozenClaim& other) {
    return other.commitment_id == accepted.commitment_id && other.level != ClaimLevel::accepted &&
           other.level != ClaimLevel::requested;
  });
}

}  // namespace

std::string described(const CaseRecord& record, std::int64_t commitment_id) {
  const std::string number = "commitment " + std::to_string(commitment_id);
  for (const auto& [id, member] : record.members)
    if (member.commitment_id == commitment_id) return number + " (" + member.name + ')';
  return number;
}

Books ask_books(const CaseRecord& record, const ReplyRow& reply) {
  Books worst;
  const auto claims = parse_claims(reply.claims);
  if (!claims) return worst;
  for (const FrozenClaim& claim : *claims) {
    const Books::Answer answer = answer_of(record, claim);
    if (answer > worst.answer) worst = {answer, claim.commitment_id};
  }
  return worst;
}

std::string overtaken(const CaseRecord& record, const ReplyRow& reply) {
  const auto claims = parse_claims(reply.claims);
  if (!claims) return "";
  for (const FrozenClaim& claim : *claims) {
    const auto found = record.commitments.find(claim.commitment_id);
    if (claim.level != ClaimLevel::accepted || found == record.commitments.end() || tells_its_end(*claims, claim)) continue;
    const CommitmentState state = found->second.state;
    const bool at_work =
        state == CommitmentState::requested || state == CommitmentState::attempting || state == CommitmentState::in_progress;
    if (at_work) continue;
    return described(record, claim.commitment_id) + " is claimed as accepted, but it is overtaken: it is " +
           std::string(to_string(state)) + " by now; draft it anew, or waive it";
  }
  return "";
}

Result<std::vector<FrozenClaim>> parse_claims(std::string_view claims) {
  auto json = base::parse_json(claims, limits::document_bytes_max);
  if (!json) return json.error();
  if (!json->is_array()) return {Code::invalid, "the claims of a reply are a JSON array"};
  std::vector<FrozenClaim> out;
  for (const Json& item : *json) {
    auto claim = read_claim(item);
    if (!claim)
      return {Code::invalid, "claim " + std::to_string(out.size()) + " of a reply: commitment_id and level are needed"};
    out.push_back(std::move(*claim));
  }
  return out;
}

std::vector<ClaimVerdict> check_claims(const CaseRecord& record, const ReplyRow& reply) {
  const auto claims = parse_claims(reply.claims);
  if (!claims) return {{false, claims.error().message}};
  std::vector<ClaimVerdict> verdicts;
  for (const FrozenClaim& claim : *claims) verdicts.push_back(check_claim(record, reply, claim));
  return verdicts;
}

bool claim_rows_match(const CaseRecord& record, const ReplyRow& reply) {
  auto frozen = parse_claims(reply.claims);
  if (!frozen) return false;
  std::vector<FrozenClaim> rows;
  for (const auto& [id, row] : record.claims) {
    if (row.reply_id == reply.id) rows.push_back({row.commitment_id, row.level, row.evidence_digest, row.promised_at_ms});
  }
  std::sort(frozen->begin(), frozen->end());
  std::sort(rows.begin(), rows.end());
  return *frozen == rows;
}

bool needs_gate(std::optional<ReplyState> from, ReplyState to) {
  if (from == to) return false;
  switch (to) {
    case ReplyState::publishing:
      return true;
    case ReplyState::unknown:
      return from != ReplyState::publishing;
    case ReplyState::published:
      return from != ReplyState::publishing && from != ReplyState::unknown;
    case ReplyState::corrected:
      return from != ReplyState::published;
    default:
      return false;
  }
}

Result<void> check_gate(const CaseRecord& record, const ReplyRow& reply) {
  const std::string subject = "reply " + std::to_string(reply.id) + " stays unpublished: ";
  for (const ClaimVerdict& verdict : check_claims(record, reply)) {
    if (!verdict.holds) return {Code::refused, subject + verdict.reason};
  }
  if (!claim_rows_match(record, reply)) {
    return {Code::refused, subject + "its claim rows are not the claims that were frozen when it was drafted"};
  }
  return {};
}

}  // namespace redress::store
