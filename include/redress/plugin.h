/* The binary contract between Redress and a plugin: a shared library that exports one symbol, the table `redress_plugin`.
 *
 * C11, and C++ includes it too. Authors in C++ use plugin.hpp, which fills the table; plugins/README.md is the guide.
 *
 * Borrowed in, owned out: what is passed in is valid until that call returns; what a side makes, that side frees (`release`).
 * Texts are UTF-8 with a length, not terminated. Only integers of fixed width and pointers cross: no exception, no C++ type, no
 * bool, enum or FILE. `size` is the first field of every struct (save redress_text): its maker's sizeof. Structs grow at
 * their end alone, under the same ABI number; a field beyond `size` is not there. What is new beside that: `extension`. */
#ifndef REDRESS_PLUGIN_H
#define REDRESS_PLUGIN_H

#include <stdint.h>

#define REDRESS_PLUGIN_MAGIC UINT64_C(0x4e49474c50444552) /* The bytes "REDPLGIN", little-endian. */
#define REDRESS_PLUGIN_ABI 1u
#define REDRESS_PLUGIN_SYMBOL "redress_plugin"
/* The ELF section that holds the manifest's text, so that it can be read without running the plugin. Zero bytes after the text
 * do not count. */
#define REDRESS_MANIFEST_SECTION ".redress.manifest"
#define REDRESS_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct redress_text {
  const char* data; /* May be null where size is 0. */
  uint64_t size;    /* Bytes. */
} redress_text;

/* redress_call.verb */
#define REDRESS_PERFORM 1u   /* Do it. Idempotent on the key. */
#define REDRESS_RECONCILE 2u /* Did it happen? Read-only. */
#define REDRESS_UNDO 3u      /* Take back what `evidence` shows. */
#define REDRESS_CANCEL 4u    /* Stop what was taken on; DONE: it is stopped. */
#define REDRESS_RECORD 5u    /* A person decided it (`evidence`): keep it in your own books. Idempotent on the key. */

/* One call to a department. */
typedef struct redress_call {
  uint32_t size;
  uint32_t verb;
  redress_text key; /* Idempotency key. Never holds the attempt. */
  redress_text case_reference;
  int64_t commitment_id;
  redress_text action;   /* As the manifest names it. */
  redress_text input;    /* A JSON object that fits the action's input schema. */
  redress_text evidence; /* UNDO, RECORD: the commitment's evidence. Else empty. */
  redress_text ticket;   /* Of an earlier WAITING. Else empty. */
  int64_t attempt;       /* From 1. */
  int64_t now_ms;        /* The plugin's only clock for business dates. Unix ms, UTC. */
  int64_t deadline_ms;   /* On the same clock: answer before. 0: none. */
} redress_call;

/* redress_outcome.kind */
#define REDRESS_DONE 1u     /* It happened; evidence is given. */
#define REDRESS_WAITING 2u  /* Taken on; ticket and promised time. Asked again through RECONCILE, or reported later. */
#define REDRESS_DECLINED 3u /* The department says no, with a reason. Never tried again. */
#define REDRESS_RETRY 4u    /* Nothing happened (from RECONCILE: and no earlier attempt can still make it happen). */
#define REDRESS_UNKNOWN 5u  /* It may have happened. */

/* What a plugin answers. The host fills it with zeros, its size and kind UNKNOWN; the plugin overwrites what it answers, never
 * past `size`; the host copies and then calls `release` exactly once. */
typedef struct redress_outcome {
  uint32_t size;
  uint32_t kind;
  redress_text evidence;  /* DONE: a JSON object that fits the action's evidence schema. */
  redress_text reason;    /* DECLINED, RETRY, UNKNOWN: one line for people. */
  redress_text ticket;    /* WAITING: the plugin's own reference, handed back in later calls. */
  int64_t promised_at_ms; /* WAITING: when it will be done. 0: no promise. */
  int64_t retry_at_ms;    /* RETRY, WAITING, UNKNOWN: ask not before. 0: as the engine sees fit. */
  void* owner;            /* The plugin's own, for `release`; the host leaves it alone. */
} redress_outcome;

/* redress_report.kind */
#define REDRESS_REPORT_DONE 1u
#define REDRESS_REPORT_DECLINED 2u
#define REDRESS_REPORT_FAILED 3u
#define REDRESS_REPORT_REVOKED 4u /* Takes back what was fulfilled. Only for actions that the manifest calls revocable. */

/* A later word about a key that was answered WAITING (or, REVOKED, DONE). */
typedef struct redress_report {
  uint32_t size;
  uint32_t kind;
  redress_text key;
  redress_text evidence; /* DONE: a JSON object. */
  redress_text reason;
} redress_report;

/* What redress_host.report and redress_plugin_table.open return. */
#define REDRESS_OK 0
#define REDRESS_INVALID 1     /* The input breaks a rule; change it. */
#define REDRESS_NOT_FOUND 2   /* No such key. */
#define REDRESS_CONFLICT 3    /* It is no longer in the state that this needs. */
#define REDRESS_UNAVAILABLE 4 /* Not now; nothing was done; try later. */
#define REDRESS_REFUSED 5     /* Never; trying again does not help. */
#define REDRESS_CORRUPT 6
#define REDRESS_INTERNAL 7

/* redress_host.log's level */
#define REDRESS_LOG_INFO 1u
#define REDRESS_LOG_WARNING 2u
#define REDRESS_LOG_ERROR 3u

/* What the host gives to a plugin. Valid from `open` until `close` returns. [any thread] */
typedef struct redress_host {
  uint32_t size;
  uint32_t abi;
  void* context; /* The host's own. */
  /* REDRESS_OK: the report is durable. Anything else: it was not taken. Also from within a call. */
  int32_t (*report)(const struct redress_host* host, const redress_report* report);
  /* A line for the operator; a host may drop it. No secrets. */
  void (*log)(const struct redress_host* host, uint32_t level, redress_text line);
  /* What this host offers under an id such as "org.redress.secrets/1"; null: it does not. */
  const void* (*extension)(const struct redress_host* host, redress_text id);
} redress_host;

/* The one exported symbol. Constant: the host reads `magic`, `abi` and `size` before anything else. */
typedef struct redress_plugin_table {
  uint32_t size;
  uint32_t abi;
  uint64_t magic;
  redress_text manifest; /* JSON; the same bytes as the ELF section REDRESS_MANIFEST_SECTION. */
  /* Makes an instance from its configuration, a JSON object that fits the manifest's config schema. REDRESS_OK and *instance,
   * or another status and error->reason. The host hands `error` to `release` in both cases. */
  int32_t (*open)(const redress_host* host, redress_text config, void** instance, redress_outcome* error);
  /* Ends an instance. No call is in flight; no report is made afterwards. */
  void (*close)(void* instance);
  /* By one thread at a time for an instance, unless the manifest says "concurrent": true. */
  void (*call)(void* instance, const redress_call* call, redress_outcome* outcome);
  /* Frees what one outcome points to. Must accept an outcome that owns nothing. [any thread] */
  void (*release)(redress_outcome* outcome);
  /* What this plugin offers under an id; null: it does not. May itself be null. */
  const void* (*extension)(redress_text id);
} redress_plugin_table;

REDRESS_EXPORT extern const redress_plugin_table redress_plugin;

#ifdef __cplusplus
}
#endif

#endif
