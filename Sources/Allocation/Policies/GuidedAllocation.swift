import Wireless

/// Allocations of which somebody else decides a part: who matters, or with how many bits. A matching does the rest.
extension Problem {
  /// The allocation of the largest objective in which a device sends with the bits given for it, or takes no part.
  ///
  /// - Parameter bits: For each device one of ``levels``' bits, or `nil` for no part.
  /// - Complexity: One matching of the largest weight.
  public func allocation(bits: [Int?]) -> Allocation {
    precondition(bits.count == devices.count, "bits or none for every device")
    var edges: [Int: EdgeValuation] = [:]
    for level in Set(bits.compactMap(\.self)) {
      edges[level] = EdgeValuation(self, restriction: Restriction(bits: level...level))
    }
    func choice(_ device: Int, _ gain: Double) -> EdgeValuation.Choice? {
      bits[device].flatMap { edges[$0] }.flatMap { $0.best(device: device, gain: gain) }
    }
    return EdgeValuation(self).matched(weight: { choice($0, $1)?.value ?? 0 }, choosing: choice)
  }

  /// The allocation of the devices that rank highest: from the highest score down, a device is admitted as long as all who are
  /// admitted can meet the deadline on blocks of their own; blocks, bits and powers are then those of the largest objective.
  ///
  /// Admitting greedily is optimal for every order, since sets of devices that can be matched are a transversal matroid.
  ///
  /// - Parameter scores: One per device; who has less than 0 takes no part. Equal scores rank by number.
  /// - Complexity: O(N K) for each device admitted, and one matching.
  public func allocation(ranking scores: [Double]) -> Allocation {
    precondition(scores.count == devices.count, "a score for every device")
    let ranked = scores.indices.filter { scores[$0] >= 0 }.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    var transversal = Transversal(blocks: blockCount)
    for device in ranked where transversal.devices.count < blockCount {
      let feasibility = Feasibility(of: device, in: self)
      let row = gains.row(device: device)
      transversal.admit(device, to: row.indices.filter { feasibility.allows(gain: row[$0]) })
    }
    let edges = EdgeValuation(self)
    let (admitted, count) = (Set(transversal.devices), edges.countWeight())
    return edges.matched(weight: { admitted.contains($0) ? count($0, $1) : 0 }) { edges.best(device: $0, gain: $1) }
  }
}

/// Devices with a block for each, which may change when another one is admitted.
private struct Transversal {
  private var deviceOnBlock: [Int?]
  private var blocksOf: [Int: [Int]] = [:]

  init(blocks: Int) { deviceOnBlock = Array(repeating: nil, count: blocks) }

  /// Who is admitted.
  var devices: [Int] { deviceOnBlock.compactMap(\.self) }

  /// Admits a device that can do with any of these blocks, if there is room for all.
  mutating func admit(_ device: Int, to blocks: [Int]) {
    blocksOf[device] = blocks
    var seen = Set<Int>()
    _ = place(device, &seen)
  }

  private mutating func place(_ device: Int, _ seen: inout Set<Int>) -> Bool {
    for block in blocksOf[device] ?? [] where seen.insert(block).inserted {
      guard let holder = deviceOnBlock[block] else {
        deviceOnBlock[block] = device
        return true
      }
      if place(holder, &seen) {
        deviceOnBlock[block] = device
        return true
      }
    }
    return false
  }
}
