/// The assignment problem on a dense matrix: shortest augmenting paths with dual prices, as in R. Jonker and
/// A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing 38,
/// 1987, and D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE TAES 52, 2016.
///
/// Plain and O(n² m) for n ≤ m: the check of the fast matching, and good enough where every edge is needed anyway.
public enum DenseAssignment {
  /// The matching of least total cost that matches every row or every column, whichever are fewer, Eq. (31), (32).
  ///
  /// - Parameters:
  ///   - costs: finite costs, row-major, `rows * columns` of them.
  /// - Returns: the column of each row, nil for a row without one.
  public static func minimumCost(rows: Int, columns: Int, costs: [Double]) -> [Int?] {
    precondition(costs.count == rows * columns, "a cost for every row and column")
    if rows <= columns { return assign(rows: rows, columns: columns) { costs[$0 * columns + $1] } }
    var columnOfRow = [Int?](repeating: nil, count: rows)
    let rowOfColumn = assign(rows: columns, columns: rows) { costs[$1 * columns + $0] }
    for (column, row) in rowOfColumn.enumerated() {
      if let row { columnOfRow[row] = column }
    }
    return columnOfRow
  }

  /// The matching of largest total weight, any row or column optional: no edge of weight 0 or less is used.
  ///
  /// Clipping weights at 0 makes "unmatched" and "matched for nothing" the same, so that a matching of all rows or all
  /// columns that is optimal for the clipped weights is optimal with optional participation once its 0 edges are dropped.
  public static func maximumWeight(rows: Int, columns: Int, weights: [Double]) -> [Int?] {
    let matching = minimumCost(rows: rows, columns: columns, costs: weights.map { -max($0, 0) })
    return matching.enumerated().map { row, column in
      column.flatMap { weights[row * columns + $0] > 0 ? $0 : nil }
    }
  }

  /// Matches every row, `rows <= columns`: row after row, each by the cheapest alternating path to a free column under
  /// the reduced costs c − u − v, which stay non-negative and are 0 on the matching.
  private static func assign(rows: Int, columns: Int, cost: (Int, Int) -> Double) -> [Int?] {
    var rowPrice = [Double](repeating: 0, count: rows)
    var columnPrice = [Double](repeating: 0, count: columns)
    var columnOfRow = [Int?](repeating: nil, count: rows)
    var rowOfColumn = [Int?](repeating: nil, count: columns)
    var distance = [Double](repeating: 0, count: columns)
    var previousRow = [Int](repeating: 0, count: columns)
    var settled = [Bool](repeating: false, count: columns)

    for start in 0..<rows {
      for column in 0..<columns {
        distance[column] = .infinity
        settled[column] = false
      }
      var reachedColumns: [Int] = []
      var row = start
      var radius = 0.0
      var end = 0
      while true {
        var nearest = -1
        for column in 0..<columns where !settled[column] {
          let length = radius + (cost(row, column) - rowPrice[row] - columnPrice[column])
          if length < distance[column] {
            distance[column] = length
            previousRow[column] = row
          }
          // Among equally near columns a free one ends the search.
          if nearest < 0 || distance[column] < distance[nearest]
            || (distance[column] == distance[nearest] && rowOfColumn[column] == nil && rowOfColumn[nearest] != nil)
          {
            nearest = column
          }
        }
        radius = distance[nearest]
        settled[nearest] = true
        guard let next = rowOfColumn[nearest] else {
          end = nearest
          break
        }
        reachedColumns.append(nearest)
        row = next
      }
      rowPrice[start] += radius
      for column in reachedColumns {
        let slack = radius - distance[column]
        columnPrice[column] -= slack
        if let row = rowOfColumn[column] { rowPrice[row] += slack }
      }
      // Turns the path over, from its free column back to the row that it began with.
      var column = end
      while true {
        let row = previousRow[column]
        let before = columnOfRow[row]
        columnOfRow[row] = column
        rowOfColumn[column] = row
        guard let before else { break }
        column = before
      }
    }
    return columnOfRow
  }
}
