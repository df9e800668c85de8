#include <math.h>
#include <string.h>

#include "include/layers.h"

/* All functions with vectors as arguments are inlined: none is called across a border between targets. */
#pragma clang diagnostic ignored "-Wpsabi"
#define LANES 8
#include "layer-kernels.h"

const tensor_kernels *tensor_kernels_plain(void) { return &kernels; }
