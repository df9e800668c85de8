#include <string.h>

#include "fading.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)

#define LANES 8
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "kernels.h"
#pragma clang attribute pop

const fading_kernels *fading_kernels_avx2(void) { return __builtin_cpu_supports("avx2") ? &kernels : NULL; }

#else

const fading_kernels *fading_kernels_avx2(void) { return NULL; }

#endif
