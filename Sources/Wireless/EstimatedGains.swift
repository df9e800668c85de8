import Randomness

/// Gains as a receiver estimates them: the true ones, each with a relative error of its own.
///
/// ĥ_{n,k} = h_{n,k} max(1 + σ z_{n,k}, 1/1000) with z standard normal, cut off at ±5: an unbiased estimate whose standard
/// deviation is the share σ of the gain. The paper assumes perfect knowledge; this model is ours.
public struct EstimatedGains: GainSource {
  /// The true gains.
  public let truth: any GainSource
  /// σ.
  public let error: Double
  private let seed: Seed
  private let round: Int

  /// The estimates of one round.
  public init(_ truth: any GainSource, error: Double, round: Int, seed: Seed) {
    (self.truth, self.error, self.round, self.seed) = (truth, error, round, seed)
  }

  /// Devices N.
  public var deviceCount: Int { truth.deviceCount }
  /// Resource blocks K.
  public var blockCount: Int { truth.blockCount }

  private static let cut = 5.0
  private static let least = 1e-3

  /// The bound of the true gains with the largest error there is.
  public func upperBound(device: Int) -> Double { truth.upperBound(device: device) * (1 + Self.cut * error) }

  /// The largest estimate of the row.
  public func rowMaximum(device: Int) -> Double { row(device: device).max() ?? 0 }

  /// Copies the true row and lays the errors over it.
  public func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    truth.copyRow(device: device, into: row)
    var stream = seed.stream(.channelEstimate, round, device)
    for block in 0..<blockCount {
      let normal = min(max(stream.gaussian(), -Self.cut), Self.cut)
      row[block] *= max(1 + error * normal, Self.least)
    }
  }
}
