import Testing
import Training

@testable import SplitViT

@Suite("Memory of training")
struct TrainerMemoryTests {
  @Test("a mini-batch needs no more room than the largest device's samples")
  func capacity() throws {
    let settings = try TrainerFixture.settings(.sfl) { $0.batch = 1_000_000 }
    #expect(settings.capacity == 18)
    #expect(try TrainerFixture.settings(.cl) { $0.batch = 1_000_000 }.capacity == 42)
    #expect(try TrainerFixture.settings(.sfl).capacity == 5)
    let trainer = try SplitTrainer(settings, threads: 2)
    #expect(try trainer.train(TrainerFixture.work(settings, round: 1)).trainLoss?.isFinite == true)
  }

  @Test("a model that the machine's memory cannot hold is refused before it is made")
  func memory() throws {
    let shape = try VisionTransformer(
      image: 8, channels: 1, patch: 4, width: 32_768, depth: 1000, heads: 4, classes: 3)
    let settings = try TrainerFixture.settings(.sfl) { $0.architecture = shape }
    let error = #expect(throws: TrainingError.self) { try SplitTrainer(settings, threads: 2) }
    #expect(error?.description.contains("for each of 2 threads in mini-batches of 5, and 2 more copies") == true)
    let small = try TrainerFixture.settings(.ll)
    #expect(throws: TrainingError.self) { try small.checkMemory(replicas: 1, copies: 2, machine: 1000) }
    #expect(throws: Never.self) { try small.checkMemory(replicas: 1, copies: 2, machine: 1e9) }
  }
}
