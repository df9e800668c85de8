/* The exponential function in parts: what exp, expm1 and powers are made of. */
#ifndef AIRSPLIT_EXPONENTIAL_H
#define AIRSPLIT_EXPONENTIAL_H

#include "exact.h"

#pragma STDC FP_CONTRACT OFF

#include "exponential-table.h"

/* e^x = 2^exponent step e^(high + low), step a power of 2^(1/128) from 1 to 2, |high| < 0.0028; `more` is
   e^(high + low) - 1 - (high + low). */
typedef struct {
  int64_t exponent;
  two_parts step;
  double high, low, more;
} exponential_parts;

/* Of x + rest, |x| below 800.

   k is the whole number nearest to 128 x / ln 2; ln 2 / 128 has 34 bits in its high part, so that x - k high is exact. */
static inline __attribute__((always_inline)) exponential_parts exponential(double x, double rest) {
  static const double step_high = 0x1.62e42fefc0000p-8, step_low = -0x1.c610ca86c3899p-44;
  static const double steps_per_unit = 0x1.71547652b82fep+7, whole = 0x1.8p52;
  const double shifted = x * steps_per_unit + whole;
  const int64_t steps = (int64_t)bits_of(shifted) - (int64_t)bits_of(whole);
  const double k = shifted - whole;
  exponential_parts parts = {.exponent = steps >> 7, .step = exponential_steps[steps & 127]};
  parts.high = x - k * step_high;
  parts.low = rest - k * step_low;
  const double r = parts.high + parts.low, s = r * r;
  parts.more = s * (0.5 + r * (1.0 / 6) + s * ((1.0 / 24 + r * (1.0 / 120)) + s * (1.0 / 720)));
  return parts;
}

/* e^(x + rest). */
static inline __attribute__((always_inline)) double exponential_value(double x, double rest) {
  const exponential_parts parts = exponential(x, rest);
  const two_parts step = parts.step;
  const double value = step.high + (step.low + step.high * (parts.high + (parts.low + parts.more)));
  if (parts.exponent >= -1022 && parts.exponent <= 1023) return value * power_of_two(parts.exponent);
  const int64_t half = parts.exponent / 2;
  return value * power_of_two(half) * power_of_two(parts.exponent - half);
}

#endif
