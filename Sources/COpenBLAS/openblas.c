#ifdef __linux__
#define _GNU_SOURCE /* dladdr */
#endif

#include "include/openblas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <unistd.h>
#endif

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

#ifdef __linux__
static void *open_in_folder_of(char *file, const char *path) {
  char place[4200];
  char *const slash = strrchr(file, '/');
  if (!slash) return NULL;
  *slash = 0;
  snprintf(place, sizeof place, "%s/%s", file, path);
  return access(place, R_OK) == 0 ? dlopen(place, RTLD_NOW | RTLD_LOCAL) : NULL;
}
#endif

/* The copy that a wheel brings: next to the shared library that this is a part of, or in the folder of a program's helpers. */
static void *open_own(void) {
#ifdef __linux__
  char file[4096];
  Dl_info here;
  if (dladdr((const void *)threads, &here) && here.dli_fname && strlen(here.dli_fname) < sizeof file) {
    void *const library = open_in_folder_of(strcpy(file, here.dli_fname), "libairsplit-openblas.so");
    if (library) return library;
  }
  const ssize_t length = readlink("/proc/self/exe", file, sizeof file - 1);
  if (length > 0) {
    file[length] = 0;
    return open_in_folder_of(file, "../libexec/airsplit/libairsplit-openblas.so");
  }
#endif
  return NULL;
}

static void *open_single_threaded(void) {
  const char *const set = getenv(threads);
  char *const before = set ? strdup(set) : NULL;
  setenv(threads, "1", 1);
  void *library = open_own();
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
