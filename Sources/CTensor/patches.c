#include <string.h>

#include "include/layers.h"

void tensor_patches(const float *images, size_t samples, size_t channels, size_t side, size_t patch, float *rows) {
  const size_t patches = side / patch;
  for (size_t sample = 0; sample < samples; sample++, images += channels * side * side)
    for (size_t down = 0; down < patches; down++)
      for (size_t right = 0; right < patches; right++)
        for (size_t channel = 0; channel < channels; channel++)
          for (size_t line = 0; line < patch; line++, rows += patch)
            memcpy(rows, images + (channel * side + down * patch + line) * side + right * patch, patch * sizeof(float));
}
