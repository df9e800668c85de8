/// A matching of the most pairs in a bipartite graph, by J. E. Hopcroft and R. M. Karp, "An n^5/2 algorithm for maximum matchings
/// in bipartite graphs", SIAM J. Comput. 2, 1973.
struct LargestMatching {
  /// The column of each row, −1 without one.
  private(set) var columnOfRow: [Int]
  private var rowOfColumn: [Int]
  private var levels: [Int]
  private let edges: [[Int]]

  /// Pairs.
  private(set) var size = 0

  /// The matching of a graph.
  ///
  /// - Parameter isEdge: Whether a row and a column may be a pair.
  init(rows: Int, columns: Int, isEdge: (Int, Int) -> Bool) {
    edges = (0..<rows).map { row in (0..<columns).filter { isEdge(row, $0) } }
    columnOfRow = Array(repeating: -1, count: rows)
    rowOfColumn = Array(repeating: -1, count: columns)
    levels = Array(repeating: 0, count: rows)
    while findLevels() {
      for row in 0..<rows where columnOfRow[row] < 0 && augment(row) { size += 1 }
    }
  }

  /// The distance of each row from those without a column; false where no path leads to a free column.
  private mutating func findLevels() -> Bool {
    var queue: [Int] = []
    for row in levels.indices {
      levels[row] = columnOfRow[row] < 0 ? 0 : -1
      if levels[row] == 0 { queue.append(row) }
    }
    var (next, isFound) = (0, false)
    while next < queue.count {
      let row = queue[next]
      next += 1
      for column in edges[row] {
        let holder = rowOfColumn[column]
        if holder < 0 {
          isFound = true
        } else if levels[holder] < 0 {
          levels[holder] = levels[row] + 1
          queue.append(holder)
        }
      }
    }
    return isFound
  }

  private mutating func augment(_ row: Int) -> Bool {
    for column in edges[row] {
      let holder = rowOfColumn[column]
      guard holder < 0 || levels[holder] == levels[row] + 1 && augment(holder) else { continue }
      (columnOfRow[row], rowOfColumn[column]) = (column, row)
      return true
    }
    levels[row] = -1
    return false
  }
}
