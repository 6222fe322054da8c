// Books over SQLiteCpp: write-ahead log, a sync at each COMMIT, foreign keys on, nothing trusted in the file's schema.
#include "books.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <openssl/sha.h>
#include <sqlite3.h>

#include <array>
#include <utility>

namespace redress::books {
namespace {

constexpr int busy_timeout_ms = 5000;

// What an SQLite error before COMMIT means to the caller. Extended codes carry the primary code in their low byte.
Code code_of(int error) {
  switch (error & 0xff) {
    case SQLITE_CONSTRAINT:
      return Code::refused;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::corrupt;
    default:
      return Code::unavailable;
  }
}

Error error_of(const std::string& path, const SQLite::Exception& error) {
  return {code_of(error.getErrorCode()), path + ": " + error.what()};
}

std::int64_t number(SQLite::Database& database, const char* sql) {
  SQLite::Statement query(database, sql);
  return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

void configure(SQLite::Database& database) {
  sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
  database.exec("PRAGMA mmap_size = 0");
}

}  // namespace

Books::Books(std::string path, Layout layout) : path_(std::move(path)), layout_(std::move(layout)) {}
Books::~Books() = default;

Result<std::unique_ptr<Books>> Books::open(const std::string& path, Layout layout) {
  std::unique_ptr<Books> books(new Books(path, std::move(layout)));
  if (auto connected = books->connect(); !connected) return connected.error();
  return books;
}

Result<void> Books::connect() {
  try {
    auto database = std::make_unique<SQLite::Database>(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, busy_timeout_ms);
    configure(*database);
    database_ = std::move(database);
  } catch (const SQLite::Exception& error) {
    const Code code = code_of(error.getErrorCode());
    return {code, layout_.name + ": the database " + path_ + " cannot be opened: " + error.what() +
                      "; check the folder, its rights and that it is an SQLite file"};
  }
  auto ready = run("BEGIN IMMEDIATE", [this](SQLite::Database& database) { return make_schema(database); });
  if (!ready) database_.reset();
  return ready;
}

Result<void> Books::make_schema(SQLite::Database& database) const {
  const std::int64_t id = number(database, "PRAGMA application_id");
  const std::int64_t version = number(database, "PRAGMA user_version");
  const bool empty = number(database, "SELECT count(*) FROM sqlite_schema") == 0;
  if (empty && id == 0 && version == 0) {
    database.exec(layout_.schema);
    database.exec("PRAGMA application_id = " + std::to_string(layout_.application_id));
    database.exec("PRAGMA user_version = " + std::to_string(layout_.version));
    return {};
  }
  if (id != layout_.application_id)
    return {Code::corrupt, path_ + " is no " + layout_.name + " database: its application_id is " + std::to_string(id) +
                               ", ours " + std::to_string(layout_.application_id) + "; name another file in the configuration"};
  if (version != layout_.version)
    return {Code::corrupt, path_ + " has version " + std::to_string(version) + " of the " + layout_.name +
                               " database, this program knows version " + std::to_string(layout_.version)};
  return {};
}

Result<void> Books::read(const Work& work) { return run("BEGIN", work); }
Result<void> Books::write(const Work& work) { return run("BEGIN IMMEDIATE", work); }

Result<void> Books::run(const char* begin, const Work& work) {
  if (!database_) {
    if (auto connected = connect(); !connected) return connected;
  }
  Result<void> worked;
  try {
    database_->exec(begin);
    worked = work(*database_);
  } catch (const SQLite::Exception& error) {
    worked = error_of(path_, error);
  }
  if (!worked) {
    // A failed ROLLBACK leaves the transaction open; closing the connection ends it, and nothing of it was written.
    if (!sqlite3_get_autocommit(database_->getHandle()) && database_->tryExec("ROLLBACK") != SQLITE_OK) database_.reset();
    return worked;
  }
  if (const int code = database_->tryExec("COMMIT"); code != SQLITE_OK) {
    const std::string message = database_->getErrorMsg();
    database_.reset();  // What a connection answers after a failed COMMIT cannot be relied upon.
    return {Code::internal, path_ + ": COMMIT failed (" + message + "): it may have been done; look it up"};
  }
  return {};
}

std::string short_code(std::string_view prefix, std::string_view key, int turn) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string bytes(key);
  if (turn > 0) bytes += "#" + std::to_string(turn);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 5; ++i) bits = (bits << 8) | digest[i];  // Eight characters of five bits.
  std::string code(prefix);
  for (int shift = 35; shift >= 0; shift -= 5) code += alphabet[(bits >> shift) & 31];
  return code;
}

}  // namespace redress::books
