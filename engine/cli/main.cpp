// The redress program: everything is in cli.cpp, so that a test program can be the same program and watch it.
#include <malloc.h>

#include "cli/cli.hpp"

int main(int argc, char** argv) {
  // Each transaction takes and gives back some memory: without this, glibc asks the kernel for it anew each time.
  mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
  mallopt(M_TOP_PAD, 16 * 1024 * 1024);
  return redress::cli::main(argc, argv);
}
