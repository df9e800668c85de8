#include "include/openblas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef void sgemm(const char *, const char *, const int *, const int *, const int *, const float *, const float *,
                   const int *, const float *, const int *, const float *, float *, const int *);

/* Where the system's loader finds it, and where Homebrew has it. */
static const char *const places[] = {
#ifdef __APPLE__
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib",
    "libopenblas.dylib",
#else
    "libopenblas.so.0", "libopenblas.so",
#endif
};

static sgemm *product;
static char *(*configuration)(void);
static char *(*core)(void);
static char reason[512];
static const char *failure;

static const char threads[] = "OPENBLAS_NUM_THREADS";

static void *open_single_threaded(void) {
  const char *const set = getenv(threads);
  char *const before = set ? strdup(set) : NULL;
  setenv(threads, "1", 1);
  void *library = NULL;
  for (size_t i = 0; !library && i < sizeof places / sizeof *places; i++) {
    library = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
    /* The first reason is that of the usual name. */
    const char *const why = library ? NULL : dlerror();
    if (why && !*reason) strncpy(reason, why, sizeof reason - 1);
  }
  /* Programs that this one starts have what the user set. */
  if (before)
    setenv(threads, before, 1);
  else
    unsetenv(threads);
  free(before);
  return library;
}

static void load(void) {
  void *const library = open_single_threaded();
  if (!library) {
    failure = reason;
    return;
  }
  product = (sgemm *)dlsym(library, "sgemm_");
  configuration = (char *(*)(void))dlsym(library, "openblas_get_config");
  core = (char *(*)(void))dlsym(library, "openblas_get_corename");
  void (*const use)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (!product || !configuration || !core || !use) {
    failure = "the library that is named openblas has not OpenBLAS's functions";
    return;
  }
  use(1);
}

const char *openblas_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return failure;
}

const char *openblas_configuration(void) { return configuration(); }

const char *openblas_core(void) { return core(); }

size_t openblas_buffer(void) { return (size_t)32 << 22; }

void openblas_sgemm(const char *transa, const char *transb, const int *m, const int *n, const int *k,
                    const float *alpha, const float *a, const int *lda, const float *b, const int *ldb,
                    const float *beta, float *c, const int *ldc) {
  product(transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
