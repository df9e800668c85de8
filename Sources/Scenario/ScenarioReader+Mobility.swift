import Randomness
import Units
import Wireless

/// The keys of `mobility`.
extension ScenarioReader {
  private static let mobilityKinds = ["static", "random-waypoint", "gauss-markov", "file"]

  /// How devices move; a scenario in which they do not resolves without it.
  static func mobility(_ root: Section, _ scenario: inout Scenario) {
    let key = "mobility"
    let summary =
      "how devices move: static, {random-waypoint: {radius, speed, pause}}, {gauss-markov: {side, speed, memory}} or "
      + "{file: positions.csv}"
    let given = root.declare(key, summary, default: "static", allowed: mobilityKinds.joined(separator: ", "))
    let pairs = if case .map(let pairs)? = given?.content { pairs } else { [YAMLValue.Pair]() }
    let section = Section(
      pairs, path: root.path(key), position: given?.position ?? root.position, reading: root.reading)
    let named = pairs.map(\.key).filter { $0 != "interval" }
    guard let kind = given.map({ $0.text ?? named.first }) ?? scenario.mobility.kind, named.count <= 1,
      mobilityKinds.contains(kind), given?.text == nil || kind == "static"
    else {
      guard let given else { return }
      let word = given.text ?? (named.count == 1 ? named[0] : "")
      if mobilityKinds.contains(word) {
        root.fail(key, given, "'\(word)' has settings; write 'mobility: {\(word): …}'")
      } else {
        let shown = word.isEmpty ? given.shown : ShownText.quoted(word)
        root.fail(
          key, given,
          "\(shown) is not exactly one of \(mobilityKinds.joined(separator: ", "))"
            + NearestName.advice(word, among: mobilityKinds))
      }
      return
    }
    if kind == "static", let pair = pairs.first, let given {
      root.fail(key, given, "'\(pair.key)' does not go with devices that stand still; write 'mobility: static'")
      return
    }
    switch kind {
    case "random-waypoint":
      var walk = RandomWaypoint(radius: Meters(500), speed: .uniform(low: 0.5, high: 1.5))
      if case .randomWaypoint(let own) = scenario.mobility.model { walk = own }
      section.section(kind, "") { waypoint($0, &walk) }
      scenario.mobility.model = .randomWaypoint(walk)
    case "gauss-markov":
      var walk = GaussMarkov(side: Meters(1000), speed: MetersPerSecond(1), memory: Seconds(20))
      if case .gaussMarkov(let own) = scenario.mobility.model { walk = own }
      section.section(kind, "") {
        $0.quantity("side", "of the square around the base station", in: 1...1e7, &walk.side)
        $0.quantity("speed", "root mean square of the speed", in: 0.01...1000, &walk.speed)
        $0.quantity("memory", "time constant of the velocity's autocorrelation", in: 0.1...1e6, &walk.memory)
      }
      scenario.mobility.model = .gaussMarkov(walk)
    case "file":
      positions(section, &scenario)
    default:
      root.note(key, .scalar(.text(kind)))
      root.omit(key, if: true)
      return
    }
    section.optionalQuantity(
      "interval", "how long a position stands still; null: 1 m over the largest speed", in: 1e-3...1e9,
      &scenario.mobility.step)
    section.omit("interval", if: scenario.mobility.step == nil)
    section.finish()
    root.note(key, section.resolved)
    warnOfMovement(scenario, in: root)
  }

  private static func waypoint(_ section: Section, _ walk: inout RandomWaypoint) {
    section.quantity("radius", "of the disc around the base station", in: 1...1e7, &walk.radius)
    section.distribution(
      "speed", "of a trip: a plain value, uniform or choice", .quantity(MeterPerSecond.self, in: 0.1...1000),
      &walk.speed)
    section.distribution(
      "pause", "before a trip: a plain value, uniform, exponential or choice", .quantity(Second.self, in: 0...1e9),
      &walk.pause)
    if let given = section.value(of: "speed"), walk.speed.meanReciprocal == nil {
      section.fail(
        "speed", given, "the law of a speed is a plain value, uniform or choice: others begin in no known law")
      return
    }
    if let given = section.value(of: "pause") {
      switch walk.pause {
      case .constant, .uniform, .exponential, .choice: break
      default:
        section.fail("pause", given, "the law of a pause is a plain value, uniform, exponential or choice")
      }
    }
    let top = walk.speed.support?.upperBound ?? 0
    if let given = section.value(of: "radius") ?? section.value(of: "speed"), walk.radius.value < top {
      section.fail(
        section.has("radius") ? "radius" : "speed", given,
        "a device of \(top) m/s would cross the disc of \(walk.radius.value) m within seconds; the radius is at least what it "
          + "walks in one")
    }
  }

  private static func positions(_ section: Section, _ scenario: inout Scenario) {
    let key = "file"
    let summary = "CSV file (time_s, device, x_m, y_m)"
    defer {
      if case .table(let table) = scenario.mobility.model { section.note(key, .scalar(.text(table.path))) }
    }
    guard let (text, value) = section.text(key, summary) else { return }
    let path = section.reading.file(text, at: value.position)
    guard scenario.devices.count > 0, !section.reading.log.hasErrors else { return }
    do {
      scenario.mobility.model = .table(
        try PositionFile.table(path, deviceCount: scenario.devices.count, from: value.position))
    } catch let errors as ScenarioErrors {
      section.reading.log.add(errors)
    } catch {
      section.fail(key, value, "\(error)")
    }
  }

  /// Whether distances come from positions: then none is made up.
  static func devicesMove(_ root: Section) -> Bool {
    guard case .map? = root.value(of: "mobility")?.content else { return false }
    return true
  }

  private static func warnOfMovement(_ scenario: Scenario, in root: Section) {
    let log = root.reading.log
    guard let given = root.value(of: "mobility"), !log.hasErrors else { return }
    if let gains = scenario.gains {
      log.warning(
        at: given.position, path: "mobility", "not used: the gains come from \(ShownText.quoted(gains.path))")
      return
    }
    let devices = root.value(of: "devices")
    let groups = devices?.item("groups")
    let distances =
      [devices?.item("distance")] + scenario.devices.groups.indices.map { groups?.item("\($0)")?.item("distance") }
    for distance in distances.compactMap(\.self) where !distance.isNull {
      log.warning(at: distance.position, path: "devices.distance", "not used: positions come from mobility")
    }
    let limit = scenario.uplink.pathLoss.validity.upperBound
    if case .randomWaypoint(let walk) = scenario.mobility.model, walk.radius > limit {
      log.warning(
        at: given.position, path: "mobility",
        "devices walk up to \(walk.radius.value) m away, beyond \(limit.value) m, where the path loss "
          + "'\(scenario.uplink.pathLoss.model.rawValue)' ends; it extrapolates there")
    }
  }
}

extension Mobility {
  /// The word of a scenario.
  fileprivate var kind: String {
    switch model {
    case .still: "static"
    case .randomWaypoint: "random-waypoint"
    case .gaussMarkov: "gauss-markov"
    case .table: "file"
    }
  }
}
