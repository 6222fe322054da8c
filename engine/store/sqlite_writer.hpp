// The one connection that writes: batches of units, each in a savepoint, all in one transaction with one sync. [writer]
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "redress/store.hpp"
#include "store/sqlite_connection.hpp"

namespace redress::store {

class SqliteWriter {
 public:
  SqliteWriter(std::string path, std::unique_ptr<Connection> connection);

  [[nodiscard]] Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta);
  // False since a batch of unknown outcome: commit() and find_out() then try to learn it first, and are `unavailable` until the
  // disk lets them.
  [[nodiscard]] bool knows() const { return connection_ != nullptr; }
  [[nodiscard]] Result<void> find_out();

 private:
  struct Batch {
    std::int64_t tx = 0;  // Its number.
    std::vector<Result<void>> answers;
  };
  void write(std::span<const Unit> units, const StoreMeta& meta, Batch& batch);
  [[nodiscard]] Result<void> write_unit(const Unit& unit);
  [[nodiscard]] Result<void> write_rows(const Unit& unit);
  template <class RowType>
  [[nodiscard]] Result<void> insert(const RowType& row);
  template <class RowType>
  [[nodiscard]] Result<void> update(const Unit& unit, const RowType& row);
  [[nodiscard]] std::int64_t version_of(std::int64_t case_id);
  void write_meta(const StoreMeta& meta, std::int64_t tx);
  [[nodiscard]] Error give_up(const SQLite::Exception& error, std::int64_t tx);
  [[nodiscard]] Result<bool> settle(std::int64_t tx);
  [[nodiscard]] Error stay_in_doubt(std::int64_t tx, const std::string& why);

  const std::string path_;
  std::unique_ptr<Connection> connection_;
  std::int64_t doubtful_tx_ = 0;  // Of the batch whose outcome is not known.
};

}  // namespace redress::store
