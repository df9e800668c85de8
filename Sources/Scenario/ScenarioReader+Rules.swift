import Allocation
import Training
import Units

/// The keys that say what is optimised, with how many bits, and where values come from.
extension ScenarioReader {
  static func deadline(_ root: Section, _ deadline: inout Scenario.Deadline) {
    let key = "deadline"
    let kind = NumberKind.quantity(Second.self, in: 1e-9...1e9)
    let summary = "T_max of Eq. (22a): of one step, or {value, per: round} for a whole round"
    let given = root.declare(key, summary, default: kind.shown(deadline.value.value), allowed: kind.rangeText)
    let isMapping =
      if case .map? = given?.content { true } else {
        given == nil && (deadline.per != .step || root.reading.hasPlaces(below: key))
      }
    guard isMapping else {
      if let given, let number = root.number(key, given, kind) { deadline.value = Seconds(number) }
      root.note(key, kind.print(deadline.value.value))
      return
    }
    root.whole(key, root.section(key, given)) { inner in
      inner.quantity("value", "T_max", in: kind.range, &deadline.value)
      inner.choice("per", "what ends within it: a step, or a round", &deadline.per)
    }
  }

  /// What policies are told of the channel and of the server, and how much of the deadline they leave unused.
  static func knowledge(_ root: Section, _ scenario: inout Scenario) {
    root.section("channel_estimate", "what policies know of the channel") {
      var estimate = scenario.channelEstimate
      $0.number(
        "error", "standard deviation of an estimated gain, as a share of the true one",
        .quantity(Share.self, in: 0...1), &estimate.error)
      $0.choice("kind", "snapshot: gains with their fading; mean: without", &estimate.kind)
      $0.omit("kind", if: estimate.kind == .snapshot)
      $0.quantity("delay", "how old the estimate is when a round begins", in: 0...1e6, &estimate.delay)
      $0.omit("delay", if: estimate.delay == .zero)
      scenario.channelEstimate = estimate
    }
    root.omit("channel_estimate", if: scenario.channelEstimate == .perfect)
    root.number(
      "deadline_margin", "share of the deadline that policies leave unused", .quantity(Share.self, in: 0...0.99),
      &scenario.deadlineMargin)
    root.omit("deadline_margin", if: scenario.deadlineMargin == 0)
    root.choice(
      "optimum",
      "what U is held against: still: U* where the channel stands still; clairvoyant: of who knows the future",
      &scenario.optimum)
    root.omit("optimum", if: scenario.optimum == .still)
    root.section("forecast", "what policies expect when they plan with the deadline") {
      $0.choice(
        "server",
        "wait for an accelerator: none, the mean of the last round, or mva: that of a closed queue of devices that fill their "
          + "deadline", &scenario.serverForecast)
    }
    root.omit("forecast", if: scenario.serverForecast == .none)
  }

  static func objective(_ root: Section, _ objective: inout Objective) {
    root.section("objective", "what is maximised, Eq. (21)") { inner in
      var (kind, weight) = ("ratio", Joules(2))
      if case .difference(let own) = objective { (kind, weight) = ("difference", own) }
      let aims = ["latency": "least-latency", "energy": "least-energy"]
      if let given = inner.value(of: "kind"), let aim = given.text, let policy = aims[aim] {
        _ = inner.declare("kind", "", default: kind)
        inner.fail(
          "kind", given,
          "the objective is a sum over participants, ratio or difference; for the least \(aim) take 'policy: \(policy)'"
        )
      } else {
        inner.word(
          "kind", "ratio: learning per joule; difference: weight x learning - joules", of: ["ratio", "difference"],
          &kind)
      }
      let summary = "joules that one unit of learning is worth"
      guard kind == "difference" else {
        inner.refuse("weight", summary, default: weight.description, "only 'kind: difference' has a weight")
        objective = .ratio
        return
      }
      inner.quantity("weight", summary, in: 1e-12...1e12, &weight)
      objective = .difference(weight: weight)
    }
  }

  static func quantizer(_ root: Section, _ quantizer: inout Scenario.Quantizer) {
    root.section("quantizer", "bits of an activation on the air") { inner in
      inner.integer("bits_min", "fewest bits q_min, Eq. (22c)", in: 1...32, &quantizer.bitsMin)
      inner.integer("bits_max", "most bits q_max, Eq. (22c)", in: 1...32, &quantizer.bitsMax)
      inner.choice("payload", "size on the air: approximate is Eq. (13), exact Eq. (8)", &quantizer.payload)
      if quantizer.bitsMin > quantizer.bitsMax {
        let given = inner.pairs.first { $0.key == "bits_min" } ?? inner.pairs.first { $0.key == "bits_max" }
        inner.reading.log.error(
          at: given?.value.position ?? inner.position, path: inner.path("bits_min"),
          "\(quantizer.bitsMin) is above bits_max, \(quantizer.bitsMax)")
        quantizer.bitsMax = quantizer.bitsMin
      }
    }
  }

  /// The marks of the file; a value that an option lays over the file is assumed, whatever the file says of its own.
  static func provenance(_ root: Section, _ scenario: inout Scenario) {
    guard root.reading.purpose != .printing else {
      let known = scenario.places.marks.filter { scenario.provenance[$0] != nil }
      let others = scenario.provenance.keys.filter { !known.contains($0) }.sorted()
      let marks = (known + others).compactMap { path in scenario.provenance[path].map { (path, $0.rawValue) } }
      root.note("provenance", .map(marks.map { .init($0, .scalar(.text($1))) }))
      return
    }
    let inner = root.section("provenance", "where values come from, by key path: paper, release or assumed")
    guard !inner.pairs.isEmpty else {
      (scenario.provenance, scenario.places.marks) = ([:], [])
      return
    }
    let paths = root.reading.paths
    let known = Set(paths)
    var marks: [(path: String, mark: Scenario.Provenance)] = []
    for pair in inner.pairs {
      guard known.contains(pair.key) else {
        root.reading.log.error(
          at: pair.position, path: inner.path(pair.key),
          "there is no such key path\(NearestName.advice(pair.key, among: paths))")
        continue
      }
      var mark = Scenario.Provenance.assumed
      inner.choice(pair.key, "", &mark)
      marks.append((pair.key, mark))
    }
    for path in root.reading.overridden {
      let changed = known.contains(path) ? path : paths.filter { path.hasPrefix("\($0).") }.max { $0.count < $1.count }
      guard let changed else { continue }
      guard marks.contains(where: { covers($0.path, changed) || covers(changed, $0.path) }) else { continue }
      marks.removeAll { covers(changed, $0.path) }
      marks.append((changed, .assumed))
    }
    scenario.provenance = Dictionary(marks.map { ($0.path, $0.mark) }, uniquingKeysWith: { $1 })
    scenario.places.marks = marks.map(\.path)
  }

  /// Whether a mark of `outer` speaks of `path`: the same key, or one that holds it.
  private static func covers(_ outer: String, _ path: String) -> Bool {
    path == outer || path.hasPrefix("\(outer).")
  }
}
