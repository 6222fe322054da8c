// A Store in memory, under the same rules as SQLite's: unique keys, versions, foreign keys, and the gate on publishing.
#include <algorithm>
#include <functional>
#include <limits>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>

#include "store/gate.hpp"
#include "store/rows.hpp"

namespace redress {
namespace {

using namespace store;

std::string joined(std::string_view a, std::string_view b) {
  return std::to_string(a.size()) + ":" + std::string(a) + std::string(b);
}

// The unique key besides the id; empty: none.
template <class RowType>
std::string unique_key(const RowType&) {
  return "";
}
std::string unique_key(const CaseRow& r) { return "=" + r.reference; }
std::string unique_key(const PostRow& r) { return joined(r.channel, r.post_id); }
std::string unique_key(const TimerRow& r) { return joined(std::to_string(r.case_id), r.name); }
std::string unique_key(const EffectRow& r) { return "=" + r.key; }
std::string unique_key(const PersonRow& r) { return "=" + r.name; }
std::string unique_key(const DocumentRow& r) { return joined(r.kind, r.hash); }
std::string unique_key(const RequestRow& r) { return "=" + r.request; }
std::string unique_key(const EpisodeRow& r) { return joined(std::to_string(r.case_id), std::to_string(r.episode)); }
std::string unique_key(const TextRow& r) { return "=" + r.digest; }
std::string unique_key(const JournalRow& r) { return joined(std::to_string(r.case_id), std::to_string(r.seq)); }

template <class RowType>
struct Rows {
  std::map<std::int64_t, RowType> by_id;
  std::map<std::string, std::int64_t> by_key;
  std::map<std::int64_t, std::set<std::int64_t>> of_case;  // Ids.
  std::int64_t last_id = 0;                                // Drawn or taken.
};

bool may_run(const EffectRow& r) {
  using enum EffectState;
  return (r.state == planned || r.state == waiting || r.state == unknown) && r.next_at_ms > 0;
}

class MemoryStore final : public Store {
 public:
  Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta) override {
    const std::unique_lock lock(mutex_);
    std::vector<Result<void>> answers;
    for (const Unit& unit : units) answers.push_back(write(unit));
    const std::int64_t last_tx = meta_.last_tx;
    meta_ = meta;
    meta_.last_tx = last_tx + 1;
    return answers;
  }

  std::int64_t next_id(Table table) override {
    const std::unique_lock lock(mutex_);
    switch (table) {
      case Table::cases:
        return draw<CaseRow>();
      case Table::posts:
        return draw<PostRow>();
      case Table::commitments:
        return draw<CommitmentRow>();
      case Table::members:
        return draw<MemberRow>();
      case Table::replies:
        return draw<ReplyRow>();
      case Table::claims:
        return draw<ClaimRow>();
      case Table::timers:
        return draw<TimerRow>();
      case Table::outbox:
        return draw<EffectRow>();
      case Table::tasks:
        return draw<TaskRow>();
      case Table::people:
        return draw<PersonRow>();
      case Table::documents:
        return draw<DocumentRow>();
      case Table::requests:
        return draw<RequestRow>();
      case Table::texts:
        return draw<TextRow>();
      case Table::journal:
        return draw<JournalRow>();
      case Table::episodes:
        return draw<EpisodeRow>();
    }
    return 0;
  }

  Result<StoreMeta> meta() override {
    const std::shared_lock lock(mutex_);
    return meta_;
  }

  Result<CaseRecord> load_case(std::int64_t case_id) override {
    const std::shared_lock lock(mutex_);
    const auto found = rows<CaseRow>().by_id.find(case_id);
    if (found == rows<CaseRow>().by_id.end()) return {Code::not_found, "case " + std::to_string(case_id) + " is not there"};
    CaseRecord record;
    record.row = found->second;
    if (case_id == 0) return record;
    copy_case(case_id, record.posts);
    copy_case(case_id, record.commitments);
    copy_case(case_id, record.members);
    copy_case(case_id, record.replies);
    copy_case(case_id, record.claims);
    copy_case(case_id, record.timers);
    copy_case(case_id, record.effects);
    copy_case(case_id, record.tasks);
    copy_case(case_id, record.episodes);
    std::map<std::int64_t, TextRow> texts;
    copy_case(case_id, texts);
    for (auto& [id, text] : texts) {
      if (!text.salt.empty()) record.texts.emplace(text.digest, text);
    }
    return record;
  }

