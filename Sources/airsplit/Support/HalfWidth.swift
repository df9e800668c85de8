import Experiments
import Simulation
import Statistics

/// How sure `--until-halfwidth` wants every mean to be.
enum HalfWidth {
  /// At most this part of the mean.
  case share(Double)
  /// At most this much, in the unit of every metric.
  case absolute(Double)

  /// Reads `5 %`, or `0.1 J` where every metric is in joules.
  ///
  /// - Throws: `CommandError` that says what is allowed.
  init(_ text: String, of metrics: [Metric]) throws {
    let digits = text.prefix { "+-.0123456789eE".contains($0) && $0 != " " }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    func refusal(_ reason: String) -> CommandError {
      .badInput(
        "--until-halfwidth is '\(text)'\(reason); write a part of each mean, as '5 %', or a half width with the unit that "
          + "every --metric has, as '0.1 J'")
    }
    guard let number = Double(digits), number.isFinite, number > 0 else { throw refusal("") }
    switch unit {
    case "%": self = .share(number / 100)
    case "": throw refusal(", which has no unit")
    default:
      guard let other = metrics.first(where: { $0.unit != unit }) else {
        self = .absolute(number)
        return
      }
      throw refusal(", and \(other.name) \(other.unit.isEmpty ? "has no unit" : "is in \(other.unit)")")
    }
  }

  /// Whether a mean is as sure as that. One that no draw moves is.
  func isMet(by mean: Estimate?) -> Bool {
    guard let mean else { return false }
    guard let half = mean.halfWidth() else { return mean.isConstant }
    switch self {
    case .share(let share): return half <= share * abs(mean.value)
    case .absolute(let most): return half <= most
    }
  }
}
