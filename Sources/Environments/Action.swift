import Allocation
import Units

/// What somebody outside decides of a round.
public enum Action {
  /// Who is on each block, and how; what is left open is chosen so that the objective is largest.
  case blocks([OpenChoice])
  /// A score per device: the highest take part as long as all fit in, who has less than 0 does not.
  case scores([Double])
  /// Bits per device, `nil` for no part; a matching finds the blocks.
  case bits([Int?])
}

extension Problem {
  /// The allocation that an action comes to.
  ///
  /// - Throws: ``EnvironmentError`` where the action does not fit the problem, or breaks a constraint and may not.
  func allocation(of action: Action, onViolation rule: ViolationRule) throws -> Allocation {
    switch action {
    case .scores(let scores):
      guard scores.count == devices.count else {
        throw EnvironmentError("\(scores.count) scores for \(devices.count) devices")
      }
      if let device = scores.firstIndex(where: \.isNaN) {
        throw EnvironmentError("the score of device \(device) is nan")
      }
      return allocation(ranking: scores)
    case .bits(let bits):
      guard bits.count == devices.count else {
        throw EnvironmentError("bits of \(bits.count) devices, not \(devices.count)")
      }
      let known = Set(levels.map(\.bits))
      for (device, bits) in bits.enumerated() {
        guard let bits, !known.contains(bits) else { continue }
        throw EnvironmentError(
          "\(bits) bits for device \(device); 0 for no part and \(levels.map { "\($0.bits)" }.joined(separator: ", ")) are allowed"
        )
      }
      return allocation(bits: bits)
    case .blocks(let open):
      let (choices, unanswerable) = OpenChoice.completed(open, in: self)
      let (kept, broken) = AllocationChecker.admissible(choices, in: self)
      let violations = unanswerable + broken
      if rule == .error, let first = violations.first {
        throw EnvironmentError("the action broke a constraint: \(first)")
      }
      var allocation = Allocation(assignments: rule == .penalty && !violations.isEmpty ? [] : kept)
      allocation.violations = violations
      return allocation
    }
  }
}
