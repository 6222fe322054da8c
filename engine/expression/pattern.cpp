// The one place that uses RE2.
#include "expression/pattern.hpp"

#include <re2/re2.h>

namespace redress::expression {

Pattern::Pattern(std::string_view text) {
  if (text.size() > pattern_bytes_max) {
    error_ = "a pattern has at most " + std::to_string(pattern_bytes_max) + " bytes";
    return;
  }
  re2::RE2::Options options;
  options.set_max_mem(pattern_memory_max);
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (!compiled->ok()) {
    error_ = compiled->error();
    return;
  }
  size_ = compiled->ProgramSize();
  compiled_ = std::move(compiled);
}

bool Pattern::matches(std::string_view subject) const {
  return compiled_ && re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), *compiled_);
}

std::int64_t Pattern::cost(std::string_view subject) const {
  return 1 + static_cast<std::int64_t>(subject.size()) * (size_ + 1) / 1024;
}

}  // namespace redress::expression
