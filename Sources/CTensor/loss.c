#include <math.h>

#include "elementary.h"
#include "include/layers.h"

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
    for (size_t i = 0; i < classes; i++) total += elementary_exp((double)logits[i] - (double)logits[best]);
    loss += label < classes ? elementary_log(total) + (double)logits[best] - (double)logits[label] : NAN;
    if (!gradient) continue;
    for (size_t i = 0; i < classes; i++) {
      const double share = elementary_exp((double)logits[i] - (double)logits[best]) / total;
      *gradient++ = (float)((share - (i == label)) / (double)samples);
    }
  }
  return loss;
}
