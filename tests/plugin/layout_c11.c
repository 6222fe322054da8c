/* The layout holds in C11. */
#include "layout.h"

int redress_layout_in_c(void);
int redress_layout_in_c(void) { return 1; }
