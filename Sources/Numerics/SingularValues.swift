/// A real matrix, column by column: `values[column * rows + row]`.
package struct DenseMatrix: Sendable, Hashable {
  /// Rows.
  package let rows: Int
  /// Columns.
  package let columns: Int
  /// All elements, column after column.
  package var values: [Double]

  /// A matrix of zeros.
  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    values = Array(repeating: 0, count: rows * columns)
  }

  /// The element of a row and a column.
  package subscript(row: Int, column: Int) -> Double {
    get { values[column * rows + row] }
    set { values[column * rows + row] = newValue }
  }

  /// The product with another matrix, each element a sum by ascending index. O(rows × columns × the other's columns).
  package func times(_ other: DenseMatrix) -> DenseMatrix {
    precondition(columns == other.rows)
    var product = DenseMatrix(rows: rows, columns: other.columns)
    for column in 0..<other.columns {
      for inner in 0..<columns {
        let factor = other[inner, column]
        if factor != 0 { product.add(factor, column: inner, of: self, to: column) }
      }
    }
    return product
  }

  /// Its columns as rows.
  package var transposed: DenseMatrix {
    var other = DenseMatrix(rows: columns, columns: rows)
    for column in 0..<columns { for row in 0..<rows { other[column, row] = self[row, column] } }
    return other
  }

  /// Adds a multiple of another matrix's column to one of its own, as far as that goes.
  fileprivate mutating func add(_ factor: Double, column: Int, of other: DenseMatrix, to own: Int) {
    for row in 0..<min(rows, other.rows) {
      values[own * rows + row] += factor * other.values[column * other.rows + row]
    }
  }
}

extension Numerics {
  /// A = Q R with orthonormal columns of Q, rows × k, and R upper triangular, k × columns; k is the smaller of A's sizes.
  ///
  /// Q's columns are orthonormal whatever A's rank. By Householder's reflections: G. H. Golub and C. F. Van Loan, "Matrix
  /// Computations", section 5.2.2. O(rows × columns × k).
  package static func orthogonalFactors(_ a: DenseMatrix) -> (q: DenseMatrix, r: DenseMatrix) {
    let count = min(a.rows, a.columns)
    var (work, reflections) = (a, [[Double]]())
    for step in 0..<count {
      var direction = (step..<a.rows).map { work[$0, step] }
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      direction[0] += direction[0] < 0 ? -norm : norm
      let squares = direction.reduce(0) { $0 + $1 * $1 }
      reflections.append(squares > 0 ? direction.map { $0 * (2 / squares).squareRoot() } : [])
      reflect(&work, along: reflections[step], from: step, columns: step..<a.columns)
    }
    var q = DenseMatrix(rows: a.rows, columns: count)
    for column in 0..<count { q[column, column] = 1 }
    for step in (0..<count).reversed() { reflect(&q, along: reflections[step], from: step, columns: step..<count) }
    var r = DenseMatrix(rows: count, columns: a.columns)
    for column in 0..<a.columns { for row in 0...min(column, count - 1) { r[row, column] = work[row, column] } }
    return (q, r)
  }

  /// Applies I − v vᵀ to columns, v beginning at row `first` and of length √2; an empty v changes nothing.
  private static func reflect(_ matrix: inout DenseMatrix, along v: [Double], from first: Int, columns: Range<Int>) {
    guard !v.isEmpty else { return }
    for column in columns {
      let start = column * matrix.rows + first
      var product = 0.0
      for (index, element) in v.enumerated() { product += element * matrix.values[start + index] }
      guard product != 0 else { continue }
      for (index, element) in v.enumerated() { matrix.values[start + index] -= product * element }
    }
  }

  /// A V = W with V orthogonal, columns × columns, and orthogonal columns of W by falling length: the lengths are A's singular
  /// values, W's columns divided by them the left singular vectors, V's columns the right ones. Of each of these the largest
  /// element, the first of equals, is positive.
  ///
  /// By one-sided Jacobi rotations, each column against each other until all are orthogonal: M. R. Hestenes, "Inversion of matrices
  /// by biorthogonalization and related results", J. SIAM 6, 1958. Small singular values are as exact as large ones. Nothing but
  /// sums, products, quotients and square roots, so the same bits everywhere. O(rows × columns²) a sweep, of which about ten are needed.
  package static func singularFactors(_ a: DenseMatrix) -> (w: DenseMatrix, v: DenseMatrix) {
    var w = a
    var v = DenseMatrix(rows: a.columns, columns: a.columns)
    for column in 0..<a.columns { v[column, column] = 1 }
    var isOrthogonal = false
    for _ in 0..<60 where !isOrthogonal {
      isOrthogonal = true
      for first in 0..<a.columns {
        for second in first + 1..<max(first + 1, a.columns) where rotate(&w, &v, first, second) { isOrthogonal = false }
      }
    }
    return sorted(w, v)
  }

  /// Makes two columns of `w` orthogonal; whether they were not.
  private static func rotate(_ w: inout DenseMatrix, _ v: inout DenseMatrix, _ first: Int, _ second: Int) -> Bool {
    var (alpha, beta, gamma) = (0.0, 0.0, 0.0)
    for row in 0..<w.rows {
      let (x, y) = (w[row, first], w[row, second])
      alpha += x * x
      beta += y * y
      gamma += x * y
    }
    // What rounding leaves of a sum of that many products.
    let tolerance = 1e-15 * Double(w.rows).squareRoot()
    guard abs(gamma) > tolerance * (alpha * beta).squareRoot() else { return false }
    let zeta = (beta - alpha) / (2 * gamma)
    let tangent = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
    let cosine = 1 / (1 + tangent * tangent).squareRoot()
    let sine = cosine * tangent
    for row in 0..<w.rows { turn(&w, row, first, second, cosine, sine) }
    for row in 0..<v.rows { turn(&v, row, first, second, cosine, sine) }
    return true
  }

  private static func turn(
    _ matrix: inout DenseMatrix, _ row: Int, _ first: Int, _ second: Int, _ cosine: Double, _ sine: Double
  ) {
    let (x, y) = (matrix[row, first], matrix[row, second])
    matrix[row, first] = cosine * x - sine * y
    matrix[row, second] = sine * x + cosine * y
  }

  /// The columns by falling length, ties by place, with their signs.
  private static func sorted(_ w: DenseMatrix, _ v: DenseMatrix) -> (w: DenseMatrix, v: DenseMatrix) {
    let squares = (0..<w.columns).map { column in (0..<w.rows).reduce(0.0) { $0 + w[$1, column] * w[$1, column] } }
    let order = squares.indices.sorted { (squares[$0], $1) > (squares[$1], $0) }
    var result = (w: DenseMatrix(rows: w.rows, columns: w.columns), v: DenseMatrix(rows: v.rows, columns: v.columns))
    for (place, column) in order.enumerated() {
      var largest = 0.0
      for row in 0..<v.rows where abs(v[row, column]) > abs(largest) { largest = v[row, column] }
      let sign: Double = largest < 0 ? -1 : 1
      result.w.add(sign, column: column, of: w, to: place)
      result.v.add(sign, column: column, of: v, to: place)
    }
    return result
  }
}
