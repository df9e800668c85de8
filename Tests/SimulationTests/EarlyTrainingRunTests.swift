import Foundation
import Network
import Scenario
import TestSupport
import Testing
import Trace
import Training
import Units

@testable import Simulation

@Suite("Runs that train ahead of merges")
struct EarlyTrainingRunTests {
  private static let rules = [
    "{mode: buffered, size: 2, concurrency: 4}", "{mode: asynchronous, max_staleness: 2}",
    "{mode: quorum, size: 2, rest: carried}",
  ]

  /// A small transformer on devices that come and go, whose work is carried over.
  private static func scenario(_ rule: String) throws -> Scenario {
    let merging = try Fixture.scenario(
      "aggregation=\(rule)", "devices.availability={on: {exponential: 1 s}, off: {exponential: 0.2 s}}")
    var scenario = try TransformerRunTests.scenario()
    (scenario.aggregation, scenario.devices.availability) = (merging.aggregation, merging.devices.availability)
    (scenario.rounds, scenario.training.evaluateEvery) = (12, 3)
    return scenario
  }

  /// Notes whom it is told of.
  private final class Listener: Trainer {
    private(set) var told: [(round: Int, participants: [RoundWork.Participant])] = []
    private(set) var merged: [RoundWork] = []

    func expect(_ contributions: [RoundWork.Participant], round: Int) { told.append((round, contributions)) }
    func train(_ work: RoundWork) -> RoundLearning {
      merged.append(work)
      return RoundLearning()
    }
    func save(to file: OutputFile) {}
    func restore(from path: String) {}
    func writeWeights(to file: OutputFile) {}
  }

  @Test("a trainer is told of all who merge, with their versions and bits, before they do", arguments: rules)
  func told(rule: String) throws {
    var scenario = try Self.scenario(rule)
    scenario.rounds = 40
    let trainer = Listener()
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy, trainer: trainer)
    while try run.nextRound() != nil {}
    var (merged, ahead) = (0, 0)
    for work in trainer.merged {
      let told = trainer.told.filter { $0.round <= work.round }
      let last = try #require(told.last { $0.round == work.round })
      for participant in work.participants {
        func isIt(_ other: RoundWork.Participant) -> Bool {
          (other.device, other.version, other.bits) == (participant.device, participant.version, participant.bits)
        }
        guard !participant.isLate else { continue }
        merged += 1
        #expect(last.participants.contains(where: isIt), "round \(work.round), device \(participant.device)")
        if participant.version < work.round { ahead += 1 }
      }
    }
    #expect(merged > 20, "\(merged) merged")
    #expect(ahead > 5, "\(ahead) from older versions")
  }

  @Test("rounds and devices are the same on one thread, on two and on five", arguments: rules)
  func threads(rule: String) throws {
    let scenario = try Self.scenario(rule)
    let first = try TransformerRunTests.outcome(scenario, threads: 1)
    #expect(first.rounds.contains { ($0.stalenessMax ?? 0) > 0 })
    for threads in [2, 5] { #expect(try TransformerRunTests.outcome(scenario, threads: threads) == first) }
  }

  @Test(
    "a run that is killed at drawn events while somebody is trained ahead ends with the same bytes", arguments: rules)
  func killed(rule: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-early-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenario = try Self.scenario(rule)
    let (whole, events) = try StoppedRun(scenario: scenario, threads: 1).leavings(
      stops: [], in: folder.appending(path: "whole"))
    var random = SplitMix(state: 7)
    for threads in [2, 3, 3] {
      let stops = [
        UInt64.random(in: 1..<events / 2, using: &random), UInt64.random(in: events / 2..<events, using: &random),
      ]
      let killed = folder.appending(path: "killed")
      let (files, _) = try StoppedRun(scenario: scenario, threads: threads).leavings(
        stops: stops.map { .event($0) }, in: killed)
      try FileManager.default.removeItem(at: killed)
      #expect(files == whole, "killed after \(stops) of \(events) events, \(threads) threads")
    }
  }
}
