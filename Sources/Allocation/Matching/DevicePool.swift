import Wireless

/// Devices by what they are worth at most, best first, looked at as late as possible.
struct DevicePool {
  private let pairs: PairValuation
  private let gains: any GainSource
  /// By the value at the gain source's bound.
  private(set) var order = DescendingOrder([])
  private var next = 0
  /// By the value at the row's maximum: looked at, and not taken.
  private var aside = DescendingOrder([])
  private var nextAside = 0
  private let room: RoomForOne

  /// Every device that is worth something at the bound of its gains; their order, where an earlier round left it.
  init(_ pairs: PairValuation, order: DescendingOrder? = nil) {
    self.pairs = pairs
    gains = pairs.edges.problem.gains
    room = RoomForOne(pairs)
    if let order {
      self.order = order
      return
    }
    let (room, gains) = (room, gains)
    var entries: [DescendingOrder.Entry] = []
    entries.reserveCapacity(gains.deviceCount)
    for device in 0..<gains.deviceCount {
      let bound = room.value(pairs, device: device, gain: gains.upperBound(device: device))
      if bound > 0 { entries.append(.init(bound: bound, device: Int32(truncatingIfNeeded: device))) }
    }
    self.order = DescendingOrder(entries)
  }

  /// Where the value of one device is found.
  private final class RoomForOne {
    private let growth: UnsafeMutableBufferPointer<Double>
    private let terms: UnsafeMutableBufferPointer<PairValuation.Terms>

    init(_ pairs: PairValuation) {
      growth = .allocate(capacity: pairs.levelCount * pairs.modeCount)
      terms = .allocate(capacity: pairs.modeCount)
      growth.initialize(repeating: 0)
      terms.initialize(repeating: PairValuation.Terms(device: 0))
    }

    deinit {
      growth.deallocate()
      terms.deallocate()
    }

    /// What a device is worth on a gain; 0 where it has no time to transmit, without asking for the gain.
    func value(_ pairs: PairValuation, device: Int, gain: @autoclosure () -> Double) -> Double {
      guard let growth = growth.baseAddress, let base = terms.baseAddress else { return 0 }
      let modes = UnsafeMutableBufferPointer(start: base, count: pairs.terms(device: device, into: base))
      guard !modes.isEmpty else { return 0 }
      let gain = gain()
      pairs.fill(growth, modes, gain: gain)
      return pairs.nextValue(modes, growth: growth, gain: gain).value
    }
  }

  /// The same device with its value at the row's maximum.
  private func look(at entry: DescendingOrder.Entry) -> DescendingOrder.Entry {
    guard !gains.boundIsMaximum else { return entry }
    let device = Int(entry.device)
    let value = room.value(pairs, device: device, gain: gains.rowMaximum(device: device))
    return DescendingOrder.Entry(bound: min(entry.bound, value), device: entry.device)
  }

  /// Devices that were not taken.
  var count: Int { order.count - next + aside.count - nextAside }

  /// No device that was not taken is worth more; nil where none is left.
  var bound: Double? {
    mutating get {
      guard let unseen = order.entry(at: next)?.bound else { return aside.entry(at: nextAside)?.bound }
      return max(unseen, aside.entry(at: nextAside)?.bound ?? 0)
    }
  }

  /// Takes the devices that are worth more than a base price, best first: a few more than there are blocks.
  mutating func takeBest(_ blocks: Int) -> (devices: [DescendingOrder.Entry], base: Double) {
    let wanted = blocks + blocks / 12 + 1
    var seen: [DescendingOrder.Entry] = []
    var base = 0.0
    var check = wanted
    while let entry = order.entry(at: next), entry.bound > base {
      let looked = look(at: entry)
      if looked.bound > 0 { seen.append(looked) }
      next += 1
      if seen.count >= check {
        var best = DescendingOrder(seen)
        base = best.entry(at: wanted - 1)?.bound ?? 0
        check += max(8, blocks / 4)
      }
    }
    var best = DescendingOrder(seen)
    var devices: [DescendingOrder.Entry] = []
    while let entry = best.entry(at: devices.count), entry.bound > base { devices.append(entry) }
    aside = best
    nextAside = devices.count
    return (devices, base)
  }

  /// Takes the device with the largest bound, nil where none is left.
  mutating func takeNext() -> DescendingOrder.Entry? {
    let unseen = order.entry(at: next)
    let seen = aside.entry(at: nextAside)
    if let seen, seen.bound >= unseen?.bound ?? 0 {
      nextAside += 1
      return seen
    }
    guard let unseen else { return nil }
    next += 1
    return look(at: unseen)
  }
}
