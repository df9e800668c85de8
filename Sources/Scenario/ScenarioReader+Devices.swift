import Randomness
import Units
import Wireless

/// The keys of `devices`.
extension ScenarioReader {
  /// - Parameter training: Says, of a scenario that is printed, whether its devices have samples of their own.
  static func population(
    _ root: Section, _ population: inout Scenario.Population, training: Scenario.TrainingPlan
  ) {
    let key = "devices"
    let section = root.section(key, "the fleet: one kind of device, groups of them, or a CSV file", isRequired: true)
    let file = section.text("file", "CSV file with a row per device; its columns take the place of keys")
    let listed = section.declare("groups", "several kinds of device; keys next to it are what they share", default: nil)
    let hidesSamples = training.dataset != nil && !training.takesDeviceSamples
    population.file = file.map { fleet(from: $0, in: section) } ?? population.fileInForce
    let hasDistances = population.file?.values["distance"] != nil
    if gainsComeFromAFile(root) && !hasDistances || devicesMove(root) {
      for index in population.groups.indices { population.groups[index].distance = nil }
    }
    if let file = population.file {
      section.note("file", .scalar(.text(file.path)))
      group(section, &population.groups[0], isGrouped: false, file: file, hidesSamples: hidesSamples)
    } else if let listed {
      population.groups = groups(listed, in: section, defaults: population.groups[0])
    } else if population.groups.count != 1 || section.isGiven("groups") {
      let list = section.section("groups", nil)
      let nodes = population.groups.enumerated().map { index, standard in
        let inner = list.section("\(index)", nil)
        var own = standard
        group(inner, &own, isGrouped: false, hidesSamples: hidesSamples)
        return inner.resolved
      }
      section.note("groups", .list(nodes))
    } else {
      group(section, &population.groups[0], isGrouped: false, hidesSamples: hidesSamples)
    }
    availability(section, &population)
    battery(section, &population)
    radioEnergy(section, &population)
    jitter(section, &population)
    section.finish()
    root.note(key, section.resolved)
  }

  /// Whether distances need not be known: then none is made up.
  private static func gainsComeFromAFile(_ root: Section) -> Bool {
    root.value(of: "uplink")?.item("gains").map { !$0.isNull } ?? false
  }

  /// The file that devices come from; one without devices, with errors, where it cannot be read.
  private static func fleet(from given: (text: String, value: YAMLValue), in section: Section) -> FleetFile {
    for key in ["count", "groups", "name"] {
      guard let value = section.declare(key, "", default: nil) else { continue }
      section.fail(key, value, "this key does not go with 'file', whose rows say which devices there are")
    }
    let path = section.reading.file(given.text, at: given.value.position)
    do {
      return try FleetFile(path, from: given.value.position)
    } catch let errors as ScenarioErrors {
      section.reading.log.add(errors)
    } catch {
      section.fail("file", given.value, "\(error)")
    }
    return FleetFile(path: path)
  }

  private static func groups(
    _ value: YAMLValue, in section: Section, defaults: Scenario.DeviceGroup
  ) -> [Scenario.DeviceGroup] {
    if let count = section.declare("count", "", default: nil) {
      section.fail("count", count, "each group has its own count")
    }
    var shared = defaults
    group(section, &shared, isGrouped: true)
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
      var own = shared
      group(inner, &own, isGrouped: false)
      inner.finish()
      return own
    }
    checkClocks(groups, items, in: list)
    let total = groups.reduce(0) { $0 + $1.count }
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

