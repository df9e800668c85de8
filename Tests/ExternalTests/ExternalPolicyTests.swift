import Allocation
import External
import Foundation
import JSON
import Randomness
import Testing
import Units
import Wireless

@Suite("The protocol of policies that are programs")
struct ExternalPolicyTests {
  private let problem = Problem(
    devices: (0..<2).map { _ in
      DeviceConstants(
        dataShare: 0.5, powerMin: Watts(0.1), powerMax: Watts(1), computeTime: Seconds(1), computeEnergy: Joules(2),
        serverTime: Seconds(0.5))
    },
    levels: (4...8).map { QuantizationLevel(bits: $0, payload: Bits(1e6 * Double($0))) }, bandwidth: Hertz(1e6),
    noise: Watts(1e-13), deadline: Seconds(5), objective: .ratio,
    gains: GainMatrix(deviceCount: 2, blockCount: 2, values: [1e-10, 2e-10, 3e-10, 1e-11]))

  /// The allocation that a shell script answers with.
  private func answer(_ text: String, round: Int = 1, to problem: Problem? = nil) throws -> Allocation {
    let script = "read -r hello; echo '{\"type\":\"ready\",\"protocol\":1}'; read -r problem; echo '\(text)'; cat"
    let policy = ExternalPolicy(
      command: ["sh", "-c", script], timeout: Seconds(20), scenario: ["name": "none"], companions: ExternalProcessPool()
    )
    return try policy.allocate(problem ?? self.problem, in: RoundContext(round: round, seed: Seed(1)))
  }

