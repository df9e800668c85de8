/* Tiles of sums in the registers of AVX2 (6 rows of two vectors of 8) or AVX-512 (12 rows of two of 16): each a chain of fused
   multiply-adds over one depth after another. In assembler, since a debug build would keep no chain in a register, and a
   release build not all of them. */

#if LANES == 16
enum { TILE_ROWS = 12 };
#define REGISTER "%%zmm"
#define CLEARS "vpxord "
#define VECTOR_BYTES "64"
#define COLUMN_STEP "12"
#define UPPER_HALF(...) __VA_ARGS__
#else
enum { TILE_ROWS = 6 };
#define REGISTER "%%ymm"
#define CLEARS "vpxor "
#define VECTOR_BYTES "32"
#define COLUMN_STEP "6"
#define UPPER_HALF(...)
#endif

#define TEXT_OF(X) #X
#define TEXT(X) TEXT_OF(X)

/* Vectors 0 and 1 hold a row of b, vector 2 an element of a; the sums of row I are in 4 + 2 I, and 5 + 2 I for the second half. */
#define ELEMENT(I, K, ROW_STEP, DEPTH_STEP) \
  "vbroadcastss 4*" #I "*" ROW_STEP "+4*" #K "*" DEPTH_STEP "(%[a]), " REGISTER "2\n\t"
#define WIDE(I, FIRST, SECOND, ...)                                    \
  ELEMENT(I, __VA_ARGS__)                                              \
  "vfmadd231ps " REGISTER "0, " REGISTER "2, " REGISTER #FIRST "\n\t"  \
  "vfmadd231ps " REGISTER "1, " REGISTER "2, " REGISTER #SECOND "\n\t"
#define NARROW(I, FIRST, SECOND, ...) \
  ELEMENT(I, __VA_ARGS__)             \
  "vfmadd231ps " REGISTER "0, " REGISTER "2, " REGISTER #FIRST "\n\t"

#define ALL_ROWS(ROW, ...)                                                                                    \
  ROW(0, 4, 5, __VA_ARGS__) ROW(1, 6, 7, __VA_ARGS__) ROW(2, 8, 9, __VA_ARGS__)                               \
  ROW(3, 10, 11, __VA_ARGS__) ROW(4, 12, 13, __VA_ARGS__) ROW(5, 14, 15, __VA_ARGS__)                         \
  UPPER_HALF(ROW(6, 16, 17, __VA_ARGS__) ROW(7, 18, 19, __VA_ARGS__) ROW(8, 20, 21, __VA_ARGS__)              \
                 ROW(9, 22, 23, __VA_ARGS__) ROW(10, 24, 25, __VA_ARGS__) ROW(11, 26, 27, __VA_ARGS__))

#define STEP_WIDE(K, ...)                                                      \
  "vmovups 2*" VECTOR_BYTES "*" #K "(%[b]), " REGISTER "0\n\t"                 \
  "vmovups 2*" VECTOR_BYTES "*" #K "+" VECTOR_BYTES "(%[b]), " REGISTER "1\n\t" \
  ALL_ROWS(WIDE, K, __VA_ARGS__)
#define STEP_NARROW(K, ...)                                  \
  "vmovups " VECTOR_BYTES "*" #K "(%[b]), " REGISTER "0\n\t" \
  ALL_ROWS(NARROW, K, __VA_ARGS__)

#define CLEAR(I, FIRST, SECOND, ...)                                                \
  CLEARS REGISTER #FIRST ", " REGISTER #FIRST ", " REGISTER #FIRST "\n\t"           \
  CLEARS REGISTER #SECOND ", " REGISTER #SECOND ", " REGISTER #SECOND "\n\t"
#define KEEP(I, FIRST, SECOND, ...)                                                       \
  "vmovups " REGISTER #FIRST ", 2*" VECTOR_BYTES "*" #I "(%[sums])\n\t"                   \
  "vmovups " REGISTER #SECOND ", 2*" VECTOR_BYTES "*" #I "+" VECTOR_BYTES "(%[sums])\n\t"

#define TILE(NAME, STEP, VECTORS, ...)                                                                             \
  static void NAME(size_t depth, const float *a, const float *b, float *sums) {                                    \
    size_t fours = depth / 4, ones = depth % 4;                                                                    \
    __asm__ volatile(ALL_ROWS(CLEAR, )                                                                             \
                     "test %[fours], %[fours]\n\t"                                                                 \
                     "jz 2f\n\t"                                                                                   \
                     ".p2align 5\n\t"                                                                              \
                     "1:\n\t"                                                                                      \
                     STEP(0, __VA_ARGS__) STEP(1, __VA_ARGS__) STEP(2, __VA_ARGS__) STEP(3, __VA_ARGS__)           \
                     "add $16*" DEPTH_STEP_OF(__VA_ARGS__) ", %[a]\n\t"                                            \
                     "add $4*" VECTORS "*" VECTOR_BYTES ", %[b]\n\t"                                               \
                     "dec %[fours]\n\t"                                                                            \
                     "jnz 1b\n\t"                                                                                  \
                     "2:\n\t"                                                                                      \
                     "test %[ones], %[ones]\n\t"                                                                   \
                     "jz 4f\n\t"                                                                                   \
                     "3:\n\t"                                                                                      \
                     STEP(0, __VA_ARGS__)                                                                          \
                     "add $4*" DEPTH_STEP_OF(__VA_ARGS__) ", %[a]\n\t"                                             \
                     "add $" VECTORS "*" VECTOR_BYTES ", %[b]\n\t"                                                 \
                     "dec %[ones]\n\t"                                                                             \
                     "jnz 3b\n\t"                                                                                  \
                     "4:\n\t"                                                                                      \
                     ALL_ROWS(KEEP, )                                                                              \
                     "vzeroupper\n\t"                                                                              \
                     : [fours] "+r"(fours), [ones] "+r"(ones), [a] "+r"(a), [b] "+r"(b)                            \
                     : [sums] "r"(sums)                                                                            \
                     : "cc", "memory", "xmm0", "xmm1", "xmm2", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",     \
                       "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",                                                \
                       "xmm15" UPPER_HALF(, "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", \
                                          "xmm24", "xmm25", "xmm26", "xmm27"));                                    \
  }
#define DEPTH_STEP_OF(ROW_STEP, DEPTH_STEP) DEPTH_STEP

TILE(tile_of_rows_narrow, STEP_NARROW, "1", TEXT(PRODUCT_BLOCK), "1")
TILE(tile_of_rows, STEP_WIDE, "2", TEXT(PRODUCT_BLOCK), "1")
TILE(tile_of_columns_narrow, STEP_NARROW, "1", "1", COLUMN_STEP)
TILE(tile_of_columns, STEP_WIDE, "2", "1", COLUMN_STEP)

#undef TILE
#undef CLEAR
#undef KEEP
#undef WIDE
#undef NARROW
