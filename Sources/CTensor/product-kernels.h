/* The matrix product, see layers.h: both matrices are packed into panels that lie as a tile of sums reads them, as in
   K. Goto and R. A. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34 (3), 2008. */

enum {
  TILE_COLUMNS = 2 * LANES,
  /* What is packed of a, and what is made of c meanwhile, stays in the second cache; a panel of b in the first. */
  BLOCK_ROWS = 64 * TILE_ROWS,
  BLOCK_COLUMNS = 768,
};
_Static_assert((BLOCK_ROWS + TILE_COLUMNS) * PRODUCT_BLOCK <= tensor_product_scratch, "what is packed fits");

INLINE size_t smaller(size_t one, size_t other) { return one < other ? one : other; }

/* Eight lines of `count` elements, `line_step` apart, of which `lines` are there, become `count` groups of eight,
   `group_step` apart; zeros for the lines that are not there. */
INLINE void interleave(const float *from, size_t line_step, size_t lines, size_t count, float *to, size_t group_step) {
  size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    VECTOR block[8];
    for (size_t i = 0; i < 8; i++) block[i] = i < lines ? load(from + i * line_step + k, 8) : all(0);
    turn(block);
    for (size_t i = 0; i < 8; i++) store(to + (k + i) * group_step, block[i], 8);
  }
  for (; k < count; k++)
    for (size_t i = 0; i < 8; i++) to[k * group_step + i] = i < lines ? from[i * line_step + k] : 0;
}

/* `lines` lines of `width` elements, `step` apart, become lines of `full`, with zeros behind them. */
INLINE void copy_lines(const float *from, size_t step, size_t lines, size_t width, float *to, const size_t full) {
  for (; lines > 0; lines--, from += step, to += full)
    if (width == full) {
      size_t i = 0;
      for (; i + 8 <= full; i += 8) store(to + i, load(from + i, 8), 8);
      memcpy(to + i, from + i, full % 8 * sizeof(float));
    } else {
      memcpy(to, from, width * sizeof(float));
      memset(to + width, 0, (full - width) * sizeof(float));
    }
}

/* `full` columns of b, one depth after another, of which `columns` are there. */
static void pack_right(tensor_matrix b, size_t first, size_t columns, size_t full, size_t depth, size_t length,
                       float *panel) {
  if (b.is_transposed)
    for (size_t j = 0; j < full; j += 8) {
      const size_t lines = j < columns ? columns - j : 0;
      interleave(b.base + (lines ? first + j : 0) * b.stride + depth, b.stride, lines, length, panel + j, full);
    }
  else
    copy_lines(b.base + depth * b.stride + first, b.stride, length, columns, panel, full);
}

/* Tiles of rows of a: row after row, or one depth after another where a is transposed; then some lines at a time, which stay
   in the first cache until all tiles have their parts of them. */
static void pack_left(tensor_matrix a, size_t first, size_t rows, size_t depth, size_t length, float *block) {
  if (a.is_transposed) {
    for (size_t k = 0; k < length; k += 32)
      for (size_t i = 0; i < rows; i += TILE_ROWS)
        copy_lines(a.base + (depth + k) * a.stride + first + i, a.stride, smaller(length - k, 32),
                   smaller(rows - i, TILE_ROWS), block + i * PRODUCT_BLOCK + k * TILE_ROWS, TILE_ROWS);
    return;
  }
  for (size_t i = 0; i < (rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS; i++, block += PRODUCT_BLOCK)
    if (i < rows)
      memcpy(block, a.base + (first + i) * a.stride + depth, length * sizeof(float));
    else
      memset(block, 0, length * sizeof(float));
}

static void add_tile(const float *sums, float scale, bool adds, size_t rows, size_t columns, float *c, size_t stride) {
  for (; rows > 0; rows--, sums += TILE_COLUMNS, c += stride)
    for (size_t j = 0; j < columns; j += 8) {
      const VECTOR sum = load(sums + j, 8);
      store(c + j, adds ? fused(sum, all(scale), load(c + j, columns - j)) : sum * all(scale), columns - j);
    }
}

static void product(tensor_matrix a, tensor_matrix b, size_t rows, size_t columns, size_t depth, float scale, bool adds,
                    float *c, size_t stride, float *scratch) {
  _Alignas(64) float sums[TILE_ROWS * TILE_COLUMNS];
  float *const panel = scratch, *const block = scratch + TILE_COLUMNS * PRODUCT_BLOCK;
  for (size_t left = 0; left < columns; left += BLOCK_COLUMNS)
    for (size_t top = 0; top < rows; top += BLOCK_ROWS) {
      const size_t right = smaller(columns, left + BLOCK_COLUMNS), bottom = smaller(rows, top + BLOCK_ROWS);
      for (size_t k = 0; k < depth; k += PRODUCT_BLOCK) {
        const size_t length = smaller(depth - k, PRODUCT_BLOCK);
        pack_left(a, top, bottom - top, k, length, block);
        for (size_t j = left; j < right; j += TILE_COLUMNS) {
          const size_t width = smaller(right - j, TILE_COLUMNS);
          const bool is_narrow = width <= LANES;
          pack_right(b, j, width, is_narrow ? LANES : TILE_COLUMNS, k, length, panel);
          void (*const tile)(size_t, const float *, const float *, float *) =
              a.is_transposed ? (is_narrow ? tile_of_columns_narrow : tile_of_columns)
                              : (is_narrow ? tile_of_rows_narrow : tile_of_rows);
          for (size_t i = top; i < bottom; i += TILE_ROWS) {
            const size_t height = smaller(bottom - i, TILE_ROWS);
            float *const place = c + i * stride + j;
            for (size_t row = 0; row < height; row++)
              for (size_t line = 0; line < width; line += 16) __builtin_prefetch(place + row * stride + line, 1);
            tile(length, block + (i - top) * PRODUCT_BLOCK, panel, sums);
            add_tile(sums, scale, adds || k > 0, height, width, place, stride);
          }
        }
      }
    }
}
