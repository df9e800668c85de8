#include "philox.h"

#if defined(__x86_64__) && defined(__linux__)
/* Which clone runs is settled before the thread sanitizer can be called. */
#if __has_feature(thread_sanitizer)
#define EVERY_PROCESSOR
#else
#define EVERY_PROCESSOR __attribute__((target_clones("avx2", "default")))
#endif
#else
#define EVERY_PROCESSOR
#endif

enum { lanes = 8 };

static const uint32_t multiplier0 = 0xD2511F53u, multiplier1 = 0xCD9E8D57u;
static const uint32_t weyl0 = 0x9E3779B9u, weyl1 = 0xBB67AE85u;

void philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t a = counter[0], b = counter[1], c = counter[2], d = counter[3], k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++, k0 += weyl0, k1 += weyl1) {
    const uint64_t p = (uint64_t)multiplier0 * a, q = (uint64_t)multiplier1 * c;
    a = (uint32_t)(q >> 32) ^ b ^ k0;
    b = (uint32_t)q;
    c = (uint32_t)(p >> 32) ^ d ^ k1;
    d = (uint32_t)p;
  }
  out[0] = a, out[1] = b, out[2] = c, out[3] = d;
}

philox_state philox_stream(uint64_t seed, uint32_t c1, uint32_t c2, uint32_t c3) {
  const philox_state state = {
      .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
      .counter = {0, c1, c2, c3},
  };
  return state;
}

/* Blocks first to first + 7 of a stream, lane by lane the same as philox_block: words[w][i] is word w of block i. Loops
   of fixed length, which the compiler turns into vector instructions. */
static inline __attribute__((always_inline)) void eight_blocks(const uint32_t key[2], uint32_t first, uint32_t c1,
                                                               uint32_t c2, uint32_t c3, uint32_t words[4][lanes]) {
  uint32_t a[lanes], b[lanes], c[lanes], d[lanes], k0 = key[0], k1 = key[1];
  for (int i = 0; i < lanes; i++) a[i] = first + (uint32_t)i, b[i] = c1, c[i] = c2, d[i] = c3;
  for (int round = 0; round < 10; round++, k0 += weyl0, k1 += weyl1)
    for (int i = 0; i < lanes; i++) {
      const uint64_t p = (uint64_t)multiplier0 * a[i], q = (uint64_t)multiplier1 * c[i];
      a[i] = (uint32_t)(q >> 32) ^ b[i] ^ k0;
      b[i] = (uint32_t)q;
      c[i] = (uint32_t)(p >> 32) ^ d[i] ^ k1;
      d[i] = (uint32_t)p;
    }
  for (int i = 0; i < lanes; i++) words[0][i] = a[i], words[1][i] = b[i], words[2][i] = c[i], words[3][i] = d[i];
}

EVERY_PROCESSOR
void philox_fill(philox_state *state, uint32_t *words, size_t count) {
  for (; count > 0 && state->left > 0; count--) *words++ = philox_next(state);
  for (; count >= 4 * lanes; count -= 4 * lanes, words += 4 * lanes, state->counter[0] += lanes) {
    uint32_t some[4][lanes];
    eight_blocks(state->key, state->counter[0], state->counter[1], state->counter[2], state->counter[3], some);
    for (int i = 0; i < lanes; i++)
      for (int w = 0; w < 4; w++) words[4 * i + w] = some[w][i];
  }
  for (; count > 0; count--) *words++ = philox_next(state);
}

static inline uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

EVERY_PROCESSOR
uint32_t philox_stream_maximum(uint64_t seed, uint32_t c1, uint32_t c2, uint32_t c3, size_t count) {
  const size_t blocks = count / 4;
  philox_state rest = philox_stream(seed, c1, c2, c3);
  uint32_t best[lanes] = {0}, result = 0;
  size_t done = 0;
  for (; done + lanes <= blocks; done += lanes) {
    uint32_t some[4][lanes];
    eight_blocks(rest.key, (uint32_t)done, c1, c2, c3, some);
    for (int i = 0; i < lanes; i++)
      best[i] = larger(best[i], larger(larger(some[0][i], some[1][i]), larger(some[2][i], some[3][i])));
  }
  for (int i = 0; i < lanes; i++) result = larger(result, best[i]);
  rest.counter[0] = (uint32_t)done;
  for (size_t word = done * 4; word < count; word++) result = larger(result, philox_next(&rest));
  return result;
}
