import Randomness
import Units

extension Section {
  /// The kinds that numbers with a unit may follow; whole numbers have the first three beside `integer`.
  static let distributionKinds = ["value", "choice", "each", "uniform", "normal", "lognormal", "exponential"]

  /// A plain value or a distribution under `key`.
  func distribution(
    _ key: String, _ summary: String, _ kind: NumberKind, _ value: inout Distribution, count: Int? = nil
  ) {
    if let given = declare(
      key, summary, default: value.resolved(kind).flowText, allowed: "\(kind.rangeText); varies"),
      let distribution = distribution(key, given, kind, count: count)
    {
      value = distribution
    }
    note(key, value.resolved(kind))
  }

  /// The distribution that `value` gives; `nil`, with an error, where it gives none.
  func distribution(_ key: String, _ value: YAMLValue, _ kind: NumberKind, count: Int? = nil) -> Distribution? {
    guard case .map(let pairs) = value.content else { return number(key, value, kind).map(Distribution.constant) }
    let inner = Section(pairs, path: path(key), position: value.position, reading: reading)
    let kinds = kind.isWhole ? ["value", "choice", "each", "integer"] : Self.distributionKinds
    guard pairs.count == 1, let pair = pairs.first else {
      fail(key, value, "a distribution has exactly one of \(kinds.joined(separator: ", "))")
      return nil
    }
    guard kinds.contains(pair.key) else {
      let reason =
        (Self.distributionKinds + ["integer"]).contains(pair.key)
        ? "does not go with \(kind.isWhole ? "whole numbers" : "these numbers")" : "is no distribution"
      reading.log.error(
        at: pair.position, path: inner.path(pair.key),
        "'\(ShownText.shortened(pair.key, to: 40))' \(reason); use \(kinds.joined(separator: ", "))"
          + NearestName.advice(pair.key, among: kinds))
      return nil
    }
    return inner.distribution(pair.key, pair.value, kind, devices: count)
  }

  private func distribution(
    _ name: String, _ value: YAMLValue, _ kind: NumberKind, devices: Int?
  ) -> Distribution? {
    switch name {
    case "value": return number(name, value, kind).map(Distribution.constant)
    case "choice": return list(name, value, kind).map(Distribution.choice)
    case "each":
      guard let devices else {
        fail(name, value, "'each' gives one value per device; there are no devices here")
        return nil
      }
      guard let values = list(name, value, kind) else { return nil }
      guard values.count == devices else {
        fail(name, value, "\(counted(values.count, "value")) for \(counted(devices, "device")); give one per device")
        return nil
      }
      return .each(values)
    case "uniform":
      return range(name, value, kind).flatMap { low, high in
        guard low < high else {
          fail(name, value, "the range is empty: \(kind.shown(low)) is not below \(kind.shown(high))")
          return nil
        }
        return .uniform(low: low, high: high)
      }
    case "integer":
      return range(name, value, kind).flatMap { low, high in
        guard low <= high else {
          fail(name, value, "the range is empty: \(kind.shown(low)) is above \(kind.shown(high))")
          return nil
        }
        return .integer(low: Int(low), high: Int(high))
      }
    case "normal":
      return pair(name, value, ("mean", kind), ("sd", kind.spread)).map { .normal(mean: $0, standardDeviation: $1) }
    case "lognormal":
      return pair(name, value, ("median", kind), ("sigma", .quantity(One.self, in: 0...20)))
        .map { .lognormal(median: $0, sigma: $1) }
    default:
      guard case .map = value.content else { return number(name, value, kind).map(Distribution.exponential) }
      let inner = section(name, value)
      let mean = inner.declare("mean", "", default: nil).map { inner.number("mean", $0, kind) }
      inner.finish()
      if mean == nil { fail(name, value, "'mean' is required") }
      return mean.flatMap(\.self).map(Distribution.exponential)
    }
  }

  /// A list of at least one number.
  func list(_ key: String, _ value: YAMLValue, _ kind: NumberKind) -> [Double]? {
    guard case .list(let items) = value.content, !items.isEmpty else {
      fail(key, value, "\(value.shown) is not a list of at least one value")
      return nil
    }
    let inner = Section([], path: path(key), position: value.position, reading: reading)
    let values = items.enumerated().map { inner.number("\($0)", $1, kind) }
    return values.contains { $0 == nil } ? nil : values.compactMap(\.self)
  }

  /// `[low, high]`.
  private func range(_ key: String, _ value: YAMLValue, _ kind: NumberKind) -> (Double, Double)? {
    guard case .list(let items) = value.content, items.count == 2 else {
      fail(key, value, "\(value.shown) is not a range; write [low, high]")
      return nil
    }
    return list(key, value, kind).map { ($0[0], $0[1]) }
  }

  /// Two required numbers by name.
  private func pair(
    _ key: String, _ value: YAMLValue, _ first: (String, NumberKind), _ second: (String, NumberKind)
  ) -> (Double, Double)? {
    let inner = section(key, value)
    guard case .map = value.content else { return nil }
    let numbers = [first, second].map { name, kind -> Double? in
      guard let given = inner.declare(name, "", default: nil) else {
        fail(key, value, "'\(name)' is required")
        return nil
      }
      return inner.number(name, given, kind)
    }
    inner.finish()
    guard let a = numbers[0], let b = numbers[1] else { return nil }
    return (a, b)
  }
}

extension NumberKind {
  /// Standard deviations of these numbers.
  fileprivate var spread: NumberKind {
    NumberKind(parse: parse, print: print, range: 0...range.upperBound, isWhole: false)
  }
}

extension Distribution {
  /// The distribution as a scenario writes it.
  func resolved(_ kind: NumberKind) -> ResolvedNode {
    func map(_ key: String, _ value: ResolvedNode) -> ResolvedNode { .map([ResolvedNode.Entry(key, value)]) }
    switch self {
    case .constant(let value): return kind.print(value)
    case .uniform(let low, let high): return map("uniform", .list([kind.print(low), kind.print(high)]))
    case .integer(let low, let high): return map("integer", .list([.scalar(.integer(low)), .scalar(.integer(high))]))
    case .choice(let values): return map("choice", .list(values.map(kind.print)))
    case .each(let values): return map("each", .list(values.map(kind.print)))
    case .normal(let mean, let deviation):
      return map("normal", .map([.init("mean", kind.print(mean)), .init("sd", kind.print(deviation))]))
    case .lognormal(let median, let sigma):
      return map("lognormal", .map([.init("median", kind.print(median)), .init("sigma", .scalar(.number(sigma)))]))
    case .exponential(let mean): return map("exponential", map("mean", kind.print(mean)))
    }
  }
}
