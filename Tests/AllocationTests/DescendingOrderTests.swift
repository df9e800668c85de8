import Testing

@testable import Allocation

@Suite("Devices by falling bound")
struct DescendingOrderTests {
  @Test("come out as a full sort has them, ties by device, however far one looks")
  func sorted() {
    for seed in 0..<60 {
      var random = TestRandom(seed)
      let count = random.integer(0...400)
      let entries = (0..<count).map { device in
        DescendingOrder.Entry(
          bound: seed % 3 == 0 ? Double(random.integer(0...5)) : random.uniform(0, 1), device: Int32(device))
      }
      let expected = entries.sorted { ($0.bound, -$0.device) > ($1.bound, -$1.device) }.map(\.device)
      var order = DescendingOrder(entries)
      var found: [Int32] = []
      while let entry = order.entry(at: found.count) { found.append(entry.device) }
      #expect(found == expected, "seed \(seed)")
    }
  }
}
