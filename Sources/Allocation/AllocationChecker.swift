import Units
import Wireless

/// Holds an allocation against the constraints (22a–g) and against the closed form.
///
/// Deadlines and powers are tested with ``Problem/tolerance``: the least feasible power puts T_n exactly on T_max.
public enum AllocationChecker {
  /// What is wrong with an allocation.
  public struct Violation: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The constraint, `22a` to `22g`, or the equation that a figure contradicts.
    public var constraint: String
    /// The device.
    public var device: Int
    /// The block, as the allocation has it.
    public var block: Int
    /// The numbers.
    public var message: String

    /// A violation of `constraint` by what was chosen for a device.
    public init(constraint: String, device: Int, block: Int, message: String) {
      self.constraint = constraint
      self.device = device
      self.block = block
      self.message = message
    }

    /// `(22a) device 3: latency 5.2 s exceeds the deadline 5.0 s`.
    public var description: String { "(\(constraint)) device \(device): \(message)" }
  }

  /// One participant as a solver in any language names it: the costs follow from it.
  public struct Choice: Sendable, Hashable {
    /// n, from 0.
    public var device: Int
    /// k, from 0.
    public var block: Int
    /// p_n.
    public var power: Watts
    /// q_n.
    public var bits: Int
    /// The clock as a share of the device's own.
    public var clockScale: Double
    /// Index of the cut in ``Problem/cuts``.
    public var cut: Int

    /// A participant; its own clock and the first cut unless said otherwise.
    public init(device: Int, block: Int, power: Watts, bits: Int, clockScale: Double = 1, cut: Int = 0) {
      self.device = device
      self.block = block
      self.power = power
      self.bits = bits
      self.clockScale = clockScale
      self.cut = cut
    }
  }

  /// Every violation of (22a–g), and every figure that the closed form (9)–(17), (21) contradicts; empty if all holds.
  public static func violations(of allocation: Allocation, in problem: Problem) -> [Violation] {
    let choices = allocation.assignments.map {
      Choice(
        device: $0.device, block: $0.block, power: $0.power, bits: $0.bits, clockScale: $0.clockScale, cut: $0.cut)
    }
    var (violations, priced) = check(choices, in: problem)
    for (given, priced) in zip(allocation.assignments, priced) {
      guard let priced, given != priced else { continue }
      for (name, value, expected) in given.figures(against: priced) where !agree(value, expected) {
        violations.append(
          Violation(
            constraint: "9-21", device: given.device, block: given.block,
            message: "\(name) is given as \(value), but the closed form says \(expected)"))
      }
    }
    let sum = allocation.assignments.reduce(0) { $0 + $1.value }
    if !agree(allocation.objective, sum), let first = allocation.assignments.first {
      violations.append(
        Violation(
          constraint: "21", device: first.device, block: first.block,
          message: "and the others sum to the objective \(sum), which is given as \(allocation.objective)"))
    }
    return violations
  }

  /// Every violation of (22a–g) by `choices`, and each choice with its costs: `nil` where it names no device, block or
  /// option of the problem.
  public static func check(
    _ choices: [Choice], in problem: Problem
  ) -> (violations: [Violation], priced: [Assignment?]) {
    var violations: [Violation] = []
    var seats = Seats(capacity: choices.count)
    let priced = choices.map { choice -> Assignment? in
      let (broken, assignment) = examine(choice, beside: seats, in: problem)
      violations += broken
      seats.take(choice)
      return assignment
    }
    return (violations, priced)
  }

  /// The choices that keep (22a–g) beside those kept before them, in order, and what the others break: where two hold one
  /// device or block, the first that can have it does.
  public static func admissible(
    _ choices: [Choice], in problem: Problem
  ) -> (kept: [Assignment], violations: [Violation]) {
    var kept: [Assignment] = []
    var violations: [Violation] = []
    var seats = Seats(capacity: choices.count)
    for choice in choices {
      let (broken, assignment) = examine(choice, beside: seats, in: problem)
      violations += broken
      guard broken.isEmpty, let assignment else { continue }
      seats.take(choice)
      kept.append(assignment)
    }
    return (kept, violations)
  }

  /// Who holds what.
  private struct Seats {
    private(set) var blockOfDevice: [Int: Int]
    private(set) var deviceOnBlock: [Int: Int]

    init(capacity: Int) {
      (blockOfDevice, deviceOnBlock) = (Dictionary(minimumCapacity: capacity), Dictionary(minimumCapacity: capacity))
    }

    mutating func take(_ choice: Choice) {
      blockOfDevice[choice.device] = choice.block
      deviceOnBlock[choice.block] = choice.device
    }
  }

  /// What a choice breaks beside those that hold `seats`, and the choice with its costs.
  private static func examine(
    _ choice: Choice, beside seats: Seats, in problem: Problem
  ) -> (violations: [Violation], priced: Assignment?) {
    var violations: [Violation] = []
    func violate(_ constraint: String, _ message: String) {
      violations.append(
        Violation(constraint: constraint, device: choice.device, block: choice.block, message: message))
    }
    guard problem.devices.indices.contains(choice.device) else {
      violate("22g", "there is no such device; the last is \(problem.devices.count - 1)")
      return (violations, nil)
    }
    guard choice.block >= 0, choice.block < problem.blockCount else {
      violate("22g", "there is no block \(choice.block); the last is \(problem.blockCount - 1)")
      return (violations, nil)
    }
    if let block = seats.blockOfDevice[choice.device] {
      violate("22e", "holds block \(choice.block) and also block \(block)")
    }
    if let device = seats.deviceOnBlock[choice.block], problem.devices.indices.contains(device) {
      violate("22f", "holds block \(choice.block), which device \(device) holds too")
    }
    let terms = problem.devices[choice.device]
    if let message = powerViolation(choice.power, terms) { violate("22b", message) }
    guard problem.cuts.indices.contains(choice.cut) else {
      violate("22", "there is no cut \(choice.cut); the last is \(problem.cuts.count - 1)")
      return (violations, nil)
    }
    if !problem.allows(cut: choice.cut, of: choice.device) { violate("22", problem.tooLittleMemory(choice)) }
    let level = problem.levels.first { $0.cut == choice.cut && $0.bits == choice.bits }
    let scales = problem.clockScales[problem.clocks(of: terms)]
    let scale = scales.first { agree($0, choice.clockScale) }
    if level == nil {
      let ofCut = problem.levels.filter { $0.cut == choice.cut }
      let allowed = ofCut.first.map { "\($0.bits) to \(ofCut[ofCut.count - 1].bits)" } ?? "of that cut: it has none"
      violate("22c", "\(choice.bits) bits are not among the levels \(allowed)")
    }
    if scale == nil { violate("22", "the clock share \(choice.clockScale) is not among \(Array(scales))") }
    let gain = problem.gains.gain(device: choice.device, block: choice.block)
    if gain == 0 { violate("22a", noLink(on: choice.block)) }
    guard let level, let scale, choice.power.isFinite else { return (violations, nil) }
    let assignment = Assignment(
      pricing: problem, device: choice.device, block: choice.block, gain: gain, power: choice.power, level: level,
      clockScale: scale)
    if gain > 0,
      let message = deadlineViolation(
        assignment, problem.constants(of: choice.device, cut: choice.cut), problem.deadline)
    {
      violate("22a", message)
    }
    return (violations, assignment)
  }

  /// That a pair has no link, in words.
  public static func noLink(on block: Int) -> String {
    "has no link on block \(block): its gain is 0, so its upload never ends"
  }

  private static func powerViolation(_ power: Watts, _ terms: DeviceConstants) -> String? {
    let slack = Problem.tolerance
    if power >= terms.powerMin * (1 - slack), power <= terms.powerMax * (1 + slack) { return nil }
    return "power \(power) is outside \(terms.powerMin) to \(terms.powerMax)"
  }

  private static func deadlineViolation(_ assignment: Assignment, _ terms: DeviceConstants, _ deadline: Seconds)
    -> String?
  {
    guard assignment.uplinkTime.isFinite else {
      return "its upload on block \(assignment.block) never ends at \(assignment.rate)"
    }
    let time = terms.deadlineTime(of: assignment)
    if time <= deadline * (1 + Problem.tolerance) { return nil }
    let counted =
      terms.deadlineSteps == 1 && terms.deadlineUpload == .zero
      ? "latency" : "time of \(terms.deadlineSteps) steps and \(terms.deadlineUpload) of upload"
    return "\(counted) \(time) exceeds the deadline \(deadline)"
  }

  private static func agree(_ left: Double, _ right: Double) -> Bool {
    left == right || abs(left - right) <= Problem.tolerance * max(abs(left), abs(right))
  }
}

