// The audit: every case's chain is walked and folded again, and what the fold gives is held against the stored rows.
#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "store/gate.hpp"
#include "store/journal.hpp"
#include "store/rows.hpp"

namespace redress::store {
namespace {

constexpr std::size_t page_rows = 200;
constexpr std::size_t entry_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t faults_of_case_max = 20;     // More of one case say nothing new.
constexpr int looks_max = 5;                       // At a case that a live writer keeps changing.
constexpr std::int64_t gap_max = 1000;             // Ids without a case that are looked at between two cases.
constexpr std::int64_t unreadable_run_max = 1000;  // Cases in a row that cannot be listed, before the audit gives up listing.

// What the journal alone says of a case.
struct Fold {
  CaseRecord record;
  std::int64_t seq = 0;
  std::int64_t head_id = 0;
  std::string head_digest;
  std::set<std::int64_t> released;  // Replies that were `publishing` at some time.
};

using Faults = std::vector<std::string>;

void add(Faults& faults, std::string fault) {
  if (faults.size() < faults_of_case_max) faults.push_back(std::move(fault));
}

// Not the store's word on this case, but its own inability: nothing can be audited.
bool stops_audit(const Error& error) { return error.code == Code::unavailable; }

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// ---- the chain ------------------------------------------------------------------------------------------------------

// Why `row` is not the next link after the fold; empty: it is.
std::string broken_link(const JournalRow& row, const Fold& fold) {
  const std::string at = "the journal's row " + std::to_string(row.seq);
  if (row.seq != fold.seq + 1) return at + " follows row " + std::to_string(fold.seq) + ": a row is missing";
  if (row.format != 1) return at + " has a format that is not known";
  if (row.previous_id != fold.head_id) return at + " does not point to the row before it";
  if (row.id <= fold.head_id) return at + " has an id that does not rise";
  if (row.digest != journal_digest(row, fold.head_digest))
    return at + " or the row before it was changed: its digest is not that of its bytes";
  return "";
}

void note_released(const Json& changes, std::set<std::int64_t>& released) {
  for (const Json& patch : changes) {
    if (patch.at("row") != ReplyRow::table || !patch.contains("set")) continue;
    const auto state = patch.at("set").find("state");
    if (state != patch.at("set").end() && *state == to_string(ReplyState::publishing))
      released.insert(patch.at("id").get<std::int64_t>());
  }
}

std::string fold_link(const JournalRow& row, Fold& fold) {
  const std::string at = "the journal's row " + std::to_string(row.seq);
  auto entry = base::parse_json(row.entry, entry_bytes_max);
  if (!entry) return at + " is not JSON: " + entry.error().message;
  if (!entry->is_object() || !entry->contains("changes")) return at + " does not say what changed";
  const Json& changes = entry->at("changes");
  if (auto done = apply(changes, fold.record); !done) return at + ": " + done.error().message;
  note_released(changes, fold.released);  // apply() has seen to its shape.
  fold.seq = row.seq;
  fold.head_id = row.id;
  fold.head_digest = row.digest;
  return "";
}

// ---- rows against the fold ------------------------------------------------------------------------------------------

template <class RowType>
std::string differing_fields(const RowType& stored, const RowType& folded) {
  const auto folded_values = views(folded);
  std::string out;
  std::size_t at = 0;
  RowType::each_field(stored, [&](std::string_view field, const auto& value) {
    const bool chain = std::is_same_v<RowType, CaseRow> && (field == "version" || field == "head_id" || field == "head_digest");
    if (view(value) != folded_values[at++] && !chain) out += (out.empty() ? "" : ", ") + std::string(field);
  });
  return out;
}

template <class RowType>
void compare_row(const RowType& stored, const RowType& folded, Faults& faults) {
  const std::string fields = differing_fields(stored, folded);
  if (!fields.empty()) add(faults, name_of(stored) + ": not what its journal gives in " + fields);
}

template <class RowType>
void compare_rows(const std::map<std::int64_t, RowType>& stored, const std::map<std::int64_t, RowType>& folded,
                  Faults& faults) {
  for (const auto& [id, row] : folded) {
    const auto found = stored.find(id);
    if (found == stored.end())
      add(faults, name_of(row) + " is missing; its journal gives it");
    else
      compare_row(found->second, row, faults);
  }
  for (const auto& [id, row] : stored) {
    if (!folded.contains(id)) add(faults, name_of(row) + " is not in its journal");
  }
}

// The rows of tables that load_case leaves out are looked up one by one.
template <class RowType>
Result<void> compare_found(const RowType& folded, const Result<std::optional<RowType>>& found, Faults& faults) {
  if (!found && stops_audit(found.error())) return found.error();
  if (!found)
    add(faults, name_of(folded) + ": " + found.error().message);
  else if (!*found)
    add(faults, name_of(folded) + " is missing; its journal gives it");
  else
    compare_row(**found, folded, faults);
  return {};
}

// ---- the case as it stands ------------------------------------------------------------------------------------------

void check_head(const CaseRow& row, const Fold& fold, Faults& faults) {
  if (row.version == fold.seq && row.head_id == fold.head_id && row.head_digest == fold.head_digest) return;
  add(faults, "the journal ends at row " + std::to_string(fold.seq) + ", the case's head at row " +
                  std::to_string(row.version) + ": its last row is missing, was added or was changed");
}

void check_replies(const CaseRecord& record, const Fold& fold, Faults& faults) {
  using enum ReplyState;
  for (const auto& [id, reply] : record.replies) {
    if (!claim_rows_match(record, reply)) add(faults, name_of(reply) + ": its claim rows are not its frozen claims");
    const bool is_out =
        reply.state == publishing || reply.state == published || reply.state == unknown || reply.state == corrected;
    if (is_out && !fold.released.contains(id)) {
      add(faults,
          name_of(reply) + " is " + std::string(to_string(reply.state)) + ", but its journal never shows it publishing");
    }
  }
}

bool has_wake_up(const CaseRecord& record) {
  using enum EffectState;
  if (!record.timers.empty()) return true;
  const bool is_called = std::any_of(record.effects.begin(), record.effects.end(), [](const auto& entry) {
    const EffectRow& effect = entry.second;
    return effect.state == attempting ||
           (effect.next_at_ms > 0 && (effect.state == planned || effect.state == waiting || effect.state == unknown));
  });
  return is_called ||
         std::any_of(record.tasks.begin(), record.tasks.end(), [](const auto& entry) { return entry.second.done_at_ms == 0; });
}

std::set<std::string> texts_named_by(const CaseRecord& record) {
  std::set<std::string> out{record.row.data, record.row.set_aside_reason};
  for (const auto& [id, row] : record.posts) out.insert({row.author_profile, row.text});
  for (const auto& [id, row] : record.commitments) out.insert({row.input, row.evidence, row.reason});
  for (const auto& [id, row] : record.replies) out.insert({row.text, row.reason});
  for (const auto& [id, row] : record.effects) out.insert({row.request, row.reason});
  std::erase_if(out, [](const std::string& text) { return !is_digest(text); });
  return out;
}

std::string reference_of(const CaseRow& row) {
  if (row.id == 0) return "case 0";
  if (!row.reference.empty()) return row.reference;
  return "case " + std::to_string(row.id);
}

// What a case that cannot be read is called: as the engine makes references.
std::string reference_of(std::int64_t case_id) {
  if (case_id == 0) return "case 0";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "C-%06lld", static_cast<long long>(case_id));
  return text.data();
}

class Audit {
 public:
  explicit Audit(Store& store) : store_(store) {}

