import Datasets
import Randomness
import TestSupport
import Testing
import Trace
import Training

@testable import SplitViT

@Suite("Training with the labels on the device")
struct LabelsOnDeviceTests {
  typealias Fixture = TrainerFixture

  private func trained(
    _ framework: Framework, _ labels: Labels, _ change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> (bits: [UInt32], learning: [RoundLearning]) {
    let settings = try Fixture.settings(framework) {
      change(&$0)
      $0.labels = labels
    }
    let (trainer, learning) = try Fixture.trained(settings, threads: 2)
    return (trainer.bits, learning)
  }

  @Test("where the head is changes no bit of what is learned", arguments: [Framework.sflam, .sfl])
  func sameBits(framework: Framework) throws {
    for (state, kind) in zip(OptimizerRule.StateRule.allCases, [OptimizerRule.Kind.sgd, .adamw, .adamw]) {
      for (embedding, trainable) in [(EmbeddingRule.trained, Trainable.all), (.frozen, .all), (.frozen, .head)] {
        let change = { (settings: inout TrainerSettings) in
          (settings.optimizer.state, settings.optimizer.kind) = (state, kind)
          (settings.embedding, settings.trainable) = (embedding, trainable)
          settings.optimizer.gradientClip = 0.5
          // Activations that the server keeps are rounded once, others in each step.
          settings.augmentation = .flip
        }
        let (server, device) = (try trained(framework, .server, change), try trained(framework, .device, change))
        #expect(server.bits == device.bits, "\(state), \(embedding), \(trainable)")
        #expect(server.learning == device.learning)
      }
    }
  }

  @Test("under sl the head's momentum goes with the device, and so not to the next one")
  func handedOn() throws {
    func bits(_ labels: Labels, _ rule: OptimizerRule.StateRule, momentum: Double = 0.9) throws -> [UInt32] {
      try trained(.sl, labels) { ($0.optimizer.state, $0.optimizer.momentum) = (rule, momentum) }.bits
    }
    #expect(try bits(.server, .averaged) == bits(.device, .averaged))
    #expect(try bits(.server, .reset, momentum: 0) == bits(.device, .reset, momentum: 0))
    #expect(try bits(.server, .reset) != bits(.device, .reset))
    #expect(try bits(.server, .kept) != bits(.device, .kept))
  }

  @Test("the parts of the model are the device's, the server's, and the device's head")
  func parts() throws {
    let settings = try Fixture.settings(.sfl) { $0.labels = .device }
    let layout = ParameterLayout(settings.architecture)
    let parts = ModelParts(settings)
    #expect(parts.device == layout.deviceRange(.embedding))
    #expect(parts.server == layout.deviceRange(.embedding).upperBound..<layout.headRange.lowerBound)
    #expect(parts.heads == layout.headRange)
    #expect(parts.deviceRuns == [parts.device, parts.heads])
    let head = ModelParts(try Fixture.settings(.sl) { ($0.labels, $0.trainable) = (.device, .head) })
    #expect(head.trained == layout.headRange && head.deviceRuns == [0..<layout.headRange.count] && head.server.isEmpty)
    let shared = ModelParts(try Fixture.settings(.sflV2) { $0.labels = .device })
    #expect(shared.heads.isEmpty, "a framework without the choice is as ever")
  }

  @Test("a run that goes on from a checkpoint ends with the same bits, and the head's place is part of it")
  func checkpoint() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/trainer.safetensors"
    let settings = try Fixture.settings(.sl) { ($0.labels, $0.optimizer.state) = (.device, .kept) }
    let whole = try Fixture.trained(settings, rounds: 2).trainer
    try whole.save(to: OutputFile(creating: path))
    let resumed = try SplitTrainer(settings, threads: 1)
    try resumed.restore(from: path)
    for trainer in [whole, resumed] { _ = try trainer.train(Fixture.work(settings, round: 3)) }
    #expect(resumed.bits == whole.bits)
    let other = try SplitTrainer(try Fixture.settings(.sl) { $0.optimizer.state = .kept }, threads: 1)
    let error = #expect(throws: TrainingError.self) { try other.restore(from: path) }
    #expect(try #require(error).description.contains("its framework is sl, labels on the device, here it is sl"))
  }
}
