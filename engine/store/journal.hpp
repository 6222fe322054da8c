// The journal's chain, and the fold: a case's rows are what its journal entries say, and nothing else.
//
// An entry's "changes" are row patches; apply() folds them without deciding anything again.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "redress/store.hpp"

namespace redress::store {

// SHA-256 over every column but digest itself and over the previous row's digest ("" for the first), each with its length in
// front.
[[nodiscard]] std::string journal_digest(const JournalRow& row, std::string_view previous_digest);

// The digest under which a text is stored and enters rows and journal. `salt`: 32 hexadecimal digits.
[[nodiscard]] std::string text_digest(std::string_view salt, std::string_view content);

// What differs, as patches:
// [{"row": "commitments", "id": 3, "set": {"state": "attempting"}}, {"row": "timers", "id": 9, "drop": true}].
// A new row's patch says "new": true and sets every field that is not its default. Chain fields of the case (version, head_*)
// and texts are left out.
// Also gives the unit's inserts, updates and dropped timers (texts included, the case row always; the journal row not). The
// case row is the first insert where before.row.version is 0, else the first update: whoever appends the journal row sets its
// head. A text that is gone from `after` is an update that empties it: it is erased.
struct Difference {
  std::vector<Json> changes;  // Becomes a JSON array where a Json is wanted.
  Unit unit;
};
[[nodiscard]] Difference difference(const CaseRecord& before, const CaseRecord& after);

// Folds one entry's "changes" into the record. `corrupt` where a patch names a table, field or row that is not there.
[[nodiscard]] Result<void> apply(const Json& changes, CaseRecord& record);

// One fault that an audit found.
struct AuditFault {
  std::string reference;  // The case, as people say it; "case 0" for what belongs to none; empty: the file.
  std::string message;
};
struct AuditReport {
  std::int64_t cases = 0;
  std::int64_t journal_rows = 0;
  std::int64_t texts_erased = 0;
  std::vector<AuditFault> faults;
};
// Chains without gaps, digests and heads right, rows equal the fold, texts equal their digests, each reply's claim rows equal
// its frozen claims, each published reply passed `publishing` in its journal, every open case has a wake-up (a timer, an effect
// in flight or due, or an open task), and the store's own faults. Reads page by page; changes nothing.
[[nodiscard]] Result<AuditReport> audit(Store& store);

}  // namespace redress::store
