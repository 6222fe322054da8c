// One rule for each way in which a plugin's answer can be no answer.
#include "plugin/boundary.hpp"

#include <optional>
#include <string>

#include "base/text.hpp"
#include "redress/limits.hpp"

namespace redress::plugin {
namespace {

constexpr std::int64_t instant_ms_max = 253'402'300'799'999;  // The last one that RFC 3339 can write: 9999-12-31T23:59:59.999Z.

std::uint32_t to_c(Verb verb) {
  switch (verb) {
    case Verb::perform:
      return REDRESS_PERFORM;
    case Verb::reconcile:
      return REDRESS_RECONCILE;
    case Verb::undo:
      return REDRESS_UNDO;
    case Verb::cancel:
      return REDRESS_CANCEL;
    case Verb::record:
      return REDRESS_RECORD;
  }
  return 0;
}

std::optional<OutcomeKind> outcome_kind(std::uint32_t kind) {
  switch (kind) {
    case REDRESS_DONE:
      return OutcomeKind::done;
    case REDRESS_WAITING:
      return OutcomeKind::waiting;
    case REDRESS_DECLINED:
      return OutcomeKind::declined;
    case REDRESS_RETRY:
      return OutcomeKind::retry;
    case REDRESS_UNKNOWN:
      return OutcomeKind::unknown;
    default:
      return std::nullopt;
  }
}

std::optional<ReportKind> report_kind(std::uint32_t kind) {
  switch (kind) {
    case REDRESS_REPORT_DONE:
      return ReportKind::done;
    case REDRESS_REPORT_DECLINED:
      return ReportKind::declined;
    case REDRESS_REPORT_FAILED:
      return ReportKind::failed;
    case REDRESS_REPORT_REVOKED:
      return ReportKind::revoked;
    default:
      return std::nullopt;
  }
}

// Why `text` cannot be taken; empty: it can. The length is looked at before a byte is.
std::string broken_text(std::string_view name, redress_text text) {
  if (text.size == 0) return {};
  if (text.size > limits::document_bytes_max) {
    return std::string(name) + " of " + std::to_string(text.size) + " bytes; at most " +
           std::to_string(limits::document_bytes_max) + " are taken";
  }
  if (text.data == nullptr) return std::string(name) + " of " + std::to_string(text.size) + " bytes at a null pointer";
  if (!base::is_utf8({text.data, static_cast<std::size_t>(text.size)})) return std::string(name) + " that is not UTF-8";
  return {};
}

std::string copy(redress_text text) {
  return text.size == 0 ? std::string() : std::string(text.data, static_cast<std::size_t>(text.size));
}

bool is_instant(std::int64_t at_ms) { return at_ms >= 0 && at_ms <= instant_ms_max; }

std::string broken_outcome(const redress_outcome& outcome) {
  if (!outcome_kind(outcome.kind)) return "outcome kind " + std::to_string(outcome.kind) + ", which is none";
  for (const auto& [name, text] :
       {std::pair("evidence", outcome.evidence), std::pair("reason", outcome.reason), std::pair("ticket", outcome.ticket)}) {
    if (std::string why = broken_text(name, text); !why.empty()) return why;
  }
  if (!is_instant(outcome.promised_at_ms)) return "promised_at_ms " + std::to_string(outcome.promised_at_ms) + ", out of range";
  if (!is_instant(outcome.retry_at_ms)) return "retry_at_ms " + std::to_string(outcome.retry_at_ms) + ", out of range";
  return {};
}

}  // namespace

redress_text to_c(std::string_view text) { return {text.data(), text.size()}; }

redress_call to_c(const Call& call) {
  redress_call passed{};
  passed.size = sizeof(passed);
  passed.verb = to_c(call.verb);
  passed.key = to_c(call.key);
  passed.case_reference = to_c(call.case_reference);
  passed.commitment_id = call.commitment_id;
  passed.action = to_c(call.action);
  passed.input = to_c(call.input);
  passed.evidence = to_c(call.evidence);
  passed.ticket = to_c(call.ticket);
  passed.attempt = call.attempt;
  passed.now_ms = call.now_ms;
  passed.deadline_ms = call.deadline_ms;
  return passed;
}

redress_outcome empty_outcome() {
  redress_outcome outcome{};
  outcome.size = sizeof(outcome);
  outcome.kind = REDRESS_UNKNOWN;
  return outcome;
}

Outcome from_c(const redress_outcome& outcome) {
  Outcome answer;
  if (const std::string why = broken_outcome(outcome); !why.empty()) {
    answer.reason = "the plugin answered with " + why;
    return answer;
  }
  answer.kind = *outcome_kind(outcome.kind);
  answer.evidence = copy(outcome.evidence);
  answer.reason = copy(outcome.reason);
  answer.ticket = copy(outcome.ticket);
  answer.promised_at_ms = outcome.promised_at_ms;
  answer.retry_at_ms = outcome.retry_at_ms;
  return answer;
}

Result<Report> from_c(const redress_report* report) {
  if (report == nullptr || report->size < sizeof(redress_report)) return {Code::invalid, "report is null or too small"};
  const auto kind = report_kind(report->kind);
  if (!kind) return {Code::invalid, "report kind " + std::to_string(report->kind) + " is none"};
  for (const auto& [name, text] :
       {std::pair("key", report->key), std::pair("evidence", report->evidence), std::pair("reason", report->reason)}) {
    if (std::string why = broken_text(name, text); !why.empty()) return {Code::invalid, "report with " + why};
  }
  if (report->key.size == 0) return {Code::invalid, "report without a key"};
  return Report{copy(report->key), *kind, copy(report->evidence), copy(report->reason)};
}

}  // namespace redress::plugin
