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
  // Appends and syncs, where the entry is not there yet. `unavailable`: it may be there; has() says so after a new open().
  [[nodiscard]] Result<void> put(const std::string& entry, const std::string& line);

 private:
  Board(std::string path, int file) : path_(std::move(path)), file_(file) {}
  std::string path_;
  int file_;
  std::set<std::string> entries_;
};

}  // namespace redress::communications
