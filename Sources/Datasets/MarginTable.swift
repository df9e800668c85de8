/// Tables of whole numbers whose rows and columns have given sums.
struct MarginTable {
  /// The rows' sums.
  let rows: [Int]
  /// The columns' sums; together as much as the rows'.
  let columns: [Int]

  /// The table like `shares`, row by row: fitted to the sums, and rounded so that they hold exactly.
  ///
  /// Iterative proportional fitting: rows and columns are scaled to their sums in turn, which ends at the table of these sums
  /// that is nearest to `shares` in relative entropy (W. E. Deming and F. F. Stephan, Annals of Mathematical Statistics 11,
  /// 1940; I. Csiszár, Annals of Probability 3, 1975). A cell then holds its whole part; the units left over go to the largest
  /// fractions first.
  ///
  /// - Complexity: O(cells) for each of at most ``sweeps`` sweeps, and a sort of the cells.
  func counts(like shares: [Double]) -> [Int] {
    let cells = fitted(shares)
    var (rowsLeft, columnsLeft) = (rows, columns)
    var counts = [Int](repeating: 0, count: cells.count)
    func give(_ cell: Int, _ wanted: Int) {
      let (row, column) = cell.quotientAndRemainder(dividingBy: columns.count)
      let given = min(wanted, rowsLeft[row], columnsLeft[column])
      counts[cell] += given
      rowsLeft[row] -= given
      columnsLeft[column] -= given
    }
    for cell in cells.indices { give(cell, Int(cells[cell])) }
    let fractions = cells.map { $0 - $0.rounded(.down) }
    let order = cells.indices.sorted { (fractions[$1], $0) < (fractions[$0], $1) }
    for cell in order { give(cell, 1) }
    // What no fraction asked for, or a fit that did not end: wherever row and column have room.
    for cell in order { give(cell, .max) }
    return counts
  }

  /// Sweeps over rows and columns at most: with tiny shares a fit takes long, and exact sums are the rounding's part.
  private static let sweeps = 1000

  private func fitted(_ shares: [Double]) -> [Double] {
    // A share that underflowed is no ban on its class.
    var cells = shares.map { max($0, 1e-200) }
    let width = columns.count
    for _ in 0..<Self.sweeps {
      var sums = [Double](repeating: 0, count: width)
      var deviation = 0.0
      for row in rows.indices {
        let span = row * width..<(row + 1) * width
        var sum = 0.0
        for cell in span { sum += cells[cell] }
        deviation = max(deviation, abs(sum - Double(rows[row])))
        let scale = sum > 0x1p-1000 ? Double(rows[row]) / sum : 1
        for cell in span {
          cells[cell] *= scale
          sums[cell - span.lowerBound] += cells[cell]
        }
      }
      // The columns fit from the sweep before.
      if deviation < 0.01 { break }
      let scales = zip(columns, sums).map { $1 > 0x1p-1000 ? Double($0) / $1 : 1 }
      for cell in cells.indices { cells[cell] *= scales[cell % width] }
    }
    return cells
  }
}
