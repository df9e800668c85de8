import Datasets
import Randomness
import TestSupport
import Testing
import Trace
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@testable import SplitViT

@Suite("What a trainer keeps between rounds")
struct TrainerStateTests {
  typealias Fixture = TrainerFixture

  /// The weights behind two rounds, by what becomes of the optimizer's state.
  private func weights(_ framework: Framework, _ rule: OptimizerRule.StateRule) throws -> [UInt32] {
    try Fixture.trained(try Fixture.settings(framework) { $0.optimizer.state = rule }).trainer.bits
  }

  @Test("momentum that is reset, kept and averaged trains three models", arguments: [Framework.sfl, .fl, .sflV2, .sl])
  func rules(framework: Framework) throws {
    let (reset, kept, averaged) = (
      try weights(framework, .reset), try weights(framework, .kept), try weights(framework, .averaged)
    )
    #expect(reset != kept)
    #expect(kept != averaged)
    #expect(reset != averaged)
  }

  @Test("where nothing is aggregated, kept and averaged are the same", arguments: [Framework.ll, .cl])
  func alone(framework: Framework) throws {
    #expect(try weights(framework, .kept) == weights(framework, .averaged))
    #expect(try weights(framework, .kept) != weights(framework, .reset))
  }

  @Test("with one device kept momentum is averaged momentum, and two rounds are two epochs")
  func oneDevice() throws {
    for kind in OptimizerRule.Kind.allCases {
      func bits(_ rule: OptimizerRule.StateRule, epochs: Int = 1, rounds: Int = 2) throws -> [UInt32] {
        let settings = try Fixture.settings(.sfl, partition: Partition(samples: [Array(0..<13)])) {
          $0.optimizer.state = rule
          $0.optimizer.kind = kind
          $0.optimizer.learningRate = 0.01
          $0.shuffles = false
          $0.localEpochs = epochs
        }
        return try Fixture.trained(settings, rounds: rounds).trainer.bits
      }
      let two = try bits(.kept)
      #expect(try two == bits(.averaged), "\(kind)")
      #expect(try two == bits(.reset, epochs: 2, rounds: 1), "\(kind)")
      #expect(try two != bits(.reset), "\(kind)")
    }
  }

  @Test("a frozen embedding stays as it was, and all else learns", arguments: Framework.allCases)
  func frozen(framework: Framework) throws {
    let settings = try Fixture.settings(framework) { $0.embedding = .frozen }
    let first = try SplitTrainer(settings, threads: 1).bits
    let last = try Fixture.trained(settings, threads: 2).trainer
    let device = ParameterLayout(settings.architecture).deviceRange(.embedding)
    #expect(Array(last.bits[device]) == Array(first[device]))
    let later =
      last.state.devices[0].model.map { Array($0.values) } ?? Array(last.state.model.values[device.upperBound...])
    #expect(later.map(\.bitPattern) != Array(first[device.upperBound...]))
  }

  @Test("with a trained head alone all else stays")
  func head() throws {
    let settings = try Fixture.settings(.sflam) { $0.trainable = .head }
    let first = try SplitTrainer(settings, threads: 1).bits
    let last = try Fixture.trained(settings, threads: 2).trainer.bits
    let head = ParameterLayout(settings.architecture).headRange
    #expect(Array(last[..<head.lowerBound]) == Array(first[..<head.lowerBound]))
    #expect(Array(last[head]) != Array(first[head]))
  }

  @Test("cached activations are those that a fresh pass would send, at 5 bits and raw")
  func cache() throws {
    for bits in [5, 32] {
      let settings = try Fixture.settings(.sflam) { $0.embedding = .frozen }
      let trainer = try Fixture.trained(settings, rounds: 2, bits: bits).trainer
      let cache = try #require(trainer.state.devices[2].cache)
      #expect(cache.round == 1)
      #expect(cache.bits == bits)
      // The first epoch of round 1 again, by the quantiser of Eq. (7) itself.
      let network = TransformerNetwork(settings.architecture, capacity: 5)
      _ = network.parameters.update(fromContentsOf: trainer.state.model.values)
      let inputs = try InputPreparation(
        settings.images.train, side: 8, channels: 1, normalization: settings.normalization)
      var pass = DevicePass(settings, round: 1, device: 2, bits: bits)
      var stream = settings.seed.stream(.quantization, 1, 2)
      let elements = settings.architecture.embeddingElements
      for _ in 0..<4 {
        var places: [Int] = []
        let count = pass.batches.next { row, visit in
          places.append(visit.place)
          inputs.fill(network.input, at: row, sample: visit.sample, flipped: false)
        }
        network.forwardDevice(count: count)
        let sent = Array(network.activations[..<(count * elements)])
        let seen = try StochasticQuantizer(bits: bits).encode(sent) { stream.uniform() }.decoded()
        for (row, place) in places.enumerated() {
          let own = UnsafeMutableBufferPointer<Float>.allocate(capacity: elements)
          defer { own.deallocate() }
          cache.unpack(place: place, into: own)
          #expect(Array(own) == Array(seen[row * elements..<(row + 1) * elements]))
        }
      }
    }
  }

