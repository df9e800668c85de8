/* Small-scale fading as sums of sinusoids (R. H. Clarke, "A statistical theory of mobile-radio reception", Bell Syst.
   Tech. J. 47, 1968): of one link, over many intervals of time.

     h(n) = d w_M(n) + s sum_{m<M} P_m w_m(n),   w_m(n) = exp(2 pi j v_m n)

   v_m is the turns that ray m makes per interval, P_m its first phasor, one of 256, d and s the amplitudes of the direct
   ray and of a scattered one. Intervals come in groups of 64; with c the middle of n's group and i + 1/2 = |n - c|,

     w_m(n) = w_m(c) exp(+-2 pi j v_m (i + 1/2)):

   the first factor is found directly, the second is one of 32 in a table per device, and the products of both signs share
   their four parts. What a sample comes to depends on n alone, never on where somebody began to look.

   Compiled for any processor and for AVX2, the same bits in both: every sum runs over m in order, no multiply-add is
   fused, and lanes are intervals. */
#ifndef AIRSPLIT_FADING_H
#define AIRSPLIT_FADING_H

#include <stddef.h>
#include <stdint.h>

/* Intervals of a group, and the distances from its middle. */
enum { fading_group_length = 64, fading_offsets = 32, fading_most_terms = 256 };

/* Rays of a device. Arrays over rays are as long as `terms` + 1 rounded up to a multiple of 8: scattered rays first, the
   direct one, zeros. */
typedef struct {
  size_t terms;
  /* v_m. */
  const double *turns;
  /* cos and sin of 2 pi v_m (i + 1/2) at 32 m + i, as `circle` gives them; `row` does without. */
  const double *cosines;
  const double *sines;
} fading_rays;

/* Of one link. */
typedef struct {
  /* `terms` phases in 256ths of a turn. */
  const uint8_t *phases;
  double scattered;
  double direct;
} fading_link;

/* One variant of the kernel. `phasors` holds cosine and sine of each of 256 phases. */
typedef struct {
  /* cos and sin of 2 pi x for |x| < 2^48, to 1e-15; `count` is a multiple of 8. */
  void (*circle)(const double *x, size_t count, double *cosines, double *sines);

  /* |h|^2 of `count` consecutive intervals of a group, from the `first`-th of its 64. */
  void (*powers)(
      const fading_rays *rays, const fading_link *link, const double *phasors, int64_t group, size_t first,
      size_t count, double *powers);

  /* |h|^2 of `count` links of one device in interval `place` of a group. They share the first one's amplitudes; their
     phases follow each other, `stride` apart. */
  void (*row)(
      const fading_rays *rays, const fading_link *link, const double *phasors, int64_t group, size_t place,
      size_t stride, size_t count, double *powers);
} fading_kernels;

/* For any processor. */
const fading_kernels *fading_kernels_plain(void);
/* For AVX2; NULL where the processor lacks it. */
const fading_kernels *fading_kernels_avx2(void);

#endif
