import JSON
import Units
import Wireless

extension Link {
  /// `{"shannon": {"gap": 2, "cap": 7.4}}`, or what a table's schemes follow from, and for readers who know none the steps: the
  /// efficiency, in bit/s/Hz, from each signal-to-noise ratio on.
  var json: JSONValue {
    switch self {
    case .shannon(let gap, let cap):
      return ["shannon": ["gap": .number(gap.value), "cap": cap.isFinite ? .number(cap) : .null]]
    case .modulationCoding(let coding):
      return [
        "mcs": [
          "table": .string(coding.table.rawValue), "target_bler": .number(coding.targetErrorRate),
          "max_transmissions": .integer(coding.harq.maxTransmissions),
          "combining": .string(coding.harq.combining.rawValue), "overhead": .number(coding.overhead),
          "least_snr": .numbers(coding.steps.map(\.snr)), "efficiency": .numbers(coding.steps.map(\.efficiency)),
        ]
      ]
    }
  }

  /// The link of an instance. Steps that are given beside a table must be those that follow from it.
  init?(_ instance: JSONObjectReader) {
    guard let reader = instance.object("link", known: ["shannon", "mcs"]) else { return nil }
    switch (reader.has("shannon"), reader.has("mcs")) {
    case (true, false):
      guard let inner = reader.object("shannon", known: ["gap", "cap"]) else { return nil }
      let atLeastOne = NumberRule(allowed: "a number, 1 or more") { $0 >= 1 && $0.isFinite }
      let gap = inner.number("gap", atLeastOne, otherwise: 1)
      let cap = inner.has("cap") && !inner.isNull("cap") ? inner.number("cap", .positive) : .infinity
      guard let gap, let cap else { return nil }
      self = .shannon(gap: PowerRatio(gap), cap: cap)
    case (false, true):
      guard let coding = Link.coding(reader) else { return nil }
      self = .modulationCoding(coding)
    default:
      instance.note("link", "must have exactly one of shannon, mcs")
      return nil
    }
  }

  private static func coding(_ reader: JSONObjectReader) -> ModulationCoding? {
    let known = [
      "table", "target_bler", "max_transmissions", "combining", "overhead", "least_snr", "efficiency",
    ]
    guard let inner = reader.object("mcs", known: known) else { return nil }
    let table = inner.word("table", of: ModulationCodingTable.allCases.map(\.rawValue))
      .flatMap(ModulationCodingTable.init(rawValue:))
    let open = NumberRule(allowed: "a number from 1e-06 to 0.9") { $0 >= 1e-6 && $0 <= 0.9 }
    let target = inner.number("target_bler", open, otherwise: 0.1)
    let most = inner.has("max_transmissions") ? inner.integer("max_transmissions", 1...32) : 4
    let words = HARQ.Combining.allCases.map(\.rawValue)
    let combining =
      inner.has("combining")
      ? inner.word("combining", of: words).flatMap(HARQ.Combining.init(rawValue:)) : .chase
    let part = NumberRule(allowed: "a number from 0 to 0.99") { $0 >= 0 && $0 <= 0.99 }
    let overhead = inner.number("overhead", part, otherwise: 0.14)
    guard let table, let target, let most, let combining, let overhead else { return nil }
    let coding = ModulationCoding(
      table: table, targetErrorRate: target, harq: HARQ(maxTransmissions: most, combining: combining),
      overhead: overhead)
    for (key, follows) in [("least_snr", coding.steps.map(\.snr)), ("efficiency", coding.steps.map(\.efficiency))]
    where inner.has(key) {
      guard let given = inner.numbers(key, .positive, count: follows.count, of: "step") else { return nil }
      let differs = zip(given, follows).enumerated().first { abs($1.0 - $1.1) > 1e-9 * $1.1 }
      if let (place, (_, right)) = differs {
        inner.note("\(key)[\(place)]", "\(JSONValue.shown(given[place])) is not the table's \(JSONValue.shown(right))")
        return nil
      }
    }
    return coding
  }
}
