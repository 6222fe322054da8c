/* A department in C: the table is enough. */
#include "redress/plugin.h"

#define MANIFEST                                                                            \
  "{\"id\": \"test.plain\", \"version\": \"1.0.0\", \"abi\": 1, \"department\": \"plain\"," \
  " \"actions\": {\"act\": {\"evidence\": {\"type\": \"object\"}}}}"

__attribute__((section(REDRESS_MANIFEST_SECTION), used)) static const char manifest[] = MANIFEST;

static int32_t open_plain(const redress_host* host, redress_text config, void** instance, redress_outcome* error) {
  static int one;
  (void)host;
  (void)config;
  (void)error;
  *instance = &one;
  return REDRESS_OK;
}
static void close_plain(void* instance) { (void)instance; }
static void call_plain(void* instance, const redress_call* call, redress_outcome* outcome) {
  (void)instance;
  outcome->kind = REDRESS_DECLINED;
  outcome->reason = call->action;
}
static void release_plain(redress_outcome* outcome) { (void)outcome; }

const redress_plugin_table redress_plugin = {sizeof(redress_plugin_table),
                                             REDRESS_PLUGIN_ABI,
                                             REDRESS_PLUGIN_MAGIC,
                                             {manifest, sizeof(manifest) - 1},
                                             open_plain,
                                             close_plain,
                                             call_plain,
                                             release_plain,
                                             0};
