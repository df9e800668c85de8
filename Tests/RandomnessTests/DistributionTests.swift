import Testing

@testable import Randomness

@Suite("Distributions")
struct DistributionTests {
  private static let all: [Distribution] = [
    .constant(3), .uniform(low: 50, high: 1000), .integer(low: 400, high: 500), .choice([4, 5, 6]),
    .normal(mean: 10, standardDeviation: 2), .lognormal(median: 2, sigma: 0.3), .exponential(mean: 4),
    .each([1, 2, 6]),
  ]

  @Test("draws lie in the support and their mean is near the distribution's", arguments: all)
  func draws(distribution: Distribution) throws {
    let support = try #require(distribution.support)
    var stream = Seed(2).stream(.deviceAttribute)
    let values = try (0..<3000).map { try distribution.draw(index: $0 % 3, from: &stream) }
    #expect(values.allSatisfy(support.contains))
    let mean = values.reduce(0, +) / 3000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3000
    #expect(abs(mean - distribution.mean) <= 5 * (variance / 3000).squareRoot() + 1e-12)
  }

  @Test("a list gives its n-th value to the n-th item and says where it ends")
  func lists() throws {
    var stream = Seed(2).stream(.deviceAttribute)
    let list = Distribution.each([8, 9])
    #expect(try list.draw(index: 1, from: &stream) == 9)
    #expect(throws: DistributionError.noValue(index: 2, count: 2)) { try list.draw(index: 2, from: &stream) }
    #expect(throws: DistributionError.noValue(index: 0, count: 0)) {
      try Distribution.choice([]).draw(index: 0, from: &stream)
    }
  }

  @Test("a range truncates: draws outside are redrawn, not clipped to its ends")
  func truncation() throws {
    var stream = Seed(2).stream(.deviceAttribute)
    let normal = Distribution.normal(mean: 0, standardDeviation: 1)
    let values = try (0..<2000).map { try normal.draw(index: $0, from: &stream, within: 0...1) }
    #expect(values.allSatisfy { (0...1).contains($0) })
    #expect(!values.contains { $0 == 0 || $0 == 1 })
    // Mean of the standard Gaussian on [0, 1]: (φ(0) − φ(1)) / (Φ(1) − Φ(0)) = 0.45986; σ = 0.2826, 5 σ/√2000 = 0.032.
    #expect(abs(values.reduce(0, +) / 2000 - 0.45986) < 0.032)
  }

  @Test("a range that the distribution never meets is an error that names it")
  func impossibleRange() {
    var stream = Seed(2).stream(.deviceAttribute)
    let error = DistributionError.outside(range: 5...6, tries: 1000)
    #expect(throws: error) {
      try Distribution.uniform(low: 0, high: 1).draw(index: 0, from: &stream, within: 5...6)
    }
    #expect(error.reason == "gave no value from 5.0 to 6.0 in 1000 draws")
  }
}
