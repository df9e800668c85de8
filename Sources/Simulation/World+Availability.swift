import Network
import Scenario
import Training
import Units
import Wireless

extension World {
  /// For each device whether it is there at `time`; `nil` where all always are.
  func areThere(at time: Seconds) -> [Bool]? { availability?.areThere(at: time) }

  /// Whether a device is there at `time`.
  func isThere(_ device: Int, at time: Seconds) -> Bool {
    availability?.presence(of: device, at: time).isThere ?? true
  }

  /// When a device leaves that is there at `time`; `nil` where it never does.
  func departure(of device: Int, after time: Seconds) -> Seconds? {
    guard let availability else { return nil }
    let presence = availability.presence(of: device, at: time)
    return presence.isThere ? presence.until.isFinite ? Seconds(presence.until) : nil : time
  }

  /// Whether work may come to nothing because devices leave, run empty or others merge before.
  var wastesEnergy: Bool { availability != nil || batteries != nil || scenario.aggregation.mode != .synchronous }

  /// Gains of which those are 0 whose device is away: nobody can choose it.
  func ofPresent(_ gains: any GainSource, at time: Seconds) -> any GainSource {
    areThere(at: time).map { GainsOfSome(base: gains, isOpen: $0) } ?? gains
  }
}

/// The gains of some devices; 0 of the others, which nobody can choose then.
struct GainsOfSome: GainSource {
  let base: any GainSource
  let isOpen: [Bool]

  var deviceCount: Int { base.deviceCount }
  var blockCount: Int { base.blockCount }
  var boundIsMaximum: Bool { base.boundIsMaximum }

  func upperBound(device: Int) -> Double { isOpen[device] ? base.upperBound(device: device) : 0 }
  func rowMaximum(device: Int) -> Double { isOpen[device] ? base.rowMaximum(device: device) : 0 }
  func reaches(_ gain: Double, device: Int) -> Bool { isOpen[device] && base.reaches(gain, device: device) }
  func gain(device: Int, block: Int) -> Double { isOpen[device] ? base.gain(device: device, block: block) : 0 }

  func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    if isOpen[device] {
      base.copyRow(device: device, into: row)
    } else {
      for block in 0..<blockCount { row[block] = 0 }
    }
  }
}
