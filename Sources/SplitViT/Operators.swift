import CTensor
import Training

/// All that a network computes, operator by operator. Where somebody helps, each is shared out in pieces that change no bit: rows or
/// samples where these are computed each by itself, columns where the rows are summed up.
struct Operators {
  typealias Floats = UnsafeMutablePointer<Float>

  var clock = ProductClock()
  let kernels: tensor_kernels
  /// What an operator computes in on this thread, ``scratch(_:)`` elements on a line of the cache.
  let scratch: Floats
  /// Who helps; `nil`: nobody.
  let work: SharedWork?

  init(_ kernels: tensor_kernels, scratch: Floats, work: SharedWork?) {
    self.kernels = kernels
    self.scratch = scratch
    self.work = work
  }

  /// Elements that a product packs its operands into, and attention needs for one head.
  static func scratch(_ architecture: VisionTransformer) -> Int {
    max(
      tensor_product_scratch,
      tensor_attention_scratch(architecture.tokens, architecture.width / architecture.heads))
  }

  func share(_ count: Int, grain: Int = 1, each: Int, _ body: (Range<Int>, Floats) -> Void) {
    SharedWork.share(work, count, grain: grain, each: each) { body($0, $1 ?? scratch) }
  }

  func layerNorm(
    _ x: Floats, stride: Int, weight: Floats, bias: Floats, epsilon: Float, rows: Int, width: Int, to y: Floats,
    statistics: Floats
  ) {
    share(rows, each: 2 * width) { rows, _ in
      let first = rows.lowerBound
      kernels.layer_norm(
        x + first * stride, stride, weight, bias, epsilon, rows.count, width, y + first * width, statistics + 2 * first)
    }
  }

  /// Adds the gradient of x to dx, and puts out those of weight and bias.
  func layerNormGradient(
    _ x: Floats, stride: Int, statistics: Floats, weight: Floats, dy: Floats, rows: Int, width: Int, to dx: Floats,
    weightGradient: Floats, biasGradient: Floats
  ) {
    share(width, grain: 16, each: 2 * rows) { columns, _ in
      let first = columns.lowerBound
      kernels.layer_norm_sums(
        x + first, stride, statistics, dy + first, width, rows, columns.count, weightGradient + first,
        biasGradient + first)
    }
    share(rows, each: 3 * width) { rows, _ in
      let first = rows.lowerBound
      kernels.layer_norm_gradient(
        x + first * stride, stride, statistics + 2 * first, weight, dy + first * width, rows.count, width,
        dx + first * stride)
    }
  }

  /// Each row of y becomes `bias`, plus the row of `residual` where there is one.
  func startRows(
    _ bias: Floats, residual: Floats? = nil, residualStride: Int = 0, rows: Int, width: Int, y: Floats, stride: Int
  ) {
    share(rows, each: width) { rows, _ in
      let first = rows.lowerBound
      kernels.start_rows(
        bias, residual.map { $0 + first * residualStride }, residualStride, rows.count, width, y + first * stride,
        stride)
    }
  }

  /// The sum of all rows.
  func sumRows(_ x: Floats, stride: Int, rows: Int, width: Int, to sum: Floats) {
    share(width, grain: 16, each: rows) { columns, _ in
      kernels.sum_rows(x + columns.lowerBound, stride, rows, columns.count, sum + columns.lowerBound)
    }
  }

  /// dx *= slope, and the sum of all rows of the product.
  func multiplySumRows(_ slope: Floats, rows: Int, width: Int, dx: Floats, sum: Floats) {
    share(width, grain: 16, each: rows) { columns, _ in
      let first = columns.lowerBound
      kernels.multiply_sum_rows(slope + first, width, rows, columns.count, dx + first, sum + first)
    }
  }

  /// y = GELU(x), and its derivative where there is a place for it.
  func gelu(_ x: Floats, count: Int, to y: Floats, slope: Floats?) {
    share(count, grain: 16, each: 4) { run, _ in
      let first = run.lowerBound
      kernels.gelu(x + first, run.count, y + first, slope.map { $0 + first })
    }
  }

  /// Attention of every sample and head; queries, keys and values lie side by side from `qkv` on.
  func attention(
    _ shape: tensor_attention_shape, qkv: Floats, probabilities: Floats, to output: Floats
  ) {
    shareSamples(shape) { part, first, scratch in
      let qkv = qkv + first * shape.tokens * shape.stride
      kernels.attention(
        part, qkv, qkv + shape.width, qkv + 2 * shape.width, scratch,
        probabilities + first * shape.probabilities, output + first * shape.queries * shape.width)
    }
  }

  /// Overwrites the gradients of queries, keys and values, which lie as these do.
  func attentionGradient(
    _ shape: tensor_attention_shape, qkv: Floats, probabilities: Floats, _ outputGradient: Floats,
    to qkvGradient: Floats
  ) {
    shareSamples(shape) { part, first, scratch in
      let place = first * shape.tokens * shape.stride
      let (qkv, gradient) = (qkv + place, qkvGradient + place)
      kernels.attention_gradient(
        part, qkv, qkv + shape.width, qkv + 2 * shape.width, probabilities + first * shape.probabilities,
        outputGradient + first * shape.queries * shape.width, scratch, gradient, gradient + shape.width,
        gradient + 2 * shape.width)
    }
  }

  private func shareSamples(
    _ shape: tensor_attention_shape, _ body: (tensor_attention_shape, _ first: Int, Floats) -> Void
  ) {
    share(shape.samples, each: shape.queries * (shape.tokens * shape.heads + shape.width)) { samples, scratch in
      var part = shape
      part.samples = samples.count
      body(part, samples.lowerBound, scratch)
    }
  }

  func addPositions(
    _ embedded: Floats, classToken: Floats, positions: Floats, samples: Int, tokens: Int, width: Int, to x: Floats
  ) {
    share(samples, each: tokens * width) { samples, _ in
      let first = samples.lowerBound
      kernels.add_positions(
        embedded + first * (tokens - 1) * width, classToken, positions, samples.count, tokens, width,
        x + first * tokens * width)
    }
  }

  /// y = weight + factor b a, where b is rows × rank and a rank × columns.
  func addLowRank(
    _ weight: Floats, a: Floats, b: Floats, rows: Int, columns: Int, rank: Int, factor: Float, to y: Floats
  ) {
    share(rows, grain: 4, each: columns * (1 + rank / 4)) { rows, _ in
      let first = rows.lowerBound
      kernels.add_low_rank(
        weight + first * columns, a, b + first * rank, rows.count, columns, rank, factor, y + first * columns)
    }
  }
}

extension tensor_attention_shape {
  /// Elements of all heads of a token.
  fileprivate var width: Int { heads * head_width }
  /// Probabilities of a sample.
  fileprivate var probabilities: Int { heads * queries * tensor_attention_columns(tokens) }
}
