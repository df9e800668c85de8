import JSON
import Units
import Wireless

extension Instance {
  /// Reads a file of instances: one in a `.json` file, one per line in a `.jsonl` file. An instance is an object of the
  /// schema, or an object whose key `instance` holds one (beside `note` and `expected`, which are skipped).
  ///
  /// - Throws: ``InputError`` with everything that is wrong in the file.
  public static func read(path: String) throws -> [Instance] {
    try JSONLines.read(path: path) { node, issues in
      parse(node, issues)
    }
  }

  /// Reads the one instance in `text`; `file` names it in errors.
  ///
  /// - Throws: ``InputError``.
  public init(json text: String, file: String = "instance") throws {
    self = try JSONLines.parse(text, file: file) { node, issues in Self.parse(node, issues) }
  }

  /// What both versions call the same, of a problem and of a device. Version 1 states clocks, cores and work, version 2 the
  /// times and energies that follow from them by Eq. (9)-(11).
  private static let keys = [
    "deadline_s", "payload_bits", "cuts", "clock_scales", "downlink", "link", "objective", "devices", "policies",
  ]
  private static let keysOfVersion = [
    ["schema", "name", "uplink", "bits_min", "bits_max", "payload_bits_at_32", "server"],
    ["schema", "name", "blocks", "gains", "bandwidth_hz", "noise_w", "bits"],
  ]
  private static let deviceKeys = [
    "power_min_w", "power_max_w", "data_share", "circuit_power_w", "amplifier_efficiency", "radio_energy",
    "deadline_steps", "deadline_upload_bits",
    "receive_power_w", "deadline_download_bits", "deadline_broadcast_s", "least_clock_scale",
    "memory_bits", "added_memory_bits",
  ]
  private static let deviceKeysOfVersion = [
    ["clock_hz", "cores", "flops_per_cycle", "kappa_w_per_hz3", "work_flop"],
    ["device", "compute_time_s", "compute_energy_j", "server_time_s"],
  ]

  private static func parse(_ node: JSONValue, _ issues: InputIssues) -> Instance? {
    let inner = node["instance"]
    let isFirst = (inner ?? node)["schema"]?.double == 1
    let known = keysOfVersion[isFirst ? 0 : 1] + keys
    guard inner != nil else {
      return JSONObjectReader(node, at: "", known: known, issues: issues).flatMap { parse($0, isFirst) }
    }
    let wrapper = ["instance", "note", "expected", "objective_relative_tolerance"]
    return JSONObjectReader(node, at: "", known: wrapper, issues: issues)?
      .object("instance", known: known).flatMap { parse($0, isFirst) }
  }

