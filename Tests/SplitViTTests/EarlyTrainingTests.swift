import Datasets
import TestSupport
import Testing
import Trace
import Training

@testable import SplitViT

@Suite("Training ahead of merges")
struct EarlyTrainingTests {
  typealias Fixture = TrainerFixture

  /// Who merges in each round, having begun with which version, and who goes on.
  private static let schedule:
    [(merged: [(device: Int, version: Int)], left: [Int], goesOn: [(device: Int, version: Int)])] = [
      (merged: [(0, 1), (1, 1)], left: [], goesOn: [(2, 1), (3, 1)]),
      (merged: [(3, 1), (0, 2)], left: [], goesOn: [(2, 1), (1, 2)]),
      (merged: [(2, 1)], left: [1], goesOn: [(3, 3), (0, 3)]),
      (merged: [(3, 3), (1, 4), (0, 3)], left: [], goesOn: []),
    ]

  private static func participant(_ settings: TrainerSettings, _ entry: (device: Int, version: Int))
    -> RoundWork.Participant
  {
    var participant = Fixture.work(settings, round: 1, devices: [entry.device]).participants[0]
    participant.version = entry.version
    return participant
  }

  private static func work(_ settings: TrainerSettings, round: Int) -> RoundWork {
    let entry = schedule[round - 1]
    let all = entry.merged + entry.left.map { (device: $0, version: round - 1) }
    var work = Fixture.work(settings, round: round, devices: all.map(\.device).sorted(), late: Set(entry.left))
    for index in work.participants.indices {
      work.participants[index].version = all.first { $0.device == work.participants[index].device }?.version ?? 0
    }
    var rule = AggregationRule()
    (rule.mode, rule.serverRate) = (.buffered, 0.5)
    work.merge = RoundWork.Merge(rule: rule, versionsInUse: Set(entry.goesOn.map(\.version)).sorted())
    return work
  }

  /// Those under way before the merge of a round.
  private static func underWay(_ settings: TrainerSettings, round: Int) -> [RoundWork.Participant] {
    let entry = schedule[round - 1]
    return (entry.merged + entry.left.map { (device: $0, version: round - 1) } + entry.goesOn)
      .map { participant(settings, $0) }
  }

