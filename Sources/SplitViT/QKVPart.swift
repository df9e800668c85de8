/// Some columns of the fused product of queries, keys and values, for all tokens or for the class tokens alone.
struct QKVPart {
  /// First column.
  let first: Int
  private let columns: Int
  private let rows: Int
  /// Tokens from one row to the next.
  private let step: Int
  private let width: Int

  /// Queries, keys and values of all tokens.
  static func all(width: Int, tokens: Int, count: Int) -> QKVPart {
    QKVPart(first: 0, columns: 3 * width, rows: count * tokens, step: 1, width: width)
  }

  /// Keys and values of all tokens.
  static func keysAndValues(width: Int, tokens: Int, count: Int) -> QKVPart {
    QKVPart(first: width, columns: 2 * width, rows: count * tokens, step: 1, width: width)
  }

  /// Queries of the class tokens.
  static func classQueries(width: Int, tokens: Int, count: Int) -> QKVPart {
    QKVPart(first: 0, columns: width, rows: count, step: tokens, width: width)
  }

  /// This part of the product's result, or of its gradient.
  func qkv(_ base: UnsafeMutablePointer<Float>) -> Matrix {
    Matrix(base + first, rows: rows, columns: columns, stride: 3 * width * step)
  }

  /// The same tokens' rows of what goes into the product, or of its gradient.
  func stream(_ base: UnsafeMutablePointer<Float>) -> Matrix {
    Matrix(base, rows: rows, columns: width, stride: width * step)
  }
}
