import Allocation
import Randomness
import Testing
import Units
import Wireless

@testable import Scenario

@Suite("Values of a scenario")
struct ValueReadingTests {
  private func group(_ line: String) throws -> Scenario.DeviceGroup {
    let text = minimal.replacing("devices: {}", with: "devices: {count: 3, \(line)}")
    return try #require(try ScenarioReader.read(text: text, file: "test.yaml").scenario.devices.groups.first)
  }

  @Test(
    "a distance may be plain or follow any distribution",
    arguments: [
      ("100 m", Distribution.constant(100)),
      ("0.5 km", .constant(500)),
      ("{value: 100 m}", .constant(100)),
      ("{uniform: [50 m, 1 km]}", .uniform(low: 50, high: 1000)),
      ("{choice: [50 m, 1 km]}", .choice([50, 1000])),
      ("{normal: {mean: 300 m, sd: 20 m}}", .normal(mean: 300, standardDeviation: 20)),
      ("{lognormal: {median: 300 m, sigma: 0.5}}", .lognormal(median: 300, sigma: 0.5)),
      ("{exponential: {mean: 300 m}}", .exponential(mean: 300)),
      ("{exponential: 300 m}", .exponential(mean: 300)),
      ("{each: [100 m, 200 m, 300 m]}", .each([100, 200, 300])),
    ])
  func distances(text: String, distribution: Distribution) throws {
    #expect(try group("distance: \(text)").distance == distribution)
  }

  @Test(
    "samples are whole numbers",
    arguments: [
      ("450", Distribution.constant(450)), ("{integer: [400, 500]}", .integer(low: 400, high: 500)),
      ("{integer: [5, 5]}", .integer(low: 5, high: 5)), ("{choice: [400, 500]}", .choice([400, 500])),
      ("{each: [1, 2, 3]}", .each([1, 2, 3])),
    ])
  func samples(text: String, distribution: Distribution) throws {
    #expect(try group("samples: \(text)").samples == distribution)
  }

  @Test("a clock may have levels to pick from, whatever it follows")
  func clockLevels() throws {
    #expect(try group("clock: {optimise: true}").clockLevels == 16)
    #expect(try group("clock: {optimise: true}").clock == .uniform(low: 1e9, high: 1.5e9))
    let slow = try group("clock: {value: 1.2 GHz, optimise: true, levels: 4}")
    #expect(slow.clock == .constant(1.2e9))
    #expect(slow.clockLevels == 4)
    let drawn = try group("clock: {choice: [1 GHz, 2 GHz], optimise: true, levels: 8}")
    #expect(drawn.clock == .choice([1e9, 2e9]))
    #expect(drawn.clockLevels == 8)
    #expect(try group("clock: {optimise: false}").clockLevels == 1)
  }

  @Test("power in dBm is power in watts")
  func decibels() throws {
    // 23 dBm: 10^(2.3 - 3) W.
    guard case .constant(let power) = try group("power_max: 23 dBm").powerMax else {
      Issue.record("not constant")
      return
    }
    #expect(abs(power - 0.19952623149688797) < 1e-15)
  }

  @Test("groups share what stands beside them, and may say otherwise")
  func groups() throws {
    let text = minimal.replacing(
      "devices: {}",
      with: """
        devices:
          clock: 2 GHz
          groups:
            - {name: phone, count: 3, cores: {each: [1, 2, 3]}}
            - {count: 2, clock: 1 GHz}
        """)
    let groups = try ScenarioReader.read(text: text, file: "test.yaml").scenario.devices.groups
    #expect(groups.map(\.name) == ["phone", nil])
    #expect(groups.map(\.count) == [3, 2])
    #expect(groups.map(\.clock) == [.constant(2e9), .constant(1e9)])
    #expect(groups.map(\.cores) == [.each([1, 2, 3]), .choice([4, 5, 6])])
  }

  @Test("a deadline is of a step unless it says of a round")
  func deadlines() throws {
    #expect(try scenario("deadline: 250 ms\n").deadline == .init(value: Seconds(0.25), per: .step))
    #expect(try scenario("deadline: {value: 5 min, per: round}\n").deadline == .init(value: Seconds(300), per: .round))
  }

  @Test("the objective may be a difference with a weight")
  func objectives() throws {
    #expect(try scenario("objective: {kind: difference, weight: 3 J}\n").objective == .difference(weight: Joules(3)))
    #expect(try scenario("objective: {kind: difference}\n").objective == .difference(weight: Joules(2)))
  }

