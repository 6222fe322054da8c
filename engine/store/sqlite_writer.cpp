// Writing, and finding out what became of a COMMIT that failed.
#include "store/sqlite_writer.hpp"

#include <sqlite3.h>

#include <utility>

#include "store/sqlite_rows.hpp"

namespace redress::store {
namespace {

// SQLiteCpp's own Savepoint rolls back without releasing, and so leaves the connection inside it; this one does both.
class Savepoint {
 public:
  explicit Savepoint(Connection& connection) : connection_(connection) { connection_.execute("SAVEPOINT unit"); }
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint() {
    if (kept_) return;
    try {
      connection_.execute("ROLLBACK TO unit; RELEASE unit");
    } catch (const SQLite::Exception&) {  // The whole transaction is gone: the next statement says so.
    }
  }
  void keep() {
    connection_.execute("RELEASE unit");
    kept_ = true;
  }

 private:
  Connection& connection_;
  bool kept_ = false;
};

// What hurts one unit alone; nothing where it hurts the whole batch.
std::optional<Error> unit_error(const SQLite::Exception& error, const std::string& row) {
  const std::string message = row + ": " + error.what();
  if (primary_code(error) == SQLITE_TOOBIG) return Error{Code::invalid, message};
  if (primary_code(error) != SQLITE_CONSTRAINT) return std::nullopt;
  switch (error.getExtendedErrorCode()) {
    case SQLITE_CONSTRAINT_TRIGGER:
      return Error{Code::refused, message};
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Error{Code::conflict, message + "; such a row is there already"};
    default:
      return Error{Code::invalid, message};
  }
}

template <class RowType, class Step>
Result<void> guarded(const RowType& row, Step&& step) {
  try {
    return step();
  } catch (const SQLite::Exception& error) {
    if (auto mine = unit_error(error, name_of(row))) return std::move(*mine);
    throw;
  }
}

// Nothing was written and the handle has seen no I/O error: it may be used again.
bool leaves_handle_whole(const SQLite::Exception& error) {
  const int code = primary_code(error);
  return code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_FULL || code == SQLITE_NOMEM || code == SQLITE_READONLY;
}

}  // namespace

SqliteWriter::SqliteWriter(std::string path, std::unique_ptr<Connection> connection)
    : path_(std::move(path)), connection_(std::move(connection)) {}

Result<std::vector<Result<void>>> SqliteWriter::commit(std::span<const Unit> units, const StoreMeta& meta) {
  if (const auto known = find_out(); !known) return known.error();
  Batch batch;
  try {
    write(units, meta, batch);
  } catch (const SQLite::Exception& error) {
    return give_up(error, batch.tx);
  }
  try {
    connection_->execute("COMMIT");
    return std::move(batch.answers);
  } catch (const SQLite::Exception& error) {
    const std::string why = error.what();
    auto landed = settle(batch.tx);
    if (!landed) return landed.error();
    if (*landed) return std::move(batch.answers);
    return {Code::unavailable, path_ + ": " + why + "; looked up after a reopening: nothing was written, try later"};
  }
}

void SqliteWriter::write(std::span<const Unit> units, const StoreMeta& meta, Batch& batch) {
  connection_->execute("BEGIN IMMEDIATE");
  batch.tx = select_number(*connection_, "SELECT last_tx FROM meta").value_or(0) + 1;
  for (const Unit& unit : units) batch.answers.push_back(write_unit(unit));
  write_meta(meta, batch.tx);
}

Result<void> SqliteWriter::write_unit(const Unit& unit) {
  if (auto checked = check_unit(unit); !checked) return checked;
  Savepoint savepoint(*connection_);
  auto done = write_rows(unit);
  if (done) savepoint.keep();
  return done;
}

Result<void> SqliteWriter::write_rows(const Unit& unit) {
  if (const std::int64_t found = version_of(unit.case_id); found != unit.expected_version) return version_conflict(unit, found);
  for (const std::int64_t id : unit.timers_dropped) {
    SQLite::Statement& drop = connection_->prepared("DELETE FROM timers WHERE id = ?1 AND case_id = ?2");
    const Resetting resetting(drop);
    bind_value(drop, 1, id);
    bind_value(drop, 2, unit.case_id);
    if (drop.exec() != 1) return timer_conflict(id);
  }
  for (const Row& row : unit.inserts) {
    if (auto done = std::visit([&](const auto& r) { return insert(r); }, row); !done) return done;
  }
  for (const Row& row : unit.updates) {
    if (auto done = std::visit([&](const auto& r) { return update(unit, r); }, row); !done) return done;
  }
  return {};
}

template <class RowType>
Result<void> SqliteWriter::insert(const RowType& row) {
  return guarded(row, [&]() -> Result<void> {
    SQLite::Statement& statement = connection_->prepared(insert_sql<RowType>());
    const Resetting resetting(statement);
    bind_row(statement, row);
    statement.exec();
    return {};
  });
}

template <class RowType>
Result<void> SqliteWriter::update(const Unit& unit, const RowType& row) {
  return guarded(row, [&]() -> Result<void> {
    SQLite::Statement& statement = connection_->prepared(update_sql<RowType>());
    const Resetting resetting(statement);
    const int guard = bind_row(statement, row);
    bind_value(statement, guard, std::is_same_v<RowType, CaseRow> ? unit.expected_version : unit.case_id);
    if (statement.exec() == 1) return {};
    return row_missing(name_of(row));
  });
}

std::int64_t SqliteWriter::version_of(std::int64_t case_id) {
  return select_number(*connection_, "SELECT version FROM cases WHERE id = ?1", case_id).value_or(0);
}

void SqliteWriter::write_meta(const StoreMeta& meta, std::int64_t tx) {
  SQLite::Statement& statement = connection_->prepared(
      "UPDATE meta SET store_id = ?1, author_pepper = ?2, draws = ?3, last_at_ms = ?4, clock = ?5, last_tx = ?6");
  const Resetting resetting(statement);
  bind_value(statement, 1, meta.store_id);
  bind_value(statement, 2, meta.author_pepper);
  bind_value(statement, 3, static_cast<std::int64_t>(meta.draws));
  bind_value(statement, 4, meta.last_at_ms);
  bind_value(statement, 5, meta.clock);
  bind_value(statement, 6, tx);
  statement.exec();
  for (const auto& [name, position] : meta.marks) {
    SQLite::Statement& mark = connection_->prepared(
        "INSERT INTO marks (name, position) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET position = ?2 "
        "WHERE position <> ?2");
    const Resetting resetting_mark(mark);
    bind_value(mark, 1, name);
    bind_value(mark, 2, position);
    mark.exec();
  }
}

// A batch that failed before its COMMIT: rolled back, and the handle kept only where it saw no I/O error.
Error SqliteWriter::give_up(const SQLite::Exception& error, std::int64_t tx) {
  const Error answer = error_of(error, path_);
  try {
    if (connection_->in_transaction()) connection_->execute("ROLLBACK");
    if (leaves_handle_whole(error)) return answer;
  } catch (const SQLite::Exception&) {  // The handle is of no use any more.
  }
  if (auto landed = settle(tx); !landed) return landed.error();
  return answer;
}

// Whether transaction `tx` landed, asked of a new connection; and makes the answer final before it is given:
// what landed is copied to the main file and synced, since the log's own sync may have failed for good; what did not land is
// overwritten in the log by another transaction, since its frames could otherwise come back to life after a crash.
Result<bool> SqliteWriter::settle(std::int64_t tx) {
  connection_.reset();
  auto opened = Connection::open(path_, Connection::Kind::writer);
  if (!opened) return stay_in_doubt(tx, opened.error().message);
  try {
    Connection& fresh = **opened;
    const bool landed = fresh.number("SELECT last_tx FROM meta") == tx;
    if (landed && !fresh.checkpoint()) return stay_in_doubt(tx, "readers kept the log from being synced");
    fresh.execute("UPDATE meta SET settled = settled + 1");
    connection_ = std::move(*opened);
    return landed;
  } catch (const SQLite::Exception& error) {
    return stay_in_doubt(tx, error.what());
  }
}

// A disk that is full, or fails, may be mended while the store is open: then the same look tells.
Result<void> SqliteWriter::find_out() {
  if (connection_) return {};
  const auto landed = settle(doubtful_tx_);
  return landed ? Result<void>() : landed.error();
}

Error SqliteWriter::stay_in_doubt(std::int64_t tx, const std::string& why) {
  connection_.reset();
  doubtful_tx_ = tx;
  return {Code::unavailable, path_ + ": it is not known whether the last batch was written (" + why +
                                 "), so nothing is read or written until that can be found out; each call tries it: make room, or "
                                 "mend the disk"};
}

}  // namespace redress::store
