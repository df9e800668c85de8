import CGSL
import Testing

@testable import Numerics

@Suite("Singular values")
struct SingularValueTests {
  /// A matrix whose elements look like nothing in particular, of the rank asked for.
  private func matrix(_ rows: Int, _ columns: Int, rank: Int) -> DenseMatrix {
    var state: UInt64 = 12345 &+ UInt64(rows * 1000 + columns)
    func drawn(_ rows: Int, _ columns: Int) -> DenseMatrix {
      var matrix = DenseMatrix(rows: rows, columns: columns)
      for index in matrix.values.indices {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        matrix.values[index] = Double(state >> 11) * 0x1p-53 - 0.5
      }
      return matrix
    }
    return drawn(rows, rank).times(drawn(rank, columns))
  }

  private func largestDifference(_ a: DenseMatrix, _ b: DenseMatrix) -> Double {
    zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  private func identity(_ count: Int) -> DenseMatrix {
    var matrix = DenseMatrix(rows: count, columns: count)
    for place in 0..<count { matrix[place, place] = 1 }
    return matrix
  }

  private static let shapes = [(7, 7, 7), (9, 4, 4), (4, 9, 4), (12, 8, 3), (1, 5, 1), (5, 1, 1), (40, 30, 30)]

  @Test("Q R is the matrix, and Q's columns are orthonormal whatever the rank", arguments: shapes)
  func orthogonal(rows: Int, columns: Int, rank: Int) {
    let a = matrix(rows, columns, rank: rank)
    let (q, r) = Numerics.orthogonalFactors(a)
    #expect(largestDifference(q.times(r), a) < 1e-13)
    #expect(largestDifference(q.transposed.times(q), identity(min(rows, columns))) < 1e-13)
    for column in 0..<columns { for row in 0..<r.rows where row > column { #expect(r[row, column] == 0) } }
  }

  @Test("singular values are GSL's, and the factors multiply to the matrix", arguments: shapes)
  func besideGSL(rows: Int, columns: Int, rank: Int) {
    let a = matrix(rows, columns, rank: rank)
    let (w, v) = Numerics.singularFactors(a)
    #expect(largestDifference(w.times(v.transposed), a) < 1e-13)
    #expect(largestDifference(v.transposed.times(v), identity(columns)) < 1e-13)
    let lengths = (0..<columns).map { column in
      (0..<rows).reduce(0.0) { $0 + w[$1, column] * w[$1, column] }.squareRoot()
    }
    #expect(zip(lengths, lengths.dropFirst()).allSatisfy { $0 >= $1 })
    for column in 0..<columns {
      let largest = (0..<columns).map { v[$0, column] }.max { abs($0) < abs($1) } ?? 0
      #expect(largest > 0)
    }
    // GSL decomposes matrices of at least as many rows as columns.
    let tall = rows >= columns ? a : a.transposed
    let (left, right) = (gsl_matrix_alloc(tall.rows, tall.columns), gsl_matrix_alloc(tall.columns, tall.columns))
    let (values, work) = (gsl_vector_alloc(tall.columns), gsl_vector_alloc(tall.columns))
    defer {
      for matrix in [left, right] { gsl_matrix_free(matrix) }
      for vector in [values, work] { gsl_vector_free(vector) }
    }
    for row in 0..<tall.rows { for column in 0..<tall.columns { gsl_matrix_set(left, row, column, tall[row, column]) } }
    gsl_linalg_SV_decomp(left, right, values, work)
    for index in 0..<tall.columns {
      #expect(abs(lengths[index] - gsl_vector_get(values, index)) < 1e-13, "of \(rows) x \(columns), number \(index)")
    }
    #expect(lengths.dropFirst(rank).allSatisfy { $0 < 1e-13 })
  }

  @Test("a matrix of zeros has no length anywhere, and V is still orthogonal")
  func zero() {
    let (w, v) = Numerics.singularFactors(DenseMatrix(rows: 3, columns: 4))
    #expect(w.values.allSatisfy { $0 == 0 })
    #expect(v == identity(4))
    let (q, r) = Numerics.orthogonalFactors(DenseMatrix(rows: 4, columns: 2))
    #expect(q.transposed.times(q) == identity(2))
    #expect(r.values.allSatisfy { $0 == 0 })
  }

  @Test("small singular values are as exact as large ones")
  func graded() {
    var a = DenseMatrix(rows: 3, columns: 3)
    (a[0, 0], a[1, 0], a[1, 1], a[2, 2]) = (1, 1, 1e-9, 1e-18)
    let w = Numerics.singularFactors(a).w
    let lengths = (0..<3).map { column in (0..<3).reduce(0.0) { $0 + w[$1, column] * w[$1, column] }.squareRoot() }
    // Of [[1, 0], [1, e]]: the product of the two is e, the sum of their squares 2 + e².
    #expect(abs(lengths[0] / 2.0.squareRoot() - 1) < 1e-15)
    #expect(abs(lengths[1] / (1e-9 / 2.0.squareRoot()) - 1) < 1e-14)
    #expect(lengths[2] == 1e-18)
  }
}
