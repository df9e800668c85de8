/* Norms, GELU and sums over rows; see layers.h. */

static void layer_norm(const float *x, size_t stride, const float *weight, const float *bias, float epsilon, size_t rows,
                       size_t width, float *y, float *stats) {
  for (size_t row = 0; row < rows; row++, x += stride, y += width) {
    VECTOR total = all(0);
    for (size_t i = 0; i < width; i += 8) total += load(x + i, width - i);
    const float mean = sum(total) / (float)width;
    VECTOR squares = all(0);
    size_t i = 0;
    for (; i + 8 <= width; i += 8) {
      VECTOR d = load(x + i, 8) - all(mean);
      squares = fused(d, d, squares);
    }
    float variance = sum(squares);
    for (; i < width; i++) variance += (x[i] - mean) * (x[i] - mean);
    const float inverse = 1.0f / sqrtf(variance / (float)width + epsilon);
    for (i = 0; i < width; i += 8) {
      VECTOR normal = (load(x + i, width - i) - all(mean)) * all(inverse);
      store(y + i, fused(normal, load(weight + i, width - i), load(bias + i, width - i)), width - i);
    }
    stats[2 * row] = mean;
    stats[2 * row + 1] = inverse;
  }
}

static void layer_norm_gradient(const float *x, size_t stride, const float *stats, const float *weight, const float *dy,
                                size_t rows, size_t width, float *dx) {
  for (size_t row = 0; row < rows; row++, x += stride, dx += stride, dy += width) {
    const VECTOR mean = all(stats[2 * row]), inverse = all(stats[2 * row + 1]);
    VECTOR plain = all(0), crossed = all(0);
    for (size_t i = 0; i < width; i += 8) {
      const size_t rest = width - i;
      VECTOR d = load(dy + i, rest), normal = (load(x + i, rest) - mean) * inverse;
      VECTOR g = d * load(weight + i, rest);
      plain += g;
      crossed = fused(g, normal, crossed);
    }
    const VECTOR level = all(sum(plain) / (float)width), slope = all(sum(crossed) / (float)width);
    for (size_t i = 0; i < width; i += 8) {
      const size_t rest = width - i;
      VECTOR g = load(dy + i, rest) * load(weight + i, rest);
      VECTOR normal = (load(x + i, rest) - mean) * inverse;
      VECTOR change = fused(normal, -slope, g - level);
      store(dx + i, fused(change, inverse, load(dx + i, rest)), rest);
    }
  }
}

static void layer_norm_sums(const float *x, size_t stride, const float *stats, const float *dy, size_t dy_stride,
                            size_t rows, size_t width, float *dweight, float *dbias) {
  memset(dweight, 0, width * sizeof(float));
  memset(dbias, 0, width * sizeof(float));
  for (size_t row = 0; row < rows; row++, x += stride, dy += dy_stride) {
    const VECTOR mean = all(stats[2 * row]), inverse = all(stats[2 * row + 1]);
    for (size_t i = 0; i < width; i += 8) {
      const size_t rest = width - i;
      const VECTOR d = load(dy + i, rest), normal = (load(x + i, rest) - mean) * inverse;
      store(dweight + i, fused(d, normal, load(dweight + i, rest)), rest);
      store(dbias + i, load(dbias + i, rest) + d, rest);
    }
  }
}

static void start_rows(const float *bias, const float *residual, size_t residual_stride, size_t rows, size_t width,
                       float *y, size_t stride) {
  for (size_t row = 0; row < rows; row++, y += stride) {
    if (residual) {
      for (size_t i = 0; i < width; i += 8)
        store(y + i, load(bias + i, width - i) + load(residual + i, width - i), width - i);
      residual += residual_stride;
    } else {
      memcpy(y, bias, width * sizeof(float));
    }
  }
}

static void sum_rows(const float *x, size_t stride, size_t rows, size_t width, float *total) {
  memset(total, 0, width * sizeof(float));
  for (size_t row = 0; row < rows; row++, x += stride)
    for (size_t i = 0; i < width; i += 8)
      store(total + i, load(total + i, width - i) + load(x + i, width - i), width - i);
}

