// The Store on one SQLite file: a writing connection for commit(), and a reading one beside it for every other verb.
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <mutex>

#include "store/sqlite_rows.hpp"
#include "store/sqlite_writer.hpp"
#include "store/store_lock.hpp"

namespace redress {
namespace {

using namespace store;

constexpr std::array table_names{"cases", "posts",  "commitments", "members",  "replies", "claims",  "timers",  "outbox",
                                 "tasks", "people", "documents",   "requests", "texts",   "journal", "episodes"};
using Counters = std::array<std::atomic<std::int64_t>, table_names.size()>;

std::int64_t rows_max(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<std::int64_t>::max()));
}

template <class RowType>
void load_rows(Connection& connection, std::int64_t case_id, std::map<std::int64_t, RowType>& out) {
  for (RowType& row : select<RowType>(connection, "WHERE case_id = ?1 ORDER BY id", case_id))
    out.emplace(row.id, std::move(row));
}

void load_rows_of_case(Connection& connection, std::int64_t case_id, CaseRecord& record) {
  load_rows(connection, case_id, record.posts);
  load_rows(connection, case_id, record.commitments);
  load_rows(connection, case_id, record.members);
  load_rows(connection, case_id, record.replies);
  load_rows(connection, case_id, record.claims);
  load_rows(connection, case_id, record.timers);
  load_rows(connection, case_id, record.effects);
  load_rows(connection, case_id, record.tasks);
  load_rows(connection, case_id, record.episodes);
  for (TextRow& text : select<TextRow>(connection, "WHERE case_id = ?1 AND salt <> ''", case_id)) {
    std::string digest = text.digest;
    record.texts.emplace(std::move(digest), std::move(text));
  }
}

