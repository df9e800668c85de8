import Synchronization

/// The large-scale gains of all devices in one interval, each found when somebody asks for it first: nobody asks for those of
/// devices that have no time to transmit, which may be half of a city.
final class LargeScaleGains: Sendable {
  private let process: LargeScaleProcess
  private let interval: Int
  /// The gains' bits; those of a NaN where none was found yet. Two threads that find one at once find the same.
  private nonisolated(unsafe) let found: UnsafeMutablePointer<Atomic<UInt64>>

  init(_ process: LargeScaleProcess, interval: Int) {
    (self.process, self.interval) = (process, interval)
    found = .allocate(capacity: process.count)
    for device in 0..<process.count { (found + device).initialize(to: Atomic(Double.nan.bitPattern)) }
  }

  deinit {
    found.deinitialize(count: process.count)
    found.deallocate()
  }

  /// What ``LargeScaleProcess/gain(device:interval:)`` says.
  subscript(device: Int) -> Double {
    precondition((0..<process.count).contains(device), "no such device")
    let known = Double(bitPattern: found[device].load(ordering: .relaxed))
    if !known.isNaN { return known }
    let gain = process.gain(device: device, interval: interval)
    found[device].store(gain.bitPattern, ordering: .relaxed)
    return gain
  }
}
