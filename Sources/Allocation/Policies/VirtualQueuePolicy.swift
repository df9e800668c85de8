import Units

/// Drift plus penalty, M. J. Neely, "Stochastic Network Optimization with Application to Communication and Queueing
/// Systems", 2010: the objective of every round, while each device takes part often enough and spends little enough over
/// all rounds.
///
/// Two virtual queues a device count what is owed, both 0 at first:
///
///     Y_n ← max(0, Y_n + floor − x_n)     x_n = 1 where it took part in time
///     Z_n ← max(0, Z_n + E_n − budget)    E_n of its step, Eq. (17), 0 where it was not admitted
///
/// Every round maximises the sum of V U_n + Y_n − Z_n E_n over matchings and options, so queues stay bounded wherever
/// floor and budget can be met together, and the objective is the nearer to its optimum the larger V is. The queues are
/// its memory.
public struct VirtualQueuePolicy: RememberingPolicy {
  /// V: what a unit of the objective is worth beside the queues.
  public var weight: Double
  /// The share of rounds in which every device is to take part.
  public var participation: Double
  /// What a device may spend on a step, on average over all rounds.
  public var energyBudget: Joules

  /// A policy of these aims.
  public init(weight: Double = 1, participation: Double = 0.1, energyBudget: Joules = Self.noBudget) {
    (self.weight, self.participation, self.energyBudget) = (weight, participation, energyBudget)
  }

  /// So much that no device ever spends it.
  public static let noBudget = Joules(1e9)

  /// The queues.
  public func session(resuming memory: PolicyMemory?) -> Session {
    Session(policy: self, kept: memory ?? PolicyMemory())
  }

  /// The queues of a run.
  public struct Session: PolicySession {
    fileprivate let policy: VirtualQueuePolicy
    fileprivate var kept: PolicyMemory
    /// What is owed to every device, then what every device has overspent.
    public var memory: PolicyMemory? { kept }
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "virtual-queue",
    summary: "the objective, under a floor of participation and a budget of energy over all rounds",
    options: [
      PolicyOption("weight", .positive(default: 1), "V: what a unit of the objective is worth beside the queues"),
      PolicyOption(
        "participation", .share(default: 0.1), "the share of rounds in which every device is to take part"),
      PolicyOption(
        "energy_budget", .energy(default: noBudget), "what a device may spend on a step, on average over all rounds"),
    ],
    isResolvedUnused: false,
    make: {
      VirtualQueuePolicy(
        weight: $0.number("weight"), participation: $0.number("participation"),
        energyBudget: $0.energy("energy_budget"))
    })
}

extension VirtualQueuePolicy.Session {
  /// The round's allocation.
  public mutating func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    try kept.begin(2 * problem.devices.count)
    let (weight, owed, spent) = (policy.weight, kept.numbers[..<count], Array(kept.numbers[count...]))
    let valuation = EdgeValuation(problem)
    let ofLevel = problem.levels.map {
      EdgeValuation(
        problem, restriction: Restriction(bits: $0.bits...$0.bits, cut: problem.cuts[$0.cut].name))
    }
    func worth(_ choice: EdgeValuation.Choice, _ device: Int) -> Double {
      weight * choice.value + owed[device] - spent[device] * choice.energy.value
    }
    // Without energy owed the option of the largest value is also the one of the largest worth.
    func choice(_ device: Int, _ gain: Double) -> EdgeValuation.Choice? {
      guard spent[device] > 0 else { return valuation.best(device: device, gain: gain) }
      return ofLevel.lazy.compactMap { $0.best(device: device, gain: gain) }.max {
        worth($0, device) < worth($1, device)
      }
    }
    return valuation.matched(
      weight: { device, gain in choice(device, gain).map { worth($0, device) } ?? 0 }, choosing: choice)
  }

  /// The queues after the round.
  public mutating func observe(_ outcome: RoundOutcome) {
    for device in 0..<count {
      kept.numbers[device] += policy.participation
      kept.numbers[count + device] -= policy.energyBudget.value
    }
    for participant in outcome.participants where !participant.isLate { kept.numbers[participant.device] -= 1 }
    for assignment in outcome.allocation.assignments {
      kept.numbers[count + assignment.device] += assignment.energy.value
    }
    for place in kept.numbers.indices { kept.numbers[place] = max(kept.numbers[place], 0) }
  }

  /// N.
  private var count: Int { kept.numbers.count / 2 }
}
