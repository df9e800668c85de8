#include <math.h>
#include <string.h>

#include "include/layers.h"

#if defined(__x86_64__)

#define LANES 8
#define HAS_FMA
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "layer-kernels.h"
#pragma clang attribute pop

const tensor_kernels *tensor_kernels_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels : NULL;
}

#else

const tensor_kernels *tensor_kernels_avx2(void) { return NULL; }

#endif