  /// The attributes of one group; of what groups share where `isGrouped`, which has neither name nor count; of the devices of
  /// `file`, whose columns take the place of keys.
  private static func group(
    _ section: Section, _ group: inout Scenario.DeviceGroup, isGrouped: Bool, file: FleetFile? = nil,
    hidesSamples: Bool = false
  ) {
    if let file {
      group = file.devices(like: group)
    } else if !isGrouped {
      if let (name, _) = section.text("name", "what the group is called", default: "null") { group.name = name }
      if let name = group.name { section.note("name", .scalar(.text(name))) }
      section.integer("count", "devices N", in: DeviceLimits.count, &group.count)
    }
    let count = isGrouped ? nil : group.count
    /// Whether the file has a column for a key, which the scenario must leave out then.
    func isColumn(_ key: String, _ summary: String) -> Bool {
      guard file?.values[key] != nil else { return false }
      section.refuse(
        key, summary, default: nil, "the file has a column for this; leave the key or the column out")
      return true
    }
    func read(_ key: String, _ summary: String, _ kind: NumberKind, _ value: inout Distribution) {
      if !isColumn(key, summary) { section.distribution(key, summary, kind, &value, count: count) }
    }
    let distance = (
      key: "distance", summary: "to the base station; not known where gains come from a file, unless given"
    )
    let given = section.value(of: distance.key)
    if group.distance != nil || !(given?.isNull ?? true) {
      read(
        distance.key, distance.summary, .quantity(Meter.self, in: DeviceLimits.distance), &group.knownDistance)
    } else {
      if given != nil { _ = section.declare(distance.key, distance.summary, default: nil) }
      section.note(distance.key, .scalar(.null))
    }
    if !isColumn("clock", clockSummary) { clock(section, &group, count: count) }
    read("cores", "GPU cores C_n", .whole(in: DeviceLimits.cores), &group.cores)
    read(
      "flops_per_cycle", "FLOP per cycle and core D_n^F", .quantity(One.self, in: DeviceLimits.flopsPerCycle),
      &group.flopsPerCycle)
    read(
      "kappa", "power coefficient of P = kappa f^3, Eq. (10)",
      .quantity(WattPerCubicHertz.self, in: DeviceLimits.kappa), &group.kappa)
    let power = NumberKind.quantity(Watt.self, in: DeviceLimits.power)
    read("power_min", "least transmit power, Eq. (22b)", power, &group.powerMin)
    read("power_max", "largest transmit power, Eq. (22b)", power, &group.powerMax)
    read("samples", "local samples D_n", .whole(in: DeviceLimits.samples), &group.samples)
    if hidesSamples { section.hide("samples") }
    let circuits = NumberKind.quantity(Watt.self, in: DeviceLimits.circuitPower)
    read(
      "circuit_power", "power of the radio's circuits while it transmits; the paper has none", circuits,
      &group.circuitPower)
    read(
      "amplifier_efficiency", "radiated over drawn power, in (0, 1]",
      .quantity(One.self, in: DeviceLimits.amplifierEfficiency), &group.amplifierEfficiency)
    read(
      "receive_power", "power of the radio's circuits while it receives, under 'downlink'", circuits,
      &group.receivePower)
    section.omit("receive_power", if: group.receivePower == .constant(0))
    optional(
      "memory", "memory for a device's part of the model and that part's training; null: nothing limits it",
      .quantity(Bit.self, in: DeviceLimits.memory), &group.memory, or: group.knownMemory, in: section, read)
    optional(
      "lora_rank", "rank of the adapters that stand on a device; null: training.adapters.lora.rank",
      .whole(in: DeviceLimits.adapterRank), &group.adapterRank, or: group.knownAdapterRank, in: section, read)
    // A file whose rows have both powers has compared them row by row.
    let areCompared = file?.values["power_min"] != nil && file?.values["power_max"] != nil
    if !isGrouped, !areCompared { checkPowers(group, in: section) }
  }

  /// What a device need not have; a scenario in which it is not known resolves without the key.
  private static func optional(
    _ key: String, _ summary: String, _ kind: NumberKind, _ value: inout Distribution?, or standard: Distribution,
    in section: Section, _ read: (String, String, NumberKind, inout Distribution) -> Void
  ) {
    let given = section.value(of: key)
    guard value != nil || !(given?.isNull ?? true) else {
      _ = section.declare(key, summary, default: "null", allowed: kind.rangeText)
      section.note(key, .scalar(.null))
      return section.omit(key, if: true)
    }
    var own = standard
    read(key, summary, kind, &own)
    value = own
  }

  private static let clockSummary = "GPU clock f_n; with 'optimise: true, levels: 16' the device picks a level up to it"

  /// The clock, which may also say `optimise: true, levels: 16`: the device then picks one of the levels of its clock.
  private static func clock(_ section: Section, _ group: inout Scenario.DeviceGroup, count: Int?) {
    let key = "clock"
    let kind = NumberKind.quantity(HertzUnit.self, in: DeviceLimits.clock)
    if let given = section.declare(
      key, clockSummary, default: group.clock.resolved(kind).flowText, allowed: "\(kind.rangeText); varies")
    {
      var value = given
      var switches: [YAMLValue.Pair] = []
      if case .map(let pairs) = given.content {
        switches = pairs.filter { ["optimise", "levels"].contains($0.key) }
        value.content = .map(pairs.filter { !["optimise", "levels"].contains($0.key) })
      }
      if !switches.isEmpty {
        let inner = Section(switches, path: section.path(key), position: given.position, reading: section.reading)
        var (isOptimised, levels) = (false, 16)
        inner.boolean("optimise", "whether the device picks its clock", &isOptimised)
        inner.integer("levels", "clocks to pick from", in: 1...256, &levels)
        if !isOptimised, inner.has("levels") { section.fail(key, value, "'levels' goes with 'optimise: true'") }
        group.clockLevels = isOptimised ? levels : 1
      }
      if case .map(let rest) = value.content, rest.isEmpty, !switches.isEmpty { return }
      group.clock = section.distribution(key, value, kind, count: count) ?? group.clock
    }
    let resolved = group.clock.resolved(kind)
    guard group.clockLevels > 1 else { return section.note(key, resolved) }
    var entries = [ResolvedNode.Entry("value", resolved)]
    if case .map(let inner) = resolved { entries = inner }
    entries += [.init("optimise", .scalar(.bool(true))), .init("levels", .scalar(.integer(group.clockLevels)))]
    section.note(key, .map(entries))
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
  /// The memory, without a limit where none is known yet.
  var knownMemory: Distribution {
    get { memory ?? .constant(DeviceLimits.memory.upperBound) }
    set { memory = newValue }
  }

  /// The adapters' rank, the least where none is known yet.
  var knownAdapterRank: Distribution {
    get { adapterRank ?? .constant(Double(DeviceLimits.adapterRank.lowerBound)) }
    set { adapterRank = newValue }
  }

  /// The distance, the paper's where none is known yet.
  var knownDistance: Distribution {
    get { distance ?? .uniform(low: 50, high: 1000) }
    set { distance = newValue }
  }
}
