// The export: everything of a store as JSON Lines, one case in memory at a time.
//
// Order: posts by id; the journal of case 0; each case by id with its commitments, replies, open tasks, timers and journal.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "reading/rows.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress {
namespace {

using namespace reading;

// False: the sink wants no more.
class Exporter {
 public:
  Exporter(Store& store, const LineSink& sink) : store_(store), sink_(sink) {}

  Result<bool> posts();
  Result<bool> case_0();
  Result<bool> cases();

 private:
  bool write(std::string_view type, const Json& fields);
  bool write_all(std::string_view type, const std::vector<Json>& objects);
  Result<bool> post_page(const std::vector<PostRow>& page);
  Result<bool> whole_case(std::int64_t case_id);
  Result<bool> journal(std::int64_t case_id, std::string_view reference, std::int64_t seq_last);

  Store& store_;
  const LineSink& sink_;
};

bool Exporter::write(std::string_view type, const Json& fields) {
  Json line;
  line["type"] = std::string(type);
  line.update(fields);
  return sink_(base::dump_json(line));
}

bool Exporter::write_all(std::string_view type, const std::vector<Json>& objects) {
  return std::all_of(objects.begin(), objects.end(), [&](const Json& object) { return write(type, object); });
}

Result<bool> Exporter::post_page(const std::vector<PostRow>& page) {
  std::map<std::int64_t, std::string> references;  // Of this page only: what is kept stays bounded.
  for (const PostRow& post : page) {
    const auto [at, fresh] = references.try_emplace(post.case_id);
    if (fresh) {
      Result<std::string> reference = reference_of(store_, post.case_id);
      if (!reference) return reference.error();
      at->second = std::move(*reference);
    }
    if (!write("post", post_json(post, at->second))) return false;
  }
  return true;
}

Result<bool> Exporter::posts() {
  for (std::int64_t after = 0;;) {
    const auto page = store_.posts(after, limits::page_rows_max);
    if (!page) return page.error();
    if (page->empty()) return true;
    if (const Result<bool> more = post_page(*page); !more || !*more) return more;
    after = page->back().id;
  }
}

// Rows that a writer beside us has added since the case was read belong to a later export.
Result<bool> Exporter::journal(std::int64_t case_id, std::string_view reference, std::int64_t seq_last) {
  for (std::int64_t after = 0; after < seq_last;) {
    const auto page = store_.journal(case_id, after, limits::page_rows_max);
    if (!page) return page.error();
    if (page->empty()) return true;
    for (const JournalRow& row : *page) {
      if (row.seq > seq_last) return true;
      if (!write("journal", journal_json(row, reference))) return false;
    }
    after = page->back().seq;
  }
  return true;
}

Result<bool> Exporter::case_0() {
  const Result<CaseRow> row = load_case_0(store_);
  if (!row) return row.error();
  return journal(0, "", row->version);
}

Result<bool> Exporter::whole_case(std::int64_t case_id) {
  const Result<CaseRecord> record = store_.load_case(case_id);
  if (!record) return record.error();
  const Result<std::string> prior = reference_of(store_, record->row.prior_case);
  if (!prior) return prior.error();
  const Result<std::vector<Json>> commitments = commitments_json(*record);
  if (!commitments) return commitments.error();
  if (!write("case", case_json(*record, *prior)) || !write_all("commitment", *commitments) ||
      !write_all("reply", replies_json(*record)) || !write_all("task", tasks_json(*record)) ||
      !write_all("timer", timers_json(*record)))
    return false;
  return journal(case_id, record->row.reference, record->row.version);
}

Result<bool> Exporter::cases() {
  for (std::int64_t after = 0;;) {
    const auto page = store_.cases(after, limits::page_rows_max);
    if (!page) return page.error();
    if (page->empty()) return true;
    for (const CaseRow& row : *page)
      if (const Result<bool> more = whole_case(row.id); !more || !*more) return more;
    after = page->back().id;
  }
}

}  // namespace

Result<void> export_store(Store& store, const LineSink& sink) {
  Exporter exporter(store, sink);
  for (auto part : {&Exporter::posts, &Exporter::case_0, &Exporter::cases}) {
    const Result<bool> more = (exporter.*part)();
    if (!more) return more.error();
    if (!*more) return {};
  }
  return {};
}

}  // namespace redress
