// The audit as people read it: the store's own findings, one line each.
#include <nlohmann/json.hpp>

#include "redress/reading.hpp"
#include "store/journal.hpp"

namespace redress {

Result<AuditResult> audit_store(Store& store) {
  const Result<store::AuditReport> report = store::audit(store);
  if (!report) return report.error();
  AuditResult out;
  out.cases = report->cases;
  out.journal_rows = report->journal_rows;
  out.texts_erased = report->texts_erased;
  for (const store::AuditFault& fault : report->faults)
    out.faults.push_back((fault.reference.empty() ? "the file" : fault.reference) + ": " + fault.message);
  return out;
}

}  // namespace redress
