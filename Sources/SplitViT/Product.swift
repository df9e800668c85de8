import COpenBLAS

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
}

/// The three products of a linear layer y = x Wᵀ, W being outputs × inputs. All of a network's products pass here.
enum Product {
  /// y += x Wᵀ, or y = x Wᵀ.
  static func add(
    _ x: Matrix, weight: UnsafeMutablePointer<Float>, to y: Matrix, adds: Bool = true, _ clock: inout ProductClock
  ) {
    let weight = Matrix(weight, rows: y.columns, columns: x.columns)
    multiply(weight, isTransposed: true, x, isTransposed: false, 1, adds, y, &clock)
  }

  /// dx = s dy W, or dx += s dy W.
  static func inputGradient(
    _ dy: Matrix, weight: UnsafeMutablePointer<Float>, to dx: Matrix, scale: Float = 1, adds: Bool = false,
    _ clock: inout ProductClock
  ) {
    let weight = Matrix(weight, rows: dy.columns, columns: dx.columns)
    multiply(weight, isTransposed: false, dy, isTransposed: false, scale, adds, dx, &clock)
  }

  /// dW = s dyᵀ x, or dW += s dyᵀ x.
  static func weightGradient(
    _ dy: Matrix, _ x: Matrix, to gradient: UnsafeMutablePointer<Float>, scale: Float = 1, adds: Bool = false,
    _ clock: inout ProductClock
  ) {
    let gradient = Matrix(gradient, rows: dy.columns, columns: x.columns)
    multiply(x, isTransposed: false, dy, isTransposed: true, scale, adds, gradient, &clock)
  }

  /// cᵀ = scale op(a)ᵀ op(b)ᵀ, and cᵀ where it `adds`: the Fortran interface takes a row-major matrix for its transpose.
  private static func multiply(
    _ a: Matrix, isTransposed transposesA: Bool, _ b: Matrix, isTransposed transposesB: Bool, _ scale: Float,
    _ adds: Bool,
    _ c: Matrix, _ clock: inout ProductClock
  ) {
    let start = clock.isOn ? ContinuousClock.now : nil
    var operationA = letter(transposesA)
    var operationB = letter(transposesB)
    var m = Int32(c.columns)
    var n = Int32(c.rows)
    var k = Int32(transposesB ? b.rows : b.columns)
    var strideA = Int32(a.stride)
    var strideB = Int32(b.stride)
    var strideC = Int32(c.stride)
    var scale = scale
    var beta: Float = adds ? 1 : 0
    openblas_sgemm(
      &operationA, &operationB, &m, &n, &k, &scale, a.base, &strideA, b.base, &strideB, &beta, c.base, &strideC)
    if let start { clock.seconds += (ContinuousClock.now - start) / .seconds(1) }
  }

  private static func letter(_ isTransposed: Bool) -> CChar {
    CChar(bitPattern: isTransposed ? UInt8(ascii: "T") : UInt8(ascii: "N"))
  }
}
