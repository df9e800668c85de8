import Randomness
import Units

/// A fleet as a CSV file: a row per device, columns named as the keys of `devices` with their unit. What has no column is
/// as the scenario says beside the file, or by default.
struct FleetFile: Sendable, Hashable {
  /// Bytes that a fleet file may have, unpacked.
  static let largest = 2_000_000_000
  /// Letters of a device's name.
  static let longestName = 100

  /// Where it is.
  private(set) var path: String
  /// Devices N.
  private(set) var count = 0
  /// The devices' values by the key of `devices` that a column stands for; only of columns that are there.
  private(set) var values: [String: [Double]] = [:]
  /// The devices' names, where the file has any.
  private(set) var names: [String]?

  private static let nameColumn = "name"

  private typealias Attribute = WritableKeyPath<Scenario.DeviceGroup, Distribution> & Sendable

  private static let columns: [(key: String, attribute: Attribute, column: CSVColumn)] = [
    ("distance", \.knownDistance, CSVColumn(name: "distance_m", range: DeviceLimits.distance)),
    ("clock", \.clock, CSVColumn(name: "clock_hz", range: DeviceLimits.clock)),
    ("cores", \.cores, CSVColumn(name: "cores", range: real(DeviceLimits.cores), isWhole: true)),
    ("flops_per_cycle", \.flopsPerCycle, CSVColumn(name: "flops_per_cycle", range: DeviceLimits.flopsPerCycle)),
    ("kappa", \.kappa, CSVColumn(name: "kappa_w_per_hz3", range: DeviceLimits.kappa)),
    ("power_min", \.powerMin, CSVColumn(name: "power_min_w", range: DeviceLimits.power)),
    ("power_max", \.powerMax, CSVColumn(name: "power_max_w", range: DeviceLimits.power)),
    ("samples", \.samples, CSVColumn(name: "samples", range: real(DeviceLimits.samples), isWhole: true)),
    ("circuit_power", \.circuitPower, CSVColumn(name: "circuit_power_w", range: DeviceLimits.circuitPower)),
    (
      "amplifier_efficiency", \.amplifierEfficiency,
      CSVColumn(name: "amplifier_efficiency", range: DeviceLimits.amplifierEfficiency)
    ),
    ("receive_power", \.receivePower, CSVColumn(name: "receive_power_w", range: DeviceLimits.circuitPower)),
    ("memory", \.knownMemory, CSVColumn(name: "memory_bits", range: DeviceLimits.memory)),
    (
      "lora_rank", \.knownAdapterRank,
      CSVColumn(name: "lora_rank", range: real(DeviceLimits.adapterRank), isWhole: true)
    ),
  ]

  private static func real(_ range: ClosedRange<Int>) -> ClosedRange<Double> {
    Double(range.lowerBound)...Double(range.upperBound)
  }

  /// A file without devices.
  init(path: String) { self.path = path }

  /// Reads the devices of the file at `path`, in order.
  ///
  /// - Parameter position: Where the path stands.
  /// - Throws: ``ScenarioErrors`` with everything that is wrong.
  init(_ path: String, from position: Diagnostic.Position) throws {
    let reader = try InputFile.Reader(path, limit: Self.largest, kind: "a fleet", from: position)
    try self.init(reader.next(), file: path, source: reader)
  }

  /// Reads the bytes of `file`, and those that `source` still has.
  init(_ bytes: [UInt8], file: String, source: InputFile.Reader? = nil) throws {
    path = file
    var table = try CSVTable(bytes, file: file, source: source)
    let places = try CSVColumn.places(
      of: [Self.nameColumn] + Self.columns.map(\.column.name), required: [], in: table)
    var reader = Rows(places: places)
    let log = DiagnosticLog()
    var fields: [CSVTable.Field] = []
    while !log.isFull, try table.next(&fields) {
      do {
        try reader.add(fields, in: table)
      } catch let errors as ScenarioErrors {
        log.add(errors)
      }
    }
    if reader.count == 0, !log.hasErrors {
      log.error(at: Diagnostic.Position(file, line: 2, column: 1), path: "", "there are no rows; write one per device")
    }
    guard !log.hasErrors else { throw ScenarioErrors(log.sorted(mainSource: file)) }
    (count, names) = (reader.count, places[0] == nil ? nil : reader.names)
    for (index, place) in places.dropFirst().enumerated() where place != nil {
      values[Self.columns[index].key] = reader.values[index]
    }
  }

  /// `group` with the devices of the file, whose columns take the place of its values; of a distance only where one is known.
  func devices(like group: Scenario.DeviceGroup) -> Scenario.DeviceGroup {
    var group = group
    (group.count, group.deviceNames) = (count, names)
    for (key, attribute, _) in Self.columns where key != "distance" || group.distance != nil {
      if let values = values[key] { group[keyPath: attribute] = .each(values) }
    }
    return group
  }

  /// The rows on their way into columns.
  private struct Rows {
    /// Where the name and the columns stand.
    let places: [Int?]
    var count = 0
    var names: [String] = []
    var values: [[Double]] = Array(repeating: [], count: columns.count)
    private var known: Set<String> = []

    init(places: [Int?]) { self.places = places }

    mutating func add(_ fields: [CSVTable.Field], in table: CSVTable) throws {
      guard fields.count == table.header.count else {
        throw ScenarioErrors(
          at: table.position(fields[0]), "\(fields.count) fields for \(table.header.count) columns")
      }
      guard count < DeviceLimits.count.upperBound else {
        throw ScenarioErrors(at: table.position(fields[0]), "more than \(count) devices")
      }
      var numbers = [Double?](repeating: nil, count: columns.count)
      var errors: [Diagnostic] = []
      for (index, place) in places.dropFirst().enumerated() {
        guard let place else { continue }
        do {
          numbers[index] = try columns[index].column.number(fields[place], in: table)
        } catch let error as ScenarioErrors {
          errors += error.diagnostics
        }
      }
      if let place = places[0] {
        let name = table.text(fields[place])
        if let reason = reasonAgainst(name) {
          errors.append(
            Diagnostic(
              severity: .error, position: table.position(fields[place]), keyPath: nameColumn, message: reason))
        }
        names.append(name)
      }
      guard errors.isEmpty else { throw ScenarioErrors(errors) }
      if let least = numbers[5], let largest = numbers[6], least > largest, let place = places[6] {
        throw ScenarioErrors(
          at: table.position(fields[place]), path: "power_min_w", "\(least) is above power_max_w, \(largest)")
      }
      for (index, number) in numbers.enumerated() { if let number { values[index].append(number) } }
      count += 1
    }

    /// Why a device cannot have this name; `nil` where it can.
    private mutating func reasonAgainst(_ name: String) -> String? {
      guard !name.isEmpty else { return "a device without a name; every device has one, or the file no such column" }
      guard name.unicodeScalars.count <= longestName, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
        return "\(ShownText.quoted(name)) is no name; it may have up to \(longestName) characters, none of control"
      }
      guard known.insert(name).inserted else { return "two devices are called \(ShownText.quoted(name))" }
      return nil
    }
  }
}
