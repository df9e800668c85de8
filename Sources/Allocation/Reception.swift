import Units
import Wireless

/// What a device takes down on its own block: the gradient of a step's activations, and what the deadline counts beside. Ours:
/// the paper neglects the downlink.
public struct Downlink: Sendable, Hashable {
  /// Radiated by the base station on one block.
  public var power: Watts
  /// Noise power in one block at a device's receiver.
  public var noise: Watts
  /// The gradient of one step.
  public var gradient: Bits

  /// A downlink.
  public init(power: Watts, noise: Watts, gradient: Bits) {
    (self.power, self.noise, self.gradient) = (power, noise, gradient)
  }

  /// B log2(1 + h p / N0) on a block of this gain, Eq. (12) downwards; the same gain both ways, as in a cell whose directions
  /// take turns on one carrier.
  public func rate(bandwidth: Hertz, gain: Double) -> BitsPerSecond {
    StepCost.rate(bandwidth: bandwidth, gain: gain, power: power, noise: noise)
  }
}

/// What receiving on a block of one gain costs a device.
struct Reception {
  /// Of a step's gradient.
  var stepTime = Seconds.zero
  /// Of a step's gradient.
  var stepEnergy = Joules.zero
  /// What the deadline counts once: the model's download.
  var onceTime = Seconds.zero

  static let none = Reception()
}

/// A device's end of a downlink: all that its receptions follow from, but for the gain.
struct Receiver {
  var downlink: Downlink
  var bandwidth: Hertz
  var power: Watts
  var deadlineDownload: Bits
  var deadlineBroadcast: Seconds

  /// What is received on a block of this gain. All of it falls as the gain grows.
  func reception(gain: Double) -> Reception {
    let rate = downlink.rate(bandwidth: bandwidth, gain: gain)
    let time = downlink.gradient == .zero ? .zero : downlink.gradient / rate
    let once = deadlineDownload == .zero ? .zero : deadlineDownload / rate
    return Reception(
      stepTime: time, stepEnergy: power == .zero ? .zero : power * time, onceTime: deadlineBroadcast + once)
  }
}

extension Problem {
  /// A device's end of the downlink; `nil` without one.
  func receiver(_ terms: DeviceConstants) -> Receiver? {
    downlink.map {
      Receiver(
        downlink: $0, bandwidth: bandwidth, power: terms.receivePower, deadlineDownload: terms.deadlineDownload,
        deadlineBroadcast: terms.deadlineBroadcast)
    }
  }

  /// What a device receives on a block of this gain; nothing without a downlink.
  func reception(of terms: DeviceConstants, gain: Double) -> Reception {
    receiver(terms)?.reception(gain: gain) ?? .none
  }
}
