import Allocation
import Foundation
import Randomness
import Testing
import Units
import Wireless

@Suite("Instances in files")
struct InstanceTests {
  /// A valid instance of two devices and one block, in which `old` is replaced.
  static func text(replacing old: String = "", with new: String = "") -> String {
    let device = """
      {"clock_hz": 1e9, "cores": 4, "flops_per_cycle": 1, "kappa_w_per_hz3": 1e-29, "work_flop": 8e9, \
      "power_min_w": 0.1, "power_max_w": 1, "data_share": 0.5}
      """
    let whole = """
      {"schema": 1, "name": "two", "uplink": {"block_bandwidth_hz": 2e7, "noise_w": 8e-14, "gain": [[1e-12], [2e-12]]}, \
      "deadline_s": 5, "bits_min": 4, "bits_max": 8, "payload_bits_at_32": 3.2e7, "objective": {"kind": "ratio"}, \
      "server": {"clock_hz": 3e9, "cores": 1000, "flops_per_cycle": 1, "work_flop": 3e11}, \
      "devices": [\(device), \(device)], \
      "policies": {"rb": {"device_on_block": [1]}, "bcd": {"initial_block": [0, 0]}}}
      """
    return old.isEmpty ? whole : whole.replacingOccurrences(of: old, with: new)
  }

  /// What is wrong with `text`, without the places, which ``places()`` is about.
  static func issues(_ text: String) -> [String] {
    placed(text).map { $0.replacing(/^x\.json:[0-9]+:[0-9]+: (?!not valid JSON)/, with: "x.json: ") }
  }

  static func placed(_ text: String) -> [String] {
    do {
      _ = try Instance(json: text, file: "x.json")
      return []
    } catch let error as InputError {
      return error.issues.map(\.description)
    } catch {
      return ["unexpected: \(error)"]
    }
  }

  @Test("a file's quantities become the problem's times and energies")
  func problem() throws {
    let problem = try Instance(json: Self.text()).problem
    // Eq. (9): 8e9 / (1e9 · 4 · 1) = 2 s. Eq. (10): 1e-29 · 1e27 · 2 = 0.02 J. Eq. (11): 3e11 / (3e9 · 1000) = 0.1 s.
    #expect(problem.devices[1].computeTime == Seconds(2))
    #expect(abs(problem.devices[1].computeEnergy.value - 0.02) < 1e-15)
    #expect(abs(problem.devices[1].serverTime.value - 0.1) < 1e-15)
    // Eq. (13): 3.2e7 · 5 / 32 = 5e6 bit.
    #expect(problem.levels.map(\.bits) == [4, 5, 6, 7, 8])
    #expect(problem.levels[1].payload == Bits(5e6))
    #expect(problem.gains.row(device: 1) == [2e-12])
    #expect(problem.objective == .ratio)
  }

  @Test("every reference case reads, and writing it back gives an equal instance", arguments: ReferenceCase.names)
  func roundTrip(name: String) throws {
    let instance = try ReferenceCase.load(name).instance
    #expect(instance.name == name)
    #expect(try Instance(json: instance.json) == instance)
  }

  /// The instance of ``text(replacing:with:)`` in version 2, in which `old` is replaced.
  static func second(replacing old: String = "", with new: String = "") -> String {
    let device = """
      "compute_time_s": 2, "compute_energy_j": 0.02, "server_time_s": 0.1, "power_min_w": 0.1, "power_max_w": 1, \
      "data_share": 0.5}
      """
    let whole = """
      {"schema": 2, "name": "two", "blocks": 1, "bandwidth_hz": 2e7, "noise_w": 8e-14, "gains": [[1e-12], [2e-12]], \
      "deadline_s": 5, "bits": [4, 5, 6, 7, 8], "payload_bits": [4e6, 5e6, 6e6, 7e6, 8e6], \
      "objective": {"kind": "ratio"}, "devices": [{"device": 0, \(device), {\(device)], \
      "policies": {"rb": {"device_on_block": [1]}, "bcd": {"initial_block": [0, 0]}}}
      """
    return old.isEmpty ? whole : whole.replacingOccurrences(of: old, with: new)
  }

