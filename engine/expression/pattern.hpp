// A Pattern is one compiled regular expression: RE2's syntax, linear time, bounded memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace redress::expression {

inline constexpr std::size_t pattern_bytes_max = 4096;  // Longer ones are bad patterns.
inline constexpr std::int64_t pattern_memory_max = 1 << 20;

// Immutable: [any thread].
class Pattern {
 public:
  explicit Pattern(std::string_view text);

  [[nodiscard]] const std::string& error() const { return error_; }  // Empty where the pattern is good.
  [[nodiscard]] bool matches(std::string_view subject) const;        // Anywhere in the subject; false for a bad pattern.
  [[nodiscard]] std::int64_t size() const { return size_; }          // Instructions of the compiled program.
  // Steps that one search costs: RE2 takes at most time(subject bytes * instructions).
  [[nodiscard]] std::int64_t cost(std::string_view subject) const;

 private:
  std::shared_ptr<const re2::RE2> compiled_;
  std::string error_;
  std::int64_t size_ = 0;
};

}  // namespace redress::expression
