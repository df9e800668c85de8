import Units
import Wireless

extension BCDPolicy {
  /// Where the descent stands: what every device would send, and its reference block.
  ///
  /// P1 and P2 ask nothing of the other devices: a device whose option they left as it was rests until P3 moves it, and
  /// its costs for P3 stay what they were until its offer changes.
  struct Descent {
    private let problem: Problem
    private let restriction: Restriction
    private let criterion: MatchingCriterion
    private let options: OptionSearch
    private var offers: [DescentOffer] = []
    /// The gain of the reference block; the block itself matters no further.
    private var gains: [Double] = []
    /// E_n on the reference block, nil where the deadline is missed there.
    private var energies: [Joules?]
    private var isSettled: [Bool]
    /// The block of every participant of the last matching, `nil` without one.
    private var blocks: [Int?]
    /// Devices that could take part on some block; whatever P3 does with the others changes nothing.
    private lazy var possibleCount = countPossible()
    private lazy var edges = EdgeValuation(problem, restriction: restriction)
    var matchesPlainly: Bool
    /// Pairs that are valued and kept as fast as they are left out. Our choice.
    private static let fewPairs = 2048
    private var costs: Costs?
    /// The last matching by cost; it stays while no offer changes.
    private var matched: [(device: Int, block: Int)]?

    init(_ problem: Problem, restriction: Restriction, matching: MatchingCriterion, referenceBlocks: [Int]) {
      let count = problem.devices.count
      self.problem = problem
      self.restriction = restriction
      criterion = matching
      options = OptionSearch(problem, restriction)
      // Where all order the blocks alike, little can be left out, and of few pairs it is not worth it.
      matchesPlainly = count * problem.blockCount <= Self.fewPairs || LazyMatching.seemAlike(problem.gains)
      costs = matchesPlainly ? Costs(devices: count, blocks: problem.blockCount) : nil
      energies = Array(repeating: nil, count: count)
      isSettled = Array(repeating: false, count: count)
      blocks = Array(repeating: nil, count: count)
      offers.reserveCapacity(count)
      gains.reserveCapacity(count)
      for (device, block) in referenceBlocks.enumerated() {
        let terms = problem.devices[device]
        gains.append(problem.gains.gain(device: device, block: block))
        offers.append(
          DescentOffer(
            problem, device: device, level: options.start(of: device), clock: problem.clockScales.count - 1,
            power: restriction.fixedPower(of: terms) ?? terms.powerMax))
      }
    }

    /// P1, P2 and P3 once.
    mutating func pass(_ method: PowerMethod, in context: RoundContext) throws -> Allocation.Iteration {
      let bitsChanged = improveOffers(by: method)
      let (candidates, before) = (energies, blocks)
      let (objective, energy) = try match(in: context)
      return Allocation.Iteration(
        objective: objective, energy: energy,
        assignmentsChanged: zip(blocks, before).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }, bitsChanged: bitsChanged,
        participants: blocks.reduce(0) { $0 + ($1 == nil ? 0 : 1) },
        candidates: candidates.reduce(0) { $0 + ($1 == nil ? 0 : 1) },
        candidateEnergy: candidates.reduce(.zero) { $0 + ($1 ?? .zero) })
    }

    /// P1 and P2 for every device; how many devices changed their bits.
    private mutating func improveOffers(by method: PowerMethod) -> Int {
      var changed = 0
      for device in offers.indices where !isSettled[device] {
        let (level, clock, powerBefore) = (offers[device].level, offers[device].clock, offers[device].power)
        let power = power(of: device, by: method)
        offers[device].power = power
        options.improve(&offers[device], of: device, gain: gains[device])
        energies[device] = offers[device].energy(gain: gains[device])
        isSettled[device] = offers[device].level == level && offers[device].clock == clock
        if offers[device].level != level { changed += 1 }
        if isSettled[device], power == powerBefore { continue }
        matched = nil
        costs?.forget(device)
      }
      return changed
    }

