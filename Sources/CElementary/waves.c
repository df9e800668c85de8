#include "elementary.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
/* Which clone runs is settled before the thread sanitizer can be called. */
#if __has_feature(thread_sanitizer)
#define EVERY_PROCESSOR
#else
#define EVERY_PROCESSOR __attribute__((target_clones("avx2", "default")))
#endif
#else
#define EVERY_PROCESSOR
#endif

typedef double four __attribute__((vector_size(32)));

/* The numbers that stand at `values`, four at a time. */
#define FOUR(values) (*(const four_unaligned *)(values))
typedef double four_unaligned __attribute__((vector_size(32), aligned(8)));

EVERY_PROCESSOR
double elementary_waves(
    const double *weight, const double *east, const double *north, const double *turns, int count, double x, double y) {
  const four whole = {0x1.8p52, 0x1.8p52, 0x1.8p52, 0x1.8p52};
  four sum = {0, 0, 0, 0};
  for (int wave = 0; wave + 4 <= count; wave += 4) {
    four phase = FOUR(east + wave) * x + FOUR(north + wave) * y + FOUR(turns + wave);
    phase -= (phase + whole) - whole;
    /* cos(2 pi t) = 1 - 2 sin^2(pi t), |pi t| <= pi/2: Taylor's polynomial of degree 17. */
    const four z = phase * 0x1.921fb54442d18p+1, s = z * z;
    const four sine =
        z + z * s *
                (-1.0 / 6 +
                 s * (1.0 / 120 +
                      s * (-1.0 / 5040 +
                           s * (1.0 / 362880 +
                                s * (-1.0 / 39916800 +
                                     s * (1.0 / 6227020800 + s * (-1.0 / 1307674368000 + s * (1.0 / 355687428096000))))))));
    sum += FOUR(weight + wave) * (1.0 - 2.0 * (sine * sine));
  }
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}
