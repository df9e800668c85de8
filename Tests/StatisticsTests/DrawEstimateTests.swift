import Testing

@testable import Statistics

@Suite("Estimates from draws")
struct DrawEstimateTests {
  @Test("a mean has Student's interval, worked out by hand")
  func mean() throws {
    // 1, 2, 3, 4: mean 2.5, s² = 5/3, standard error 0.6455, t(3) = 3.1824.
    let estimate = try #require(DrawEstimate.mean([1, 2, 3, 4]))
    #expect(estimate.value == 2.5 && estimate.count == 4)
    #expect(abs(try #require(estimate.estimate.standardError) - (5.0 / 3 / 4).squareRoot()) < 1e-12)
    let interval = try #require(estimate.interval)
    #expect(abs(interval.upperBound - (2.5 + 3.182446305 * 0.6454972244)) < 1e-6)
    #expect(abs(interval.lowerBound - (2.5 - 3.182446305 * 0.6454972244)) < 1e-6)
  }

  @Test("a draw without a value is left out, not a zero")
  func missing() throws {
    let estimate = try #require(DrawEstimate.mean([1, nil, 3]))
    #expect(estimate.value == 2 && estimate.count == 2)
    #expect(DrawEstimate.mean([nil, nil]) == nil)
    #expect(DrawEstimate.mean([]) == nil)
  }

  @Test("one draw has a value and no interval")
  func single() throws {
    let estimate = try #require(DrawEstimate.mean([7]))
    #expect(estimate.value == 7 && estimate.interval == nil && estimate.p == nil)
  }

  @Test("a mean over participants is a ratio of sums, with the error of its residuals")
  func ratio() throws {
    // 12 J over 6 participants; residuals 4 - 2·1, 2 - 2·2, 6 - 2·3 over a mean of 2 participants: 1, -1, 0.
    let estimate = try #require(DrawEstimate.ratio(of: [4, 2, 6], to: [1, 2, 3]))
    #expect(estimate.value == 2 && estimate.count == 3)
    #expect(estimate.influences == [1, -1, 0])
    #expect(abs(try #require(estimate.estimate.standardError) - (1.0 / 3).squareRoot()) < 1e-12)
    #expect(DrawEstimate.ratio(of: [0, 0], to: [0, 0]) == nil)
  }

  @Test("the difference of two means has the error of the paired differences")
  func paired() throws {
    let a: [Double?] = [10, 20, 30, 41]
    let b: [Double?] = [9, 18, 29, 39]
    let difference = try #require(DrawEstimate.mean(a)) - #require(DrawEstimate.mean(b))
    let direct = try #require(DrawEstimate.mean(zip(a, b).map { ($0 ?? 0) - ($1 ?? 0) }))
    #expect(difference.value == direct.value)
    #expect(abs(try #require(difference.estimate.standardError) - #require(direct.estimate.standardError)) < 1e-12)
    #expect(abs(try #require(difference.p) - #require(direct.p)) < 1e-12)
  }

  @Test("the ratio of two figures that move together has no interval")
  func ratioOfEstimates() throws {
    let a = try #require(DrawEstimate.mean([1, 2, 3]))
    let b = try #require(DrawEstimate.mean([2, 4, 6]))
    let ratio = a / b
    #expect(ratio.value == 0.5)
    #expect(ratio.estimate.standardError == 0 && ratio.interval == nil && ratio.p == nil)
  }

  @Test("a series of participants has a value only in draws with participants")
  func values() {
    #expect(DrawSeries([6, 0, nil], per: [3, 0, 1]).values == [2, nil, nil])
    #expect(DrawSeries([6, nil]).values == [6, nil])
  }
}