  private static func settings(
    _ framework: Framework = .sflam, change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> TrainerSettings {
    try Fixture.settings(framework) {
      ($0.optimizer.state, $0.versions, $0.evaluatesLocal) = (.reset, 4, true)
      change(&$0)
    }
  }

  private struct Outcome: Equatable {
    var bits: [UInt32] = []
    var learning: [RoundLearning] = []
  }

  /// Four rounds; those under way are told in the order that `order` makes of them.
  private func outcome(
    _ settings: TrainerSettings, threads: Int, waits: Bool = false,
    order: (([RoundWork.Participant]) -> [RoundWork.Participant])? = nil
  ) throws -> Outcome {
    let trainer = try SplitTrainer(settings, threads: threads)
    var outcome = Outcome()
    for round in 1...4 {
      if let order { trainer.expect(order(Self.underWay(settings, round: round)), round: round) }
      if waits { trainer.earlyTraining?.settle() }
      #expect((trainer.earlyTraining?.ahead.count ?? 0) <= threads)
      outcome.learning.append(try trainer.train(Self.work(settings, round: round)))
    }
    outcome.bits = trainer.bits
    return outcome
  }

  @Test(
    "whatever is trained ahead, on however many threads, models and figures are the same bits",
    arguments: [OptimizerRule.StateRule.reset, .kept, .averaged], [Framework.sflam, .fl])
  func sameBits(state: OptimizerRule.StateRule, framework: Framework) throws {
    let settings = try Self.settings(framework) { $0.optimizer.state = state }
    let plain = try outcome(settings, threads: 1)
    #expect(plain.learning.allSatisfy { $0.testAccuracyLocal != nil })
    for threads in 1...4 {
      for waits in [false, true] {
        let orders: [([RoundWork.Participant]) -> [RoundWork.Participant]] = [
          { $0 }, { $0.reversed() }, { Array($0.suffix(1)) }, { _ in [] },
        ]
        for (number, order) in orders.enumerated() {
          let ahead = try outcome(settings, threads: threads, waits: waits, order: order)
          #expect(ahead == plain, "\(threads) threads, order \(number), \(waits ? "all done" : "at once")")
        }
      }
    }
  }

  @Test("as many as there are threads are trained ahead, those first who are expected first")
  func order() throws {
    let settings = try Self.settings()
    for threads in 2...3 {
      let trainer = try SplitTrainer(settings, threads: threads)
      let expected = Self.underWay(settings, round: 1).reversed().map(\.self)
      trainer.expect(expected, round: 1)
      trainer.earlyTraining?.settle()
      #expect(trainer.earlyTraining?.ahead.map(\.device).sorted() == expected.prefix(threads).map(\.device).sorted())
      #expect(trainer.earlyTraining?.ahead.count == threads)
    }
    #expect(try SplitTrainer(settings, threads: 1).earlyTraining == nil)
  }

  @Test("who is not under way any more is dropped, and makes room")
  func dropped() throws {
    let settings = try Self.settings()
    let trainer = try SplitTrainer(settings, threads: 2)
    let all = Self.underWay(settings, round: 1)
    trainer.expect(all, round: 1)
    trainer.earlyTraining?.settle()
    trainer.expect(Array(all.suffix(2)), round: 1)
    trainer.earlyTraining?.settle()
    #expect(trainer.earlyTraining?.ahead.map(\.device) == [2, 3])
    // The same device at other bits, or from another version, is another contribution.
    var other = all[2]
    other.bits -= 1
    trainer.expect([other], round: 1)
    trainer.earlyTraining?.settle()
    #expect(trainer.earlyTraining?.ahead == [other])
    other.version += 1
    trainer.expect([other], round: 2)
    trainer.earlyTraining?.settle()
    #expect(trainer.earlyTraining?.ahead == [other])
    trainer.expect([], round: 1)
    #expect(trainer.earlyTraining?.ahead.isEmpty == true)
  }

  @Test("a checkpoint between merges has the same bytes whatever is ahead, and one that is taken up forgets what was")
  func checkpoints() throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let settings = try Self.settings { $0.optimizer.state = .kept }
    let plain = try outcome(settings, threads: 1)
    func bytes(_ trainer: SplitTrainer, _ name: String) throws -> [UInt8] {
      let path = "\(scratch.path)/\(name)"
      try AtomicFile.write(to: path) { try trainer.save(to: $0) }
      return try scratch.bytes(of: name)
    }
    for stop in 1...3 {
      let (quiet, busy) = (try SplitTrainer(settings, threads: 1), try SplitTrainer(settings, threads: 3))
      for round in 1...stop {
        busy.expect(Self.underWay(settings, round: round), round: round)
        for trainer in [quiet, busy] { _ = try trainer.train(Self.work(settings, round: round)) }
      }
      busy.expect(Self.underWay(settings, round: stop + 1), round: stop + 1)
      #expect(try bytes(busy, "busy") == bytes(quiet, "quiet"))
      // Into the very trainer that has somebody ahead.
      busy.earlyTraining?.settle()
      try busy.restore(from: "\(scratch.path)/quiet")
      #expect(busy.earlyTraining?.ahead.isEmpty == true)
      for round in stop + 1...4 { _ = try busy.train(Self.work(settings, round: round)) }
      #expect(busy.bits == plain.bits)
    }
  }

  @Test("an error of who was trained ahead is told when it merges, and not where it leaves")
  func errors() throws {
    let settings = try Self.settings { $0.optimizer.learningRate = 1e30 }
    let trainer = try SplitTrainer(settings, threads: 2)
    trainer.expect(Self.underWay(settings, round: 1), round: 1)
    trainer.earlyTraining?.settle()
    let error = #expect(throws: TrainingError.self) { try trainer.train(Self.work(settings, round: 1)) }
    #expect(error?.description.contains("round 1, device 0, step") == true)

    let other = try SplitTrainer(settings, threads: 2)
    other.expect(Self.underWay(settings, round: 1), round: 1)
    other.earlyTraining?.settle()
    var nobody = Self.work(settings, round: 1)
    for index in nobody.participants.indices { nobody.participants[index].isLate = true }
    _ = try other.train(nobody)
  }

  @Test("activations that the server keeps are sent at a merge first, and kept ones are trained ahead")
  func caches() throws {
    let settings = try Self.settings { $0.embedding = .frozen }
    #expect(settings.cachesActivations)
    let plain = try outcome(settings, threads: 1)
    #expect(try outcome(settings, threads: 3, waits: true, order: { $0 }) == plain)
    let trainer = try SplitTrainer(settings, threads: 2)
    trainer.expect(Self.underWay(settings, round: 1), round: 1)
    #expect(trainer.earlyTraining?.ahead.isEmpty == true)
    _ = try trainer.train(Self.work(settings, round: 1))
    trainer.expect(Self.underWay(settings, round: 2), round: 2)
    trainer.earlyTraining?.settle()
    #expect(trainer.earlyTraining?.ahead.map(\.device) == [0, 1])
  }
}