  /// - Parameter isFirst: Whether the file is of version 1.
  private static func parse(_ reader: JSONObjectReader, _ isFirst: Bool) -> Instance? {
    let issues = reader.issues
    let before = issues.count
    _ = reader.integer("schema", 1...Problem.schema)
    let name = reader.has("name") ? reader.text("name") : ""
    let nodes = reader.list("devices")
    if nodes?.isEmpty == true { reader.note("devices", "is empty; at least one device is needed") }
    let known = deviceKeysOfVersion[isFirst ? 0 : 1] + deviceKeys
    var devices = nodes.map { nodes in
      nodes.enumerated().compactMap { index, node in
        JSONObjectReader(node, at: reader.keyPath("devices[\(index)]"), known: known, issues: issues)
          .flatMap { DeviceConstants($0, index, isFirst) }
      }
    }
    let uplink = isFirst ? reader.object("uplink", known: ["block_bandwidth_hz", "noise_w", "gain"]) : reader
    let bandwidth = uplink?.number(isFirst ? "block_bandwidth_hz" : "bandwidth_hz", .positive)
    let noise = uplink?.number("noise_w", .positive)
    let gains = uplink.flatMap { matrix($0, isFirst ? "gain" : "gains", deviceCount: nodes?.count, noise: noise) }
    let blockCount = gains?.blockCount
    if reader.has("blocks"), let blockCount { _ = reader.integer("blocks", blockCount...blockCount) }
    let isOpen = !isFirst && (reader.isNull("deadline_s") || !reader.has("deadline_s"))
    let deadline = isOpen ? .infinity : reader.number("deadline_s", .positive)
    let levels = isFirst ? levelsOfRange(reader) : levels(reader)
    let options = levels.flatMap { CutOption.list(reader, first: $0) }
    let scales = reader.has("clock_scales") ? clocks(reader) : [1]
    let downlink = reader.has("downlink") ? Downlink(reader) : nil
    let link = reader.has("link") ? Link(reader) : .ideal
    let objective = Objective(reader)
    if isFirst, let time = serverTime(reader) {
      for index in (devices ?? []).indices { devices?[index].serverTime = time }
    }
    let policies = reader.has("policies") ? reader.object("policies", known: ["ep", "nq", "rb", "bcd"]) : nil
    let power = policies.flatMap { option("power_w", of: "ep", $0) }?.number("power_w", .positive)
    let unquantized = policies.flatMap { option("bits", of: "nq", $0) }?.integer("bits", 1...32)
    let onBlock = policies.flatMap { option("device_on_block", of: "rb", $0) }
      .flatMap { devicesOnBlocks($0, deviceCount: nodes?.count, blockCount: blockCount) }
    let initial = policies.flatMap { option("initial_block", of: "bcd", $0) }
      .flatMap { blocks($0, deviceCount: nodes?.count, blockCount: blockCount) }

    if let options, let devices { CutOption.check(options.cuts, devices, downlink, reader) }
    guard issues.count == before, let name, let devices, let bandwidth, let noise, let gains, let deadline, let options,
      let scales, let link, let objective
    else { return nil }
    var instance = Instance(
      name: name,
      problem: Problem(
        devices: devices, levels: options.levels, cuts: options.cuts, clockScales: scales, bandwidth: Hertz(bandwidth),
        noise: Watts(noise),
        deadline: Seconds(deadline), objective: objective, gains: gains, downlink: downlink,
        link: link))
    instance.equalPower = power.map { Watts($0) }
    (instance.unquantizedBits, instance.deviceOnBlock, instance.initialBlocks) = (unquantized, onBlock, initial)
    return instance
  }

  private static func option(_ key: String, of policy: String, _ policies: JSONObjectReader) -> JSONObjectReader? {
    policies.has(policy) ? policies.object(policy, known: [key]) : nil
  }

  /// S(q) by Eq. (13) from the payload at 32 bits, unless `payload_bits` says otherwise.
  private static func levelsOfRange(_ reader: JSONObjectReader) -> [QuantizationLevel]? {
    let bounds = (reader.integer("bits_min", 1...32), reader.integer("bits_max", 1...32))
    if let low = bounds.0, let high = bounds.1, low > high {
      reader.note("bits_max", "\(high) is below bits_min \(low)")
    }
    let range = bounds.0.flatMap { low in bounds.1.flatMap { low <= $0 ? low...$0 : nil } }
    let payload = reader.number("payload_bits_at_32", .positive)
    let given = reader.has("payload_bits")
    let payloads =
      given
      ? reader.numbers("payload_bits", .positive, count: range?.count, of: "number of bits from bits_min to bits_max")
      : range.flatMap { range in payload.map { payload in range.map { payload * Double($0) / 32 } } }
    guard let range, let payloads, payloads.count == range.count else { return nil }
    return zip(range, payloads).map { QuantizationLevel(bits: $0, payload: Bits($1)) }
  }

  private static func levels(_ reader: JSONObjectReader) -> [QuantizationLevel]? {
    let bits = reader.numbers("bits", .whole(1...32), count: nil, of: "level")
    let payloads = reader.numbers("payload_bits", .positive, count: bits?.count, of: "number of bits")
    guard let bits, let payloads else { return nil }
    guard !bits.isEmpty, zip(bits, bits.dropFirst()).allSatisfy({ $0 < $1 }) else {
      reader.note("bits", "must be a rising list of at least one number")
      return nil
    }
    return zip(bits, payloads).map { QuantizationLevel(bits: Int($0), payload: Bits($1)) }
  }

  private static func clocks(_ reader: JSONObjectReader) -> [Double]? {
    guard let scales = reader.numbers("clock_scales", .positiveShare, count: nil, of: "clock") else { return nil }
    guard !scales.isEmpty, zip(scales, scales.dropFirst()).allSatisfy({ $0 < $1 }) else {
      reader.note("clock_scales", "must be a rising list of at least one number")
      return nil
    }
    return scales
  }

