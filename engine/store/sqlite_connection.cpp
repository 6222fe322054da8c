// Opening, identifying and migrating the file.
#include "store/sqlite_connection.hpp"

#include <sqlite3.h>

#include <array>
#include <fstream>

#include "redress/inspection.hpp"
#include "store/migrations.hpp"

namespace redress::store {
namespace {

constexpr std::int64_t application_id = 0x52445253;  // "RDRS"
constexpr int busy_timeout_ms = 5000;

[[noreturn]] void refuse_setting(const std::string& setting, const std::string& value) {
  throw SQLite::Exception("SQLite did not accept " + setting + ", it is " + value, SQLITE_ERROR);
}

// Whether the file begins as SQLite files do: then it was one, and is damaged behind that.
bool bears_magic(const std::string& path) {
  std::array<char, 16> begin{};
  std::ifstream(path, std::ios::binary).read(begin.data(), begin.size());
  return std::string_view(begin.data(), begin.size()) == std::string_view("SQLite format 3\0", 16);
}

}  // namespace

int primary_code(const SQLite::Exception& error) { return error.getErrorCode() & 0xff; }

Error error_of(const SQLite::Exception& error, const std::string& path) {
  const std::string message = path + ": " + error.what();
  switch (primary_code(error)) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Code::corrupt, message + "; stop, keep a copy and run `redress audit`"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return {Code::unavailable, message + "; nothing was written"};
    default:
      return {Code::internal, message};
  }
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Kind kind) {
  try {
    auto connection = std::make_unique<Connection>(path, kind);
    if (auto known = connection->identify(path, kind); !known) return known.error();
    connection->set_up(kind);
    return connection;
  } catch (const SQLite::Exception& error) {
    return error_of(error, path);
  }
}

Connection::Connection(const std::string& path, Kind kind)
    : database_(path, kind == Kind::writer ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READONLY,
                busy_timeout_ms) {
  // Before the schema is read: what a planted view or trigger may call.
  sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  execute("PRAGMA mmap_size = 0");
}

SQLite::Statement& Connection::prepared(const std::string& sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(database_, sql);
  return *statement;
}

void Connection::execute(const char* sql) { database_.exec(sql); }

std::int64_t Connection::number(const std::string& sql) {
  SQLite::Statement statement(database_, sql);
  return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_.getHandle()) == 0; }

bool Connection::checkpoint() {
  return number("PRAGMA wal_checkpoint(FULL)") == 0;  // The first column: 1 where it was blocked.
}

void Connection::set_up(Kind kind) {
  execute("PRAGMA foreign_keys = ON");
  if (kind == Kind::reader) return;
  // SQLite opens what it may not write to be read, without a word.
  if (sqlite3_db_readonly(database_.getHandle(), "main") == 1)
    throw SQLite::Exception("the file may only be read; let this user write it", SQLITE_READONLY);
  const std::string mode = database_.execAndGet("PRAGMA journal_mode = WAL").getString();
  if (mode != "wal") refuse_setting("journal_mode = WAL", mode);
  execute("PRAGMA synchronous = FULL");
  if (const std::int64_t level = number("PRAGMA synchronous"); level != 2)
    refuse_setting("synchronous = FULL", std::to_string(level));
  const std::int64_t version = number("PRAGMA user_version");
  if (version < static_cast<std::int64_t>(migrations().size())) migrate(version);
}

// An empty file is a new store: also one whose creation was cut off before its first transaction.
Result<void> Connection::identify(const std::string& path, Kind kind) {
  std::int64_t id = 0;
  try {
    id = number("PRAGMA application_id");
    if (id == 0 && number("SELECT count(*) FROM sqlite_master") == 0) {
      if (kind == Kind::writer) return {};
      return {Code::invalid, path + " is empty: no Redress database; a writer makes it"};
    }
  } catch (const SQLite::Exception& error) {
    if (primary_code(error) != SQLITE_NOTADB || bears_magic(path)) throw;
    return {Code::invalid, path + " is not a Redress database: it is no SQLite file; name another"};
  }
  if (id != application_id) {
    return {Code::invalid, path + " is not a Redress database: its application id is " + std::to_string(id) +
                               ", a Redress one has " + std::to_string(application_id) + "; name another"};
  }
  const std::int64_t version = number("PRAGMA user_version");
  const auto known = static_cast<std::int64_t>(migrations().size());
  if (version > known) {
    return {Code::invalid, path + " has version " + std::to_string(version) + ", this program knows versions up to " +
                               std::to_string(known) + "; use a newer program"};
  }
  if (kind == Kind::reader && version < known) {
    return {Code::invalid, path + " has version " + std::to_string(version) + ", this program reads version " +
                               std::to_string(known) + "; a writer of this program takes it there"};
  }
  return {};
}

void Connection::migrate(std::int64_t from) {
  SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
  for (auto at = static_cast<std::size_t>(from); at < migrations().size(); ++at) database_.exec(std::string(migrations()[at]));
  database_.exec("PRAGMA application_id = " + std::to_string(application_id));
  database_.exec("PRAGMA user_version = " + std::to_string(migrations().size()));
  transaction.commit();
}

ReadTransaction::ReadTransaction(Connection& connection) : connection_(connection) { connection_.execute("BEGIN"); }

ReadTransaction::~ReadTransaction() {
  try {
    connection_.execute("ROLLBACK");
  } catch (const SQLite::Exception&) {  // An I/O error has ended it already.
  }
}

}  // namespace redress::store

namespace redress {

std::string sqlite_version() { return sqlite3_libversion(); }

}  // namespace redress
