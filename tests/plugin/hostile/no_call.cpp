// A table without the function that matters.
#include "table.hpp"

const redress_plugin_table redress_plugin = {sizeof(redress_plugin_table),
                                             REDRESS_PLUGIN_ABI,
                                             REDRESS_PLUGIN_MAGIC,
                                             {hostile::manifest, sizeof(hostile::manifest) - 1},
                                             hostile::open,
                                             hostile::close,
                                             nullptr,
                                             hostile::release,
                                             nullptr};
