import Units
import Wireless

/// Gains as a CSV file with the columns round, device, block, gain_db: from MATLAB, Sionna or measurements.
///
/// Rounds count from 1 and follow each other; within a round the rows of all devices and blocks (from 0) stand in any
/// order, each exactly once. A pair without a link has an empty gain, `-inf` or `nan`.
struct GainTable {
  /// Bytes that a gain file may have, unpacked.
  static let largest = 4_000_000_000
  /// Gains of one round.
  static let mostGains = 100_000_000

  /// The gains.
  private(set) var gains: Scenario.GainFile
  /// What looks wrong with them.
  private(set) var warnings: [Diagnostic] = []

  /// Reads the gains of the file at `path`: a CSV file or arrays of NumPy, packed with gzip or not, whatever its name.
  ///
  /// - Parameter position: Where the path stands.
  /// - Throws: ``ScenarioErrors`` with the first thing that is wrong: later rows cannot be judged then.
  init(_ path: String, deviceCount: Int, blockCount: Int, from position: Diagnostic.Position) throws {
    let reader = try InputFile.Reader(path, limit: Self.largest, kind: "a gain file", from: position)
    try self.init(reader.next(), file: path, deviceCount: deviceCount, blockCount: blockCount, source: reader)
  }

  /// Reads the bytes of `file`, and those that `source` still has.
  init(
    _ bytes: [UInt8], file: String, deviceCount: Int, blockCount: Int, source: InputFile.Reader? = nil
  ) throws {
    if GainArray.isArray(bytes) {
      let all = try source?.rest(after: bytes) ?? bytes
      let array = try GainArray(all, file: file, deviceCount: deviceCount, blockCount: blockCount)
      (gains, warnings) = (array.gains, array.warnings)
      return
    }
    var table = try CSVTable(bytes, file: file, source: source)
    gains = Scenario.GainFile(path: file, rounds: [])
    try Self.refuseLarge(deviceCount: deviceCount, blockCount: blockCount, file: file)
    try Self.refuseWide(table)
    let round = CSVColumn(name: "round", range: 1...1e9, isWhole: true)
    let device = CSVColumn(name: "device", range: 0...Double(deviceCount - 1), isWhole: true)
    let block = CSVColumn(name: "block", range: 0...Double(blockCount - 1), isWhole: true)
    let places = try CSVColumn.places(of: Self.names, required: Set(Self.names), in: table).compactMap(\.self)
    let (roundPlace, devicePlace, blockPlace, gainPlace) = (places[0], places[1], places[2], places[3])
    var filling = Filling(deviceCount: deviceCount, blockCount: blockCount)
    var extremes = GainExtremes<CSVTable.Field>()
    var fields: [CSVTable.Field] = []
    while try table.next(&fields) {
      guard fields.count == table.header.count else {
        throw ScenarioErrors(
          at: table.position(fields[0]), "\(fields.count) fields for \(table.header.count) columns")
      }
      let given = Int(try round.number(fields[roundPlace], in: table))
      let pair = (
        device: Int(try device.number(fields[devicePlace], in: table)),
        block: Int(try block.number(fields[blockPlace], in: table))
      )
      let decibels = try Self.decibels(fields[gainPlace], in: table)
      if let reason = filling.reasonAgainst(round: given) {
        throw ScenarioErrors(at: table.position(fields[roundPlace]), path: "round", reason)
      }
      guard filling.set(decibels.map(Decibel.ratio) ?? 0, of: pair) else {
        throw ScenarioErrors(
          at: table.position(fields[0]),
          "round \(given) already has a gain of device \(pair.device) on block \(pair.block)")
      }
      if let decibels { extremes.add(decibels, at: fields[gainPlace]) }
    }
    guard filling.isWhole else {
      throw ScenarioErrors(
        at: Diagnostic.Position(file),
        "the file ends, but round \(filling.round) still lacks \(filling.missing ?? "everything")")
    }
    gains.rounds = filling.finished()
    warnings = extremes.warnings { (table.position($0), "gain_db") }
  }

