#include "include/quantize.h"

#include <string.h>

/* A product and a sum stay two roundings: the same bits on every processor. */
#pragma STDC FP_CONTRACT OFF

enum { chunk = 512 };

static const uint32_t magnitude_mask = 0x7FFFFFFF;

static inline int32_t bits_of_magnitude(float value) {
  uint32_t word;
  memcpy(&word, &value, sizeof word);
  return (int32_t)(word & magnitude_mask);
}

static inline float float_of(uint32_t word) {
  float value;
  memcpy(&value, &word, sizeof value);
  return value;
}

static inline double last_level(int bits) { return (double)(((uint32_t)1 << bits) - 1); }

/* Magnitudes are ordered as their bits are, and NaN and infinity lie above all finite ones. */
bool quantize_range(const float *values, size_t count, float *low, float *high) {
  int32_t least = INT32_MAX, largest = 0;
  for (size_t i = 0; i < count; i++) {
    const int32_t magnitude = bits_of_magnitude(values[i]);
    least = magnitude < least ? magnitude : least;
    largest = magnitude > largest ? magnitude : largest;
  }
  if (largest >= 0x7F800000) return false;
  *low = float_of((uint32_t)least);
  *high = float_of((uint32_t)largest);
  return true;
}

/* In double, since a float cannot tell 2^31 levels apart. */
static void round_fields(const float *values, const uint32_t *words, size_t count, float low, float high, int bits,
                         uint32_t *fields) {
  const double span = (double)high - (double)low, last = last_level(bits), scale = span > 0 ? last / span : 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t word;
    memcpy(&word, &values[i], sizeof word);
    const double way = ((double)float_of(word & magnitude_mask) - (double)low) * scale;
    const double place = way < last ? way : last;
    const int32_t below = (int32_t)place;
    const double share = place - (double)below, uniform = (double)words[i] * 0x1p-32;
    const uint32_t level = (uint32_t)below + (uniform < share);
    fields[i] = level | (word >> 31) << bits;
  }
}

/* Through the share of the span, so that the last level is `high` to the bit. */
static void restore_values(const uint32_t *fields, size_t count, float low, float high, int bits, float *values) {
  const double span = (double)high - (double)low, last = last_level(bits);
  const uint32_t mask = ((uint32_t)1 << bits) - 1;
  for (size_t i = 0; i < count; i++) {
    const float magnitude = (float)((double)low + (double)(int32_t)(fields[i] & mask) / last * span);
    const uint32_t word = (uint32_t)bits_of_magnitude(magnitude) | (fields[i] >> bits) << 31;
    values[i] = float_of(word);
  }
}

void quantize_pack(const float *values, const uint32_t *words, size_t count, float low, float high, int bits,
                   uint8_t *bytes) {
  uint32_t fields[chunk];
  uint64_t pending = 0;
  int filled = 0;
  for (size_t done = 0; done < count; done += chunk) {
    const size_t some = count - done < chunk ? count - done : chunk;
    round_fields(values + done, words + done, some, low, high, bits, fields);
    for (size_t i = 0; i < some; i++) {
      pending |= (uint64_t)fields[i] << filled;
      filled += bits + 1;
      if (filled < 32) continue;
      const uint32_t full = (uint32_t)pending;
      memcpy(bytes, &full, sizeof full);
      bytes += sizeof full;
      pending >>= 32;
      filled -= 32;
    }
  }
  for (; filled > 0; filled -= 8, pending >>= 8) *bytes++ = (uint8_t)pending;
}

void quantize_unpack(const uint8_t *bytes, size_t first, size_t count, float low, float high, int bits, float *values) {
  uint32_t fields[chunk];
  const size_t width = (size_t)bits + 1;
  const uint32_t mask = (uint32_t)(((uint64_t)1 << width) - 1);
  for (size_t done = 0; done < count; done += chunk) {
    const size_t some = count - done < chunk ? count - done : chunk;
    for (size_t i = 0; i < some; i++) {
      const size_t place = (first + done + i) * width;
      uint64_t window;
      memcpy(&window, bytes + place / 8, sizeof window);
      fields[i] = (uint32_t)(window >> place % 8) & mask;
    }
    restore_values(fields, some, low, high, bits, values + done);
  }
}
