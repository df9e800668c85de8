import Datasets

/// Who holds which training samples, as a CSV file with the columns device, sample: a row per sample that somebody holds, in any order.
enum PartitionFile {
  /// Bytes that such a file may have, unpacked.
  static let largest = 1_000_000_000
  /// Samples that it may name.
  static let mostSamples = 100_000_000

  private static let names = ["device", "sample"]

  /// The partition in the file at `path`.
  ///
  /// - Parameter position: Where the path stands.
  /// - Throws: ``ScenarioErrors`` with the first thing that is wrong.
  static func partition(_ path: String, deviceCount: Int, from position: Diagnostic.Position) throws -> Partition {
    let reader = try InputFile.Reader(path, limit: largest, kind: "a partition", from: position)
    var table = try CSVTable(reader.next(), file: path, source: reader)
    let place = try CSVColumn.places(of: names, required: Set(names), in: table).compactMap(\.self)
    let columns = [
      CSVColumn(name: names[0], range: 0...Double(deviceCount - 1), isWhole: true),
      CSVColumn(name: names[1], range: 0...Double(mostSamples - 1), isWhole: true),
    ]
    var samples = [[Int32]](repeating: [], count: deviceCount)
    var isHeld: [Bool] = []
    var fields: [CSVTable.Field] = []
    while try table.next(&fields) {
      guard fields.count == table.header.count else {
        throw ScenarioErrors(
          at: table.position(fields[0]), "\(fields.count) fields for \(table.header.count) columns")
      }
      let device = Int(try columns[0].number(fields[place[0]], in: table))
      let sample = Int(try columns[1].number(fields[place[1]], in: table))
      if sample >= isHeld.count {
        isHeld += [Bool](repeating: false, count: max(sample + 1, min(2 * isHeld.count, mostSamples)) - isHeld.count)
      }
      guard !isHeld[sample] else {
        throw ScenarioErrors(
          at: table.position(fields[place[1]]), path: names[1], "the sample \(sample) stands twice; one device holds it"
        )
      }
      isHeld[sample] = true
      samples[device].append(Int32(sample))
    }
    guard let empty = samples.firstIndex(where: \.isEmpty) else {
      return Partition(samples: samples.map { $0.sorted() })
    }
    throw ScenarioErrors(
      at: Diagnostic.Position(path), "device \(empty) of \(deviceCount) has no sample; each device needs a row at least"
    )
  }
}
