/* Attention over the few tokens of an image: products too small for a BLAS, on operands that lie as the fused product of
   queries, keys and values left them; see layers.h. */

/* `rows` x 8 `vectors` elements of c = alpha a b; a is read element by element, b and c by whole vectors. With constant
   sizes all sums stay in registers. */
INLINE void tile(const size_t rows, const size_t vectors, size_t depth, float alpha, const float *a, size_t row_step,
                 size_t depth_step, const float *b, size_t b_stride, float *c, size_t c_stride) {
  VECTOR total[6][2];
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < vectors; j++) total[i][j] = all(0);
  for (size_t k = 0; k < depth; k++, a += depth_step, b += b_stride) {
    VECTOR right[2];
    for (size_t j = 0; j < vectors; j++) right[j] = load(b + 8 * j, 8);
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < vectors; j++) total[i][j] = fused(right[j], all(a[i * row_step]), total[i][j]);
  }
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < vectors; j++) store(c + i * c_stride + 8 * j, total[i][j] * all(alpha), 8);
}

/* All rows of 8 `vectors` columns, in tiles of up to 6 rows that are as even as can be. */
INLINE void strip(size_t rows, const size_t vectors, size_t depth, float alpha, const float *a, size_t row_step,
                  size_t depth_step, const float *b, size_t b_stride, float *c, size_t c_stride) {
  for (size_t tiles = (rows + 5) / 6; tiles > 0; tiles--) {
    const size_t height = (rows + tiles - 1) / tiles;
#define TILE(N) \
  case N: tile(N, vectors, depth, alpha, a, row_step, depth_step, b, b_stride, c, c_stride); break
    switch (height) {
      TILE(1);
      TILE(2);
      TILE(3);
      TILE(4);
      TILE(5);
      TILE(6);
    }
#undef TILE
    rows -= height;
    a += height * row_step;
    c += height * c_stride;
  }
}

/* c (rows x columns) = alpha a b, where a[i, k] lies at i row_step + k depth_step. */
static void small_product(size_t rows, size_t columns, size_t depth, float alpha, const float *a, size_t row_step,
                          size_t depth_step, const float *b, size_t b_stride, float *c, size_t c_stride) {
  size_t j = 0;
  for (; j + 16 <= columns; j += 16)
    strip(rows, 2, depth, alpha, a, row_step, depth_step, b + j, b_stride, c + j, c_stride);
  for (; j + 8 <= columns; j += 8)
    strip(rows, 1, depth, alpha, a, row_step, depth_step, b + j, b_stride, c + j, c_stride);
  for (; j < columns; j++)
    for (size_t i = 0; i < rows; i++) {
      float total = 0;
      for (size_t k = 0; k < depth; k++) total += a[i * row_step + k * depth_step] * b[k * b_stride + j];
      c[i * c_stride + j] = total * alpha;
    }
}

/* to[k, j] = from[j, k] of `tokens` x `width` elements, with zeros up to whole vectors. */
static void transpose(const float *from, size_t stride, size_t tokens, size_t width, float *to) {
  const size_t columns = tensor_attention_columns(tokens);
  for (size_t j = 0; j < columns; j += 8) {
    const size_t rest = tokens - j;
    size_t k = 0;
    for (; k + 8 <= width; k += 8) {
      VECTOR rows[8];
      for (size_t i = 0; i < 8; i++) rows[i] = i < rest ? load(from + (j + i) * stride + k, 8) : all(0);
      turn(rows);
      for (size_t i = 0; i < 8; i++) store(to + (k + i) * columns + j, rows[i], 8);
    }
    for (; k < width; k++)
      for (size_t i = 0; i < 8; i++) to[k * columns + j + i] = i < rest ? from[(j + i) * stride + k] : 0;
  }
}

static void softmax(float *x, size_t count, size_t columns) {
  for (size_t j = count; j < columns; j++) x[j] = -INFINITY;
  VECTOR most = load(x, 8);
  for (size_t j = 8; j < columns; j += 8) most = __builtin_elementwise_max(most, load(x + j, 8));
  const VECTOR top = all(largest(most));
  VECTOR total = all(0);
  for (size_t j = 0; j < columns; j += 8) {
    VECTOR e = exponential(load(x + j, 8) - top);
    store(x + j, e, 8);
    total += e;
  }
  const VECTOR share = all(1.0f / sum(total));
  for (size_t j = 0; j < columns; j += 8) store(x + j, load(x + j, 8) * share, 8);
  for (size_t j = count; j < columns; j++) x[j] = 0;
}

static void attention(tensor_attention_shape shape, const float *q, const float *k, const float *v, float *scratch,
                      float *probabilities, float *output) {
  const size_t width = shape.head_width, stride = shape.stride, dense = shape.heads * width;
  const size_t columns = tensor_attention_columns(shape.tokens);
  const float factor = 1.0f / sqrtf((float)width);
  for (size_t sample = 0; sample < shape.samples; sample++)
    for (size_t head = 0; head < shape.heads; head++, probabilities += shape.queries * columns) {
      const size_t place = sample * shape.tokens * stride + head * width;
      transpose(k + place, stride, shape.tokens, width, scratch);
      small_product(shape.queries, columns, width, factor, q + place, stride, 1, scratch, columns, probabilities,
                    columns);
      for (size_t i = 0; i < shape.queries; i++) softmax(probabilities + i * columns, shape.tokens, columns);
      small_product(shape.queries, width, shape.tokens, 1, probabilities, columns, 1, v + place, stride,
                    output + sample * shape.queries * dense + head * width, dense);
    }
}

static void attention_gradient(tensor_attention_shape shape, const float *q, const float *k, const float *v,
                               const float *probabilities, const float *doutput, float *scratch, float *dq, float *dk,
                               float *dv) {
  const size_t width = shape.head_width, stride = shape.stride, dense = shape.heads * width;
  const size_t columns = tensor_attention_columns(shape.tokens);
  const float factor = 1.0f / sqrtf((float)width);
  float *const turned = scratch, *const d = scratch + width * columns;
  for (size_t sample = 0; sample < shape.samples; sample++)
    for (size_t head = 0; head < shape.heads; head++, probabilities += shape.queries * columns) {
      const size_t place = sample * shape.tokens * stride + head * width;
      const float *const dout = doutput + sample * shape.queries * dense + head * width;
      small_product(shape.tokens, width, shape.queries, 1, probabilities, 1, columns, dout, dense, dv + place, stride);
      transpose(v + place, stride, shape.tokens, width, turned);
      small_product(shape.queries, columns, width, 1, dout, dense, 1, turned, columns, d, columns);
      for (size_t i = 0; i < shape.queries; i++) {
        const float *const p = probabilities + i * columns;
        VECTOR total = all(0);
        for (size_t j = 0; j < columns; j += 8) total = fused(load(d + i * columns + j, 8), load(p + j, 8), total);
        const VECTOR level = all(sum(total));
        for (size_t j = 0; j < columns; j += 8)
          store(d + i * columns + j, (load(d + i * columns + j, 8) - level) * load(p + j, 8), 8);
      }
      small_product(shape.queries, width, shape.tokens, factor, d, columns, 1, k + place, stride, dq + place, stride);
      small_product(shape.tokens, width, shape.queries, factor, d, 1, columns, q + place, stride, dk + place, stride);
    }
}
