// The redress program: everything is in cli.cpp, so that a test program can be the same program and watch it.
#include "cli/cli.hpp"

int main(int argc, char** argv) { return redress::cli::main(argc, argv); }
