// The layout holds in C++20.
#include "layout.h"
