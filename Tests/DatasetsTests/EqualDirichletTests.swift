import Datasets
import Randomness
import Testing

@Suite("Dirichlet partitions of equal devices")
struct EqualDirichletTests {
  /// 2,000 labels, 200 of each of 10 classes, mixed.
  let labels = (0..<2000).map { UInt8($0 * 7 % 10) }

  /// Each device's share of each class, of `draws` partitions one behind another.
  private func shares(alpha: Double, devices: Int, draws: UInt64, labels: [UInt8]? = nil) throws -> [[Double]] {
    let labels = labels ?? self.labels
    return try (0..<draws).flatMap { seed in
      try PartitionRule.dirichlet(alpha: alpha, minimumSamples: 1, sizes: .equal)
        .assign(labels: labels, classes: 10, devices: devices, seed: Seed(seed))
        .counts(labels: labels, classes: 10)
        .map { counts in counts.map { Double($0) / Double(counts.reduce(0, +)) } }
    }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test(
    "each device has as many samples as the others or one more, every sample one owner",
    arguments: [0.001, 0.1, 1, 100, 1e6], [1, 7, 40, 2000])
  func sizes(alpha: Double, devices: Int) throws {
    let rule = PartitionRule.dirichlet(alpha: alpha, minimumSamples: 1, sizes: .equal)
    for seed in 0..<3 as Range<UInt64> {
      let partition = try rule.assign(labels: labels, classes: 10, devices: devices, seed: Seed(seed))
      #expect(Set(partition.sizes).isSubset(of: [2000 / devices, 2000 / devices + 1]))
      #expect(partition.samples.flatMap(\.self).sorted() == labels.indices.map(Int32.init))
    }
  }

  @Test("on every device each class has its share in the mean")
  func means() throws {
    let draws: UInt64 = 400
    let shares = try shares(alpha: 0.5, devices: 10, draws: draws)
    for device in 0..<10 {
      for label in 0..<10 {
        let own = stride(from: device, to: shares.count, by: 10).map { shares[$0][label] }
        // A share of Dir(0.5) has a standard deviation of 0.12, a mean of 400 one of 0.006.
        #expect(abs(mean(own) - 0.1) < 0.027, "device \(device), class \(label)")
      }
    }
  }

  @Test(
    "the largest class is as large as Dir(alpha) makes it",
    arguments: [
      // E max of 10 shares of Dir(alpha), from 10⁶ draws of NumPy 2.4.6, and how far the classes' equal sizes may take it.
      (0.1, 0.665, 0.03), (0.3, 0.461, 0.02), (1, 0.293, 0.01), (100, 0.116, 0.006),
    ])
  func largest(alpha: Double, expected: Double, tolerance: Double) throws {
    let shares = try shares(alpha: alpha, devices: 40, draws: 30)
    let seen = mean(shares.map { $0.max() ?? 0 })
    #expect(abs(seen - expected) < tolerance, "\(seen)")
  }

  @Test("a share varies as p (1 - p) / (10 alpha + 1), and no device more than another", arguments: [0.3, 1, 10])
  func variance(alpha: Double) throws {
    let shares = try shares(alpha: alpha, devices: 40, draws: 60)
    func variance(_ devices: [Int]) -> Double {
      mean(
        devices.flatMap { device in stride(from: device, to: shares.count, by: 40).flatMap { shares[$0] } }
          .map { ($0 - 0.1) * ($0 - 0.1) })
    }
    let law = 0.1 * 0.9 / (10 * alpha + 1)
    #expect(abs(variance(Array(0..<40)) / law - 1) < 0.1, "\(variance(Array(0..<40)) / law)")
    #expect(abs(variance(Array(0..<5)) / variance(Array(35..<40)) - 1) < 0.3)
  }

  @Test("classes of different sizes are all dealt out, and each has its own share in the mean")
  func unequal() throws {
    let labels = (0..<10).flatMap { [UInt8](repeating: UInt8($0), count: $0 == 9 ? 0 : 20 * ($0 + 1)) }
    let shares = try shares(alpha: 1, devices: 12, draws: 100, labels: labels)
    for label in 0..<9 {
      #expect(abs(mean(shares.map { $0[label] }) - Double(label + 1) / 45) < 0.002, "class \(label)")
    }
  }
}
