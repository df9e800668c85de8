#include <string.h>

#include "fading.h"

#pragma STDC FP_CONTRACT OFF

#define LANES 4
#include "kernels.h"

const fading_kernels *fading_kernels_plain(void) { return &kernels; }
