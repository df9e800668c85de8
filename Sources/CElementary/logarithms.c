#include "logarithm.h"

#include <math.h>

#include "elementary.h"

#pragma STDC FP_CONTRACT OFF

/* Whether ln x is a number that is not 0; if not, what it is. */
static inline int is_ordinary(double x, double *result) {
  if (x > 0 && x < INFINITY) return 1;
  *result = x == 0 ? -INFINITY : x < 0 ? NAN : x;
  return 0;
}

double elementary_log(double x) {
  double result;
  if (!is_ordinary(x, &result)) return result;
  const two_parts parts = logarithm(x, 0);
  return parts.high + parts.low;
}

/* ln x times a constant of two parts. */
static inline double scaled_logarithm(double x, two_parts factor) {
  double result;
  if (!is_ordinary(x, &result)) return result;
  const two_parts parts = logarithm(x, 0);
  const two_parts product = exact_product(parts.high, factor.high);
  return product.high + (product.low + (parts.high * factor.low + parts.low * factor.high));
}

double elementary_log2(double x) {
  return scaled_logarithm(x, (two_parts){0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56});
}

double elementary_log10(double x) {
  return scaled_logarithm(x, (two_parts){0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57});
}

double elementary_log1p(double x) {
  if (fabs(x) < 0x1p-54) return x;
  if (x > 0x1p64) return elementary_log(x);
  double result;
  const two_parts sum = exact_sum(1, x);
  if (!is_ordinary(sum.high, &result)) return result;
  const two_parts parts = logarithm(sum.high, sum.low);
  return parts.high + parts.low;
}
