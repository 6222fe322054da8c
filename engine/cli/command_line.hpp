// The command line, read: which verb with which options.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "redress/result.hpp"

namespace redress::cli {

struct CommandLine {
  std::function<Result<int>(Console&)> verb;  // Nothing: help was printed, or the line breaks a rule (said on console.err).
  int status = 0;                             // Where there is no verb: what to exit with.
};

// What the command line can say, for the manual page and the completions of shells.
struct OptionText {
  std::string name;                  // "--db"; of what is given by its place: "reference".
  std::string value;                 // "FILE", "FOLDER", "TEXT", "NUMBER"; empty: a flag.
  std::vector<std::string> choices;  // Where the value is one of these.
  bool required = false;
  bool many = false;  // May be given again.
  std::string help;
};
struct VerbText {
  std::string name;  // "case list"; empty: the program itself.
  std::string help;
  std::vector<std::string> verbs;   // Of a group, as "case": "list", "show", ...
  std::vector<OptionText> options;  // Without --help, which all have.
  std::vector<OptionText> places;
};
// The program, then each verb, a group before its own.
[[nodiscard]] std::vector<VerbText> describe_command_line();

[[nodiscard]] CommandLine read_command_line(int argc, const char* const* argv, Console& console);

}  // namespace redress::cli
