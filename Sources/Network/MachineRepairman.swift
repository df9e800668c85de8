import Units

/// A closed queue: a number of machines that each run for a while, wait for one of a few repairmen, are repaired and run again.
/// Devices are the machines, a server's accelerators the repairmen.
///
/// With exponential times its birth-death chain has the closed form
///
///     p(k+1) / p(k) = (N − k) S / (Z min(k + 1, c)),   k machines at the repairmen,
///
/// whose means are those of exact mean-value analysis (M. Reiser and S. Lavenberg, "Mean-value analysis of closed multichain
/// queuing networks", JACM 27, 1980). The mean number at the repairmen depends on the laws of time through little but their
/// means, which makes it a forecast where times are no exponentials.
public enum MachineRepairman {
  /// The mean wait of a machine for a repairman, beyond its repair.
  ///
  /// - Parameters:
  ///   - machines: N, at least 0.
  ///   - running: Z, the mean time from the end of a repair to the next breakdown.
  ///   - repair: S, the mean time that one repairman takes.
  ///   - repairmen: c, at least 1.
  /// - Complexity: O(N − c).
  public static func meanWait(machines: Int, running: Seconds, repair: Seconds, repairmen: Int) -> Seconds {
    guard machines > repairmen, repair > .zero else { return .zero }
    guard running > .zero else { return repair * (Double(machines) / Double(repairmen) - 1) }
    // Relative to p(0), scaled down before it overflows.
    var (probability, total, waiting, busy) = (1.0, 1.0, 0.0, 0.0)
    for count in 1...machines {
      let served = Double(min(count, repairmen))
      probability *= Double(machines - count + 1) * (repair / running) / served
      total += probability
      busy += probability * served
      waiting += probability * Double(max(0, count - repairmen))
      if total > 1e200 {
        (probability, total, waiting, busy) = (
          probability * 1e-200, total * 1e-200, waiting * 1e-200, busy * 1e-200
        )
      }
    }
    // Little's law: the mean number in line over the rate of repairs, busy / S.
    return busy > 0 ? repair * (waiting / busy) : .zero
  }
}
