/// The gains of the links that there are: a pair whose gain is below its device's least one has none, which is a gain
/// of 0. Every policy leaves such a pair unused, since nothing could ever go up over it.
public struct LinkedGains<Base: GainSource>: GainSource {
  /// All gains.
  public let base: Base
  /// For each device, the gain below which a link is in outage; see ``Uplink/leastGain(power:)``.
  public let least: [Double]

  /// The links of `base`; `least` has one gain per device.
  public init(_ base: Base, least: [Double]) {
    precondition(base.deviceCount == least.count, "a least gain for every device")
    (self.base, self.least) = (base, least)
  }

  /// Devices N.
  public var deviceCount: Int { base.deviceCount }
  /// Resource blocks K.
  public var blockCount: Int { base.blockCount }

  /// The bound of all gains; 0 where it is the row's maximum and in outage.
  public func upperBound(device: Int) -> Double {
    let bound = base.upperBound(device: device)
    return base.boundIsMaximum ? linked(bound, device) : bound
  }

  /// The bounds of all gains.
  public var upperBounds: [Double]? { base.upperBounds }

  /// As of all gains.
  public var boundIsMaximum: Bool { base.boundIsMaximum }

  /// The row's maximum, 0 where it is in outage.
  public func rowMaximum(device: Int) -> Double { linked(base.rowMaximum(device: device), device) }

  /// Whether a gain that is no outage is at least `gain`.
  public func reaches(_ gain: Double, device: Int) -> Bool {
    gain <= 0 || base.reaches(max(gain, least[device]), device: device)
  }

  /// Copies the row and strikes out what is in outage.
  public func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    base.copyRow(device: device, into: row)
    let least = least[device]
    for block in 0..<blockCount where row[block] < least { row[block] = 0 }
  }

  /// The gain of one pair, 0 where it is in outage.
  public func gain(device: Int, block: Int) -> Double { linked(base.gain(device: device, block: block), device) }

  private func linked(_ gain: Double, _ device: Int) -> Double { gain < least[device] ? 0 : gain }
}

extension GainSource {
  /// These gains, each struck out when somebody looks at it.
  public func linked(above least: [Double]) -> any GainSource { LinkedGains(self, least: least) }
}
