// The redress program as a function: `redress run ...`, `redress why ...`. Hooks let a test program be it and watch.
#pragma once
#include "redress/event.hpp"

namespace redress::cli {

struct Hooks {
  Listeners listeners;  // Called after the program's own.
};

// Does what the command line asks; answers the exit status: 0 ok, 1 findings, 2 usage, 3 some input was rejected, 4 refused
// or conflict, 5 unavailable, 6 corrupt, 7 internal, 128 and its number where a signal stopped run. Writes to standard output
// and error. Call it from one thread at a time.
[[nodiscard]] int main(int argc, const char* const* argv, const Hooks& hooks = {});

}  // namespace redress::cli
