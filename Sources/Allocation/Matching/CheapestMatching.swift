import Wireless

/// What a device costs on each block, for ``CheapestMatching``: finite, and for one device never more on a larger gain.
protocol PairCosts {
  /// Devices N.
  var deviceCount: Int { get }
  /// Resource blocks K.
  var blockCount: Int { get }
  /// What no block costs less than for this device, cheaper to ask for than its row.
  func leastCost(device: Int) -> Double
  /// Writes the costs of the device's K blocks.
  func copyCosts(device: Int, into row: UnsafeMutableBufferPointer<Double>)
}

/// P3, Eq. (30)–(32): a perfect matching of least total cost between devices and blocks.
///
/// The paper adds N − K virtual blocks of cost 0 to make the sides equal. The same matching is found on the rectangle:
/// every block gets a device (or every device a block, where those are fewer) and the rest goes without.
enum CheapestMatching {
  /// The cost of a pair that cannot meet the deadline, Eq. (30): 1e5 J. The matching uses such pairs only where it must.
  static let infeasible = 1e5

  /// The matched pairs, devices ascending, of a matrix in which the fewer of devices and blocks are the rows.
  static func match(devices: Int, blocks: Int, costs: [Double]) -> [(device: Int, block: Int)] {
    if devices <= blocks {
      return Array(zip(0..., DenseAssignment.columnsOfRows(rows: devices, columns: blocks, costs: costs)))
    }
    return DenseAssignment.columnsOfRows(rows: blocks, columns: devices, costs: costs).enumerated()
      .map { ($1, $0) }.sorted { $0.0 < $1.0 }
  }

  /// The same without such a matrix.
  ///
  /// With more devices than blocks only the K cheapest devices of each block are looked at again. That is exact: if a
  /// block held a device beyond its K cheapest, one of those would be free, since the K − 1 other blocks hold at most
  /// K − 1 of them, and taking it instead costs no more.
  static func match<Costs: PairCosts>(_ costs: Costs) -> [(device: Int, block: Int)] {
    let blocks = costs.blockCount
    guard blocks > 0 else { return [] }
    let devices = costs.deviceCount <= blocks ? Array(0..<costs.deviceCount) : cheapestDevices(costs)
    var matrix = [Double](repeating: 0, count: devices.count * blocks)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { row in
      for (place, device) in devices.enumerated() {
        costs.copyCosts(device: device, into: row)
        for block in 0..<blocks {
          matrix[devices.count <= blocks ? place * blocks + block : block * devices.count + place] = row[block]
        }
      }
    }
    return match(devices: devices.count, blocks: blocks, costs: matrix).map { (devices[$0], $1) }
  }

  /// The devices that are among the K cheapest of some block, ascending; among equals the lower numbers.
  ///
  /// A device that would not be even on its cheapest block is passed over without its row.
  private static func cheapestDevices<Costs: PairCosts>(_ costs: Costs) -> [Int] {
    let blocks = costs.blockCount
    var nearest = [CheapestDevices](repeating: CheapestDevices(wanted: blocks), count: blocks)
    var largestThreshold = Double.infinity
    withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { row in
      for device in 0..<costs.deviceCount where costs.leastCost(device: device) < largestThreshold {
        costs.copyCosts(device: device, into: row)
        var isNearer = false
        for block in 0..<blocks where row[block] < nearest[block].threshold {
          nearest[block].insert(device, cost: row[block])
          isNearer = true
        }
        if isNearer { largestThreshold = nearest.reduce(-.infinity) { max($0, $1.threshold) } }
      }
    }
    var isChosen = [Bool](repeating: false, count: costs.deviceCount)
    for block in nearest { for entry in block.entries { isChosen[entry.device] = true } }
    return isChosen.indices.filter { isChosen[$0] }
  }
}

/// The cheapest devices of one block, of those offered so far in ascending order: a heap whose root is the dearest, and
/// among equally dear ones the last.
private struct CheapestDevices {
  private let wanted: Int
  private(set) var entries: [(cost: Double, device: Int)] = []
  /// What a device must cost less than to be among them.
  private(set) var threshold = Double.infinity

  init(wanted: Int) { self.wanted = wanted }

  /// Takes a device that costs less than ``threshold``, in the place of the root once there are enough.
  mutating func insert(_ device: Int, cost: Double) {
    let entry = (cost: cost, device: device)
    if entries.count < wanted {
      if entries.isEmpty { entries.reserveCapacity(wanted) }
      entries.append(entry)
      var hole = entries.count - 1
      while hole > 0, entries[(hole - 1) / 2] < entry {
        entries[hole] = entries[(hole - 1) / 2]
        hole = (hole - 1) / 2
      }
      entries[hole] = entry
    } else {
      var hole = 0
      while true {
        var child = 2 * hole + 1
        guard child < wanted else { break }
        if child + 1 < wanted, entries[child] < entries[child + 1] { child += 1 }
        guard entry < entries[child] else { break }
        entries[hole] = entries[child]
        hole = child
      }
      entries[hole] = entry
    }
    if entries.count == wanted { threshold = entries[0].cost }
  }
}