extension Problem {
  /// That a device lacks the memory for the cut that was chosen, in words.
  fileprivate func tooLittleMemory(_ choice: AllocationChecker.Choice) -> String {
    let cut = cuts[choice.cut]
    let name = cut.name.isEmpty ? "its part of the model" : "the cut '\(cut.name)'"
    let device = devices[choice.device]
    return "\(name) takes \(cut.memory + device.addedMemory) of memory, and the device has \(device.memory)"
  }
}

extension DeviceConstants {
  /// The time that the deadline (22a) bounds: the counted steps' T_n, the counted upload and download.
  public func deadlineTime(of assignment: Assignment) -> Seconds {
    let upload = deadlineUpload == .zero ? .zero : deadlineUpload / assignment.rate
    return assignment.latency * deadlineSteps + upload + assignment.downloadTime
  }
}

extension Assignment {
  /// The figures that follow from a choice, beside those of the same choice priced anew.
  fileprivate func figures(against priced: Assignment) -> [(name: String, given: Double, priced: Double)] {
    [
      ("payload", payload.value, priced.payload.value), ("rate", rate.value, priced.rate.value),
      ("compute time", computeTime.value, priced.computeTime.value),
      ("server time", serverTime.value, priced.serverTime.value),
      ("uplink time", uplinkTime.value, priced.uplinkTime.value),
      ("compute energy", computeEnergy.value, priced.computeEnergy.value),
      ("uplink energy", uplinkEnergy.value, priced.uplinkEnergy.value),
      ("downlink time", downlinkTime.value, priced.downlinkTime.value),
      ("downlink energy", downlinkEnergy.value, priced.downlinkEnergy.value), ("value", value, priced.value),
    ]
  }
}
