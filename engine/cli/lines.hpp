// A LineReader gives the lines of a file or of standard input one at a time, in bounded memory.
#pragma once
#include <cstdint>
#include <string>

#include "cli/stop_signal.hpp"
#include "redress/result.hpp"

namespace redress::cli {

// Of a longer line only this much is kept: it cannot be a post, and its beginning is enough to say so.
inline constexpr std::size_t line_bytes_max = 1024 * 1024;

struct Line {
  std::string text;         // Without its end ("\n" or "\r\n").
  std::int64_t number = 0;  // From 1.
};

class LineReader {
 public:
  // "-" is standard input. Used by one thread. `stop` outlives the reader. open() and next() fail with `invalid`, naming the
  // file.
  [[nodiscard]] static Result<LineReader> open(const std::string& path, const StopSignal& stop);
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  enum class Got { line, end, nothing };
  // Waits at most `wait_ms` (-1: for ever) for a line that is not blank. nothing: none came in time, or a stop was asked for.
  [[nodiscard]] Result<Got> next(Line& line, std::int64_t wait_ms);
  [[nodiscard]] int fd() const { return fd_; }

 private:
  LineReader(int fd, std::string path, const StopSignal& stop) : fd_(fd), path_(std::move(path)), stop_(&stop) {}
  bool take_line(Line& line);
  Result<void> fill();

  int fd_ = -1;
  std::string path_;
  const StopSignal* stop_;
  std::string held_;  // Read, from begin_ on not yet given out.
  std::size_t begin_ = 0;
  std::string partial_;  // The beginning of a line whose end was not read yet.
  bool has_partial_ = false;
  bool ended_ = false;
  std::int64_t number_ = 0;
};

}  // namespace redress::cli
