import Allocation
import JSON
import Processes
import Randomness
import Units

/// A policy that is a program of its own, in any language: it is told a problem a round as a line of JSON and answers
/// with a line, an allocation.
///
/// ```
/// → {"type": "hello", "protocol": 1, "scenario": {…}, "seed": 1, "repetition": 0, "round": 1, "state": null, "problem": {…}}
/// ← {"type": "ready", "protocol": 1, "name": "greedy"}
/// → {"type": "problem", "round": 1, "gains": [[…], …], "last": null}
/// ← {"type": "allocation", "round": 1, "assignments": [{"device": 0, "block": 3, "power_w": 0.2, "bits": 8}, …]}
/// ```
///
/// A hello begins a run: one program serves many runs, one after another, and is to forget the one before. What of the
/// answer's `power_w`, `bits`, `clock_scale` and `cut` is missing is chosen so that the objective is largest. An answer that
/// breaks (22a–g) ends the run with the constraint, the device and the numbers, or is treated as another `ViolationRule`
/// says; `last` then tells the program of it. An answer that is none always ends the run. `state`, any JSON of up to a million bytes
/// in an answer, is kept with the run's checkpoints and handed back in the hello of a run that goes on. What the program had yet
/// to learn of the round before, `last` tells it then as if the run had never stopped.
///
/// Where what a device has is not the same in every round, as with an expected wait at the server, the problem's `devices` come
/// again in a message whenever they have changed.
///
/// One session at a time may use a program.
public struct ExternalPolicy: RememberingPolicy, @unchecked Sendable {
  /// The version of the protocol.
  public static let protocolVersion = 1
  /// The longest line that a program may answer with, in bytes.
  public static let longestLine = 16 << 20
  /// The longest `state`, in bytes.
  public static let longestState = 1 << 20

  fileprivate let command: [String]
  fileprivate let directory: String?
  fileprivate let timeout: Duration
  /// What becomes of a round in which an answer breaks a constraint.
  public let violationRule: ViolationRule
  fileprivate let scenario: JSONValue
  fileprivate let companions: ExternalProcessPool

  /// A policy that `command` decides, run in `directory`, with so much time for every answer.
  ///
  /// - Parameters:
  ///   - scenario: The resolved scenario, for the program to read.
  ///   - companions: Where the program is, or will be, running.
  public init(
    command: [String], directory: String? = nil, timeout: Seconds, onViolation rule: ViolationRule = .error,
    scenario: JSONValue, companions: ExternalProcessPool
  ) {
    violationRule = rule
    self.command = command
    self.directory = directory
    self.timeout = .seconds(timeout.value)
    self.scenario = scenario
    self.companions = companions
  }

  /// The program may decide by what it saw before.
  public func session(resuming memory: PolicyMemory?) -> Session {
    Session(policy: self, state: memory?.note, last: memory?.untold)
  }

  /// A run's conversation with the program.
  public struct Session: PolicySession {
    fileprivate let policy: ExternalPolicy
    /// The `state` of the last answer.
    fileprivate var state: String?
    /// What the last round came to, as JSON, for the next problem.
    fileprivate var last: String?
    /// The devices as the program was told of them last; `nil` before the hello.
    fileprivate var told: [DeviceConstants]?
    /// The program's state, and what it learns of the last round with the next problem.
    public var memory: PolicyMemory? { PolicyMemory(note: state, untold: last) }
  }
}

extension ExternalPolicy.Session {
  /// Asks the program.
  ///
  /// - Throws: `PolicyError` that says what the program did, or which constraint its answer breaks.
  public mutating func allocate(_ problem: Problem, in context: RoundContext) throws -> Allocation {
    do {
      if told == nil { try greet(problem, context) }
      var line = Array("{\"type\":\"problem\",\"round\":\(context.round),\"gains\":".utf8)
      line.appendGains(of: problem)
      if problem.devices != told {
        line += Array(",\"devices\":\(problem.devicesJSON.text(.line))".utf8)
        told = problem.devices
      }
      line += Array(",\"last\":\(last ?? "null")}\n".utf8)
      let program = try companion()
      try program.write(line, within: policy.timeout)
      let answer = try message(from: program, expecting: "allocation")
      guard answer["round"]?.integer == context.round else {
        throw ProtocolViolation(
          "answered for round \(answer["round"]?.text(.line) ?? "none"), and this is round \(context.round)")
      }
      let allocation = try problem.allocation(of: answer, onViolation: policy.violationRule)
      try keepState(of: answer)
      return allocation
    } catch let error as CompanionError {
      endProgram()
      throw PolicyError("policy external: \(error)")
    } catch let refusal as ProtocolViolation {
      endProgram()
      throw PolicyError("policy external: '\(policy.command.joined(separator: " ").prefix(200))' \(refusal.reason)")
    }
  }

  /// Keeps the outcome for the next problem.
  public mutating func observe(_ outcome: RoundOutcome) { last = outcome.json.text(.line) }

  // MARK: - Messages

  private func companion() throws(CompanionError) -> Companion {
    try policy.companions.companion(.policy, policy.command, policy.directory)
  }

  /// Another one, if it comes to that, is greeted anew.
  private mutating func endProgram() {
    policy.companions.end(.policy, policy.command, policy.directory)
    told = nil
  }

  private mutating func greet(_ problem: Problem, _ context: RoundContext) throws {
    let kept = try state.map { try JSONValue(parsing: $0) } ?? .null
    let hello: JSONValue = [
      "type": "hello", "protocol": .integer(ExternalPolicy.protocolVersion), "seed": JSONValue(context.seed.value),
      "repetition": .integer(Int(context.seed.repetition)), "round": .integer(context.round), "state": kept,
      "problem": problem.json, "scenario": policy.scenario,
    ]
    let program = try companion()
    try program.write(Array((hello.text(.line) + "\n").utf8), within: policy.timeout)
    let ready = try message(from: program, expecting: "ready")
    try ProtocolViolation.check(ready, speaks: ExternalPolicy.protocolVersion)
    told = problem.devices
  }

  private func message(from program: Companion, expecting type: String) throws -> JSONValue {
    let line = try program.readLine(limit: ExternalPolicy.longestLine, within: policy.timeout)
    let value: JSONValue
    do {
      value = try JSONValue(parsing: line)
    } catch {
      throw ProtocolViolation("answered what is no JSON (\(error)): \(ProtocolViolation.shortened(line))")
    }
    try ProtocolViolation.check(value, isOfType: type)
    return value
  }

  private mutating func keepState(of answer: JSONValue) throws {
    guard let given = answer["state"] else { return }
    let text = given.text(.line)
    guard text.utf8.count <= ExternalPolicy.longestState else {
      throw ProtocolViolation(
        "asked to keep a state of \(text.utf8.count) bytes; \(ExternalPolicy.longestState) are allowed")
    }
    state = text
  }
}
