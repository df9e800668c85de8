import Allocation
import Foundation
import JSON
import Scenario
import Testing
import Trace
import Units
import Wireless

@testable import Simulation

@Suite("Metrics: one definition, wherever the figure stands")
struct MetricTests {
  private static let worlds = [
    ["policy=rb"], ["policy=bcd", "deadline=2s"], ["framework=sl"], ["framework=ll"], ["framework=fl"],
    ["server.accelerators=2", "downlink={power: 5 W}", "devices.receive_power=0.5 W", "policy=exact"],
    ["server.accelerators=3", "server.discipline=least-slack", "server.power=300 W", "channel_estimate.error=0.2"],
  ]

  /// The rows of a CSV file, by name of column.
  private static func rows(_ path: URL) throws -> [[String: String]] {
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test("rounds.csv, the manifest and the figures of sweeps say the same", arguments: worlds)
  func agree(settings: [String]) throws {
    let scenario = try Fixture.scenario(settings + ["rounds=12"])
    let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-metrics-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let policy = try ResolvedPolicy(scenario)
    var run = try Run(World(scenario), policy: policy.policy)
    var recorder = try Recorder(path: folder.path, run: run, policy: policy)
    var tallies = Dictionary(uniqueKeysWithValues: Metric.all.map { ($0, Tally()) })
    var reports: [RoundReport] = []
    while let report = try run.nextRound() {
      try recorder.record(report, of: run)
      reports.append(report)
      for metric in Metric.all {
        if case .added(let add) = metric.value { add(report, &tallies[metric, default: Tally()]) }
      }
    }
    try recorder.finish(run)

    // A row holds what the definition says of the round.
    let rows = try Self.rows(folder.appending(path: RoundRecord.fileName))
    var columns = 0
    for metric in Metric.all where rows[0].keys.contains(metric.name) && metric.weight != .run {
      columns += 1
      for (row, report) in zip(rows, reports) {
        let told = row[metric.name].flatMap(Double.init)
        #expect(told == metric.mean(of: report), "\(metric.name) in round \(report.round)")
      }
    }
    #expect(columns >= 9)

    // A run's figure is the ratio of the sums, never a mean of means.
    let figures = run.metrics
    for metric in Metric.all where metric.weight != .run { #expect(figures[metric] == tallies[metric]?.mean) }

    // The manifest has the same.
    var shared = 0
    for metric in Metric.all {
      guard let told = run.summary.json[metric.name] else { continue }
      shared += 1
      #expect(told.double == figures[metric], "\(metric.name)")
    }
    #expect(shared >= 9)
  }

  @Test("who sends at a link's most is at its table's last step; Shannon's bound has no most")
  func fullLinks() throws {
    let scenario = try Fixture.scenario("policy=ep", "uplink.link={mcs: {table: 64qam}}", "rounds=6")
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
    var rates: [Double] = []
    while let report = try run.nextRound() { rates += report.allocation.assignments.map(\.rate.value) }
    // Its last two steps carry 4.34 and 4.17 bit/s per Hz.
    let full = rates.count { $0 > 4.3 * scenario.uplink.blockBandwidth.value }
    #expect(full > 0 && full < rates.count)
    #expect(run.metrics[.linkFullShare] == Double(full) / Double(rates.count))
    let bound = try Fixture.scenario("policy=ep", "rounds=2")
    var other = try Run(World(bound), policy: ResolvedPolicy(bound).policy)
    while try other.nextRound() != nil {}
    #expect(other.metrics[.linkFullShare] == nil)
  }

  @Test("the bits of a run are those of its participants, not of its rounds")
  func weights() throws {
    let scenario = try Fixture.scenario("policy=rb", "rounds=20")
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
    var (bits, participants, meanOfMeans, rounds) = (0.0, 0.0, 0.0, 0.0)
    while let report = try run.nextRound() {
      bits += report.allocation.assignments.reduce(0) { $0 + Double($1.bits) }
      participants += Double(report.allocation.assignments.count)
      if let mean = report.roundRecord.bitsMean { (meanOfMeans, rounds) = (meanOfMeans + mean, rounds + 1) }
    }
    #expect(run.metrics[.bits] == bits / participants)
    #expect(run.summary.bitsMean == bits / participants)
    // The wrong law would be seen.
    #expect(abs(meanOfMeans / rounds - bits / participants) > 1e-3)
  }

  @Test("a timeline's energy ends at the energy of all rounds so far, receiving included")
  func energyCounter() throws {
    let scenario = try Fixture.scenario(
      "rounds=3", "downlink={power: 5 W}", "devices.receive_power=0.5 W", "policy=exact")
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy, options: options)
    while let report = try run.nextRound() {
      #expect(report.downlinkEnergy > .zero)
      let text = String(decoding: TimelineFile.rows(of: report.timelineEvents), as: UTF8.self)
      let last = try #require(text.split(separator: "\n").last { $0.contains(#""name":"energy""#) })
      let shown = try #require(last.firstMatch(of: /"J":([0-9.e+-]+)/).flatMap { Double($0.1) })
      let total = try #require(report.roundRecord.energyTotal).value
      #expect(abs(shown - total) < 1e-9 * total)
    }
  }
}
