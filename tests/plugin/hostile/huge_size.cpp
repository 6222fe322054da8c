// A table that says that it is larger than its symbol.
#include "table.hpp"

const redress_plugin_table redress_plugin = {
    4096,          REDRESS_PLUGIN_ABI, REDRESS_PLUGIN_MAGIC, {hostile::manifest, sizeof(hostile::manifest) - 1},
    hostile::open, hostile::close,     hostile::call,        hostile::release,
    nullptr};
