/* Elementary functions whose bits do not depend on the processor.

   A system's library chooses among variants of its functions at run time, with and without fused multiply-adds, and
   their results differ in the last bit. These are fixed sequences of the operations that IEEE 754 rounds correctly (sum,
   difference, product, quotient of doubles), never fused: the same argument has the same result wherever `double` is
   IEEE 754's binary64 and rounds to nearest.

   The methods are those of P. T. P. Tang ("Table-driven implementation of the exponential function in IEEE
   floating-point arithmetic", ACM TOMS 15, 1989; "... of the logarithm function ...", ACM TOMS 16, 1990): a table step
   near the argument, then a Taylor polynomial of the small rest, parts that matter carried as exact sums of two doubles
   (T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18, 1971).

   The largest error from mpmath seen in 200,000 arguments stands beside each function, in units in the last place (0.5
   is correctly rounded); subnormal results of exp and pow are rounded twice, with an error of at most 1. Zeros,
   infinities, NaN and what lies outside the domain give what C's <math.h> gives; errno and flags are left alone. */
#ifndef AIRSPLIT_ELEMENTARY_H
#define AIRSPLIT_ELEMENTARY_H

/* ln 2 and e. */
static const double elementary_ln2 = 0x1.62e42fefa39efp-1, elementary_e = 0x1.5bf0a8b145769p+1;

/* ln x. 0.5001. */
double elementary_log(double x);
/* log2 x, exact where x is a power of 2. 0.5001. */
double elementary_log2(double x);
/* log10 x, exact where x is a power of 10. 0.5001. */
double elementary_log10(double x);
/* ln(1 + x), precise near 0. 0.5001. */
double elementary_log1p(double x);

/* e^x. 0.502. */
double elementary_exp(double x);
/* e^x - 1, precise near 0. 0.505. */
double elementary_expm1(double x);
/* x^y; of negative x for whole y. 0.505. */
double elementary_pow(double x, double y);

/* sin(pi x) and cos(pi x): in half turns no argument is too large to be reduced exactly. 0.77. */
double elementary_sinpi(double x);
double elementary_cospi(double x);

/* The sum over `count` waves, a multiple of four, of weight cos(2 pi (east x + north y + turns)). Each cosine has an error of at
   most 2e-11, and that of its phase: from 2^51 turns on there is none. */
double elementary_waves(
    const double *weight, const double *east, const double *north, const double *turns, int count, double x, double y);

#endif
