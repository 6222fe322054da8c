// A manifest that breaks several rules at once; its constructor must never run.
#include <cstdlib>

#include "redress/plugin.h"

namespace {
__attribute__((section(REDRESS_MANIFEST_SECTION), used)) const char manifest[] =
    R"json({"id": "nodot", "version": "1", "abi": 9, "department": "Bad Name", "colour": "red",)json"
    R"json( "actions": {"act": {"input": {"type": "object", "widget": 1}, "undo": "nothing", "dedupe_for": "P1M"}}})json";

__attribute__((constructor)) void run() { std::abort(); }
}  // namespace

const redress_plugin_table redress_plugin = {sizeof(redress_plugin_table),
                                             REDRESS_PLUGIN_ABI,
                                             REDRESS_PLUGIN_MAGIC,
                                             {manifest, sizeof(manifest) - 1},
                                             nullptr,
                                             nullptr,
                                             nullptr,
                                             nullptr,
                                             nullptr};