  @Test("a late device's activations stay with the server where a whole epoch went up")
  func lateCache() throws {
    let settings = try Fixture.settings(.sflam) { $0.embedding = .frozen }
    let trainer = try SplitTrainer(settings, threads: 1)
    var work = Fixture.work(settings, round: 1, late: [0, 1])
    work.participants[0].steps = 2
    _ = try trainer.train(work)
    _ = try trainer.train(Fixture.work(settings, round: 2, bits: 6))
    #expect(trainer.state.devices.map { $0.cache?.round } == [2, 1, 1, 1])
    #expect(trainer.state.devices.map { $0.cache?.bits } == [6, 8, 8, 8])
  }
}

@Suite("A trainer's checkpoint", .serialized)
struct TrainerFileTests {
  typealias Fixture = TrainerFixture

  /// A place for a file, removed behind `body`.
  private func withFile(_ body: (String) throws -> Void) throws {
    let scratch = try Scratch()
    try body("\(scratch.path)/trainer.safetensors")
  }

  @Test("a run that goes on from a checkpoint ends with the same bits", arguments: Framework.allCases)
  func resumed(framework: Framework) throws {
    for rule in OptimizerRule.StateRule.allCases {
      for (kind, embedding) in [(OptimizerRule.Kind.sgd, EmbeddingRule.trained), (.adamw, .frozen)] {
        let settings = try Fixture.settings(framework) {
          $0.optimizer.state = rule
          $0.optimizer.kind = kind
          $0.optimizer.learningRate = 0.01
          $0.embedding = embedding
        }
        try withFile { path in
          let whole = try SplitTrainer(settings, threads: 1)
          for round in 1...2 { _ = try whole.train(Fixture.work(settings, round: round, devices: [0, 2])) }
          try whole.save(to: OutputFile(creating: path))
          let resumed = try SplitTrainer(settings, threads: 3)
          resumed.pool.helpers.leastElements = 1
          // What it trained before is forgotten.
          _ = try resumed.train(Fixture.work(settings, round: 1, devices: [1]))
          try resumed.restore(from: path)
          #expect(resumed.bits == whole.bits)
          for round in 3...4 {
            let work = Fixture.work(settings, round: round)
            #expect(try resumed.train(work) == whole.train(work), "\(rule), \(kind)")
          }
          #expect(resumed.bits == whole.bits, "\(rule), \(kind)")
        }
      }
    }
  }

  @Test("a checkpoint of another scenario is refused with what differs")
  func another() throws {
    try withFile { path in
      let settings = try Fixture.settings(.sfl)
      try SplitTrainer(settings, threads: 1).save(to: OutputFile(creating: path))
      let changes: [(String, (inout TrainerSettings) -> Void)] = [
        ("framework", { $0.framework = .fl }), ("seed", { $0.seed = Seed(4) }),
        ("optimizer", { $0.optimizer.kind = .adamw }),
        ("embedding", { $0.embedding = .frozen }), ("cut", { $0.cut = .afterBlock(1) }),
      ]
      for (name, change) in changes {
        let other = try SplitTrainer(try Fixture.settings(.sfl, change: change), threads: 1)
        let error = #expect(throws: TrainingError.self) { try other.restore(from: path) }
        #expect(try #require(error).description.contains("its \(name) is "))
      }
      let trainer = try SplitTrainer(settings, threads: 1)
      try trainer.writeWeights(to: path)
      let error = #expect(throws: TrainingError.self) { try trainer.restore(from: path) }
      #expect(try #require(error).description.contains("no checkpoint"))
    }
  }

  @Test("written weights are the ones that a trainer begins with")
  func weights() throws {
    try withFile { path in
      let trainer = try Fixture.trained(try Fixture.settings(.sflam)).trainer
      try trainer.writeWeights(to: path)
      let next = try SplitTrainer(try Fixture.settings(.fl) { $0.weights = path }, threads: 1)
      #expect(next.bits == trainer.bits)
      #expect(next.notes == [])
    }
  }
}
