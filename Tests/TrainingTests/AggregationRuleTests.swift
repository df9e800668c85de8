import Testing
import Training

@Suite("The rule of merging")
struct AggregationRuleTests {
  private func rule(_ mode: AggregationRule.Mode, _ change: (inout AggregationRule) -> Void = { _ in })
    -> AggregationRule
  {
    var rule = AggregationRule()
    rule.mode = mode
    change(&rule)
    return rule
  }

  @Test("a stale part counts what FedAsync's three laws say")
  func staleness() {
    #expect([0, 3].map(AggregationRule.Staleness.constant.factor) == [1, 1])
    #expect([0, 3, 8].map(AggregationRule.Staleness.polynomial(0.5).factor) == [1, 0.5, 1.0 / 3])
    #expect([0, 4, 5, 7].map(AggregationRule.Staleness.hinge(a: 10, b: 4).factor) == [1, 1, 1.0 / 11, 1.0 / 31])
  }

  @Test("without staleness a buffered merge is Eq. (6), to the bit")
  func fresh() {
    let parts = rule(.buffered).coefficients(staleness: [0, 0, 0], samples: [3, 1, 7])
    #expect(parts.base == 0 && parts.begun == [0, 0, 0])
    #expect(parts.own == Aggregation.weights(samples: [3, 1, 7]))
  }

  @Test("a buffered merge moves by the weighted changes of those who merge")
  func buffered() {
    // Shares 3/4 and 1/4, the second one at half: w + 2 (3/4 (a - w) + 1/8 (b - v)).
    let parts = rule(.buffered) { $0.serverRate = 2 }.coefficients(staleness: [0, 3], samples: [3, 1])
    #expect(parts.base == 1 - 1.5 && parts.own == [1.5, 0.25] && parts.begun == [0, 0.25])
    let equal = rule(.buffered) { $0.weights = .equal }.coefficients(staleness: [0, 0], samples: [3, 1])
    #expect(equal.own == [0.5, 0.5] && equal.base == 0)
  }

  @Test("an asynchronous merge mixes, and takes off nothing")
  func asynchronous() {
    let parts = rule(.asynchronous).coefficients(staleness: [3], samples: [9])
    #expect(parts.base == 0.7 && parts.own == [0.3] && parts.begun == [0])
    let whole = rule(.asynchronous) { $0.mixing = 1 }.coefficients(staleness: [0], samples: [9])
    #expect(whole.base == 0 && whole.own == [1])
  }

  @Test("a merge of models that are all the same leaves them as they are", arguments: [0, 1, 5])
  func fixedPoint(stale: Int) {
    for mode in [AggregationRule.Mode.buffered, .asynchronous] {
      for weights in AggregationRule.Weights.allCases {
        let parts = rule(mode) { $0.weights = weights }.coefficients(staleness: [0, stale], samples: [5, 2])
        let sum = parts.base + parts.own.reduce(0, +) - parts.begun.reduce(0, +)
        #expect(abs(sum - 1) < 1e-12, "\(mode), \(weights)")
      }
    }
  }
}