  Result<AuditReport> run() {
    if (auto done = audit_file(); !done) return done.error();
    if (auto done = audit_case(0); !done) return done.error();
    std::int64_t after = 0;
    std::int64_t unreadable = 0;
    while (true) {
      const auto page = store_.cases(after, page_rows);
      if (!page && stops_audit(page.error())) return page.error();
      if (!page) {
        // One bad row spoils its page: from here on each id is tried by itself.
        if (++unreadable > unreadable_run_max) {
          report_.faults.push_back(
              {"", "the cases after " + std::to_string(after) + " cannot be listed: " + page.error().message});
          break;
        }
        if (auto done = audit_case(++after); !done) return done.error();
        continue;
      }
      unreadable = 0;
      if (page->empty()) break;
      for (const CaseRow& row : *page) {
        if (auto done = look_into_gap(after, row.id); !done) return done.error();
        if (auto done = audit_case(row.id); !done) return done.error();
        after = row.id;
      }
    }
    return std::move(report_);
  }

 private:
  Result<void> audit_file() {
    auto faults = store_.faults();
    if (!faults && stops_audit(faults.error())) return faults.error();
    if (!faults)
      report_.faults.push_back({"", faults.error().message});
    else
      for (std::string& fault : *faults) report_.faults.push_back({"", std::move(fault)});
    return {};
  }

