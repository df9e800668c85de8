import CTensor
import Testing
import Training

@testable import SplitViT

/// One product c = s a b, or c += s a b, of matrices that lie in longer rows than they need.
private struct ProductCase {
  var rows: Int
  var columns: Int
  var depth: Int
  var isTransposed = (a: false, b: false)
  var scale: Float = 1
  var adds = false
  /// Elements behind each row, which nobody may touch.
  var gap = 0
  let a: [Float]
  let b: [Float]
  let before: [Float]

  init(
    _ rows: Int, _ columns: Int, _ depth: Int, isTransposed: (a: Bool, b: Bool) = (false, false), scale: Float = 1,
    adds: Bool = false, gap: Int = 0, seed: UInt64 = 1
  ) {
    (self.rows, self.columns, self.depth) = (rows, columns, depth)
    (self.isTransposed, self.scale, self.adds, self.gap) = (isTransposed, scale, adds, gap)
    var numbers = TestNumbers(seed)
    let lines = (a: isTransposed.a ? depth : rows, b: isTransposed.b ? columns : depth)
    a = numbers.array(lines.a * ((isTransposed.a ? rows : depth) + gap))
    b = numbers.array(lines.b * ((isTransposed.b ? depth : columns) + gap))
    before = numbers.array(rows * (columns + gap))
  }

  /// A row times a column.
  init(a: [Float], b: [Float]) {
    (rows, columns, depth) = (1, 1, a.count)
    (self.a, self.b, before) = (a, b, [0])
  }

  private var strides: (a: Int, b: Int, c: Int) {
    ((isTransposed.a ? rows : depth) + gap, (isTransposed.b ? depth : columns) + gap, columns + gap)
  }

  private func left(_ i: Int, _ k: Int) -> Float { a[isTransposed.a ? k * strides.a + i : i * strides.a + k] }
  private func right(_ k: Int, _ j: Int) -> Float { b[isTransposed.b ? j * strides.b + k : k * strides.b + j] }

  /// What the kernels make of it, with what lies between the rows; of the first `rows` rows alone where asked.
  func run(_ kernels: tensor_kernels, rows: Range<Int>? = nil) -> [Float] {
    let some = rows ?? 0..<self.rows
    var c = Array(before[some.lowerBound * strides.c..<some.upperBound * strides.c])
    // Full of what must not matter.
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: 4 * tensor_product_scratch, alignment: 64)
      .initializeMemory(as: Float.self, repeating: .nan, count: tensor_product_scratch)
    defer { scratch.deallocate() }
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let first = a.baseAddress, let right = b.baseAddress else { return }
        kernels.product(
          tensor_matrix(
            base: first + some.lowerBound * (isTransposed.a ? 1 : strides.a), stride: strides.a,
            is_transposed: isTransposed.a),
          tensor_matrix(base: right, stride: strides.b, is_transposed: isTransposed.b), some.count, columns, depth,
          scale, adds, &c, strides.c, scratch)
      }
    }
    return c
  }

  /// The same element by element as the header says it, with other lengths of blocks and roundings where asked.
  func loops(block: Int = Int(PRODUCT_BLOCK), isFused: Bool = true) -> [Float] {
    func plus(_ sum: Float, _ one: Float, _ other: Float) -> Float {
      isFused ? sum.addingProduct(one, other) : sum + one * other
    }
    var c = before
    for i in 0..<rows {
      for j in 0..<columns {
        var value = c[i * strides.c + j]
        for first in stride(from: 0, to: depth, by: block) {
          let sum = (first..<min(depth, first + block)).reduce(Float(0)) { plus($0, left(i, $1), right($1, j)) }
          value = adds || first > 0 ? plus(value, sum, scale) : sum * scale
        }
        c[i * strides.c + j] = value
      }
    }
    return c
  }

  /// The largest distance from the sum in double precision, in shares of what Σ |a b| and one rounding a step allow.
  func error(of c: [Float]) -> Double {
    var worst = 0.0
    for i in 0..<rows {
      for j in 0..<columns {
        var (sum, size) = (0.0, 0.0)
        for k in 0..<depth {
          let product = Double(left(i, k)) * Double(right(k, j)) * Double(scale)
          sum += product
          size += abs(product)
        }
        let start = adds ? Double(before[i * strides.c + j]) : 0
        let steps = Double(min(depth, Int(PRODUCT_BLOCK)) + depth / Int(PRODUCT_BLOCK) + 2)
        worst = max(worst, abs(Double(c[i * strides.c + j]) - start - sum) / ((size + abs(start)) * steps * 0x1p-24))
      }
    }
    return worst
  }
}

