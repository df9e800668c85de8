import Testing

@testable import Allocation

@Suite("Assignment on a dense matrix")
struct DenseAssignmentTests {
  @Test("the heaviest matching equals brute force up to 7×7, all shapes, with ties and negative weights")
  func bruteForce() {
    for seed in 0..<300 {
      var random = TestRandom(seed)
      let (rows, columns) = (random.integer(0...7), random.integer(0...7))
      let weights = (0..<rows * columns).map { _ in
        seed % 2 == 0 ? Double(random.integer(-2...4)) : random.uniform(-1, 2)
      }
      let matching = DenseAssignment.maximumWeight(rows: rows, columns: columns, weights: weights)
      let used = matching.compactMap { $0 }
      #expect(Set(used).count == used.count, "seed \(seed): a column used twice")
      var total = 0.0
      for (row, column) in matching.enumerated() {
        guard let column else { continue }
        #expect(weights[row * columns + column] > 0, "seed \(seed): an edge that is worth nothing")
        total += weights[row * columns + column]
      }
      let best = heaviest(rows: rows, columns: columns, weights: weights)
      #expect(abs(total - best) <= 1e-12, "seed \(seed): \(total), brute force \(best)")
    }
  }

  @Test("the cheapest matching covers the smaller side and equals brute force")
  func cheapest() {
    for seed in 0..<300 {
      var random = TestRandom(seed &+ 1000)
      let (rows, columns) = (random.integer(1...6), random.integer(1...6))
      let costs = (0..<rows * columns).map { _ in
        random.integer(0...4) == 0 ? 1e5 : random.uniform(-1, 5)
      }
      let matching = DenseAssignment.minimumCost(rows: rows, columns: columns, costs: costs)
      #expect(matching.compactMap { $0 }.count == min(rows, columns), "seed \(seed)")
      let total = matching.enumerated().reduce(0.0) { sum, pair in
        sum + (pair.element.map { costs[pair.offset * columns + $0] } ?? 0)
      }
      // An offset that makes every edge attractive turns "all of the smaller side" into "as heavy as possible".
      let offset = 1e7
      let best =
        offset * Double(min(rows, columns)) - heaviest(rows: rows, columns: columns, weights: costs.map { offset - $0 })
      #expect(abs(total - best) <= 1e-6, "seed \(seed): \(total), brute force \(best)")
    }
  }

  @Test("finds what scipy finds on larger matrices")
  func scipy() {
    // scipy 1.17: c = [[(i*i*7919 + j*104729 + i*j*j*31) % 1009 for j in range(columns)] for i in range(rows)];
    // linear_sum_assignment(c), and linear_sum_assignment(maximum(c - 600, 0), maximize=True).
    let answers = [
      (5, 5, 1175, 841),
      (30, 30, 1542, 10387),
      (12, 40, 341, 4465),
      (40, 12, 367, 4355),
      (80, 60, 1094, 23594),
    ]
    for (rows, columns, least, most) in answers {
      let costs = (0..<rows * columns).map { index in
        let (i, j) = (index / columns, index % columns)
        return Double((i * i * 7919 + j * 104_729 + i * j * j * 31) % 1009)
      }
      func total(_ matching: [Int?], _ values: [Double]) -> Double {
        matching.enumerated().reduce(0.0) { sum, pair in
          sum + (pair.element.map { values[pair.offset * columns + $0] } ?? 0)
        }
      }
      let weights = costs.map { $0 - 600 }
      let cheapest = DenseAssignment.minimumCost(rows: rows, columns: columns, costs: costs)
      let heaviest = DenseAssignment.maximumWeight(rows: rows, columns: columns, weights: weights)
      #expect(total(cheapest, costs) == Double(least), "\(rows) × \(columns)")
      #expect(total(heaviest, weights) == Double(most), "\(rows) × \(columns)")
    }
  }

  @Test("no rows or no columns leave nothing to match")
  func empty() {
    #expect(DenseAssignment.minimumCost(rows: 0, columns: 3, costs: []).isEmpty)
    #expect(DenseAssignment.maximumWeight(rows: 2, columns: 0, weights: []) == [nil, nil])
  }

  /// The weight of the heaviest matching, every row optional, by trying all.
  private func heaviest(rows: Int, columns: Int, weights: [Double]) -> Double {
    func best(_ row: Int, _ used: Int) -> Double {
      guard row < rows else { return 0 }
      var result = best(row + 1, used)
      for column in 0..<columns where used & (1 << column) == 0 {
        result = max(result, weights[row * columns + column] + best(row + 1, used | (1 << column)))
      }
      return result
    }
    return best(0, 0)
  }
}
