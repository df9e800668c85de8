import Units
import Wireless

/// Gains as a CSV file with the columns round, device, block, gain_db: from MATLAB, Sionna or measurements.
///
/// Rounds count from 1 and follow each other; within a round the rows of all devices and blocks (from 0) stand in any
/// order, each exactly once.
enum GainTable {
  /// Bytes that a gain file may have.
  static let largest = 4_000_000_000
  /// Gains of one round.
  static let mostGains = 100_000_000

  /// Reads the gains of the file at `path`.
  ///
  /// - Parameter position: Where the path stands.
  /// - Throws: ``ScenarioErrors`` with the first thing that is wrong: later rows cannot be judged then.
  static func read(
    _ path: String, deviceCount: Int, blockCount: Int, from position: Diagnostic.Position
  ) throws -> Scenario.GainFile {
    let bytes = try InputFile.bytes(path, limit: largest, kind: "a gain file", from: position)
    return try read(bytes, file: path, deviceCount: deviceCount, blockCount: blockCount)
  }

  static func read(
    _ bytes: [UInt8], file: String, deviceCount: Int, blockCount: Int
  ) throws -> Scenario.GainFile {
    var table = try CSVTable(bytes, file: file)
    let (size, overflow) = deviceCount.multipliedReportingOverflow(by: blockCount)
    guard !overflow, size <= mostGains else {
      throw ScenarioErrors(
        at: Diagnostic.Position(file), "\(deviceCount) devices and \(blockCount) blocks are too many for a gain file")
    }
    let columns = [
      CSVColumn(name: "round", range: 1...1e9, isWhole: true),
      CSVColumn(name: "device", range: 0...Double(deviceCount - 1), isWhole: true),
      CSVColumn(name: "block", range: 0...Double(blockCount - 1), isWhole: true),
      CSVColumn(name: "gain_db", range: -1000...300),
    ]
    let places = try CSVColumn.places(of: columns, in: table).compactMap(\.self)
    var rounds: [GainMatrix] = []
    var gains = [Double](repeating: .nan, count: size)
    var filled = 0
    var fields: [CSVTable.Field] = []
    while table.next(&fields) {
      guard fields.count == table.header.count else {
        throw ScenarioErrors(
          at: table.position(fields[0]), "\(fields.count) fields for \(table.header.count) columns")
      }
      let values = try zip(columns, places).map { try $0.number(fields[$1], in: table) }
      let (round, device, block) = (Int(values[0]), Int(values[1]), Int(values[2]))
      if filled == size, round == rounds.count + 2 {
        rounds.append(GainMatrix(deviceCount: deviceCount, blockCount: blockCount, values: gains))
        gains = [Double](repeating: .nan, count: size)
        filled = 0
      }
      guard round == rounds.count + 1 else {
        let missing = missing(gains, blockCount).map { "round \(rounds.count + 1) still lacks \($0)" }
        throw ScenarioErrors(
          at: table.position(fields[places[0]]), path: "round",
          "round \(round) stands here, but \(missing ?? "round \(rounds.count + 2) comes next")")
      }
      guard gains[device * blockCount + block].isNaN else {
        throw ScenarioErrors(
          at: table.position(fields[0]), "round \(round) already has a gain of device \(device) on block \(block)")
      }
      gains[device * blockCount + block] = Decibel.ratio(values[3])
      filled += 1
    }
    guard filled == size else {
      let missing = missing(gains, blockCount) ?? "nothing"
      throw ScenarioErrors(
        at: Diagnostic.Position(file), "the file ends, but round \(rounds.count + 1) still lacks \(missing)")
    }
    rounds.append(GainMatrix(deviceCount: deviceCount, blockCount: blockCount, values: gains))
    return Scenario.GainFile(rounds: rounds)
  }

  /// The first pair without a gain.
  private static func missing(_ gains: [Double], _ blockCount: Int) -> String? {
    gains.firstIndex { $0.isNaN }.map { "device \($0 / blockCount), block \($0 % blockCount)" }
  }
}
