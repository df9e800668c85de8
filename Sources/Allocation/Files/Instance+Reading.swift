import JSON
import Units
import Wireless

extension Instance {
  /// Reads a file of instances: one in a `.json` file, one a line in a `.jsonl` file. An instance is an object of the
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

  private static let keys = [
    "schema", "name", "uplink", "deadline_s", "bits_min", "bits_max", "payload_bits_at_32", "payload_bits",
    "clock_scales", "downlink", "objective", "server", "devices", "policies",
  ]
  private static let deviceKeys = [
    "clock_hz", "cores", "flops_per_cycle", "kappa_w_per_hz3", "work_flop", "power_min_w", "power_max_w", "data_share",
    "circuit_power_w", "amplifier_efficiency", "deadline_steps", "deadline_upload_bits",
    "receive_power_w", "deadline_download_bits", "deadline_broadcast_s", "least_clock_scale",
  ]

  private static func parse(_ node: JSONValue, _ issues: InputIssues) -> Instance? {
    if node["instance"] != nil {
      let wrapper = ["instance", "note", "expected", "objective_relative_tolerance"]
      return JSONObjectReader(node, at: "", known: wrapper, issues: issues)?
        .object("instance", known: keys).flatMap { parse($0) }
    }
    return JSONObjectReader(node, at: "", known: keys, issues: issues).flatMap { parse($0) }
  }

  private static func parse(_ reader: JSONObjectReader) -> Instance? {
    let issues = reader.issues
    let before = issues.count
    _ = reader.integer("schema", 1...1)
    let name = reader.has("name") ? reader.text("name") : ""
    let nodes = reader.list("devices")
    if nodes?.isEmpty == true { reader.note("devices", "is empty; at least one device is needed") }
    let devices = nodes.map { nodes in
      nodes.enumerated().compactMap { index, node in
        JSONObjectReader(node, at: reader.keyPath("devices[\(index)]"), known: deviceKeys, issues: issues)
          .flatMap { Device($0) }
      }
    }
    let uplink = reader.object("uplink", known: ["block_bandwidth_hz", "noise_w", "gain"])
    let bandwidth = uplink?.number("block_bandwidth_hz", .positive)
    let noise = uplink?.number("noise_w", .positive)
    let gains = uplink.flatMap { matrix($0, deviceCount: nodes?.count, noise: noise) }
    let deadline = reader.number("deadline_s", .positive)
    let bits = bitRange(reader)
    let payload = reader.number("payload_bits_at_32", .positive)
    let payloads =
      reader.has("payload_bits")
      ? reader.numbers("payload_bits", .positive, count: bits?.count, of: "number of bits from bits_min to bits_max")
      : nil
    let scales = reader.has("clock_scales") ? clocks(reader) : [1]
    let downlink = reader.has("downlink") ? Downlink(reader) : nil
    let objective = Objective(reader)
    let server = Server(reader)
    let blockCount = gains?.blockCount
    let policies = reader.has("policies") ? reader.object("policies", known: ["ep", "nq", "rb", "bcd"]) : nil
    let power = policies.flatMap { option("power_w", of: "ep", $0) }?.number("power_w", .positive)
    let unquantized = policies.flatMap { option("bits", of: "nq", $0) }?.integer("bits", 1...32)
    let onBlock = policies.flatMap { option("device_on_block", of: "rb", $0) }
      .flatMap { devicesOnBlocks($0, deviceCount: nodes?.count, blockCount: blockCount) }
    let initial = policies.flatMap { option("initial_block", of: "bcd", $0) }
      .flatMap { blocks($0, deviceCount: nodes?.count, blockCount: blockCount) }

    guard issues.count == before, let name, let devices, let bandwidth, let noise, let gains, let deadline, let bits,
      let payload, let scales, let objective, let server
    else { return nil }
    return Instance(
      name: name, devices: devices, server: server, blockBandwidth: Hertz(bandwidth), noise: Watts(noise),
      gains: gains, deadline: Seconds(deadline), bitsMin: bits.lowerBound, bitsMax: bits.upperBound,
      payloadAt32: Bits(payload), payloads: payloads?.map { Bits($0) }, clockScales: scales, downlink: downlink,
      objective: objective,
      equalPower: power.map { Watts($0) }, unquantizedBits: unquantized, deviceOnBlock: onBlock,
      initialBlocks: initial)
  }

  private static func option(_ key: String, of policy: String, _ policies: JSONObjectReader) -> JSONObjectReader? {
    policies.has(policy) ? policies.object(policy, known: [key]) : nil
  }

  private static func bitRange(_ reader: JSONObjectReader) -> ClosedRange<Int>? {
    let bounds = (reader.integer("bits_min", 1...32), reader.integer("bits_max", 1...32))
    guard let low = bounds.0, let high = bounds.1 else { return nil }
    guard low <= high else {
      reader.note("bits_max", "\(high) is below bits_min \(low)")
      return nil
    }
    return low...high
  }

