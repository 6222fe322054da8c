// One connection to the file, set up as Redress needs it, with the statements that it has prepared. [one thread at a time]
//
// Throws SQLite::Exception inside the room; error_of() is the seam.
#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "redress/result.hpp"

namespace redress::store {

// A stored value that no row can have: an enum's text that is none. Names the table and the row.
struct UnreadableRow : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[nodiscard]] int primary_code(const SQLite::Exception& error);  // SQLITE_CONSTRAINT, SQLITE_IOERR, ...
// What went wrong with the file as a whole: `corrupt` where it is damaged, `unavailable` where it may work later.
[[nodiscard]] Error error_of(const SQLite::Exception& error, const std::string& path);

class Connection {
 public:
  enum class Kind { writer, reader };

  // Opens and checks: `invalid` where it is no Redress database or a newer one, `corrupt` where it is damaged. A writer
  // creates and migrates.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& path, Kind kind);

  Connection(const std::string& path, Kind kind);

  // Prepared once and kept, ready to bind.
  [[nodiscard]] SQLite::Statement& prepared(const std::string& sql);
  void execute(const char* sql);                              // Statements without values.
  [[nodiscard]] std::int64_t number(const std::string& sql);  // The first column of the first row; 0 where there is none.
  [[nodiscard]] bool in_transaction() const;
  // Every transaction so far into the main file, synced. false: readers were in the way.
  [[nodiscard]] bool checkpoint();

 private:
  void set_up(Kind kind);
  [[nodiscard]] Result<void> identify(const std::string& path, Kind kind);
  void migrate(std::int64_t from);

  SQLite::Database database_;  // Before its statements: they die first.
  std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> statements_;
};

// Leaves a statement reset when it goes out of scope, so that no read transaction stays open.
class Resetting {
 public:
  explicit Resetting(SQLite::Statement& statement) : statement_(statement) {}
  Resetting(const Resetting&) = delete;
  Resetting& operator=(const Resetting&) = delete;
  ~Resetting() { statement_.tryReset(); }

 private:
  SQLite::Statement& statement_;
};

// One snapshot for several reads.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection);
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

 private:
  Connection& connection_;
};

}  // namespace redress::store
