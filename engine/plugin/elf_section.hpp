// Reads one section out of an ELF file without loading it. The file may be hostile.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "redress/result.hpp"

namespace redress::plugin {

// The bytes of the section `name` of the shared library at `path`, without zero bytes at their end. Refuses with `invalid`: no
// regular file, no 64-bit shared library of this machine, one that is cut off, no such section or two, more than `bytes_max`.
[[nodiscard]] Result<std::string> read_elf_section(const std::string& path, std::string_view name, std::size_t bytes_max);

}  // namespace redress::plugin