// What its pages are ordered by.
template <class RowType>
std::int64_t place_of(const RowType& row) {
  if constexpr (std::is_same_v<RowType, JournalRow>)
    return row.seq;
  else
    return row.id;
}

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string path, std::unique_ptr<Connection> reader, std::optional<StoreLock> lock,
              std::unique_ptr<SqliteWriter> writer)
      : path_(std::move(path)), lock_(std::move(lock)), writer_(std::move(writer)), reader_(std::move(reader)) {
    for (std::size_t i = 0; i < table_names.size(); ++i) {
      counters_[i] = reader_->number("SELECT max(id) FROM " + std::string(table_names[i]));
    }
    auto& timers = counters_[static_cast<std::size_t>(Table::timers)];
    timers = std::max(timers.load(), reader_->number("SELECT seq FROM sqlite_sequence WHERE name = 'timers'"));
  }

  // Readers go first: the writer's connection is the last one, which alone may checkpoint.
  ~SqliteStore() override { reader_.reset(); }

  Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta) override {
    if (!writer_) return {Code::refused, path_ + " was opened to be read; open it with OpenMode::write"};
    const std::lock_guard lock(writer_mutex_);
    auto answers = writer_->commit(units, meta);
    in_doubt_ = !writer_->knows();
    return answers;
  }

  std::int64_t next_id(Table table) override { return ++counters_[static_cast<std::size_t>(table)]; }

  Result<StoreMeta> meta() override {
    return read([](Connection& c) {
      const ReadTransaction snapshot(c);
      SQLite::Statement& statement = c.prepared("SELECT store_id, author_pepper, draws, last_at_ms, clock, last_tx FROM meta");
      const Resetting resetting(statement);
      if (!statement.executeStep()) throw UnreadableRow("meta has no row");
      StoreMeta meta{.store_id = statement.getColumn(0).getString(),
                     .author_pepper = statement.getColumn(1).getString(),
                     .draws = static_cast<std::uint64_t>(statement.getColumn(2).getInt64()),
                     .last_at_ms = statement.getColumn(3).getInt64(),
                     .clock = statement.getColumn(4).getString(),
                     .last_tx = statement.getColumn(5).getInt64()};
      SQLite::Statement& marks = c.prepared("SELECT name, position FROM marks");
      const Resetting resetting_marks(marks);
      while (marks.executeStep()) meta.marks[marks.getColumn(0).getString()] = marks.getColumn(1).getInt64();
      return meta;
    });
  }

  Result<CaseRecord> load_case(std::int64_t case_id) override {
    auto record = read([&](Connection& c) -> std::optional<CaseRecord> {
      const ReadTransaction snapshot(c);
      auto row = select_one<CaseRow>(c, "WHERE id = ?1", case_id);
      if (!row) return std::nullopt;
      CaseRecord out;
      out.row = std::move(*row);
      if (case_id != 0) load_rows_of_case(c, case_id, out);
      return out;
    });
    if (!record) return record.error();
    if (!*record) return {Code::not_found, "case " + std::to_string(case_id) + " is not there"};
    return std::move(**record);
  }

  Result<std::optional<std::int64_t>> find_case(std::string_view reference) override {
    return read([&](Connection& c) { return select_number(c, "SELECT id FROM cases WHERE reference = ?1", reference); });
  }
  Result<std::optional<std::int64_t>> find_case_of_commitment(std::int64_t id) override {
    return read([&](Connection& c) { return select_number(c, "SELECT case_id FROM commitments WHERE id = ?1", id); });
  }
  Result<std::optional<std::int64_t>> find_case_of_reply(std::int64_t id) override {
    return read([&](Connection& c) { return select_number(c, "SELECT case_id FROM replies WHERE id = ?1", id); });
  }
  Result<std::optional<std::int64_t>> find_case_of_task(std::int64_t id) override {
    return read([&](Connection& c) { return select_number(c, "SELECT case_id FROM tasks WHERE id = ?1", id); });
  }
  Result<std::optional<std::int64_t>> find_case_of_key(std::string_view key) override {
    return read([&](Connection& c) { return select_number(c, "SELECT case_id FROM outbox WHERE key = ?1", key); });
  }
  Result<std::optional<PostRow>> find_post(std::string_view channel, std::string_view post_id) override {
    return read([&](Connection& c) { return select_one<PostRow>(c, "WHERE channel = ?1 AND post_id = ?2", channel, post_id); });
  }
  Result<std::optional<std::int64_t>> find_case_of_thread(std::string_view channel, std::string_view thread) override {
    return read([&](Connection& c) {
      return select_number(c, "SELECT max(case_id) FROM posts WHERE channel = ?1 AND thread = ?2 AND case_id > 0", channel,
                           thread);
    });
  }
  Result<std::vector<CaseRow>> cases_of_author(std::string_view channel, std::string_view author, std::size_t limit) override {
    return read([&](Connection& c) {
      return select<CaseRow>(c, "WHERE channel = ?1 AND customer = ?2 AND id > 0 ORDER BY id DESC LIMIT ?3", channel, author,
                             rows_max(limit));
    });
  }
  Result<std::optional<PersonRow>> find_person(std::string_view name) override {
    return read([&](Connection& c) { return select_one<PersonRow>(c, "WHERE name = ?1", name); });
  }
  Result<std::optional<DocumentRow>> find_document(std::string_view kind, std::string_view hash) override {
    return read([&](Connection& c) { return select_one<DocumentRow>(c, "WHERE kind = ?1 AND hash = ?2", kind, hash); });
  }
  Result<std::optional<RequestRow>> find_request(std::string_view request) override {
    return read([&](Connection& c) { return select_one<RequestRow>(c, "WHERE request = ?1", request); });
  }
  Result<std::optional<TextRow>> find_text(std::string_view digest) override {
    return read([&](Connection& c) { return select_one<TextRow>(c, "WHERE digest = ?1 AND salt <> ''", digest); });
  }

  // Each half is cut to `limit` by its own index before they are merged.
  Result<std::vector<Due>> due(std::int64_t now_ms, std::size_t limit) override {
    return read([&](Connection& c) {
      SQLite::Statement& statement = c.prepared(
          "SELECT * FROM (SELECT 0 AS kind, id, case_id, next_at_ms AS at_ms FROM outbox"
          "  WHERE state IN ('planned', 'waiting', 'unknown') AND next_at_ms > 0 AND next_at_ms <= ?1 ORDER BY next_at_ms, id "
          "LIMIT ?2)"
          " UNION ALL SELECT * FROM (SELECT 1, id, case_id, due_at_ms FROM timers WHERE due_at_ms <= ?1 ORDER BY due_at_ms, id "
          "LIMIT ?2)"
          " ORDER BY at_ms, kind, id LIMIT ?2");
      const Resetting resetting(statement);
      bind_value(statement, 1, now_ms);
      bind_value(statement, 2, rows_max(limit));
      std::vector<Due> out;
      while (statement.executeStep()) {
        out.push_back({statement.getColumn(0).getInt() == 0 ? Due::Kind::effect : Due::Kind::timer,
                       statement.getColumn(1).getInt64(), statement.getColumn(2).getInt64(),
                       statement.getColumn(3).getInt64()});
      }
      return out;
    });
  }
  Result<std::optional<std::int64_t>> next_due_at_ms() override {
    return read([](Connection& c) {
      return select_number(c,
                           "SELECT min(at_ms) FROM (SELECT min(next_at_ms) AS at_ms FROM outbox"
                           "  WHERE state IN ('planned', 'waiting', 'unknown') AND next_at_ms > 0"
                           " UNION ALL SELECT min(due_at_ms) FROM timers)");
    });
  }
  Result<std::vector<EffectRow>> effects_attempting(std::size_t limit) override {
    return read([&](Connection& c) {
      return select<EffectRow>(c, "WHERE state = 'attempting' ORDER BY id LIMIT ?1", rows_max(limit));
    });
  }

  Result<std::vector<CaseRow>> cases(std::int64_t after, std::size_t limit) override {
    return page<CaseRow>("WHERE id > ?1 AND id > 0 ORDER BY id LIMIT ?2", after, limit);
  }
  Result<std::vector<PostRow>> posts(std::int64_t after, std::size_t limit) override {
    return page<PostRow>("WHERE id > ?1 ORDER BY id LIMIT ?2", after, limit);
  }
  Result<std::vector<TaskRow>> open_tasks(std::string_view role, std::int64_t after, std::size_t limit) override {
    if (role.empty()) return page<TaskRow>("WHERE done_at_ms = 0 AND id > ?1 ORDER BY id LIMIT ?2", after, limit);
    return page<TaskRow>("WHERE done_at_ms = 0 AND id > ?1 AND role = ?3 ORDER BY id LIMIT ?2", after, limit, role);
  }
  Result<std::vector<JournalRow>> journal(std::int64_t case_id, std::int64_t after_seq, std::size_t limit) override {
    return page<JournalRow>("WHERE case_id = ?3 AND seq > ?1 ORDER BY seq LIMIT ?2", after_seq, limit, case_id);
  }
  Result<std::vector<JournalRow>> journal_since(std::int64_t after_id, std::size_t limit) override {
    return read(
        [&](Connection& c) { return select<JournalRow>(c, "WHERE id > ?1 ORDER BY id LIMIT ?2", after_id, rows_max(limit)); });
  }
  Result<std::int64_t> latest_journal_id() override {
    return read([](Connection& c) { return select_number(c, "SELECT max(id) FROM journal").value_or(0); });
  }
  Result<std::vector<PersonRow>> people(std::int64_t after, std::size_t limit) override {
    return page<PersonRow>("WHERE id > ?1 ORDER BY id LIMIT ?2", after, limit);
  }
  Result<std::vector<DocumentRow>> documents(std::string_view kind, std::int64_t after, std::size_t limit) override {
    if (kind.empty()) return page<DocumentRow>("WHERE id > ?1 ORDER BY id LIMIT ?2", after, limit);
    return page<DocumentRow>("WHERE kind = ?3 AND id > ?1 ORDER BY id LIMIT ?2", after, limit, kind);
  }

  Result<std::vector<std::string>> faults() override {
    return read([](Connection& c) {
      std::vector<std::string> out;
      SQLite::Statement& integrity = c.prepared("PRAGMA integrity_check");
      const Resetting after_integrity(integrity);
      while (integrity.executeStep()) {
        if (std::string line = integrity.getColumn(0).getString(); line != "ok") out.push_back(std::move(line));
      }
      SQLite::Statement& keys = c.prepared("PRAGMA foreign_key_check");
      const Resetting after_keys(keys);
      while (keys.executeStep()) {
        out.push_back(keys.getColumn(0).getString() + " " + std::to_string(keys.getColumn(1).getInt64()) +
                      " points to a row of " + keys.getColumn(2).getString() + " that is not there");
      }
      return out;
    });
  }

 private:
  // The seam: SQLite's exceptions end here.
  template <class Read>
  auto read(Read&& what) -> Result<std::invoke_result_t<Read, Connection&>> {
    if (const auto known = find_out(); !known) return known.error();
    const std::lock_guard lock(reader_mutex_);
    try {
      return what(*reader_);
    } catch (const SQLite::Exception& error) {
      return error_of(error, path_);
    } catch (const UnreadableRow& error) {
      return {Code::corrupt, path_ + ": " + error.what()};
    }
  }

  // What a write of unknown outcome may have changed is shown to nobody before that is known.
  Result<void> find_out() {
    if (!in_doubt_) return {};
    const std::lock_guard lock(writer_mutex_);
    const auto known = writer_->find_out();
    in_doubt_ = !writer_->knows();
    return known;
  }

  template <class RowType, class... Values>
  Result<std::vector<RowType>> page(const std::string& where, std::int64_t after, std::size_t limit, const Values&... values) {
    auto rows = read([&](Connection& c) { return select<RowType>(c, where, after, rows_max(limit), values...); });
    if (!rows) return rows;
    std::int64_t last = after;
    for (const RowType& row : *rows) {  // A reader of pages goes on from the last row: of a damaged file it would never end.
      if (place_of(row) <= last)
        return {Code::corrupt, path_ + " is damaged: rows after " + std::to_string(last) + " come out of order"};
      last = place_of(row);
    }
    return rows;
  }

  const std::string path_;
  std::optional<StoreLock> lock_;         // Released last.
  std::mutex writer_mutex_;
  std::unique_ptr<SqliteWriter> writer_;  // Null where opened to be read.
  std::atomic<bool> in_doubt_ = false;
  std::mutex reader_mutex_;
  std::unique_ptr<Connection> reader_;
  Counters counters_{};
};

// What SQLite itself would not say: that a file is not there, or was cut off inside its header.
Result<void> look_at_file(const std::string& path, OpenMode mode) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (mode == OpenMode::write) return {};
    return {Code::not_found, path + " is not there; name a database that a writer has made"};
  }
  if (!S_ISREG(found.st_mode)) return {Code::invalid, path + " is not a file; name a database file"};
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, OpenMode mode) {
  if (auto looked = look_at_file(path, mode); !looked) return looked.error();
  std::optional<StoreLock> lock;
  std::unique_ptr<SqliteWriter> writer;
  if (mode == OpenMode::write) {
    auto taken = StoreLock::take(path);
    if (!taken) return taken.error();
    lock.emplace(std::move(*taken));
    auto connection = Connection::open(path, Connection::Kind::writer);
    if (!connection) return connection.error();
    writer = std::make_unique<SqliteWriter>(path, std::move(*connection));
  }
  auto reader = Connection::open(path, Connection::Kind::reader);
  if (!reader) return reader.error();
  try {
    return std::unique_ptr<Store>(std::make_unique<SqliteStore>(path, std::move(*reader), std::move(lock), std::move(writer)));
  } catch (const SQLite::Exception& error) {
    return error_of(error, path);
  }
}

}  // namespace redress
