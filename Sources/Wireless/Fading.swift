import Units

/// The distribution of the small-scale power gain of a (device, block) pair in a round; its mean is 1.
public enum Fading: Sendable, Hashable {
  /// Exponential power: no line of sight.
  case rayleigh
  /// A line of sight of `k` times the scattered power.
  case rician(k: PowerRatio)
  /// A line of sight of TR 38.901's K where the device has one, ``LargeScaleState/ricianK``, and exponential power elsewhere.
  case ricianByState
  /// Gamma power of shape `m`: m = 1 is Rayleigh, a larger m is what averaging over a wide band leaves.
  case nakagami(m: Double)
  /// Always 1.
  case none
}
