// Has a manifest, but no table.
#include "table.hpp"

extern "C" REDRESS_EXPORT const int redress_pluggin;
const int redress_pluggin = static_cast<int>(sizeof(hostile::manifest));
