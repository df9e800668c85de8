import Units
import Wireless

/// One matching a round by a weight of its own: the largest total weight of pairs that can meet the deadline, anybody
/// optional. Power and bits are then the best that the pair can do, Eq. (21).
public struct MatchedPolicy: Policy {
  /// What a pair weighs.
  public enum Weight: Sendable, Hashable {
    /// Its rate at p_max, Eq. (12), with which it then transmits.
    case rate
    /// The same for every pair, so that as many devices as possible take part; of such matchings, the one of the largest
    /// objective. FedCS asks for the number: T. Nishio and R. Yonetani, "Client Selection for Federated Learning with
    /// Heterogeneous Resources in Mobile Edge", IEEE ICC 2019, there one after another on the whole band.
    case count
  }

  /// What a pair weighs.
  public var weight: Weight

  /// A policy of this weight.
  public init(_ weight: Weight) { self.weight = weight }

  /// The round's allocation.
  public func allocate(_ problem: Problem, in context: RoundContext) -> Allocation {
    switch weight {
    case .rate:
      let valuation = EdgeValuation(problem, restriction: Restriction(power: .fixed(Watts(.infinity))))
      return valuation.matched { device, gain in
        valuation.best(device: device, gain: gain) == nil ? 0 : problem.peakRate(device: device, gain: gain)
      }
    case .count:
      let valuation = EdgeValuation(problem)
      let weight = valuation.countWeight()
      return valuation.matched(weight: weight)
    }
  }

  /// The registry's line of `max-rate`.
  public static let maxRateEntry = PolicyEntry(
    name: "max-rate", summary: "the largest sum of rates, everybody at full power", options: [],
    make: { _ in MatchedPolicy(.rate) })

  /// The registry's line of `fedcs`.
  public static let fedCSEntry = PolicyEntry(
    name: "fedcs", summary: "as many devices as possible, then the largest objective", options: [],
    make: { _ in MatchedPolicy(.count) })
}

extension Problem {
  /// The rate at p_max, Eq. (12), in bits a second.
  func peakRate(device: Int, gain: Double) -> Double {
    StepCost.rate(bandwidth: bandwidth, gain: gain, power: devices[device].powerMax, noise: noise, link: link).value
  }
}

extension EdgeValuation {
  /// 1 for a pair that can meet the deadline, and so little for its value that all of it together is less than one pair
  /// more; 0 for any other.
  func countWeight() -> (_ device: Int, _ gain: Double) -> Double {
    let largest = problem.devices.indices.reduce(0.0) { largest, device in
      max(largest, best(device: device, gain: problem.gains.upperBound(device: device))?.value ?? 0)
    }
    let scale = largest > 0 ? 1 / (largest * Double(problem.blockCount + 1)) : 0
    return { device, gain in best(device: device, gain: gain).map { 1 + max($0.value, 0) * scale } ?? 0 }
  }

  /// The matching of the largest total weight, with the best choice of each pair.
  ///
  /// - Parameter weight: What a pair weighs, never less on a larger gain; pairs of weight 0 or less stay unused.
  func matched(
    weight: @escaping (_ device: Int, _ gain: Double) -> Double
  ) -> Allocation {
    matched(weight: weight) { device, gain in best(device: device, gain: gain) }
  }

  /// The same with choices of the caller's.
  func matched(
    weight: @escaping (_ device: Int, _ gain: Double) -> Double,
    choosing choice: (_ device: Int, _ gain: Double) -> Choice?
  ) -> Allocation {
    let pairs = CheapestMatching.match(GainCosts(problem.gains) { -max(weight($0, $1), 0) })
    return allocation(pairs.filter { weight($0, problem.gains.gain(device: $0, block: $1)) > 0 }, choosing: choice)
  }

  /// The allocation of matched pairs.
  func allocation(
    _ pairs: [(device: Int, block: Int)], choosing choice: (_ device: Int, _ gain: Double) -> Choice?
  ) -> Allocation {
    Allocation(
      assignments: pairs.compactMap { device, block in
        let gain = problem.gains.gain(device: device, block: block)
        return choice(device, gain).map { assignment(device: device, block: block, gain: gain, choice: $0) }
      })
  }
}
