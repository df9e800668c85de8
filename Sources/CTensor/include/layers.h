/* What a transformer computes: matrix products, norms, GELU, attention, loss, optimizers. All matrices are
   row-major; a stride is the distance between rows, in elements. */
#ifndef AIRSPLIT_TENSOR_LAYERS_H
#define AIRSPLIT_TENSOR_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* Shapes of one attention call. The rows of queries, keys and values have one stride, those of a sample follow those of
   the sample before, `tokens` rows on. `queries` is `tokens`, or 1 where only the class token's output is wanted. */
typedef struct {
  size_t samples;
  size_t heads;
  size_t tokens;
  size_t queries;
  size_t head_width;
  size_t stride;
} tensor_attention_shape;

/* Columns of a row of probabilities: the tokens, rounded up to whole vectors; those behind the tokens are zero. */
static inline size_t tensor_attention_columns(size_t tokens) { return (tokens + 7) / 8 * 8; }

/* Elements of scratch memory that attention and its gradient need. */
static inline size_t tensor_attention_scratch(size_t tokens, size_t head_width) {
  return (head_width + 2 * tokens) * tensor_attention_columns(tokens);
}

/* An operand of a product: `stride` elements from one row to the next, or where it is transposed from one column to the next. */
typedef struct {
  const float *base;
  size_t stride;
  bool is_transposed;
} tensor_matrix;

/* Depths that are summed before what they come to is added to an element: the same for all kernels, since bits depend on it. */
#define PRODUCT_BLOCK 256

/* Elements of scratch memory that a product packs its operands into, whatever their shapes and the kernels. */
enum { tensor_product_scratch = (64 * 12 + 2 * 16) * PRODUCT_BLOCK };

/* One set of kernels, all made for the same processor. All sets give the same bits. */
typedef struct {
  /* c = scale a b, or c += scale a b where it `adds`; a is rows x depth, b is depth x columns. Of each block of depths, in
     order, an element's sum begins at zero and takes one depth after another by a fused multiply-add; what the block comes
     to is then added to the element, times the scale, by another one. So an element's bits depend on its row of a, its
     column of b, the scale and what stood there: not on how many rows or columns there are. At least one depth. `scratch` is
     aligned to 64 bytes. */
  void (*product)(tensor_matrix a, tensor_matrix b, size_t rows, size_t columns, size_t depth, float scale, bool adds,
                  float *c, size_t stride, float *scratch);
  /* y = (x - mean) / sqrt(variance + epsilon) * weight + bias, row by row. `stats` keeps mean and 1 / sqrt(...) of each row.
     `stride` is that of x; y is dense. */
  void (*layer_norm)(const float *x, size_t stride, const float *weight, const float *bias, float epsilon, size_t rows,
                     size_t width, float *y, float *stats);
  /* Adds the gradient of x to dx, which has the stride of x. */
  void (*layer_norm_gradient)(const float *x, size_t stride, const float *stats, const float *weight, const float *dy,
                              size_t rows, size_t width, float *dx);
  /* The gradients of weight and bias, for `width` columns of rows that may have more. */
  void (*layer_norm_sums)(const float *x, size_t stride, const float *stats, const float *dy, size_t dy_stride, size_t rows,
                          size_t width, float *dweight, float *dbias);
  /* Each row of y becomes `bias`, plus the row of `residual` where that is not null: what a product then adds to. */
  void (*start_rows)(const float *bias, const float *_Nullable residual, size_t residual_stride, size_t rows, size_t width,
                     float *y, size_t stride);
  /* The sum of all rows. */
  void (*sum_rows)(const float *x, size_t stride, size_t rows, size_t width, float *sum);
  /* y = x Phi(x). Where `slope` is not null it takes the derivative Phi(x) + x phi(x); it may be x itself. */
  void (*gelu)(const float *x, size_t count, float *y, float *_Nullable slope);
  /* dx *= slope, and the sum of all rows of the product; both have one stride. */
  void (*multiply_sum_rows)(const float *slope, size_t stride, size_t rows, size_t width, float *dx, float *sum);
  /* Softmax(Q K^T / sqrt(head width)) V of every sample and head. `output` is dense: samples x queries rows of all
     heads; `probabilities` are samples x heads x queries rows of tensor_attention_columns. */
  void (*attention)(tensor_attention_shape shape, const float *q, const float *k, const float *v, float *scratch,
                    float *probabilities, float *output);
  /* Overwrites dq (of the queries alone), dk and dv, which lie as q, k and v. */
  void (*attention_gradient)(tensor_attention_shape shape, const float *q, const float *k, const float *v,
                             const float *probabilities, const float *doutput, float *scratch, float *dq, float *dk,
                             float *dv);
  /* x[b, 0] = class_token + positions[0]; x[b, 1 + n] = embedded[b, n] + positions[1 + n]. */
  void (*add_positions)(const float *embedded, const float *class_token, const float *positions, size_t samples,
                        size_t tokens, size_t width, float *x);
  /* y = weight + factor b a, where b is rows x rank and a rank x columns. */
  void (*add_low_rank)(const float *weight, const float *a, const float *b, size_t rows, size_t columns, size_t rank,
                       float factor, float *y);
  /* v = momentum v + g + decay w; w -= rate v. A null `velocity` stands for momentum 0. */
  void (*sgd)(size_t count, float rate, float momentum, float decay, const float *gradient, float *_Nullable velocity,
              float *weight);
  /* w *= keep; m += share1 (g - m); v = beta2 v + share2 g^2; w -= rate m / (sqrt(v) * root + epsilon). The shares are
     1 - beta, which float32 would round too coarsely. */
  void (*adamw)(size_t count, float rate, float keep, float share1, float beta2, float share2, float root, float epsilon,
                const float *gradient, float *moment1, float *moment2, float *weight);
  /* The sum of all squares, added in double precision. */
  double (*sum_squares)(const float *x, size_t count);
  /* x *= factor. */
  void (*scale)(size_t count, float factor, float *x);
} tensor_kernels;

/* The kernels in plain C, and those for AVX2 with FMA and for AVX-512: null where the processor has none. */
const tensor_kernels *tensor_kernels_plain(void);
const tensor_kernels *_Nullable tensor_kernels_avx2(void);
const tensor_kernels *_Nullable tensor_kernels_avx512(void);

/* Cuts images of channels x side x side into rows of channels x patch x patch, patches row by row. */
void tensor_patches(const float *images, size_t samples, size_t channels, size_t side, size_t patch, float *rows);

/* The sum of the cross entropies of all rows; counts the rows whose largest logit is the label's. `gradient`, where it is
   not null, takes (softmax - one-hot) / samples. A label that is no class makes the loss NaN. */
double tensor_cross_entropy(const float *logits, const uint8_t *labels, size_t samples, size_t classes, size_t *correct,
                            float *_Nullable gradient);

#pragma clang assume_nonnull end

#endif
