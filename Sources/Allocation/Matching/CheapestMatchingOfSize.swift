/// The matching of least total cost among those of a given size, by successive shortest augmenting paths: after m paths the
/// matching is the cheapest of all with m pairs (L. R. Ford and D. R. Fulkerson, "Flows in Networks", 1962, min-cost flow).
///
/// Plain and O(size × rows × columns), for costs that are not negative.
enum CheapestMatchingOfSize {
  /// The pairs, rows ascending: `size` of them, or as many as there can be.
  ///
  /// - Parameter costs: Row-major; infinite where a pair is out of the question.
  static func match(rows: Int, columns: Int, costs: [Double], size: Int) -> [(device: Int, block: Int)] {
    precondition(costs.count == rows * columns, "a cost for every row and column")
    var columnOfRow = [Int](repeating: -1, count: rows)
    var rowOfColumn = [Int](repeating: -1, count: columns)
    // Reduced costs c − u − v stay non-negative, 0 on the matching; rows without a column share the price 0.
    var rowPrices = [Double](repeating: 0, count: rows)
    var columnPrices = [Double](repeating: 0, count: columns)
    for _ in 0..<min(size, rows, columns) {
      var distances = [Double](repeating: .infinity, count: columns)
      var cameFrom = [Int](repeating: -1, count: columns)
      var isSettled = [Bool](repeating: false, count: columns)
      func relax(_ row: Int, at distance: Double) {
        for column in 0..<columns where !isSettled[column] {
          let length = distance + max(0, costs[row * columns + column] - rowPrices[row] - columnPrices[column])
          if length < distances[column] { (distances[column], cameFrom[column]) = (length, row) }
        }
      }
      for row in 0..<rows where columnOfRow[row] < 0 { relax(row, at: 0) }
      var end = -1
      while true {
        var nearest = -1
        for column in 0..<columns where !isSettled[column] {
          if nearest < 0 ? distances[column].isFinite : distances[column] < distances[nearest] { nearest = column }
        }
        guard nearest >= 0 else { break }
        isSettled[nearest] = true
        if rowOfColumn[nearest] < 0 {
          end = nearest
          break
        }
        relax(rowOfColumn[nearest], at: distances[nearest])
      }
      guard end >= 0 else { break }
      // Prices after the path: what lies nearer than its end moves by the difference.
      let length = distances[end]
      for column in 0..<columns where isSettled[column] && rowOfColumn[column] >= 0 {
        let slack = length - distances[column]
        columnPrices[column] -= slack
        rowPrices[rowOfColumn[column]] += slack
      }
      for row in 0..<rows where columnOfRow[row] < 0 { rowPrices[row] += length }
      var column = end
      while column >= 0 {
        let row = cameFrom[column]
        rowOfColumn[column] = row
        swap(&column, &columnOfRow[row])
      }
    }
    return columnOfRow.enumerated().compactMap { $1 >= 0 ? ($0, $1) : nil }
  }
}
