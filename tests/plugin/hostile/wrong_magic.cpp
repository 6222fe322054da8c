// Not our magic.
#include "table.hpp"

const redress_plugin_table redress_plugin = {sizeof(redress_plugin_table),
                                             REDRESS_PLUGIN_ABI,
                                             0xdead,
                                             {hostile::manifest, sizeof(hostile::manifest) - 1},
                                             hostile::open,
                                             hostile::close,
                                             hostile::call,
                                             hostile::release,
                                             nullptr};
