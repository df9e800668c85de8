/// The power gains h_{n,k} of one round, wherever they come from: a matrix, a file, or a generator that draws a row
/// when somebody looks at it.
///
/// A row asked for twice is the same row. Gains are finite and never negative.
public protocol GainSource: Sendable {
  /// Devices N.
  var deviceCount: Int { get }
  /// Resource blocks K.
  var blockCount: Int { get }

  /// A bound that no gain of the device exceeds, cheap to ask for: neither the row nor any part of it is drawn.
  func upperBound(device: Int) -> Double

  /// The largest gain of the device's row, to the bit.
  func rowMaximum(device: Int) -> Double

  /// Writes the device's K gains, block 0 first. `row` holds at least ``blockCount`` elements.
  func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>)
}

extension GainSource {
  /// The device's K gains, block 0 first.
  public func row(device: Int) -> [Double] {
    Array(unsafeUninitializedCapacity: blockCount) { buffer, count in
      copyRow(device: device, into: buffer)
      count = blockCount
    }
  }
}

/// Gains held in memory, a row a device.
public struct GainMatrix: GainSource, Hashable {
  /// Devices N.
  public let deviceCount: Int
  /// Resource blocks K.
  public let blockCount: Int
  /// N·K gains, row-major.
  public private(set) var values: [Double]

  /// A matrix over `values`, row-major; `values.count` must be `deviceCount * blockCount`.
  public init(deviceCount: Int, blockCount: Int, values: [Double]) {
    precondition(values.count == deviceCount * blockCount, "a gain for every device and block")
    self.deviceCount = deviceCount
    self.blockCount = blockCount
    self.values = values
  }

  /// The gain h_{n,k}.
  public subscript(device: Int, block: Int) -> Double {
    get { values[device * blockCount + block] }
    set { values[device * blockCount + block] = newValue }
  }

  /// The row's maximum: all is in memory.
  public func upperBound(device: Int) -> Double { rowMaximum(device: device) }

  /// The largest gain of the row, 0 without blocks.
  public func rowMaximum(device: Int) -> Double {
    values[device * blockCount..<(device + 1) * blockCount].max() ?? 0
  }

  /// Copies the row.
  public func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    values.withUnsafeBufferPointer { all in
      for block in 0..<blockCount { row[block] = all[device * blockCount + block] }
    }
  }
}
