import Wireless

extension BCDPolicy {
  /// P3's costs, the fewer of devices and blocks being the rows, and which devices' are those of what they offer.
  struct Costs {
    private let devices: Int
    private let blocks: Int
    private var matrix: [Double]
    private var isCurrent: [Bool]

    /// Pairs up to which all are kept: 32 MiB. What is matched is the same with and without, ties too: of the free devices a block
    /// looks at the cheapest alone, the first of equal ones, and that is always among its K cheapest.
    private static let limit = 1 << 22

    /// Costs of nobody yet; nil where there are too many pairs to keep.
    init?(devices: Int, blocks: Int) {
      guard devices * blocks <= Self.limit else { return nil }
      self.devices = devices
      self.blocks = blocks
      matrix = Array(repeating: 0, count: devices * blocks)
      isCurrent = Array(repeating: false, count: devices)
    }

    /// A device offers something else now.
    mutating func forget(_ device: Int) { isCurrent[device] = false }

    /// Finds the costs of the devices that were forgotten.
    mutating func update(from source: OfferCosts) {
      let strides = devices <= blocks ? (device: blocks, block: 1) : (device: 1, block: devices)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { row in
        for device in 0..<devices where !isCurrent[device] {
          source.copyCosts(device: device, into: row)
          for block in 0..<blocks { matrix[device * strides.device + block * strides.block] = row[block] }
          isCurrent[device] = true
        }
      }
    }

    /// The perfect matching of least cost, devices ascending.
    var cheapestPairs: [(device: Int, block: Int)] {
      CheapestMatching.match(devices: devices, blocks: blocks, costs: matrix)
    }
  }
}
