// Says one thing in the section that is read before it runs, and another in its table.
#include "table.hpp"

namespace {
const char other[] = R"json({"id": "test.hostile", "version": "1.0.0", "abi": 1, "department": "billing",)json"
                     R"json( "actions": {"act": {"evidence": {"type": "object"}}}})json";
}

const redress_plugin_table redress_plugin = {sizeof(redress_plugin_table),
                                             REDRESS_PLUGIN_ABI,
                                             REDRESS_PLUGIN_MAGIC,
                                             {other, sizeof(other) - 1},
                                             hostile::open,
                                             hostile::close,
                                             hostile::call,
                                             hostile::release,
                                             nullptr};