  // Ids between two cases were drawn and not used, or their rows were taken out: then their history is still there.
  Result<void> look_into_gap(std::int64_t after, std::int64_t before) {
    for (std::int64_t id = after + 1; id < std::min(before, after + gap_max); ++id) {
      if (auto done = audit_case(id); !done) return done;
    }
    return {};
  }

  // A case that changes while it is read is read again: only what stays is a fault.
  Result<void> audit_case(std::int64_t case_id) {
    for (int look = 1;; ++look) {
      auto record = store_.load_case(case_id);
      if (!record) {
        if (stops_audit(record.error())) return record.error();
        return without_row(case_id, record.error());
      }
      Faults faults;
      texts_erased_ = rows_ = 0;
      if (auto done = check_case(*record, faults); !done) return done;
      if (!faults.empty() && look < looks_max) {
        const auto again = store_.load_case(case_id);
        if (again && again->row.version != record->row.version) continue;
      }
      if (case_id != 0) ++report_.cases;
      report_.journal_rows += rows_;
      report_.texts_erased += texts_erased_;
      for (std::string& fault : faults) report_.faults.push_back({reference_of(record->row), std::move(fault)});
      return {};
    }
  }

  // No case row, or one that cannot be read: a fault where it has a history.
  Result<void> without_row(std::int64_t case_id, const Error& error) {
    const auto history = store_.journal(case_id, 0, 1);
    if (!history && stops_audit(history.error())) return history.error();
    if (error.code == Code::not_found && history && history->empty()) return {};
    const bool is_gone = error.code == Code::not_found;
    report_.faults.push_back({reference_of(case_id), is_gone ? "its row is gone; its journal is there" : error.message});
    return {};
  }

  Result<void> check_case(const CaseRecord& record, Faults& faults) {
    Fold fold;
    if (auto done = walk(record.row, fold, faults); !done) return done;
    if (faults.empty()) {
      check_head(record.row, fold, faults);
      compare_row(record.row, fold.record.row, faults);
      if (auto done = record.row.id == 0 ? compare_case_0(fold, faults) : compare_case(record, fold, faults); !done)
        return done;
    }
    if (record.row.id == 0) return {};
    check_replies(record, fold, faults);
    if (record.row.state != CaseState::closed && !has_wake_up(record)) {
      add(faults, "the case is open, but nothing will wake it: no timer, no effect in flight or due, no open task");
    }
    for (const auto& [digest, text] : record.texts) {
      if (text.digest != text_digest(text.salt, text.content))
        add(faults, name_of(text) + ": its digest is not that of its bytes");
    }
    return check_texts(texts_named_by(record), record.texts, faults);
  }

  // Stops at the first broken link: behind it nothing can be told.
  Result<void> walk(const CaseRow& row, Fold& fold, Faults& faults) {
    while (true) {
      const auto page = store_.journal(row.id, fold.seq, page_rows);
      if (!page && stops_audit(page.error())) return page.error();
      if (!page) {
        add(faults, "the journal cannot be read after row " + std::to_string(fold.seq) + ": " + page.error().message);
        return {};
      }
      for (const JournalRow& link : *page) {
        ++rows_;
        std::string why = broken_link(link, fold);
        if (why.empty()) why = fold_link(link, fold);
        if (why.empty()) continue;
        add(faults, std::move(why));
        return {};
      }
      if (page->size() < page_rows) return {};
    }
  }

