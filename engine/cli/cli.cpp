// From the command line to a verb, and from its answer to an exit status. What a verb throws by mistake ends here.
#include "cli/cli.hpp"

#include <exception>
#include <iostream>

#include "cli/command_line.hpp"
#include "cli/console.hpp"
#include "redress/result.hpp"

namespace redress::cli {
namespace {

int finish(std::ostream& out, std::ostream& err, int status) {
  out.flush();
  if (out.good()) return status;
  err << "redress: standard output cannot be written; is the disk full, or was the pipe closed?\n";
  return exit_status(Code::unavailable);
}

}  // namespace

int main(int argc, const char* const* argv, const Hooks& hooks) {
  Console console{std::cout, std::cerr, hooks};
  try {
    const CommandLine line = read_command_line(argc, argv, console);
    if (!line.verb) return finish(console.out, console.err, line.status);
    const Result<int> status = line.verb(console);
    if (status) return finish(console.out, console.err, *status);
    console.out.flush();
    console.err << "redress: " << printable(status.error().message, true) << '\n';
    return exit_status(status.error().code);
  } catch (const std::exception& e) {
    console.err << "redress: a defect of the program: " << printable(e.what(), true) << '\n';
    return exit_status(Code::internal);
  }
}

}  // namespace redress::cli