  private static func matrix(
    _ uplink: JSONObjectReader, _ key: String, deviceCount: Int?, noise: Double?
  ) -> GainMatrix? {
    guard let rows = uplink.list(key), let deviceCount else { return nil }
    guard rows.count == deviceCount else {
      uplink.note(key, "has \(rows.count) rows; \(deviceCount) are needed, one for every device")
      return nil
    }
    let rule = NumberRule(allowed: "a number, 0 or more, that noise_w divides into a finite one") {
      $0 >= 0 && ($0 / (noise ?? 1)).isFinite
    }
    var values: [Double] = []
    var blockCount: Int?
    for (index, row) in rows.enumerated() {
      let path = uplink.keyPath("\(key)[\(index)]")
      guard
        let numbers = JSONObjectReader.numbers(
          row, at: path, rule, count: blockCount, of: "block", issues: uplink.issues)
      else { continue }
      if blockCount == nil {
        blockCount = numbers.count
        values.reserveCapacity(numbers.count * deviceCount)
        if numbers.isEmpty { uplink.issues.add(path, "is empty; at least one block is needed") }
      }
      values += numbers
    }
    guard let blockCount, values.count == blockCount * deviceCount else { return nil }
    return GainMatrix(deviceCount: deviceCount, blockCount: blockCount, values: values)
  }

  private static func devicesOnBlocks(_ rb: JSONObjectReader, deviceCount: Int?, blockCount: Int?) -> [Int]? {
    guard let deviceCount, let blockCount, deviceCount > 0 else { return nil }
    let rule = NumberRule.whole(-1...deviceCount - 1)
    guard let values = rb.numbers("device_on_block", rule, count: blockCount, of: "block") else { return nil }
    var seen = Set<Int>()
    for (block, value) in values.enumerated() where value >= 0 {
      if !seen.insert(Int(value)).inserted {
        rb.note("device_on_block[\(block)]", "device \(Int(value)) already holds an earlier block")
        return nil
      }
    }
    return values.map { Int($0) }
  }

  private static func blocks(_ bcd: JSONObjectReader, deviceCount: Int?, blockCount: Int?) -> [Int]? {
    guard let deviceCount, let blockCount, blockCount > 0 else { return nil }
    let rule = NumberRule.whole(0...blockCount - 1)
    return bcd.numbers("initial_block", rule, count: deviceCount, of: "device").map { $0.map { Int($0) } }
  }
}

extension DeviceConstants {
  fileprivate init?(_ reader: JSONObjectReader, _ index: Int, _ isFirst: Bool) {
    let computing = isFirst ? Self.computingOfClock(reader) : Self.computing(reader)
    let server = isFirst ? 0 : reader.number("server_time_s", .nonNegative)
    if reader.has("device") { _ = reader.integer("device", index...index) }
    let powerMin = reader.number("power_min_w", .nonNegative)
    let powerMax = reader.number("power_max_w", .positive)
    let dataShare = reader.number("data_share", .share)
    let circuitPower = reader.number("circuit_power_w", .nonNegative, otherwise: 0)
    let efficiency = reader.number("amplifier_efficiency", .positiveShare, otherwise: 1)
    let radio = RadioEnergy(reader)
    let steps = reader.number("deadline_steps", .positive, otherwise: 1)
    let upload = reader.number("deadline_upload_bits", .nonNegative, otherwise: 0)
    let receivePower = reader.number("receive_power_w", .nonNegative, otherwise: 0)
    let download = reader.number("deadline_download_bits", .nonNegative, otherwise: 0)
    let broadcast = reader.number("deadline_broadcast_s", .nonNegative, otherwise: 0)
    let leastClock = reader.number("least_clock_scale", .share, otherwise: 0)
    let memory = reader.number("memory_bits", .nonNegative, otherwise: .infinity)
    let addedMemory = reader.number(
      "added_memory_bits", NumberRule(allowed: "a number") { $0.isFinite }, otherwise: 0)
    if let powerMin, let powerMax, powerMin > powerMax {
      reader.note("power_min_w", "\(JSONValue.shown(powerMin)) exceeds power_max_w \(JSONValue.shown(powerMax))")
    }
    guard let computing, let server, let powerMin, let powerMax, let dataShare, let circuitPower, let efficiency,
      let radio, let steps, let upload, let receivePower, let download, let broadcast, let leastClock, let memory,
      let addedMemory
    else { return nil }
    self.init(
      dataShare: dataShare, powerMin: Watts(powerMin), powerMax: Watts(powerMax), computeTime: computing.time,
      computeEnergy: computing.energy, serverTime: Seconds(server), circuitPower: Watts(circuitPower),
      amplifierEfficiency: efficiency, deadlineSteps: steps, deadlineUpload: Bits(upload),
      receivePower: Watts(receivePower), deadlineDownload: Bits(download), deadlineBroadcast: Seconds(broadcast),
      leastClockScale: leastClock)
    (self.radio, self.memory, self.addedMemory) = (radio, Bits(memory), Bits(addedMemory))
  }

