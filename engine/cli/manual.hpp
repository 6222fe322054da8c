// The parts of the manual page and the completions of shells that follow from the command line. Files in the repository hold
// what these write (docs/man, packaging/completion); tests/package compares.
#pragma once
#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace redress::cli {

// Each verb with its options, in roff: what stands between the two marks of docs/man/redress.1.
[[nodiscard]] std::string manual_of(const std::vector<VerbText>& verbs);

[[nodiscard]] std::string bash_completion(const std::vector<VerbText>& verbs);
[[nodiscard]] std::string zsh_completion(const std::vector<VerbText>& verbs);
[[nodiscard]] std::string fish_completion(const std::vector<VerbText>& verbs);

}  // namespace redress::cli
