/* The kernel, compiled once for any processor (LANES 4) and once for AVX2 (LANES 8). */

/* No vector crosses a call: everything that takes one is inlined. */
#pragma clang diagnostic ignored "-Wpsabi"

typedef double VECTOR __attribute__((vector_size(8 * LANES)));
typedef int64_t WORDS __attribute__((vector_size(8 * LANES)));
typedef double LOOSE __attribute__((vector_size(8 * LANES), aligned(8)));
typedef double FOUR __attribute__((vector_size(32)));
typedef double PAIR __attribute__((vector_size(16), aligned(8)));

#define INLINE static inline __attribute__((always_inline))

INLINE VECTOR all(double x) { return (VECTOR){} + x; }

INLINE VECTOR chosen(WORDS mask, VECTOR yes, VECTOR no) {
  return (VECTOR)(((WORDS)yes & mask) | ((WORDS)no & ~mask));
}

/* 2 pi x = quarter turns + z, |z| <= pi / 4; Taylor's polynomials of sin z and cos z, degrees 15 and 16. */
INLINE void circle_of(VECTOR x, VECTOR *cosine, VECTOR *sine) {
  const VECTOR whole = all(0x1.8p52);
  const VECTOR quarters = 4 * x + whole;
  const VECTOR z = (x - 0.25 * (quarters - whole)) * 0x1.921fb54442d18p+2;
  const VECTOR s = z * z;
  VECTOR a = all(-1.0 / 1307674368000);
  a = a * s + 1.0 / 6227020800;
  a = a * s - 1.0 / 39916800;
  a = a * s + 1.0 / 362880;
  a = a * s - 1.0 / 5040;
  a = a * s + 1.0 / 120;
  a = a * s - 1.0 / 6;
  a = z + z * s * a;
  VECTOR b = all(1.0 / 20922789888000);
  b = b * s - 1.0 / 87178291200;
  b = b * s + 1.0 / 479001600;
  b = b * s - 1.0 / 3628800;
  b = b * s + 1.0 / 40320;
  b = b * s - 1.0 / 720;
  b = b * s + 1.0 / 24;
  b = 1 - (0.5 * s - s * s * b);
  const WORDS q = (WORDS)quarters, odd = -(q & 1);
  *sine = (VECTOR)((WORDS)chosen(odd, b, a) ^ ((q & 2) << 62));
  *cosine = (VECTOR)((WORDS)chosen(odd, a, b) ^ (((q + 1) & 2) << 62));
}

static void circle(const double *x, size_t count, double *cosines, double *sines) {
  for (size_t i = 0; i < count; i += LANES) {
    VECTOR cosine, sine;
    circle_of(*(const LOOSE *)(x + i), &cosine, &sine);
    *(LOOSE *)(cosines + i) = cosine;
    *(LOOSE *)(sines + i) = sine;
  }
}

enum { most_rays = (fading_most_terms + 8) / 8 * 8 };

/* A complex number per ray. */
typedef struct {
  double re[most_rays], im[most_rays];
} phasor_list;

/* exp(2 pi j v_m time) of `count` rays. */
static void turned(const fading_rays *rays, size_t count, double time, phasor_list *phasors) {
  for (size_t m = 0; m < count; m += LANES) {
    VECTOR cosine, sine;
    circle_of(*(const LOOSE *)(rays->turns + m) * time, &cosine, &sine);
    *(LOOSE *)(phasors->re + m) = cosine;
    *(LOOSE *)(phasors->im + m) = sine;
  }
}

/* w_m(c): the rays in the middle of a group. */
static void middles(const fading_rays *rays, size_t count, int64_t group, phasor_list *middle) {
  turned(rays, count, (double)group * fading_group_length + 31.5, middle);
}

/* s P_m w_m(c), and d w_M(c) behind them. */
static void anchors(
    const fading_rays *rays, const fading_link *link, const double *phasors, const phasor_list *middle,
    phasor_list *anchor) {
  const size_t terms = rays->terms;
  const double s = link->scattered, d = link->direct;
  for (size_t m = 0; m < terms; m++) {
    const double re = phasors[2 * link->phases[m]], im = phasors[2 * link->phases[m] + 1];
    anchor->re[m] = (middle->re[m] * re - middle->im[m] * im) * s;
    anchor->im[m] = (middle->re[m] * im + middle->im[m] * re) * s;
  }
  if (d == 0) return;
  anchor->re[terms] = middle->re[terms] * d;
  anchor->im[terms] = middle->im[terms] * d;
}

static size_t rays_of(const fading_rays *rays, const fading_link *link) {
  return rays->terms + (link->direct != 0);
}

