// How many files the process may have open, and so how many connections.
#pragma once
#include <cstddef>
#include <cstdint>

namespace redress::cli {

inline constexpr std::size_t files_beside_connections = 64;  // The database's, the outbox, plugins, webhooks that are out.

// RLIMIT_NOFILE; SIZE_MAX: any number.
struct OpenFiles {
  std::size_t soft = SIZE_MAX;
  std::size_t hard = SIZE_MAX;  // What the process may raise the soft one to.
};
[[nodiscard]] OpenFiles open_files();

// Raises the soft limit as far as these connections need and the hard one lets; how many connections there is room for.
[[nodiscard]] std::size_t make_room_for(std::size_t connections);

}  // namespace redress::cli
