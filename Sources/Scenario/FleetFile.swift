import Units
import Wireless

/// A fleet as a CSV file: a row a device, columns named as the keys of `devices` with their unit.
enum FleetFile {
  /// Bytes that a fleet file may have.
  static let largest = 2_000_000_000

  private static let columns = [
    CSVColumn(name: "distance_m", range: DeviceLimits.distance),
    CSVColumn(name: "clock_hz", range: DeviceLimits.clock),
    CSVColumn(name: "cores", range: real(DeviceLimits.cores), isWhole: true),
    CSVColumn(name: "flops_per_cycle", range: DeviceLimits.flopsPerCycle),
    CSVColumn(name: "kappa_w_per_hz3", range: DeviceLimits.kappa),
    CSVColumn(name: "power_min_w", range: DeviceLimits.power),
    CSVColumn(name: "power_max_w", range: DeviceLimits.power),
    CSVColumn(name: "samples", range: real(DeviceLimits.samples), isWhole: true),
    CSVColumn(name: "circuit_power_w", range: DeviceLimits.circuitPower, isRequired: false),
    CSVColumn(name: "amplifier_efficiency", range: DeviceLimits.amplifierEfficiency, isRequired: false),
  ]

  private static func real(_ range: ClosedRange<Int>) -> ClosedRange<Double> {
    Double(range.lowerBound)...Double(range.upperBound)
  }

  /// Reads the devices of the file at `path`, in order.
  ///
  /// - Parameter position: Where the path stands.
  /// - Throws: ``ScenarioErrors`` with everything that is wrong.
  static func read(_ path: String, from position: Diagnostic.Position) throws -> [Device] {
    try read(InputFile.bytes(path, limit: largest, kind: "a fleet", from: position), file: path)
  }

  static func read(_ bytes: [UInt8], file: String) throws -> [Device] {
    var table = try CSVTable(bytes, file: file)
    let places = try CSVColumn.places(of: columns, in: table)
    let log = DiagnosticLog()
    var devices: [Device] = []
    var fields: [CSVTable.Field] = []
    while !log.isFull, table.next(&fields) {
      do {
        let device = try device(fields, places, table)
        guard devices.count < DeviceLimits.count.upperBound else {
          throw ScenarioErrors(at: table.position(fields[0]), "more than \(devices.count) devices")
        }
        devices.append(device)
      } catch let errors as ScenarioErrors {
        log.add(errors)
      }
    }
    if devices.isEmpty, !log.hasErrors {
      log.error(at: Diagnostic.Position(file, line: 2, column: 1), path: "", "there are no rows; write one a device")
    }
    guard !log.hasErrors else { throw ScenarioErrors(log.sorted(mainSource: file)) }
    return devices
  }

  private static func device(_ fields: [CSVTable.Field], _ places: [Int?], _ table: CSVTable) throws -> Device {
    guard fields.count == table.header.count, let first = fields.first else {
      let place = fields.first.map(table.position) ?? Diagnostic.Position(table.file)
      throw ScenarioErrors(at: place, "\(fields.count) fields for \(table.header.count) columns")
    }
    var numbers: [Double] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    var errors: [Diagnostic] = []
    for (index, place) in places.enumerated() {
      guard let place else { continue }
      do {
        numbers[index] = try columns[index].number(fields[place], in: table)
      } catch let error as ScenarioErrors {
        errors += error.diagnostics
      }
    }
    guard errors.isEmpty else { throw ScenarioErrors(errors) }
    guard numbers[5] <= numbers[6] else {
      throw ScenarioErrors(
        at: table.position(places[5].map { fields[$0] } ?? first), path: "power_min_w",
        "\(numbers[5]) is above power_max_w, \(numbers[6])")
    }
    return Device(
      distance: Meters(numbers[0]), clock: Hertz(numbers[1]), cores: numbers[2], flopsPerCycle: numbers[3],
      kappa: WattsPerCubicHertz(numbers[4]), powerMin: Watts(numbers[5]), powerMax: Watts(numbers[6]),
      samples: Int(numbers[7]), circuitPower: Watts(numbers[8]), amplifierEfficiency: numbers[9])
  }
}
