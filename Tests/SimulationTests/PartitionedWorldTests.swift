import Allocation
import Datasets
import Network
import Scenario
import Testing
import Training
import Units
import Wireless

@testable import Simulation

@Suite("A world with a data set")
struct PartitionedWorldTests {
  /// The fixture's 20 devices over 3,000 generated samples.
  static func scenario(
    _ rule: PartitionRule = .dirichlet(alpha: 0.3, minimumSamples: 10), framework: String = "sflam"
  ) throws -> Scenario {
    var scenario = try Fixture.scenario("framework=\(framework)")
    scenario.training.dataset = DatasetPlan(name: .synthetic, trainLimit: 3000, testLimit: 100)
    scenario.training.partition = rule
    return scenario
  }

  @Test(
    "D_n is what the partition gives, in steps, shares and class counts alike", arguments: 1...5 as ClosedRange<UInt64>)
  func sizes(seed: UInt64) throws {
    var scenario = try Self.scenario()
    scenario.seed = seed
    let world = try World(scenario)
    let holdings = try #require(world.holdings)
    #expect(world.fleet.samples == holdings.partition.samples.map(\.count), "seed \(seed)")
    #expect(holdings.classCounts.map { $0.reduce(0, +) } == world.fleet.samples, "seed \(seed)")
    #expect(holdings.classCounts.allSatisfy { $0.count == 10 })
    #expect(Set(holdings.partition.samples.joined()).count == world.fleet.samples.reduce(0, +), "seed \(seed)")
    let total = Double(world.fleet.samples.reduce(0, +))
    for (device, samples) in world.fleet.samples.enumerated() {
      #expect(world.terms[device].dataShare == Double(samples) / total, "seed \(seed)")
    }
    for ledger in try Fixture.results(scenario).results.flatMap(\.devices) {
      #expect(ledger.steps == 2 * ((world.fleet.samples[ledger.device] + 63) / 64), "seed \(seed)")
    }
  }

  @Test("a trainer changes no time and no energy, and the data set changes no other draw of a device")
  func sameWorld() throws {
    let plain = try World(try Fixture.scenario())
    let world = try World(try Self.scenario())
    #expect(world.fleet.samples != plain.fleet.samples)
    #expect(world.fleet.distance == plain.fleet.distance)
    #expect(world.fleet.powerMax == plain.fleet.powerMax)
    let without = try Fixture.results(try Self.scenario())
    let with = try Fixture.results(try Self.scenario(), trainer: RecordingTrainer())
    #expect(without.fingerprint == with.fingerprint)
    #expect(without.results.map(\.computeEnergy) == with.results.map(\.computeEnergy))
    #expect(without.results.map(\.uplinkEnergy) == with.results.map(\.uplinkEnergy))
  }

  @Test("devices.samples sets the sizes where the scenario gives it, and equal parts stand where it does not")
  func givenSizes() throws {
    var scenario = try Self.scenario(.contiguous)
    #expect(try World(scenario).fleet.samples == Array(repeating: 150, count: 20))
    scenario.training.dataset?.trainLimit = 10_000
    scenario.training.takesDeviceSamples = true
    #expect(try World(scenario).fleet.samples == World(try Fixture.scenario()).fleet.samples)
  }

  @Test("samples that do not suffice are an error that names the key")
  func tooFew() throws {
    var scenario = try Self.scenario(.contiguous)
    scenario.training.takesDeviceSamples = true
    #expect {
      _ = try World(scenario)
    } throws: {
      ($0 as? SimulationError)?.description.wholeMatch(
        of: /fixture.yaml:\d+:\d+: training.partition: devices.samples gives device .*/) != nil
    }
  }

  @Test("a data set that is not there is an error of the data")
  func missing() throws {
    var scenario = try Self.scenario()
    scenario.training.dataset = DatasetPlan(name: .cifar10, path: "/nowhere/at/all")
    #expect { _ = try World(scenario) } throws: { $0 is DatasetError && "\($0)".contains("/nowhere/at/all") }
  }

  @Test("augmented samples send every step though the embedding is frozen")
  func augmented() throws {
    var scenario = try Self.scenario()
    scenario.training.embedding = .frozen
    scenario.training.dataset?.augmentation = .flip
    let trainer = RecordingTrainer()
    let results = try Fixture.results(scenario, trainer: trainer).results
    #expect(trainer.work.flatMap(\.participants).allSatisfy { $0.freshSteps == $0.steps && $0.steps > 0 })
    for (ledger, assignment) in results.flatMap({ zip($0.devices, $0.allocation.assignments) }) {
      #expect(
        LedgerTests.isClose(
          ledger.uplinkTime.value, Double(ledger.steps) * (assignment.payload / assignment.rate).value))
    }
  }
}
