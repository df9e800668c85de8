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
  @inlinable
  public func rate(bandwidth: Hertz, gain: Double) -> BitsPerSecond {
    StepCost.rate(bandwidth: bandwidth, gain: gain, power: power, noise: noise)
  }
}

/// What receiving on a block of one gain costs a device.
public struct Reception: Sendable, Hashable {
  /// Of a step's gradient.
  public var stepTime: Seconds
  /// Of a step's gradient.
  public var stepEnergy: Joules
  /// What the deadline counts once: the model's download.
  public var onceTime: Seconds

  /// A reception.
  @inlinable
  public init(stepTime: Seconds, stepEnergy: Joules, onceTime: Seconds) {
    (self.stepTime, self.stepEnergy, self.onceTime) = (stepTime, stepEnergy, onceTime)
  }

  /// Nothing is received.
  @inlinable
  public static var none: Reception { Reception(stepTime: .zero, stepEnergy: .zero, onceTime: .zero) }
}
