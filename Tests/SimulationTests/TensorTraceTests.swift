import Allocation
import Foundation
import Network
import Scenario
import TestSupport
import Testing
import Trace
import Training
import Units

@testable import Simulation

@Suite("The trace of tensors")
struct TensorTraceTests {
  /// Six devices with three full mini-batches each, so that what is priced is what is sent.
  private static func scenario(_ settings: [String]) throws -> Scenario {
    try Fixture.scenario(
      [
        "deadline=8 s", "devices.count=6", "devices.samples=48", "rounds=3",
        "downlink={power: 5 W, model: unicast, gradient_bits: 6}",
        "model={image: 28, channels: 1, patch: 7, dim: 16, depth: 2, heads: 2}",
        "training={trainer: vit, batch: 16, local_epochs: 1, dataset: {name: synthetic, train_limit: 288, "
          + "test_limit: 20}, partition: {kind: iid}, optimizer: {name: sgd, learning_rate: 0.05, state: reset}}",
      ] + settings)
  }

  private static func reports(_ scenario: Scenario, threads: Int = 2) throws -> [RoundReport] {
    var options = Run.Options()
    options.listsTensors = true
    let world = try World(scenario)
    return try Fixture.results(scenario, trainer: world.makeTrainer(threads: threads), options: options).results
  }

  static let kinds: [[String]] = [
    [], ["quantizer.payload=exact"], ["framework=sfl"], ["framework=sl"], ["framework=sfl-v2"], ["framework=fl"],
    ["framework=ll"], ["framework=cl"], ["training.embedding=frozen", "training.local_epochs=2"],
    ["training.trainable=head"], ["framework=fl", "training.trainable=head"],
    ["training.labels=device", "quantizer.payload=exact"], ["training.labels=device", "training.trainable=head"],
    ["training.gradient=local-loss", "model.cut=after-block-1"],
    ["training.adapters={lora: {rank: 3}}", "model.cut=after-block-1", "devices.lora_rank={choice: [1, 3]}"],
    ["training.adapters={lora: {rank: 3}}", "framework=fl", "devices.lora_rank={choice: [1, 2]}"],
    ["training.adapters={lora: {rank: 2, part: server}}", "model.cut=after-block-1"],
    ["model.cut=[embedding, after-block-1]", "devices.memory={choice: [1 MB, 9 MB]}"],
    ["aggregation={mode: buffered, size: 2, concurrency: 3}"], ["framework=sl", "training.labels=device"],
  ]

  @Test("what is sent of a device has the bits that policy, uplink, downlink and ledger count", arguments: kinds)
  func priced(settings: [String]) throws {
    let scenario = try Self.scenario(settings)
    var devices = 0
    for report in try Self.reports(scenario) {
      let world = report.world
      let rows = try #require(report.learning?.tensors)
      let assignments = Dictionary(
        uniqueKeysWithValues: report.allocation.assignments.map { ($0.device, $0) })
      #expect(rows.map(\.device) == rows.map(\.device).sorted() && rows.allSatisfy { $0.round == report.round })
      for ledger in report.devices where !ledger.isLate {
        devices += 1
        let assignment = assignments[ledger.device]
        let workload = world.workload(of: ledger.device, cut: assignment?.cut ?? 0)
        let fresh = Double(ledger.itinerary.freshSteps)
        let hasSteps = workload.traits.hasStepOnAir
        let raw = report.round == 1 ? workload.sampleUpload * 48 : .zero
        let up = (hasSteps ? (assignment?.payload ?? .zero) * fresh : .zero) + workload.modelUpload + raw
        let down = (workload.gradientDownload + workload.headDownload) * fresh + workload.modelDownload
        // Table II counts the patch projection without its bias.
        let leavesBiasOut = hasSteps && scenario.models[assignment?.cut ?? 0].cut == .embedding
        let own = rows.filter {
          $0.device == ledger.device && !(leavesBiasOut && $0.tensor == "patch_embed.proj.bias")
        }
        for (direction, wanted) in [(TensorRecord.Direction.up, up), (.down, down)] {
          let sum = own.filter { $0.direction == direction }.reduce(Bits.zero) { $0 + $1.payload }
          #expect(sum == wanted, "round \(report.round), device \(ledger.device), \(direction)")
        }
      }
    }
    #expect(devices > 0)
  }

  @Test("is the same on one thread and on two", arguments: kinds)
  func threads(settings: [String]) throws {
    let scenario = try Self.scenario(settings)
    let (one, two) = (try Self.reports(scenario, threads: 1), try Self.reports(scenario))
    #expect(one.map(\.learning?.tensors) == two.map(\.learning?.tensors))
    #expect(one.contains { $0.learning?.tensors.isEmpty == false } || scenario.framework == .ll)
  }

  @Test("nobody lists what no trainer sends")
  func refused() throws {
    var options = Run.Options()
    options.listsTensors = true
    let scenario = try Fixture.scenario()
    #expect(throws: SimulationError.self) { _ = try Fixture.results(scenario, options: options) }
  }
}
