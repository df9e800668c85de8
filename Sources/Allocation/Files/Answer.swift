import JSON
import Units

/// What the policies answered to one instance: `{"policies": {"exact": {…}, …}}`.
///
/// `airsplit solve` writes it; `airsplit check` reads it from a solver in any language, which need only give the
/// assignments' `device` and `block`, what of `power_w` and `bits` it decides, `clock_scale` where it is not 1, `cut` where it is not
/// 0 and, where it wants it checked, `objective`. Other keys are skipped.
public struct Answer: Sendable, Hashable {
  /// One policy's allocation as a file gives it.
  public struct Claim: Sendable, Hashable {
    /// The policy.
    public var policy: String
    /// U as the solver has it, where given.
    public var objective: Double?
    /// The participants, in the file's order.
    public var choices: [OpenChoice]
  }

  /// The policies' allocations, by name where read from a file.
  public var claims: [Claim]

  /// Reads a file of answers: one in a `.json` file, one per line in a `.jsonl` file.
  ///
  /// - Throws: ``InputError`` with everything that is wrong in the file.
  public static func read(path: String) throws -> [Answer] {
    try JSONLines.read(path: path, parse)
  }

  /// Reads the one answer in `text`; `file` names it in errors.
  ///
  /// - Throws: ``InputError``.
  public init(json text: String, file: String = "answer") throws {
    self = try JSONLines.parse(text, file: file, Self.parse)
  }

  /// The answer of `allocations` as one line of JSON, without a line break.
  ///
  /// Each policy has `objective`, `participants`, `energy_j`, `uplink_energy_j`, `bits_mean` and `latency_max_s` (both
  /// null without participants), `iterations` where it iterates, and `assignments`.
  public static func json(of allocations: [(policy: String, allocation: Allocation)]) -> String {
    let policies = JSONValue.object(allocations.map { JSONValue.Member($0.policy, $0.allocation.json) })
    return JSONValue.object([.init("policies", policies)]).text(.line)
  }

  private init(claims: [Claim]) { self.claims = claims }

  private static func parse(_ node: JSONValue, _ issues: InputIssues) -> Answer? {
    guard
      let reader = JSONObjectReader(node, at: "", known: ["policies"], ignoringOthers: true, issues: issues),
      let policies = reader.node("policies")
    else { return nil }
    guard let members = policies.members else {
      reader.note("policies", "\(policies.shown) is not an object")
      return nil
    }
    if members.isEmpty { reader.note("policies", "is empty; at least one policy is needed") }
    return Answer(claims: members.sorted { $0.key < $1.key }.compactMap { claim($0.key, $0.value, issues) })
  }

  private static func claim(_ policy: String, _ node: JSONValue, _ issues: InputIssues) -> Claim? {
    let known = ["objective", "assignments"]
    guard
      let reader = JSONObjectReader(
        node, at: "policies.\(JSONPlaces.shown(policy))", known: known, ignoringOthers: true, issues: issues),
      let nodes = reader.list("assignments")
    else { return nil }
    let anyNumber = NumberRule(allowed: "a number") { $0.isFinite }
    var choices = OpenChoice.read(nodes, at: reader.keyPath("assignments"), ignoringOthers: true, issues)
    // As ``json(of:)`` leaves a device's own clock and the first cut out.
    for index in choices.indices {
      choices[index].clockScale = choices[index].clockScale ?? 1
      choices[index].cut = choices[index].cut ?? 0
    }
    let objective = reader.has("objective") ? reader.number("objective", anyNumber) : nil
    return Claim(policy: policy, objective: objective, choices: choices)
  }
}

extension Allocation {
  /// E(t), Eq. (18): the participants' energy of one step.
  public var energy: Joules { assignments.reduce(.zero) { $0 + $1.energy } }
  /// The participants' uplink energy of one step.
  public var uplinkEnergy: Joules { assignments.reduce(.zero) { $0 + $1.uplinkEnergy } }
  /// Mean bits of the participants, `nil` without any.
  public var bitsMean: Double? {
    assignments.isEmpty ? .none : assignments.reduce(0) { $0 + Double($1.bits) } / Double(assignments.count)
  }
  /// The largest T_n of a step, `nil` without participants.
  public var latencyMax: Seconds? { assignments.map(\.latency).max() }

  fileprivate var json: JSONValue {
    JSONValue(omittingNil: [
      "objective": .number(objective), "participants": .integer(assignments.count), "energy_j": .number(energy.value),
      "uplink_energy_j": .number(uplinkEnergy.value), "bits_mean": bitsMean.map(JSONValue.number) ?? .null,
      "latency_max_s": latencyMax.map { .number($0.value) } ?? .null,
      "iterations": iterations.isEmpty ? .none : .integer(iterations.count),
      "assignments": .array(assignments.map(\.json)),
    ])
  }
}

extension Assignment {
  fileprivate var json: JSONValue {
    JSONValue(omittingNil: [
      "device": .integer(device), "block": .integer(block), "power_w": .number(power.value), "bits": .integer(bits),
      "clock_scale": clockScale == 1 ? .none : .number(clockScale),
      "cut": cut == 0 ? .none : .integer(cut), "rate_bps": .number(rate.value),
      "compute_time_s": .number(computeTime.value), "server_time_s": .number(serverTime.value),
      "uplink_time_s": .number(uplinkTime.value),
      "downlink_time_s": downlinkTime == .zero ? .none : .number(downlinkTime.value),
      "latency_s": .number(latency.value),
      "compute_energy_j": .number(computeEnergy.value), "uplink_energy_j": .number(uplinkEnergy.value),
      "downlink_energy_j": downlinkEnergy == .zero ? .none : .number(downlinkEnergy.value),
      "energy_j": .number(energy.value), "value": .number(value),
    ])
  }
}
