// What the hostile plugins share: a table written by hand, to be broken in one place.
#pragma once
#include <cstdint>

#include "redress/plugin.h"

#define HOSTILE_MANIFEST                                                                     \
  R"json({"id": "test.hostile", "version": "1.0.0", "abi": 1, "department": "hostile",)json" \
  R"json( "actions": {"act": {"evidence": {"type": "object"}}}})json"

namespace hostile {

__attribute__((section(REDRESS_MANIFEST_SECTION), used)) static const char manifest[] = HOSTILE_MANIFEST;

inline std::int32_t open(const redress_host*, redress_text, void** instance, redress_outcome*) {
  static int one;
  *instance = &one;
  return REDRESS_OK;
}
inline void close(void*) {}
inline void call(void*, const redress_call*, redress_outcome*) {}
inline void release(redress_outcome*) {}

}  // namespace hostile
