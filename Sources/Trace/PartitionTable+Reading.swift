extension PartitionTable {
  /// Reads what a run wrote.
  ///
  /// - Throws: ``TraceError``, with line and column where the file is damaged.
  public init(path: String) throws(TraceError) {
    var scanner = try CSVScanner(path: path)
    var fields: [CSVScanner.Field] = []
    try scanner.nextLine(into: &fields)
    guard fields.count >= 2, fields[0].text == "device", fields[1].text == "samples" else {
      throw scanner.damage("the columns of \(Self.fileName) are device, samples and the classes")
    }
    let width = fields.count
    var counts: [[Int]] = []
    while scanner.hasLine {
      try scanner.nextLine(into: &fields)
      guard fields.count == width else {
        throw scanner.damage("the row has \(fields.count) fields, the header \(width)")
      }
      var row: [Int] = []
      for field in fields.dropFirst(2) {
        guard let count = Int(field.text), count >= 0 else {
          throw scanner.damage(at: field.start, "'\(field.text)' is no count of samples")
        }
        row.append(count)
      }
      counts.append(row)
    }
    self.init(counts: counts)
  }
}
