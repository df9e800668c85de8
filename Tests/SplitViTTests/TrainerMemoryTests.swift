import Datasets
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
  }

  @Test("what is refused says what is needed, what there is, what limits it and what to change")
  func words() throws {
    let small = try TrainerFixture.settings(.ll)
    func message(memory: Double, addresses: Double) -> String? {
      let inReach = MemoryInReach(
        memory: .init(bytes: memory, name: "this machine"), addresses: .init(bytes: addresses, name: "'ulimit -v'"))
      do {
        try small.checkMemory(replicas: 3, copies: 2, inReach: inReach)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(message(memory: 1e9, addresses: 1e9) == nil)
    let memory = try #require(message(memory: 1000, addresses: 1e9))
    #expect(memory.hasPrefix("training needs 3 MB of memory: 1 MB for each of 3 threads in mini-batches of 5, "))
    #expect(memory.contains("; this machine leaves 1 MB. Take fewer threads (--threads), a smaller training.batch, "))
    let addresses = try #require(message(memory: 1e9, addresses: 1e6))
    #expect(addresses.hasPrefix("training needs 3 MB of address space: 1 MB for each of 3 threads "))
    #expect(addresses.contains("; 'ulimit -v' leaves 1 MB. "))
  }

  @Test("as many replicas are counted as will be made: for devices side by side, and for the test set")
  func replicas() throws {
    let settings = try TrainerFixture.settings(.sfl)
    #expect(settings.replicas(threads: 8, models: 4) == 4)
    #expect(settings.replicas(threads: 2, models: 4) == 2)
    #expect(settings.replicas(threads: 8, models: 1) == 1)
    var larger = settings
    larger.images.test = TrainerFixture.images(16 * 5 + 1, stream: 1)
    #expect(larger.replicas(threads: 8, models: 1) == 6)
  }

  @Test("what can be had is found out without taking it")
  func inReach() {
    let now = MemoryInReach.now(addresses: 1e9)
    #expect(now.addresses.bytes == 1e9)
    #expect(now.memory.bytes > 0 && now.memory.bytes < 1e15)
    #expect(MemoryInReach.now(addresses: 1e20).addresses.bytes < 1e15)
  }
}
