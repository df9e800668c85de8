import Network
import Units

/// When devices are there, as a CSV file with the columns device, on_s, off_s: a row per span, rows of different devices in any order,
/// those of one device by rising time. A device without a row is never there.
enum AvailabilityFile {
  /// Bytes that such a file may have, unpacked.
  static let largest = 1_000_000_000
  /// Rows that it may have: 16 bytes each in memory.
  static let mostRows = 20_000_000

  private static let names = ["device", "on_s", "off_s"]

  /// The table in the file at `path`.
  ///
  /// - Parameter position: Where the path stands.
  /// - Throws: ``ScenarioErrors`` with the first thing that is wrong.
  static func table(
    _ path: String, deviceCount: Int, period: Seconds?, from position: Diagnostic.Position
  ) throws -> AvailabilityTable {
    let reader = try InputFile.Reader(path, limit: largest, kind: "a file of availability", from: position)
    return try table(reader.next(), file: path, deviceCount: deviceCount, period: period, source: reader)
  }

  /// The table in the bytes of `file`, and in those that `source` still has.
  static func table(
    _ bytes: [UInt8], file: String, deviceCount: Int, period: Seconds?, source: InputFile.Reader? = nil
  ) throws -> AvailabilityTable {
    var table = try CSVTable(bytes, file: file, source: source)
    let place = try CSVColumn.places(of: names, required: Set(names), in: table).compactMap(\.self)
    let last = period?.value ?? 1e9
    let columns = [
      CSVColumn(name: names[0], range: 0...Double(deviceCount - 1), isWhole: true),
      CSVColumn(name: names[1], range: 0...last), CSVColumn(name: names[2], range: 0...last),
    ]
    var spans = [[AvailabilityTable.Span]](repeating: [], count: deviceCount)
    var (count, fields) = (0, [CSVTable.Field]())
    while try table.next(&fields) {
      guard fields.count == table.header.count else {
        throw ScenarioErrors(
          at: table.position(fields[0]), "\(fields.count) fields for \(table.header.count) columns")
      }
      guard count < mostRows else {
        throw ScenarioErrors(at: table.position(fields[0]), "a file of availability has at most \(mostRows) rows")
      }
      count += 1
      let device = Int(try columns[0].number(fields[place[0]], in: table))
      let on = try columns[1].number(fields[place[1]], in: table)
      let off = try columns[2].number(fields[place[2]], in: table)
      guard on < off else {
        throw ScenarioErrors(
          at: table.position(fields[place[2]]), path: names[2],
          "device \(device) leaves at \(off) s, but comes at \(on) s")
      }
      if let before = spans[device].last {
        guard on >= before.off else {
          throw ScenarioErrors(
            at: table.position(fields[place[1]]), path: names[1],
            "device \(device) comes at \(on) s, but was there until \(before.off) s; its spans must rise")
        }
        // No time lies between the two: they are one.
        if on == before.off {
          spans[device][spans[device].count - 1].off = off
          continue
        }
      }
      spans[device].append(AvailabilityTable.Span(on: on, off: off))
    }
    guard count > 0 else {
      throw ScenarioErrors(at: Diagnostic.Position(file), "the file has no row, so no device is ever there")
    }
    return AvailabilityTable(path: file, spans: spans, period: period)
  }
}
