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
    let open: [OpenChoice]
    do {
      open = try OpenChoice.list(items)
    } catch {
      let first = (error as? InputError)?.issues.first
      throw ProtocolViolation("answered " + (first.map { "\($0.path): \($0.message)" } ?? "\(error)"))
    }
    let (choices, unanswerable) = OpenChoice.completed(open, in: self)
    let (kept, broken) = AllocationChecker.admissible(choices, in: self)
    let violations = unanswerable + broken
    if rule == .error, let first = violations.first {
      throw ProtocolViolation(
        "broke a constraint: \(first)" + (violations.count > 1 ? ", and \(violations.count - 1) more" : ""))
    }
    var allocation = Allocation(assignments: rule == .penalty && !violations.isEmpty ? [] : kept)
    allocation.violations = violations
    return allocation
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
