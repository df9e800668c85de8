/* Tiles of 6 rows of two vectors of sums, in the compiler's own vectors. */

enum { TILE_ROWS = 6 };

INLINE void tile_of(size_t depth, const float *a, const size_t row_step, const size_t depth_step, const float *b,
                    const size_t vectors, float *sums) {
  VECTOR total[TILE_ROWS][2];
  for (size_t i = 0; i < TILE_ROWS; i++) total[i][0] = total[i][1] = all(0);
  for (size_t k = 0; k < depth; k++, a += depth_step, b += 8 * vectors)
    for (size_t j = 0; j < vectors; j++) {
      const VECTOR right = load(b + 8 * j, 8);
      for (size_t i = 0; i < TILE_ROWS; i++) total[i][j] = fused(all(a[i * row_step]), right, total[i][j]);
    }
  for (size_t i = 0; i < TILE_ROWS; i++)
    for (size_t j = 0; j < 2; j++) store(sums + 16 * i + 8 * j, total[i][j], 8);
}

static void tile_of_rows_narrow(size_t depth, const float *a, const float *b, float *sums) {
  tile_of(depth, a, PRODUCT_BLOCK, 1, b, 1, sums);
}

static void tile_of_rows(size_t depth, const float *a, const float *b, float *sums) {
  tile_of(depth, a, PRODUCT_BLOCK, 1, b, 2, sums);
}

static void tile_of_columns_narrow(size_t depth, const float *a, const float *b, float *sums) {
  tile_of(depth, a, 1, TILE_ROWS, b, 1, sums);
}

static void tile_of_columns(size_t depth, const float *a, const float *b, float *sums) {
  tile_of(depth, a, 1, TILE_ROWS, b, 2, sums);
}
