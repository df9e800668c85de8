import JSON
import Units
import Wireless

/// One participant as an answer names it, in a file or from an external policy; what it leaves open is chosen so that the
/// objective is largest.
public struct OpenChoice: Sendable, Hashable {
  /// n, from 0.
  public var device: Int
  /// k, from 0.
  public var block: Int
  /// p_n.
  public var power: Watts?
  /// q_n.
  public var bits: Int?
  /// The clock as a share of the device's own.
  public var clockScale: Double?
  /// Index of the cut in ``Problem/cuts``.
  public var cut: Int?

  /// A participant of which nothing else is given unless said otherwise.
  public init(
    device: Int, block: Int, power: Watts? = nil, bits: Int? = nil, clockScale: Double? = nil, cut: Int? = nil
  ) {
    (self.device, self.block, self.power, self.bits, self.clockScale) = (device, block, power, bits, clockScale)
    self.cut = cut
  }

  /// Reads a list of assignments; in each `device` and `block` must stand.
  ///
  /// - Throws: ``InputError`` with everything that is wrong, by paths like `assignments[2].power_w`.
  public static func list(_ assignments: [JSONValue]) throws -> [OpenChoice] {
    let issues = InputIssues(file: "answer")
    let choices = read(assignments, at: "assignments", ignoringOthers: false, issues)
    try issues.throwIfAny()
    return choices
  }

  /// The assignments that can be read; what is wrong with the others is noted.
  static func read(
    _ assignments: [JSONValue], at path: String, ignoringOthers: Bool, _ issues: InputIssues
  ) -> [OpenChoice] {
    assignments.enumerated().compactMap { index, node in
      JSONObjectReader(
        node, at: "\(path)[\(index)]", known: ["device", "block", "power_w", "bits", "clock_scale", "cut"],
        ignoringOthers: ignoringOthers, issues: issues
      ).flatMap { OpenChoice($0) }
    }
  }

  private init?(_ reader: JSONObjectReader) {
    let index = -1_000_000_000...1_000_000_000
    let anyNumber = NumberRule(allowed: "a number") { $0.isFinite }
    let before = reader.issues.count
    func isGiven(_ key: String) -> Bool { reader.has(key) && !reader.isNull(key) }
    let (device, block) = (reader.integer("device", index), reader.integer("block", index))
    let power = isGiven("power_w") ? reader.number("power_w", anyNumber) : nil
    let bits = isGiven("bits") ? reader.integer("bits", index) : nil
    let scale = isGiven("clock_scale") ? reader.number("clock_scale", anyNumber) : nil
    let cut = isGiven("cut") ? reader.integer("cut", index) : nil
    guard reader.issues.count == before, let device, let block else { return nil }
    self.init(device: device, block: block, power: power.map { Watts($0) }, bits: bits, clockScale: scale, cut: cut)
  }

  /// The choices with what they left open, and what those break for which nothing will do.
  public static func completed(
    _ choices: [OpenChoice], in problem: Problem
  ) -> (choices: [AllocationChecker.Choice], violations: [AllocationChecker.Violation]) {
    var completed: [AllocationChecker.Choice] = []
    var violations: [AllocationChecker.Violation] = []
    let edges = EdgeValuation(problem)
    for choice in choices {
      do {
        completed.append(try choice.completed(in: problem, among: edges))
      } catch {
        violations.append(error)
      }
    }
    return (completed, violations)
  }

  /// The choice with what was left open, the best that there is.
  ///
  /// - Parameter all: The problem's edges, where nothing is given.
  private func completed(
    in problem: Problem, among all: EdgeValuation
  ) throws(AllocationChecker.Violation) -> AllocationChecker.Choice {
    let anyway = AllocationChecker.Choice(
      device: device, block: block, power: power ?? .zero, bits: bits ?? problem.levels[0].bits,
      clockScale: clockScale ?? 1, cut: cut ?? 0)
    let hasCut = cut != nil || problem.cuts.count == 1
    if power != nil, bits != nil, clockScale != nil, hasCut { return anyway }
    guard problem.devices.indices.contains(device), (0..<problem.blockCount).contains(block) else {
      return anyway
    }
    if let clockScale, !problem.clockScales.contains(clockScale) { return anyway }
    if let cut, !problem.cuts.indices.contains(cut) { return anyway }
    func broken(_ message: String) -> AllocationChecker.Violation {
      AllocationChecker.Violation(constraint: "22a", device: device, block: block, message: message)
    }
    let gain = problem.gains.gain(device: device, block: block)
    guard gain > 0 else { throw broken(AllocationChecker.noLink(on: block)) }
    let isOpen = power == nil && bits == nil && clockScale == nil && cut == nil
    let found =
      isOpen ? all.best(device: device, gain: gain) : edges(of: problem).best(device: device, gain: gain)
    guard let best = found else {
      if power != nil, bits != nil { return anyway }
      throw broken(
        "nothing that is left open meets the deadline \(problem.deadline) on block \(block), whose gain is \(gain)")
    }
    return AllocationChecker.Choice(
      device: device, block: block, power: power ?? best.power, bits: problem.levels[best.level].bits,
      clockScale: clockScale ?? problem.clockScales[best.clock], cut: problem.levels[best.level].cut)
  }

  /// The problem's edges that agree with what is given.
  private func edges(of problem: Problem) -> EdgeValuation {
    var open = problem
    if let clockScale { open.clockScales = [clockScale] }
    return EdgeValuation(
      open,
      restriction: Restriction(
        bits: bits.map { $0...$0 }, power: power.map { .fixed($0) } ?? .optimal,
        cut: cut.map { problem.cuts[$0].name }))
  }
}