  Result<std::optional<std::int64_t>> find_case(std::string_view reference) override {
    return case_by_key<CaseRow>("=" + std::string(reference));
  }
  Result<std::optional<std::int64_t>> find_case_of_commitment(std::int64_t id) override {
    return case_by_id<CommitmentRow>(id);
  }
  Result<std::optional<std::int64_t>> find_case_of_reply(std::int64_t id) override { return case_by_id<ReplyRow>(id); }
  Result<std::optional<std::int64_t>> find_case_of_task(std::int64_t id) override { return case_by_id<TaskRow>(id); }
  Result<std::optional<std::int64_t>> find_case_of_key(std::string_view key) override {
    return case_by_key<EffectRow>("=" + std::string(key));
  }
  Result<std::optional<PostRow>> find_post(std::string_view channel, std::string_view post_id) override {
    return row_by_key<PostRow>(joined(channel, post_id));
  }
  Result<std::optional<std::int64_t>> find_case_of_thread(std::string_view channel, std::string_view thread) override {
    const std::shared_lock lock(mutex_);
    const auto found = threads_.find(joined(channel, thread));
    if (found == threads_.end() || found->second.empty()) return std::optional<std::int64_t>{};
    return std::optional(found->second.rbegin()->first);
  }
  Result<std::vector<CaseRow>> cases_of_author(std::string_view channel, std::string_view author, std::size_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<CaseRow> out;
    const auto found = authors_.find(joined(channel, author));
    if (found == authors_.end()) return out;
    for (auto id = found->second.rbegin(); id != found->second.rend() && out.size() < limit; ++id) {
      out.push_back(rows<CaseRow>().by_id.at(*id));
    }
    return out;
  }
  Result<std::optional<PersonRow>> find_person(std::string_view name) override {
    return row_by_key<PersonRow>("=" + std::string(name));
  }
  Result<std::optional<DocumentRow>> find_document(std::string_view kind, std::string_view hash) override {
    return row_by_key<DocumentRow>(joined(kind, hash));
  }
  Result<std::optional<RequestRow>> find_request(std::string_view request) override {
    return row_by_key<RequestRow>("=" + std::string(request));
  }
  Result<std::optional<TextRow>> find_text(std::string_view digest) override {
    auto text = row_by_key<TextRow>("=" + std::string(digest));
    if (*text && (*text)->salt.empty()) return std::optional<TextRow>{};
    return text;
  }

  Result<std::vector<Due>> due(std::int64_t now_ms, std::size_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<Due> out;
    for (const auto& [at_ms, kind, id, case_id] : due_) {
      if (at_ms > now_ms || out.size() == limit) break;
      out.push_back({kind, id, case_id, at_ms});
    }
    return out;
  }
  Result<std::optional<std::int64_t>> next_due_at_ms() override {
    const std::shared_lock lock(mutex_);
    if (due_.empty()) return std::optional<std::int64_t>{};
    return std::optional(std::get<0>(*due_.begin()));
  }
  Result<std::vector<EffectRow>> effects_attempting(std::size_t limit) override {
    return page_of<EffectRow>(attempting_, 0, limit, [](const EffectRow&) { return true; });
  }

