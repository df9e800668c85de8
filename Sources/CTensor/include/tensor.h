/* Kernels over arrays of float32: what lies between the matrix products of a transformer, and the packing of quantised
   activations. Each has a vector version for AVX2 and FMA, chosen when the program runs, and one in plain C. */
#ifndef AIRSPLIT_TENSOR_H
#define AIRSPLIT_TENSOR_H

#include <stddef.h>
#include <stdint.h>

/* Whether the processor has AVX2 and FMA. */
int tensor_has_avx2(void);

/* What the processor has of sse4.2, avx, avx2, fma and avx512f, a blank between; nothing on other architectures. */
const char *_Nonnull tensor_processor_features(void);

/* The C library with its version, whose functions have other last bits in other versions. */
const char *_Nonnull tensor_c_library(void);

#endif