  /// - Throws: ``ScenarioErrors`` where a round has too many gains.
  static func refuseLarge(deviceCount: Int, blockCount: Int, file: String) throws {
    let (size, overflow) = deviceCount.multipliedReportingOverflow(by: blockCount)
    guard !overflow, size <= mostGains else {
      throw ScenarioErrors(
        at: Diagnostic.Position(file), "\(deviceCount) devices and \(blockCount) blocks are too many for a gain file")
    }
  }

  private static let names = ["round", "device", "block", "gain_db"]
  static let limits = CSVColumn(name: "gain_db", range: -1000...300)

  /// The decibels of a field; `nil` where there is no link.
  private static func decibels(_ field: CSVTable.Field, in table: CSVTable) throws -> Double? {
    if field.range.isEmpty { return nil }
    if let number = table.number(field), number.isNaN || number == -.infinity { return nil }
    return try limits.number(field, in: table)
  }

  /// A table with a column per block has neither of the columns that say which block and what gain.
  private static func refuseWide(_ table: CSVTable) throws {
    let header = table.header.map(table.text)
    let others = header.indices.filter { !names.contains(header[$0]) }
    guard !header.contains("block"), !header.contains("gain_db"), others.count > 1,
      header.contains("device") || header.contains("round")
    else { return }
    let shown = others.prefix(6).map { ShownText.quoted(header[$0]) }.joined(separator: ", ")
    throw ScenarioErrors(
      at: table.position(table.header[others[0]]),
      "\(shown)\(others.count > 6 ? " and \(others.count - 6) more" : "") look like a column per block; write a row per "
        + "round, device and block with the columns \(names.joined(separator: ", ")) (pandas: "
        + "wide.set_axis([\"round\", \"device\", *range(K)], axis=1).melt([\"round\", \"device\"], var_name=\"block\", "
        + "value_name=\"gain_db\").sort_values(\"round\"))")
  }
}

/// Rounds as they fill up, one after the other.
private struct Filling {
  private let deviceCount: Int
  private let blockCount: Int
  private var rounds: [GainMatrix] = []
  /// NaN where no row has come yet.
  private var gains: [Double]
  private var filled = 0

  init(deviceCount: Int, blockCount: Int) {
    (self.deviceCount, self.blockCount) = (deviceCount, blockCount)
    gains = [Double](repeating: .nan, count: deviceCount * blockCount)
  }

  /// The round that is being filled, from 1.
  var round: Int { rounds.count + 1 }
  var isWhole: Bool { filled == gains.count }

  /// The first pair without a gain.
  var missing: String? {
    gains.firstIndex { $0.isNaN }.map { "device \($0 / blockCount), block \($0 % blockCount)" }
  }

  /// Why a row of round `given` cannot come now; `nil` where it can.
  mutating func reasonAgainst(round given: Int) -> String? {
    if isWhole, given == round + 1 { finishRound() }
    guard given != round else { return nil }
    let missing = missing.map { "round \(round) still lacks \($0)" }
    return "round \(given) stands here, but \(missing ?? "round \(round + 1) comes next")"
  }

  /// Sets a gain of the round; `false` where the pair has one.
  mutating func set(_ gain: Double, of pair: (device: Int, block: Int)) -> Bool {
    let place = pair.device * blockCount + pair.block
    guard gains[place].isNaN else { return false }
    gains[place] = gain
    filled += 1
    return true
  }

  private mutating func finishRound() {
    rounds.append(GainMatrix(deviceCount: deviceCount, blockCount: blockCount, values: gains))
    gains = [Double](repeating: .nan, count: gains.count)
    filled = 0
  }

  /// All rounds, the last one whole.
  mutating func finished() -> [GainMatrix] {
    finishRound()
    return rounds
  }
}
