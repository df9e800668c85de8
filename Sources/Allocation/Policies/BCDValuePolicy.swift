/// The paper's descent with P3 by value instead of energy, participation optional: what its choice of objective for the
/// matching costs it.
public enum BCDValuePolicy {
  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "bcd-value", summary: "bcd with blocks matched by value instead of energy", options: BCDPolicy.options,
    make: { BCDPolicy($0, matching: .value) })
}
