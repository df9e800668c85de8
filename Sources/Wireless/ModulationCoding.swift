import Units

/// A link that adapts: the modulation and coding scheme that carries most among those whose blocks fail seldom enough.
///
/// Index m is usable from the signal-to-noise ratio on at which one block in ``targetErrorRate`` fails, its lower bound, which
/// belongs to it. It is planned to carry
///
///     eta_m = Q_m R_m (1 − overhead) / T_m     bit/s/Hz
///
/// T_m the mean transmissions of a block at the lower bound (``HARQ``), also above it, where fewer blocks fail: adaptation in the
/// field keeps the share of failures at its target. So the efficiency is a staircase. An index that carries less than one
/// with a lower bound (table 1's 17 after 16) is never used, and below the lowest bound there is no link.
public struct ModulationCoding: Sendable, Hashable {
  /// Whose indices there are.
  public let table: ModulationCodingTable
  /// The share of blocks that may fail at first.
  public let targetErrorRate: Double
  /// What becomes of those.
  public let harq: HARQ
  /// The share of the block's resources that carries no data: pilots, control channels, guard bands.
  public let overhead: Double
  /// The indices that are used, lower bounds and efficiencies rising.
  public let steps: [Step]

  /// One step of the staircase.
  public struct Step: Sendable, Hashable {
    /// The modulation and code rate.
    public let scheme: ModulationCodingTable.Scheme
    /// How its blocks fail.
    public let curve: BlockErrorCurve
    /// Its lower bound, linear.
    public let snr: Double
    /// T_m.
    public let transmissions: Double
    /// eta_m.
    public let efficiency: Double
  }

  /// One block in ten fails at first, and 14 % of overhead (peak rates of TS 38.306 below 6 GHz, downwards) unless said otherwise.
  public init(
    table: ModulationCodingTable = .qam64, targetErrorRate: Double = 0.1, harq: HARQ = HARQ(), overhead: Double = 0.14
  ) {
    (self.table, self.targetErrorRate, self.harq, self.overhead) = (table, targetErrorRate, harq, overhead)
    let all = table.schemes.compactMap { scheme -> Step? in
      guard let curve = BlockErrorCurve.curve(order: scheme.order, rate: scheme.rate) else { return nil }
      let snr = curve.snr(errorRate: targetErrorRate)
      let transmissions = harq.meanTransmissions(snr: snr, curve: curve)
      return Step(
        scheme: scheme, curve: curve, snr: snr, transmissions: transmissions,
        efficiency: scheme.efficiency * (1 - overhead) / transmissions)
    }
    var steps: [Step] = []
    for step in all.sorted(by: { ($0.snr, -$0.efficiency) < ($1.snr, -$1.efficiency) })
    where step.efficiency > steps.last?.efficiency ?? 0 { steps.append(step) }
    self.steps = steps
  }

  /// The step at a signal-to-noise ratio, which may fall short of its lower bound by ``PowerControl/tolerance``; `nil` without a
  /// link.
  public func step(snr: Double) -> Step? {
    let reached = snr * (1 + PowerControl.tolerance)
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].snr <= reached { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? steps[low - 1] : nil
  }

  /// The first step that carries `efficiency`, in bit/s/Hz, within the tolerance; `nil` where none does.
  public func firstStep(efficiency: Double) -> Step? {
    steps.first { $0.efficiency * (1 + PowerControl.tolerance) >= efficiency }
  }

  /// Whether both say the same; the steps follow.
  public static func == (one: Self, other: Self) -> Bool {
    one.table == other.table && one.targetErrorRate == other.targetErrorRate && one.harq == other.harq
      && one.overhead == other.overhead
  }

  /// Hashes what is compared.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(table)
    hasher.combine(targetErrorRate)
    hasher.combine(harq)
    hasher.combine(overhead)
  }
}
