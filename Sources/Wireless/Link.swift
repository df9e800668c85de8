import CElementary
import Randomness
import Units

/// What a block carries at a signal-to-noise ratio: Eq. (12), or what a radio in the field makes of it.
public enum Link: Sendable, Hashable {
  /// min(log2(1 + snr / gap), cap) bit/s/Hz: Shannon's bound, a gap below it and a cap. Both are usual simplifications of real
  /// codes and modulations; the paper has neither.
  case shannon(gap: PowerRatio, cap: Double)
  /// NR's modulation and coding schemes with retransmissions.
  case modulationCoding(ModulationCoding)

  /// Eq. (12), the paper's.
  public static let ideal = Link.shannon(gap: PowerRatio(1), cap: .infinity)

  /// The rate in a bandwidth, in the mean over retransmissions; it never falls as the ratio grows.
  ///
  /// `log1p` keeps its relative precision at the smallest signal-to-noise ratios.
  @inlinable
  public func rate(bandwidth: Hertz, snr: Double) -> BitsPerSecond {
    switch self {
    case .shannon(let gap, let cap):
      let bound = bandwidth.value * elementary_log1p(snr / gap.value) / elementary_ln2
      return BitsPerSecond(min(bound, bandwidth.value * cap))
    case .modulationCoding(let coding):
      return BitsPerSecond(bandwidth.value * (coding.step(snr: snr)?.efficiency ?? 0))
    }
  }

  /// The same per hertz, in bit/s/Hz.
  public func efficiency(snr: Double) -> Double { rate(bandwidth: Hertz(1), snr: snr).value }

  /// No signal is so strong that more gets through, in bit/s/Hz.
  public var largestEfficiency: Double {
    switch self {
    case .shannon(_, let cap): cap
    case .modulationCoding(let coding): coding.steps.last?.efficiency ?? 0
    }
  }

  /// The least signal-to-noise ratio with which a bandwidth carries a rate; infinite where none does. A staircase needs its
  /// first step even for a rate of 0.
  public func leastSignalToNoise(rate: BitsPerSecond, bandwidth: Hertz) -> Double {
    switch self {
    case .shannon(let gap, let cap):
      guard rate.value <= bandwidth.value * cap * (1 + PowerControl.tolerance) else { return .infinity }
      return elementary_expm1(min(rate.value * elementary_ln2 / bandwidth.value, cap * elementary_ln2)) * gap.value
    case .modulationCoding(let coding):
      return coding.firstStep(efficiency: rate.value / bandwidth.value)?.snr ?? .infinity
    }
  }

  /// The least signal-to-noise ratio that carries so many bit/s/Hz.
  public func leastSignalToNoise(efficiency: Double) -> Double {
    leastSignalToNoise(rate: BitsPerSecond(efficiency), bandwidth: Hertz(1))
  }

  /// The transmissions per block that ``rate(bandwidth:snr:)`` plans with; 1 where nothing fails, or there is no link.
  public func plannedTransmissions(snr: Double) -> Double {
    guard case .modulationCoding(let coding) = self else { return 1 }
    return coding.step(snr: snr)?.transmissions ?? 1
  }

  /// The transmissions per block that a payload takes, drawn: at least 1. The air time of its first transmissions, times this, is
  /// its air time; the planned air time holds ``plannedTransmissions(snr:)`` of them.
  public func transmissions(of payload: Bits, snr: Double, from stream: inout RandomStream) -> Double {
    guard case .modulationCoding(let coding) = self, let step = coding.step(snr: snr) else { return 1 }
    return coding.harq.transmissions(of: payload, snr: snr, curve: step.curve, from: &stream)
  }

  /// The air time that a payload takes over the planned one, drawn; 1 in the mean at a step's lower bound, less above it.
  public func relativeAirTime(of payload: Bits, snr: Double, from stream: inout RandomStream) -> Double {
    guard case .modulationCoding = self else { return 1 }
    return transmissions(of: payload, snr: snr, from: &stream) / plannedTransmissions(snr: snr)
  }
}