  Result<std::vector<CaseRow>> cases(std::int64_t after, std::size_t limit) override {
    return page<CaseRow>(std::max<std::int64_t>(after, 0), limit, [](const CaseRow&) { return true; });
  }
  Result<std::vector<PostRow>> posts(std::int64_t after, std::size_t limit) override {
    return page<PostRow>(after, limit, [](const PostRow&) { return true; });
  }
  Result<std::vector<TaskRow>> open_tasks(std::string_view role, std::int64_t after, std::size_t limit) override {
    return page_of<TaskRow>(open_tasks_, after, limit, [&](const TaskRow& r) { return role.empty() || r.role == role; });
  }
  Result<std::vector<JournalRow>> journal(std::int64_t case_id, std::int64_t after_seq, std::size_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<JournalRow> out;
    const auto found = histories_.find(case_id);
    if (found == histories_.end()) return out;
    for (auto at = found->second.upper_bound(after_seq); at != found->second.end() && out.size() < limit; ++at) {
      out.push_back(rows<JournalRow>().by_id.at(at->second));
    }
    return out;
  }
  Result<std::vector<JournalRow>> journal_since(std::int64_t after_id, std::size_t limit) override {
    return page<JournalRow>(after_id, limit, [](const JournalRow&) { return true; });
  }
  Result<std::int64_t> latest_journal_id() override {
    const std::shared_lock lock(mutex_);
    const auto& by_id = rows<JournalRow>().by_id;
    return by_id.empty() ? 0 : by_id.rbegin()->first;
  }
  Result<std::vector<PersonRow>> people(std::int64_t after, std::size_t limit) override {
    return page<PersonRow>(after, limit, [](const PersonRow&) { return true; });
  }
  Result<std::vector<DocumentRow>> documents(std::string_view kind, std::int64_t after, std::size_t limit) override {
    return page<DocumentRow>(after, limit, [&](const DocumentRow& r) { return kind.empty() || r.kind == kind; });
  }

  Result<std::vector<std::string>> faults() override { return std::vector<std::string>{}; }

 private:
  template <class RowType>
  Rows<RowType>& rows() {
    return std::get<Rows<RowType>>(tables_);
  }
  template <class RowType>
  std::int64_t draw() {
    return ++rows<RowType>().last_id;
  }

  // ---- writing: each step leaves its own undoing --------------------------------------------------------------------

  Result<void> write(const Unit& unit) {
    undo_.clear();
    auto done = write_steps(unit);
    if (!done) {
      for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) (*step)();
    }
    undo_.clear();
    return done;
  }

  Result<void> write_steps(const Unit& unit) {
    if (auto checked = check_unit(unit); !checked) return checked;
    if (const std::int64_t found = version_of(unit.case_id); found != unit.expected_version)
      return version_conflict(unit, found);
    for (const std::int64_t id : unit.timers_dropped) {
      if (auto done = drop_timer(unit.case_id, id); !done) return done;
    }
    for (const Row& row : unit.inserts) {
      if (auto done = std::visit([&](const auto& r) { return insert(r); }, row); !done) return done;
    }
    for (const Row& row : unit.updates) {
      if (auto done = std::visit([&](const auto& r) { return update(r); }, row); !done) return done;
    }
    return {};
  }

  std::int64_t version_of(std::int64_t case_id) {
    const auto found = rows<CaseRow>().by_id.find(case_id);
    return found == rows<CaseRow>().by_id.end() ? 0 : found->second.version;
  }

  Result<void> drop_timer(std::int64_t case_id, std::int64_t id) {
    const auto found = rows<TimerRow>().by_id.find(id);
    if (found == rows<TimerRow>().by_id.end() || found->second.case_id != case_id) return timer_conflict(id);
    const TimerRow row = found->second;
    undo_.push_back([this, row] { put(row); });
    take_out(row);
    return {};
  }

  template <class RowType>
  Result<void> insert(const RowType& row) {
    if (rows<RowType>().by_id.contains(row.id)) return {Code::conflict, name_of(row) + " is there already"};
    if (auto ok = check_key(row); !ok) return ok;
    if (auto ok = check_foreign_keys(row); !ok) return ok;
    if constexpr (std::is_same_v<RowType, ClaimRow>) {
      if (auto ok = check_claim_row(rows<ReplyRow>().by_id.at(row.reply_id), row); !ok) return ok;
    }
    if constexpr (std::is_same_v<RowType, ReplyRow>) {
      if (auto ok = pass_gate(std::nullopt, row); !ok) return ok;
    }
    undo_.push_back([this, row] { take_out(row); });
    put(row);
    return {};
  }

