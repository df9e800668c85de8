import Numerics
import Statistics
import TestSupport
import Testing

private func isNear(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  a.map { abs($0 - b) <= tolerance * max(1, abs(b)) } ?? false
}

@Suite("A sample")
struct SampleTests {
  @Test("has mean, deviation and Student's interval")
  func byHand() {
    let sample = Sample([1, 2, 3, 4, 5])
    #expect(sample.count == 5 && sample.mean == 3)
    #expect(isNear(sample.standardDeviation, 2.5.squareRoot()))
    // scipy.stats.t.ppf(0.975, 4) is 2.7764451051977987; times sqrt(2.5 / 5).
    #expect(isNear(sample.halfWidth(), 2.7764451051977987 * 0.5.squareRoot(), 1e-10))
  }

  @Test("of fewer than two numbers has no deviation and no interval")
  func small() {
    #expect(Sample([]).mean == nil && Sample([]).halfWidth() == nil)
    #expect(Sample([4]).mean == 4 && Sample([4]).standardDeviation == nil && Sample([4]).halfWidth() == nil)
  }

  @Test("of equal numbers has no interval, however many and however large they are")
  func equal() {
    for value in [1e15, 0.1, -1e-300] {
      let sample = Sample(Array(repeating: value, count: 7))
      #expect(sample.mean == value && sample.standardDeviation == 0 && sample.halfWidth() == nil)
    }
  }

  @Test("covers the true mean in 95 of 100 cases")
  func coverage() {
    var generator = SplitMix(state: 3)
    var covered = 0
    for _ in 0..<2000 {
      let values = (0..<8).map { _ in
        (0..<12).reduce(0.0) { sum, _ in sum + Double.random(in: 0...1, using: &generator) }
      }
      let sample = Sample(values)
      if let mean = sample.mean, let half = sample.halfWidth(), abs(mean - 6) <= half { covered += 1 }
    }
    // Five standard deviations of a binomial around 1900.
    #expect((1851...1949).contains(covered), "\(covered)")
  }
}

@Suite("A paired comparison")
struct PairedComparisonTests {
  private let comparison = PairedComparison([1.1, 2.5, 3.0, 4.2, 7.5], baseline: [1.0, 2.0, 3.5, 3.0, 5.0])

  @Test("has the t test's probability and interval")
  func byScipy() {
    // scipy.stats.ttest_rel and its confidence_interval.
    #expect(isNear(comparison.difference?.value, 0.76))
    #expect(isNear(comparison.difference?.p, 0.2143164677514281, 1e-10))
    #expect(isNear(comparison.difference.map { $0.value + ($0.halfWidth() ?? 0) }, 2.1908797137880436, 1e-10))
    #expect(comparison.difference?.isSeparated() == false)
  }

  @Test("counts wins either way, and ties by half")
  func wins() {
    let even = PairedComparison([1, 2, 3, 4], baseline: [1, 1, 5, 3])
    #expect(even.larger == 2 && even.smaller == 1 && even.ties == 1)
    #expect(even.wins(larger: true)?.share == 0.625 && even.wins(larger: false)?.share == 0.375)
  }

  @Test("of differences that do not vary has no interval and no probability")
  func constant() {
    let one = PairedComparison([2, 3], baseline: [1, 2]).difference
    #expect(one?.value == 1 && one?.isConstant == true && one?.p == nil && one?.isSeparated() == nil)
    let none = PairedComparison([2, 3], baseline: [2, 3])
    #expect(none.difference?.value == 0 && none.difference?.p == nil && none.difference?.halfWidth() == nil)
    #expect(none.wins(larger: true) == nil)
    let single = PairedComparison([2], baseline: [1]).difference
    #expect(single?.value == 1 && single?.p == nil && single?.isSeparated() == nil && single?.isConstant == false)
    #expect(PairedComparison([], baseline: []).difference == nil)
  }
}

