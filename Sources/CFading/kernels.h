/* The kernel, compiled once for any processor (LANES 4) and once for AVX2 (LANES 8). */

/* No vector crosses a call: everything that takes one is inlined. */
#pragma clang diagnostic ignored "-Wpsabi"

typedef double VECTOR __attribute__((vector_size(8 * LANES)));
typedef int64_t WORDS __attribute__((vector_size(8 * LANES)));
typedef double LOOSE __attribute__((vector_size(8 * LANES), aligned(8)));

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

static size_t padded(size_t terms) { return (terms + 8) / 8 * 8; }

/* w_m(c): the rays in the middle of a group. */
static void middles(const fading_rays *rays, int64_t group, phasor_list *middle) {
  const double center = (double)group * fading_group_length + 31.5;
  for (size_t m = 0; m < padded(rays->terms); m += LANES) {
    VECTOR cosine, sine;
    circle_of(*(const LOOSE *)(rays->turns + m) * center, &cosine, &sine);
    *(LOOSE *)(middle->re + m) = cosine;
    *(LOOSE *)(middle->im + m) = sine;
  }
}

/* s P_m w_m(c), and d w_M(c) behind them. */
static void anchors(
    const fading_rays *rays, const fading_link *link, const uint8_t *phases, const double *phasors,
    const phasor_list *middle, phasor_list *anchor) {
  const size_t terms = rays->terms;
  const double s = link->scattered, d = link->direct;
  for (size_t m = 0; m < terms; m++) {
    const double re = phasors[phases[m]], im = phasors[256 + phases[m]];
    anchor->re[m] = (middle->re[m] * re - middle->im[m] * im) * s;
    anchor->im[m] = (middle->re[m] * im + middle->im[m] * re) * s;
  }
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
  middles(rays, group, &middle);
  anchors(rays, link, link->phases, phasors, &middle, &anchor);
  const size_t last = first + count - 1, half = fading_offsets;
  /* The least and the largest distance i that is asked for, on either side. */
  const size_t near = last < half ? half - 1 - last : first >= half ? first - half : 0;
  const size_t left = first < half ? half - 1 - first : 0, right = last >= half ? last - half : 0;
  const size_t far = left > right ? left : right;
  const size_t number = rays_of(rays, link);
  double all_of_group[fading_group_length];
  for (size_t i = near / LANES * LANES; i <= far; i += LANES) {
    VECTOR after, before;
    both_sides(rays, &anchor, number, i, &after, &before);
    *(LOOSE *)(all_of_group + half + i) = after;
    for (size_t lane = 0; lane < LANES; lane++) all_of_group[half - 1 - i - lane] = before[lane];
  }
  memcpy(out, all_of_group + first, count * sizeof *out);
}

static void row(
    const fading_rays *rays, const fading_link *link, const double *phasors, int64_t group, size_t place, size_t stride,
    size_t count, double *out) {
  phasor_list middle, anchor;
  middles(rays, group, &middle);
  const size_t half = fading_offsets, number = rays_of(rays, link);
  const size_t i = place < half ? half - 1 - place : place - half;
  double re[most_rays], im[most_rays];
  for (size_t m = 0; m < padded(rays->terms); m += LANES) {
    VECTOR cosine, sine;
    circle_of(*(const LOOSE *)(rays->turns + m) * ((double)i + 0.5), &cosine, &sine);
    *(LOOSE *)(re + m) = cosine;
    *(LOOSE *)(im + m) = sine;
  }
  for (size_t k = 0; k < count; k++) {
    anchors(rays, link, link->phases + stride * k, phasors, &middle, &anchor);
    double a = 0, b = 0, c = 0, d = 0;
    for (size_t m = 0; m < number; m++) {
      a = a + anchor.re[m] * re[m];
      b = b + anchor.im[m] * im[m];
      c = c + anchor.re[m] * im[m];
      d = d + anchor.im[m] * re[m];
    }
    out[k] = place < half ? (a + b) * (a + b) + (d - c) * (d - c) : (a - b) * (a - b) + (c + d) * (c + d);
  }
}

static const fading_kernels kernels = {circle, powers, row};