  template <class RowType>
  Result<void> update(const RowType& row) {
    const auto found = rows<RowType>().by_id.find(row.id);
    if (found == rows<RowType>().by_id.end()) return row_missing(name_of(row));
    const RowType before = found->second;
    if (case_of(before) != case_of(row)) return row_missing(name_of(row) + " of case " + std::to_string(case_of(row)));
    if constexpr (std::is_same_v<RowType, ClaimRow>) {
      return {Code::refused, name_of(row) + ": a claim row never changes; its reply's claims are frozen"};
    }
    if (auto ok = check_key(row); !ok) return ok;
    if (auto ok = check_foreign_keys(row); !ok) return ok;
    if constexpr (std::is_same_v<RowType, ReplyRow>) {
      if (const auto column = changed_frozen_column(before, row); !column.empty()) {
        return {Code::refused, name_of(row) + ": " + std::string(column) + " stays as it was drafted"};
      }
      if (auto ok = pass_gate(before.state, row); !ok) return ok;
    }
    undo_.push_back([this, before] {
      take_out(rows<RowType>().by_id.at(before.id));
      put(before);
    });
    take_out(before);
    put(row);
    return {};
  }

  template <class RowType>
  Result<void> check_key(const RowType& row) {
    const std::string key = unique_key(row);
    const auto& keys = rows<RowType>().by_key;
    const auto found = key.empty() ? keys.end() : keys.find(key);
    if (found == keys.end() || found->second == row.id) return {};
    return {Code::conflict,
            name_of(row) + " has the unique key of " + std::string(RowType::table) + " " + std::to_string(found->second)};
  }

  template <class RowType>
  Result<void> check_foreign_keys(const RowType& row) {
    const auto missing = [&](const std::string& what) {
      return Result<void>(Code::invalid, name_of(row) + " points to " + what + ", which is not there");
    };
    if constexpr (!std::is_same_v<RowType, CaseRow>) {
      if (!rows<CaseRow>().by_id.contains(row.case_id)) return missing("case " + std::to_string(row.case_id));
    }
    if constexpr (std::is_same_v<RowType, MemberRow> || std::is_same_v<RowType, ClaimRow>) {
      if (!rows<CommitmentRow>().by_id.contains(row.commitment_id))
        return missing("commitments " + std::to_string(row.commitment_id));
    }
    if constexpr (std::is_same_v<RowType, ClaimRow>) {
      if (!rows<ReplyRow>().by_id.contains(row.reply_id)) return missing("replies " + std::to_string(row.reply_id));
    }
    return {};
  }

  Result<void> pass_gate(std::optional<ReplyState> from, const ReplyRow& reply) {
    if (!needs_gate(from, reply.state)) return {};
    CaseRecord record;
    copy_case(reply.case_id, record.members);
    copy_case(reply.case_id, record.claims);
    for (const auto& [id, member] : record.members) {
      record.commitments.emplace(member.commitment_id, rows<CommitmentRow>().by_id.at(member.commitment_id));
    }
    return check_gate(record, reply);
  }

  template <class RowType>
  void put(const RowType& row) {
    auto& table = rows<RowType>();
    table.by_id.emplace(row.id, row);
    table.of_case[case_of(row)].insert(row.id);
    if (std::string key = unique_key(row); !key.empty()) table.by_key.emplace(std::move(key), row.id);
    table.last_id = std::max(table.last_id, row.id);
    index(row, true);
  }

  template <class RowType>
  void take_out(const RowType& row_there) {
    const RowType row = row_there;
    auto& table = rows<RowType>();
    index(row, false);
    table.by_key.erase(unique_key(row));
    const auto of_case = table.of_case.find(case_of(row));
    of_case->second.erase(row.id);
    if (of_case->second.empty()) table.of_case.erase(of_case);
    table.by_id.erase(row.id);
  }

  // ---- what the verbs look up besides ids and keys ------------------------------------------------------------------

  template <class RowType>
  void index(const RowType&, bool) {}
  void index(const CaseRow& r, bool there) {
    if (r.id > 0) keep(authors_[joined(r.channel, r.customer)], r.id, there);
  }
  void index(const PostRow& r, bool there) {
    if (r.case_id == 0) return;
    auto& posts_of_case = threads_[joined(r.channel, r.thread)];
    if ((posts_of_case[r.case_id] += there ? 1 : -1) == 0) posts_of_case.erase(r.case_id);
  }
  void index(const TimerRow& r, bool there) { keep(due_, std::tuple(r.due_at_ms, Due::Kind::timer, r.id, r.case_id), there); }
  void index(const EffectRow& r, bool there) {
    if (may_run(r)) keep(due_, std::tuple(r.next_at_ms, Due::Kind::effect, r.id, r.case_id), there);
    if (r.state == EffectState::attempting) keep(attempting_, r.id, there);
  }
  void index(const TaskRow& r, bool there) {
    if (r.done_at_ms == 0) keep(open_tasks_, r.id, there);
  }
  void index(const JournalRow& r, bool there) {
    if (there)
      histories_[r.case_id].emplace(r.seq, r.id);
    else
      histories_[r.case_id].erase(r.seq);
  }
  template <class Value>
  static void keep(std::set<Value>& set, const Value& value, bool there) {
    if (there)
      set.insert(value);
    else
      set.erase(value);
  }

