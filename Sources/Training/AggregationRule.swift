import CElementary
import Units

/// When the devices' models merge, and how.
///
/// A merge ends a row of `rounds.csv` and makes the next version of the model; version r is the one that round r begins with. A
/// device trains from the version that was in force when it began, and is τ versions stale when it merges in round r of
/// version r − τ.
public struct AggregationRule: Sendable, Hashable, Codable {
  /// When models merge.
  public var mode = Mode.synchronous
  /// `deadline`: how long after the last merge.
  public var after = Seconds(30)
  /// `quorum`, `buffered`: how many devices merge.
  public var size = 5
  /// `buffered`, `asynchronous`: devices at work at most, on the first so many blocks; `nil`: as many as there are blocks.
  public var concurrency: Int?
  /// `deadline`, `quorum`: what becomes of devices at work when others merge.
  public var rest = Rest.withdrawn
  /// `buffered`: when devices begin.
  public var start = Start.anytime
  /// `buffered`, and where work is carried over: what of the merged change is taken, η_g.
  public var serverRate = 1.0
  /// `asynchronous`: the weight α of a device's model beside the server's.
  public var mixing = 0.6
  /// What a stale device's part counts.
  public var staleness = Staleness.polynomial(0.5)
  /// The most versions that a device may be behind and still merge; `nil`: any number.
  public var maximumStaleness: Int?
  /// What devices that merge together count among each other.
  public var weights = Weights.data

  /// The synchronous rule.
  public init() {}

  /// When models merge.
  public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
    /// When all participants are done.
    case synchronous
    /// A time after the last merge, or when all participants are done.
    case deadline
    /// When so many participants are done.
    case quorum
    /// When so many devices are done, while others begin and go on: FedBuff (Nguyen et al., AISTATS 2022).
    case buffered
    /// At each device's end: FedAsync (Xie et al., 2019).
    case asynchronous
  }

  /// What becomes of devices at work when others merge.
  public enum Rest: String, Sendable, Hashable, Codable, CaseIterable {
    /// They stop; what they did is lost.
    case withdrawn
    /// They go on, and merge later.
    case carried
  }

  /// When devices begin.
  public enum Start: String, Sendable, Hashable, Codable, CaseIterable {
    /// As soon as a block is free.
    case anytime
    /// Together, after a merge.
    case together
  }

  /// What devices that merge together count among each other.
  public enum Weights: String, Sendable, Hashable, Codable, CaseIterable {
    /// By their samples, as Eq. (6) has it.
    case data
    /// The same, as FedBuff has it.
    case equal
  }

  /// s(τ): what a part counts that is τ versions behind; s(0) = 1. The three of FedAsync, Section 5.2.
  public enum Staleness: Sendable, Hashable, Codable {
    /// 1.
    case constant
    /// (1 + τ)^−a.
    case polynomial(Double)
    /// 1 up to τ = b, then 1 / (a (τ − b) + 1).
    case hinge(a: Double, b: Int)

    /// s(τ).
    public func factor(_ staleness: Int) -> Double {
      switch self {
      case .constant: 1
      case .polynomial(let a): staleness == 0 ? 1 : elementary_pow(1 + Double(staleness), -a)
      case .hinge(let a, let b): staleness <= b ? 1 : 1 / (a * Double(staleness - b) + 1)
      }
    }
  }

  /// Whether devices may still be at work when others merge, and so be stale.
  public var carries: Bool {
    switch mode {
    case .synchronous: false
    case .deadline, .quorum: rest == .carried
    case .buffered, .asynchronous: true
    }
  }

  /// Whether devices begin as soon as a block is free.
  public var startsAnytime: Bool { mode == .asynchronous || mode == .buffered && start == .anytime }

  /// How many devices merge at once; `nil` where time or all of them decide.
  public var count: Int? {
    switch mode {
    case .synchronous, .deadline: nil
    case .quorum, .buffered: size
    case .asynchronous: 1
    }
  }

  /// What the model w becomes when devices merge that ended with w_i, having begun with v_i: `base` w + Σ own_i w_i − Σ begun_i v_i.
  ///
  /// `buffered`, and what is carried over: w + η_g Σ a_i s(τ_i) (w_i − v_i), with a_i by ``weights``. `asynchronous`:
  /// (1 − α s(τ)) w + α s(τ) w_i. Who is not stale began with w: its v_i is part of the base. Without staleness and with
  /// η_g = 1 the base is 0, and this is Eq. (6) to the bit.
  ///
  /// - Parameters:
  ///   - staleness: τ_i.
  ///   - samples: D_i.
  public func coefficients(staleness: [Int], samples: [Int]) -> Coefficients {
    let shares =
      weights == .equal && carries
      ? samples.map { _ in 1 / Double(samples.count) } : Aggregation.weights(samples: samples)
    let rate = mode == .asynchronous ? mixing : serverRate
    let own = zip(shares, staleness).map { rate * $0 * self.staleness.factor($1) }
    let keepsBase = mode == .asynchronous
    let moved = zip(own, staleness).reduce(0) { keepsBase || $1.1 == 0 ? $0 + $1.0 : $0 }
    let isWhole = rate == 1 && staleness.allSatisfy { keepsBase ? self.staleness.factor($0) == 1 : $0 == 0 }
    return Coefficients(
      base: isWhole ? 0 : 1 - moved, own: own,
      begun: zip(own, staleness).map { keepsBase || $1 == 0 ? 0 : $0 })
  }

  /// The parts of a merged model.
  public struct Coefficients: Sendable, Hashable {
    /// That of the model before.
    public var base: Double
    /// Those of the models that devices ended with.
    public var own: [Double]
    /// Those of the models that they began with, to be taken off.
    public var begun: [Double]
  }
}
