/// When the steps of one option would end, as a function of the transmit power.
///
/// Needed of it: all ends fall, and never rise, as the power grows. They do where what does not depend on power takes a time
/// of its own and an upload that begins later never ends earlier, since then, step by step, more power ends an upload earlier
/// that begins no later.
protocol ForeseenSteps {
  /// Follows the steps at a power. `ends` has room for each step.
  func follow(power: Double, option: Int, into ends: UnsafeMutableBufferPointer<StepEnd>) -> ForeseenRound
}

/// When a step ends, in seconds from the round's beginning.
struct StepEnd {
  /// At the earliest: what is known of a step that was not followed to its end.
  var earliest: Double
  /// At the latest; infinite likewise.
  var latest: Double
}

/// What the steps come to at one power.
struct ForeseenRound {
  /// Seconds on the air, at least.
  var airTime: Double
  /// Whether all deadlines are kept.
  var isInTime: Bool
}

/// The best option and power of a pair for who knows the future: exact to a relative ``tolerance``.
///
/// What an option is worth falls with its energy e(p) = fixed + w(p) A(p), w the power drawn, which grows, and A the time on the
/// air, which falls as p grows: their product has valleys, and so has the length of a step, D_i(p) = C_i(p) − C_(i−1)(p), the
/// difference of two falling functions. Halving alone may therefore miss the optimum; branch and bound does not. On a ≤ p ≤ b:
///
/// - e(p) ≥ fixed + w(a) A(b), as w(p) ≥ w(a) and A(p) ≥ A(b);
/// - D_i(p) ≥ C_i(b) − C_(i−1)(a), as C_i(p) ≥ C_i(b) and C_(i−1)(p) ≤ C_(i−1)(a); so no power of [a, b] keeps a deadline that this
///   exceeds, and likewise the end of the round is at least C_s(b).
///
/// An interval whose bound on the value is not above the best value found, of all options, by more than the tolerance holds
/// nothing better and is dropped; any other is halved. C and A are continuous, so the bounds of an interval tend to the value at
/// its points as it shrinks, and intervals end. What is dropped is below best (1 + tolerance): so is the optimum.
struct ClairvoyantSearch {
  /// How far the value found may be below the optimum, relative.
  static let tolerance = 1e-9
  /// Rounds that are followed for a pair at most. Where they do not suffice, the value is the bound of what is left: nothing is
  /// worth more.
  static let mostRounds = 20_000

  /// A way to do the round's steps.
  struct Option {
    /// The value of the energy on the air of all steps, in J.
    var value: (Double) -> Double
  }

  /// What the search found.
  struct Finding {
    /// The value; 0 where no power keeps the deadlines, or none is worth anything.
    var value = 0.0
    /// Index of the option; `nil` without one.
    var option: Int?
    /// The transmit power in W.
    var power = 0.0
  }

  /// What is the longest that a step may take, and the round; in seconds.
  struct Deadlines {
    var step = Double.infinity
    var round = Double.infinity
  }

  private struct Interval {
    var option: Int
    var low: Int
    var high: Int
    var bound: Double
  }

  /// A power that was followed.
  private struct Point {
    var power: Double
    var round: ForeseenRound
    var ends: [StepEnd]
  }

  /// The best of `options` at powers of `powers`.
  ///
  /// - Parameters:
  ///   - steps: The number of steps.
  ///   - drawn: The power drawn at a transmit power; it must not fall.
  static func best(
    of options: [Option], powers: ClosedRange<Double>, steps: Int, deadlines: Deadlines,
    drawn: (Double) -> Double, in foreseen: some ForeseenSteps
  ) -> Finding {
    var best = Finding()
    var points: [Point] = []
    var open: [Interval] = []
    var followed = 0

    func point(_ power: Double, _ option: Int) -> Int {
      followed += 1
      var round = ForeseenRound(airTime: 0, isInTime: false)
      let ends = [StepEnd](unsafeUninitializedCapacity: steps) { buffer, count in
        buffer.initialize(repeating: StepEnd(earliest: 0, latest: .infinity))
        round = foreseen.follow(power: power, option: option, into: .init(rebasing: buffer[..<steps]))
        count = steps
      }
      points.append(Point(power: power, round: round, ends: ends))
      if round.isInTime {
        let value = options[option].value(drawn(power) * round.airTime)
        if value > best.value { best = Finding(value: value, option: option, power: power) }
      }
      return points.count - 1
    }
    /// What no power between two points exceeds; `nil` where none keeps the deadlines.
    func bound(_ option: Int, low: Int?, high: Int) -> Double? {
      let b = points[high]
      if let last = b.ends.last, last.earliest > deadlines.round { return nil }
      var before = 0.0
      for step in b.ends.indices {
        if b.ends[step].earliest - before > deadlines.step { return nil }
        guard let low else { break }
        before = points[low].ends[step].latest
      }
      return options[option].value(drawn(low.map { points[$0].power } ?? powers.lowerBound) * b.round.airTime)
    }
    func isWorthwhile(_ bound: Double?) -> Bool { bound.map { $0 > best.value * (1 + tolerance) && $0 > 0 } ?? false }
    func add(_ option: Int, _ low: Int, _ high: Int) {
      guard let bound = bound(option, low: low, high: high), isWorthwhile(bound) else { return }
      open.append(Interval(option: option, low: low, high: high, bound: bound))
    }

    // The largest power first: it bounds an option without the second one.
    let highest = options.indices.map { point(powers.upperBound, $0) }
    for option in options.indices where isWorthwhile(bound(option, low: nil, high: highest[option])) {
      add(option, point(powers.lowerBound, option), highest[option])
    }
    while let place = open.indices.max(by: { open[$0].bound < open[$1].bound }) {
      let interval = open[place]
      open.swapAt(place, open.count - 1)
      open.removeLast()
      guard isWorthwhile(interval.bound) else { break }
      guard followed < mostRounds else {
        best.value = max(best.value, interval.bound)
        break
      }
      let (low, high) = (points[interval.low].power, points[interval.high].power)
      let power = low > 0 ? (low * high).squareRoot() : high / 2
      guard power > low, power < high else { continue }
      let middle = point(power, interval.option)
      add(interval.option, interval.low, middle)
      add(interval.option, middle, interval.high)
    }
    return best
  }
}