  // ---- reading ------------------------------------------------------------------------------------------------------

  template <class RowType>
  void copy_case(std::int64_t case_id, std::map<std::int64_t, RowType>& out) {
    const auto found = rows<RowType>().of_case.find(case_id);
    if (found == rows<RowType>().of_case.end()) return;
    for (const std::int64_t id : found->second) out.emplace_hint(out.end(), id, rows<RowType>().by_id.at(id));
  }

  template <class RowType>
  Result<std::optional<RowType>> row_by_key(const std::string& key) {
    const std::shared_lock lock(mutex_);
    const auto found = rows<RowType>().by_key.find(key);
    if (found == rows<RowType>().by_key.end()) return std::optional<RowType>{};
    return std::optional(rows<RowType>().by_id.at(found->second));
  }
  template <class RowType>
  Result<std::optional<std::int64_t>> case_by_key(const std::string& key) {
    const std::shared_lock lock(mutex_);
    const auto found = rows<RowType>().by_key.find(key);
    if (found == rows<RowType>().by_key.end()) return std::optional<std::int64_t>{};
    return std::optional(case_of(rows<RowType>().by_id.at(found->second)));
  }
  template <class RowType>
  Result<std::optional<std::int64_t>> case_by_id(std::int64_t id) {
    const std::shared_lock lock(mutex_);
    const auto found = rows<RowType>().by_id.find(id);
    if (found == rows<RowType>().by_id.end()) return std::optional<std::int64_t>{};
    return std::optional(found->second.case_id);
  }

  template <class RowType, class Wanted>
  Result<std::vector<RowType>> page(std::int64_t after, std::size_t limit, Wanted&& wanted) {
    const std::shared_lock lock(mutex_);
    std::vector<RowType> out;
    const auto& by_id = rows<RowType>().by_id;
    for (auto at = by_id.upper_bound(after); at != by_id.end() && out.size() < limit; ++at) {
      if (wanted(at->second)) out.push_back(at->second);
    }
    return out;
  }
  template <class RowType, class Wanted>
  Result<std::vector<RowType>> page_of(const std::set<std::int64_t>& ids, std::int64_t after, std::size_t limit,
                                       Wanted&& wanted) {
    const std::shared_lock lock(mutex_);
    std::vector<RowType> out;
    for (auto id = ids.upper_bound(after); id != ids.end() && out.size() < limit; ++id) {
      const RowType& row = rows<RowType>().by_id.at(*id);
      if (wanted(row)) out.push_back(row);
    }
    return out;
  }

  std::shared_mutex mutex_;
  StoreMeta meta_;
  std::tuple<Rows<CaseRow>, Rows<PostRow>, Rows<CommitmentRow>, Rows<MemberRow>, Rows<ReplyRow>, Rows<ClaimRow>, Rows<TimerRow>,
             Rows<EffectRow>, Rows<TaskRow>, Rows<PersonRow>, Rows<DocumentRow>, Rows<RequestRow>, Rows<TextRow>,
             Rows<JournalRow>, Rows<EpisodeRow>>
      tables_;
  std::map<std::string, std::set<std::int64_t>> authors_;                          // (channel, author): cases.
  std::map<std::string, std::map<std::int64_t, std::int64_t>> threads_;            // (channel, thread): posts of each case.
  std::map<std::int64_t, std::map<std::int64_t, std::int64_t>> histories_;         // Case: journal ids by seq.
  std::set<std::tuple<std::int64_t, Due::Kind, std::int64_t, std::int64_t>> due_;  // When, kind, id, case.
  std::set<std::int64_t> attempting_, open_tasks_;
  std::vector<std::function<void()>> undo_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace redress
