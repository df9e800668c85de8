#ifndef AIRSPLIT_COPENBLAS_SHIM_H
#define AIRSPLIT_COPENBLAS_SHIM_H

/* The few functions that are used. cblas.h is left out: its enumerations clash with GSL's, which tests import, and its names
   are GSL's own slow BLAS where that comes first at linking. The Fortran name is OpenBLAS's alone. */

/* C = alpha op(A) op(B) + beta C, column-major: C is m x n, op(A) m x k, op(B) k x n; op is 'N' or 'T'. */
void sgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k, const float *alpha,
            const float *a, const int *lda, const float *b, const int *ldb, const float *beta, float *c,
            const int *ldc);

/* Threads within one product, of the whole process. */
void openblas_set_num_threads(int count);

#endif
