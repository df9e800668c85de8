import Datasets
import Numerics
import TestSupport
import Testing
import Trace
import Training

@testable import SplitViT

@Suite("Adapters of several ranks, and what they become")
struct AdapterAggregationTests {
  typealias Fixture = TrainerFixture

  private func settings(
    _ aggregation: LowRankAdapters.Aggregation = .svd, rank: Int = 4, alpha: Double = 8, ranks: [Int] = [],
    framework: Framework = .sfl, change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> TrainerSettings {
    try Fixture.settings(framework) {
      $0.cut = .afterBlock(1)
      $0.adapters = LowRankAdapters(rank: rank, alpha: alpha, aggregation: aggregation)
      $0.adapterRanks = ranks
      change(&$0)
    }
  }

  /// Adapters of a layout with all elements drawn, as what is trained.
  private func drawn(_ layout: ParameterLayout, _ seed: UInt64) -> FloatBuffer {
    var numbers = TestNumbers(seed)
    let buffer = FloatBuffer(count: layout.ownRange.count)
    for index in buffer.values.indices { buffer.values[index] = numbers.next() }
    return buffer
  }

  /// B A of a pair, as a sum by hand.
  private func product(_ pair: AdapterPair, _ rank: Int, _ values: UnsafeMutableBufferPointer<Float>) -> DenseMatrix {
    var product = DenseMatrix(rows: pair.outputs, columns: pair.inputs)
    for row in 0..<pair.outputs {
      for column in 0..<pair.inputs {
        product[row, column] = (0..<rank).reduce(0.0) {
          $0 + Double(values[pair.b.lowerBound + row * rank + $1])
            * Double(values[pair.a.lowerBound + $1 * pair.inputs + column])
        }
      }
    }
    return product
  }

  private func length(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  private func distance(_ a: DenseMatrix, _ b: DenseMatrix) -> Double {
    length(zip(a.values, b.values).map { $0 - $1 }) / max(length(b.values), 1e-30)
  }

  /// The weighted mean of models' products as a dense matrix, and what a rule makes of the models.
  private func mean(
    _ models: [(weight: Double, values: FloatBuffer)], _ settings: TrainerSettings
  ) throws -> [(dense: DenseMatrix, svd: DenseMatrix, apart: DenseMatrix, a: [[Double]])] {
    let layout = settings.layout
    let rank = try #require(layout.adapters).rank
    let (products, sum, result) = (
      AdapterProducts(layout), FloatBuffer(count: layout.ownRange.count), FloatBuffer(count: layout.ownRange.count)
    )
    for model in models {
      products.add(model.weight, model.values.values)
      sum.add(Float(model.weight), model.values.values)
    }
    let trainer = try SplitTrainer(settings, threads: 2)
    products.write(into: result.values, on: trainer.pool)
    return layout.adapterPairs.map { pair in
      var dense = DenseMatrix(rows: pair.outputs, columns: pair.inputs)
      for model in models {
        let own = product(pair, rank, model.values.values)
        for index in own.values.indices { dense.values[index] += model.weight * own.values[index] }
      }
      let a = (0..<rank).map { row in
        (0..<pair.inputs).map { Double(result.values[pair.a.lowerBound + row * pair.inputs + $0]) }
      }
      return (dense, product(pair, rank, result.values), product(pair, rank, sum.values), a)
    }
  }

  @Test("where the rank suffices the mean of the products is exact, and the product of the means is another")
  func exact() throws {
    let settings = try settings(rank: 4)
    let ranks = AdapterRanks(try self.settings(rank: 4, ranks: [2, 2, 1, 1]) { $0.framework = .fl })
    var models: [(weight: Double, values: FloatBuffer)] = []
    for (device, weight) in [0.5, 0.3].enumerated() {
      let model = drawn(settings.layout, UInt64(device + 1))
      ranks.cut(model.values, to: device)
      models.append((weight, model))
    }
    for pair in try mean(models, settings) {
      #expect(distance(pair.svd, pair.dense) < 1e-6)
      #expect(distance(pair.apart, pair.dense) > 0.1)
    }
    // A model alone is its own product.
    for pair in try mean([(1, drawn(settings.layout, 9))], settings) { #expect(distance(pair.svd, pair.dense) < 1e-6) }
  }

  @Test(
    "where it does not, what is lost are the small singular values; rows of A are orthogonal and as long as drawn ones")
  func truncated() throws {
    let settings = try settings(rank: 2)
    // With weights of both signs, as merges of stale models have them.
    let weights = [0.6, 0.5, -0.1, 0.7]
    let models = weights.enumerated().map { (weight: $1, values: drawn(settings.layout, UInt64($0 + 10))) }
    for pair in try mean(models, settings) {
      let w = Numerics.singularFactors(pair.dense).w
      let lost = (2..<w.columns).map { column in length((0..<w.rows).map { w[$0, column] }) }
      #expect(lost.contains { $0 > 0.1 })
      #expect(abs(distance(pair.svd, pair.dense) - length(lost) / length(pair.dense.values)) < 1e-6)
      for (index, row) in pair.a.enumerated() {
        #expect(abs(length(row) - 1 / 3.0.squareRoot()) < 1e-6)
        if index > 0 { #expect(abs(zip(row, pair.a[0]).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-7) }
      }
    }
  }

  @Test("a sum of nothing but zeros has B = 0 and an A to go on with")
  func zero() throws {
    let settings = try settings()
    let model = drawn(settings.layout, 3)
    for pair in settings.layout.adapterPairs { model.values.run(pair.b).update(repeating: 0) }
    let (products, result) = (AdapterProducts(settings.layout), FloatBuffer(count: settings.layout.ownRange.count))
    products.add(1, model.values)
    products.write(into: result.values, on: try SplitTrainer(settings, threads: 1).pool)
    for pair in settings.layout.adapterPairs {
      #expect(result.values.run(pair.b).allSatisfy { $0 == 0 })
      #expect(abs(length(result.values.run(pair.a).map(Double.init)) - (4.0 / 3).squareRoot()) < 1e-6)
    }
  }

  @Test(
    "where nobody learns B stays 0, and all that is computed is the base's, bit by bit",
    arguments: [LowRankAdapters.Aggregation.svd, .stacked])
  func idle(aggregation: LowRankAdapters.Aggregation) throws {
    let alone = Partition(samples: [Array(0..<10)])
    let settings = try settings(aggregation) { ($0.optimizer.learningRate, $0.partition) = (0, alone) }
    let base = try Fixture.settings(.sfl) {
      ($0.cut, $0.optimizer.learningRate, $0.partition) = (.afterBlock(1), 0, alone)
    }
    let (svd, plain) = (try Fixture.trained(settings).learning, try Fixture.trained(base).learning)
    #expect(svd.map(\.testLoss) == plain.map(\.testLoss))
    #expect(svd.map(\.trainLoss) == plain.map(\.trainLoss))
  }

  @Test("one device's round is its own product; the head is averaged as ever")
  func one() throws {
    let alone = Partition(samples: [Array(0..<10)])
    let apart = try Fixture.trained(try settings(.apart) { $0.partition = alone }, rounds: 1).trainer
    let svd = try Fixture.trained(try settings(.svd) { $0.partition = alone }, rounds: 1).trainer
    let own = { (trainer: SplitTrainer) in trainer.state.model.values.run(trainer.parts.trained) }
    for pair in apart.settings.layout.adapterPairs {
      #expect(distance(product(pair, 4, own(svd)), product(pair, 4, own(apart))) < 1e-6)
    }
    let head = apart.settings.layout.headRange
    #expect(Array(svd.state.model.values.run(head)) == Array(apart.state.model.values.run(head)))
  }

  @Test(
    "stacked, the matrices gain the mean of what each device's products are alone, by sums in double precision",
    arguments: [Framework.sfl, .fl])
  func stacked(framework: Framework) throws {
    // Fewer ranks than the cell's on three of four devices.
    let stacked = try settings(.stacked, ranks: [1, 4, 2, 3], framework: framework)
    let alone = try settings(.apart, ranks: [1, 4, 2, 3], framework: framework)
    let trainer = try SplitTrainer(stacked, threads: 2)
    let before = Array(trainer.state.model.values)
    _ = try trainer.train(Fixture.work(stacked, round: 1))
    let after = trainer.state.model.values
    let shares = [13, 7, 18, 4].map { Double($0) / 42 }
    let devices = try (0..<4).map { device in
      let trainer = try SplitTrainer(alone, threads: 1)
      _ = try trainer.train(Fixture.work(alone, round: 1, devices: [device]))
      return trainer
    }
    var touched: Set<Int> = []
    var largest = 0.0
    for pair in stacked.layout.adapterPairs {
      touched.formUnion(pair.matrix)
      let products = devices.map { product(pair, 4, $0.state.model.values.run($0.parts.trained)) }
      for row in 0..<pair.outputs {
        for column in 0..<pair.inputs {
          let place = pair.matrix.lowerBound + row * pair.inputs + column
          // s is alpha / rank of the cell for all: 8 / 4.
          let gain = zip(shares, products).reduce(0.0) { $0 + $1.0 * 2 * $1.1[row, column] }
          let wanted = Double(before[place]) + gain
          #expect(abs(Double(after[place]) - wanted) <= 1e-7 * max(1, abs(wanted)))
          largest = max(largest, abs(gain))
        }
      }
      let own = after.run(trainer.parts.trained)
      #expect(own.run(pair.b).allSatisfy { $0 == 0 })
      let bound = 1 / Float(pair.inputs).squareRoot()
      #expect(own.run(pair.a).allSatisfy { abs($0) <= bound && $0 != 0 })
      let first = trainer.parts.trained.lowerBound
      #expect(Array(own.run(pair.a)) != Array(before[first + pair.a.lowerBound..<first + pair.a.upperBound]))
    }
    #expect(largest > 1e-4)
    for place in 0..<trainer.parts.trained.lowerBound where !touched.contains(place) {
      #expect(after[place].bitPattern == before[place].bitPattern)
    }
  }

  @Test("stacked, one device's round is its adapter added to its matrices, and the next begins there")
  func stackedAlone() throws {
    let alone = Partition(samples: [Array(0..<10)])
    let apart = try Fixture.trained(try settings(.apart) { $0.partition = alone }, rounds: 1)
    let stacked = try Fixture.trained(try settings(.stacked) { $0.partition = alone }, rounds: 2)
    let first = try Fixture.trained(try settings(.stacked) { $0.partition = alone }, rounds: 1).trainer
    let merged = FloatBuffer(count: apart.trainer.state.model.values.count)
    merged.copy(apart.trainer.state.model)
    ModelWeights.merge(merged.values, layout: apart.trainer.settings.layout)
    for pair in apart.trainer.settings.layout.adapterPairs {
      for place in pair.matrix { #expect(abs(first.state.model.values[place] - merged.values[place]) < 1e-6) }
    }
    let head = apart.trainer.settings.layout.headRange
    #expect(Array(first.state.model.values.run(head)) == Array(apart.trainer.state.model.values.run(head)))
    let losses = try [apart.learning, stacked.learning].map { try #require($0[0].testLoss) }
    #expect(abs(losses[0] - losses[1]) < 1e-5)
    #expect(try #require(stacked.learning[1].trainLoss) < #require(stacked.learning[0].trainLoss))
  }

  @Test(
    "any number of threads gives the same bits, and a run that goes on from a checkpoint ends with them",
    arguments: LowRankAdapters.Aggregation.allCases, [Framework.sflam, .fl])
  func threads(aggregation: LowRankAdapters.Aggregation, framework: Framework) throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/trainer.safetensors"
    let settings = try settings(aggregation, ranks: [1, 4, 2, 3], framework: framework)
    let whole = try Fixture.trained(settings, threads: 1).trainer
    #expect(try Fixture.trained(settings, threads: 3).trainer.bits == whole.bits)
    try whole.save(to: OutputFile(creating: path))
    let resumed = try SplitTrainer(settings, threads: 2)
    try resumed.restore(from: path)
    for trainer in [whole, resumed] { _ = try trainer.train(Fixture.work(settings, round: 3)) }
    #expect(resumed.bits == whole.bits)
    for other in [
      try self.settings(aggregation, ranks: [1, 4, 2, 2], framework: framework),
      try self.settings(aggregation == .svd ? .apart : .svd, ranks: [1, 4, 2, 3], framework: framework),
    ] {
      let error = #expect(throws: TrainingError.self) { try SplitTrainer(other, threads: 1).restore(from: path) }
      #expect(try #require(error).description.contains("its adapters is lora, rank 4, alpha 8.0"))
    }
  }

  @Test("devices of rank 2 train as a cell of rank 2 of the same s does; with fl on all blocks", arguments: [0.0, 0.1])
  func padded(weightDecay: Double) throws {
    for framework in [Framework.sfl, .fl] {
      let optimizer = OptimizerRule(
        kind: .adamw, learningRate: 0.01, weightDecay: weightDecay, state: .kept)
      let small = try settings(.apart, rank: 2, alpha: 4, framework: framework) { $0.optimizer = optimizer }
      let padded = try settings(.apart, ranks: [2, 2, 2, 2], framework: framework) { $0.optimizer = optimizer }
      let (one, other) = (try Fixture.trained(small).trainer, try Fixture.trained(padded).trainer)
      let values = (one.state.model.values.run(one.parts.trained), other.state.model.values.run(other.parts.trained))
      for (pair, wide) in zip(small.layout.adapterPairs, padded.layout.adapterPairs) {
        let isOnDevice = framework == .fl || one.parts.device.contains(pair.a.lowerBound)
        guard isOnDevice else {
          // The server's blocks keep the rank of the cell.
          #expect(values.1.run(wide.a).dropFirst(2 * wide.inputs).allSatisfy { $0 != 0 })
          continue
        }
        #expect(values.1.run(wide.a).dropFirst(2 * wide.inputs).allSatisfy { $0 == 0 })
        let columns = (0..<4).map { column in (0..<wide.outputs).map { values.1[wide.b.lowerBound + 4 * $0 + column] } }
        #expect(columns[2].allSatisfy { $0 == 0 } && columns[3].allSatisfy { $0 == 0 })
        if framework == .fl {
          for (left, right) in zip(values.0.run(pair.a), values.1.run(wide.a)) { #expect(abs(left - right) < 2e-5) }
          for (row, left) in values.0.run(pair.b).enumerated() where row % 2 == 0 {
            #expect(abs(left - columns[0][row / 2]) < 2e-5)
          }
        }
      }
    }
  }

  @Test("who has a smaller rank brings nothing to the rows that it does not have")
  func shares() throws {
    // 13 of 20 samples have the rank 1.
    let settings = try settings(.apart, ranks: [1, 4, 4, 4]) {
      ($0.partition, $0.optimizer.learningRate) = (Partition(samples: [Array(0..<13), Array(13..<20), [], []]), 0)
    }
    let trainer = try SplitTrainer(settings, threads: 1)
    let before = Array(trainer.state.model.values.run(trainer.parts.trained))
    _ = try trainer.train(Fixture.work(settings, round: 1))
    let after = trainer.state.model.values.run(trainer.parts.trained)
    let pair = settings.layout.adapterPairs[0]
    for index in pair.a {
      let share: Float = index - pair.a.lowerBound < pair.inputs ? 1 : 7.0 / 20
      #expect(abs(after[index] - share * before[index]) < 1e-6)
    }
  }

  @Test("stale or not, what a device does not have counts as zero")
  func padding() throws {
    let settings = try settings(.apart, ranks: [4, 1, 4, 4]) { ($0.versions, $0.optimizer.learningRate) = (4, 0) }
    func merged(version: Int) throws -> (before: FloatBuffer, after: FloatBuffer, trainer: SplitTrainer) {
      let trainer = try SplitTrainer(settings, threads: 1)
      let model = drawn(settings.layout, 5)
      _ = trainer.state.model.values.run(trainer.parts.trained).update(fromContentsOf: model.values)
      var rule = AggregationRule()
      (rule.mode, rule.serverRate, rule.staleness) = (.buffered, 0.5, .constant)
      for (round, device) in [(1, 0), (2, 1)] {
        var work = Fixture.work(settings, round: round, devices: [device])
        work.participants[0].version = round == 2 ? version : 1
        work.merge = RoundWork.Merge(rule: rule, versionsInUse: [1])
        _ = try trainer.train(work)
      }
      let after = FloatBuffer(count: model.values.count)
      _ = after.values.update(fromContentsOf: trainer.state.model.values.run(trainer.parts.trained))
      return (model, after, trainer)
    }
    let (fresh, stale) = (try merged(version: 2), try merged(version: 1))
    for (place, pair) in settings.layout.adapterPairs.enumerated() {
      let after = product(pair, 4, fresh.after.values)
      #expect(distance(product(pair, 4, stale.after.values), after) < 1e-5)
      let isWhole = distance(after, product(pair, 4, fresh.before.values)) < 1e-5
      #expect(isWhole == (place >= 4), "half of what the device does not have is gone, and nothing of the server's")
    }
  }

  @Test("devices of small ranks train ahead of their merges as in them")
  func stale() throws {
    let settings = try settings(ranks: [1, 2, 3, 4]) { $0.versions = 4 }
    func outcome(threads: Int, ahead: Bool) throws -> [UInt32] {
      let trainer = try SplitTrainer(settings, threads: threads)
      var rule = AggregationRule()
      (rule.mode, rule.serverRate) = (.buffered, 0.5)
      for (round, devices) in [(1, [0, 1]), (2, [2, 0]), (3, [1, 3])] {
        var work = Fixture.work(settings, round: round, devices: devices.sorted())
        for index in work.participants.indices {
          // Of the second round on, the first of each began one version before.
          work.participants[index].version = max(1, round - (work.participants[index].device == devices[0] ? 1 : 0))
        }
        work.merge = RoundWork.Merge(rule: rule, versionsInUse: [round])
        if ahead {
          trainer.expect(work.participants, round: round)
          trainer.earlyTraining?.settle()
        }
        _ = try trainer.train(work)
      }
      return trainer.bits
    }
    let bits = try outcome(threads: 1, ahead: false)
    #expect(try outcome(threads: 3, ahead: false) == bits)
    #expect(try outcome(threads: 2, ahead: true) == bits)
  }

  @Test("what does not go together is refused")
  func refused() throws {
    for change: (inout TrainerSettings) -> Void in [
      { $0.adapterRanks = [1, 2] }, { $0.adapterRanks = [0, 1, 1, 1] }, { $0.adapterRanks = [5, 1, 1, 1] },
      { ($0.adapterRanks, $0.framework) = ([1, 1, 1, 1], .sl) },
      { ($0.adapterRanks, $0.optimizer.state) = ([1, 1, 1, 1], .averaged) },
    ] {
      let error = #expect(throws: TrainingError.self) {
        try SplitTrainer(try settings(.apart, change: change), threads: 1)
      }
      #expect(try #require(error).description.hasPrefix("ranks of devices' adapters are from 1 to"))
    }
    for change: (inout TrainerSettings) -> Void in [{ $0.framework = .sflV2 }, { $0.optimizer.state = .kept }] {
      let error = #expect(throws: TrainingError.self) { try SplitTrainer(try settings(change: change), threads: 1) }
      #expect(try #require(error).description.hasPrefix("aggregation svd goes with"))
    }
    let error = #expect(throws: TrainingError.self) {
      try SplitTrainer(try settings(.stacked) { $0.versions = 2 }, threads: 1)
    }
    #expect(try #require(error).description.hasPrefix("aggregation stacked changes the model that all read"))
  }
}