  private static func clocks(_ reader: JSONObjectReader) -> [Double]? {
    guard let scales = reader.numbers("clock_scales", .positiveShare, count: nil, of: "clock") else { return nil }
    guard !scales.isEmpty, zip(scales, scales.dropFirst()).allSatisfy({ $0 < $1 }) else {
      reader.note("clock_scales", "must be a rising list of at least one number")
      return nil
    }
    return scales
  }

  private static func matrix(_ uplink: JSONObjectReader, deviceCount: Int?, noise: Double?) -> GainMatrix? {
    guard let rows = uplink.list("gain"), let deviceCount else { return nil }
    guard rows.count == deviceCount else {
      uplink.note("gain", "has \(rows.count) rows; \(deviceCount) are needed, one for every device")
      return nil
    }
    let rule = NumberRule(allowed: "a number, 0 or more, that noise_w divides into a finite one") {
      $0 >= 0 && ($0 / (noise ?? 1)).isFinite
    }
    var values: [Double] = []
    var blockCount: Int?
    for (index, row) in rows.enumerated() {
      let path = uplink.keyPath("gain[\(index)]")
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

extension Instance.Device {
  fileprivate init?(_ reader: JSONObjectReader) {
    let clock = reader.number("clock_hz", .positive)
    let cores = reader.number("cores", .positive)
    let flopsPerCycle = reader.number("flops_per_cycle", .positive)
    let kappa = reader.number("kappa_w_per_hz3", .positive)
    let work = reader.number("work_flop", .positive)
    let powerMin = reader.number("power_min_w", .nonNegative)
    let powerMax = reader.number("power_max_w", .positive)
    let dataShare = reader.number("data_share", .share)
    let circuitPower = reader.number("circuit_power_w", .nonNegative, otherwise: 0)
    let efficiency = reader.number("amplifier_efficiency", .positiveShare, otherwise: 1)
    let steps = reader.number("deadline_steps", .positive, otherwise: 1)
    let upload = reader.number("deadline_upload_bits", .nonNegative, otherwise: 0)
    let receivePower = reader.number("receive_power_w", .nonNegative, otherwise: 0)
    let download = reader.number("deadline_download_bits", .nonNegative, otherwise: 0)
    let broadcast = reader.number("deadline_broadcast_s", .nonNegative, otherwise: 0)
    let leastClock = reader.number("least_clock_scale", .share, otherwise: 0)
    if let powerMin, let powerMax, powerMin > powerMax {
      reader.note("power_min_w", "\(JSONValue.shown(powerMin)) exceeds power_max_w \(JSONValue.shown(powerMax))")
    }
    guard let clock, let cores, let flopsPerCycle, let kappa, let work, let powerMin, let powerMax, let dataShare,
      let circuitPower, let efficiency, let steps, let upload, let receivePower, let download, let broadcast,
      let leastClock
    else { return nil }
    self.init(
      clock: Hertz(clock), cores: cores, flopsPerCycle: flopsPerCycle, kappa: WattsPerCubicHertz(kappa),
      work: Flops(work), powerMin: Watts(powerMin), powerMax: Watts(powerMax), dataShare: dataShare,
      circuitPower: Watts(circuitPower), amplifierEfficiency: efficiency, deadlineSteps: steps,
      deadlineUpload: Bits(upload), receivePower: Watts(receivePower), deadlineDownload: Bits(download),
      deadlineBroadcast: Seconds(broadcast), leastClockScale: leastClock)
    let energy = computeEnergy.value
    if !(energy.isFinite && energy > 0 && computeTime.isFinite) {
      reader.issues.add(
        reader.path,
        "computes for \(computeTime) with \(computeEnergy) by Eq. (9) and (10); both must be finite and "
          + "the energy above 0: check clock_hz, cores, flops_per_cycle, kappa_w_per_hz3 and work_flop")
    }
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

extension Instance.Server {
  fileprivate init?(_ instance: JSONObjectReader) {
    guard let reader = instance.object("server", known: ["clock_hz", "cores", "flops_per_cycle", "work_flop"]) else {
      return nil
    }
    let clock = reader.number("clock_hz", .positive)
    let cores = reader.number("cores", .positive)
    let flopsPerCycle = reader.number("flops_per_cycle", .positive)
    let work = reader.number("work_flop", .nonNegative)
    guard let clock, let cores, let flopsPerCycle, let work else { return nil }
    self.init(clock: Hertz(clock), cores: cores, flopsPerCycle: flopsPerCycle, work: Flops(work))
    if !time.isFinite {
      reader.issues.add(reader.path, "serves a step in \(time) by Eq. (11); it must be finite")
    }
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
