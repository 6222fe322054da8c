// Reads by blocks of 64 KiB; a line's bytes past the bound are passed over, never held.
#include "cli/lines.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace redress::cli {
namespace {

constexpr std::size_t block_bytes = 64 * 1024;

bool is_blank(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

}  // namespace

Result<LineReader> LineReader::open(const std::string& path, const StopSignal& stop) {
  if (path == "-") return LineReader(STDIN_FILENO, "standard input", stop);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {Code::invalid, path + " cannot be opened: " + std::strerror(errno)};
  return LineReader(fd, path, stop);
}

LineReader::LineReader(LineReader&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      stop_(other.stop_),
      held_(std::move(other.held_)),
      begin_(other.begin_),
      partial_(std::move(other.partial_)),
      has_partial_(other.has_partial_),
      ended_(other.ended_),
      number_(other.number_) {}

LineReader::~LineReader() {
  if (fd_ > STDIN_FILENO) ::close(fd_);
}

bool LineReader::take_line(Line& line) {
  const std::size_t end = held_.find('\n', begin_);
  const std::size_t stop = end == std::string::npos ? held_.size() : end;
  const std::size_t room = line_bytes_max - std::min(line_bytes_max, partial_.size());
  partial_.append(held_, begin_, std::min(stop - begin_, room));
  has_partial_ = has_partial_ || stop > begin_ || end != std::string::npos;
  begin_ = end == std::string::npos ? held_.size() : end + 1;
  if (end == std::string::npos && !(ended_ && has_partial_)) return false;
  if (partial_.ends_with('\r')) partial_.pop_back();
  line.text = std::exchange(partial_, {});
  line.number = ++number_;
  has_partial_ = false;
  return true;
}

Result<void> LineReader::fill() {
  held_.resize(block_bytes);
  begin_ = 0;
  const ssize_t count = ::read(fd_, held_.data(), held_.size());
  const int error = errno;
  held_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  if (count == 0) ended_ = true;
  if (count < 0 && error != EINTR && error != EAGAIN)
    return {Code::invalid, path_ + " cannot be read: " + std::strerror(error)};
  return {};
}

Result<LineReader::Got> LineReader::next(Line& line, std::int64_t wait_ms) {
  for (;;) {
    while (begin_ < held_.size() || ended_) {
      if (!take_line(line)) break;
      if (!is_blank(line.text)) return Got::line;
    }
    if (ended_) return Got::end;
    if (!stop_->wait(fd_, wait_ms)) return Got::nothing;
    if (auto filled = fill(); !filled) return filled.error();
  }
}

}  // namespace redress::cli
