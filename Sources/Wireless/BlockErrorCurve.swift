import CElementary
import Units

/// How often a transport block fails over white Gaussian noise, by its signal-to-noise ratio.
///
///     BLER(x) = 1 / (1 + 9 exp(k (x − x10)))     x the ratio in dB
///
/// A logistic curve through one block in ten at x10. Both numbers are fitted to what Sionna SYS simulated with NR's code on
/// blocks of ``blockSize`` bits; the form is our choice.
public struct BlockErrorCurve: Sendable, Hashable {
  /// x10, in dB, where one block in ten fails.
  public let tenth: Double
  /// k, per dB.
  public let slope: Double

  /// A curve by its two numbers.
  public init(tenth: Double, slope: Double) { (self.tenth, self.slope) = (tenth, slope) }

  /// The bits of a block that fails or arrives as a whole: the largest that Sionna's tables have, a quarter of NR's largest
  /// code block.
  public static let blockSize = Bits(2000)

  /// The share of blocks that fail at a signal-to-noise ratio, which is linear.
  public func errorRate(snr: Double) -> Double {
    1 / (1 + 9 * elementary_exp(slope * (Decibel.of(snr) - tenth)))
  }

  /// The signal-to-noise ratio, linear, at which a share of blocks in (0, 1) fails.
  public func snr(errorRate: Double) -> Double {
    Decibel.ratio(tenth + elementary_log((1 / errorRate - 1) / 9) / slope)
  }

  /// The curve of a modulation of `order` bits per symbol at a code rate; `nil` where no table of TS 38.214 has it.
  package static func curve(order: Int, rate: Double) -> BlockErrorCurve? {
    fits.first { $0.order == order && $0.rate == rate }.map { BlockErrorCurve(tenth: $0.snr, slope: $0.slope) }
  }
}
