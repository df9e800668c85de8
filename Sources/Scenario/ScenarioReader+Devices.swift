import Randomness
import Units
import Wireless

/// The keys of `devices` and `server`.
extension ScenarioReader {
  static func population(_ root: Section) -> Scenario.Population {
    let key = "devices"
    let section = root.section(key, "the fleet: one kind of device, groups of them, or a CSV file", isRequired: true)
    defer { section.finish() }
    let file = section.text("file", "CSV file with a row per device; its columns take the place of keys")
    let listed = section.declare("groups", "several kinds of device; keys next to it are what they share", default: nil)
    var defaults = Scenario.DeviceGroup.paper
    if gainsComeFromAFile(root) { defaults.distance = nil }
    if let file {
      return .groups([fleet(from: file, in: section, root, defaults: defaults)])
    }
    if let listed {
      let groups = groups(listed, in: section, defaults: defaults)
      root.note(key, .map([.init("groups", .list(groups.map(\.resolved)))]))
      return .groups(groups.map(\.group))
    }
    let group = group(section, defaults: defaults, isGrouped: false)
    root.note(key, section.resolved)
    return .groups([group])
  }

  /// Whether nobody needs to know where devices stand: then nobody makes it up.
  private static func gainsComeFromAFile(_ root: Section) -> Bool {
    root.value(of: "uplink")?.item("gains").map { !$0.isNull } ?? false
  }

  /// The devices of a file: one group, whose attributes are those of the columns, one per device.
  private static func fleet(
    from given: (text: String, value: YAMLValue), in section: Section, _ root: Section, defaults: Scenario.DeviceGroup
  ) -> Scenario.DeviceGroup {
    for key in ["count", "groups", "name"] {
      guard let value = section.declare(key, "", default: nil) else { continue }
      section.fail(key, value, "this key does not go with 'file', whose rows say which devices there are")
    }
    let path = root.reading.file(given.text, at: given.value.position)
    section.note("file", .scalar(.text(path)))
    var file = FleetFile()
    do {
      file = try FleetFile(path, from: given.value.position)
    } catch let errors as ScenarioErrors {
      root.reading.log.add(errors)
    } catch {
      section.fail("file", given.value, "\(error)")
    }
    let group = group(section, defaults: defaults, isGrouped: false, file: file)
    root.note("devices", section.resolved)
    return group
  }

  private static func groups(
    _ value: YAMLValue, in section: Section, defaults: Scenario.DeviceGroup
  ) -> [(group: Scenario.DeviceGroup, resolved: ResolvedNode)] {
    if let count = section.declare("count", "", default: nil) {
      section.fail("count", count, "each group has its own count")
    }
    let shared = group(section, defaults: defaults, isGrouped: true)
    guard case .list(let items) = value.content, !items.isEmpty else {
      section.fail("groups", value, "\(value.shown) is not a list of at least one group")
      return []
    }
    guard items.count <= DeviceLimits.groups else {
      section.fail(
        "groups", value,
        "\(items.count) groups; at most \(DeviceLimits.groups) are allowed, a CSV file has more devices")
      return []
    }
    let list = Section([], path: section.path("groups"), position: value.position, reading: section.reading)
    let groups = items.enumerated().map { index, item in
      let inner = list.section("\(index)", item)
      let group = group(inner, defaults: shared, isGrouped: false)
      inner.finish()
      return (group, inner.resolved)
    }
    checkClocks(groups.map(\.0), items, in: list)
    let total = groups.reduce(0) { $0 + $1.0.count }
    if !DeviceLimits.count.contains(total) {
      section.fail("groups", value, "\(total) devices in all; at most \(DeviceLimits.count.upperBound) are allowed")
    }
    return groups
  }

  /// Devices choose among one list of clocks, so groups whose devices choose must agree on its length.
  private static func checkClocks(_ groups: [Scenario.DeviceGroup], _ items: [YAMLValue], in list: Section) {
    let choosing = groups.indices.filter { groups[$0].clockLevels > 1 }
    guard let first = choosing.first else { return }
    for index in choosing where groups[index].clockLevels != groups[first].clockLevels {
      list.reading.log.error(
        at: items[index].position, path: list.path("\(index).clock.levels"),
        "\(groups[index].clockLevels) levels, but group \(first) has \(groups[first].clockLevels); groups that choose "
          + "their clock choose among equally many")
    }
  }

