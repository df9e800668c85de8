import Randomness
import Testing

@testable import Datasets

@Suite("Mini-batches of a device")
struct MiniBatchesTests {
  private static let samples: [Int32] = [4, 8, 15, 16, 23, 42, 108]

  private func steps(
    _ samples: [Int32] = Self.samples, batch: Int, epochs: Int = 1, shuffles: Bool = false, flips: Bool = false,
    seed: UInt64 = 1, round: Int = 1, device: Int = 0
  ) -> [[MiniBatches.Visit]] {
    var passing = MiniBatches(
      samples, rule: MiniBatches.Rule(batch: batch, epochs: epochs, shuffles: shuffles, flips: flips), seed: Seed(seed),
      round: round, device: device)
    var steps: [[MiniBatches.Visit]] = []
    while true {
      var visits: [MiniBatches.Visit] = []
      let count = passing.next { row, visit in
        #expect(row == visits.count)
        visits.append(visit)
      }
      #expect(count == visits.count)
      guard count > 0 else { break }
      steps.append(visits)
    }
    #expect(steps.count == passing.steps && passing.stepsTaken == passing.steps)
    return steps
  }

  @Test("without shuffling, samples come in the partition's order, and the last mini-batch is what is left")
  func inOrder() {
    let steps = steps(batch: 3, epochs: 2)
    #expect(steps.map { $0.map(\.sample) } == [[4, 8, 15], [16, 23, 42], [108], [4, 8, 15], [16, 23, 42], [108]])
    #expect(steps[1].map(\.place) == [3, 4, 5])
    #expect(!steps.joined().contains { $0.isFlipped })
    #expect(self.steps([], batch: 3, epochs: 2).isEmpty)
    #expect(MiniBatches.steps(samples: 7, batch: 3) == 3)
  }

  @Test(
    "each epoch visits every sample once, in an order of its own that seed, round and device say", arguments: 1...20)
  func shuffled(seed: UInt64) {
    let first = steps(batch: 2, epochs: 2, shuffles: true, seed: seed)
    for epoch in [first[..<4], first[4...]] {
      #expect(epoch.joined().map { Int32($0.sample) }.sorted() == Self.samples, "seed \(seed)")
    }
    #expect(first == steps(batch: 2, epochs: 2, shuffles: true, seed: seed))
    let others = [
      steps(batch: 2, epochs: 2, shuffles: true, seed: seed, round: 2),
      steps(batch: 2, epochs: 2, shuffles: true, seed: seed, device: 1),
    ]
    #expect(others.contains { $0 != first }, "seed \(seed)")
  }

  @Test("mirroring changes no order, and falls on about half of the samples")
  func mirrored() {
    let many = (0..<2000).map { Int32($0) }
    let plain = steps(many, batch: 64, shuffles: true)
    let flipped = steps(many, batch: 64, shuffles: true, flips: true)
    #expect(plain.map { $0.map(\.sample) } == flipped.map { $0.map(\.sample) })
    // Five deviations of 2000 throws of a coin.
    #expect(abs(flipped.joined().count { $0.isFlipped } - 1000) < 112)
  }

  @Test("samples may be numbered one device after another")
  func numbered() {
    #expect(Partition(numbering: [2, 0, 3]).samples == [[0, 1], [], [2, 3, 4]])
  }
}