  @Test(
    "every path loss reads with its own keys",
    arguments: [
      ("3gpp-macro", PathLoss.macro3GPP),
      ("{model: 3gpp-macro}", .macro3GPP),
      (
        "{model: log-distance, exponent: 3, reference_distance: 10 m, reference_loss: 60 dB}",
        .logDistance(exponent: 3, referenceDistance: Meters(10), referenceLoss: PowerRatio(1e6))
      ),
      ("{model: free-space, carrier: 3.5 GHz}", .freeSpace(carrier: Hertz(3.5e9))),
      ("uma", .urbanMacro(carrier: Hertz(2e9), baseHeight: Meters(25), deviceHeight: Meters(1.5))),
      ("{model: 3gpp-macro, carrier: 3.5 GHz}", .macroCell(carrier: Hertz(3.5e9))),
      (
        "{model: rma, street_width: 30 m}",
        .ruralMacro(
          carrier: Hertz(2e9), baseHeight: Meters(35), deviceHeight: Meters(1.5), streetWidth: Meters(30),
          buildingHeight: Meters(5))
      ),
      (
        "{model: inh, office: open}",
        .indoorOffice(carrier: Hertz(2e9), baseHeight: Meters(3), deviceHeight: Meters(1), office: .open)
      ),
      (
        "{model: sma, vegetation: dense}",
        .suburbanMacro(carrier: Hertz(2e9), baseHeight: Meters(35), deviceHeight: Meters(1.5), vegetation: .dense)
      ),
      (
        "{model: umi, device_height: 2 m}",
        .urbanMicro(carrier: Hertz(2e9), baseHeight: Meters(10), deviceHeight: Meters(2))
      ),
    ])
  func pathLosses(text: String, pathLoss: PathLoss) throws {
    #expect(try scenario(set: ["uplink.path_loss=\(text)"]).uplink.pathLoss == pathLoss)
  }

  @Test("without keys of its own, log-distance is the macro cell's line")
  func logDistanceDefault() throws {
    let line = try scenario(set: ["uplink.path_loss=log-distance"]).uplink.pathLoss
    for distance in [10.0, 100, 1000] {
      let difference =
        line.loss(distance: Meters(distance), chance: 0)
        - PathLoss.macro3GPP.loss(
          distance: Meters(distance), chance: 0)
      #expect(abs(difference.value) < 1e-9)
    }
  }

