import Allocation
import JSON
import Units
import Wireless

/// An answer as an external policy gives it, and what it is told of a round.
extension Problem {
  /// The allocation that an answer names, its costs by the closed form; what breaks a constraint is treated by `rule`.
  ///
  /// - Throws: ``ProtocolViolation`` for an answer without shape, or the first constraint that it breaks and may not.
  func allocation(of answer: JSONValue, onViolation rule: ViolationRule) throws(ProtocolViolation) -> Allocation {
    guard let items = answer["assignments"]?.elements else { throw ProtocolViolation("answered no list 'assignments'") }
    guard items.count <= devices.count * max(1, blockCount) else {
      throw ProtocolViolation(
        "answered \(items.count) assignments for \(devices.count) devices on \(blockCount) blocks")
    }
    var choices: [AllocationChecker.Choice] = []
    var violations: [AllocationChecker.Violation] = []
    for item in items {
      switch try choice(item) {
      case .success(let choice): choices.append(choice)
      case .failure(let violation): violations.append(violation.violation)
      }
    }
    let (kept, broken) = AllocationChecker.admissible(choices, in: self)
    violations += broken
    if rule == .error, let first = violations.first {
      throw ProtocolViolation(
        "broke a constraint: \(first)" + (violations.count > 1 ? ", and \(violations.count - 1) more" : ""))
    }
    var allocation = Allocation(assignments: rule == .penalty && !violations.isEmpty ? [] : kept)
    allocation.violations = violations
    return allocation
  }

  /// Nothing that an answer leaves open keeps the constraints.
  private struct NoWay: Error { var violation: AllocationChecker.Violation }

  private static let keys = ["device", "block", "power_w", "bits", "clock_scale"]

  /// One assignment; what it leaves open is chosen for the largest objective.
  private func choice(_ item: JSONValue) throws(ProtocolViolation) -> Result<AllocationChecker.Choice, NoWay> {
    guard let members = item.members else {
      throw ProtocolViolation("answered the assignment \(item.text(.line).prefix(80)), which is no object")
    }
    if let unknown = members.first(where: { !Self.keys.contains($0.key) }) {
      throw ProtocolViolation(
        "answered an assignment with '\(unknown.key.prefix(60))'; its keys are \(Self.keys.joined(separator: ", "))")
    }
    func number(_ key: String) throws(ProtocolViolation) -> Double? {
      guard let value = item[key], value != .null else { return nil }
      guard let number = value.double, number.isFinite else {
        throw ProtocolViolation("answered '\(key)': \(value.text(.line).prefix(60)), which is no number")
      }
      return number
    }
    func whole(_ key: String) throws(ProtocolViolation) -> Int? {
      guard let number = try number(key) else { return nil }
      guard let whole = Int(exactly: number) else {
        throw ProtocolViolation("answered '\(key)': \(number), no whole number")
      }
      return whole
    }
    guard let device = try whole("device"), let block = try whole("block") else {
      throw ProtocolViolation("answered an assignment without 'device' and 'block': \(item.text(.line).prefix(80))")
    }
    let (power, bits, scale) = (try number("power_w"), try whole("bits"), try number("clock_scale"))
    if let power, let bits, let scale {
      return .success(.init(device: device, block: block, power: Watts(power), bits: bits, clockScale: scale))
    }
    return completed(device: device, block: block, power: power, bits: bits, clockScale: scale)
  }

  private func completed(
    device: Int, block: Int, power: Double?, bits: Int?, clockScale: Double?
  ) -> Result<AllocationChecker.Choice, NoWay> {
    let anyway = AllocationChecker.Choice(
      device: device, block: block, power: Watts(power ?? 0), bits: bits ?? levels[0].bits,
      clockScale: clockScale ?? 1)
    guard devices.indices.contains(device), (0..<blockCount).contains(block) else { return .success(anyway) }
    var open = self
    if let clockScale {
      guard clockScales.contains(clockScale) else { return .success(anyway) }
      open.clockScales = [clockScale]
    }
    let restriction = Restriction(bits: bits.map { $0...$0 }, power: power.map { .fixed(Watts($0)) } ?? .optimal)
    let gain = gains.gain(device: device, block: block)
    guard gain > 0 else {
      return .failure(
        NoWay(
          violation: .init(
            constraint: "22a", device: device, block: block, message: AllocationChecker.noLink(on: block))))
    }
    guard let best = EdgeValuation(open, restriction: restriction).best(device: device, gain: gain) else {
      if power != nil, bits != nil { return .success(anyway) }
      return .failure(
        NoWay(
          violation: .init(
            constraint: "22a", device: device, block: block,
            message: "nothing that is left open meets the deadline \(deadline) on block \(block), whose gain is \(gain)"
          )))
    }
    return .success(
      .init(
        device: device, block: block, power: power.map { Watts($0) } ?? best.power, bits: levels[best.level].bits,
        clockScale: open.clockScales[best.clock]))
  }
}

extension RoundOutcome {
  /// What the round came to, for the next problem.
  var json: JSONValue {
    [
      "round": .integer(round), "objective": .number(allocation.objective),
      "participants": .array(
        participants.map {
          [
            "device": .integer($0.device), "late": .bool($0.isLate), "time_s": .number($0.time.value),
            "energy_j": .number($0.energy.value),
          ]
        }),
      "violations": .array(
        allocation.violations.map {
          [
            "constraint": .string($0.constraint), "device": .integer($0.device), "block": .integer($0.block),
            "message": .string($0.message),
          ]
        }),
    ]
  }
}

extension [UInt8] {
  /// The gains as a list of lists, each number in the shortest form that reads back.
  mutating func appendGains(of problem: Problem) {
    append(UInt8(ascii: "["))
    for device in problem.devices.indices {
      append(contentsOf: device == 0 ? "[".utf8 : ",[".utf8)
      for (block, gain) in problem.gains.row(device: device).enumerated() {
        if block > 0 { append(UInt8(ascii: ",")) }
        append(contentsOf: gain.description.utf8)
      }
      append(UInt8(ascii: "]"))
    }
    append(UInt8(ascii: "]"))
  }
}
