import Allocation
import Randomness
import Testing
import Training
import Units
import Wireless

@testable import Scenario

@Suite("Values laid over a scenario")
struct OverrideTests {
  @Test("a value replaces what stands there, or is added")
  func replaces() throws {
    let read = try scenario(
      "seed: 3\n", set: ["devices.count=20", "seed=4", "uplink.noise_figure=5 dB", "policies.ep.power=2 W"])
    #expect(read.devices.count == 20)
    #expect(read.seed == 4)
    #expect(abs(read.uplink.noiseFigure.value - 3.1622776601683795) < 1e-12)
    #expect(read.policies["ep"]?.power("power") == Watts(2))
  }

  @Test("later values win")
  func order() throws {
    #expect(try scenario(set: ["rounds=3", "rounds=5"]).rounds == 5)
  }

  @Test("a value may be a mapping, and a path may go where a word stood")
  func structure() throws {
    let read = try scenario(set: ["devices.distance={choice: [10 m, 20 m]}", "uplink.fading=none"])
    #expect(read.devices.groups.map(\.distance) == [.choice([10, 20])])
    #expect(try scenario(set: ["uplink.fading=none", "uplink.fading.nakagami.m=4"]).uplink.fading == .nakagami(m: 4))
  }

  @Test("a word that names a model or a policy stays its name under settings laid over it")
  func words() throws {
    let read = try scenario(set: ["model=vit_base_patch16_224", "model.classes=7", "policy=ep", "policy.power=2 W"])
    #expect(read.model.name == "vit_base_patch16_224" && read.model.architecture?.classes == 7)
    #expect(read.policy == "ep" && read.policies["ep"]?.power("power") == Watts(2))
  }

  @Test(
    "the field's usual words lead to the keys",
    arguments: [
      ("uplink.carrier=2 GHz", "uplink.path_loss.carrier"), ("uplink.bandwidth=1 MHz", "uplink.block_bandwidth"),
      ("training.lr=0.1", "training.optimizer.learning_rate"), ("clients=3", "devices.count"),
      ("devices.frequency=1 GHz", "devices.clock"), ("Devices={}", "devices"),
    ])
  func usualNames(setting: String, key: String) throws {
    let errors = try #require(throws: ScenarioErrors.self) { try scenario(set: [setting]) }
    #expect(errors.description.hasSuffix("; did you mean '\(key)'?"), "\(errors)")
  }

  @Test("every usual word leads to a key that is there")
  func usualTable() throws {
    var paths = Set(ScenarioReader.documentation().map(\.path))
    // A key of some models of path loss alone.
    _ = try scenario(set: ["uplink.path_loss.model=uma", "uplink.path_loss.carrier=3 GHz"])
    paths.insert("uplink.path_loss.carrier")
    for (word, path) in UsualNames.table { #expect(paths.contains(path), "\(word): \(path)") }
  }

  @Test("an item of a list goes by its index")
  func lists() throws {
    let groups = ["devices.groups=[{count: 1}, {count: 2}]", "devices.groups.1.count=7"]
    #expect(try scenario(set: groups).devices.count == 8)
  }

  @Test(
    "what is wrong names the option",
    arguments: [
      ("devices.conut=20", "--set devices.conut=20: error: devices.conut: there is no such key; the keys here are "),
      ("device.count=20", "--set device.count=20: error: device: there is no such key; the keys here are "),
      (
        "devices.count=0",
        "--set devices.count=0: error: devices.count: '0' is out of range; it may be from 1 to 10000000"
      ),
      ("deadline=", "--set deadline=: error: deadline: nothing is not a number"),
      ("deadline=[", "--set deadline=[: error: the YAML does not parse: "),
      ("deadline=*a", "--set deadline=*a: error: anchors and aliases ('*') are not allowed; write the value out"),
      ("devices={count: 1, count: 2}", "--set devices={count: 1, count: 2}: error: count: the key stands twice"),
      ("deadline", "--set deadline: error: this sets nothing; write a key path and a value, 'devices.count=20'"),
      ("=3", "--set =3: error: this sets nothing"),
      ("..=3", "--set ..=3: error: there is no such key"),
    ])
  func errors(setting: String, beginning: String) throws {
    let errors = try #require(throws: ScenarioErrors.self) { try scenario(set: [setting]) }
    #expect(errors.description.hasPrefix(beginning), "\(errors)")
  }

  @Test("a value laid over a marked one is assumed")
  func provenance() throws {
    let marks = "provenance: {devices.count: paper, devices.clock: paper, model: paper, uplink.fading: paper}\n"
    let read = try scenario(
      marks, set: ["devices.count=3", "model.classes=5", "uplink.fading={nakagami: {m: 2}}", "rounds=3"])
    #expect(
      read.provenance == [
        "devices.count": .assumed, "devices.clock": .paper, "model": .paper, "model.classes": .assumed,
        "uplink.fading": .assumed,
      ])
    #expect(try scenario(marks, set: ["devices={}"]).provenance["devices.clock"] == nil)
  }

  @Test("an item that a list does not have is an error")
  func missingItem() throws {
    let errors = try #require(throws: ScenarioErrors.self) {
      try scenario(set: ["devices.groups=[{count: 1}]", "devices.groups.1.count=7"])
    }
    #expect(
      errors.description
        == "--set devices.groups.1.count=7: error: '1' is no item of this list; its items are 0 to 0")
  }

  @Test("errors of the file come before those of options")
  func sorted() throws {
    let errors = try #require(throws: ScenarioErrors.self) {
      try scenario("deadline: 5\n", set: ["rounds=0"])
    }
    #expect(errors.diagnostics.map(\.position.source) == ["test.yaml", "--set rounds=0"])
  }
}

extension Scenario.Population {
  fileprivate func first(where matches: (Scenario.DeviceGroup) -> Bool) -> Scenario.DeviceGroup? {
    groups.first(where: matches)
  }
}
