// REDRESS_API marks what the shared library exports: the functions and interfaces of these headers. All else stays hidden.
//
// The same mark in the static library, whose objects are the same: a program is not hurt by it. Who links that one into a
// shared library of their own keeps these names inside with the linker's --exclude-libs. The rule of what may change:
// docs/package.md.
#pragma once

#define REDRESS_API __attribute__((visibility("default")))
