/// Where devices stand in a list, looked up by their number: a hash table with open addressing, at most a quarter full.
///
/// An event names a device, out of a cell that may have a million of which a round has ten. A search by bisection among these
/// took a fifth of an event's time, for branches that no processor can foresee.
///
/// - Complexity: O(1) per look-up, expected; 32 to 64 bytes per device.
struct SlotTable: Sendable, Hashable, Codable {
  /// Device in the upper half, place in the list in the lower one; ``vacant`` where there is none.
  private var entries: [UInt64]
  private let shift: UInt64

  private static let vacant = UInt64.max

  /// The places of `devices`, all different and less than 2^32, in the order in which they stand.
  init(_ devices: some Collection<Int>) {
    self.init(devices.enumerated().lazy.map { (slot: $0, device: $1) }, count: devices.count)
  }

  /// The places of devices, all different and less than 2^32, `count` of them at most.
  init(_ pairs: some Sequence<(slot: Int, device: Int)>, count: Int) {
    let bits = Int.bitWidth - max(count * 4 - 1, 1).leadingZeroBitCount
    entries = Array(repeating: Self.vacant, count: 1 << bits)
    shift = UInt64(64 - bits)
    for (slot, device) in pairs {
      var place = home(of: device)
      while entries[place] != Self.vacant { place = (place + 1) & (entries.count - 1) }
      entries[place] = UInt64(device) << 32 | UInt64(slot)
    }
  }

  /// The place of a device in the list, `nil` where it is not in it.
  @inline(__always)
  func slot(of device: Int) -> Int? {
    var place = home(of: device)
    while entries[place] != Self.vacant {
      if entries[place] >> 32 == UInt64(truncatingIfNeeded: device) { return Int(entries[place] & 0xFFFF_FFFF) }
      place = (place + 1) & (entries.count - 1)
    }
    return nil
  }

  /// Where the search begins. The multiplier is 2^64 over the golden ratio: devices that follow each other fall far apart.
  @inline(__always)
  private func home(of device: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(truncatingIfNeeded: device) &* 0x9E37_79B9_7F4A_7C15) &>> shift)
  }
}
