import Randomness
import Units

/// Hybrid automatic repeat request: what becomes of a block that fails.
///
/// A payload goes up as blocks of ``BlockErrorCurve/blockSize`` bits that fail independently. Attempt j fails with
/// P_j = BLER(j snr) if the receiver adds up what it has heard of the block (chase combining: the same coded bits again, so the
/// ratios add), or BLER(snr) if it does not. Of a block that failed L times nothing is kept, and it begins anew, as the layer
/// above would have it; no block is lost, since a step needs all of its activations. With r = P_1 … P_L, a block takes
///
///     T = (1 + P_1 + P_1 P_2 + … + P_1 … P_(L−1)) / (1 − r)
///
/// transmissions in the mean. That an attempt fails does not depend on how narrowly the one before failed, and feedback takes no
/// time: both are our choice.
public struct HARQ: Sendable, Hashable {
  /// What the receiver does with the attempts at one block.
  public enum Combining: String, Sendable, Hashable, CaseIterable {
    /// It adds their signal-to-noise ratios.
    case chase
    /// It forgets those before.
    case none
  }

  /// L, after which a block begins anew.
  public var maxTransmissions: Int
  /// Whether attempts add up.
  public var combining: Combining

  /// Four attempts that add up unless said otherwise.
  public init(maxTransmissions: Int = 4, combining: Combining = .chase) {
    (self.maxTransmissions, self.combining) = (maxTransmissions, combining)
  }

  /// P_j, the chance that attempt `attempt`, from 1, fails.
  public func errorRate(attempt: Int, snr: Double, curve: BlockErrorCurve) -> Double {
    curve.errorRate(snr: combining == .chase ? snr * Double(attempt) : snr)
  }

  /// T, the mean number of transmissions that a block takes until it has arrived; infinite where none ever does.
  public func meanTransmissions(snr: Double, curve: BlockErrorCurve) -> Double {
    var (open, sum) = (1.0, 0.0)
    for attempt in 1...max(1, maxTransmissions) {
      sum += open
      open *= errorRate(attempt: attempt, snr: snr, curve: curve)
      if open == 0 { break }
    }
    return open < 1 ? sum / (1 - open) : .infinity
  }

  /// The number of transmissions of all blocks of a payload, drawn attempt by attempt, over the number of blocks: at least 1,
  /// and T in the mean. 1 for an empty payload; infinite where no block ever arrives.
  public func transmissions(
    of payload: Bits, snr: Double, curve: BlockErrorCurve, from stream: inout RandomStream
  ) -> Double {
    guard payload > .zero else { return 1 }
    let most = 1e15
    let blocks = Int(min((payload / BlockErrorCurve.blockSize).rounded(.up), most))
    var (open, sent) = (blocks, 0.0)
    var attempt = 1
    guard meanTransmissions(snr: snr, curve: curve).isFinite else { return .infinity }
    while open > 0 {
      sent += Double(open)
      open = stream.binomial(trials: open, probability: errorRate(attempt: attempt, snr: snr, curve: curve))
      attempt = attempt >= maxTransmissions ? 1 : attempt + 1
    }
    return sent / Double(blocks)
  }
}
