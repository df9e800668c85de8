import Foundation
import Testing
import Units

@testable import Wireless

/// Every constant of the report's tables, as tr3gpp and Sionna have it. Runs where AIRSPLIT_CHANNEL_PYTHON names a Python that
/// has tr3gpp; sionna-no-rt is compared where that is installed, too.
@Suite("Large scale beside other packages")
struct LargeScaleOracleTests {
  private static let python = ProcessInfo.processInfo.environment["AIRSPLIT_CHANNEL_PYTHON"]

  private static var tables: [String] {
    let models: [PathLoss.Model] = [.urbanMacro, .urbanMicro, .ruralMacro, .suburbanMacro, .indoorOffice]
    return models.flatMap { model in
      zip(LargeScaleTable.State.allCases, ["clear", "blocked", "indoors"]).compactMap { state, name in
        LargeScaleTable(model, state).map { table in
          let law = table.rician.map { law in
            [law.mean.value, law.sigma.value, law.correlationDistance.value, law.shadowingCorrelation].map { "\($0)" }
          }
          let row = [table.sigma.value, table.farSigma.value, table.correlationDistance.value].map { "\($0)" }
          return ([model.rawValue, name] + row + (law ?? ["-", "-", "-", "-"])).joined(separator: " ")
        }
      }
    }
  }

  private func compare(_ lines: [String]) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    process.arguments = [root.appendingPathComponent("tools/compare-large-scale").path]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return text.split(separator: "\n").map(String.init)
  }

  @Test("every constant of Tables 7.4.1-1 and 7.5-6 is that of tr3gpp and Sionna", .enabled(if: python != nil))
  func constants() throws {
    #expect(Self.tables.count == 15)
    let answer = try compare(Self.tables)
    #expect(answer.count == 1, "\(answer)")
    #expect(answer.last?.hasPrefix("compared ") == true)
    let wrong = Self.tables.map { $0.replacing("umi clear 4.0", with: "umi clear 4.5") }
    #expect(try compare(wrong).count > 1, "a constant that is off is seen")
  }
}
