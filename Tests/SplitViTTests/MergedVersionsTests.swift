import Datasets
import TestSupport
import Testing
import Trace
import Training

@testable import SplitViT

@Suite("Training from versions of the model")
struct MergedVersionsTests {
  typealias Fixture = TrainerFixture

  /// Merges of a hand-made schedule: who merges, having begun with which version, and which versions are in use behind it.
  private static let schedule: [(merged: [(device: Int, version: Int)], late: [Int], inUse: [Int])] = [
    (merged: [(0, 1), (1, 1)], late: [], inUse: [1]),
    (merged: [(3, 1), (0, 2)], late: [], inUse: [1, 2]),
    (merged: [(2, 1), (1, 2)], late: [3], inUse: [3]),
    (merged: [(3, 3)], late: [], inUse: []),
  ]

  private static func rule(_ mode: AggregationRule.Mode) -> AggregationRule {
    var rule = AggregationRule()
    rule.mode = mode
    rule.serverRate = 0.5
    return rule
  }

  private static func work(_ settings: TrainerSettings, _ rule: AggregationRule, round: Int) -> RoundWork {
    let entry = schedule[round - 1]
    let versions = Dictionary(uniqueKeysWithValues: entry.merged + entry.late.map { ($0, 1) })
    var work = Fixture.work(
      settings, round: round, devices: versions.keys.sorted(), late: Set(entry.late))
    for index in work.participants.indices {
      work.participants[index].version = versions[work.participants[index].device] ?? 0
    }
    work.merge = RoundWork.Merge(rule: rule, versionsInUse: entry.inUse)
    return work
  }

  /// The model that a device comes to alone from `model`, in the round of that version: Eq. (6) of one device.
  private func alone(_ settings: TrainerSettings, _ device: Int, version: Int, from model: [Float]) throws -> [Float] {
    let trainer = try SplitTrainer(settings, threads: 1)
    _ = model.withUnsafeBufferPointer { trainer.state.model.values.update(fromContentsOf: $0) }
    _ = try trainer.train(Fixture.work(settings, round: version, devices: [device]))
    return Array(trainer.state.model.values)
  }

  @Test(
    "each merge is the sum, by the rule, of what its devices come to alone",
    arguments: [AggregationRule.Mode.buffered, .asynchronous])
  func sums(mode: AggregationRule.Mode) throws {
    let settings = try Fixture.settings(.sflam) { ($0.optimizer.state, $0.versions) = (.reset, 4) }
    let rule = Self.rule(mode)
    let trainer = try SplitTrainer(settings, threads: 2)
    // The rule in doubles, as its formula stands.
    var versions = [1: Array(trainer.state.model.values)]
    for round in 1...Self.schedule.count {
      let merged = Self.schedule[round - 1].merged
      let now = try #require(versions[round])
      let samples = merged.map { Double(settings.partition.samples[$0.device].count) }
      var next = now.map(Double.init)
      for (place, entry) in merged.enumerated() {
        let begun = try #require(versions[entry.version])
        let ended = try alone(settings, entry.device, version: entry.version, from: begun)
        let factor = 1 / (1 + Double(round - entry.version)).squareRoot()
        let share = samples[place] / samples.reduce(0, +)
        for index in next.indices {
          next[index] +=
            mode == .buffered
            ? 0.5 * share * factor * (Double(ended[index]) - Double(begun[index]))
            : 0.6 * share * factor * (Double(ended[index]) - Double(now[index]))
        }
      }
      _ = try trainer.train(Self.work(settings, rule, round: round))
      let model = Array(trainer.state.model.values)
      let largest = zip(model, next).map { abs(Double($0) - $1) }.max() ?? 1
      #expect(largest < 1e-6, "round \(round)")
      #expect(Set(trainer.state.versions.keys) == Set(Self.schedule[round - 1].inUse))
      versions[round + 1] = model
    }
  }

  @Test("versions, like the model, are the same bits on any number of threads, and through a file")
  func threads() throws {
    let settings = try Fixture.settings(.sfl) { ($0.optimizer.state, $0.versions) = (.kept, 4) }
    let rule = Self.rule(.buffered)
    let scratch = try Scratch()
    func trained(_ threads: Int, stop: Int? = nil) throws -> [UInt32] {
      var trainer = try SplitTrainer(settings, threads: threads)
      for round in 1...4 {
        _ = try trainer.train(Self.work(settings, rule, round: round))
        guard round == stop else { continue }
        let path = "\(scratch.path)/trainer"
        try AtomicFile.write(to: path) { try trainer.save(to: $0) }
        trainer = try SplitTrainer(settings, threads: threads)
        try trainer.restore(from: path)
      }
      return trainer.bits
    }
    let one = try trained(1)
    defer { withExtendedLifetime(scratch) {} }
    for threads in 2...3 { #expect(try trained(threads) == one) }
    for stop in 1...3 { #expect(try trained(2, stop: stop) == one, "stopped after round \(stop)") }
  }

  @Test("who all begin together and merge at once train as in a synchronous round, to the bit")
  func synchronous() throws {
    let settings = try Fixture.settings(.sflam) { $0.optimizer.state = .reset }
    var rule = Self.rule(.buffered)
    rule.serverRate = 1
    let trainer = try SplitTrainer(settings, threads: 1)
    for round in 1...2 {
      var work = Fixture.work(settings, round: round)
      for index in work.participants.indices { work.participants[index].version = round }
      work.merge = RoundWork.Merge(rule: rule, versionsInUse: [])
      _ = try trainer.train(work)
    }
    #expect(try trainer.bits == Fixture.trained(settings, threads: 2).trainer.bits)
  }

  @Test("a version that nobody kept is an error, not another model")
  func forgotten() throws {
    let settings = try Fixture.settings(.sfl) { $0.optimizer.state = .reset }
    let trainer = try SplitTrainer(settings, threads: 1)
    var first = Self.work(settings, Self.rule(.buffered), round: 1)
    first.merge?.versionsInUse = []
    _ = try trainer.train(first)
    #expect(throws: TrainingError("round 2, device 3: version 1 of the model, which it began with, is not kept")) {
      _ = try trainer.train(Self.work(settings, Self.rule(.buffered), round: 2))
    }
  }
}
