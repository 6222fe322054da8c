/* The layout of ABI 1, written down once more: a change that moves a field does not compile. In C11 and in C++20. */
#include <stddef.h>

#include "redress/plugin.h"

#ifdef __cplusplus
#define AT(Struct, field, offset) static_assert(offsetof(Struct, field) == (offset), #Struct "." #field)
#define SIZE(Struct, bytes) static_assert(sizeof(Struct) == (bytes), #Struct)
#else
#define AT(Struct, field, offset) _Static_assert(offsetof(Struct, field) == (offset), #Struct "." #field)
#define SIZE(Struct, bytes) _Static_assert(sizeof(Struct) == (bytes), #Struct)
#endif

SIZE(redress_text, 16);
AT(redress_text, data, 0);
AT(redress_text, size, 8);

SIZE(redress_call, 136);
AT(redress_call, size, 0);
AT(redress_call, verb, 4);
AT(redress_call, key, 8);
AT(redress_call, case_reference, 24);
AT(redress_call, commitment_id, 40);
AT(redress_call, action, 48);
AT(redress_call, input, 64);
AT(redress_call, evidence, 80);
AT(redress_call, ticket, 96);
AT(redress_call, attempt, 112);
AT(redress_call, now_ms, 120);
AT(redress_call, deadline_ms, 128);

SIZE(redress_outcome, 80);
AT(redress_outcome, size, 0);
AT(redress_outcome, kind, 4);
AT(redress_outcome, evidence, 8);
AT(redress_outcome, reason, 24);
AT(redress_outcome, ticket, 40);
AT(redress_outcome, promised_at_ms, 56);
AT(redress_outcome, retry_at_ms, 64);
AT(redress_outcome, owner, 72);

SIZE(redress_report, 56);
AT(redress_report, size, 0);
AT(redress_report, kind, 4);
AT(redress_report, key, 8);
AT(redress_report, evidence, 24);
AT(redress_report, reason, 40);

SIZE(redress_host, 40);
AT(redress_host, size, 0);
AT(redress_host, abi, 4);
AT(redress_host, context, 8);
AT(redress_host, report, 16);
AT(redress_host, log, 24);
AT(redress_host, extension, 32);

SIZE(redress_plugin_table, 72);
AT(redress_plugin_table, size, 0);
AT(redress_plugin_table, abi, 4);
AT(redress_plugin_table, magic, 8);
AT(redress_plugin_table, manifest, 16);
AT(redress_plugin_table, open, 32);
AT(redress_plugin_table, close, 40);
AT(redress_plugin_table, call, 48);
AT(redress_plugin_table, release, 56);
AT(redress_plugin_table, extension, 64);