  @Test("both versions of a file state one problem")
  func versions() throws {
    var (first, second) = (try Instance(json: Self.text()), try Instance(json: Self.second()))
    #expect(first.json.hasPrefix("{\"schema\": 2, "))
    // 1e-29 · 1e27 · 2 and 3e11 / 3e12 round to neighbours of 0.02 and 0.1.
    for device in first.problem.devices.indices {
      let (one, other) = (first.problem.devices[device], second.problem.devices[device])
      #expect(abs(one.computeEnergy / other.computeEnergy - 1) < 1e-15)
      #expect(abs(one.serverTime / other.serverTime - 1) < 1e-15)
      first.problem.devices[device].computeEnergy = other.computeEnergy
      first.problem.devices[device].serverTime = other.serverTime
    }
    #expect(first == second)
    second.problem.devices[1].deadlineBroadcast = Seconds(1)
    #expect(first != second)
    for open in ["\"deadline_s\": null", "\"blocks\": 1"] {
      let text = Self.second(replacing: "\"deadline_s\": 5", with: open).replacingOccurrences(
        of: "\"blocks\": 1, ", with: "")
      #expect(try Instance(json: text).problem.deadline == .infinity)
    }
  }

  @Test(
    "a mistake in version 2 is answered as one in version 1",
    arguments: [
      ("\"blocks\": 1", "\"blocks\": 2", "x.json: blocks: 2 is not 1"),
      ("\"device\": 0", "\"device\": 1", "x.json: devices[0].device: 1 is not 0"),
      ("[4, 5, 6, 7, 8]", "[4, 5, 7, 6, 8]", "x.json: bits: must be a rising list of at least one number"),
      ("8e6]", "8e6, 9e6]", "x.json: payload_bits: has 6 numbers; 5 are needed, one for every number of bits"),
      ("\"gains\"", "\"gain\"", "x.json: gain: unknown key; did you mean gains?"),
      (
        "[2e-12]", "[-2e-12]",
        "x.json: gains[1][0]: -2e-12 is not a number, 0 or more, that noise_w divides into a finite one"
      ),
      (
        "\"compute_time_s\"", "\"radio_energy\": {\"tr38.840\": {}}, \"compute_time_s\"",
        "x.json: devices[1].radio_energy.tr38840: missing"
      ),
      (
        "\"compute_time_s\"", "\"circuit_power_w\": 1, \"radio_energy\": {\"tr38840\": {}}, \"compute_time_s\"",
        "x.json: devices[1].circuit_power_w: does not go with radio_energy, which says all that the radio draws; leave one out"
      ),
      ("\"compute_time_s\"", "\"clock_hz\"", "x.json: devices[1].compute_time_s: missing"),
      ("\"deadline_s\": 5", "\"deadline_s\": 0", "x.json: deadline_s: 0 is not a number above 0"),
    ])
  func mistakesOfSecond(old: String, new: String, expected: String) {
    #expect(Self.issues(Self.second(replacing: old, with: new)).contains(expected), "\(expected)")
  }

  @Test("what our problems say beyond the reference's schema reads back")
  func extraKeys() throws {
    var instance = try Instance(json: Self.text())
    for (level, payload) in [1e6, 2e6, 3e6, 4e6, 4.5e6].enumerated() {
      instance.problem.levels[level].payload = Bits(payload)
    }
    instance.problem.clockScales = [0.5, 0.1 + 0.2 + 0.5, 1]
    instance.problem.devices[0].circuitPower = Watts(0.05)
    instance.problem.devices[0].amplifierEfficiency = 0.3
    instance.problem.devices[1].radio = .tr38840(unit: Watts(0.1 + 0.2))
    instance.problem.devices[1].deadlineSteps = 70
    instance.problem.devices[1].deadlineUpload = Bits(7.5e7)
    instance.problem.devices[1].leastClockScale = 1
    instance.problem.devices[1].receivePower = Watts(0.2)
    instance.problem.devices[1].deadlineDownload = Bits(3e7)
    instance.problem.devices[1].deadlineBroadcast = Seconds(0.25)
    instance.problem.downlink = Downlink(power: Watts(10), noise: Watts(1e-13), gradient: Bits(2e6))
    instance.problem.objective = .difference(weight: Joules(2.5))
    instance.equalPower = Watts(0.7)
    instance.unquantizedBits = 12
    instance.name = "tab\t\"quote\" \\ \u{1} ä"
    let read = try Instance(json: instance.json)
    #expect(read == instance && read.problem.devices == instance.problem.devices)
    #expect(read.problem.levels == instance.problem.levels && read.problem.downlink == instance.problem.downlink)
  }

