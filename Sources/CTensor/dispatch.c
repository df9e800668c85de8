#include "include/tensor.h"

#include <string.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

int tensor_has_avx2(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 0;
#endif
}

const char *tensor_processor_features(void) {
  static _Thread_local char text[64];
  *text = 0;
#if defined(__x86_64__)
#define ADD(NAME) \
  if (__builtin_cpu_supports(NAME)) strcat(strcat(text, *text ? " " : ""), NAME)
  ADD("sse4.2");
  ADD("avx");
  ADD("avx2");
  ADD("fma");
  ADD("avx512f");
#undef ADD
#endif
  return text;
}

const char *tensor_c_library(void) {
#if defined(__GLIBC__)
  static _Thread_local char text[32];
  strcpy(text, "glibc ");
  return strncat(text, gnu_get_libc_version(), sizeof text - 7);
#elif defined(__APPLE__)
  return "the C library of macOS";
#else
  return "an unknown C library";
#endif
}
