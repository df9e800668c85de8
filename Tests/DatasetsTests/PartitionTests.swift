import Datasets
import Randomness
import Testing

@Suite("Partitions")
struct PartitionTests {
  /// 600 labels, 60 of each of 10 classes, mixed.
  let labels = (0..<600).map { UInt8($0 * 7 % 10) }

  /// How much of a device's data its largest class is, on average.
  private func concentration(_ partition: Partition) -> Double {
    let shares = partition.counts(labels: labels, classes: 10).map { Double($0.max() ?? 0) / Double($0.reduce(0, +)) }
    return shares.reduce(0, +) / Double(shares.count)
  }

  @Test("every sample has one owner and every device its minimum, whatever the seed and the rule")
  func complete() throws {
    let rules: [PartitionRule] = [
      .dirichlet(alpha: 0.1, minimumSamples: 5), .dirichlet(alpha: 10, minimumSamples: 10),
      .dirichlet(alpha: 0.1, minimumSamples: 50, sizes: .equal), .iid, .shards(classes: 2), .contiguous,
    ]
    for seed in 0..<40 as Range<UInt64> {
      for rule in rules {
        let partition = try rule.assign(labels: labels, classes: 10, devices: 12, seed: Seed(seed))
        #expect(partition.samples.flatMap(\.self).sorted() == (0..<600).map(Int32.init), "seed \(seed), \(rule)")
        if case .dirichlet(_, let minimum, _) = rule {
          #expect(partition.sizes.allSatisfy { $0 >= minimum }, "seed \(seed), \(rule)")
        }
        let again = try rule.assign(labels: labels, classes: 10, devices: 12, seed: Seed(seed))
        #expect(again == partition, "seed \(seed), \(rule)")
      }
    }
  }

  @Test("a small alpha gives each device few classes, a large one all alike")
  func heterogeneity() throws {
    for seed in 0..<20 as Range<UInt64> {
      let few = try PartitionRule.dirichlet(alpha: 0.1, minimumSamples: 1).assign(
        labels: labels, classes: 10, devices: 10, seed: Seed(seed))
      let many = try PartitionRule.dirichlet(alpha: 100, minimumSamples: 1).assign(
        labels: labels, classes: 10, devices: 10, seed: Seed(seed))
      #expect(concentration(few) > 0.4, "seed \(seed)")
      #expect(concentration(many) < 0.25, "seed \(seed)")
    }
  }

  @Test("contiguous runs follow the file and the sizes")
  func contiguous() throws {
    let partition = try PartitionRule.contiguous.assign(
      labels: labels, classes: 10, devices: 3, sizes: [2, 1, 3], seed: Seed(1))
    #expect(partition.samples == [[0, 1], [2], [3, 4, 5]])
    let equal = try PartitionRule.contiguous.assign(labels: [0, 1, 0, 1, 0], classes: 2, devices: 2, seed: Seed(1))
    #expect(equal.samples == [[0, 1, 2], [3, 4]])
    #expect(equal.counts(labels: [0, 1, 0, 1, 0], classes: 2) == [[2, 1], [1, 1]])
  }

  @Test("what cannot be dealt out is said")
  func refused() {
    func message(_ rule: PartitionRule, devices: Int, sizes: [Int]? = nil) -> String {
      do {
        _ = try rule.assign(labels: labels, classes: 10, devices: devices, sizes: sizes, seed: Seed(1))
        return "dealt"
      } catch {
        return "\(error)"
      }
    }
    #expect(message(.iid, devices: 601).contains("600 training samples cannot be dealt out to 601 devices"))
    #expect(
      message(.iid, devices: 2, sizes: [400, 300]).contains("gives device 1 300 samples, and 200 of 600 are left"))
    #expect(message(.dirichlet(alpha: 0.3, minimumSamples: 100), devices: 10).contains("min_samples, 100"))
    #expect(message(.dirichlet(alpha: 10, minimumSamples: 60), devices: 10).contains("none of 1000 partitions"))
    #expect(message(.dirichlet(alpha: 10, minimumSamples: 61, sizes: .equal), devices: 10).contains("min_samples, 61"))
    #expect(message(.dirichlet(alpha: 10, minimumSamples: 60, sizes: .equal), devices: 10) == "dealt")
    #expect(message(.dirichlet(alpha: 10, minimumSamples: 1, sizes: .equal), devices: 601).contains("601 devices"))
  }
}
