import Allocation
import Network
import Scenario
import Testing
import Training
import Units
import Wireless

@testable import Simulation

@Suite("Labels that stay on the device")
struct LabelsTests {
  /// What the head of ViT-B/32 reads of 64 samples, the class token: 64 x 768 values of 32 bits; as much comes back.
  static let gradient = 64.0 * 768 * 32
  /// The patch embedding's 32 x 32 x 3 x 768 weights, and the head's 768 x 10 weights and 10 biases, 32 bits each.
  static let model = 32.0 * (32 * 32 * 3 * 768 + 7690)

  /// The rounds of a run that keeps its events.
  private func logged(_ scenario: Scenario) throws -> [RoundReport] {
    var options = Run.Options()
    options.recordsEvents = true
    return try Fixture.results(scenario, options: options).results
  }

  private func isClose(_ left: Double, _ right: Double) -> Bool { LedgerTests.isClose(left, right, 1e-9) }

  @Test("the head moves to the device with its work, its weights and what it reads", arguments: ["sflam", "sfl", "sl"])
  func costs(framework: String) throws {
    let scenario = try Fixture.scenario(
      "framework=\(framework)", "policy=fixed", "training.labels=device", "downlink={power: 5 W, model: unicast}",
      "devices.receive_power=0.5 W", "rounds=1")
    let world = try World(scenario)
    let (embedding, head) = (64 * 2.0 * 49 * 3072 * 768, 64 * 2.0 * 768 * 10)
    let speed = world.server.clock.value * world.server.cores * world.server.flopsPerCycle
    let report = try #require(try Fixture.results(scenario).results.first)
    #expect(report.devices.count == 4)
    for ledger in report.devices {
      let steps = Double(ledger.itinerary.steps)
      let own = world.fleet[ledger.device].speed.value
      #expect(isClose(ledger.computeTime.value, steps * (2 * embedding + 3 * head) / own))
      #expect(isClose(ledger.serverTime.value, steps * 3 * (558.99e9 - embedding - head) / speed))
      let data = steps * (49 * 768 * 64 * 32 + Self.gradient) + Self.model
      #expect(isClose(ledger.uplinkTime.value, data / ledger.itinerary.rate.value))
      // Down come the model, what the head reads, and the gradient of the activations at the cut.
      let assignment = try #require(report.allocation.assignments.first { $0.device == ledger.device })
      let gain = world.gains(round: 1).gain(device: ledger.device, block: assignment.block)
      let rate = try #require(world.downlink).rate(bandwidth: scenario.uplink.blockBandwidth, gain: gain).value
      let received = steps * (Self.gradient + 49 * 768 * 64 * 32) + Self.model
      #expect(isClose(ledger.downlinkTime.value, received / rate))
      #expect(isClose(ledger.downlinkEnergy.value, 0.5 * received / rate))
    }
  }

