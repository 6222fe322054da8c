// A line is there when its newline is: what follows the last one was cut off by a crash.
#include "communications/board.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

namespace redress::communications {
namespace {

Result<std::string> read_all(int file, const std::string& path) {
  std::string text;
  std::array<char, 65'536> piece{};
  for (;;) {
    const ssize_t got = ::read(file, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {Code::unavailable, path + " cannot be read: " + std::strerror(errno)};
    if (got == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<std::unique_ptr<Board>> Board::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return {Code::unavailable, path + " cannot be opened: " + std::strerror(errno)};
  std::unique_ptr<Board> board(new Board(path, file));
  const auto text = read_all(file, path);
  if (!text) return text.error();
  const std::size_t whole = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
  if (whole < text->size() && ::ftruncate(file, static_cast<off_t>(whole)) != 0)
    return {Code::unavailable, path + ": its torn last line cannot be taken away: " + std::strerror(errno)};
  if (::lseek(file, static_cast<off_t>(whole), SEEK_SET) < 0) return {Code::unavailable, path + ": " + std::strerror(errno)};
  board->size_ = static_cast<std::int64_t>(whole);
  for (std::size_t begin = 0; begin < whole;) {
    const std::size_t end = text->find('\n', begin);
    const auto json = nlohmann::json::parse(text->substr(begin, end - begin), nullptr, false);
    if (json.is_object()) board->entries_.insert(json.value("entry", ""));
    begin = end + 1;
  }
  return board;
}

Board::~Board() { ::close(file_); }

Result<void> Board::append(const std::string& bytes) {
  for (std::size_t written = 0; written < bytes.size();) {
    const ssize_t now = ::write(file_, bytes.data() + written, bytes.size() - written);
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) return {Code::unavailable, path_ + " cannot be written: " + std::strerror(errno)};
    written += static_cast<std::size_t>(now);
  }
  if (::fsync(file_) != 0) return {Code::unavailable, path_ + " cannot be synced: " + std::strerror(errno)};
  return {};
}

Result<void> Board::put(const std::string& entry, const std::string& line) {
  if (has(entry)) return {};
  if (!whole_) return {Code::internal, path_ + " ends in what could not be taken back; open it anew, then look what it shows"};
  const std::string bytes = line + "\n";
  if (auto written = append(bytes); !written) {
    whole_ = ::ftruncate(file_, size_) == 0 && ::lseek(file_, size_, SEEK_SET) == size_;
    if (whole_) return written;
    return {Code::internal, written.error().message + "; nor can what was written be taken back"};
  }
  size_ += static_cast<std::int64_t>(bytes.size());
  entries_.insert(entry);
  return {};
}

}  // namespace redress::communications