  Result<void> compare_case(const CaseRecord& record, const Fold& fold, Faults& faults) {
    compare_rows(record.posts, fold.record.posts, faults);
    compare_rows(record.commitments, fold.record.commitments, faults);
    compare_rows(record.members, fold.record.members, faults);
    compare_rows(record.replies, fold.record.replies, faults);
    compare_rows(record.claims, fold.record.claims, faults);
    compare_rows(record.timers, fold.record.timers, faults);
    compare_rows(record.effects, fold.record.effects, faults);
    compare_rows(record.tasks, fold.record.tasks, faults);
    return compare_requests(fold, faults);
  }

  Result<void> compare_requests(const Fold& fold, Faults& faults) {
    for (const auto& [id, row] : fold.record.requests) {
      if (auto done = compare_found(row, store_.find_request(row.request), faults); !done) return done;
    }
    return {};
  }

  // Case 0 has no record that is loaded whole: what its fold gives is looked up, and what is stored is looked for in the fold.
  Result<void> compare_case_0(const Fold& fold, Faults& faults) {
    std::set<std::string> texts;
    for (const auto& [id, row] : fold.record.posts) {
      if (auto done = compare_found(row, store_.find_post(row.channel, row.post_id), faults); !done) return done;
      for (const std::string& text : {row.author_profile, row.text}) {
        if (is_digest(text)) texts.insert(text);
      }
    }
    for (const auto& [id, row] : fold.record.people) {
      if (auto done = compare_found(row, store_.find_person(row.name), faults); !done) return done;
    }
    for (const auto& [id, row] : fold.record.documents) {
      if (auto done = compare_found(row, store_.find_document(row.kind, row.hash), faults); !done) return done;
    }
    if (auto done = compare_requests(fold, faults); !done) return done;
    if (auto done = only_in_fold(
            fold.record.posts, [&](std::int64_t after) { return store_.posts(after, page_rows); }, faults);
        !done)
      return done;
    if (auto done = only_in_fold(
            fold.record.people, [&](std::int64_t after) { return store_.people(after, page_rows); }, faults);
        !done)
      return done;
    if (auto done = only_in_fold(
            fold.record.documents, [&](std::int64_t after) { return store_.documents("", after, page_rows); }, faults);
        !done)
      return done;
    return check_texts(texts, {}, faults);
  }

  template <class RowType, class Page>
  static Result<void> only_in_fold(const std::map<std::int64_t, RowType>& folded, Page&& page_after, Faults& faults) {
    std::int64_t after = 0;
    while (true) {
      const Result<std::vector<RowType>> page = page_after(after);
      if (!page && stops_audit(page.error())) return page.error();
      if (!page) {
        add(faults,
            std::string(RowType::table) + " cannot be listed after " + std::to_string(after) + ": " + page.error().message);
        return {};
      }
      if (page->empty()) return {};
      for (const RowType& row : *page) {
        if (row.case_id == 0 && !folded.contains(row.id)) add(faults, name_of(row) + " is not in its journal");
      }
      after = page->back().id;
    }
  }

  // `at_hand` were checked already; others lie with another case, or are erased.
  Result<void> check_texts(const std::set<std::string>& digests, const std::map<std::string, TextRow>& at_hand,
                           Faults& faults) {
    for (const std::string& digest : digests) {
      if (at_hand.contains(digest)) continue;
      const auto text = store_.find_text(digest);
      if (!text && stops_audit(text.error())) return text.error();
      if (!text)
        add(faults, "text " + digest + ": " + text.error().message);
      else if (!*text)
        ++texts_erased_;
      else if (text_digest((*text)->salt, (*text)->content) != digest)
        add(faults, name_of(**text) + ": its digest is not that of its bytes");
    }
    return {};
  }

  Store& store_;
  AuditReport report_;
  std::int64_t rows_ = 0;          // Of the case at hand.
  std::int64_t texts_erased_ = 0;  // Of the case at hand.
};

}  // namespace

Result<AuditReport> audit(Store& store) { return Audit(store).run(); }

}  // namespace redress::store
