#include "exponential.h"

#include <math.h>

#include "elementary.h"
#include "logarithm.h"

#pragma STDC FP_CONTRACT OFF

double elementary_exp(double x) {
  if (fabs(x) <= 746) return exponential_value(x, 0);
  return x > 0 ? INFINITY : x < 0 ? 0 : x;
}

/* With 2^exponent step = 1 + g the result is g + high + (low + g (high + low) + (1 + g) more); g is 0 near 0, and elsewhere larger
   than high, so that their sum is exact in two parts. */
double elementary_expm1(double x) {
  if (fabs(x) < 0x1p-54) return x;
  if (!(fabs(x) < 40)) return x > 0 ? elementary_exp(x) : x < 0 ? -1 : x;
  const exponential_parts parts = exponential(x, 0);
  const double scale = power_of_two(parts.exponent), step = scale * parts.step.high;
  const two_parts grown = exact_sum(step, -1);
  const two_parts result = ordered_sum(grown.high, parts.high);
  const double r = parts.high + parts.low;
  return result.high + (result.low + (parts.low + (grown.low + scale * parts.step.low * (1 + r))) +
                        (grown.high * r + step * parts.more));
}

static int is_whole(double y) { return fabs(y) >= 0x1p52 || (double)(int64_t)y == y; }

static int is_odd(double y) { return fabs(y) < 0x1p53 && (double)(int64_t)y == y && ((int64_t)y & 1) != 0; }

double elementary_pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (x != x || y != y) return x + y;
  const double sign = signbit(x) && is_odd(y) ? -1 : 1, base = fabs(x);
  if (fabs(y) == INFINITY) return base == 1 ? 1 : (base > 1) == (y > 0) ? INFINITY : 0;
  if (base == 0 || base == INFINITY) return sign * ((base == 0) == (y > 0) ? 0 : INFINITY);
  if (x < 0 && !is_whole(y)) return NAN;
  const two_parts logarithm_of_base = logarithm(base, 0);
  const double exponent = y * logarithm_of_base.high;
  if (!(fabs(exponent) <= 746)) return sign * (exponent > 0 ? INFINITY : 0);
  if (base == 1) return sign;
  const two_parts product = exact_product(y, logarithm_of_base.high);
  return sign * exponential_value(product.high, product.low + y * logarithm_of_base.low);
}