  /// Reads the attributes of one group; of what groups share where `isGrouped`, which has neither name nor count; of the
  /// devices of `file`, whose columns take the place of keys.
  private static func group(
    _ section: Section, defaults: Scenario.DeviceGroup, isGrouped: Bool, file: FleetFile? = nil
  ) -> Scenario.DeviceGroup {
    var group = defaults
    if let file {
      (group.count, group.deviceNames) = (file.count, file.names)
    } else if !isGrouped {
      if let (name, _) = section.text("name", "what the group is called", default: "null") {
        section.note("name", .scalar(.text(name)))
        group.name = name
      }
      group.count = section.integer("count", "devices N", in: DeviceLimits.count, default: defaults.count)
    }
    let count = isGrouped ? nil : group.count
    /// What the file's column gives for a key, if it has that column.
    func column(_ key: String, _ summary: String, default value: Distribution, _ kind: NumberKind) -> Distribution? {
      guard let values = file?.values[key] else { return nil }
      section.refuse(
        key, summary, default: value.resolved(kind).flowText,
        "the file has a column for this; leave the key or the column out")
      return .each(values)
    }
    func read(_ key: String, _ summary: String, _ kind: NumberKind, _ value: Distribution) -> Distribution {
      column(key, summary, default: value, kind)
        ?? section.distribution(key, summary, kind, default: value, count: count)
    }
    group.distance = distance(section, defaults: defaults, read)
    let clockKind = NumberKind.quantity(HertzUnit.self, in: DeviceLimits.clock)
    if let clock = column("clock", clockSummary, default: defaults.clock, clockKind) {
      group.clock = clock
    } else {
      (group.clock, group.clockLevels) = clock(section, defaults: defaults, count: count)
    }
    group.cores = read("cores", "GPU cores C_n", .whole(in: DeviceLimits.cores), defaults.cores)
    group.flopsPerCycle = read(
      "flops_per_cycle", "FLOP per cycle and core D_n^F", .quantity(One.self, in: DeviceLimits.flopsPerCycle),
      defaults.flopsPerCycle)
    group.kappa = read(
      "kappa", "power coefficient of P = kappa f^3, Eq. (10)",
      .quantity(WattPerCubicHertz.self, in: DeviceLimits.kappa), defaults.kappa)
    let power = NumberKind.quantity(Watt.self, in: DeviceLimits.power)
    group.powerMin = read("power_min", "least transmit power, Eq. (22b)", power, defaults.powerMin)
    group.powerMax = read("power_max", "largest transmit power, Eq. (22b)", power, defaults.powerMax)
    group.samples = read("samples", "local samples D_n", .whole(in: DeviceLimits.samples), defaults.samples)
    group.circuitPower = read(
      "circuit_power", "power of the radio's circuits while it transmits; the paper has none",
      .quantity(Watt.self, in: DeviceLimits.circuitPower), defaults.circuitPower)
    group.amplifierEfficiency = read(
      "amplifier_efficiency", "radiated over drawn power, in (0, 1]",
      .quantity(One.self, in: DeviceLimits.amplifierEfficiency), defaults.amplifierEfficiency)
    let receiving = (key: "receive_power", summary: "power of the radio's circuits while it receives, under 'downlink'")
    let receivingKind = NumberKind.quantity(Watt.self, in: DeviceLimits.circuitPower)
    let isGiven = section.has(receiving.key) || file?.values[receiving.key] != nil
    if isGiven || defaults.receivePower != .constant(0) {
      group.receivePower = read(receiving.key, receiving.summary, receivingKind, defaults.receivePower)
    } else {
      // A scenario without it resolves without it.
      _ = section.declare(receiving.key, receiving.summary, default: "0 W")
    }
    // A file whose rows have both powers has compared them row by row.
    let areCompared = file?.values["power_min"] != nil && file?.values["power_max"] != nil
    if !isGrouped, !areCompared { checkPowers(group, in: section) }
    return group
  }

