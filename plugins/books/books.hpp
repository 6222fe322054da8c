// Books is a department's own SQLite file: opened strictly, and written in transactions that are done, not done or unknown.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "redress/result.hpp"

namespace SQLite {
class Database;
}

namespace redress::books {

// What a file of books is: a schema that is created in an empty file, and the marks by which it is known again.
struct Layout {
  std::string name;                 // "billing": named in errors.
  std::int32_t application_id = 0;  // PRAGMA application_id; a file that has another one is refused.
  int version = 1;                  // PRAGMA user_version; a file that has a newer one is refused.
  std::string schema;               // SQL that makes version `version` in an empty file.
};

// One connection to one file. Used by one thread at a time; other processes may have the file open too.
// Errors: `unavailable`: nothing was done, try later. `refused`: a rule of the books forbids it. `corrupt`: the file is damaged
// or is not ours. `internal`: COMMIT failed, so it may have been done; the connection is dropped, and the next call opens a new
// one.
class Books {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Books>> open(const std::string& path, Layout layout);
  ~Books();

  using Work = std::function<Result<void>(SQLite::Database&)>;
  // Runs `work` in one read transaction: all its queries see the same state.
  [[nodiscard]] Result<void> read(const Work& work);
  // Runs `work` in one transaction that holds the write lock from its start. An error from `work` rolls it back.
  [[nodiscard]] Result<void> write(const Work& work);

 private:
  Books(std::string path, Layout layout);
  Result<void> connect();
  Result<void> make_schema(SQLite::Database& database) const;
  Result<void> run(const char* begin, const Work& work);

  std::string path_;
  Layout layout_;
  std::unique_ptr<SQLite::Database> database_;  // Null after a COMMIT that failed.
};

// "R-" and eight characters of A-Z and 2-7, made from the SHA-256 of `key`: the same for the same key. `turn` above 0 gives the
// next candidate, for the case that another key has taken the first.
[[nodiscard]] std::string short_code(std::string_view prefix, std::string_view key, int turn);

}  // namespace redress::books
