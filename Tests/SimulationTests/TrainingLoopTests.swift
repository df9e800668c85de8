import Allocation
import EventKernel
import Network
import Scenario
import TestSupport
import Testing
import Trace
import Training
import Units

@testable import Simulation

@Suite("Training in the event loop")
struct TrainingLoopTests {
  static let frameworks = Framework.allCases

  @Test("what goes up once, and that no model does, follow from the recipe's one rule", arguments: Trainable.allCases)
  func frozen(trainable: Trainable) throws {
    for embedding in EmbeddingRule.allCases {
      var scenario = try Fixture.scenario("framework=sfl")
      (scenario.training.trainable, scenario.training.embedding) = (trainable, embedding)
      let workload = Workload(scenario)
      let isFrozen = scenario.training.recipe.freezesDevicePart
      #expect(workload.sendsActivationsOnce == isFrozen, "\(trainable), \(embedding)")
      #expect((workload.modelUpload == .zero) == isFrozen, "\(trainable), \(embedding)")
      #expect((workload.forwardShare == 1) == isFrozen, "\(trainable), \(embedding)")
    }
  }

  @Test("a trainer changes no time, no energy and no event", arguments: frameworks)
  func sameTimes(framework: Framework) throws {
    func records(_ trainer: (any Trainer)?) throws -> (String, [DeviceRecord], [RoundRecord]) {
      var devices: [DeviceRecord] = []
      var rounds: [RoundRecord] = []
      let scenario = try Fixture.scenario("framework=\(framework.rawValue)")
      let outcome = try Fixture.results(scenario, trainer: trainer) { run, result in
        devices += result.deviceRecords
        var record = result.roundRecord
        #expect((record.trainLoss != nil) == (trainer != nil))
        record.trainLoss = nil
        rounds.append(record)
      }
      return (outcome.fingerprint, devices, rounds)
    }
    let without = try records(nil)
    let with = try records(RecordingTrainer())
    #expect(without.0 == with.0)
    #expect(without.1 == with.1)
    #expect(without.2 == with.2)
  }

  @Test("the trainer is handed the devices, bits and steps of devices.csv, once per round", arguments: frameworks)
  func participants(framework: Framework) throws {
    let trainer = RecordingTrainer()
    var expected: [[RoundWork.Participant]] = []
    let scenario = try Fixture.scenario("framework=\(framework.rawValue)", "policy=exact")
    _ = try Fixture.results(scenario, trainer: trainer) { run, result in
      expected.append(
        result.deviceRecords.filter { $0.steps != nil }.map { record in
          RoundWork.Participant(device: record.device, bits: record.bits ?? 32, steps: record.steps ?? -1)
        })
    }
    #expect(trainer.work.map(\.round) == [1, 2, 3])
    #expect(trainer.work.map(\.isLast) == [false, false, true])
    #expect(trainer.work.map(\.participants) == expected)
    #expect(expected.allSatisfy { !$0.isEmpty }, "nobody took part, so nothing was compared")
    for work in trainer.work {
      let order = framework == .sflV2 ? work.participants.reduce(0) { $0 + $1.steps } : 0
      #expect(work.serverOrder.count == order)
    }
    switch framework {
    case .ll: #expect(expected.allSatisfy { $0.map(\.device) == Array(0..<20) })
    case .cl: #expect(expected.allSatisfy { $0 == expected[0] })
    case .sflam: #expect(expected.joined().contains { $0.bits < 32 })
    default: #expect(expected.joined().allSatisfy { $0.bits == 32 })
    }
  }

