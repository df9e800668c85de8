/// The power gains h_{n,k} of one round, wherever they come from: a matrix, a file, or a generator that draws a row
/// when somebody looks at it.
///
/// A row asked for twice is the same row. Gains are finite and never negative; 0 is no link.
public protocol GainSource: Sendable {
  /// Devices N.
  var deviceCount: Int { get }
  /// Resource blocks K.
  var blockCount: Int { get }

  /// A bound that no gain of the device exceeds, cheap to ask for: neither the row nor any part of it is drawn.
  func upperBound(device: Int) -> Double

  /// The bounds of all devices, where a source has them at hand as an array that it shares with the sources of other
  /// rounds; nil otherwise. What is derived from the very same array may then be kept from round to round.
  var upperBounds: [Double]? { get }

  /// Whether ``upperBound(device:)`` is itself the row's maximum, so that nobody need ask for that as well.
  var boundIsMaximum: Bool { get }

  /// The largest gain of the device's row, to the bit.
  func rowMaximum(device: Int) -> Double

  /// Whether one of the device's gains is at least `gain`: what ``rowMaximum(device:)`` says, often for less.
  func reaches(_ gain: Double, device: Int) -> Bool

  /// Writes the device's K gains, block 0 first. `row` holds at least ``blockCount`` elements.
  func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>)

  /// The gain of one pair, the same as in the row.
  func gain(device: Int, block: Int) -> Double

  /// These gains without the links in outage, of gains below `least`, one per device.
  func linked(above least: [Double]) -> any GainSource
}

extension GainSource {
  /// No bounds are shared unless a source says so.
  public var upperBounds: [Double]? { nil }

  /// A bound is only a bound unless a source says more.
  public var boundIsMaximum: Bool { false }

  /// Looks at the row's maximum where the bound leaves the question open.
  public func reaches(_ gain: Double, device: Int) -> Bool {
    upperBound(device: device) >= gain && rowMaximum(device: device) >= gain
  }

  /// Looks the gain up in the row.
  public func gain(device: Int, block: Int) -> Double { row(device: device)[block] }

  /// The device's K gains, block 0 first.
  public func row(device: Int) -> [Double] {
    Array(unsafeUninitializedCapacity: blockCount) { buffer, count in
      copyRow(device: device, into: buffer)
      count = blockCount
    }
  }

  /// All rows, in memory.
  public func stored() -> GainMatrix {
    let count = deviceCount * blockCount
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      for device in 0..<deviceCount {
        copyRow(device: device, into: .init(rebasing: buffer[device * blockCount..<(device + 1) * blockCount]))
      }
      initialized = count
    }
    return GainMatrix(deviceCount: deviceCount, blockCount: blockCount, values: values)
  }

  /// These gains, to the bit: in memory up to 4 million of them, 32 MB, beyond that found where looked at.
  public func storedIfFew() -> any GainSource {
    let (count, overflow) = deviceCount.multipliedReportingOverflow(by: blockCount)
    return overflow || count > 4_000_000 ? self : stored()
  }
}

/// Gains held in memory, a row per device.
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

  /// The gain h_{n,k}.
  public func gain(device: Int, block: Int) -> Double { values[device * blockCount + block] }

  /// The row's maximum: all is in memory.
  public func upperBound(device: Int) -> Double { rowMaximum(device: device) }

  /// True.
  public var boundIsMaximum: Bool { true }

  /// Gains up to which a copy costs less than it saves.
  private static let fewGains = 100_000

  /// The matrix with 0 for the links in outage; of a large one, the links that somebody looks at.
  public func linked(above least: [Double]) -> any GainSource {
    precondition(least.count == deviceCount, "a least gain for every device")
    guard values.count <= Self.fewGains else { return LinkedGains(self, least: least) }
    var links = self
    links.values.withUnsafeMutableBufferPointer { values in
      for device in 0..<deviceCount {
        let least = least[device]
        for place in device * blockCount..<(device + 1) * blockCount where values[place] < least { values[place] = 0 }
      }
    }
    return links
  }

  /// The largest gain of the row, 0 without blocks.
  public func rowMaximum(device: Int) -> Double {
    values.withUnsafeBytes { values in
      let start = device * blockCount
      let end = start + blockCount
      // Sixteen maxima side by side, since one alone waits for its own last comparison.
      var (even, odd) = (SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0))
      var index = start
      while index + 16 <= end {
        let first = values.loadUnaligned(fromByteOffset: 8 * index, as: SIMD8<Double>.self)
        let second = values.loadUnaligned(fromByteOffset: 8 * (index + 8), as: SIMD8<Double>.self)
        even.replace(with: first, where: first .> even)
        odd.replace(with: second, where: second .> odd)
        index += 16
      }
      even.replace(with: odd, where: odd .> even)
      var largest = even.max()
      while index < end {
        largest = max(largest, values.loadUnaligned(fromByteOffset: 8 * index, as: Double.self))
        index += 1
      }
      return largest
    }
  }

  /// Copies the row.
  public func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    values.withUnsafeBufferPointer { values in
      _ = row.update(fromContentsOf: values[device * blockCount..<(device + 1) * blockCount])
    }
  }
}
