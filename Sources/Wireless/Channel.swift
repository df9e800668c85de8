import Randomness
import Units

/// The radio channel of a run: large-scale gains, drawn once, and small-scale gains of any round.
///
/// h_{n,k} = path loss × shadowing × antenna gain × fading. Line of sight and shadowing come from the stream
/// (`Purpose.shadowing`, device), fading of block k is the k-th draw of the stream (`Purpose.fading`, round, device):
/// a round's gains are the same whoever asks, in whatever order, and need not be stored.
public struct Channel: Sendable {
  /// Resource blocks K.
  public let blockCount: Int
  /// Small-scale fading.
  public let fading: Fading
  /// Path loss × shadowing × antenna gain of each device.
  public let largeScaleGains: [Double]

  private let ricianFactors: [Double]?
  private let upperBounds: [Double]
  private let seed: Seed

  /// Draws the large-scale gains of the fleet.
  ///
  /// They are at most 1e100, so that every gain is finite whatever the antennas are said to have. A device whose distance
  /// is not known has no link: its gains come from elsewhere.
  public init(uplink: Uplink, fleet: Fleet, seed: Seed) {
    blockCount = uplink.blocks
    fading = uplink.fading
    self.seed = seed
    let largeScale = LargeScaleProcess(uplink: uplink, fleet: fleet, seed: seed)
    largeScaleGains = largeScale.gains(interval: 0)
    ricianFactors = largeScale.ricianFactors(of: uplink.fading, interval: 0)
    let bound = uplink.blocks > 0 ? uplink.fading.upperBound : 0
    upperBounds = largeScaleGains.map { $0 * bound }
  }

  /// The gains of a round, those of ``GainSource/storedIfFew()``.
  public func gains(round: Int) -> any GainSource { generatedGains(round: round).storedIfFew() }

  /// The gains without small-scale fading: those of a device are alike on all blocks.
  public var meanGains: any GainSource { MeanGains(blockCount: blockCount, gains: largeScaleGains) }

  /// The gains of a round, drawn where looked at.
  public func generatedGains(round: Int) -> GeneratedGains {
    GeneratedGains(
      blockCount: blockCount, largeScaleGains: largeScaleGains, bounds: upperBounds, fading: fading,
      ricianFactors: ricianFactors, seed: seed, round: round)
  }
}

/// Gains of one round that are drawn whenever somebody looks at them; no more is stored than a number a device.
public struct GeneratedGains: GainSource {
  /// Resource blocks K.
  public let blockCount: Int

  fileprivate let largeScaleGains: [Double]
  fileprivate let bounds: [Double]
  fileprivate let fading: Fading
  fileprivate let ricianFactors: [Double]?
  fileprivate let seed: Seed
  fileprivate let round: Int

  /// Devices N.
  public var deviceCount: Int { largeScaleGains.count }

  /// The large-scale gain times the largest fading that 32-bit draws can give.
  public func upperBound(device: Int) -> Double { bounds[device] }

  /// The bounds of all devices: one array for every round of the channel.
  public var upperBounds: [Double]? { bounds }

  /// The largest gain of the row; under Rayleigh fading a logarithm a row, as the exponential grows with its word.
  public func rowMaximum(device: Int) -> Double {
    guard case .rayleigh = fading else { return row(device: device).max() ?? 0 }
    let word = seed.largestWord(of: blockCount, in: .fading, round, device)
    return largeScaleGains[device] * RandomStream.exponential(ofWord: word)
  }

  /// Draws the row up to the block; under Rayleigh fading, where a draw takes one word, only the gain itself.
  public func gain(device: Int, block: Int) -> Double {
    var stream = seed.stream(.fading, round, device)
    let law = law(of: device)
    if case .rayleigh = law {
      stream.skip(block)
    } else {
      for _ in 0..<block { _ = law.draw(from: &stream) }
    }
    return largeScaleGains[device] * law.draw(from: &stream)
  }

  private func law(of device: Int) -> Fading { fading.law(k: ricianFactors?[device]) }

  /// Draws the row.
  public func copyRow(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    let (largeScale, law) = (largeScaleGains[device], law(of: device))
    var stream = seed.stream(.fading, round, device)
    for block in 0..<blockCount { row[block] = largeScale * law.draw(from: &stream) }
  }
}