/* |h|^2 at the distances i..<i + LANES after and before the middle. */
INLINE void both_sides(
    const fading_rays *rays, const phasor_list *anchor, size_t count, size_t i, VECTOR *after, VECTOR *before) {
  VECTOR a = all(0), b = all(0), c = all(0), d = all(0);
  for (size_t m = 0; m < count; m++) {
    const VECTOR re = *(const LOOSE *)(rays->cosines + fading_offsets * m + i);
    const VECTOR im = *(const LOOSE *)(rays->sines + fading_offsets * m + i);
    const VECTOR x = all(anchor->re[m]), y = all(anchor->im[m]);
    a = a + x * re;
    b = b + y * im;
    c = c + x * im;
    d = d + y * re;
  }
  *after = (a - b) * (a - b) + (c + d) * (c + d);
  *before = (a + b) * (a + b) + (d - c) * (d - c);
}

static void powers(
    const fading_rays *rays, const fading_link *link, const double *phasors, int64_t group, size_t first, size_t count,
    double *out) {
  if (count == 0) return;
  phasor_list middle, anchor;
  const size_t number = rays_of(rays, link);
  middles(rays, number, group, &middle);
  anchors(rays, link, phasors, &middle, &anchor);
  const size_t last = first + count - 1, half = fading_offsets;
  /* The least and the largest distance i that is asked for, on either side. */
  const size_t near = last < half ? half - 1 - last : first >= half ? first - half : 0;
  const size_t left = first < half ? half - 1 - first : 0, right = last >= half ? last - half : 0;
  const size_t far = left > right ? left : right;
  double all_of_group[fading_group_length];
  for (size_t i = near / LANES * LANES; i <= far; i += LANES) {
    VECTOR after, before;
    both_sides(rays, &anchor, number, i, &after, &before);
    *(LOOSE *)(all_of_group + half + i) = after;
    for (size_t lane = 0; lane < LANES; lane++) all_of_group[half - 1 - i - lane] = before[lane];
  }
  memcpy(out, all_of_group + first, count * sizeof *out);
}

/* |h|^2 of four links on either side of the middle: what `powers` sums, in the same order. */
INLINE FOUR four_links(
    const fading_rays *rays, const fading_link *link, const double *phasors, const phasor_list *middle,
    const phasor_list *offset, int isBefore, size_t stride, const uint8_t *phases) {
  const size_t terms = rays->terms;
  const double s = link->scattered, direct = link->direct;
  FOUR a = {0}, b = {0}, c = {0}, d = {0};
  for (size_t m = 0; m < terms; m++) {
    const PAIR first = *(const PAIR *)(phasors + 2 * phases[m]);
    const PAIR second = *(const PAIR *)(phasors + 2 * phases[stride + m]);
    const PAIR third = *(const PAIR *)(phasors + 2 * phases[2 * stride + m]);
    const PAIR fourth = *(const PAIR *)(phasors + 2 * phases[3 * stride + m]);
    const FOUR odd = __builtin_shufflevector(first, third, 0, 1, 2, 3);
    const FOUR even = __builtin_shufflevector(second, fourth, 0, 1, 2, 3);
    const FOUR re = __builtin_shufflevector(odd, even, 0, 4, 2, 6), im = __builtin_shufflevector(odd, even, 1, 5, 3, 7);
    const FOUR x = (middle->re[m] * re - middle->im[m] * im) * s, y = (middle->re[m] * im + middle->im[m] * re) * s;
    a = a + x * offset->re[m];
    b = b + y * offset->im[m];
    c = c + x * offset->im[m];
    d = d + y * offset->re[m];
  }
  if (direct != 0) {
    const double x = middle->re[terms] * direct, y = middle->im[terms] * direct;
    a = a + x * offset->re[terms];
    b = b + y * offset->im[terms];
    c = c + x * offset->im[terms];
    d = d + y * offset->re[terms];
  }
  return isBefore ? (a + b) * (a + b) + (d - c) * (d - c) : (a - b) * (a - b) + (c + d) * (c + d);
}

static void row(
    const fading_rays *rays, const fading_link *link, const double *phasors, int64_t group, size_t place, size_t stride,
    size_t count, double *out) {
  phasor_list middle, offset;
  const size_t half = fading_offsets, number = rays_of(rays, link);
  const int isBefore = place < half;
  middles(rays, number, group, &middle);
  turned(rays, number, (double)(isBefore ? half - 1 - place : place - half) + 0.5, &offset);
  size_t k = 0;
  for (; k + 4 <= count; k += 4) {
    const FOUR four = four_links(rays, link, phasors, &middle, &offset, isBefore, stride, link->phases + stride * k);
    memcpy(out + k, &four, sizeof four);
  }
  for (; k < count; k++) {
    fading_link one = *link;
    one.phases += stride * k;
    phasor_list anchor;
    anchors(rays, &one, phasors, &middle, &anchor);
    double a = 0, b = 0, c = 0, d = 0;
    for (size_t m = 0; m < number; m++) {
      a = a + anchor.re[m] * offset.re[m];
      b = b + anchor.im[m] * offset.im[m];
      c = c + anchor.re[m] * offset.im[m];
      d = d + anchor.im[m] * offset.re[m];
    }
    out[k] = isBefore ? (a + b) * (a + b) + (d - c) * (d - c) : (a - b) * (a - b) + (c + d) * (c + d);
  }
}

static const fading_kernels kernels = {circle, powers, row};
