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
    if rows <= columns { return columnsOfRows(rows: rows, columns: columns, costs: costs).map { $0 } }
    var columnOfRow = [Int?](repeating: nil, count: rows)
    var transposed: [Double] = []
    transposed.reserveCapacity(costs.count)
    for column in 0..<columns { for row in 0..<rows { transposed.append(costs[row * columns + column]) } }
    for (column, row) in columnsOfRows(rows: columns, columns: rows, costs: transposed).enumerated() {
      columnOfRow[row] = column
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

  /// The column of each row, `rows <= columns`: row after row, each by the cheapest alternating path to a free column
  /// under the reduced costs c − u − v, which stay non-negative and are 0 on the matching.
  ///
  /// The price of a free column is 0, so of all free columns a row need look at its cheapest only, the first of equal
  /// ones: a search visits the columns that are taken, fewer than there are rows, and one column more a row.
  static func columnsOfRows(rows: Int, columns: Int, costs: [Double]) -> [Int] {
    costs.withUnsafeBufferPointer { costs in
      var search = Search(rows: rows, columns: columns, costs: costs)
      for row in 0..<rows { search.match(row) }
      return search.rows.map(\.column)
    }
  }

  /// A matching of the first rows, with the prices that prove it cheapest.
  private struct Search {
    struct Row {
      /// −1: without one.
      var column = -1
      var price = 0.0
      /// The free column of least cost when it was last asked for; −1: never.
      var cheapestFree = -1
    }

    struct Column {
      /// −1: free.
      var row = -1
      var price = 0.0
      /// From the row that is being matched, and the row before it on the way.
      var distance = 0.0
      var previousRow = 0
    }

    private let costs: UnsafeBufferPointer<Double>
    private(set) var rows: [Row]
    private var columns: [Column]
    private var taken: [Int] = []

    init(rows: Int, columns: Int, costs: UnsafeBufferPointer<Double>) {
      self.costs = costs
      self.rows = Array(repeating: Row(), count: rows)
      self.columns = Array(repeating: Column(), count: columns)
      taken.reserveCapacity(rows)
    }

    /// Matches one more row.
    mutating func match(_ start: Int) {
      for column in taken { columns[column].distance = .infinity }
      // The first of the taken are reached, nearest first.
      var reached = 0
      var row = start
      var radius = 0.0
      // The nearest free column, and the row that leads to it.
      var end = (distance: Double.infinity, column: columns.count, row: start)
      while true {
        let price = rows[row].price
        let first = row * columns.count
        let free = cheapestFree(in: row)
        let length = radius + (costs[first + free] - price)
        if length < end.distance || (length == end.distance && free < end.column) { end = (length, free, row) }
        var nearest = (distance: Double.infinity, column: columns.count, place: -1)
        for place in reached..<taken.count {
          let index = taken[place]
          var column = columns[index]
          let length = radius + (costs[first + index] - price - column.price)
          if length < column.distance {
            (column.distance, column.previousRow) = (length, row)
            columns[index] = column
          }
          if column.distance < nearest.distance || (column.distance == nearest.distance && index < nearest.column) {
            nearest = (column.distance, index, place)
          }
        }
        // Among equally near columns a free one ends the search.
        guard nearest.distance < end.distance else { break }
        taken.swapAt(reached, nearest.place)
        reached += 1
        radius = nearest.distance
        row = columns[nearest.column].row
      }
      rows[start].price += end.distance
      for column in taken[..<reached] {
        let slack = end.distance - columns[column].distance
        columns[column].price -= slack
        rows[columns[column].row].price += slack
      }
      columns[end.column].previousRow = end.row
      taken.append(end.column)
      // Turns the path over, from its free column back to the row that it began with.
      var column = end.column
      while column >= 0 {
        let row = columns[column].previousRow
        columns[column].row = row
        swap(&column, &rows[row].column)
      }
    }

    /// The free column of least cost in a row, the first of equal ones; there is one while a row is without.
    private mutating func cheapestFree(in row: Int) -> Int {
      let known = rows[row].cheapestFree
      if known >= 0, columns[known].row < 0 { return known }
      let first = row * columns.count
      var cheapest = -1
      var least = Double.infinity
      for column in 0..<columns.count where costs[first + column] < least || cheapest < 0 {
        guard columns[column].row < 0 else { continue }
        (cheapest, least) = (column, costs[first + column])
      }
      rows[row].cheapestFree = cheapest
      return cheapest
    }
  }
}
