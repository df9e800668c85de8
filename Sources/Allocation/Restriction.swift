import Units

/// Which options a policy leaves open: `exact` all of them, `ep` the bits but not the power, `nq` the power but not the
/// bits. Whatever is left open, one maximum-weight matching is optimal for it: see ``OptimalMatching``.
public struct Restriction: Sendable, Hashable {
  /// How the power of a pair is found once its bits and clock are chosen.
  public enum PowerRule: Sendable, Hashable {
    /// The power of least energy that meets the deadline, Eq. (23) in closed form.
    case optimal
    /// This power, clipped to [p_min,n, p_max,n], whether or not it is the best; infeasible where the deadline is missed.
    case fixed(Watts)
  }

  /// The bits that may be used; all of the problem's levels where nil.
  public var bits: ClosedRange<Int>?
  /// How powers are found.
  public var power: PowerRule
  /// The name of the one cut that may be used, an empty one for the first; all of the problem's cuts where nil.
  public var cut: String?

  /// A restriction; nothing is restricted unless said so.
  public init(bits: ClosedRange<Int>? = nil, power: PowerRule = .optimal, cut: String? = nil) {
    self.bits = bits
    self.power = power
    self.cut = cut
  }

  /// Whether levels of this many bits may be used.
  public func allows(bits candidate: Int) -> Bool { bits?.contains(candidate) ?? true }

  /// Whether the cut of that index may be used.
  public func allows(cut index: Int, of cuts: [CutOption]) -> Bool {
    cut.map { $0.isEmpty ? index == 0 : $0 == cuts[index].name } ?? true
  }

  /// The fixed power, kept within a device's limits; nil where the power is open.
  func fixedPower(of terms: DeviceConstants) -> Watts? {
    guard case .fixed(let wanted) = power else { return nil }
    return min(max(wanted, terms.powerMin), terms.powerMax)
  }
}
