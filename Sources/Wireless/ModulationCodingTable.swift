/// A table of modulation and coding schemes (MCS) of 3GPP TS 38.214 (v18.1.0), section 5.1.3.1, which holds for an uplink
/// with CP-OFDM as well (section 6.1.4.1). Transform precoding has tables of its own, which are not here.
public enum ModulationCodingTable: String, Sendable, Hashable, CaseIterable {
  /// Table 5.1.3.1-1: QPSK, 16QAM and 64QAM, 29 indices.
  case qam64 = "64qam"
  /// Table 5.1.3.1-2: up to 256QAM, 28 indices.
  case qam256 = "256qam"
  /// Table 5.1.3.1-3: low spectral efficiency, 29 indices.
  case qam64LowRate = "64qam-low-rate"

  /// A modulation and a code rate.
  public struct Scheme: Sendable, Hashable {
    /// I_MCS.
    public let index: Int
    /// Q_m, bits per symbol.
    public let order: Int
    /// R × 1024.
    public let rate: Double

    /// Q_m R, in bit/s/Hz.
    public var efficiency: Double { Double(order) * rate / 1024 }
  }

  /// The schemes by index. The efficiency falls where table 1 goes from 16QAM to 64QAM at index 17: 2.5664 after 2.5703.
  public var schemes: [Scheme] {
    rates.flatMap { order, rates in rates.map { (order, $0) } }.enumerated().map {
      Scheme(index: $0, order: $1.0, rate: $1.1)
    }
  }

  /// R × 1024 by Q_m.
  private var rates: [(order: Int, rates: [Double])] {
    switch self {
    case .qam64:
      [
        (2, [120, 157, 193, 251, 308, 379, 449, 526, 602, 679]), (4, [340, 378, 434, 490, 553, 616, 658]),
        (6, [438, 466, 517, 567, 616, 666, 719, 772, 822, 873, 910, 948]),
      ]
    case .qam256:
      [
        (2, [120, 193, 308, 449, 602]), (4, [378, 434, 490, 553, 616, 658]),
        (6, [466, 517, 567, 616, 666, 719, 772, 822, 873]), (8, [682.5, 711, 754, 797, 841, 885, 916.5, 948]),
      ]
    case .qam64LowRate:
      [
        (2, [30, 40, 50, 64, 78, 99, 120, 157, 193, 251, 308, 379, 449, 526, 602]),
        (4, [340, 378, 434, 490, 553, 616]), (6, [438, 466, 517, 567, 616, 666, 719, 772]),
      ]
    }
  }
}
