import CTensor

/// How long a network's matrix products took.
public struct ProductClock: Sendable {
  /// Whether time is taken; off at first.
  public var isOn = false
  /// Seconds in products since ``isOn`` was set, or since the caller set this to zero.
  public var seconds = 0.0

  /// A clock that is off.
  public init() {}
}

/// A row-major matrix in memory that someone else owns.
struct Matrix {
  var base: UnsafeMutablePointer<Float>
  var rows: Int
  var columns: Int
  /// Elements from one row to the next.
  var stride: Int

  init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
  }

  /// As an operand of a product.
  func operand(isTransposed: Bool = false) -> tensor_matrix {
    tensor_matrix(base: base, stride: stride, is_transposed: isTransposed)
  }
}

/// The three products of a linear layer y = x Wᵀ, W being outputs × inputs. All of a network's products pass here, one at a time.
extension Operators {
  /// y += x Wᵀ, or y = x Wᵀ.
  mutating func add(_ x: Matrix, weight: UnsafeMutablePointer<Float>, to y: Matrix, adds: Bool = true) {
    let weight = Matrix(weight, rows: y.columns, columns: x.columns)
    multiply(x.operand(), weight.operand(isTransposed: true), depth: x.columns, 1, adds, to: y)
  }

  /// dx = s dy W, or dx += s dy W.
  mutating func inputGradient(
    _ dy: Matrix, weight: UnsafeMutablePointer<Float>, to dx: Matrix, scale: Float = 1, adds: Bool = false
  ) {
    let weight = Matrix(weight, rows: dy.columns, columns: dx.columns)
    multiply(dy.operand(), weight.operand(), depth: dy.columns, scale, adds, to: dx)
  }

  /// dW = s dyᵀ x, or dW += s dyᵀ x.
  mutating func weightGradient(
    _ dy: Matrix, _ x: Matrix, to gradient: UnsafeMutablePointer<Float>, scale: Float = 1, adds: Bool = false
  ) {
    let gradient = Matrix(gradient, rows: dy.columns, columns: x.columns)
    multiply(dy.operand(isTransposed: true), x.operand(), depth: dy.rows, scale, adds, to: gradient)
  }

  /// Rows, or where there are more of them columns, are shared out: an element's bits depend on neither.
  private mutating func multiply(
    _ a: tensor_matrix, _ b: tensor_matrix, depth: Int, _ scale: Float, _ adds: Bool, to c: Matrix
  ) {
    let start = clock.isOn ? ContinuousClock.now : nil
    let kernels = kernels
    if c.rows >= c.columns {
      share(c.rows, grain: 12, each: c.columns * depth / 8) { rows, scratch in
        kernels.product(
          a.from(row: rows.lowerBound), b, rows.count, c.columns, depth, scale, adds,
          c.base + rows.lowerBound * c.stride, c.stride, scratch)
      }
    } else {
      share(c.columns, grain: 32, each: c.rows * depth / 8) { columns, scratch in
        kernels.product(
          a, b.from(column: columns.lowerBound), c.rows, columns.count, depth, scale, adds,
          c.base + columns.lowerBound, c.stride, scratch)
      }
    }
    if let start { clock.seconds += (ContinuousClock.now - start) / .seconds(1) }
  }
}

extension tensor_matrix {
  /// The matrix without the rows before `row`.
  fileprivate func from(row: Int) -> tensor_matrix {
    tensor_matrix(base: base + row * (is_transposed ? 1 : stride), stride: stride, is_transposed: is_transposed)
  }

  /// The matrix without the columns before `column`.
  fileprivate func from(column: Int) -> tensor_matrix {
    tensor_matrix(base: base + column * (is_transposed ? stride : 1), stride: stride, is_transposed: is_transposed)
  }
}
