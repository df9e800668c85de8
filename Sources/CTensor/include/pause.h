/* What a thread does between two looks at something that another one changes. */
#ifndef AIRSPLIT_TENSOR_PAUSE_H
#define AIRSPLIT_TENSOR_PAUSE_H

/* Leaves a core's other thread, and its power, alone for some cycles. */
static inline void tensor_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
