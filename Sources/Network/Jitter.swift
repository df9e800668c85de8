import CElementary
import Randomness
import Units

/// How long computing takes over what is planned: a lognormal factor of mean 1, drawn by device, round and step. A device that
/// computes for longer does so at its clock, so that its energy grows alike.
public struct Jitter: Sendable, Hashable {
  /// What a factor is drawn for.
  public enum Scope: String, Sendable, Hashable, CaseIterable {
    /// Each step anew.
    case step
    /// All steps of a device's round alike.
    case round
  }

  /// The coefficient of variation: the factor's standard deviation, its mean being 1.
  public var variation: Double
  /// What a factor is drawn for.
  public var scope: Scope

  /// Factors of this coefficient of variation.
  public init(variation: Double, scope: Scope = .step) { (self.variation, self.scope) = (variation, scope) }

  /// The factor of a device in a step of a round, both from 1: exp of a Gaussian with σ² = ln(1 + variation²) around -σ²/2.
  public func factor(device: Int, round: Int, step: Int, seed: Seed) -> Double {
    let variance = elementary_log1p(variation * variation)
    var stream = seed.stream(.jitter, round, device)
    // A Gaussian takes one word or two, and very seldom more.
    if scope == .step { stream.skip(64 * max(0, step)) }
    return stream.lognormal(zeta: -variance / 2, sigma: variance.squareRoot())
  }
}