@Suite("Shares, ratios and many tests")
struct OtherStatisticsTests {
  @Test("a share has Wilson's interval")
  func wilson() {
    // scipy.stats.binomtest(k, n).proportion_ci(method='wilson').
    for (successes, count, low, high) in [
      (8.0, 10, 0.4901624715366418, 0.9433178485456248), (0, 10, 0, 0.27753279986288926),
      (200, 200, 0.9811546736227335, 1),
    ] {
      let interval = Proportion(successes: successes, count: count).interval()
      #expect(isNear(interval?.lowerBound, low, 1e-9) && isNear(interval?.upperBound, high, 1e-9))
    }
    #expect(Proportion(successes: 0, count: 0).share == nil && Proportion(successes: 0, count: 0).interval() == nil)
  }

  @Test("a ratio is of the sums, with a linearised error")
  func ratio() {
    let ratio = RatioEstimate(parts: [3, 0, 8, 2], counts: [2, 0, 4, 1])
    // R = 13/7; residuals 3 - 2R, 0, 8 - 4R, 2 - R.
    #expect(isNear(ratio.estimate?.value, 13.0 / 7))
    #expect(isNear(ratio.estimate?.standardError, 0.15272070966424248))
    #expect(isNear(ratio.estimate?.halfWidth(), 0.4860254582112743, 1e-10))
    #expect(RatioEstimate(parts: [0, 0], counts: [0, 0]).estimate == nil)
    #expect(RatioEstimate(parts: [1], counts: [2]).estimate?.standardError == nil)
    #expect(ratio.difference(to: ratio)?.value == 0 && ratio.difference(to: ratio)?.standardError == 0)
    // Every draw has the ratio 0.1, which rounding must not make an interval of.
    let constant = RatioEstimate(parts: [0.1, 0.2, 0.1 * 3], counts: [1, 2, 3]).estimate
    #expect(constant?.isConstant == true && constant?.halfWidth() == nil && constant?.p == nil)
    // With counts of 1 a ratio is a mean.
    let (a, b) = ([1.1, 2.5, 3.0, 4.2, 7.5], [1.0, 2.0, 3.5, 3.0, 5.0])
    let ones = Array(repeating: 1.0, count: 5)
    let difference = RatioEstimate(parts: a, counts: ones).difference(to: RatioEstimate(parts: b, counts: ones))
    #expect(isNear(difference?.p, PairedComparison(a, baseline: b).difference?.p ?? 0, 1e-9))
  }

  @Test("Holm's adjustment never falls, never passes 1 and keeps the order")
  func holm() {
    #expect(Holm.adjusted([0.01, 0.04, 0.03, 0.005]).map { ($0 * 1000).rounded() / 1000 } == [0.03, 0.06, 0.06, 0.02])
    #expect(Holm.adjusted([]) == [] && Holm.adjusted([0.7, 0.9]) == [1, 1])
    var generator = SplitMix(state: 9)
    for seed in 0..<50 {
      let raw = (0..<20).map { _ in Double.random(in: 0...1, using: &generator) }
      let adjusted = Holm.adjusted(raw)
      for (i, p) in raw.enumerated() {
        #expect(adjusted[i] >= p && adjusted[i] <= 1, "seed \(seed)")
        for (j, q) in raw.enumerated() where p < q { #expect(adjusted[i] <= adjusted[j], "seed \(seed)") }
      }
    }
  }

  @Test("quantiles of no distribution are refused")
  func refused() {
    #expect(throws: NumericsError.self) { try Numerics.studentQuantile(1, degreesOfFreedom: 3) }
    #expect(throws: NumericsError.self) { try Numerics.studentQuantile(0.5, degreesOfFreedom: 0) }
    #expect(throws: NumericsError.self) { try Numerics.normalQuantile(.nan) }
    #expect(throws: NumericsError.self) { try Numerics.studentTwoSided(.nan, degreesOfFreedom: 2) }
  }
}
