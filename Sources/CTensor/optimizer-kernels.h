/* Updates of weights by gradients, over the flat buffer; see layers.h. */

static void sgd(size_t count, float rate, float momentum, float decay, const float *gradient, float *velocity,
                float *weight) {
  for (size_t i = 0; i < count; i += 8) {
    const size_t rest = count - i;
    VECTOR w = load(weight + i, rest);
    VECTOR v = fused(w, all(decay), load(gradient + i, rest));
    if (velocity) {
      v = fused(load(velocity + i, rest), all(momentum), v);
      store(velocity + i, v, rest);
    }
    store(weight + i, fused(v, all(-rate), w), rest);
  }
}

static void adamw(size_t count, float rate, float keep, float share1, float beta2, float share2, float root,
                  float epsilon, const float *gradient, float *moment1, float *moment2, float *weight) {
  for (size_t i = 0; i < count; i += 8) {
    const size_t rest = count - i;
    const VECTOR g = load(gradient + i, rest);
    VECTOR m = load(moment1 + i, rest), v = load(moment2 + i, rest);
    m = fused(g - m, all(share1), m);
    v = fused(g * g, all(share2), v * all(beta2));
    store(moment1 + i, m, rest);
    store(moment2 + i, v, rest);
    const VECTOR change = m / fused(__builtin_elementwise_sqrt(v), all(root), all(epsilon));
    store(weight + i, fused(change, all(-rate), load(weight + i, rest) * all(keep)), rest);
  }
}

static double sum_squares(const float *x, size_t count) {
  DOUBLES total = {0};
  for (size_t i = 0; i < count; i += 8) {
    const DOUBLES d = __builtin_convertvector(load(x + i, count - i), DOUBLES);
    total = d * d + total;
  }
  return ((total[0] + total[4]) + (total[2] + total[6])) + ((total[1] + total[5]) + (total[3] + total[7]));
}

static void scale(size_t count, float factor, float *x) {
  for (size_t i = 0; i < count; i += 8) store(x + i, load(x + i, count - i) * all(factor), count - i);
}
