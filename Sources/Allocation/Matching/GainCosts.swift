import Wireless

/// Costs that a function finds from a device and a gain.
struct GainCosts: PairCosts {
  private let gains: any GainSource
  private let cost: (_ device: Int, _ gain: Double) -> Double

  init(_ gains: any GainSource, cost: @escaping (_ device: Int, _ gain: Double) -> Double) {
    self.gains = gains
    self.cost = cost
  }

  var deviceCount: Int { gains.deviceCount }
  var blockCount: Int { gains.blockCount }

  func leastCost(device: Int) -> Double { cost(device, gains.upperBound(device: device)) }

  func copyCosts(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    gains.copyRow(device: device, into: row)
    for block in row.indices { row[block] = cost(device, row[block]) }
  }
}
