import Allocation
import Training
import Units

/// The keys that say what is optimised, with how many bits, and where values come from.
extension ScenarioReader {
  static func deadline(_ root: Section) -> Scenario.Deadline {
    let key = "deadline"
    let kind = NumberKind.quantity(Second.self, in: 1e-9...1e9)
    let summary = "T_max of Eq. (22a): of one step, or {value, per: round} for a whole round"
    var deadline = Scenario.Deadline(value: Seconds(5))
    guard let given = root.declare(key, summary, default: kind.shown(deadline.value.value)) else {
      root.note(key, kind.print(deadline.value.value))
      return deadline
    }
    guard case .map = given.content else {
      if let number = root.number(key, given, kind) { deadline.value = Seconds(number) }
      root.note(key, kind.print(deadline.value.value))
      return deadline
    }
    let inner = root.section(key, given)
    deadline.value = inner.quantity("value", "T_max", in: kind.range, default: deadline.value)
    deadline.per = inner.choice("per", "what ends within it: a step, or a round", default: .step)
    inner.finish()
    root.note(key, inner.resolved)
    return deadline
  }

  /// What policies are told of the channel, and how much of the deadline they leave unused. A scenario without these keys
  /// resolves without them.
  static func knowledge(_ root: Section) -> (estimateError: Double, deadlineMargin: Double) {
    let summary = "what policies know of the channel"
    let isGiven = root.has("channel_estimate")
    let inner = root.section("channel_estimate", summary)
    let error = inner.number(
      "error", "standard deviation of an estimated gain, as a share of the true one",
      .quantity(Share.self, in: 0...1), default: 0)
    inner.finish()
    if isGiven { root.note("channel_estimate", inner.resolved) }
    let key = "deadline_margin"
    let kind = NumberKind.quantity(Share.self, in: 0...0.99)
    var margin = 0.0
    if let given = root.declare(key, "share of the deadline that policies leave unused", default: "0") {
      margin = root.number(key, given, kind) ?? 0
      root.note(key, kind.print(margin))
    }
    return (error, margin)
  }

  /// What policies take the wait for an accelerator to be. A scenario without the key resolves without it.
  static func serverForecast(_ root: Section) -> Scenario.ServerForecast {
    let isGiven = root.has("forecast")
    let inner = root.section("forecast", "what policies expect when they plan with the deadline")
    let forecast: Scenario.ServerForecast = inner.choice(
      "server",
      "wait for an accelerator: none, the mean of the last round, or mva: that of a closed queue of devices that fill their "
        + "deadline", default: .none)
    inner.finish()
    if isGiven { root.note("forecast", inner.resolved) }
    return forecast
  }

  static func objective(_ root: Section) -> Objective {
    let inner = root.section("objective", "what is maximised, Eq. (21)")
    let kind = inner.word(
      "kind", "ratio: learning per joule; difference: weight x learning - joules", of: ["ratio", "difference"],
      default: "ratio")
    defer {
      inner.finish()
      root.note("objective", inner.resolved)
    }
    guard kind == "difference" else {
      if let weight = inner.declare("weight", "joules that one unit of learning is worth", default: "2.0 J") {
        inner.fail("weight", weight, "only 'kind: difference' has a weight")
      }
      return .ratio
    }
    return .difference(
      weight: inner.quantity(
        "weight", "joules that one unit of learning is worth", in: 1e-12...1e12, default: Joules(2)))
  }

  static func quantizer(_ root: Section) -> Scenario.Quantizer {
    let inner = root.section("quantizer", "bits of an activation on the air")
    var quantizer = Scenario.Quantizer(
      bitsMin: inner.integer("bits_min", "fewest bits q_min, Eq. (22c)", in: 1...32, default: 4),
      bitsMax: inner.integer("bits_max", "most bits q_max, Eq. (22c)", in: 1...32, default: 32),
      payload: inner.choice("payload", "size on the air: approximate is Eq. (13), exact Eq. (8)", default: .approximate)
    )
    if quantizer.bitsMin > quantizer.bitsMax {
      let given = inner.pairs.first { $0.key == "bits_min" } ?? inner.pairs.first { $0.key == "bits_max" }
      inner.reading.log.error(
        at: given?.value.position ?? inner.position, path: inner.path("bits_min"),
        "\(quantizer.bitsMin) is above bits_max, \(quantizer.bitsMax)")
      quantizer.bitsMax = quantizer.bitsMin
    }
    inner.finish()
    root.note("quantizer", inner.resolved)
    return quantizer
  }

  /// The marks of the file; a value that an option lays over the file is assumed, whatever the file says of its own.
  static func provenance(_ root: Section) -> [String: Scenario.Provenance] {
    let inner = root.section("provenance", "where values come from, by key path: paper, release or assumed")
    let paths = root.reading.documentation.map(\.path)
    let known = Set(paths)
    var marks: [(path: String, mark: Scenario.Provenance)] = []
    for pair in inner.pairs {
      guard known.contains(pair.key) else {
        root.reading.log.error(
          at: pair.position, path: inner.path(pair.key),
          "there is no such key path\(NearestName.advice(pair.key, among: paths))")
        continue
      }
      marks.append((pair.key, inner.choice(pair.key, "", default: .assumed)))
    }
    for path in root.reading.overridden {
      let changed = known.contains(path) ? path : paths.filter { path.hasPrefix("\($0).") }.max { $0.count < $1.count }
      guard let changed else { continue }
      guard marks.contains(where: { covers($0.path, changed) || covers(changed, $0.path) }) else { continue }
      marks.removeAll { covers(changed, $0.path) }
      marks.append((changed, .assumed))
    }
    root.note("provenance", .map(marks.map { .init($0.path, .scalar(.text($0.mark.rawValue))) }))
    return Dictionary(marks.map { ($0.path, $0.mark) }, uniquingKeysWith: { $1 })
  }

  /// Whether a mark of `outer` speaks of `path`: the same key, or one that holds it.
  private static func covers(_ outer: String, _ path: String) -> Bool {
    path == outer || path.hasPrefix("\(outer).")
  }
}
