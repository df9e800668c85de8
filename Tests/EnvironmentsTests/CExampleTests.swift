import Allocation
import Environments
import Foundation
import Simulation
import TestSupport
import Testing
import Wireless

/// The example in C, as somebody compiles and runs it.
@Suite("From C")
struct CExampleTests {
  /// Where this test was built, with the library beside it.
  private static let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent()

  private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test("rounds come to the same as from Swift, to the last bit")
  func example() throws {
    let scratch = try Scratch()
    let built = try #require(
      [Self.products, URL(filePath: "\(Fixture.root)/.build/debug")].first {
        FileManager.default.fileExists(atPath: $0.appending(path: "libairsplit-library.so").path)
      }, "swift build --build-tests makes the library")
    let compiled = try Self.run(
      "clang",
      [
        "-Wall", "-Wextra", "-Werror", "-std=c11", "-I\(Fixture.root)/Sources/CAirSplit/include",
        "\(Fixture.root)/Examples/C/rounds.c", "-L\(built.path)", "-lairsplit-library", "-Wl,-rpath,\(built.path)",
        "-o", "\(scratch.path)/rounds",
      ])
    #expect(compiled.status == 0)
    let (status, output) = try Self.run("\(scratch.path)/rounds", [Fixture.quickstart])
    #expect(status == 0)

    let batch = try Fixture.batch(["rounds=5"]) { $0.worlds = 4 }
    try batch.reset([0, 1, 2, 3])
    var expected = ""
    for round in 1...5 {
      for (index, world) in batch.worlds.enumerated() {
        let gains = try #require(world.problem).gains
        var decibels = [Float](repeating: 0, count: 500)
        decibels.withUnsafeMutableBufferPointer {
          world.writeGains(
            decibels: $0, gains: UnsafeMutableBufferPointer(start: nil, count: 0),
            usable: UnsafeMutableBufferPointer(start: nil, count: 0))
        }
        let best = (0..<gains.deviceCount).map { decibels[$0 * 10..<$0 * 10 + 10].max() ?? 0 }
        let report = try world.step(.scores(best.map { Double($0 + 200) }))
        let optimum = try #require(report.optimum)
        expected += "\(round) \(index) " + String(format: "%.17g %.17g\n", report.allocation.objective, optimum)
      }
    }
    #expect(output == expected)
    #expect(try Self.run("\(scratch.path)/rounds", ["nowhere.yaml"]).status == 2)
  }
}
