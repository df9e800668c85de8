import Units
import Wireless

/// The shortest step with so many participants: the least T such that so many devices, each on a block of its own, end what the
/// deadline (22a) counts within T. Of all allocations within it, one with the most participants, and of these the largest U.
///
/// A bottleneck assignment, exact: with its largest power, fewest bits and fastest clock a pair has a least time, and T is the
/// least of these times such that pairs of no longer one hold a matching of that size. Ours; the paper maximises U.
public struct LeastLatencyPolicy: Policy {
  /// Participants at least; as many as can take part within the deadline where this is 0 or more than these.
  public var atLeast: Int

  /// A policy that is content with so many participants; 0: as many as can take part.
  public init(atLeast: Int = 0) { self.atLeast = atLeast }

  /// The round's allocation.
  ///
  /// - Complexity: O(N K log(N K)) and one matching of largest size for each halving of the pairs' times.
  /// - Throws: ``PolicyError`` where there are too many pairs to look at all.
  public func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    try problem.checkPairs(for: "least-latency")
    let (devices, blocks) = (problem.devices.count, problem.blockCount)
    var times: [Double] = []
    times.reserveCapacity(devices * blocks)
    for device in 0..<devices {
      let prices = problem.fastestOptions(of: device)
      for gain in problem.gains.row(device: device) {
        let time = gain > 0 ? prices.map { $0.time(gain: gain) }.min() ?? .infinity : .infinity
        times.append(time <= problem.deadline.value * (1 + Problem.tolerance) ? time : .infinity)
      }
    }
    func size(within limit: Double) -> Int {
      LargestMatching(rows: devices, columns: blocks) { times[$0 * blocks + $1] <= limit }.size
    }
    let candidates = Set(times.lazy.filter(\.isFinite)).sorted()
    guard let last = candidates.last else { return Allocation(assignments: []) }
    let most = size(within: last)
    let wanted = atLeast > 0 ? min(atLeast, most) : most
    // Of the sorted times, the first with which the matching is large enough.
    var (low, high) = (0, candidates.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if size(within: candidates[middle]) >= wanted { high = middle } else { low = middle + 1 }
    }
    var within = problem
    within.deadline = min(problem.deadline, Seconds(candidates[low]))
    let edges = EdgeValuation(within)
    return edges.matched(weight: edges.countWeight())
  }

  /// The registry's line.
  public static let entry = PolicyEntry(
    name: "least-latency", summary: "the shortest step with so many participants, then the largest objective",
    options: [.atLeast], isResolvedUnused: false, make: { LeastLatencyPolicy(atLeast: $0.integer("at_least")) })
}

extension Problem {
  /// Pairs that a policy may look at one by one.
  private static let mostPairs = 20_000_000

  /// Refuses problems with more pairs than a policy that looks at each should keep in memory.
  ///
  /// - Throws: ``PolicyError`` that names the policy.
  func checkPairs(for policy: String) throws(PolicyError) {
    let (pairs, overflow) = devices.count.multipliedReportingOverflow(by: blockCount)
    guard overflow || pairs > Self.mostPairs else { return }
    throw PolicyError(
      "\(policy) looks at all pairs, and \(devices.count) devices on \(blockCount) blocks are more than \(Self.mostPairs)"
    )
  }
}

extension PolicyOption {
  /// The setting `at_least`.
  static let atLeast = PolicyOption(
    "at_least", .integer(default: 0, range: 0...10_000_000), "participants at least; 0: as many as can take part")
}

/// What a device does fastest at one cut, whatever the block.
private struct FastestOption {
  let price: StepPrice
  let payload: Bits

  /// What the deadline counts on a block of this gain, at the largest power.
  func time(gain: Double) -> Double {
    let reception = price.reception(gain: gain)
    let rate = price.rate(power: price.device.powerMax, gain: gain)
    guard rate > .zero else { return .infinity }
    let steps = price.device.deadlineSteps * (price.computeTime + price.device.serverTime + reception.stepTime)
    return (steps + reception.onceTime + price.countedData(payload) / rate).value
  }
}

extension Problem {
  /// For each cut that the device has the memory for, its fewest bits at its fastest clock.
  fileprivate func fastestOptions(of device: Int) -> [FastestOption] {
    let clock = clocks(of: devices[device]).upperBound - 1
    return openCuts(of: device).compactMap { cut in
      levels.filter { $0.cut == cut }.min { $0.payload < $1.payload }.map {
        FastestOption(
          price: StepPrice(self, device: device, clockScale: clockScales[clock], cut: cut), payload: $0.payload)
      }
    }
  }
}
