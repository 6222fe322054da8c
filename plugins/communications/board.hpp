// The Board is the public page of notices: a JSON Lines file that is only appended to, one line a notice.
#pragma once
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "redress/result.hpp"

namespace redress::communications {

class Board {
 public:
  // Reads what is there; a torn last line is taken away. `unavailable` names the file.
  [[nodiscard]] static Result<std::unique_ptr<Board>> open(const std::string& path);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  [[nodiscard]] bool has(const std::string& entry) const { return entries_.contains(entry); }
  // Appends and syncs, where the entry is not there yet. `unavailable`: it is not there, what was written of it is taken back.
  // `internal`: it could not be taken back, so it may be there; has() says so after a new open(), and till then nothing is put.
  [[nodiscard]] Result<void> put(const std::string& entry, const std::string& line);
  [[nodiscard]] bool is_whole() const { return whole_; }

 private:
  Board(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Result<void> append(const std::string& bytes);
  std::string path_;
  int file_;
  std::int64_t size_ = 0;  // Of the lines that are there.
  bool whole_ = true;      // Nothing stands behind them.
  std::set<std::string> entries_;
};

}  // namespace redress::communications
