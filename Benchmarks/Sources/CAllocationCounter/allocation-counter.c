#include "include/allocation-counter.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_bool counts;
static atomic_llong bytes;
static atomic_llong calls;

void allocation_counter_start(void) {
  atomic_store(&bytes, 0);
  atomic_store(&calls, 0);
  atomic_store(&counts, 1);
}

int64_t allocation_counter_calls(void) { return atomic_load(&calls); }

#ifdef __GLIBC__

int64_t allocation_counter_stop(void) {
  atomic_store(&counts, 0);
  return atomic_load(&bytes);
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static inline void count(size_t size) {
  if (atomic_load_explicit(&counts, memory_order_relaxed)) {
    atomic_fetch_add_explicit(&bytes, (long long)size, memory_order_relaxed);
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
  }
}

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
  count(items * size);
  return __libc_calloc(items, size);
}

void *realloc(void *old, size_t size) {
  count(size);
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  *result = memalign(alignment, size);
  return *result == NULL ? ENOMEM : 0;
}

#else

int64_t allocation_counter_stop(void) { return -1; }

#endif