/* Phi(-|x|) = e^(-x^2/2) polynomial(1 / (1 + p |x|)), Abramowitz and Stegun 7.1.26: 7.5e-8 absolute. */
static void gelu(const float *x, size_t count, float *y, float *slope) {
  for (size_t i = 0; i < count; i += 8) {
    const size_t rest = count - i;
    const VECTOR v = load(x + i, rest);
    const VECTOR e = exponential(v * v * all(-0.5f));
    const VECTOR t = all(1.0f) / fused(__builtin_elementwise_abs(v), all(0.3275911f * 0.70710678f), all(1.0f));
    VECTOR p = fused(t, all(0.5f * 1.061405429f), all(0.5f * -1.453152027f));
    p = fused(p, t, all(0.5f * 1.421413741f));
    p = fused(p, t, all(0.5f * -0.284496736f));
    p = fused(p, t, all(0.5f * 0.254829592f));
    const VECTOR tail = p * t * e;
    const INTEGERS negative = v < all(0.0f);
    const VECTOR phi = (VECTOR)((negative & (INTEGERS)tail) | (~negative & (INTEGERS)(all(1.0f) - tail)));
    if (slope) store(slope + i, fused(v * e, all(0.39894228f), phi), rest);
    store(y + i, v * phi, rest);
  }
}

static void multiply_sum_rows(const float *slope, size_t stride, size_t rows, size_t width, float *dx, float *total) {
  memset(total, 0, width * sizeof(float));
  for (size_t row = 0; row < rows; row++, slope += stride, dx += stride)
    for (size_t i = 0; i < width; i += 8) {
      VECTOR d = load(dx + i, width - i) * load(slope + i, width - i);
      store(dx + i, d, width - i);
      store(total + i, load(total + i, width - i) + d, width - i);
    }
}

static void add_positions(const float *embedded, const float *class_token, const float *positions, size_t samples,
                          size_t tokens, size_t width, float *x) {
  for (size_t sample = 0; sample < samples; sample++)
    for (size_t token = 0; token < tokens; token++, x += width) {
      const float *source = token == 0 ? class_token : embedded + (sample * (tokens - 1) + token - 1) * width;
      for (size_t i = 0; i < width; i += 8)
        store(x + i, load(source + i, width - i) + load(positions + token * width + i, width - i), width - i);
    }
}

/* `rows` x 8 `vectors` elements from y on; with constant sizes all sums stay in registers. */
INLINE void low_rank_tile(const size_t rows, const size_t vectors, const float *weight, const float *a, const float *b,
                          size_t rank, size_t columns, float factor, float *y) {
  VECTOR total[4][2];
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < vectors; j++) total[i][j] = all(0);
  for (size_t k = 0; k < rank; k++, a += columns) {
    VECTOR right[2];
    for (size_t j = 0; j < vectors; j++) right[j] = load(a + 8 * j, 8);
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < vectors; j++) total[i][j] = fused(right[j], all(b[i * rank + k]), total[i][j]);
  }
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < vectors; j++)
      store(y + i * columns + 8 * j, fused(total[i][j], all(factor), load(weight + i * columns + 8 * j, 8)), 8);
}

static void add_low_rank(const float *weight, const float *a, const float *b, size_t rows, size_t columns, size_t rank,
                         float factor, float *y) {
  for (size_t i = 0; i < rows; i += 4, weight += 4 * columns, b += 4 * rank, y += 4 * columns) {
    const size_t height = rows - i < 4 ? rows - i : 4;
    size_t j = 0;
    for (; height == 4 && j + 16 <= columns; j += 16)
      low_rank_tile(4, 2, weight + j, a + j, b, rank, columns, factor, y + j);
    for (; j + 8 <= columns; j += 8)
      for (size_t row = 0; row < height; row++)
        low_rank_tile(
            1, 1, weight + row * columns + j, a + j, b + row * rank, rank, columns, factor, y + row * columns + j);
    for (; j < columns; j++)
      for (size_t row = 0; row < height; row++) {
        float total = 0;
        for (size_t k = 0; k < rank; k++) total += b[row * rank + k] * a[k * columns + j];
        y[row * columns + j] = total * factor + weight[row * columns + j];
      }
  }
}
