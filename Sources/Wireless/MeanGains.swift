/// Gains that are alike on all blocks of a device: those of a channel without small-scale fading.
public struct MeanGains: GainSource {
  /// Resource blocks K.
  public let blockCount: Int
  private let gains: [Double]

  /// One gain per device.
  public init(blockCount: Int, gains: [Double]) { (self.blockCount, self.gains) = (blockCount, gains) }

  /// Devices N.
  public var deviceCount: Int { gains.count }
  /// The gain itself.
  public func upperBound(device: Int) -> Double { blockCount > 0 ? gains[device] : 0 }
  /// True.
  public var boundIsMaximum: Bool { true }
  /// The gain itself.
  public func rowMaximum(device: Int) -> Double { upperBound(device: device) }
  /// Repeats the gain.
  public func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    for block in 0..<blockCount { row[block] = gains[device] }
  }
  /// The gain itself.
  public func gain(device: Int, block: Int) -> Double { gains[device] }
}
