import Datasets
import TestSupport
import Testing
import Trace
import Training

@testable import SplitViT

@Suite("Training the device's part by a loss of its own")
struct LocalLossTests {
  typealias Fixture = TrainerFixture
  static let frameworks = [Framework.sflam, .sfl, .sflV2, .sl]

  private func settings(
    _ framework: Framework, _ change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> TrainerSettings {
    try Fixture.settings(framework) {
      $0.gradient = .localLoss
      change(&$0)
    }
  }

  @Test("what the server computes is of no account to the device's part")
  func independent() throws {
    let layout = try settings(.sflam).layout
    let device = layout.deviceRange(.embedding)
    func bits(_ gradient: CutGradient, _ quantizer: Int) throws -> [UInt32] {
      try Fixture.trained(settings(.sflam) { $0.gradient = gradient }, bits: quantizer).trainer.bits
    }
    let (fine, coarse) = (try bits(.localLoss, 32), try bits(.localLoss, 3))
    #expect(fine[device] == coarse[device])
    #expect(fine[layout.headRange.upperBound...] == coarse[layout.headRange.upperBound...])
    #expect(fine[layout.headRange] != coarse[layout.headRange])
    // Where the gradient is returned, the rounding on the way up is in it.
    #expect(try bits(.returned, 32)[device] != bits(.returned, 3)[device])
  }

  @Test("the first step moves the server's part as ever, and the device's otherwise")
  func firstStep() throws {
    let layout = ParameterLayout(try Fixture.shape())
    func bits(_ gradient: CutGradient) throws -> [UInt32] {
      let one = try settings(.sfl) {
        ($0.partition, $0.gradient) = (.init(samples: [[4, 9, 2, 7]]), gradient)
      }
      return try Fixture.trained(one, rounds: 1).trainer.bits
    }
    let (own, returned) = (try bits(.localLoss), try bits(.returned))
    #expect(own[layout.serverRange(.embedding)] == returned[layout.serverRange(.embedding)])
    #expect(own[layout.deviceRange(.embedding)] != returned[layout.deviceRange(.embedding)])
    #expect(own.count == returned.count + layout.architecture.headParameters)
  }

  @Test("one, two and three threads train the same bits, and where the head is changes none", arguments: frameworks)
  func threads(framework: Framework) throws {
    for state in OptimizerRule.StateRule.allCases {
      let settings = try settings(framework) { $0.optimizer.state = state }
      let one = try Fixture.trained(settings)
      for threads in 2...3 {
        let more = try Fixture.trained(settings, threads: threads)
        #expect(more.trainer.bits == one.trainer.bits && more.learning == one.learning, "\(threads), \(state)")
      }
      guard framework == .sfl || framework == .sflam else { continue }
      var labels = settings
      labels.labels = .device
      #expect(try Fixture.trained(labels).trainer.bits == one.trainer.bits, "\(state)")
    }
  }

  @Test("with one device all frameworks train alike", arguments: frameworks)
  func oneDevice(framework: Framework) throws {
    func trained(_ framework: Framework) throws -> [UInt32] {
      let settings = try settings(framework) { $0.partition = .init(samples: [Array(0..<13)]) }
      return try Fixture.trained(settings, bits: 32).trainer.bits
    }
    #expect(try trained(framework) == trained(.sfl))
  }

  @Test("loss falls and accuracy rises", arguments: frameworks)
  func learns(framework: Framework) throws {
    let settings = try settings(framework) {
      ($0.localEpochs, $0.rounds, $0.cut) = (6, 8, .afterBlock(1))
      ($0.optimizer.kind, $0.optimizer.learningRate) = (.adamw, 0.01)
    }
    let (trainer, learning) = try Fixture.trained(settings, threads: 2, rounds: 8)
    #expect(try #require(learning.last?.trainLoss) < 0.8 * #require(learning.first?.trainLoss))
    #expect(try #require(learning.last?.testAccuracy) > 0.6)
    let first = try SplitTrainer(settings, threads: 1).bits
    for tensor in settings.layout.tensors {
      #expect(trainer.bits[tensor.range] != first[tensor.range], "\(tensor.name)")
    }
  }

  @Test(
    "a run goes on from a checkpoint, and the model that it writes has no auxiliary head",
    arguments: [Framework.sfl, .sflV2])
  func files(framework: Framework) throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/trainer.safetensors"
    let settings = try settings(framework) { ($0.optimizer.state, $0.optimizer.kind) = (.kept, .adamw) }
    let whole = try Fixture.trained(settings).trainer
    try whole.save(to: OutputFile(creating: path))
    let resumed = try SplitTrainer(settings, threads: 2)
    try resumed.restore(from: path)
    for trainer in [whole, resumed] { _ = try trainer.train(Fixture.work(settings, round: 3)) }
    #expect(resumed.bits == whole.bits)
    let other = try SplitTrainer(Fixture.settings(framework) { $0.optimizer = settings.optimizer }, threads: 1)
    let error = #expect(throws: TrainingError.self) { try other.restore(from: path) }
    #expect(try #require(error).description.contains("its framework is \(framework.rawValue), local loss, here it is"))

    let weights = "\(scratch.path)/weights.safetensors"
    try whole.writeWeights(to: weights)
    let next = try SplitTrainer(Fixture.settings(.fl) { $0.weights = weights }, threads: 1)
    #expect(next.notes == [])
    #expect(next.bits[...] == whole.bits[..<next.bits.count])
    #expect(try SplitTrainer(self.settings(framework) { $0.weights = weights }, threads: 1).notes == [])
  }

  @Test("a device's own loss that is no number stops with round, device and step")
  func noNumber() throws {
    let settings = try settings(.sfl) { $0.optimizer.learningRate = 1e30 }
    let error = #expect(throws: TrainingError.self) {
      try SplitTrainer(settings, threads: 1).train(Fixture.work(settings, round: 3))
    }
    #expect(try #require(error).description.hasPrefix("round 3, device 0, step 2: the device's own loss is "))
  }

  @Test("what is frozen, or not split, has no auxiliary head")
  func without() throws {
    for framework in [Framework.fl, .ll, .cl] { #expect(try !settings(framework).layout.hasAuxiliaryHead) }
    #expect(try !settings(.sfl) { $0.embedding = .frozen }.layout.hasAuxiliaryHead)
    #expect(try !settings(.sfl) { $0.trainable = .head }.layout.hasAuxiliaryHead)
    let central = try CentralTrainer(settings(.sfl), threads: 1)
    let plain = try CentralTrainer(Fixture.settings(.sfl), threads: 1)
    var losses: [Double] = []
    for trainer in [central, plain] { try trainer.train { losses.append($0.trainLoss) } }
    #expect(losses[0] == losses[1])
  }
}
