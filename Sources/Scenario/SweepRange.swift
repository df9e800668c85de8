import Foundation
import Units

/// `{start: 3.6 s, stop: 8 s, step: 0.2 s}`: evenly spaced values, the stop among them where a step meets it.
struct SweepRange {
  /// The values in order, printed as short as their decimals allow.
  let values: [YAMLValue]

  /// Reads the mapping.
  ///
  /// - Throws: ``ScenarioErrors`` at what is wrong.
  init(_ range: YAMLValue) throws {
    guard case .map(let pairs) = range.content else {
      throw ScenarioErrors(
        at: range.position, "\(range.shown) is no range; write {start: 3.6 s, stop: 8 s, step: 0.2 s}")
    }
    for pair in pairs where !["start", "stop", "step"].contains(pair.key) {
      let advice = NearestName.advice(pair.key, among: ["start", "stop", "step"])
      throw ScenarioErrors(
        at: pair.position,
        "there is no key \(ShownText.quoted(pair.key)) in a range; its keys are start, stop, step\(advice)")
    }
    func number(_ key: String) throws -> Decimal {
      guard let pair = pairs.first(where: { $0.key == key }) else {
        throw ScenarioErrors(at: range.position, "the range has no '\(key)'; write {start: …, stop: …, step: …}")
      }
      guard let text = pair.value.text, let number = Decimal(text) else {
        throw ScenarioErrors(at: pair.value.position, "\(pair.value.shown) is not a number with its unit")
      }
      return number
    }
    let (start, stop, step) = (try number("start"), try number("stop"), try number("step"))
    guard start.unit == stop.unit, start.unit == step.unit else {
      throw ScenarioErrors(
        at: range.position,
        "start, stop and step have the units '\(start.unit)', '\(stop.unit)' and '\(step.unit)'; write all in the same")
    }
    guard step.value != 0, (stop.value - start.value) / step.value >= 0 else {
      throw ScenarioErrors(at: range.position, "a step of \(step.text) never leads from \(start.text) to \(stop.text)")
    }
    let steps = ((stop.value - start.value) / step.value + 1e-9).rounded(.down)
    guard steps < Double(ScenarioReader.mostPoints) else {
      throw ScenarioErrors(at: range.position, "has over \(ScenarioReader.mostPoints) values; take a larger step")
    }
    values = (0...Int(steps)).map { index in
      let text = start.text(plus: Double(index), times: step)
      return YAMLValue(content: .scalar(text, isPlain: true), position: range.position)
    }
  }

  /// A decimal number with what stands behind it.
  private struct Decimal {
    let text: String
    let value: Double
    let unit: String
    init?(_ text: String) {
      let number = text.prefix { $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }
      guard let value = Double(number), value.isFinite else { return nil }
      self.text = text
      self.value = value
      unit = text.dropFirst(number.count).filter { $0 != " " }
    }

    /// `self + index step` in twelve digits, which leaves the error of binary fractions behind.
    func text(plus index: Double, times step: Decimal) -> String {
      let sum = value + index * step.value
      let result = Double(String(format: "%.12g", sum)) ?? sum
      let shown = result == result.rounded() && abs(result) < 1e15 ? "\(Int(result))" : "\(result)"
      return unit.isEmpty ? shown : "\(shown) \(unit)"
    }
  }
}
