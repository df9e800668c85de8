/* Eight lanes of float32 in the compiler's own vectors: AVX registers where the functions around are compiled for them,
   pairs of SSE or NEON registers elsewhere. What is rounded once says so with `fused`; all else is rounded operation by
   operation, so that every set of kernels gives the same bits. */
#pragma STDC FP_CONTRACT OFF

typedef float VECTOR __attribute__((vector_size(32)));
typedef int32_t INTEGERS __attribute__((vector_size(32)));
typedef double DOUBLES __attribute__((vector_size(64)));
typedef int64_t LONGS __attribute__((vector_size(64)));
typedef float LOOSE __attribute__((vector_size(32), aligned(4)));

#define INLINE static inline __attribute__((always_inline))

/* a b + c, rounded once. */
#if defined(HAS_FMA) || defined(__FMA__) || defined(__aarch64__)
INLINE VECTOR fused(VECTOR a, VECTOR b, VECTOR c) { return __builtin_elementwise_fma(a, b, c); }
#else
/* In double precision the product is exact, and so is the error of the sum. A sum that is rounded to an odd last bit where it
   is inexact is then rounded to float32 as the exact one would be (S. Boldo and G. Melquiond, "Emulation of FMA and correctly
   rounded sums: proved algorithms using rounding to odd", IEEE Trans. Computers 57, 2008). */
INLINE VECTOR fused(VECTOR a, VECTOR b, VECTOR c) {
  const DOUBLES product = __builtin_convertvector(a, DOUBLES) * __builtin_convertvector(b, DOUBLES);
  const DOUBLES addend = __builtin_convertvector(c, DOUBLES);
  const DOUBLES sum = product + addend, part = sum - product;
  const DOUBLES error = (product - (sum - part)) + (addend - part);
  const LONGS is_inexact = (error > 0) | (error < 0), is_even = ((LONGS)sum & 1) == 0;
  const LONGS grows = (error > 0) == (sum > 0), step = (grows & 1) | ~grows;
  return __builtin_convertvector((DOUBLES)((LONGS)sum + (is_inexact & is_even & step)), VECTOR);
}
#endif

INLINE VECTOR all(float x) { return (VECTOR){x, x, x, x, x, x, x, x}; }

/* The first min(8, count) elements, zero behind them. */
INLINE VECTOR load(const float *p, size_t count) {
  if (count >= 8) return *(const LOOSE *)p;
  VECTOR x = all(0);
  memcpy(&x, p, count * sizeof(float));
  return x;
}

INLINE void store(float *p, VECTOR x, size_t count) {
  if (count >= 8)
    *(LOOSE *)p = x;
  else
    memcpy(p, &x, count * sizeof(float));
}

INLINE float sum(VECTOR x) { return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7])); }

INLINE float largest(VECTOR x) {
  float most = x[0];
  for (int i = 1; i < 8; i++) most = x[i] > most ? x[i] : most;
  return most;
}

/* Transposes 8 x 8 elements. */
INLINE void turn(VECTOR rows[8]) {
  VECTOR pairs[8], fours[8];
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int j = i; j < i + 2; j++) {
      fours[j] = __builtin_shufflevector(pairs[j], pairs[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      fours[j + 2] = __builtin_shufflevector(pairs[j], pairs[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; i++) {
    rows[i] = __builtin_shufflevector(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    rows[i + 4] = __builtin_shufflevector(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/* exp(x) for x <= 0 to 2e-7 relative: 2^n exp(r), |r| <= ln 2 / 2; exp(-87) for all below. */
INLINE VECTOR exponential(VECTOR x) {
  x = __builtin_elementwise_max(x, all(-87.0f));
  const VECTOR shift = all(12582912.0f); /* 1.5 2^23: adding it rounds to a whole number */
  VECTOR t = fused(x, all(1.44269504f), shift);
  VECTOR n = t - shift;
  VECTOR r = fused(n, all(2.12194440e-4f), fused(n, all(-0.693359375f), x));
  VECTOR p = fused(r, all(1.9875691500e-4f), all(1.3981999507e-3f));
  p = fused(p, r, all(8.3334519073e-3f));
  p = fused(p, r, all(4.1665795894e-2f));
  p = fused(p, r, all(1.6666665459e-1f));
  p = fused(p, r, all(5.0000001201e-1f));
  p = fused(p, r * r, r + all(1.0f));
  INTEGERS power = ((INTEGERS)t - (INTEGERS)shift + 127) << 23;
  return p * (VECTOR)power;
}
