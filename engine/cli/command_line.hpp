// The command line, read: which verb with which options.
#pragma once
#include <functional>

#include "cli/console.hpp"
#include "redress/result.hpp"

namespace redress::cli {

struct CommandLine {
  std::function<Result<int>(Console&)> verb;  // Nothing: help was printed, or the line breaks a rule (said on console.err).
  int status = 0;                             // Where there is no verb: what to exit with.
};

[[nodiscard]] CommandLine read_command_line(int argc, const char* const* argv, Console& console);

}  // namespace redress::cli
