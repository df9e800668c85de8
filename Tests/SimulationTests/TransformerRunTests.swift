import Datasets
import Foundation
import Scenario
import Testing
import Trace
import Training
import Units

@testable import Simulation

@Suite("A run that trains a transformer")
struct TransformerRunTests {
  /// The fixture's devices with a model and data small enough for a debug build: 7 x 7 patches of 4 pixels, width 16.
  static func scenario(_ framework: Framework = .sflam, isFrozen: Bool = false) throws -> Scenario {
    var scenario = try Fixture.scenario("rounds=4", "deadline=8 s", "devices.count=6")
    scenario.framework = framework
    scenario.model = ModelProfile(
      name: "tiny",
      architecture: try VisionTransformer(
        image: 28, channels: 1, patch: 7, width: 16, depth: 1, heads: 2, classes: 10))
    scenario.training.trainer = .vit
    scenario.training.batch = 16
    scenario.training.localEpochs = 1
    scenario.training.dataset = DatasetPlan(name: .synthetic, trainLimit: 300, testLimit: 100)
    scenario.training.partition = .iid
    scenario.training.optimizer = OptimizerRule(learningRate: 0.1)
    if isFrozen { scenario.training.embedding = .frozen }
    return scenario
  }

  struct Outcome: Equatable {
    var rounds: [RoundRecord] = []
    var devices: [DeviceRecord] = []
    var fingerprint = ""
  }

  static func outcome(_ scenario: Scenario, threads: Int?) throws -> Outcome {
    let world = try World(scenario)
    let trainer = try threads.flatMap { try world.makeTrainer(threads: $0) }
    #expect((trainer == nil) == (threads == nil))
    var run = try Run(world, policy: ResolvedPolicy(scenario).policy, trainer: trainer)
    var outcome = Outcome()
    while let result = try run.nextRound() {
      outcome.rounds.append(result.roundRecord)
      outcome.devices += result.deviceRecords
    }
    outcome.fingerprint = "\(run.fingerprint)"
    return outcome
  }

  @Test("the loss falls, and accuracy rises far above chance")
  func learns() throws {
    var scenario = try Self.scenario()
    scenario.training.localEpochs = 4
    scenario.training.batch = 8
    scenario.training.dataset = DatasetPlan(name: .synthetic, trainLimit: 1200, testLimit: 100, classes: [0, 1, 2])
    scenario.training.optimizer = OptimizerRule(kind: .adamw, learningRate: 0.005)
    let rounds = try Self.outcome(scenario, threads: 2).rounds
    let losses = rounds.compactMap(\.trainLoss)
    #expect(losses.count == 4)
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 }, "\(losses)")
    let accuracies = rounds.compactMap(\.testAccuracy)
    #expect(accuracies.count == 4)
    #expect(accuracies[3] > 0.7, "\(accuracies), chance is 0.33")
    #expect(rounds.allSatisfy { $0.testAccuracyLocal != nil && $0.testLoss != nil })
  }

  @Test("two runs of a seed write the same rounds on one thread and on two", arguments: Framework.allCases)
  func deterministic(framework: Framework) throws {
    let scenario = try Self.scenario(framework)
    let first = try Self.outcome(scenario, threads: 1)
    #expect(try Self.outcome(scenario, threads: 1) == first)
    #expect(try Self.outcome(scenario, threads: 2) == first)
  }

  @Test(
    "frameworks that train one model step by step end with the same bytes on any threads, which share its operators, and killed or not",
    arguments: [Framework.sl, .sflV2, .cl])
  func stepByStep(framework: Framework) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "airsplit-steps-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var scenario = try Self.scenario(framework)
    // Wide enough for pieces that are worth sharing out.
    scenario.model = ModelProfile(
      name: "small",
      architecture: try VisionTransformer(
        image: 28, channels: 1, patch: 7, width: 48, depth: 2, heads: 2, classes: 10))
    func leavings(_ threads: Int, stops: [StoppedRun.Stop]) throws -> [String: Data] {
      defer { try? FileManager.default.removeItem(at: folder) }
      return try StoppedRun(scenario: scenario, threads: threads).leavings(stops: stops, in: folder).files
    }
    let whole = try leavings(1, stops: [])
    for threads in [2, 3, 5] {
      #expect(try leavings(threads, stops: []) == whole, "\(threads) threads")
      #expect(try leavings(threads, stops: [.round(1), .round(3)]) == whole, "killed, \(threads) threads")
    }
  }

  @Test(
    "times and energies are those of a run without training", arguments: Framework.allCases, [false, true])
  func sameTimes(framework: Framework, isFrozen: Bool) throws {
    let scenario = try Self.scenario(framework, isFrozen: isFrozen)
    var trained = try Self.outcome(scenario, threads: 2)
    let plain = try Self.outcome(scenario, threads: nil)
    for index in trained.rounds.indices {
      #expect(trained.rounds[index].trainLoss != nil)
      trained.rounds[index].trainLoss = nil
      trained.rounds[index].testLoss = nil
      trained.rounds[index].testAccuracy = nil
      trained.rounds[index].testAccuracyLocal = nil
    }
    #expect(trained == plain)
  }

  @Test("a loss that is no number ends the run with round, device and step")
  func diverges() throws {
    var scenario = try Self.scenario()
    scenario.training.optimizer = OptimizerRule(learningRate: 1e30)
    #expect {
      _ = try Self.outcome(scenario, threads: 2)
    } throws: { error in
      let text = "\(error)"
      return error is TrainingError && text.contains("round 1") && text.contains("device ") && text.contains("step ")
    }
  }

  @Test("under exact payload the packed batch has the size that policy, uplink and traces count")
  func exactPayload() throws {
    var scenario = try Self.scenario()
    scenario.quantizer.payload = .exact
    let world = try World(scenario)
    try world.checkPayloads()
    let trained = try Self.outcome(scenario, threads: 1)
    // 16 samples of 16 patches x 16 values: 4096 elements, each q bits and a sign, and two ranges of 32 bits.
    for record in trained.devices {
      guard let bits = record.bits else { continue }
      #expect(record.payload?.value == (bits == 32 ? 131_072 : 4096 * Double(bits + 1) + 64))
    }
    #expect(trained.devices.contains { $0.bits != nil })
  }

  @Test(
    "a profile with a transformer's figures makes the same rounds as the transformer", arguments: Framework.allCases)
  func profile(framework: Framework) throws {
    var scenario = try Self.scenario(framework)
    scenario.training.trainer = .none
    let shaped = try Self.outcome(scenario, threads: nil)
    scenario.model = ModelProfile(name: "other", classes: 10, figures: scenario.model.figures)
    #expect(try Self.outcome(scenario, threads: nil) == shaped)
    var heavier = scenario.model.figures
    heavier.deviceForwardWork = 1.5 * heavier.deviceForwardWork
    heavier.forwardWork = 1.5 * heavier.forwardWork
    heavier.activationElements *= 2
    heavier.parameters *= 2
    heavier.sampleElements *= 2
    scenario.model = ModelProfile(name: "heavier", classes: 10, figures: heavier)
    #expect(try Self.outcome(scenario, threads: nil) != shaped)
  }
}
