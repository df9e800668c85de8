import Wireless

/// P3, Eq. (30)–(32): a perfect matching of least total cost between devices and blocks.
///
/// The paper adds N − K virtual blocks of cost 0 to make the sides equal. The same matching is found on the rectangle:
/// every block gets a device (or every device a block, where those are fewer) and the rest goes without.
enum CheapestMatching {
  /// The cost of a pair that cannot meet the deadline, Eq. (30): 1e5 J. The matching uses such pairs only where it must.
  static let infeasible = 1e5

  /// The matched pairs, devices ascending; `cost` prices a device on a block of a gain: finite, and never more on a
  /// larger gain.
  ///
  /// With more devices than blocks only the K cheapest devices of each block are looked at again. That is exact: if a
  /// block held a device beyond its K cheapest, one of those would be free, since the K − 1 other blocks hold at most
  /// K − 1 of them, and taking it instead costs no more.
  static func match(
    _ gains: any GainSource, cost: (_ device: Int, _ gain: Double) -> Double
  ) -> [(device: Int, block: Int)] {
    let blocks = gains.blockCount
    guard blocks > 0 else { return [] }
    let devices =
      gains.deviceCount <= blocks ? Array(0..<gains.deviceCount) : cheapestDevices(gains, cost: cost)
    var costs: [Double] = []
    costs.reserveCapacity(devices.count * blocks)
    for device in devices {
      for gain in gains.row(device: device) { costs.append(cost(device, gain)) }
    }
    let columns = DenseAssignment.minimumCost(rows: devices.count, columns: blocks, costs: costs)
    return zip(devices, columns).compactMap { device, block in block.map { (device, $0) } }
  }

  /// The devices that are among the K cheapest of some block, ascending; among equals the lower numbers.
  ///
  /// A device that would not be even with the largest gain it may have is passed over without its row.
  private static func cheapestDevices(_ gains: any GainSource, cost: (Int, Double) -> Double) -> [Int] {
    let blocks = gains.blockCount
    var nearest = [Nearest](repeating: Nearest(wanted: blocks), count: blocks)
    var largestThreshold = Double.infinity
    withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { row in
      for device in 0..<gains.deviceCount
      where cost(device, gains.upperBound(device: device)) < largestThreshold {
        gains.copyRow(device: device, into: row)
        var cuts = 0
        for block in 0..<blocks where nearest[block].offer(device, cost: cost(device, row[block])) { cuts += 1 }
        if cuts > 0 { largestThreshold = nearest.reduce(-.infinity) { max($0, $1.threshold) } }
      }
    }
    for block in 0..<blocks { nearest[block].cut() }
    let chosen = nearest.flatMap { $0.devices.map(\.device) }.sorted()
    return chosen.enumerated().compactMap { place, device in
      place > 0 && chosen[place - 1] == device ? nil : device
    }
  }

  /// The cheapest devices of one block, of those offered so far.
  private struct Nearest {
    let wanted: Int
    var devices: [(cost: Double, device: Int)] = []
    /// What a device must cost less than to be among them.
    var threshold = Double.infinity

    init(wanted: Int) { self.wanted = wanted }

    /// Takes a device if it is among the cheapest; true if the threshold may have fallen.
    mutating func offer(_ device: Int, cost: Double) -> Bool {
      guard cost < threshold else { return false }
      devices.append((cost, device))
      guard devices.count == 2 * wanted else { return false }
      cut()
      return true
    }

    mutating func cut() {
      devices.sort { ($0.cost, $0.device) < ($1.cost, $1.device) }
      devices.removeLast(max(0, devices.count - wanted))
      if devices.count == wanted { threshold = devices[wanted - 1].cost }
    }
  }
}
