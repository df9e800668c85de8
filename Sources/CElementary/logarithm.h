/* The natural logarithm to about 68 bits: what all logarithms and powers are made of. */
#ifndef AIRSPLIT_LOGARITHM_H
#define AIRSPLIT_LOGARITHM_H

#include "exact.h"

#pragma STDC FP_CONTRACT OFF

typedef struct {
  double inverse, high, low;
} logarithm_step;

#include "logarithm-table.h"

/* ln(x + rest) of a positive finite x and a rest of at most half a unit in its last place (0 if x is subnormal).

   x is 2^k m; c, about 1/m, has 12 bits, and c = 1 around 1: ln x = k ln 2 - ln c + ln(1 + r), r = c m - 1, |r| < 0.0043.
   The upper 22 bits of m give an r1 of 26 bits, so that r1 and r1^2/2 are exact, and so is k ln 2 - ln c + r1 in the
   tables' high parts. What is left, r2 = r - r1, r^3/3, ..., is small enough for plain doubles. */
static inline __attribute__((always_inline)) two_parts logarithm(double x, double rest) {
  static const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
  uint64_t bits = bits_of(x);
  int64_t exponent = -1023;
  if (bits < (uint64_t)1 << 52) {
    bits = bits_of(x * 0x1p54);
    exponent -= 54;
  }
  const uint64_t fraction = bits & 0xFFFFFFFFFFFFF;
  exponent += (int64_t)(bits >> 52);
  const logarithm_step step = logarithm_steps[(fraction + ((uint64_t)1 << 44)) >> 45];
  const uint64_t one = (uint64_t)1023 << 52;
  const double m = double_of(one | fraction);
  const double upper = double_of(((one | fraction) + ((uint64_t)1 << 29)) & ~(((uint64_t)1 << 30) - 1));
  const double lower = rest == 0 ? m - upper : m - upper + rest * power_of_two(-exponent);

  const double k = (double)exponent;
  const double r1 = upper * step.inverse - 1, r2 = lower * step.inverse, r = r1 + r2;
  const two_parts sum = ordered_sum(k * ln2_high + step.high + r1, r2);
  const two_parts result = ordered_sum(sum.high, -0.5 * r1 * r1);
  const double s = r * r;
  const double cubic =
      s * r * ((1.0 / 3 - r * 0.25) + s * ((1.0 / 5 - r * (1.0 / 6)) + s * ((1.0 / 7 - r * 0.125) + s * (1.0 / 9))));
  return (two_parts){result.high,
                     (sum.low + result.low) + (((k * ln2_low + step.low) - r2 * (r1 + 0.5 * r2)) + cubic)};
}

#endif
