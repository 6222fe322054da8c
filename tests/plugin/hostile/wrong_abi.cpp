// The ABI of a later host in the table, though the manifest says 1.
#include "table.hpp"

const redress_plugin_table redress_plugin = {sizeof(redress_plugin_table),
                                             2,
                                             REDRESS_PLUGIN_MAGIC,
                                             {hostile::manifest, sizeof(hostile::manifest) - 1},
                                             hostile::open,
                                             hostile::close,
                                             hostile::call,
                                             hostile::release,
                                             nullptr};
