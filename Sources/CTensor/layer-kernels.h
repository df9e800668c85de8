/* One set of kernels, compiled for whatever target the file that includes this one has set. */
#include "vector.h"

#ifdef HAS_FMA
#include "tile-x86.h"
#else
#include "tile-plain.h"
#endif
#include "product-kernels.h"
#include "elementwise-kernels.h"
#include "attention-kernels.h"
#include "optimizer-kernels.h"

static const tensor_kernels kernels = {
    .product = product,
    .layer_norm = layer_norm,
    .layer_norm_gradient = layer_norm_gradient,
    .layer_norm_sums = layer_norm_sums,
    .start_rows = start_rows,
    .sum_rows = sum_rows,
    .gelu = gelu,
    .multiply_sum_rows = multiply_sum_rows,
    .attention = attention,
    .attention_gradient = attention_gradient,
    .add_positions = add_positions,
    .add_low_rank = add_low_rank,
    .sgd = sgd,
    .adamw = adamw,
    .sum_squares = sum_squares,
    .scale = scale,
};