    /// P1, Eq. (23), (24): a device's power of least energy on its reference block; p_max where none will do. A fixed
    /// power stays.
    private func power(of device: Int, by method: PowerMethod) -> Watts {
      guard case .optimal = restriction.power else { return offers[device].power }
      let control = offers[device].powerControl(gain: gains[device])
      switch method {
      case .sca:
        let iterated = control.successiveConvex()
        return iterated.isFeasible ? iterated.power : control.powerMax
      case .closedForm: return control.bestPower ?? control.powerMax
      }
    }

    /// P3, Eq. (30)–(32): matches all devices to all blocks with what they offer, and makes the matched blocks the
    /// references; U and the energy of those that meet the deadline.
    private mutating func match(in context: RoundContext) throws -> (objective: Double, energy: Joules) {
      let matched = try pairs(in: context)
      for device in blocks.indices { blocks[device] = nil }
      var (objective, sum) = (0.0, Joules.zero)
      for (device, block) in matched {
        let gain = problem.gains.gain(device: device, block: block)
        if gain != gains[device] { (gains[device], isSettled[device]) = (gain, false) }
        guard let energy = offers[device].energy(gain: gain) else { continue }
        let value = offers[device].value(energy)
        if criterion == .value, value <= 0 { continue }
        blocks[device] = block
        objective += value
        sum += energy
      }
      return (objective, sum)
    }

    /// The matched pairs, devices ascending.
    private mutating func pairs(in context: RoundContext) throws -> [(device: Int, block: Int)] {
      switch criterion {
      case .energy, .value:
        if let matched { return matched }
        let found = cheapestPairs()
        matched = found
        return found
      case .random: return try context.randomPairs(problem).sorted { $0.device < $1.device }
      case .randomFeasible:
        return context.feasiblePairs(problem) { offers[$0].energy(gain: $1) != nil }
          .sorted { $0.device < $1.device }
      }
    }

    /// The perfect matching of least cost (30)–(32), as far as anything follows from it.
    ///
    /// It is also that of the largest sum of what pairs cost less than those that miss the deadline, which ``LazyMatching`` finds;
    /// the latter only fill up. Nothing follows from which of them do where all devices that could take part have another pair, or
    /// all blocks have. Where something does, or another matching is as good but for rounding, ``CheapestMatching`` decides.
    private mutating func cheapestPairs() -> [(device: Int, block: Int)] {
      if !matchesPlainly, let pairs = undisputedPairs() { return pairs }
      let source = OfferCosts(problem: problem, offers: offers, criterion: criterion)
      costs?.update(from: source)
      return costs?.cheapestPairs ?? CheapestMatching.match(source)
    }

    private mutating func undisputedPairs() -> [(device: Int, block: Int)]? {
      let dearest = criterion == .value ? 0 : CheapestMatching.infeasible
      // Captured by themselves, they are read in place.
      let pairs = PairValuation(edges) { [offers, criterion] in dearest - offers[$0].cost(gain: $1, by: criterion) }
      var matching = LazyMatching(pairs, pool: DevicePool(pairs))
      let found = matching.matchedPairs
      guard found.count == possibleCount || found.count == problem.blockCount,
        matching.isUnique(by: 1e-12 * matching.largestValue)
      else { return nil }
      return found
    }

    private func countPossible() -> Int {
      problem.devices.indices.count { device in
        let terms = problem.devices[device]
        // A little more than the device can have, for rounding.
        return options.isPossible(
          for: device, power: restriction.fixedPower(of: terms) ?? max(terms.powerMin, terms.powerMax),
          gain: problem.gains.upperBound(device: device) * (1 + 1e-9))
      }
    }

    /// The last matching's participants.
    var assignments: [Assignment] {
      blocks.enumerated().compactMap { device, block in
        block.map { block in
          Assignment(
            pricing: problem, device: device, block: block, gain: gains[device], power: offers[device].power,
            level: problem.levels[offers[device].level], clockScale: problem.clockScales[offers[device].clock])
        }
      }
    }
  }
}