@Suite("Matrix products")
struct ProductTests {
  /// Shapes at the edges of tiles, panels and blocks, and drawn ones.
  private static let cases: [ProductCase] = {
    var numbers = TestNumbers(99)
    func drawn(_ limit: UInt64) -> Int { 1 + Int(numbers.bits() % limit) }
    var cases = [
      ProductCase(1, 1, 1), ProductCase(6, 16, 4, isTransposed: (false, true)), ProductCase(12, 32, 8, adds: true),
      ProductCase(13, 33, 257, isTransposed: (true, false), adds: true, gap: 3), ProductCase(800, 2, 3),
      ProductCase(2, 800, 3, isTransposed: (true, true), scale: 0.3), ProductCase(7, 17, 600, scale: -2.5),
    ]
    for number in 0..<40 {
      cases.append(
        ProductCase(
          drawn(30), drawn(70), number % 5 == 0 ? drawn(300) : drawn(40),
          isTransposed: (number % 2 == 0, number / 2 % 2 == 0), scale: number % 3 == 0 ? 1 : numbers.next(),
          adds: number / 4 % 2 == 0, gap: number % 4, seed: numbers.bits()))
    }
    return cases
  }()

  @Test("every kernel gives the bits of fused multiply-adds one after another, and writes nowhere else")
  func bits() {
    for product in Self.cases {
      let expected = product.loops()
      for (name, kernels) in Kernels.available {
        #expect(
          product.run(kernels).map(\.bitPattern) == expected.map(\.bitPattern),
          "\(name): \(product.rows) x \(product.columns), depth \(product.depth)")
      }
    }
  }

  @Test("blocks of another length, or two roundings instead of one, would be seen")
  func wrongVersions() {
    let product = ProductCase(9, 20, 600, scale: 0.7, adds: true)
    let expected = product.loops()
    #expect(product.loops(block: 128) != expected)
    #expect(product.loops(block: 600) != expected)
    #expect(product.loops(isFused: false) != expected)
  }

  @Test("a fused multiply-add is rounded once, where a sum of doubles lies between two floats, or one step beside")
  func once() {
    let step: Float = 0x1p-23
    let factors: [(Float, Float)] = [
      (1 + step, 1 - step), (1 + 2862 * step, 1 - 2861 * step), (1 - step / 2, 1 + step),
    ]
    for (one, other) in factors {
      for first in [1 + step, -1 - step, 1, -1] {
        for factor in [other * 0x1p-24, -other * 0x1p-24] {
          let expected = first.addingProduct(one, factor)
          for (name, kernels) in Kernels.available {
            let c = ProductCase(a: [first, one], b: [1, factor]).run(kernels)
            #expect(c == [expected], "\(name): \(first) + \(one) * \(factor)")
          }
        }
      }
    }
  }

  @Test("a product is as near to that in double precision as its roundings allow")
  func error() {
    for product in Self.cases + [ProductCase(3, 5, 3000, isTransposed: (false, true))] {
      for (name, kernels) in Kernels.available {
        let error = product.error(of: product.run(kernels))
        #expect(error <= 1, "\(name): \(product.rows) x \(product.columns), depth \(product.depth): \(error)")
      }
    }
  }

  @Test("a row's bits do not depend on how many rows there are", arguments: [false, true])
  func rows(isTransposed: Bool) {
    let product = ProductCase(64, 40, 300, isTransposed: (isTransposed, !isTransposed))
    for (name, kernels) in Kernels.available {
      let all = product.run(kernels)
      for row in [0, 5, 37, 63] {
        let alone = product.run(kernels, rows: row..<row + 1)
        #expect(alone == Array(all[row * 40..<(row + 1) * 40]), "\(name), row \(row)")
      }
    }
  }

  @Test("what is infinite or no number stays so, in its row and column alone")
  func special() {
    for (name, kernels) in Kernels.available {
      var c = [Float](repeating: 7, count: 4)
      var scratch = [Float](repeating: 0, count: tensor_product_scratch + 16)
      let a: [Float] = [.infinity, 1, 2, 3]
      let b: [Float] = [1, 0, 1, .nan]
      scratch.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        let lines = base.alignedUp(toMultipleOf: 64).assumingMemoryBound(to: Float.self)
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            guard let a = a.baseAddress, let b = b.baseAddress else { return }
            kernels.product(
              tensor_matrix(base: a, stride: 2, is_transposed: false),
              tensor_matrix(base: b, stride: 2, is_transposed: false), 2, 2, 2, 1, false, &c, 2, lines)
          }
        }
      }
      #expect(c[0] == .infinity && c[1].isNaN && c[2] == 5 && c[3].isNaN, "\(name): \(c)")
    }
  }

  @Test("kernels that the processor has not are refused by name")
  func names() throws {
    #expect(Kernels.available.first?.name == "plain")
    let error = #expect(throws: TrainingError.self) { try Kernels.named("avx3") }
    #expect(error?.description.hasPrefix("AIRSPLIT_KERNELS is 'avx3'; this processor can run plain") == true)
    for (name, _) in Kernels.available { _ = try Kernels.named(name) }
  }
}