  @Test("a device that missed its deadline is handed on as late, with the steps that it completed")
  func late() throws {
    // A step of 2.75 s, and one of 4 s against a deadline of 3 s.
    var slow = RoundFixture.itinerary(device: 4)
    slow.step[0].time = Seconds(2.25)
    let (engine, _) = try RoundFixture.play(
      [RoundFixture.itinerary(device: 1), slow], watch: .step(Seconds(3)))
    let round = OpenRound(decision: Decision(allocation: Allocation(assignments: [])), start: .zero, engine: engine)
    let work = RoundWork(
      round: 8, of: round, traits: Framework.sfl.traits, aggregation: AggregationRule(), isLast: false)
    #expect(
      work.participants == [
        RoundWork.Participant(device: 1, bits: 32, steps: 2),
        RoundWork.Participant(device: 4, bits: 32, steps: 0, isLate: true),
      ])
  }

  @Test("one server model takes its steps in the order of the server's events")
  func serverOrder() throws {
    let trainer = RecordingTrainer()
    var events: [[Int]] = []
    var options = Run.Options()
    options.recordsEvents = true
    let scenario = try Fixture.scenario("framework=sfl-v2")
    _ = try Fixture.results(scenario, trainer: trainer, options: options) { run, result in
      events.append(result.eventRecords.filter { $0.kind == "server" }.compactMap(\.device))
    }
    let handedOn = trainer.work.map { work in work.serverOrder.map { work.participants[$0].device } }
    #expect(handedOn == events)
    #expect(events.allSatisfy { Set($0).count == 4 && $0 != $0.sorted() }, "the devices' steps never interleaved")
  }

  @Test("losses and accuracies stand in rounds.csv and in the summary")
  func figures() throws {
    let trainer = RecordingTrainer(accuracies: [0.5, nil, 0.25])
    var records: [RoundRecord] = []
    let outcome = try Fixture.results(try Fixture.scenario(), trainer: trainer) { run, result in
      #expect(run.features.contains(.training))
      records.append(result.roundRecord)
    }
    #expect(records.map(\.trainLoss) == [1, 0.5, 1 / 3.0])
    #expect(records.map(\.testAccuracy) == [0.5, nil, 0.25])
    #expect(records.map(\.testLoss) == [0.5, nil, 0.75])
    #expect(records.map(\.testAccuracyLocal) == [0.25, nil, 0.125])
    let learning = try #require(outcome.summary.learning)
    #expect(learning.trainLoss == 1 / 3.0)
    #expect(learning.testAccuracy == 0.25)
    #expect(learning.testAccuracyBest == 0.5)
    #expect(learning.testLoss == 0.75)
    #expect(learning.roundOfTarget == nil)
    #expect(try Fixture.results(try Fixture.scenario()).summary.learning == nil)
  }

  @Test("a run ends with the first evaluated round whose accuracy reaches the target")
  func stops() throws {
    var scenario = try Fixture.scenario("rounds=9")
    scenario.training.stopAtAccuracy = 0.75
    let trainer = RecordingTrainer(accuracies: [0.5, nil, 0.7, 0.75, 0.8])
    let outcome = try Fixture.results(scenario, trainer: trainer)
    #expect(outcome.results.map(\.round) == [1, 2, 3, 4])
    #expect(trainer.work.allSatisfy { !$0.isLast })
    #expect(outcome.summary.rounds == 4)
    #expect(outcome.summary.learning?.roundOfTarget == 4)
    #expect(outcome.summary.figures.contains { $0.key == "stopped_in_round" && $0.value == 4 })

    let never = try Fixture.results(scenario, trainer: RecordingTrainer(accuracies: [0.5, 0.6]))
    #expect(never.results.count == 9)
    #expect(!never.summary.figures.contains { $0.key == "stopped_in_round" })
  }

  @Test("with a frozen embedding the trainer is told which steps were fresh")
  func freshSteps() throws {
    var scenario = try Fixture.scenario("rounds=5")
    scenario.training.embedding = .frozen
    let trainer = RecordingTrainer()
    _ = try Fixture.results(scenario, trainer: trainer)
    var seen: Set<Int> = []
    for participant in trainer.work.flatMap(\.participants) {
      // Two local epochs: the first one is half of the steps.
      let expected = seen.insert(participant.device).inserted ? participant.steps / 2 : 0
      #expect(participant.freshSteps == expected)
    }
    #expect(seen.count < trainer.work.flatMap(\.participants).count, "nobody took part twice")
  }

  @Test("a round behind others is found again where the server keeps activations")
  func skipping() throws {
    var scenario = try Fixture.scenario("rounds=5")
    scenario.training.embedding = .frozen
    let whole = try Fixture.results(scenario).results
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy)
    try run.skip(to: 5)
    let last = try run.nextRound()
    #expect(last?.round == 5)
    #expect(last?.devices.map(\.time) == whole[4].devices.map(\.time))
    let isFinished = run.isFinished
    #expect(isFinished)
  }

  @Test("a loss that is no number stops the run with the trainer's own words")
  func diverging() throws {
    let world = try World(try Fixture.scenario())
    var run = try Run(world, policy: ResolvedPolicy(world.scenario).policy, trainer: DivergingTrainer())
    _ = try run.nextRound()
    #expect(throws: TrainingError("round 2, device 5, step 3: the loss is nan")) { _ = try run.nextRound() }
  }
}