  @Test func whatAnAnswerLeavesOpenIsTheBestThereIs() throws {
    let pairs = #"[{"device":1,"block":0},{"device":0,"block":1}]"#
    let given = try answer(#"{"type":"allocation","round":1,"assignments":"# + pairs + "}")
    let best = ExactPolicy().allocate(problem, in: RoundContext(round: 1, seed: Seed(1)))
    #expect(given == best)
  }

  @Test func bitsAloneLeaveThePowerOpenAndPowerAloneTheBits() throws {
    let bits = try answer(#"{"type":"allocation","round":1,"assignments":[{"device":1,"block":0,"bits":5}]}"#)
    #expect(bits.assignments.map(\.bits) == [5])
    let power = try answer(#"{"type":"allocation","round":1,"assignments":[{"device":1,"block":0,"power_w":0.75}]}"#)
    #expect(power.assignments.map(\.power) == [Watts(0.75)])
  }

  @Test func aPairWithoutALinkIsAnErrorThatSaysSo() {
    var unlinked = problem
    unlinked.gains = GainMatrix(deviceCount: 2, blockCount: 2, values: [1e-10, 2e-10, 3e-10, 0])
    for rest in ["", #","power_w":0.5"#, #","power_w":0.5,"bits":4"#] {
      #expect {
        try answer(
          #"{"type":"allocation","round":1,"assignments":[{"device":1,"block":1"# + rest + "}]}", to: unlinked)
      } throws: { "\($0)".contains("(22a) device 1: has no link on block 1: its gain is 0, so its upload never ends") }
    }
  }

  @Test func aPowerBeyondTheLimitsIsAnErrorEvenWhereTheBitsAreOpen() {
    #expect(throws: PolicyError.self) {
      try answer(#"{"type":"allocation","round":1,"assignments":[{"device":1,"block":0,"power_w":7}]}"#)
    }
  }

  @Test func aSessionGreetsOnceAndAgainAfterAFailure() throws {
    // Answers with the number of lines since the last hello as its state, and with none of round 3.
    let script = #"""
      while read -r line; do
        case "$line" in
          *hello*) seen=0; echo '{"type":"ready","protocol":1}' ;;
          *'"round":3'*) exit ;;
          *) seen=$((seen + 1)); round=${line#*round\":}; round=${round%%,*}
            echo "{\"type\":\"allocation\",\"round\":$round,\"assignments\":[],\"state\":$seen}" ;;
        esac
      done
      """#
    let policy = ExternalPolicy(
      command: ["sh", "-c", script], timeout: Seconds(20), scenario: .null, companions: ExternalProcessPool())
    var session: ExternalPolicy.Session = policy.session(resuming: nil)
    func state(_ round: Int) throws -> String? {
      _ = try session.allocate(problem, in: RoundContext(round: round, seed: Seed(1)))
      return session.memory?.note
    }
    #expect(session.memory != nil)
    #expect(try [state(1), state(2)] == ["1", "2"])
    #expect(throws: PolicyError.self) { try state(3) }
    #expect(session.memory?.note == "2", "as before the round that failed")
    #expect(try [state(4), state(5)] == ["1", "2"])
    session = policy.session(resuming: session.memory)
    #expect(try state(6) == "1", "one program, another run")
  }

  @Test func aSessionThatIsResumedTellsWhatItsRunHadNotTold() throws {
    // Answers with what it was told of the last round as its state.
    let script = #"""
      while read -r line; do
        case "$line" in
          *hello*) echo '{"type":"ready","protocol":1}' ;;
          *) last=${line##*\"last\":}; round=${line#*round\":}; round=${round%%,*}
            echo "{\"type\":\"allocation\",\"round\":$round,\"assignments\":[],\"state\":${last%\}}}" ;;
        esac
      done
      """#
    let policy = ExternalPolicy(
      command: ["sh", "-c", script], timeout: Seconds(20), scenario: .null, companions: ExternalProcessPool())
    var session: ExternalPolicy.Session = policy.session(resuming: nil)
    let allocation = try session.allocate(problem, in: RoundContext(round: 1, seed: Seed(1)))
    #expect(session.memory?.note == "null")
    let participant = RoundOutcome.Participant(device: 0, isLate: true, time: Seconds(2), energy: Joules(3))
    session.observe(RoundOutcome(round: 1, allocation: allocation, participants: [participant]))
    let kept = try JSONDecoder().decode(PolicyMemory.self, from: JSONEncoder().encode(session.memory))

    session = policy.session(resuming: kept)
    _ = try session.allocate(problem, in: RoundContext(round: 2, seed: Seed(1)))
    let told = try JSONValue(parsing: #require(session.memory?.note))
    #expect(told["round"]?.integer == 1)
    #expect(told["participants"]?.elements?.first?["energy_j"]?.double == 3)
  }

  @Test func theHelloHasTheProblemAsInstanceFilesHaveIt() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let script = """
      read -r hello; printf '%s' "$hello" > '\(path)'; echo '{"type":"ready","protocol":1}'; read -r problem
      echo '{"type":"allocation","round":1,"assignments":[]}'; cat
      """
    let policy = ExternalPolicy(
      command: ["sh", "-c", script], timeout: Seconds(20), scenario: .null, companions: ExternalProcessPool())
    _ = try policy.allocate(problem, in: RoundContext(round: 1, seed: Seed(1)))
    let hello = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
    var members = try #require(hello["problem"]?.members)
    // What a program of the protocol's first days looks for.
    for key in ["blocks", "devices", "bits", "payload_bits", "bandwidth_hz", "noise_w", "deadline_s", "objective"] {
      #expect(members.contains { $0.key == key }, "\(key)")
    }
    members.append(.init("gains", .array([.numbers([1e-10, 2e-10]), .numbers([3e-10, 1e-11])])))
    #expect(try Instance(json: JSONValue.object(members).text(.line)) == Instance(problem: problem))
  }

  @Test func anotherProtocolIsRefused() {
    let policy = ExternalPolicy(
      command: ["sh", "-c", "read -r hello; echo '{\"type\":\"ready\",\"protocol\":2}'; cat"], timeout: Seconds(20),
      scenario: .null, companions: ExternalProcessPool())
    #expect {
      try policy.allocate(problem, in: RoundContext(round: 1, seed: Seed(1)))
    } throws: { "\($0)".contains("speaks protocol 2; this program speaks 1") }
  }
}
