/* OpenBLAS, loaded when something is trained and not before.

   At its start the library makes a worker thread per processor, each with a buffer of its own: threads that no product
   here uses, that wait for memory for ever where there is none, and that a process then cannot join at its exit. How many
   it makes, only the environment says, and only while it loads. */
#ifndef AIRSPLIT_OPENBLAS_H
#define AIRSPLIT_OPENBLAS_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/* Loads the library, once, without worker threads: null, or why it cannot be had. From any thread. */
const char *_Nullable openblas_load(void);

/* The library's own words about itself, "OpenBLAS 0.3.21 ... Haswell MAX_THREADS=64", and the processor whose kernels are
   in force, "Haswell". After openblas_load. */
const char *openblas_configuration(void);
const char *openblas_core(void);

/* Bytes of address space that the library takes for each thread that computes a product: its BUFFER_SIZE, at most. */
size_t openblas_buffer(void);

/* C = alpha op(A) op(B) + beta C, column-major: C is m x n, op(A) m x k, op(B) k x n; op is 'N' or 'T'. Fortran's name is
   OpenBLAS's alone, where GSL brings a slow BLAS with the C names. After openblas_load. */
void openblas_sgemm(const char *transa, const char *transb, const int *m, const int *n, const int *k,
                    const float *alpha, const float *a, const int *lda, const float *b, const int *ldb,
                    const float *beta, float *c, const int *ldc);

#pragma clang assume_nonnull end

#endif
