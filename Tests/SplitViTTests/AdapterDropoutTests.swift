import Randomness
import TestSupport
import Testing
import Trace
import Training

@testable import SplitViT

@Suite("Dropout of what adapters take")
struct AdapterDropoutTests {
  typealias Fixture = TrainerFixture

  private func step(_ share: Double, seed: UInt64 = 1, step: Int = 1) -> StepDropout {
    StepDropout(share: share, seed: Seed(seed), round: 1, device: 2, step: step)
  }

  private func network(
    _ share: Double, cut: Cut, targets: Set<LowRankAdapters.Target> = Set(LowRankAdapters.Target.allCases)
  ) throws -> TransformerNetwork {
    let network = TransformerNetwork(
      try #require(TinyModel.odd), cut: cut, capacity: 3,
      adapters: LowRankAdapters(rank: 2, alpha: 2, targets: targets, dropout: share))
    network.fill(seed: 1)
    return network
  }

  @Test(
    "with a fixed mask every gradient is the slope of the step's loss, at every target",
    arguments: LowRankAdapters.Target.allCases)
  func targets(target: LowRankAdapters.Target) throws {
    for cut: Cut in [.embedding, .afterBlock(1), .afterBlock(2)] {
      let network = try network(0.4, cut: cut, targets: [target])
      network.dropout = step(0.4)
      #expect(NetworkGradientTests.check(network, count: 3, every: 3) { $0.step(count: 3).loss } == [], "\(cut)")
    }
  }

  @Test("so it is with all of them", arguments: [Cut.embedding, .afterBlock(1), .afterBlock(2)])
  func all(cut: Cut) throws {
    let network = try network(0.3, cut: cut)
    network.dropout = step(0.3)
    #expect(NetworkGradientTests.check(network, count: 3, every: 5) { $0.step(count: 3).loss } == [])
  }

  @Test("the two products apart are the merged one to rounding, and gradients too, where next to nothing is dropped")
  func apart() throws {
    for cut: Cut in [.embedding, .afterBlock(1)] {
      let network = try network(1e-9, cut: cut)
      let merged = network.step(count: 3).loss
      let gradients = Array(network.gradients)
      network.dropout = step(1e-9)
      #expect(abs(network.step(count: 3).loss - merged) < 1e-5)
      let largest = gradients.reduce(0) { max($0, abs($1)) }
      for (left, right) in zip(network.gradients, gradients) { #expect(abs(left - right) < 1e-4 * largest) }
    }
  }

  @Test(
    "what is dropped is 0, the rest makes up for it: the mean over masks is what there was, and its variance p / (1 − p) times its square"
  )
  func mean() throws {
    let network = try network(0.25, cut: .embedding)
    let (rows, columns) = (20, 12)
    let x = UnsafeMutablePointer<Float>.allocate(capacity: rows * columns)
    defer { x.deallocate() }
    for index in 0..<rows * columns { x[index] = Float(index % 7) - 2.5 }
    var (count, dropped, sum, squares) = (0.0, 0.0, 0.0, 0.0)
    for number in 1...200 {
      network.dropout = step(0.25, step: number)
      network.drop(1, .projectionWeight, x, rows: rows, columns: columns)
      for index in 0..<rows * columns {
        let share = Double(network.memory.dropped[index] / x[index])
        #expect(share == 0 || abs(share - 4.0 / 3) < 1e-6)
        count += 1
        dropped += share == 0 ? 1 : 0
        sum += share
        squares += share * share
      }
    }
    // 48000 draws: a standard deviation of 0.002 of the share, 0.0026 of the mean.
    #expect(abs(dropped / count - 0.25) < 0.01)
    #expect(abs(sum / count - 1) < 0.013)
    #expect(abs(squares / count - 1 - 1.0 / 3) < 0.02)
  }

  @Test("rounds, devices, steps, blocks and matrices have masks of their own, and the same ones when asked again")
  func names() {
    var words: Set<UInt32> = []
    for round in 1...2 {
      for device in 0...1 {
        for number in 1...3 {
          let step = StepDropout(share: 0.1, seed: Seed(7), round: round, device: device, step: number)
          for block in 0...1 {
            for tensor in [TensorPlace.InBlock.qkvWeight, .hiddenWeight] {
              var (stream, again) = (step.stream(block, tensor), step.stream(block, tensor))
              let word = stream.word()
              words.insert(word)
              #expect(again.word() == word)
            }
          }
        }
      }
    }
    #expect(words.count == 48)
  }

  private func settings(_ dropout: Double, framework: Framework = .sflam) throws -> TrainerSettings {
    try Fixture.settings(framework) {
      ($0.cut, $0.adapters) = (.afterBlock(1), LowRankAdapters(rank: 2, alpha: 4, dropout: dropout))
    }
  }

  @Test(
    "any number of threads gives the same bits, and a run goes on with them", arguments: [Framework.sflam, .fl, .sflV2])
  func threads(framework: Framework) throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/trainer.safetensors"
    let settings = try settings(0.3, framework: framework)
    let whole = try Fixture.trained(settings, threads: 1).trainer
    #expect(try Fixture.trained(settings, threads: 3).trainer.bits == whole.bits)
    #expect(try Fixture.trained(try self.settings(0, framework: framework)).trainer.bits != whole.bits)
    try whole.save(to: OutputFile(creating: path))
    let resumed = try SplitTrainer(settings, threads: 2)
    try resumed.restore(from: path)
    for trainer in [whole, resumed] { _ = try trainer.train(Fixture.work(settings, round: 3)) }
    #expect(resumed.bits == whole.bits)
    let other = try SplitTrainer(try self.settings(0.2, framework: framework), threads: 1)
    #expect(throws: TrainingError.self) { try other.restore(from: path) }
  }

  @Test("nothing is dropped in judging: the same loss by the weights that are written, and with a step's masks at hand")
  func judged() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/model.safetensors"
    let settings = try settings(0.5)
    let (trainer, learning) = try Fixture.trained(settings)
    try trainer.writeWeights(to: path)
    var evaluated = settings
    evaluated.weights = path
    #expect(try Evaluation.run(evaluated, threads: 2).loss == learning.last?.testLoss)
    let network = try network(0.5, cut: .embedding)
    let loss = network.loss(count: 3)
    network.dropout = step(0.5)
    #expect(network.loss(count: 3) == loss)
  }

  @Test("memory is that which is counted")
  func memory() throws {
    for share in [0, 0.1] {
      let network = try network(share, cut: .afterBlock(1))
      let counted = TransformerNetwork.bytes(
        network.architecture, cut: .afterBlock(1), capacity: 3, adapters: network.layout.adapters)
      let frozen = 4.0 * Double(network.firstOwn) + Double(NetworkMemory.line)
      #expect(Double(network.memory.bytes) == counted + frozen)
    }
  }
}
