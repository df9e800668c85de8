#include <math.h>

#include "elementary.h"
#include "exact.h"

#pragma STDC FP_CONTRACT OFF

/* sin(z) of the two parts of z, |z| <= pi/4: Taylor's polynomial of degree 17. */
static double sine(two_parts z) {
  const double s = z.high * z.high;
  const double rest =
      s * (-1.0 / 6 +
           s * (1.0 / 120 +
                s * (-1.0 / 5040 +
                     s * (1.0 / 362880 +
                          s * (-1.0 / 39916800 +
                               s * (1.0 / 6227020800 + s * (-1.0 / 1307674368000 + s * (1.0 / 355687428096000))))))));
  return z.high + (z.low * (1 - 0.5 * s) + z.high * rest);
}

/* cos(z), degree 16. */
static double cosine(two_parts z) {
  const double s = z.high * z.high, half = 0.5 * s, one = 1 - half;
  const double rest =
      s * s *
      (1.0 / 24 +
       s * (-1.0 / 720 +
            s * (1.0 / 40320 +
                 s * (-1.0 / 3628800 +
                      s * (1.0 / 479001600 + s * (-1.0 / 87178291200 + s * (1.0 / 20922789888000)))))));
  return one + (((1 - one) - half) + (rest - z.high * z.low));
}

/* x less an even whole number: the same sine and cosine of pi x. NaN where x is not finite. */
static double turned_back(double x) {
  if (!(fabs(x) < 0x1p53)) return x - x;
  const int64_t whole = (int64_t)x;
  const double part = x - (double)whole;
  return whole & 1 ? part + 1 : part;
}

/* sin(pi x + quarters pi / 2). */
static double turned(double x, int64_t quarters) {
  x = turned_back(x);
  if (x != x) return x;
  const double whole = 0x1.8p52;
  const double right_angles = (2 * x + whole) - whole, rest = x - 0.5 * right_angles;
  quarters += (int64_t)right_angles;
  two_parts z = exact_product(rest, 0x1.921fb54442d18p+1);
  z.low += rest * 0x1.1a62633145c07p-53;
  const double value = quarters & 1 ? cosine(z) : sine(z);
  return quarters & 2 ? 0 - value : value;
}

double elementary_sinpi(double x) { return fabs(x) < 0x1p-500 ? x * 0x1.921fb54442d18p+1 : turned(x, 0); }

double elementary_cospi(double x) { return turned(x, 1); }
