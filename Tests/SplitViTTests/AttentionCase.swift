import CTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One call of the attention kernels, and the same by loops over single elements in double precision.
struct AttentionCase {
  let shape: tensor_attention_shape
  let qkv: [Float]
  let outputGradient: [Float]
  private let width: Int

  init(samples: Int, heads: Int, tokens: Int, queries: Int, width: Int) {
    self.width = width
    shape = tensor_attention_shape(
      samples: samples, heads: heads, tokens: tokens, queries: queries, head_width: width, stride: 3 * heads * width)
    var numbers = TestNumbers(UInt64(tokens * 1000 + width))
    qkv = numbers.array(samples * tokens * shape.stride)
    outputGradient = numbers.array(samples * queries * heads * width)
  }

  /// Output, and the gradients of queries, keys and values as they lie; those of queries not asked for are zero.
  func run(_ kernels: tensor_kernels) -> (output: [Float], gradient: [Float]) {
    let dense = shape.heads * width
    let columns = tensor_attention_columns(shape.tokens)
    var output = [Float](repeating: 9, count: outputGradient.count)
    var gradient = [Float](repeating: 0, count: qkv.count)
    // Full of what must not matter.
    var scratch = [Float](repeating: .nan, count: tensor_attention_scratch(shape.tokens, width))
    var probabilities = [Float](repeating: .nan, count: shape.samples * shape.heads * shape.queries * columns)
    qkv.withUnsafeBufferPointer { qkv in
      gradient.withUnsafeMutableBufferPointer { gradient in
        guard let qkv = qkv.baseAddress, let gradient = gradient.baseAddress else { return }
        kernels.attention(shape, qkv, qkv + dense, qkv + 2 * dense, &scratch, &probabilities, &output)
        kernels.attention_gradient(
          shape, qkv, qkv + dense, qkv + 2 * dense, probabilities, outputGradient, &scratch, gradient,
          gradient + dense, gradient + 2 * dense)
      }
    }
    return (output, gradient)
  }

  /// softmax(q k / sqrt(width)) v, and the derivatives of Σ output · outputGradient.
  func loops() -> (output: [Double], gradient: [Double]) {
    let dense = shape.heads * width
    var output = [Double](repeating: 0, count: outputGradient.count)
    var gradient = [Double](repeating: 0, count: qkv.count)
    for sample in 0..<shape.samples {
      for head in 0..<shape.heads {
        func place(_ token: Int, _ part: Int) -> Int {
          (sample * shape.tokens + token) * shape.stride + part * dense + head * width
        }
        for query in 0..<shape.queries {
          let row = (sample * shape.queries + query) * dense + head * width
          let q = place(query, 0)
          let factor = 1 / Double(width).squareRoot()
          let scores = (0..<shape.tokens).map { token in
            (0..<width).reduce(0) { $0 + Double(qkv[q + $1]) * Double(qkv[place(token, 1) + $1]) } * factor
          }
          let powers = scores.map { exp($0) }
          let shares = powers.map { $0 / powers.reduce(0, +) }
          let changes = (0..<shape.tokens).map { token in
            (0..<width).reduce(0) { $0 + Double(outputGradient[row + $1]) * Double(qkv[place(token, 2) + $1]) }
          }
          let level = zip(shares, changes).reduce(0) { $0 + $1.0 * $1.1 }
          for token in 0..<shape.tokens {
            let slope = shares[token] * (changes[token] - level) * factor
            for i in 0..<width {
              output[row + i] += shares[token] * Double(qkv[place(token, 2) + i])
              gradient[place(token, 2) + i] += shares[token] * Double(outputGradient[row + i])
              gradient[q + i] += slope * Double(qkv[place(token, 1) + i])
              gradient[place(token, 1) + i] += slope * Double(qkv[q + i])
            }
          }
        }
      }
    }
    return (output, gradient)
  }
}
