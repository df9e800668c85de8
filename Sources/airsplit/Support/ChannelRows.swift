import JSON
import Simulation
import Trace
import Units
import Wireless

/// Rows of `airsplit channel` on their way to standard output.
struct ChannelRows {
  private let format: ChannelCommand.Format
  private let columns: [String]
  private var csv = CSVRow()
  private var json = ""

  /// No rows.
  ///
  /// - Parameter hasInterference: Whether rows say what is left of the signal beside neighbours.
  init(format: ChannelCommand.Format, hasInterference: Bool) {
    self.format = format
    columns =
      ["time_s", "device", "block", "x_m", "y_m", "los", "path_loss_db", "shadowing_db", "gain_db"]
      + (hasInterference ? ["sinr_db"] : [])
  }

  /// What stands before the first row.
  var header: String { format == .csv ? columns.joined(separator: ",") + "\n" : "" }

  /// Whether what is gathered should be written.
  var isLong: Bool { csv.bytes.count + json.utf8.count > 1 << 16 }

  /// Adds a row; what is not known is empty, or `null`.
  mutating func append(_ sample: ChannelSample) {
    let state = sample.largeScale
    let numbers = [
      state?.position?.x.value, state?.position?.y.value, nil, state?.pathLoss.value, state?.shadowing.value,
      Decibel.of(sample.gain), sample.interferedRatio.map(Decibel.of),
    ].prefix(columns.count - 3).map { $0.flatMap { $0.isFinite ? $0 : nil } }
    switch format {
    case .csv:
      csv.append(sample.time.value)
      csv.append(sample.device)
      csv.append(sample.block)
      for (item, number) in numbers.enumerated() {
        if item == 2 {
          if let sight = state?.isLineOfSight { csv.append(sight ? 1 : 0) } else { csv.appendEmpty() }
        } else if let number {
          csv.append(number)
        } else {
          csv.appendEmpty()
        }
      }
      csv.endLine()
    case .json:
      var members = [
        JSONValue.Member("time_s", .number(sample.time.value)), .init("device", .integer(sample.device)),
        .init("block", .integer(sample.block)),
      ]
      for (name, number) in zip(columns.dropFirst(3), numbers) {
        let sight = name == "los" ? state?.isLineOfSight.map(JSONValue.bool) : nil
        members.append(.init(name, sight ?? number.map(JSONValue.number) ?? .null))
      }
      json += JSONValue.object(members).text(.line) + "\n"
    }
  }

  /// What is gathered, which is then forgotten.
  mutating func taken() -> String {
    defer {
      csv.removeAll()
      json = ""
    }
    return format == .csv ? String(decoding: csv.bytes, as: UTF8.self) : json
  }
}