  @Test(
    "a mistake is answered with its key, its value and what is allowed",
    arguments: [
      ("\"deadline_s\": 5", "\"deadline_s\": -5", "x.json: deadline_s: -5 is not a number above 0"),
      ("\"deadline_s\": 5", "\"deadline_s\": \"5 s\"", "x.json: deadline_s: \"5 s\" is not a number above 0"),
      ("\"deadline_s\": 5", "\"deadline_s\": null", "x.json: deadline_s: null is not a number above 0"),
      (
        "\"deadline_s\": 5", "\"deadline_s\": 1e999",
        "x.json:1:129: not valid JSON: the number 1e999 is beyond ±1.8e308"
      ),
      ("\"schema\": 1", "\"schema\": 3", "x.json: schema: 3 is not a whole number from 1 to 2"),
      ("\"bits_min\": 4", "\"bits_min\": 4.5", "x.json: bits_min: 4.5 is not a whole number from 1 to 32"),
      ("\"bits_min\": 4", "\"bits_min\": 9", "x.json: bits_max: 8 is below bits_min 9"),
      ("\"bits_max\": 8", "\"bits_max\": 1e30", "x.json: bits_max: 1e+30 is not a whole number from 1 to 32"),
      ("[[1e-12], [2e-12]]", "[[1e-12]]", "x.json: uplink.gain: has 1 rows; 2 are needed, one for every device"),
      ("[2e-12]", "[2e-12, 1]", "x.json: uplink.gain[1]: has 2 numbers; 1 are needed, one for every block"),
      ("[2e-12]", "5", "x.json: uplink.gain[1]: 5 is not a list of numbers"),
      ("[[1e-12], [2e-12]]", "[[], []]", "x.json: uplink.gain[0]: is empty; at least one block is needed"),
      ("[1]", "[2]", "x.json: policies.rb.device_on_block[0]: 2 is not a whole number from -1 to 1"),
      ("[0, 0]", "[0, 1]", "x.json: policies.bcd.initial_block[1]: 1 is not 0"),
      ("[0, 0]", "[0]", "x.json: policies.bcd.initial_block: has 1 numbers; 2 are needed, one for every device"),
      (
        "\"ratio\"", "\"ration\"",
        "x.json: objective.kind: \"ration\" is not one of ratio, difference; did you mean ratio?"
      ),
      ("\"ratio\"", "\"difference\"", "x.json: objective.weight_j: missing"),
      ("\"name\": \"two\"", "\"name\": [2]", "x.json: name: a list of 1 is not a text"),
      ("\"noise_w\"", "\"nois_w\"", "x.json: uplink.nois_w: unknown key; did you mean noise_w?"),
    ])
  func mistakes(old: String, new: String, expected: String) {
    #expect(Self.issues(Self.text(replacing: old, with: new)).contains(expected), "\(expected)")
  }

  @Test("a negative gain is named by its row and column")
  func negativeGain() {
    let issues = Self.issues(Self.text(replacing: "[2e-12]", with: "[-2e-12]"))
    #expect(issues.count == 1)
    #expect(issues.first?.hasPrefix("x.json: uplink.gain[1][0]: -2e-12 is not a number, 0 or more") == true)
  }