  @Test("a step goes up twice and comes to the server twice, and so it is logged")
  func order() throws {
    func kinds(_ settings: String...) throws -> [RoundEvent] {
      let scenario = try Fixture.scenario(["training.labels=device", "policy=rb", "rounds=1"] + settings)
      let report = try #require(try logged(scenario).first)
      let device = try #require(report.devices.first).device
      return report.events.filter { $0.device == device && $0.step == 1 }.map(\.kind)
    }
    #expect(try kinds() == [.forward, .uplink, .server, .backward, .uplink, .server, .backward])
    #expect(
      try kinds("downlink={}")
        == [.forward, .uplink, .server, .downlink, .backward, .uplink, .server, .downlink, .backward])
    #expect(
      try kinds("downlink={}", "training.embedding=frozen")
        == [.forward, .uplink, .server, .downlink, .backward, .uplink, .server])
    #expect(try kinds("training.trainable=head") == [.forward, .uplink, .server, .backward])
  }

  @Test("a gradient of few bits counts as the payload's rule has it")
  func gradientBits() throws {
    func down(_ settings: String...) throws -> Double {
      try Workload(Fixture.scenario(["downlink.gradient_bits=6"] + settings)).gradientDownload.value
    }
    let elements = try Workload(Fixture.scenario("downlink={}")).gradientDownload.value / 32
    #expect(elements > 1000)
    #expect(try down("quantizer.payload=approximate") == 6 * elements)
    #expect(try down("quantizer.payload=exact") == 7 * elements + 64)
    #expect(try down("training.embedding=frozen") == 0)
  }

  @Test("the head alone sends no gradient, and the head alone goes up")
  func headAlone() throws {
    let plain = Workload(try Fixture.scenario("training.trainable=head"))
    let workload = Workload(try Fixture.scenario("training.trainable=head", "training.labels=device", "downlink={}"))
    #expect(workload.gradientUpload == .zero)
    #expect(workload.gradientDownload == .zero)
    #expect(workload.headDownload.value == Self.gradient)
    #expect(workload.modelUpload.value == 32 * 7690)
    #expect(workload.levels == plain.levels)
    #expect(workload.serverForwardShare == 1)
    #expect(plain.sendsActivationsOnce)
    #expect(!workload.sendsActivationsOnce, "a device has a part in each step")
  }

  @Test("every policy's price is what the events make of it", arguments: LedgerTests.policies)
  func price(policy: String) throws {
    let scenario = try Fixture.scenario(
      "policy=\(policy)", "training.labels=device", "downlink={power: 5 W}", "rounds=2")
    var admitted = 0
    for report in try Fixture.results(scenario).results {
      for (ledger, assignment) in zip(report.devices, report.allocation.assignments) {
        let steps = Double(ledger.itinerary.steps)
        let (after, before) = (ledger.itinerary.after, ledger.itinerary.before)
        let once = (before + after).reduce(0) { $0 + $1.time.value }
        #expect(isClose(ledger.itinerary.stepLatency.value, assignment.latency.value))
        #expect(isClose(ledger.time.value, assignment.latency.value * steps + once))
        #expect(isClose(ledger.itinerary.stepEnergy.value, assignment.energy.value))
        #expect(!ledger.isLate, "the deadline counts both uploads")
        admitted += 1
      }
    }
    #expect(admitted > 0)
  }

  @Test("under a moving channel both uploads follow it, each with retransmissions of its own")
  func movingChannel() throws {
    let scenario = try Fixture.scenario(
      "training.labels=device", "policy=rb", "deadline=9 s", "rounds=1", "devices.samples=200",
      "uplink.fading={rayleigh: {doppler: 2 Hz}}", "uplink.link={mcs: {table: 64qam}}")
    let report = try #require(try logged(scenario).first)
    var onTime = 0
    for ledger in report.devices where !ledger.isLate {
      let sent = report.events.filter { $0.device == ledger.device && $0.kind == .uplink }
      #expect(sent.count == 2 * ledger.steps)
      let played = try #require(ledger.played)
      let model = try #require(report.events.first { $0.device == ledger.device && $0.kind == .modelUpload })
      #expect(isClose(ledger.uplinkEnergy.value, sent.reduce(model.energy.value) { $0 + $1.energy.value }))
      #expect(played.uplinkTime < ledger.uplinkTime)
      onTime += 1
    }
    #expect(onTime > 0)
  }

  @Test("who waits for one accelerator does so twice a step, and is expected to")
  func queue() throws {
    let settings = [
      "training.labels=device", "server.accelerators=1", "rounds=2", "policy=exact", "deadline=9 s",
      "server.cores=256",
    ]
    for forecast in ["none", "mean", "mva"] {
      let scenario = try Fixture.scenario(settings + ["forecast.server=\(forecast)"])
      let reports = try logged(scenario)
      let ledgers = reports.flatMap(\.devices)
      #expect(ledgers.contains { $0.waitTime > .zero })
      for report in reports {
        let waits = report.events.reduce(0) { $0 + $1.wait.value }
        #expect(abs(waits - report.devices.reduce(0) { $0 + $1.waitTime.value }) < 1e-6)
        for device in report.devices { _ = report.explanation(of: device.device) }
      }
    }
  }
}
