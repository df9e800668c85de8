#include <math.h>
#include <string.h>

#include "include/layers.h"

#if defined(__x86_64__)

#define LANES 16
#define HAS_FMA
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512vl"))), apply_to = function)
#include "layer-kernels.h"
#pragma clang attribute pop

const tensor_kernels *tensor_kernels_avx512(void) {
  return tensor_kernels_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") ? &kernels : NULL;
}

#else

const tensor_kernels *tensor_kernels_avx512(void) { return NULL; }

#endif