  private static func computing(_ reader: JSONObjectReader) -> (time: Seconds, energy: Joules)? {
    let (time, energy) = (reader.number("compute_time_s", .positive), reader.number("compute_energy_j", .positive))
    return time.flatMap { time in energy.map { (Seconds(time), Joules($0)) } }
  }

  /// T_n^dev and E_n^dev by Eq. (9) and (10), as version 1 states them.
  private static func computingOfClock(_ reader: JSONObjectReader) -> (time: Seconds, energy: Joules)? {
    let clock = reader.number("clock_hz", .positive)
    let cores = reader.number("cores", .positive)
    let flopsPerCycle = reader.number("flops_per_cycle", .positive)
    let kappa = reader.number("kappa_w_per_hz3", .positive)
    let work = reader.number("work_flop", .positive)
    guard let clock, let cores, let flopsPerCycle, let kappa, let work else { return nil }
    let time = StepCost.computeTime(work: Flops(work), speed: FlopsPerSecond(clock * cores * flopsPerCycle))
    let energy = StepCost.computeEnergy(kappa: WattsPerCubicHertz(kappa), clock: Hertz(clock), time: time)
    guard energy.isFinite, energy > .zero, time.isFinite else {
      reader.issues.add(
        reader.path,
        "computes for \(time) with \(energy) by Eq. (9) and (10); both must be finite and "
          + "the energy above 0: check clock_hz, cores, flops_per_cycle, kappa_w_per_hz3 and work_flop")
      return nil
    }
    return (time, energy)
  }
}

extension Downlink {
  fileprivate init?(_ instance: JSONObjectReader) {
    guard let reader = instance.object("downlink", known: ["power_w", "noise_w", "gradient_bits"]) else { return nil }
    let power = reader.number("power_w", .positive)
    let noise = reader.number("noise_w", .positive)
    let gradient = reader.number("gradient_bits", .nonNegative)
    guard let power, let noise, let gradient else { return nil }
    self.init(power: Watts(power), noise: Watts(noise), gradient: Bits(gradient))
  }
}

extension Instance {
  /// T^srv by Eq. (11), as version 1 states it.
  private static func serverTime(_ instance: JSONObjectReader) -> Seconds? {
    guard let reader = instance.object("server", known: ["clock_hz", "cores", "flops_per_cycle", "work_flop"]) else {
      return nil
    }
    let clock = reader.number("clock_hz", .positive)
    let cores = reader.number("cores", .positive)
    let flopsPerCycle = reader.number("flops_per_cycle", .positive)
    let work = reader.number("work_flop", .nonNegative)
    guard let clock, let cores, let flopsPerCycle, let work else { return nil }
    let time = StepCost.serverTime(work: Flops(work), speed: FlopsPerSecond(clock * cores * flopsPerCycle))
    if !time.isFinite { reader.issues.add(reader.path, "serves a step in \(time) by Eq. (11); it must be finite") }
    return time
  }
}

extension Objective {
  fileprivate init?(_ instance: JSONObjectReader) {
    guard let reader = instance.object("objective", known: ["kind", "weight_j"]) else { return nil }
    let kind = reader.word("kind", of: ["ratio", "difference"])
    let needsWeight = kind == "difference" || reader.has("weight_j")
    let weight = needsWeight ? reader.number("weight_j", .positive) : nil
    switch kind {
    case "ratio": self = .ratio
    case "difference":
      guard let weight else { return nil }
      self = .difference(weight: Joules(weight))
    default: return nil
    }
  }
}
