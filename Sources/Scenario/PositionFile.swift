import Units
import Wireless

/// Positions as a CSV file with the columns time_s, device, x_m, y_m; rows of different devices stand in any order, those of
/// one device by rising time from 0 s on.
enum PositionFile {
  /// Bytes that such a file may have, unpacked.
  static let largest = 1_000_000_000
  /// Rows that it may have: 32 bytes each in memory.
  static let mostRows = 20_000_000
  /// The largest speed between two rows, in m/s.
  static let topSpeed = 1000.0

  private static let names = ["time_s", "device", "x_m", "y_m"]

  /// The table in the file at `path`.
  ///
  /// - Parameter position: Where the path stands.
  /// - Throws: ``ScenarioErrors`` with the first thing that is wrong.
  static func table(_ path: String, deviceCount: Int, from position: Diagnostic.Position) throws -> PositionTable {
    let reader = try InputFile.Reader(path, limit: largest, kind: "a file of positions", from: position)
    return try table(reader.next(), file: path, deviceCount: deviceCount, source: reader)
  }

  /// The table in the bytes of `file`, and in those that `source` still has.
  static func table(
    _ bytes: [UInt8], file: String, deviceCount: Int, source: InputFile.Reader? = nil
  ) throws -> PositionTable {
    var table = try CSVTable(bytes, file: file, source: source)
    let place = try CSVColumn.places(of: names, required: Set(names), in: table).compactMap(\.self)
    let columns = [
      CSVColumn(name: names[0], range: 0...1e9),
      CSVColumn(name: names[1], range: 0...Double(deviceCount - 1), isWhole: true),
      CSVColumn(name: names[2], range: -1e7...1e7), CSVColumn(name: names[3], range: -1e7...1e7),
    ]
    var rows = Rows(deviceCount: deviceCount)
    var fields: [CSVTable.Field] = []
    while try table.next(&fields) {
      guard fields.count == table.header.count else {
        throw ScenarioErrors(
          at: table.position(fields[0]), "\(fields.count) fields for \(table.header.count) columns")
      }
      guard rows.count < mostRows else {
        throw ScenarioErrors(at: table.position(fields[0]), "a file of positions has at most \(mostRows) rows")
      }
      let device = Int(try columns[1].number(fields[place[1]], in: table))
      let time = try columns[0].number(fields[place[0]], in: table)
      let (x, y) = (
        try columns[2].number(fields[place[2]], in: table), try columns[3].number(fields[place[3]], in: table)
      )
      if let reason = rows.add(Position(x: Meters(x), y: Meters(y)), of: device, at: time) {
        throw ScenarioErrors(at: table.position(fields[place[0]]), path: names[0], reason)
      }
    }
    if let device = rows.missing {
      throw ScenarioErrors(at: Diagnostic.Position(file), "the file ends, but device \(device) has no position")
    }
    return rows.table(path: file)
  }
}

/// Rows in the order of the file.
private struct Rows {
  private var devices: [UInt32] = []
  private var times: [Double] = []
  private var places: [Position] = []
  private var counts: [Int]
  private var last: [Int]

  init(deviceCount: Int) {
    counts = Array(repeating: 0, count: deviceCount)
    last = counts
  }

  var count: Int { times.count }

  /// The first device without a row.
  var missing: Int? { counts.firstIndex(of: 0) }

  /// Adds a row; why it cannot be, where it cannot.
  mutating func add(_ place: Position, of device: Int, at time: Double) -> String? {
    if counts[device] == 0 {
      guard time == 0 else {
        return "device \(device) is first seen at \(time) s; its first row says where it is at 0 s"
      }
    } else {
      let (before, from) = (times[last[device]], places[last[device]])
      guard time > before else { return "device \(device) was seen at \(before) s already; its times must rise" }
      let length = Position(x: place.x - from.x, y: place.y - from.y).distance.value
      guard length <= PositionFile.topSpeed * (time - before) else {
        return "device \(device) goes \(length) m from \(before) s to \(time) s; it may go at most "
          + "\(PositionFile.topSpeed) m/s"
      }
    }
    counts[device] += 1
    last[device] = times.count
    devices.append(UInt32(device))
    times.append(time)
    places.append(place)
    return nil
  }

  /// The rows by device.
  func table(path: String) -> PositionTable {
    var next = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    var order = [Int](repeating: 0, count: times.count)
    for row in times.indices {
      order[next[Int(devices[row])]] = row
      next[Int(devices[row])] += 1
    }
    return PositionTable(path: path, counts: counts, times: order.map { times[$0] }, places: order.map { places[$0] })
  }
}
