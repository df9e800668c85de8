import Datasets
import Numerics
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

  @Test("products of adapters count: each device's copy, and what their singular values are found from")
  func products() throws {
    func settings(_ aggregation: LowRankAdapters.Aggregation) throws -> TrainerSettings {
      try TrainerFixture.settings(.fl) { $0.adapters = LowRankAdapters(rank: 4, aggregation: aggregation) }
    }
    let layout = try settings(.svd).layout
    let (held, model) = (AdapterProducts(layout), FloatBuffer(count: layout.ownRange.count))
    for _ in 0..<7 { held.add(1, model.values) }
    let copies = AdapterProducts.bytes(try settings(.stacked).layout, models: 7, threads: 2)
    #expect(Double(held.heldBytes) == copies)
    #expect(AdapterProducts.bytes(try settings(.apart).layout, models: 7, threads: 2) == 0)
    // Of the largest pair: both factors, and Q and R of each, on two threads.
    let taken = layout.adapterPairs.map { pair in
      [pair.outputs, pair.inputs].reduce(0) { sum, rows in
        var matrix = DenseMatrix(rows: rows, columns: 28)
        for index in matrix.values.indices { matrix.values[index] = Double(index * index % 97) - 40 }
        let (q, r) = Numerics.orthogonalFactors(matrix)
        return sum + 8 * (matrix.values.count + q.values.count + r.values.count)
      }
    }
    let said = AdapterProducts.bytes(layout, models: 7, threads: 2) - copies
    #expect(said == 2 * Double(taken.max() ?? 0))

    func isRefused(_ aggregation: LowRankAdapters.Aggregation, _ bytes: Double) throws -> String? {
      let limit = MemoryInReach.Limit(bytes: bytes, name: "this machine")
      do {
        try settings(aggregation).checkMemory(
          replicas: 2, copies: 2, merged: 7, inReach: MemoryInReach(memory: limit, addresses: limit))
        return nil
      } catch {
        return "\(error)"
      }
    }
    // What is just enough without products is not enough with them.
    var bytes = 1e3
    while try isRefused(.apart, bytes) != nil { bytes *= 1.01 }
    let words = try #require(try isRefused(.svd, bytes))
    #expect(words.contains("the weights once, 1 MB for the products of 7 devices' adapters; this machine leaves"))
    #expect(try isRefused(.stacked, bytes) != nil)
    #expect(try isRefused(.svd, 1.01 * bytes + said + copies) == nil)
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
