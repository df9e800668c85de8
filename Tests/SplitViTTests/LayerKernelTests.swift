import CTensor
import Testing
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@testable import SplitViT

/// Each kernel against the formula in double precision, in plain C and, where the processor has them, with vectors.
@Suite("Layer kernels")
struct LayerKernelTests {
  /// Ends of vectors and whole ones.
  static let widths = [1, 3, 8, 12, 17, 40]

  static func difference(_ one: [Float], _ other: [Double]) -> Double {
    one.count == other.count ? zip(one, other).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } : .infinity
  }

  @Test("GELU and its slope agree with erf to 1e-6, on all of the range")
  func gelu() {
    var x = stride(from: Float(-12), through: 12, by: 0.003).map { $0 }
    x += [0, -0.0, 1e-30, -1e-30, 40, -40, 1e20, -1e20]
    for (name, kernels) in Kernels.available {
      var y = [Float](repeating: 0, count: x.count)
      var slope = x
      // As the network calls it: what goes in makes place for the slope.
      slope.withUnsafeMutableBufferPointer { slope in
        y.withUnsafeMutableBufferPointer { y in
          guard let from = slope.baseAddress, let to = y.baseAddress else { return }
          kernels.gelu(from, x.count, to, from)
        }
      }
      for (place, x) in x.map(Double.init).enumerated() {
        let phi = 0.5 * erfc(-x / 2.0.squareRoot())
        let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
        #expect(abs(Double(y[place]) - x * phi) <= 1e-6 * max(1, abs(x)), "\(name), x = \(x)")
        #expect(abs(Double(slope[place]) - (phi + x * density)) <= 1e-6, "\(name), x = \(x)")
      }
      var some: [Float] = [0, 0, 0]
      kernels.gelu([.nan, 1, 2], 3, &some, nil)
      #expect(some[0].isNaN && !some[1].isNaN)
    }
  }

  @Test("a norm has mean 0 and variance 1 before weight and bias, whatever the stride")
  func norm() {
    for (name, kernels) in Kernels.available {
      for width in Self.widths {
        var numbers = TestNumbers(UInt64(width))
        let rows = 3
        let stride = width + 5
        let x = numbers.array(rows * stride, scale: 3)
        let weight = numbers.array(width)
        let bias = numbers.array(width)
        var y = [Float](repeating: 0, count: rows * width)
        var stats = [Float](repeating: 0, count: rows * 2)
        kernels.layer_norm(x, stride, weight, bias, 1e-6, rows, width, &y, &stats)
        let expected = (0..<rows).flatMap { row -> [Double] in
          let values = x[row * stride..<row * stride + width].map(Double.init)
          let mean = values.reduce(0, +) / Double(width)
          let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
          return (0..<width).map {
            (values[$0] - mean) / (variance + 1e-6).squareRoot() * Double(weight[$0]) + Double(bias[$0])
          }
        }
        #expect(Self.difference(y, expected) < 5e-6, "\(name), \(width) wide")
      }
    }
  }

  @Test("sums over rows, products with slopes, biases and residuals are what they say")
  func rows() {
    for (name, kernels) in Kernels.available {
      for width in Self.widths {
        var numbers = TestNumbers(UInt64(100 + width))
        let rows = 5
        let x = numbers.array(rows * (width + 2))
        let bias = numbers.array(width)
        let slope = numbers.array(rows * width)
        func column(_ i: Int) -> Double { (0..<rows).reduce(0) { $0 + Double(x[$1 * (width + 2) + i]) } }
        var sum = [Float](repeating: 9, count: width)
        kernels.sum_rows(x, width + 2, rows, width, &sum)
        #expect(Self.difference(sum, (0..<width).map(column)) < 1e-6, "\(name), \(width) wide")

        var product = Array(x.prefix(rows * width))
        let expected = (0..<rows * width).map { Double(x[$0]) * Double(slope[$0]) }
        kernels.multiply_sum_rows(slope, width, rows, width, &product, &sum)
        #expect(Self.difference(product, expected) < 1e-6, "\(name), \(width) wide")
        let sums = (0..<width).map { i in (0..<rows).reduce(0) { $0 + expected[$1 * width + i] } }
        #expect(Self.difference(sum, sums) < 1e-6, "\(name), \(width) wide")

        var started = [Float](repeating: 7, count: rows * (width + 1))
        kernels.start_rows(bias, x, width + 2, rows, width, &started, width + 1)
        for row in 0..<rows {
          for i in 0..<width { #expect(started[row * (width + 1) + i] == bias[i] + x[row * (width + 2) + i]) }
          #expect(started[row * (width + 1) + width] == 7, "\(name) writes behind a row of \(width)")
        }
      }
    }
  }

  @Test("a matrix with a product of low rank is what loops make of it, in its own place too")
  func lowRank() {
    for (name, kernels) in Kernels.available {
      for (rows, columns, rank) in [(1, 1, 1), (4, 16, 8), (7, 40, 3), (3, 29, 5), (12, 24, 16)] {
        var numbers = TestNumbers(UInt64(rows * 100 + columns))
        let weight = numbers.array(rows * columns)
        let a = numbers.array(rank * columns)
        let b = numbers.array(rows * rank)
        let expected = (0..<rows * columns).map { place in
          (0..<rank).reduce(Double(weight[place])) {
            $0 + 0.75 * Double(b[place / columns * rank + $1]) * Double(a[$1 * columns + place % columns])
          }
        }
        var y = [Float](repeating: 9, count: rows * columns)
        kernels.add_low_rank(weight, a, b, rows, columns, rank, 0.75, &y)
        #expect(Self.difference(y, expected) < 3e-6, "\(name), \(rows) x \(columns), rank \(rank)")
        var own = weight
        own.withUnsafeMutableBufferPointer { own in
          guard let base = own.baseAddress else { return }
          kernels.add_low_rank(base, a, b, rows, columns, rank, 0.75, base)
        }
        #expect(own == y, "\(name), in place")
      }
    }
  }

  @Test("attention and its gradient agree with loops that follow the formula, for all queries and for one")
  func attention() throws {
    for (name, kernels) in Kernels.available {
      for (tokens, width) in [(5, 4), (8, 8), (17, 12), (17, 64), (50, 32)] {
        for queries in [tokens, 1] {
          let case_ = AttentionCase(samples: 2, heads: 2, tokens: tokens, queries: queries, width: width)
          let found = case_.run(kernels)
          let expected = case_.loops()
          let about = "\(name), \(tokens) tokens, heads of \(width), \(queries) queries"
          #expect(Self.difference(found.output, expected.output) < 3e-6, "\(about)")
          #expect(Self.difference(found.gradient, expected.gradient) < 2e-5, "\(about)")
        }
      }
    }
  }

  @Test("an image is cut into patches row by row, channels first")
  func patches() {
    // One image of 2 channels, 4 x 4, patches 2 x 2: value = 100 channel + 10 line + column.
    let image = (0..<32).map { (place: Int) -> Float in
      let channel = place / 16
      return Float(100 * channel + 10 * (place / 4 % 4) + place % 4)
    }
    var rows = [Float](repeating: -1, count: 32)
    tensor_patches(image, 1, 2, 4, 2, &rows)
    #expect(rows[0..<8] == [0, 1, 10, 11, 100, 101, 110, 111])
    #expect(rows[8..<16] == [2, 3, 12, 13, 102, 103, 112, 113])
    #expect(rows[24..<32] == [22, 23, 32, 33, 122, 123, 132, 133])
  }

  @Test("a whole step has the same bits with all kernels, with adapters and without", arguments: [nil, 3])
  func step(rank: Int?) throws {
    for architecture in [TinyModel.odd, TinyModel.mixed, TinyModel.even] {
      let results = try Kernels.available.map { name, kernels in
        let network = TransformerNetwork(
          try #require(architecture), cut: .afterBlock(1), capacity: 3, kernels: kernels,
          adapters: rank.map { LowRankAdapters(rank: $0, alpha: 2) })
        network.fill(seed: 12)
        let loss = network.step(count: 3).loss
        return (name, loss, network.gradients.map(\.bitPattern), network.activationGradients.map(\.bitPattern))
      }
      for (name, loss, gradients, activations) in results {
        #expect(loss == results[0].1 && gradients == results[0].2 && activations == results[0].3, "\(name)")
      }
    }
  }

  @Test("optimizers and sums have the same bits with all kernels")
  func updates() {
    var numbers = TestNumbers(8)
    let count = 1003
    let gradient = numbers.array(count)
    let weight = numbers.array(count)
    let moment = numbers.array(count).map(abs)
    let results = Kernels.available.map { name, kernels in
      var (sgd, velocity, adamw, first, second) = (weight, moment, weight, moment, moment)
      kernels.sgd(count, 0.03, 0.9, 0.01, gradient, &velocity, &sgd)
      kernels.adamw(count, 0.003, 0.99, 0.1, 0.999, 0.001, 1.7, 1e-8, gradient, &first, &second, &adamw)
      return (name, [sgd, velocity, adamw, first, second], kernels.sum_squares(gradient, count))
    }
    for (name, updated, squares) in results {
      #expect(updated == results[0].1 && squares == results[0].2, "\(name)")
    }
  }
}