  @Test("all mistakes of a file come at once")
  func allAtOnce() {
    let broken = Self.text(replacing: "\"power_max_w\": 1", with: "\"power_max_w\": 0.01")
      .replacingOccurrences(of: "\"deadline_s\": 5, ", with: "")
      .replacingOccurrences(of: "\"cores\": 1000", with: "\"core\": 1000")
    #expect(
      Self.issues(broken) == [
        "x.json: devices[0].power_min_w: 0.1 exceeds power_max_w 0.01",
        "x.json: devices[1].power_min_w: 0.1 exceeds power_max_w 0.01",
        "x.json: deadline_s: missing",
        "x.json: server.core: unknown key; did you mean cores?",
        "x.json: server.cores: missing",
      ])
  }

  @Test("figures that overflow are refused instead of becoming infinite")
  func overflow() {
    let issues = Self.issues(Self.text(replacing: "\"clock_hz\": 1e9", with: "\"clock_hz\": 1e150"))
    #expect(issues.count == 2 && issues[0].hasPrefix("x.json: devices[0]: computes for 2e-141 s with inf J"))
    #expect(!Self.issues(Self.text(replacing: "[2e-12]", with: "[1e300]")).isEmpty)
  }

  @Test(
    "text that is no instance is answered",
    arguments: [
      "", "   \n", "null", "[]", "3", "\"x\"", "{", "{}", "{\"schema\": NaN}", "nan", "{\"a\": 1} {\"b\": 2}",
      String(repeating: "[", count: 100_000), "{\"instance\": 5}", "\u{0}",
      "{\"devices\": [], \"uplink\": {\"gain\": []}}",
    ])
  func garbage(text: String) {
    let issues = Self.issues(text)
    #expect(!issues.isEmpty)
    #expect(issues.allSatisfy { $0.hasPrefix("x.json:") })
  }

  @Test("text that is no JSON is answered with the line and the column")
  func syntax() {
    #expect(
      Self.issues("{\n \"schema\": NaN}") == [
        "x.json:2:12: not valid JSON: JSON has no NaN and no Infinity"
      ])
    #expect(
      Self.issues("{\"schema\": 1") == ["x.json:1:13: not valid JSON: the text ends where ',' or '}' is expected"])
    #expect(
      Self.issues(Self.text(replacing: "\"bits_min\"", with: "\n \"deadline_s\"")) == [
        "x.json:2:2: not valid JSON: the key \"deadline_s\" stands twice in this object"
      ])
  }

  @Test("a wrong value stands with its line and column, an unknown key with the key's, a missing one with its object's")
  func places() {
    let text = Self.text(replacing: "[2e-12]", with: "\n [-1e-12]")
      .replacingOccurrences(of: "\"deadline_s\": 5,", with: "\n\"deadline_s\":\n  -5,")
      .replacingOccurrences(of: "\"flops_per_cycle\": 1, \"work_flop\": 3e11", with: "\n    \"wrok_flop\": 3e11")
    let issues = Self.placed(text).map { String($0.prefix { $0 != " " }) + " " + String($0.split(separator: " ")[1]) }
    #expect(
      issues == [
        "x.json:2:3: uplink.gain[1][0]:", "x.json:4:3: deadline_s:", "x.json:5:5: server.wrok_flop:",
        "x.json:4:108: server.flops_per_cycle:", "x.json:4:108: server.work_flop:",
      ])
    #expect(
      Self.placed("{\"instance\":\n {\"schema\": 3}}").contains(
        "x.json:2:13: instance.schema: 3 is not a whole number from 1 to 2"))
    #expect(Self.placed("\u{FEFF} [1]") == ["x.json:1:5: a list of 1 is not an object"])
  }

  @Test("a hundred thousand unknown keys, and one that is as long, are answered with what is allowed")
  func unknownKeys() {
    let many = "{" + (0..<100_000).map { "\"k\($0)\": 1" }.joined(separator: ", ") + "}"
    let issues = Self.placed(many)
    #expect(issues.count == InputError.limit)
    #expect(issues[99].hasPrefix("x.json:1:982: k99: unknown key; allowed: schema, name"))
    let long = Self.placed("{\"" + String(repeating: "x", count: 100_000) + "\": 1}")
    #expect(long[0].hasPrefix("x.json:1:2: \(String(repeating: "x", count: 80)): unknown key; allowed: schema, name"))
  }

  @Test("thousands of mistakes are counted, not all printed")
  func manyMistakes() {
    let row = "[" + Array(repeating: "-1", count: 1000).joined(separator: ", ") + "]"
    do {
      _ = try Instance(json: Self.text(replacing: "[1e-12]", with: row))
      Issue.record("a negative gain was accepted")
    } catch let error as InputError {
      #expect(error.issues.count == InputError.limit)
      #expect(error.description.hasSuffix("and \(error.omitted) more") && error.omitted >= 900)
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("a line of a .jsonl file is named in its errors; blank lines are skipped")
  func lines() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.jsonl").path
    let good = Self.text()
    try "\(good)\n\n\(good)\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try Instance.read(path: path).count == 2)
    let bad = Self.text(replacing: "\"deadline_s\": 5", with: "\"deadline_s\": 0")
    try "\(good)\n\n\(bad)\n{'a'}".write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: InputError.self) { try Instance.read(path: path) }
    #expect(error?.issues.first?.description == "\(path):3:129: deadline_s: 0 is not a number above 0")
    #expect(error?.issues.last?.description.hasPrefix("\(path):4:2: not valid JSON") == true)
    for wrong in [folder.path, "\(folder.path)/none.json", "\(folder.path).txt", "/dev/null"] {
      #expect(throws: InputError.self) { try Instance.read(path: wrong) }
    }
  }

  @Test("an instance made of a round's problem states the same problem, and the blocks that policies would draw")
  func drawn() throws {
    for seed in 0..<4 {
      let problem = ProblemKind.clockLevels.problem(devices: 6, blocks: 3, seed: seed)
      let context = RoundContext(round: 9, seed: Seed(12))
      let instance = try Instance(
        name: "drawn", problem: problem, context: context, equalPower: Watts(1), unquantizedBits: 32)
      let read = try Instance(json: instance.json)
      #expect(read == instance)
      #expect(read.problem.levels == problem.levels && read.problem.devices == problem.devices)
      #expect(read.problem.gains.row(device: 5) == problem.gains.row(device: 5))
      // With the file's blocks another seed gives what the policies drew themselves.
      for policy in [BCDPolicy() as any Policy, RestrictedPolicy(matching: .random)] {
        let ours = try policy.allocate(problem, in: context).objective
        #expect(try policy.allocate(read.problem, in: read.context(seed: Seed(99))).objective == ours)
      }
      #expect(read.settings(for: "ep") == ["power": .power(Watts(1))])
      #expect(read.settings(for: "nq") == ["bits": .integer(32)])
      #expect(read.settings(for: "bcd").isEmpty)
    }
  }
}
