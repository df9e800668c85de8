import Foundation
import Testing
import Units

@testable import Wireless

/// Every constant of the report's tables, as tr3gpp and Sionna have it. Runs where AIRSPLIT_CHANNEL_PYTHON names a Python that
/// has tr3gpp; sionna-no-rt is compared where that is installed, too.
@Suite("Large scale beside other packages")
struct LargeScaleOracleTests {
  private static let python = ProcessInfo.processInfo.environment["AIRSPLIT_CHANNEL_PYTHON"]

  /// What `airsplit list large-scale --format json` prints.
  private static var tables: String {
    let models: [PathLoss.Model] = [.urbanMacro, .urbanMicro, .ruralMacro, .suburbanMacro, .indoorOffice]
    let rows = models.flatMap { model in
      zip(LargeScaleTable.State.allCases, ["clear", "blocked", "indoors"]).compactMap { state, name in
        LargeScaleTable(model, state).map { table in
          let law = table.rician
          let numbers: [(String, Double?)] = [
            ("shadowing_db", table.sigma.value), ("far_shadowing_db", table.farSigma.value),
            ("shadowing_distance_m", table.correlationDistance.value),
            ("state_distance_m", LargeScaleTable.stateCorrelationDistance(model)?.value),
            ("k_mean_db", law?.mean.value), ("k_sigma_db", law?.sigma.value),
            ("k_distance_m", law?.correlationDistance.value), ("k_shadowing_correlation", law?.shadowingCorrelation),
          ]
          let members = numbers.map { key, value in "\"\(key)\": \(value.map { "\($0)" } ?? "null")" }
          return "{\"name\": \"\(model.rawValue)\", \"state\": \"\(name)\", \(members.joined(separator: ", "))}"
        }
      }
    }
    return "[\(rows.joined(separator: ",\n"))]"
  }

  private func compare(_ table: String) throws -> (status: Int32, lines: [String]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    process.arguments = [root.appendingPathComponent("tools/compare-large-scale").path, "--constants", "-"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(table.utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text.split(separator: "\n").map(String.init))
  }

  @Test(
    "every constant of Tables 7.4.1-1, 7.5-6 and 7.6.3.1-2 is that of tr3gpp and Sionna", .enabled(if: python != nil))
  func constants() throws {
    let answer = try compare(Self.tables)
    #expect(answer.status == 0 && answer.lines.count == 1, "\(answer)")
    #expect(answer.lines.last?.hasPrefix("compared ") == true)
    let wrong = Self.tables.replacing(
      "\"umi\", \"state\": \"clear\", \"shadowing_db\": 4.0",
      with: "\"umi\", \"state\": \"clear\", \"shadowing_db\": 4.5")
    let seen = try compare(wrong)
    #expect(seen.status == 1 && seen.lines.count > 1, "a constant that is off is seen")
  }
}
