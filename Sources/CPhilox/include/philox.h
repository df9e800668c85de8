/* Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
   1, 2, 3", SC 2011.

   A counter-based generator is a keyed bijection of a 128-bit counter: two streams whose counters differ share no
   block, by construction. A stream here is

     key      the 64-bit seed
     c0       block within the stream: a block is four words, so a stream repeats after 2^34 words
     c1, c2   two indices that name the stream
     c3       a third index that names the stream  */
#ifndef AIRSPLIT_PHILOX_H
#define AIRSPLIT_PHILOX_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t key[2];
  /* Counter of the next block. */
  uint32_t counter[4];
  /* The current block; its last `left` words have not been handed out. */
  uint32_t block[4];
  uint32_t left;
} philox_state;

/* The bijection itself, ten rounds. */
void philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* The stream (c1, c2, c3) of `seed`, at its first word. */
philox_state philox_stream(uint64_t seed, uint32_t c1, uint32_t c2, uint32_t c3);

/* The next word of a stream. */
static inline uint32_t philox_next(philox_state *state) {
  if (state->left == 0) {
    philox_block(state->counter, state->key, state->block);
    state->counter[0]++;
    state->left = 4;
  }
  return state->block[4 - state->left--];
}

/* The next `count` words of a stream, as philox_next gives them one after another. */
void philox_fill(philox_state *state, uint32_t *words, size_t count);

/* The largest of a stream's first `count` words, 0 if there are none; count is at most 2^34. */
uint32_t philox_stream_maximum(uint64_t seed, uint32_t c1, uint32_t c2, uint32_t c3, size_t count);

#endif
