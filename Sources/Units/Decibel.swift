import CElementary
/// Ratios of powers to and from decibels: used at the text border and inside path-loss formulas only.
public enum Decibel {
  /// 10^(decibels / 10).
  public static func ratio(_ decibels: Double) -> Double {
    elementary_pow(10, decibels / 10)
  }

  /// 10 log10(ratio); −∞ for 0.
  public static func of(_ ratio: Double) -> Double {
    10 * elementary_log10(ratio)
  }
}
