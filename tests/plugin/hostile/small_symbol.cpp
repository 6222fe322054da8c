// Exports four bytes under the name of the table: reading a table there would run past them.
#include <cstdint>

#define redress_plugin redress_plugin_declared_elsewhere
#include "table.hpp"
#undef redress_plugin

extern "C" REDRESS_EXPORT const std::uint32_t redress_plugin;
const std::uint32_t redress_plugin = sizeof(hostile::manifest);
