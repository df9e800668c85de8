import Foundation
import Scenario
import Testing
import Trace
import Training
import Units

@testable import Simulation

@Suite("Columns of traces")
struct TraceColumnTests {
  @Test("no column is empty throughout a run in which devices take part", arguments: Framework.allCases)
  func columns(framework: Framework) throws {
    let scenario = try Fixture.scenario("framework=\(framework.rawValue)", "rounds=3", "policy=rb")
    let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-columns-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let policy = try ResolvedPolicy(scenario)
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(World(scenario), policy: policy.policy, options: options)
    var recorder = try Recorder(
      path: folder.path, run: run, policy: policy, selection: [.rounds, .devices, .events, .gains])
    while let result = try run.nextRound() { try recorder.record(result, of: run) }
    try recorder.finish(run)
    #expect(run.summary.devicesCompletedMean > 0)
    for name in ["rounds.csv", "devices.csv", "events.csv"] {
      let rows = try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      for (index, column) in rows[0].enumerated() {
        #expect(rows.dropFirst().contains { !$0[index].isEmpty }, "\(name): \(column)")
      }
    }
  }

  @Test("the totals of a row are the sums of the rows so far")
  func totals() throws {
    var run = try Run(World(Fixture.scenario("rounds=5")), policy: ResolvedPolicy(Fixture.scenario()).policy)
    var (time, energy) = (0.0, 0.0)
    while let result = try run.nextRound() {
      let record = result.roundRecord
      time += record.duration.value
      energy += record.roundEnergy.value
      #expect(abs(try #require(record.timeTotal).value - time) < 1e-6)
      #expect(abs(try #require(record.energyTotal).value - energy) < 1e-9 * energy)
    }
    #expect(energy > 0)
  }
}