  @Test("fading moves by a Doppler shift, by a speed at the carrier, or from block to block")
  func fadingMotion() throws {
    func motion(_ settings: String...) throws -> FadingMotion { try scenario(set: settings).uplink.fadingMotion }
    #expect(try motion("uplink.fading=rayleigh") == .perRound)
    #expect(try motion("uplink.fading={rayleigh: {}}") == .perRound)
    #expect(
      try motion("uplink.fading={rayleigh: {doppler: 10 Hz}}") == .clarke(doppler: Hertz(10), step: Seconds(0.005)))
    #expect(try motion("uplink.fading={rayleigh: {speed: 0 km/h}}") == .perRound)
    #expect(
      try motion("uplink.fading={rician: {doppler: 10 Hz, step: 1 ms, rays: 64}}")
        == .clarke(doppler: Hertz(10), step: Seconds(0.001), rays: 64))
    #expect(try motion("uplink.fading={nakagami: {block: 50 ms}}") == .block(interval: Seconds(0.05)))
    // 30 km/h at 2 GHz and at 3.5 GHz: 55.6 Hz and 97.3 Hz.
    for (carrier, doppler) in [("{model: 3gpp-macro}", 55.594), ("{model: uma, carrier: 3.5 GHz}", 97.290)] {
      guard
        case .clarke(let found, let step, 32) = try motion(
          "uplink.path_loss=\(carrier)", "uplink.fading={rayleigh: {speed: 30 km/h}}")
      else {
        Issue.record("no Doppler shift")
        continue
      }
      #expect(abs(found.value - doppler) < 1e-3)
      #expect(abs(step.value * 20 * found.value - 1) < 1e-12)
    }
  }

  @Test("K by place is a word, also in the resolved form, and another spelling of the number is a ratio")
  func ricianByState() throws {
    let report = ["uplink.path_loss=umi", "uplink.shadowing=38.901"]
    let found = try scenario(set: report + ["uplink.fading={rician: {k: 38.901, speed: 3 km/h}}"])
    #expect(found.uplink.fading == .ricianByState && found.uplink.fadingMotion != .perRound)
    #expect(found.resolved.yaml.contains("rician: {k: 38.901, "))
    #expect(try ScenarioReader.read(text: found.resolved.yaml, file: "r.yaml").scenario == found)
    let still = try scenario(set: report + ["uplink.fading.rician.k=38.901"])
    #expect(still.uplink.fading == .ricianByState && still.uplink.fadingMotion == .perRound)
    #expect(try scenario(set: ["uplink.fading={rician: {k: 38.9010}}"]).uplink.fading == .rician(k: PowerRatio(38.901)))
  }

  @Test("what U is held against stands in the resolved form where it is asked for")
  func optimum() throws {
    let asked = try scenario(set: ["optimum=clairvoyant", "devices.count=5"])
    #expect(asked.optimum == .clairvoyant && asked.resolved.yaml.contains("\noptimum: clairvoyant\n"))
    let plain = try scenario()
    #expect(plain.optimum == .still && !plain.resolved.yaml.contains("\noptimum"))
  }

  @Test("every fading reads")
  func fadings() throws {
    #expect(try scenario(set: ["uplink.fading=none"]).uplink.fading == .none)
    #expect(try scenario(set: ["uplink.fading={nakagami: {m: 16}}"]).uplink.fading == .nakagami(m: 16))
    guard case .rician(let k) = try scenario(set: ["uplink.fading={rician: {k: 10 dB}}"]).uplink.fading else {
      Issue.record("not rician")
      return
    }
    #expect(abs(k.value - 10) < 1e-12)
  }

  @Test("settings beside a policy's name win over its table")
  func policySettings() throws {
    let text = "policy: {name: bcd, tolerance: 1e-3}\npolicies: {bcd: {tolerance: 1e-4, max_iterations: 7}}\n"
    let read = try scenario(text)
    #expect(read.policy == "bcd")
    #expect(read.policies["bcd"]?.number("tolerance") == 1e-3)
    #expect(read.policies["bcd"]?.integer("max_iterations") == 7)
  }

  @Test("every registered policy has every declared setting")
  func everyPolicy() throws {
    let read = try scenario()
    for entry in PolicyRegistry.all {
      let settings = try #require(read.policies[entry.name])
      for option in entry.options { #expect(settings[option.key] != nil, "\(entry.name).\(option.key)") }
    }
  }

  @Test("the power of fixed is that of ep unless given")
  func fixedPower() throws {
    #expect(try scenario().policies["fixed"]?.power("power") == Watts(1))
    #expect(try scenario("policies: {ep: {power: 0.5 W}}\n").policies["fixed"]?.power("power") == Watts(0.5))
    let both = "policies: {ep: {power: 0.5 W}, fixed: {power: 2 W}}\n"
    #expect(try scenario(both).policies["fixed"]?.power("power") == Watts(2))
  }

  @Test("bits that a policy fixes stay within the quantizer's")
  func policyBits() throws {
    #expect(try scenario("quantizer: {bits_max: 16}\n").policies["nq"]?.integer("bits") == 16)
    let text = message(minimal + "quantizer: {bits_max: 16}\npolicies: {nq: {bits: 32}}\n")
    #expect(text == "test.yaml:8:23: error: policies.nq.bits: '32' is out of range; it may be from 4 to 16")
  }

  @Test("without a policy, the framework's own is shown as in force")
  func defaultPolicy() throws {
    #expect(try scenario().resolved.yaml.contains("\npolicy: exact\n"))
    #expect(try scenario("framework: sfl\n").resolved.yaml.contains("\npolicy: fixed\n"))
  }

  @Test("the seed may be any of 64 bits")
  func seeds() throws {
    let read = try scenario("seed: 18446744073709551615\n")
    #expect(read.seed == .max)
    #expect(try ScenarioReader.read(text: read.resolved.yaml, file: "x").scenario.seed == .max)
  }

  @Test("every key is documented once, with its default where it has one")
  func documentation() throws {
    let keys = ScenarioReader.documentation()
    let paths = keys.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(keys.first { $0.path == "devices.power_max" }?.defaultText == "{uniform: [0.5 W, 2.0 W]}")
    #expect(keys.first { $0.path == "uplink.noise_density" }?.defaultText == "-174 dBm/Hz")
    #expect(keys.first { $0.path == "deadline" }?.defaultText == "5 s")
    for path in ["schema", "band", "uplink.gains", "devices.groups", "policies.bcd.tolerance", "provenance"] {
      #expect(paths.contains(path), "\(path)")
    }
  }
}
