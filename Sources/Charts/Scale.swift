import CElementary

/// A map from values to places, equal differences or equal ratios equally long, with ticks at round values.
struct Scale {
  /// The values at the two ends.
  let low: Double
  let high: Double
  /// The round values in between.
  let ticks: [Double]
  private let isLogarithmic: Bool
  private let step: Double
  private let power: Int
  private let prefix: String?

  /// A scale that holds all `values`.
  ///
  /// - Parameters:
  ///   - count: About how many ticks there are.
  ///   - widens: Whether the ends move outwards to ticks.
  init(_ values: [Double], axis: Axis, count: Int, widens: Bool) {
    isLogarithmic = axis.isLogarithmic
    if isLogarithmic {
      (low, high, ticks) = Self.logarithmic((values + axis.span).filter { $0.isDrawable && $0 > 1e-290 }, count)
      step = 0
      (power, prefix) = (0, nil)
      return
    }
    let values = (values + axis.span).filter(\.isDrawable) + (axis.includesZero ? [0] : [])
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if high - low <= max(low.magnitude, high.magnitude) * 1e-12 {
      // A single value gets room on both sides.
      let room = axis.isWhole ? 1 : max(low.magnitude * 0.05, low == 0 ? 1 : 0)
      (low, high) = (low - (axis.includesZero && low == 0 ? 0 : room), high + room)
    }
    let step = Self.roundStep((high - low) / Double(max(count, 1)), isWhole: axis.isWhole)
    if widens {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    let first = (low / step - 1e-9).rounded(.up)
    let steps = ((high / step + 1e-9).rounded(.down) - first)
    ticks = steps >= 0 ? (0...Int(min(steps, 60))).map { (first + Double($0)) * step } : []
    (self.low, self.high, self.step) = (low, high, step)
    (power, prefix) = Self.prefix(for: max(low.magnitude, high.magnitude), unit: axis.unit)
  }

  /// The ends and ticks of a scale of ratios: powers of ten, with 2 and 5 times these where there are few.
  private static func logarithmic(_ values: [Double], _ count: Int) -> (Double, Double, [Double]) {
    let (low, high) = ((values.min() ?? 1) / 1.15, (values.max() ?? 10) * 1.15)
    let decades = Int(elementary_log10(low).rounded(.down))...Int(elementary_log10(high).rounded(.up))
    func ticks(_ factors: [Double], every: Int) -> [Double] {
      decades.filter { $0.isMultiple(of: every) }.flatMap { power in
        factors.map { $0 * elementary_pow(10, Double(power)) }
      }
      .filter { $0 >= low && $0 <= high }
    }
    // The closest of these that are not too close.
    let sets = [[1.0, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].map { ticks($0, every: 1) }
    let wider = [2, 3, 5, 10, 20, 50, 100].lazy.map { ticks([1], every: $0) }
    let fit = sets.first { $0.count <= count + 1 } ?? wider.first { $0.count <= count + 1 } ?? []
    return (low, high, fit)
  }

  /// Where a value lies, 0 at the low end and 1 at the high.
  func share(_ value: Double) -> Double {
    if isLogarithmic { return value > 0 ? max(elementary_log(value / low) / elementary_log(high / low), 0) : 0 }
    return high > low ? (value - low) / (high - low) : 0.5
  }

  /// What stands beside a tick.
  func label(_ tick: Double) -> String {
    if isLogarithmic {
      guard tick.magnitude < 1e-3 || tick.magnitude >= 1e5 else { return NumberText.short(tick) }
      let power = Int(elementary_log10(tick).rounded(.down))
      let factor = NumberText.short(tick / elementary_pow(10, Double(power)))
      return factor == "1" ? "10\(Self.superscript(power))" : "\(factor)·10\(Self.superscript(power))"
    }
    let factor = elementary_pow(10, Double(power))
    let scaled = step / factor
    var decimals = 0
    while decimals < 9, (scaled * elementary_pow(10, Double(decimals))).distanceToWhole > 1e-6 { decimals += 1 }
    return NumberText.fixed(tick / factor, decimals: decimals).replacingMinus
  }

  /// The axis' title with the unit in which the labels are, `energy (mJ)`.
  func title(_ axis: Axis) -> String {
    let factor = power == 0 ? "" : prefix ?? "10\(Self.superscript(power))"
    if prefix == nil, power != 0, !axis.unit.isEmpty { return "\(axis.label) (\(factor) \(axis.unit))" }
    let unit = factor + axis.unit
    return unit.isEmpty ? axis.label : "\(axis.label) (\(unit))"
  }

  /// The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `step`.
  static func roundStep(_ step: Double, isWhole: Bool) -> Double {
    guard step > 1e-300 else { return 1e-300 }
    let power = elementary_pow(10, elementary_log10(step).rounded(.down))
    let round = [1, 2, 2.5, 5, 10].first { $0 * power >= step * (1 - 1e-9) } ?? 10
    return isWhole ? max(1, (round * power).rounded()) : round * power
  }

  private static let prefixes: [Int: String] = [-12: "p", -9: "n", -6: "µ", -3: "m", 3: "k", 6: "M", 9: "G", 12: "T"]

  /// The power of ten that the labels leave out, and the unit's prefix for it.
  private static func prefix(for magnitude: Double, unit: String) -> (Int, String?) {
    guard magnitude > 1e-290 else { return (0, nil) }
    let power = Int((elementary_log10(magnitude) / 3).rounded(.down)) * 3
    let takesPrefix = ["s", "J", "W", "Hz", "bit", "bit/s", "B"].contains(unit)
    guard takesPrefix, power < 0 || unit != "s" else {
      return magnitude >= 1e6 || magnitude < 1e-3 ? (power, nil) : (0, nil)
    }
    guard magnitude >= 1e4 || magnitude < 0.1 else { return (0, nil) }
    return (power, prefixes[power])
  }

  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String("\(number)".map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
  }
}

extension Double {
  fileprivate var distanceToWhole: Double { (self - rounded()).magnitude }
}

extension String {
  fileprivate var replacingMinus: String { hasPrefix("-") ? "−" + dropFirst() : self }
}
