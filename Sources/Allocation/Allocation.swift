import Units

/// Who takes part in a round, on which block, with which power and option.
///
/// ``objective`` and each ``Assignment`` carry the costs by the closed form (9)–(17), so that readers need not recompute them.
public struct Allocation: Sendable, Hashable, Codable {
  /// One entry per participant, devices ascending.
  public var assignments: [Assignment]
  /// U(t), Eq. (21): the sum of the assignments' values.
  public var objective: Double
  /// What the policy did on its way, iteration by iteration; empty for policies that do not iterate.
  public var iterations: [Iteration]
  /// The pairs that a policy drew and that have no link, blocks ascending; the device does not take part. Empty for
  /// policies that look at gains before they choose.
  public var unlinked: [Pair]
  /// Constraints that the answer behind it broke, and because of which assignments are missing here; empty for every
  /// policy but a program under a ``ViolationRule`` other than an error.
  public var violations: [AllocationChecker.Violation] = []

  /// An allocation of `assignments`, which are sorted by device here; ``objective`` is their sum in that order.
  public init(assignments: [Assignment], iterations: [Iteration] = [], unlinked: [Pair] = []) {
    self.assignments = assignments.sorted { $0.device < $1.device }
    self.objective = self.assignments.reduce(0) { $0 + $1.value }
    self.iterations = iterations
    self.unlinked = unlinked
  }

  /// A device and a block.
  public struct Pair: Sendable, Hashable, Codable {
    /// n, from 0.
    public var device: Int
    /// k, from 0.
    public var block: Int

    /// The pair of `device` and `block`.
    public init(device: Int, block: Int) { (self.device, self.block) = (device, block) }
  }

  /// One pass of an iterative policy.
  public struct Iteration: Sendable, Hashable, Codable {
    /// U after this pass.
    public var objective: Double
    /// Summed E_n of this pass's participants.
    public var energy: Joules
    /// Devices whose block (or lack of one) differs from the pass before.
    public var assignmentsChanged: Int
    /// Devices whose bits differ from the pass before.
    public var bitsChanged: Int
    /// Devices that take part after this pass.
    public var participants: Int
    /// Devices that meet the deadline on their reference blocks once P1 and P2 are solved, before P3 chooses among them.
    public var candidates: Int
    /// Summed E_n of the candidates on their reference blocks.
    public var candidateEnergy: Joules

    /// One pass.
    public init(
      objective: Double, energy: Joules, assignmentsChanged: Int, bitsChanged: Int, participants: Int, candidates: Int,
      candidateEnergy: Joules
    ) {
      self.objective = objective
      self.energy = energy
      self.assignmentsChanged = assignmentsChanged
      self.bitsChanged = bitsChanged
      self.participants = participants
      self.candidates = candidates
      self.candidateEnergy = candidateEnergy
    }
  }
}

/// One participant of a round: what it was given and what one step then costs.
public struct Assignment: Sendable, Hashable, Codable {
  /// n, from 0.
  public var device: Int
  /// k, from 0.
  public var block: Int
  /// p_n, radiated.
  public var power: Watts
  /// q_n.
  public var bits: Int
  /// The clock as a share of the device's own.
  public var clockScale: Double
  /// Index of the cut in ``Problem/cuts``.
  public var cut: Int
  /// S(q_n).
  public var payload: Bits
  /// R_n, Eq. (12).
  public var rate: BitsPerSecond
  /// T_n^dev, Eq. (9).
  public var computeTime: Seconds
  /// T^srv, Eq. (11).
  public var serverTime: Seconds
  /// T_n^com, Eq. (14).
  public var uplinkTime: Seconds
  /// Of a step's gradient; 0 without a downlink.
  public var downlinkTime: Seconds
  /// Of the model where the deadline counts it; else 0.
  public var downloadTime: Seconds
  /// E_n^dev, Eq. (10).
  public var computeEnergy: Joules
  /// E_n^com, Eq. (15).
  public var uplinkEnergy: Joules
  /// Of receiving a step's gradient; 0 without a downlink.
  public var downlinkEnergy: Joules
  /// rho_n log2(1+q_n)/E_n or its difference kind, Eq. (21).
  public var value: Double

  /// T_n, Eq. (16), with the downlink where there is one.
  public var latency: Seconds { computeTime + serverTime + uplinkTime + downlinkTime }
  /// E_n, Eq. (17), with the downlink where there is one.
  public var energy: Joules { computeEnergy + uplinkEnergy + downlinkEnergy }
}
