// The limit of open files is the process's own to raise, up to the hard one.
#include "cli/open_files.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace redress::cli {

OpenFiles open_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return {};
  const auto number = [](rlim_t limit) { return limit == RLIM_INFINITY ? SIZE_MAX : static_cast<std::size_t>(limit); };
  return {number(files.rlim_cur), number(files.rlim_max)};
}

std::size_t make_room_for(std::size_t connections) {
  OpenFiles files = open_files();
  const std::size_t needed = connections + files_beside_connections;
  if (files.soft < needed) {
    const rlim_t hard = files.hard == SIZE_MAX ? RLIM_INFINITY : static_cast<rlim_t>(files.hard);
    const rlimit raised{static_cast<rlim_t>(std::min(needed, files.hard)), hard};
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) files.soft = static_cast<std::size_t>(raised.rlim_cur);
  }
  if (files.soft >= needed) return connections;
  // Where there is hardly room for anything, half of it.
  return std::max<std::size_t>(
      files.soft > 2 * files_beside_connections ? files.soft - files_beside_connections : files.soft / 2, 1);
}

}  // namespace redress::cli
