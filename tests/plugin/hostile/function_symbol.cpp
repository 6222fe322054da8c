// Exports a function under the name of the table.
#include <cstdint>

#define redress_plugin redress_plugin_declared_elsewhere
#include "table.hpp"
#undef redress_plugin

extern "C" REDRESS_EXPORT int redress_plugin() { return static_cast<int>(sizeof(hostile::manifest)); }
