#include <math.h>
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

double tensor_cross_entropy(const float *logits, const uint8_t *labels, size_t samples, size_t classes, size_t *correct,
                            float *gradient) {
  double loss = 0;
  *correct = 0;
  for (size_t sample = 0; sample < samples; sample++, logits += classes) {
    const size_t label = labels[sample];
    size_t best = 0;
    for (size_t i = 1; i < classes; i++)
      if (logits[i] > logits[best]) best = i;
    *correct += best == label;
    double total = 0;
    for (size_t i = 0; i < classes; i++) total += exp((double)logits[i] - (double)logits[best]);
    loss += label < classes ? log(total) + (double)logits[best] - (double)logits[label] : NAN;
    if (!gradient) continue;
    for (size_t i = 0; i < classes; i++) {
      const double share = exp((double)logits[i] - (double)logits[best]) / total;
      *gradient++ = (float)((share - (i == label)) / (double)samples);
    }
  }
  return loss;
}
