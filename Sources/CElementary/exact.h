/* Sums and products without error, as two doubles, and the bits of a double. */
#ifndef AIRSPLIT_EXACT_H
#define AIRSPLIT_EXACT_H

#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* high + low, |low| at most half a unit in the last place of high. */
typedef struct {
  double high, low;
} two_parts;

static inline uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* 2^exponent, -1022 to 1023. */
static inline double power_of_two(int64_t exponent) { return double_of((uint64_t)(exponent + 1023) << 52); }

/* a + b where |a| >= |b| or a = 0 (Dekker). */
static inline two_parts ordered_sum(double a, double b) {
  const double high = a + b;
  return (two_parts){high, b - (high - a)};
}

/* a + b (Knuth). */
static inline two_parts exact_sum(double a, double b) {
  const double high = a + b, part = high - a;
  return (two_parts){high, (a - (high - part)) + (b - part)};
}

/* The upper 26 bits. */
static inline double upper_half(double a) {
  const double scaled = a * 0x1.0000002p27;
  return scaled - (scaled - a);
}

/* a b (Dekker, Veltkamp), where neither overflows nor loses bits below the smallest double. */
static inline two_parts exact_product(double a, double b) {
  const double high = a * b, a1 = upper_half(a), b1 = upper_half(b), a2 = a - a1, b2 = b - b1;
  return (two_parts){high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2};
}

#endif
