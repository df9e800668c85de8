#include <math.h>
#include <string.h>

#include "include/layers.h"
#include "include/tensor.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "layer-kernels.h"
#pragma clang attribute pop

const tensor_kernels *tensor_kernels_avx2(void) { return tensor_has_avx2() ? &kernels : NULL; }

#else

const tensor_kernels *tensor_kernels_avx2(void) { return NULL; }

#endif