  /// The distance, which may be unknown, `null`, where the defaults have none: gains then come from a file.
  private static func distance(
    _ section: Section, defaults: Scenario.DeviceGroup,
    _ read: (String, String, NumberKind, Distribution) -> Distribution
  ) -> Distribution? {
    let (key, summary) = ("distance", "to the base station; not known where gains come from a file, unless given")
    let kind = NumberKind.quantity(Meter.self, in: DeviceLimits.distance)
    let standard = defaults.distance ?? Scenario.DeviceGroup.paperDistance
    guard defaults.distance == nil else { return read(key, summary, kind, standard) }
    let given = section.value(of: key)
    if given?.isNull ?? false { _ = section.declare(key, summary, default: standard.resolved(kind).flowText) }
    guard given.map(\.isNull) ?? true else { return read(key, summary, kind, standard) }
    section.note(key, .scalar(.null))
    return nil
  }

  private static let clockSummary = "GPU clock f_n; with 'optimise: true, levels: 16' the device picks a level up to it"

  /// The clock, which may also say `optimise: true, levels: 16`: the device then picks one of the levels of its clock.
  private static func clock(
    _ section: Section, defaults: Scenario.DeviceGroup, count: Int?
  ) -> (Distribution, levels: Int) {
    let key = "clock"
    let kind = NumberKind.quantity(HertzUnit.self, in: DeviceLimits.clock)
    let summary = clockSummary
    var (clock, levels) = (defaults.clock, defaults.clockLevels)
    if let given = section.declare(key, summary, default: clock.resolved(kind).flowText) {
      var value = given
      if case .map(let pairs) = given.content {
        let switches = pairs.filter { ["optimise", "levels"].contains($0.key) }
        let rest = pairs.filter { !["optimise", "levels"].contains($0.key) }
        value.content = .map(rest)
        if !switches.isEmpty {
          let inner = Section(switches, path: section.path(key), position: given.position, reading: section.reading)
          let isOptimised = inner.boolean("optimise", "whether the device picks its clock", default: false)
          let given = inner.integer("levels", "clocks to pick from", in: 1...256, default: 16)
          if !isOptimised, inner.has("levels") {
            section.fail(key, value, "'levels' goes with 'optimise: true'")
          }
          levels = isOptimised ? given : 1
        }
        if !rest.isEmpty || switches.isEmpty {
          clock = section.distribution(key, value, kind, count: count) ?? clock
        }
      } else {
        clock = section.distribution(key, value, kind, count: count) ?? clock
      }
    }
    let resolved = clock.resolved(kind)
    if levels > 1 {
      var entries = [ResolvedNode.Entry("value", resolved)]
      if case .map(let inner) = resolved { entries = inner }
      entries += [.init("optimise", .scalar(.bool(true))), .init("levels", .scalar(.integer(levels)))]
      section.note(key, .map(entries))
    } else {
      section.note(key, resolved)
    }
    return (clock, levels)
  }

  /// Least and largest power must leave room: never for any draw is an error, not for every draw a warning.
  private static func checkPowers(_ group: Scenario.DeviceGroup, in section: Section) {
    guard let least = group.powerMin.support, let largest = group.powerMax.support else { return }
    let pair = section.pairs.first { $0.key == "power_min" } ?? section.pairs.first { $0.key == "power_max" }
    let position = pair?.value.position ?? section.position
    let path = section.path(pair?.key ?? "power_min")
    if least.lowerBound > largest.upperBound {
      section.reading.log.error(
        at: position, path: path,
        "power_min, \(Watts(least.lowerBound)) or more, is above power_max, \(Watts(largest.upperBound)) or less")
    } else if least.upperBound > largest.lowerBound {
      section.reading.log.warning(
        at: position, path: path,
        "power_min may be drawn above power_max; the run ends with an error where it is")
    }
  }
}

extension Scenario.DeviceGroup {
  /// The paper's distances.
  static let paperDistance = Distribution.uniform(low: 50, high: 1000)

  /// The paper's fleet: distance, power and cores as in its text, the rest chosen for it.
  static let paper = Scenario.DeviceGroup(
    count: 50, distance: paperDistance, clock: .uniform(low: 1e9, high: 1.5e9),
    cores: .choice([4, 5, 6]), flopsPerCycle: .constant(1), kappa: .constant(1e-29), powerMin: .constant(0.1),
    powerMax: .uniform(low: 0.5, high: 2), samples: .integer(low: 400, high: 500), circuitPower: .constant(0),
    amplifierEfficiency: .constant(1), clockLevels: 1)
}
